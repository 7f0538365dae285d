"""What every endpoint shares: bodies with a limit, canonical JSON, errors with a stable code.

An error's body is ``{"code", "params"}`` and never a text, so that each device says it in its
reader's language (``voting.words.explain``); what is unexpected becomes ``internal`` and tells
nothing. Bodies are strict canonical JSON in both directions (``voting.protocol.codec``).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from voting.errors import (
    ConflictError,
    FormatError,
    InputError,
    PiaojueError,
    RefusedError,
    UnavailableError,
    VerificationError,
)
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room

MAX_BODY: Final = 64 * 1024
"""Bytes of an ordinary request; ballots, tickets and trustees' messages say their own."""

_STATUS: Final[tuple[tuple[type[PiaojueError], int], ...]] = (
    (InputError, 400),
    (RefusedError, 409),
    (ConflictError, 409),
    (VerificationError, 422),
    (UnavailableError, 503),
)
_STATUS_OF_CODE: Final = {
    "not-enrolled": 401,
    "bad-invitation": 403,
    "not-your-role": 403,
    "not-found": 404,
    "body-too-long": 413,
}

_log = logging.getLogger(__name__)


def room_of(request: Request) -> Room:
    """Return the meeting's room that this app serves."""
    room: Room = request.app.state.room
    return room


async def caller_of(request: Request) -> Caller:
    """Return the enrolled caller, or raise ``RefusedError`` ``not-enrolled``."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise RefusedError("not-enrolled")
    return await room_of(request).caller(token)


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """Read the whole body, at most ``limit`` bytes, else ``RefusedError`` ``body-too-long``."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise RefusedError("body-too-long", limit=limit)
    return bytes(body)


async def read_fields(request: Request, *names: str, limit: int = MAX_BODY) -> list[object]:
    """Read a canonical JSON object with exactly these fields in this order; return its values."""
    value = codec.decode_exact(await read_body(request, limit), "body")
    return list(codec.fields(value, "body", *names))


def answer(value: object, status: int = 200) -> Response:
    """Answer with canonical JSON."""
    return Response(codec.encode(value), status, media_type="application/json")


def answer_bytes(body: bytes, media_type: str = "application/octet-stream") -> Response:
    """Answer with bytes that somebody may hash: exactly as they are stored."""
    return Response(body, media_type=media_type)


async def on_error(_request: Request, error: Exception) -> Response:
    """Turn an error raised on purpose into its status, code and parameters."""
    assert isinstance(error, PiaojueError)
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    params = {name: _plain(value) for name, value in error.params.items()}
    if isinstance(error, FormatError):
        params.pop("what", None)
    body = {"code": error.code, "params": params}
    return answer(body, _STATUS_OF_CODE.get(error.code, status))


async def on_unexpected(_request: Request, error: Exception) -> Response:
    """Answer an error nobody meant with ``internal``; the log gets its type and place only."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    _log.error("unexpected %s at %s", type(error).__name__, where)
    return answer({"code": "internal", "params": {}}, 500)


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)
