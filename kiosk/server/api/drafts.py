"""The draft in the console, before the freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import answer, caller_of, read_fields, room_of
from kiosk.server.services import drafting
from voting.meeting import shape
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_KIND = shape.one_of("roll", "items")
_RULE = shape.optional(shape.identifier)
_GATES = shape.sequence(
    shape.record(gate=shape.identifier, digest=shape.prose, voucher=shape.prose)
)
_LIMIT = 3 * drafting.MAX_DRAFT
"""Bytes of a request that holds a draft and a pasted table."""


async def draft(request: Request) -> Response:
    """GET the draft with its faults; PUT ``{"toml"}`` to keep it, and take it up when whole."""
    caller, room = await caller_of(request), room_of(request)
    if request.method == "GET":
        return answer(await drafting.read(room, caller))
    (toml,) = await read_fields(request, "toml", limit=_LIMIT)
    return answer(await drafting.put(room, caller, _toml(toml, "toml")))


async def table(request: Request) -> Response:
    """POST a pasted table; the draft with it is answered, and nothing stored."""
    caller = await caller_of(request)
    kind, text, toml, rule, gates = await read_fields(
        request, "kind", "text", "toml", "rule", "gates", limit=_LIMIT
    )
    done = await drafting.paste(
        room_of(request),
        caller,
        _KIND(kind, "body.kind"),
        _toml(text, "text"),
        toml=_optional(toml),
        rule=_RULE(rule, "body.rule"),
        gates=_GATES(gates, "body.gates"),
    )
    return answer(done)


async def part(request: Request) -> Response:
    """POST one table as JSON; the draft with it is answered, and nothing stored."""
    caller = await caller_of(request)
    name, value, toml = await read_fields(request, "table", "value", "toml", limit=_LIMIT)
    done = await drafting.put_part(
        room_of(request), caller, codec.text(name, "body.table"), value, _optional(toml)
    )
    return answer(done)


def _optional(toml: object) -> str | None:
    return None if toml is None else _toml(toml, "toml")


def _toml(value: object, name: str) -> str:
    return codec.text(value, f"body.{name}", max_length=drafting.MAX_DRAFT)


routes = [
    Route("/api/draft", draft, methods=["GET", "PUT"]),
    Route("/api/draft/table", table, methods=["POST"]),
    Route("/api/draft/part", part, methods=["POST"]),
]
