"""Data for the page: passed on to the server with the device's token, and back as it came.

What a page may ask for is listed by page, so that a fault in one page cannot use what another
role may do. Nothing is logged. The server enforces roles itself; this list is the second wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from kiosk.server.api.http import MAX_BODY, read_body
from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from kiosk.device.client import Client

MIB: Final = 2**20
_SAFE: Final = re.compile(r"/api/[A-Za-z0-9._/:-]*")
_QUERY: Final = re.compile(r"[A-Za-z0-9._=&-]*")
_SLOT: Final = "/api/slots/[A-Za-z0-9]+"
_OPAQUE: Final = "application/octet-stream"
_TYPES: Final = frozenset(
    [f"application/{name}" for name in ("json", "jsonl", "pdf", "x-pem-file", "zip")]
    + [f"image/{name}" for name in ("jpeg", "png")]
)
"""Kinds of answers that keep their name; nothing that a browser could take for a page."""


@dataclass(frozen=True, slots=True)
class Door:
    """Requests that a page may make: a method, the path, and the bytes that it may send."""

    method: str
    path: str
    limit: int = MAX_BODY

    def lets(self, method: str, path: str) -> bool:
        """Whether this door is meant."""
        return method == self.method and re.fullmatch(self.path, path) is not None


_PUBLIC: Final = (
    Door("GET", "/api/(account|state|meeting|trustees|ledger|hall|observe|ca|record.zip)"),
    Door("GET", f"{_SLOT}/(election|credentials|outcome|archive/[a-z]+)"),
)
_NOT_AN_OFFICERS: Final = r"enrol|login|logout|ceremony/(?!\d+/restart$)|destroy|kiosk/"

DOORS: Final[Mapping[str, Sequence[Door]]] = {
    "kiosk": (
        *_PUBLIC,
        Door("GET", "/api/binding"),
        Door("GET", "/api/kiosk/[a-z-]+"),
        Door("POST", "/api/kiosk/[a-z-]+"),
        Door("POST", f"{_SLOT}/ballots", 4 * MIB),
        Door("POST", f"{_SLOT}/spoil"),
        Door("POST", "/api/ticket-acts"),
    ),
    "trustee": (*_PUBLIC, Door("GET", "/api/ceremony")),
    # An officer's page has many doors and the server knows his role; not these: letting devices
    # in and out, and what trustees and kiosks send. A secretary may begin a ceremony again.
    "console": tuple(
        Door(method, rf"/api/(?!{_NOT_AN_OFFICERS}).*", limit)
        for method, limit in (
            ("GET", 0),
            ("POST", 64 * MIB),
            ("PUT", 4 * MIB),
            ("DELETE", MAX_BODY),
        )
    ),
}


def proxy(page: str, client: Client) -> Route:
    """Return the route that passes a page's requests on."""

    async def endpoint(request: Request) -> Response:
        method, path = request.method, request.url.path
        query = request.url.query
        door = next((one for one in DOORS[page] if one.lets(method, path)), None)
        plain = _SAFE.fullmatch(path) and "/." not in path  # `/api/./login` would leave as another
        if door is None or not plain or not _QUERY.fullmatch(query):
            raise RefusedError("not-found")
        body = await read_body(request, door.limit) or None
        address = f"{path}?{query}" if query else path
        answer = await run_in_threadpool(client.forward, method, address, body)
        media_type = answer.media_type if answer.media_type in _TYPES else _OPAQUE
        return Response(answer.body, answer.status, media_type=media_type)

    return Route("/api/{path:path}", endpoint, methods=["GET", "POST", "PUT", "DELETE"])
