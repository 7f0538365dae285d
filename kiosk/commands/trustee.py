"""``piaojue trustee SERVER``: the program on a trustee's device."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.client import Client, printable
from kiosk.device.keys import DeviceKeys
from kiosk.device.talk import TerminalTalk
from kiosk.device.trustee import TrusteeDevice
from voting.errors import RefusedError

if TYPE_CHECKING:
    from voting.words import Lang


@click.command("trustee", help=both_paragraphs("trustee.help"))
@click.argument("server")
@click.option("--invitation", help=both("help.invitation"))
@click.option("--key", type=click.Path(path_type=Path), required=True, help=both("help.key"))
@click.option("--copy", type=click.Path(path_type=Path), required=True, help=both("help.copy"))
@click.option("--yes", "unattended", is_flag=True, help=both("help.yes"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def trustee(
    lang: Lang,
    server: str,
    invitation: str | None,
    key: Path,
    copy: Path,
    *,
    unattended: bool,
    as_json: bool,
) -> int:
    """Keep a share: ceremony, rehearsal, rounds, destruction."""
    talk = TerminalTalk(lang, as_json)
    passphrase = talk.passphrase(new=invitation is not None)
    if invitation is None:
        keys = DeviceKeys.open([key, copy], passphrase)
    else:
        keys = DeviceKeys.create([key, copy], passphrase)
        keys.enrol(server, invitation)
    client = Client(server, keys.token)
    try:
        account = printable(client.get("/api/account")["account"])
        kind, _, index = account.partition(":")
        if kind != "trustee":
            raise RefusedError("not-your-role", role=account)
        talk.tell("enrolled", account=account)
        device = TrusteeDevice(client, keys, talk, secrets.token_bytes, unattended=unattended)
        device.run(int(index))
    finally:
        client.close()
    return 0
