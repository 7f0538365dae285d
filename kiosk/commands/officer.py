"""``piaojue officer SERVER``: an officer's console, as a page on this device or by lines."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.client import printable
from kiosk.device.console import Console
from kiosk.device.keys import DeviceKeys
from kiosk.device.officer import OfficerDevice
from kiosk.device.seen import OfficerKeys, Seen
from kiosk.device.talk import TerminalTalk
from kiosk.device.wording import key_code
from voting.errors import InputError, RefusedError
from voting.meeting.keys import public_key

if TYPE_CHECKING:
    from voting.words import Lang

PORT = 8422


@click.command("officer", help=both_paragraphs("officer.help"))
@click.argument("server")
@click.option("--fingerprint", help=both("help.fingerprint"))
@click.option("--key", type=click.Path(path_type=Path), required=True, help=both("help.key"))
@click.option("--port", default=PORT, help=both("help.local-port"))
@click.option("--text", is_flag=True, help=both("help.text"))
@click.option("--invitation", help=both("help.invitation"))
@click.option("--pen", is_flag=True, help=both("help.pen"))
@click.option("--yes", "unattended", is_flag=True, help=both("help.yes"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def officer(
    lang: Lang,
    server: str,
    fingerprint: str | None,
    key: Path,
    port: int,
    invitation: str | None,
    *,
    text: bool,
    pen: bool,
    unattended: bool,
    as_json: bool,
) -> int:
    """Enter, propose and sign; who signs by pen has no key here."""
    if not (text or unattended or as_json):
        if invitation is not None or pen:
            raise InputError("entered-on-the-page")
        _serve_page(server, fingerprint, key, port, lang)
        return 0
    talk = TerminalTalk(lang, as_json)
    passphrase = talk.passphrase(new=invitation is not None)
    if invitation is None:
        keys = DeviceKeys.open([key], passphrase)
    else:
        seed = None if pen else secrets.token_bytes(32)
        keys = DeviceKeys.create([key], passphrase, OfficerKeys(seed).encode())
        public = public_key(seed) if seed else None
        keys.enrol(server, invitation, public, fingerprint=fingerprint)
    client = keys.connect(server, fingerprint)
    try:
        account = printable(client.get("/api/account")["account"])
        if not account.startswith("officer:"):
            raise RefusedError("not-your-role", role=account)
        talk.tell("enrolled", account=account)
        held = OfficerKeys.decode(keys.held)

        def keep(seen: Seen) -> None:
            keys.keep(OfficerKeys(held.seed, seen).encode())

        name = account.partition(":")[2]
        device = OfficerDevice(client, name, held.seed, seen=held.seen, keep=keep)
        if device.key is not None:
            talk.tell("own-key", code=key_code(device.key))
        Console(device, client, talk, unattended=unattended).run()
    finally:
        client.close()
    return 0


def _serve_page(server: str, fingerprint: str | None, key: Path, port: int, lang: Lang) -> None:
    from kiosk.device.held import HeldClient
    from kiosk.device.local import make_local, serve_local
    from kiosk.device.officer_local import OfficerHolder
    from kiosk.device.officer_routes import officer_routes

    client = HeldClient(server, fingerprint)
    try:
        routes = officer_routes(OfficerHolder(client, key))
        serve_local(make_local("console", client, routes), port, lang, page="console")
    finally:
        client.close()
