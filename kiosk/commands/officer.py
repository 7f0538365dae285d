"""``piaojue officer SERVER``: an officer's console on the command line."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.client import Client, printable
from kiosk.device.console import Console
from kiosk.device.keys import DeviceKeys
from kiosk.device.officer import OfficerDevice
from kiosk.device.talk import TerminalTalk
from kiosk.device.wording import key_code
from voting.errors import RefusedError
from voting.meeting.keys import public_key

if TYPE_CHECKING:
    from voting.words import Lang


@click.command("officer", help=both_paragraphs("officer.help"))
@click.argument("server")
@click.option("--invitation", help=both("help.invitation"))
@click.option("--key", type=click.Path(path_type=Path), required=True, help=both("help.key"))
@click.option("--pen", is_flag=True, help=both("help.pen"))
@click.option("--yes", "unattended", is_flag=True, help=both("help.yes"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def officer(
    lang: Lang,
    server: str,
    invitation: str | None,
    key: Path,
    *,
    pen: bool,
    unattended: bool,
    as_json: bool,
) -> int:
    """Enter, propose and sign; who signs by pen has no key here."""
    talk = TerminalTalk(lang, as_json)
    passphrase = talk.passphrase(new=invitation is not None)
    if invitation is None:
        keys = DeviceKeys.open([key], passphrase)
    else:
        seed = b"" if pen else secrets.token_bytes(32)
        keys = DeviceKeys.create([key], passphrase, seed.hex())
        keys.enrol(server, invitation, public_key(seed) if seed else None)
    client = Client(server, keys.token)
    try:
        account = printable(client.get("/api/account")["account"])
        if not account.startswith("officer:"):
            raise RefusedError("not-your-role", role=account)
        talk.tell("enrolled", account=account)
        name = account.partition(":")[2]
        device = OfficerDevice(client, name, bytes.fromhex(keys.held) or None)
        if device.key is not None:
            talk.tell("own-key", code=key_code(device.key))
        Console(device, client, talk, unattended=unattended).run()
    finally:
        client.close()
    return 0
