"""What a kiosk asks for: open papers, casting, spoiling, acts of a ticket.

None of these requests carries a choice, a token, a private credential or a seed; none is logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import (
    answer,
    caller_of,
    kiosk_of,
    read_body,
    read_fields,
    room_of,
    slot_of,
)
from kiosk.server.services import casting, rounds
from voting.crypto.group import ED25519
from voting.protocol import codec
from voting.protocol.ballot import size_limit
from voting.protocol.election import decode_election
from voting.protocol.values import take_proof

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def papers(request: Request) -> Response:
    """GET: the open rounds, recusal papers first, each with the bytes of its election."""
    caller = await caller_of(request)
    return answer(await rounds.open_papers(room_of(request), caller))


async def busy(request: Request) -> Response:
    """POST ``{"busy": bool}``: whether a ballot is on this kiosk's screen."""
    caller = await caller_of(request)
    (value,) = await read_fields(request, "busy")
    rounds.set_busy(room_of(request), caller, busy=codec.boolean(value, "body.busy"))
    return answer({})


async def cast(request: Request) -> Response:
    """POST the bytes of a ballot. 201 when it is stored, 200 for the same bytes again.

    The body is at most what a valid ballot of this election can be.
    """
    caller, room = await kiosk_of(request), room_of(request)
    slot = slot_of(request)
    election = decode_election(await casting.election_of(room, slot))
    body = await read_body(request, size_limit(election))
    tracker, new = await casting.cast(room, caller, slot, body)
    return answer({"tracker": tracker}, 201 if new else 200)


async def spoil(request: Request) -> Response:
    """POST ``{"tracker"}``: answered when the mark is durable."""
    caller = await kiosk_of(request)
    (tracker,) = await read_fields(request, "tracker")
    slot = slot_of(request)
    await casting.spoil(room_of(request), caller, slot, codec.b64_hash(tracker, "body.tracker"))
    return answer({})


async def ticket_act(request: Request) -> Response:
    """POST ``{"act","slot","credential","proof"}`` signed by the ticket's key for that slot."""
    caller, room = await kiosk_of(request), room_of(request)
    act, slot, credential, proof_json = await read_fields(
        request, "act", "slot", "credential", "proof"
    )
    slot, credential = codec.uuid(slot, "body.slot"), codec.hex64(credential, "body.credential")
    proof = take_proof(proof_json, "body.proof", ED25519)
    if act == "query":
        tracker = await casting.query(room, caller, slot, credential, proof)
        return answer({"counted": tracker is not None, "tracker": tracker})
    await casting.void_ticket(room, caller, codec.text(act, "body.act"), slot, credential, proof)
    return answer({})


routes = [
    Route("/api/kiosk/papers", papers, methods=["GET"]),
    Route("/api/kiosk/busy", busy, methods=["POST"]),
    Route("/api/slots/{slot}/ballots", cast, methods=["POST"]),
    Route("/api/slots/{slot}/spoil", spoil, methods=["POST"]),
    Route("/api/ticket-acts", ticket_act, methods=["POST"]),
]
