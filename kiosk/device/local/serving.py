"""Serving a device's page until it is stopped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast

import click
import uvicorn

from kiosk.serving import LIMITS, Server, listening
from voting.protocol import codec
from voting.words import say

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from voting.words import Lang

HOST: Final = "127.0.0.1"


def serve_local(
    app: Starlette, port: int, lang: Lang, *, page: str = "", as_json: bool = False
) -> None:
    """Serve on loopback until SIGTERM or Ctrl-C; say the address on one line. Port 0 is any.

    Args:
        page: What stands after the address, as ``kiosk``.

    Raises:
        RefusedError: ``port-taken``.
    """
    config = uvicorn.Config(app, proxy_headers=False, **LIMITS)
    with listening(HOST, port) as listener:
        url = f"http://{HOST}:{cast('int', listener.getsockname()[1])}/{page}"
        line = codec.encode({"url": url}).decode() if as_json else say("local.ready", lang, url=url)
        click.echo(line)
        pages = None if as_json else app.state.pages
        asyncio.run(Server(config).until_told(listener, pages))
