"""Sealed boxes, checkpoints, shuffles, factors, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from kiosk.server.api.http import answer, answer_bytes, caller_of, read_fields, room_of, slot_of
from kiosk.server.security import OFFICERS
from kiosk.server.services import boxes, counting, readings, shuffling
from voting.errors import RefusedError
from voting.meeting.state import RoundState
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_STAGES = {"sealed": boxes.SEALED, "final": counting.FINAL, "proofs": counting.PROOFS}


async def archive(request: Request) -> Response:
    """GET a slot's archive: ``sealed`` from the seal on, ``final`` and ``proofs`` after the count.

    The sealed box is public. What was opened goes to officers and trustees, who have to check it
    before they sign, and to all once it is released, if the rule shows counts.
    """
    slot, stage = slot_of(request), request.path_params["stage"]
    if stage not in _STAGES:
        raise RefusedError("not-found")
    if stage != "sealed":
        await _must_see(request, *OFFICERS, "trustee")
    async with room_of(request).store.reading() as tx:
        found = await tx.archive(slot, _STAGES[stage])
    if found is None:
        raise RefusedError("not-found")
    return answer_bytes(found)


async def checkpoint(request: Request) -> Response:
    """GET the checkpoint note so far, null before the first signature; POST ``{"line"}``."""
    caller, room = await caller_of(request), room_of(request)
    slot = slot_of(request)
    if request.method == "POST":
        (line,) = await read_fields(request, "line")
        await counting.post_checkpoint(room, caller, slot, codec.text(line, "body.line"))
        return answer({})
    note = await counting.checkpoint_note(room, slot)
    return answer({"note": None if note is None else note.decode()})


async def shuffles(request: Request) -> Response:
    """GET the trustees' shuffles so far, and the note over them; POST ``{"shuffle","line"}``."""
    caller, room = await caller_of(request), room_of(request)
    caller.must_be("trustee")
    slot = slot_of(request)
    if request.method == "POST":
        shuffle, line = await read_fields(request, "shuffle", "line", limit=shuffling.MAX_SHUFFLE)
        body = codec.text(shuffle, "body.shuffle", max_length=shuffling.MAX_SHUFFLE).encode()
        await counting.post_shuffle(room, caller, slot, body, codec.text(line, "body.line"))
        return answer({})
    found, note = await counting.shuffles(room, slot)
    listed = [{"owner": owner, "line": line} for owner, line in found.lines.items()]
    return answer({"shuffles": listed, "note": None if note is None else note.decode()})


async def shuffle(request: Request) -> Response:
    """GET the bytes of one trustee's shuffle."""
    (await caller_of(request)).must_be("trustee")
    found, _ = await counting.shuffles(room_of(request), slot_of(request))
    body = found.bodies.get(request.path_params["owner"])
    if body is None:
        raise RefusedError("not-found")
    return answer_bytes(body)


async def agreement(request: Request) -> Response:
    """POST ``{"line"}``: a trustee's signature over all shuffles."""
    caller = await caller_of(request)
    (line,) = await read_fields(request, "line")
    text = codec.text(line, "body.line")
    await counting.post_agreement(room_of(request), caller, slot_of(request), text)
    return answer({})


async def factors(request: Request) -> Response:
    """POST ``{"share","proofs"}``: a trustee's partial decryption and its second proofs."""
    caller = await caller_of(request)
    share, proofs = await read_fields(request, "share", "proofs", limit=counting.MAX_ANSWER)
    texts = [
        codec.text(value, f"body.{name}", max_length=counting.MAX_ANSWER).encode()
        for name, value in (("share", share), ("proofs", proofs))
    ]
    await counting.post_factors(room_of(request), caller, slot_of(request), *texts)
    return answer({})


async def outcome(request: Request) -> Response:
    """GET the bytes of a counted round's outcome, whose digest officers certify.

    To officers, and to all once it is released, if the rule shows counts.
    """
    room = room_of(request)
    await _must_see(request, *OFFICERS)
    meeting, state = (await room.view()).frozen()
    held = state.round_at(slot_of(request), RoundState.COUNTED, RoundState.CERTIFIED)
    return answer_bytes(await counting.outcome(room, meeting, held), "application/json")


async def words(request: Request) -> Response:
    """GET what was written into a counted box in words, for two scrutineers to read."""
    await _must_see(request, *OFFICERS)
    return answer({"entries": await readings.entries(room_of(request), slot_of(request))})


async def _must_see(request: Request, *roles: str) -> None:
    """Demand one of the roles, unless the slot's counts are the room's."""
    view = await room_of(request).view()
    if not counting.is_public(view, slot_of(request)):
        (await caller_of(request)).must_be(*roles)


routes = [
    Route("/api/slots/{slot}/archive/{stage}", archive, methods=["GET"]),
    Route("/api/slots/{slot}/checkpoint", checkpoint, methods=["GET", "POST"]),
    Route("/api/slots/{slot}/shuffles", shuffles, methods=["GET", "POST"]),
    Route("/api/slots/{slot}/shuffles/{owner:int}", shuffle, methods=["GET"]),
    Route("/api/slots/{slot}/shuffles/signature", agreement, methods=["POST"]),
    Route("/api/slots/{slot}/factors", factors, methods=["POST"]),
    Route("/api/slots/{slot}/words", words, methods=["GET"]),
    Route("/api/slots/{slot}/outcome", outcome, methods=["GET"]),
]
