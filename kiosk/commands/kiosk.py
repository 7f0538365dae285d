"""``piaojue kiosk SERVER``: the program on a tablet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.client import connect, printable
from kiosk.device.kioskfile import KioskFile
from kiosk.device.local import serve_local
from kiosk.device.local.kiosk import enrol, make_kiosk
from voting.words import say

if TYPE_CHECKING:
    from voting.words import Lang


@click.command("kiosk", help=both_paragraphs("kiosk-program.help"))
@click.argument("server")
@click.option("--fingerprint", help=both("help.fingerprint"))
@click.option("--invitation", help=both("help.invitation"))
@click.option("--key", type=click.Path(path_type=Path), help=both("kiosk-program.help.key"))
@click.option("--port", default=8421, help=both("help.local-port"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def kiosk(
    lang: Lang,
    server: str,
    fingerprint: str | None,
    invitation: str | None,
    key: Path | None,
    port: int,
    *,
    as_json: bool,
) -> int:
    """Serve the voting page on this tablet until told to stop."""
    path = key or Path(click.get_app_dir("piaojue", force_posix=True)) / "kiosk.json"
    known = KioskFile.read(path)
    client = connect(server, fingerprint=fingerprint, ca=known.ca)
    try:
        if client.ca == known.ca:
            client.token = known.token or None
        else:
            KioskFile(ca=client.ca).write(path)  # another server: its token is of no use there
        if invitation is not None:
            account = printable(enrol(client, invitation, path))
            if not as_json:
                click.echo(say("device.enrolled", lang, account=account))
        serve_local(make_kiosk(client, path), port, lang, page="kiosk", as_json=as_json)
    finally:
        client.close()
    return 0
