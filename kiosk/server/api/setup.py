"""Enrolling, the key ceremony, tickets, and the public files of the meeting."""

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
from kiosk.server.services import casting, ceremony, enrolment, freezing, rounds
from kiosk.server.tls import CA
from voting.errors import RefusedError
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kiosk.server.security import BackOff

JSONL = "application/jsonl"
JSON = "application/json"


async def enrol(request: Request) -> Response:
    """POST ``{"code","key"}``: an invitation becomes an account's token, once."""
    code, key = await read_fields(request, "code", "key")
    given = None if key is None else codec.hex64(key, "body.key")
    back_off: BackOff = request.app.state.back_off
    address = request.client.host if request.client else ""
    back_off.check(address)
    try:
        account, token = await enrolment.enrol(
            room_of(request), codec.text(code, "body.code", max_length=100), given
        )
    except RefusedError as e:
        if e.code == "invitation-unknown":
            back_off.wrong(address)
        raise
    back_off.right(address)
    return answer({"account": account, "token": token}, 201)


async def authority(request: Request) -> Response:
    """GET: the certificate of the server's own authority, for a device to compare and pin."""
    path = room_of(request).folder / CA
    if not path.exists():
        raise RefusedError("not-found")
    return answer_bytes(path.read_bytes(), "application/x-pem-file")


async def account(request: Request) -> Response:
    """GET: who the caller is."""
    caller = await caller_of(request)
    return answer({"account": caller.account, "role": caller.role})


async def state(request: Request) -> Response:
    """GET: what anybody may know now."""
    return answer(await rounds.public_state(room_of(request)))


async def meeting(request: Request) -> Response:
    """GET: the bytes of ``meeting.json``."""
    found, _ = (await room_of(request).view()).frozen()
    return answer_bytes(found.raw, JSON)


async def trustees(request: Request) -> Response:
    """GET: the bytes of ``trustees.json``, once the ceremony is complete."""
    async with room_of(request).store.reading() as tx:
        found = await tx.meta(ceremony.TRUSTEES)
    if found is None:
        raise RefusedError("not-found")
    return answer_bytes(found, JSON)


async def ledger(request: Request) -> Response:
    """GET: the ledger's lines from ``?from=`` on."""
    start = _number(request.query_params.get("from", "0"))
    async with room_of(request).store.reading() as tx:
        lines = await tx.ledger(start=start)
    return answer_bytes(b"".join(line + b"\n" for line in lines), JSONL)


async def election(request: Request) -> Response:
    """GET: the bytes of a slot's ``election.json``."""
    return answer_bytes(await casting.election_of(room_of(request), slot_of(request)), JSON)


async def credentials(request: Request) -> Response:
    """GET: the bytes of a slot's ``public_credentials.json``."""
    async with room_of(request).store.reading() as tx:
        found = await tx.archive(slot_of(request), rounds.CREDENTIALS)
    if found is None:
        raise RefusedError("no-round", slot=slot_of(request))
    return answer_bytes(found, JSON)


async def ceremony_status(request: Request) -> Response:
    """GET: meeting, attempt, t and n as devices are told them."""
    await caller_of(request)
    return answer(await ceremony.status(room_of(request)))


async def ceremony_step(request: Request) -> Response:
    """GET what was said at a step; POST one's own message, once."""
    caller, room = await caller_of(request), room_of(request)
    attempt, step = _attempt(request), request.path_params["step"]
    if request.method == "POST":
        body = await read_body(request, ceremony.MAX_MESSAGE)
        await ceremony.post(room, caller, attempt, step, body)
        return answer({})
    found = await ceremony.read(room, attempt, step)
    return answer({"messages": {sender: body.decode() for sender, body in found.items()}})


async def ceremony_restart(request: Request) -> Response:
    """POST ``{}``: begin the next attempt with new seeds."""
    caller = await caller_of(request)
    await read_fields(request)
    await ceremony.restart(room_of(request), caller, _attempt(request))
    return answer({})


async def tickets(request: Request) -> Response:
    """POST the public parts of the printed tickets; the ``issue`` act commits to them."""
    caller, room = await caller_of(request), room_of(request)
    caller.must_be("secretary")
    await freezing.take_tickets(room, caller, await read_body(request, freezing.MAX_TICKETS))
    return answer({}, 201)


def _attempt(request: Request) -> int:
    return _number(request.path_params["attempt"])


def _number(digits: str) -> int:
    """Return a number out of an address; one that nobody counts to is ``not-found``."""
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise RefusedError("not-found")
    return int(digits)


routes = [
    Route("/api/enrol", enrol, methods=["POST"]),
    Route("/api/ca", authority),
    Route("/api/account", account),
    Route("/api/state", state),
    Route("/api/meeting", meeting),
    Route("/api/trustees", trustees),
    Route("/api/ledger", ledger),
    Route("/api/slots/{slot}/election", election),
    Route("/api/slots/{slot}/credentials", credentials),
    Route("/api/ceremony", ceremony_status),
    Route("/api/ceremony/{attempt}/restart", ceremony_restart, methods=["POST"]),
    Route("/api/ceremony/{attempt}/{step}", ceremony_step, methods=["GET", "POST"]),
    Route("/api/tickets", tickets, methods=["POST"]),
]
