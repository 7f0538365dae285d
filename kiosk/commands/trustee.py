"""``piaojue trustee SERVER``: a trustee's device, with a page on it or on a terminal."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.client import printable
from kiosk.device.keys import DeviceKeys
from kiosk.device.talk import TerminalTalk
from kiosk.device.trustee import TrusteeDevice
from voting.errors import InputError, RefusedError

if TYPE_CHECKING:
    from voting.words import Lang

PORT = 8423


@click.command("trustee", help=both_paragraphs("trustee.help"))
@click.argument("server")
@click.option("--fingerprint", help=both("help.fingerprint"))
@click.option("--key", type=click.Path(path_type=Path), required=True, help=both("help.key"))
@click.option("--copy", type=click.Path(path_type=Path), required=True, help=both("help.copy"))
@click.option("--port", default=PORT, help=both("help.local-port"))
@click.option("--text", is_flag=True, help=both("help.text"))
@click.option("--invitation", help=both("help.invitation"))
@click.option("--yes", "unattended", is_flag=True, help=both("help.yes"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def trustee(
    lang: Lang,
    server: str,
    fingerprint: str | None,
    key: Path,
    copy: Path,
    port: int,
    invitation: str | None,
    *,
    text: bool,
    unattended: bool,
    as_json: bool,
) -> int:
    """Keep a share: ceremony, rehearsal, rounds, destruction."""
    if not (text or unattended or as_json):
        if invitation is not None:
            raise InputError("entered-on-the-page")
        _serve_page(server, fingerprint, (key, copy), port, lang)
        return 0
    talk = TerminalTalk(lang, as_json)
    passphrase = talk.passphrase(new=invitation is not None)
    if invitation is None:
        keys = DeviceKeys.open([key, copy], passphrase)
    else:
        keys = DeviceKeys.create([key, copy], passphrase)
        keys.enrol(server, invitation, fingerprint=fingerprint)
    client = keys.connect(server, fingerprint)
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


def _serve_page(
    server: str, fingerprint: str | None, paths: tuple[Path, Path], port: int, lang: Lang
) -> None:
    from kiosk.device.held import HeldClient
    from kiosk.device.local import make_local, serve_local
    from kiosk.device.trustee_local import TrusteeHolder, trustee_routes

    client = HeldClient(server, fingerprint)
    holder = TrusteeHolder(client, paths)
    try:
        routes = trustee_routes(holder)
        serve_local(make_local("trustee", client, routes), port, lang, page="trustee")
    finally:
        holder.close()
        client.close()
