"""The end of a meeting: destroyed shares, the note's signatures, the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import answer, answer_bytes, caller_of, read_fields, room_of
from kiosk.server.security import OFFICERS
from kiosk.server.services import closing
from voting.meeting import shape
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

ZIP = "application/zip"


async def destroy(request: Request) -> Response:
    """GET the act on the ledger's head; POST ``{"act","signature"}`` when the share is gone."""
    caller, room = await caller_of(request), room_of(request)
    if request.method == "GET":
        return answer({"act": (await closing.destroy_act(room, caller)).decode()})
    act, signature = await read_fields(request, "act", "signature")
    await closing.destroy(
        room,
        caller,
        codec.text(act, "body.act").encode(),
        shape.signature(signature, "body.signature"),
    )
    return answer({})


async def unsigned(request: Request) -> Response:
    """GET the record without its note, as a zip, to verify before signing."""
    caller = await caller_of(request)
    return answer_bytes(await closing.unsigned_record(room_of(request), caller), ZIP)


async def sign(request: Request) -> Response:
    """POST ``{"line"}``: an officer's signature line of ``result.note``."""
    caller = await caller_of(request)
    (line,) = await read_fields(request, "line")
    await closing.sign_note(room_of(request), caller, codec.text(line, "body.line"))
    return answer({})


async def record(request: Request) -> Response:
    """GET ``record.zip``: to officers and trustees; to all when the room knows every count."""
    room = room_of(request)
    if not closing.is_public(await room.view()):
        (await caller_of(request)).must_be(*OFFICERS, "trustee")
    return answer_bytes(await closing.record(room), ZIP)


routes = [
    Route("/api/destroy", destroy, methods=["GET", "POST"]),
    Route("/api/record/unsigned", unsigned, methods=["GET"]),
    Route("/api/record/signature", sign, methods=["POST"]),
    Route("/api/record.zip", record, methods=["GET"]),
]
