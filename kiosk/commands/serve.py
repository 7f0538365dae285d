"""``piaojue serve FOLDER``: the server of one meeting."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import uvicorn

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.loopback import is_loopback
from kiosk.server import tls
from kiosk.server.app import make_app, open_room
from kiosk.server.services import enrolment
from kiosk.server.settings import Settings
from kiosk.serving import LIMITS, Server, listening
from voting.protocol import codec
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.words import Lang


@click.command("serve", help=both_paragraphs("serve.help"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--database", help=both("serve.help.database"))
@click.option("--host", default="127.0.0.1", help=both("serve.help.host"))
@click.option("--port", default=8420, help=both("serve.help.port"))
@click.option("--name", "names", multiple=True, help=both("serve.help.name"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def serve(
    lang: Lang,
    folder: Path,
    database: str | None,
    host: str,
    port: int,
    names: tuple[str, ...],
    *,
    as_json: bool,
) -> int:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(_serve(Settings(folder, database, host, port, names), lang, as_json=as_json))
    return 0


async def _serve(settings: Settings, lang: Lang, *, as_json: bool) -> None:
    async with open_room(settings) as room:
        name, fingerprint = settings.host, None
        options: dict[str, Any] = {}
        if not is_loopback(settings.host):
            name, fingerprint = _certify(settings)
            options = {
                "ssl_certfile": settings.folder / tls.LEAF,
                "ssl_keyfile": settings.folder / tls.LEAF_KEY,
            }
        app = make_app(room)
        config = uvicorn.Config(app, **LIMITS, **options)
        with listening(settings.host, settings.port) as listener:
            port = cast("int", listener.getsockname()[1])
            scheme = "http" if fingerprint is None else "https"
            shown = f"[{name}]" if ":" in name else name
            _announce(
                f"{scheme}://{shown}:{port}",
                fingerprint,
                await enrolment.invite(room),
                lang,
                as_json=as_json,
            )
            # Who reads JSON is a program, and shows no page to anybody who waits.
            await Server(config).until_told(listener, None if as_json else app.state.pages)


def _certify(settings: Settings) -> tuple[str, str]:
    """Make the certificate; return the address to tell people, and the fingerprint to compare."""
    known = tls.machine_names()
    everywhere = settings.host in ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound
    given = [*settings.names, *([] if everywhere else [settings.host])]
    fingerprint = tls.prepare(settings.folder, list(dict.fromkeys([*given, *known])))
    return (given[0] if given else tls.room_address(known)), fingerprint


def _announce(
    url: str, fingerprint: str | None, codes: Mapping[str, str], lang: Lang, *, as_json: bool
) -> None:
    """Say where the server is, and at a first start hand out the invitations, once."""
    if as_json:
        value = {"url": url, "fingerprint": fingerprint, "invitations": dict(codes)}
        click.echo(codec.encode(value))
        return
    click.echo(say("serve.ready", lang, url=url))
    if fingerprint is not None:
        click.echo(say("serve.fingerprint", lang, fingerprint=fingerprint))
    if codes:
        click.echo(say("serve.invitations", lang))
        for account, code in codes.items():
            click.echo(f"  {account:<24} {code}")
