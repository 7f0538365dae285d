"""``piaojue``: the root of the command line. Each command is loaded only when it is called.

A verifier must start without a database, and ``--help`` in a blink; so the root knows names and
one line each, and imports nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.shared import both, both_paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Final[Mapping[str, str]] = {
    "check": "kiosk.commands.check",
    "rehearse": "kiosk.commands.rehearse",
    "serve": "kiosk.commands.serve",
    "kiosk": "kiosk.commands.kiosk",
    "officer": "kiosk.commands.officer",
    "trustee": "kiosk.commands.trustee",
    "tickets": "kiosk.commands.tickets",
    "report": "kiosk.commands.report",
    "minutes": "kiosk.commands.minutes",
    "chronicle": "kiosk.commands.chronicle",
    "verify": "kiosk.commands.verify",
    "doubt": "kiosk.commands.doubt",
    "nominate": "kiosk.commands.nominate",
    "rules": "kiosk.commands.rules",
    "dates": "kiosk.commands.dates",
}


class _Commands(click.Group):
    """Loads the module of the same name when a command is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, both(f"cli.{name}")) for name in COMMANDS]
        with formatter.section(both("cli.commands")):
            formatter.write_dl(rows)


@click.command(cls=_Commands, help=both_paragraphs("cli.help"))
@click.version_option(package_name="piaojue", message="%(version)s")
def main() -> None:
    """Vote in secret, count in the open."""
