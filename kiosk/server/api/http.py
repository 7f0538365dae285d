"""What every endpoint shares: bodies with a limit, canonical JSON, errors with a stable code.

An error's body is ``{"code", "params"}`` and never a text, so that each device says it in its
reader's language (``voting.words.explain``); what is unexpected becomes ``internal`` and tells
nothing. Bodies are strict canonical JSON in both directions (``voting.protocol.codec``).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from kiosk.server.origin import check_origin
from kiosk.server.security import COOKIE, HEADERS
from kiosk.server.services import sessions
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
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kiosk.server.security import Caller, Pace
    from kiosk.server.services.room import Room

MAX_BODY: Final = 64 * 1024
"""Bytes of an ordinary request; ballots, tickets and trustees' messages say their own."""

BODY_SECONDS: Final = 30.0
"""How long a request's body may take to come."""

_STATUS: Final[tuple[tuple[type[PiaojueError], int], ...]] = (
    (InputError, 400),
    (RefusedError, 409),
    (ConflictError, 409),
    (VerificationError, 422),
    (UnavailableError, 503),
)
_STATUS_OF_CODE: Final = {
    "not-enrolled": 401,
    "cross-site": 403,
    "invitation-unknown": 403,
    "login-wrong": 403,
    "not-your-role": 403,
    "wrong-host": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "body-too-slow": 408,
    "body-too-long": 413,
}

_HEADERS: Final = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

_log = logging.getLogger(__name__)


def room_of(request: Request) -> Room:
    """Return the meeting's room that this app serves."""
    room: Room = request.app.state.room
    return room


async def caller_of(request: Request) -> Caller:
    """Return who is calling: a program by its token, or a browser by its cookie.

    A browser adds a cookie by itself, so with one, whatever changes something must come from our
    own page.

    Raises:
        RefusedError: ``not-enrolled``, ``cross-site``.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer" and token:
        return await room_of(request).caller(token)
    if not (cookie := request.cookies.get(COOKIE)):
        raise RefusedError("not-enrolled")
    if request.method not in ("GET", "HEAD"):
        check_origin(request.headers)
    return await sessions.caller(room_of(request), cookie)


async def kiosk_of(request: Request) -> Caller:
    """Return who is calling, for what only costs the server much: no oftener than people can.

    Raises:
        UnavailableError: ``try-later``.
    """
    caller = await caller_of(request)
    pace: Pace = request.app.state.pace
    pace.step(caller.account)
    return caller


async def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """Read the whole body, at most ``limit`` bytes, within ``BODY_SECONDS``.

    Raises RefusedError ``body-too-long`` as soon as it is, ``body-too-slow``.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise RefusedError("body-too-long", limit=limit)
    except TimeoutError as e:
        raise RefusedError("body-too-slow", seconds=int(BODY_SECONDS)) from e
    return bytes(body)


def slot_of(request: Request) -> str:
    """Return the slot that the path names; what can be no slot is ``not-found``."""
    try:
        return codec.uuid(request.path_params["slot"], "slot")
    except FormatError as e:
        raise RefusedError("not-found") from e


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


async def on_error(_request: Request | None, error: Exception) -> Response:
    """Turn an error raised on purpose into its status, code and parameters."""
    assert isinstance(error, PiaojueError)
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    params = {name: _plain(value) for name, value in error.params.items()}
    if isinstance(error, FormatError):
        params.pop("what", None)
    body = {"code": error.code, "params": params}
    return answer(body, _STATUS_OF_CODE.get(error.code, status))


async def on_no_route(_request: Request, error: Exception) -> Response:
    """Answer a path or a method that nobody serves."""
    assert isinstance(error, HTTPException)
    code = "method-not-allowed" if error.status_code == 405 else "not-found"
    return await on_error(_request, RefusedError(code))


class Guard:
    """ASGI middleware around everything: security headers, and nothing told of what went wrong.

    An error that nobody meant is answered with ``internal``; the log gets its type and its place
    in our code, never its text, which may quote what was sent. A client that goes away in the
    middle of a request leaves no line: it might be a kiosk, and the line would have a time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                own = list(message.get("headers", ()))
                named = {name.lower() for name, _ in own}  # a page has a policy of its own
                message["headers"] = own + [one for one in _HEADERS if one[0] not in named]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            return
        except Exception as error:
            _log.error("unexpected %s at %s", type(error).__name__, _place(error))
            if not begun:
                response = answer({"code": "internal", "params": {}}, 500)
                await response(scope, receive, send_with_headers)


def _place(error: Exception) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [
            _plain(one) for one in (sorted(value) if isinstance(value, frozenset | set) else value)
        ]
    return value if isinstance(value, (str, int)) or value is None else str(value)
