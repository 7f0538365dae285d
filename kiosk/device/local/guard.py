"""Only the page that this program served may speak to it.

Another page in the same browser can send requests to 127.0.0.1. It cannot choose ``Host`` (so a
name that was made to point here, DNS rebinding, is refused), nor forge ``Sec-Fetch-Site`` or
``Origin``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from kiosk.server.api.http import on_error
from kiosk.server.origin import check_origin
from voting.errors import PiaojueError, RefusedError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class LocalGuard:
    """ASGI middleware: ``Host`` is this very port, and nothing comes from another site."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                _check(scope)
            except PiaojueError as error:
                await (await on_error(None, error))(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _check(scope: Scope) -> None:
    headers = Headers(scope=scope)
    _, port = scope["server"]
    if headers.get("host") not in (f"127.0.0.1:{port}", f"localhost:{port}"):
        raise RefusedError("wrong-host", port=port)
    # A look from elsewhere changes nothing, but another site has no business here at all.
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise RefusedError("cross-site")
    if scope["method"] not in ("GET", "HEAD"):
        check_origin(headers)
