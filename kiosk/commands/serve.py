"""``piaojue serve FOLDER``: the server of one meeting."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click
import uvicorn

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.server.app import make_app, open_room
from kiosk.server.services import enrolment
from kiosk.server.settings import Settings, check_host
from voting.errors import RefusedError
from voting.protocol import codec
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voting.words import Lang


LIMITS: Final[dict[str, Any]] = {
    "access_log": False,  # a line with a time for each cast would be an order of casting
    "log_config": None,
    "server_header": False,
    "lifespan": "off",
    "http": "h11",
    "ws": "none",
    "h11_max_incomplete_event_size": 16 * 1024,  # bytes of a request's head
    "limit_concurrency": 512,
    "timeout_keep_alive": 30,
    "timeout_graceful_shutdown": 10,
}


@click.command("serve", help=both_paragraphs("serve.help"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--database", help=both("serve.help.database"))
@click.option("--host", default="127.0.0.1", help=both("serve.help.host"))
@click.option("--port", default=8420, help=both("serve.help.port"))
@click.option("--json", "as_json", is_flag=True, help=both("help.json"))
@in_language
def serve(
    lang: Lang, folder: Path, database: str | None, host: str, port: int, *, as_json: bool
) -> int:
    """Serve until told to stop."""
    check_host(host)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(_serve(Settings(folder, database, host, port), lang, as_json=as_json))
    return 0


async def _serve(settings: Settings, lang: Lang, *, as_json: bool) -> None:
    async with open_room(settings) as room:
        config = uvicorn.Config(make_app(room), **LIMITS)
        with _listening(settings.host, settings.port) as listening:
            port = cast("int", listening.getsockname()[1])
            _announce(
                f"http://{settings.host}:{port}",
                await enrolment.invite(room),
                lang,
                as_json=as_json,
            )
            await _Server(config).until_told(listening)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises RefusedError ``port-taken``."""
    try:
        return socket.create_server((host, port))
    except (OSError, OverflowError) as e:
        raise RefusedError("port-taken", host=host, port=port) from e


class _Server(uvicorn.Server):
    """Stops when told to and returns, so that workers and database are closed after it.

    Uvicorn's own handlers raise the signal again when it has stopped, which would end the
    process before that.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def until_told(self, listening: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        await self.serve(sockets=[listening])

    def _stop(self) -> None:
        self.should_exit = True


def _announce(url: str, codes: Mapping[str, str], lang: Lang, *, as_json: bool) -> None:
    """Say where the server is, and at a first start hand out the invitations, once."""
    if as_json:
        click.echo(codec.encode({"url": url, "invitations": dict(codes)}))
        return
    click.echo(say("serve.ready", lang, url=url))
    if codes:
        click.echo(say("serve.invitations", lang))
        for account, code in codes.items():
            click.echo(f"  {account:<24} {code}")
