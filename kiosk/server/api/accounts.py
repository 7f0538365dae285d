"""Browsers let in: by an invitation once, by a password after it; and new invitations.

The session is a cookie ``__Host-piaojue``: no script reads it, no other site sends it, nothing
but this server gets it. Each of these requests must come from our own page.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import answer, caller_of, read_fields, room_of
from kiosk.server.origin import check_origin
from kiosk.server.passwords import MAX_LENGTH
from kiosk.server.security import COOKIE, COOKIE_RULES
from kiosk.server.services import sessions
from voting.errors import PiaojueError, RefusedError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from kiosk.server.passwords import Passwords
    from kiosk.server.security import BackOff, Caller, Pace

_GUESSES = frozenset({"invitation-unknown", "login-wrong"})


async def login_by_invitation(request: Request) -> Response:
    """POST ``{"code","password","key"}``: an invitation becomes an account and a session."""
    check_origin(request.headers)
    code, password, key = await read_fields(request, "code", "password", "key")
    given = codec.text(code, "body.code", max_length=100)
    chosen = None if password is None else _password(password)
    public = None if key is None else codec.hex64(key, "body.key")
    if chosen is not None:
        _count(request)
    with _guessing(request, _address(request)):
        caller, token = await sessions.begin_by_invitation(
            room_of(request), _passwords(request), given, chosen, public
        )
    return _begun(caller, token)


async def login(request: Request) -> Response:
    """POST ``{"account","password"}``; an account without a kind is an officer's."""
    check_origin(request.headers)
    account, password = await read_fields(request, "account", "password")
    name = codec.text(account, "body.account", max_length=100).strip()
    name = name if ":" in name else f"officer:{name}"
    given = _password(password)
    _count(request)
    with _guessing_password(request, f"{_address(request)} {name}"):
        caller, token = await sessions.begin(room_of(request), _passwords(request), name, given)
    return _begun(caller, token)


async def logout(request: Request) -> Response:
    """POST ``{}``: end the browser's session; a program's token stays."""
    await caller_of(request)
    await read_fields(request)
    if token := request.cookies.get(COOKIE):
        await sessions.end(room_of(request), token)
    response = answer({})
    response.headers["set-cookie"] = f"{COOKIE}=; Max-Age=0; {COOKIE_RULES}"
    return response


async def invite(request: Request) -> Response:
    """POST ``{"account"}``: a new one-time code, shown once; what the account had ends."""
    caller = await caller_of(request)
    (account,) = await read_fields(request, "account")
    name = codec.text(account, "body.account", max_length=100)
    return answer({"code": await sessions.invite(room_of(request), caller, name)}, 201)


@contextmanager
def _guessing(request: Request, guesser: str) -> Iterator[None]:
    """Let whoever guesses codes wait longer and longer. They have 100 bits."""
    back_off: BackOff = request.app.state.back_off
    back_off.check(guesser)
    try:
        yield
    except RefusedError as e:
        if e.code in _GUESSES:
            back_off.wrong(guesser)
        raise
    back_off.right(guesser)


@contextmanager
def _guessing_password(request: Request, guesser: str) -> Iterator[None]:
    """Let whoever guesses an account's password wait longer and longer.

    A guess counts as wrong before it is looked at: a hash takes a while, and others that are sent
    at the same moment would all be looked at as the first of them. Codes are not held to that:
    a whole room may enrol at once from one address.
    """
    back_off: BackOff = request.app.state.back_off
    back_off.check(guesser)
    back_off.wrong(guesser)
    try:
        yield
    except PiaojueError as e:
        if e.code not in _GUESSES:
            back_off.take_back(guesser)
        raise
    back_off.right(guesser)


def _count(request: Request) -> None:
    """Count a password that is about to be hashed, right or wrong and whosever it is."""
    pace: Pace = request.app.state.password_pace
    pace.step(_address(request))


def _begun(caller: Caller, token: str) -> Response:
    response = answer({"account": caller.account, "role": caller.role}, 201)
    response.headers["set-cookie"] = f"{COOKIE}={token}; {COOKIE_RULES}"
    return response


def _password(value: object) -> str:
    return codec.text(value, "body.password", max_length=MAX_LENGTH)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _passwords(request: Request) -> Passwords:
    found: Passwords = request.app.state.passwords
    return found


routes = [
    Route("/api/login/invite", login_by_invitation, methods=["POST"]),
    Route("/api/login", login, methods=["POST"]),
    Route("/api/logout", logout, methods=["POST"]),
    Route("/api/invitations", invite, methods=["POST"]),
]
