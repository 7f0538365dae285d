"""What anybody on the network may look at: the hall screen's data, and the observer's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import answer, room_of
from kiosk.server.services import hall

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def screen(request: Request) -> Response:
    """GET what the big screen may show now."""
    return answer(await hall.hall(room_of(request)))


async def observe(request: Request) -> Response:
    """GET the digests that an observer compares."""
    return answer(await hall.observe(room_of(request)))


routes = [
    Route("/api/hall", screen, methods=["GET"]),
    Route("/api/observe", observe, methods=["GET"]),
]
