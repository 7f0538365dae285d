"""What the console reads and says: the overview, the roll, the last call, forms, signed pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import (
    answer,
    answer_bytes,
    caller_of,
    read_body,
    read_fields,
    room_of,
    slot_of,
)
from kiosk.server.services import calls, forms, overview, rolls, signed_pages
from voting.errors import FormatError, RefusedError
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PDF = "application/pdf"


async def look(request: Request) -> Response:
    """GET the meeting as a line of steps."""
    caller = await caller_of(request)
    return answer(await overview.overview(room_of(request), caller))


async def roll(request: Request) -> Response:
    """GET people in the roll's order, by name, and the groups that are counted."""
    caller = await caller_of(request)
    return answer(await rolls.roll(room_of(request), caller))


async def last_call(request: Request) -> Response:
    """POST ``{"slot"}``: hall and kiosks say that the box is about to be closed."""
    caller = await caller_of(request)
    (slot,) = await read_fields(request, "slot")
    await calls.last_call(room_of(request), caller, codec.uuid(slot, "body.slot"))
    return answer({})


async def hello(request: Request) -> Response:
    """POST ``{"build"}``: a kiosk is there."""
    caller = await caller_of(request)
    (build,) = await read_fields(request, "build")
    calls.hello(room_of(request), caller, codec.text(build, "body.build", max_length=64))
    return answer({})


async def all_forms(request: Request) -> Response:
    """GET the forms of the whole meeting so far, as a PDF."""
    caller = await caller_of(request)
    return answer_bytes(await forms.forms(room_of(request), caller), PDF)


async def slot_forms(request: Request) -> Response:
    """GET the forms of one round, as a PDF."""
    caller = await caller_of(request)
    return answer_bytes(await forms.forms(room_of(request), caller, slot_of(request)), PDF)


async def keep_page(request: Request) -> Response:
    """POST the bytes of a page that was signed by pen; its SHA-256 is answered."""
    caller = await caller_of(request)
    body = await read_body(request, signed_pages.MAX_PAGE)
    return answer({"page": await signed_pages.keep(room_of(request), caller, body)}, 201)


async def signed_page(request: Request) -> Response:
    """GET a page by its SHA-256."""
    caller = await caller_of(request)
    try:
        digest = codec.hex64(request.path_params["page"], "page")
    except FormatError as e:
        raise RefusedError("not-found") from e
    body, kind = await signed_pages.page(room_of(request), caller, digest)
    return answer_bytes(body, kind)


routes = [
    Route("/api/overview", look, methods=["GET"]),
    Route("/api/roll", roll, methods=["GET"]),
    Route("/api/last-call", last_call, methods=["POST"]),
    Route("/api/kiosk/hello", hello, methods=["POST"]),
    Route("/api/forms.pdf", all_forms, methods=["GET"]),
    Route("/api/slots/{slot}/forms.pdf", slot_forms, methods=["GET"]),
    Route("/api/pages", keep_page, methods=["POST"]),
    Route("/api/pages/{page}", signed_page, methods=["GET"]),
]
