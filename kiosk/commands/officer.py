"""``piaojue officer SERVER``: an officer's console on the command line."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import in_language
from kiosk.device.client import Client
from kiosk.device.console import Console
from kiosk.device.keys import DeviceKeys
from kiosk.device.officer import OfficerDevice
from kiosk.device.talk import Talk
from voting.errors import RefusedError
from voting.meeting.keys import public_key
from voting.words import say

if TYPE_CHECKING:
    from voting.words import Lang


@click.command("officer", help=say("officer.help"))
@click.argument("server")
@click.option("--invitation", help=say("help.invitation"))
@click.option("--key", type=click.Path(path_type=Path), required=True, help=say("help.key"))
@click.option("--yes", "unattended", is_flag=True, help=say("help.yes"))
@click.option("--json", "as_json", is_flag=True, help=say("help.json"))
@in_language
def officer(
    lang: Lang,
    server: str,
    invitation: str | None,
    key: Path,
    *,
    unattended: bool,
    as_json: bool,
) -> int:
    """Enter, propose and sign."""
    talk = Talk(lang, as_json)
    passphrase = talk.passphrase()
    if invitation is None:
        keys = DeviceKeys.open([key], passphrase)
    else:
        keys = DeviceKeys.create([key], passphrase, secrets.token_bytes(32).hex())
        keys.enrol(server, invitation, public_key(bytes.fromhex(keys.held)))
    client = Client(server, keys.token)
    try:
        account = client.get("/api/account")["account"]
        if not account.startswith("officer:"):
            raise RefusedError("not-your-role", role=account)
        talk.tell("enrolled", account=account)
        name = account.partition(":")[2]
        device = OfficerDevice(client, name, bytes.fromhex(keys.held))
        Console(device, client, talk, unattended=unattended).run()
    finally:
        client.close()
    return 0
