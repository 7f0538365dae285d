"""The app on a device's loopback: its page, the way to the server, and what the device adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from kiosk.device.local.guard import LocalGuard
from kiosk.device.local.proxy import proxy
from kiosk.pages.built import built
from kiosk.pages.routes import Pages
from kiosk.server.api import http
from voting.errors import PiaojueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.routing import BaseRoute

    from kiosk.device.client import Client

BESIDE: Final = ("hall", "observer", "check")
"""Pages that every device may show beside its own: they see nothing that is not public."""


def make_local(
    page: str,
    client: Client,
    extra_routes: Sequence[BaseRoute] = (),
    *,
    about: Callable[[], Mapping[str, Any]] = dict,
) -> Starlette:
    """Put one page on this device's loopback.

    Args:
        page: ``kiosk``, ``console`` or ``trustee``.
        client: The line to the server; it may get its token later (``Client.token``).
        extra_routes: The device's own, under ``/device/``.
        about: What ``/device/about`` says besides mode, page, server, pages and build.

    Raises:
        InputError: ``pages-not-built``.
    """
    built()

    async def known() -> dict[str, object]:
        return {"mode": "installed", "page": page, "server": client.server, **about()}

    async def texts() -> list[str]:
        try:
            return [(await run_in_threadpool(client.get_bytes, "/api/meeting")).decode()]
        except (PiaojueError, UnicodeDecodeError):
            return []  # not frozen yet, or silent: the whole font has what is missing

    pages = Pages((page, *BESIDE), known, texts)
    app = Starlette(
        routes=[*extra_routes, *pages.routes(), proxy(page, client)],
        middleware=[Middleware(http.Guard), Middleware(LocalGuard)],
        exception_handlers={PiaojueError: http.on_error, HTTPException: http.on_no_route},
    )
    app.router.redirect_slashes = False
    app.state.pages = pages
    return app
