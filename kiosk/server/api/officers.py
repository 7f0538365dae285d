"""What officers enter and sign: attendance, the room's gates, minutes, binding, proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from starlette.routing import Route

from kiosk.server.api.http import answer, caller_of, read_fields, room_of, slot_of
from kiosk.server.security import OFFICERS
from kiosk.server.services import attendance, proposals, recorder, rounds
from voting.errors import FormatError, RefusedError
from voting.meeting import ledger, shape
from voting.meeting.bodies import MINUTES
from voting.protocol import codec

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_IDS = shape.distinct(shape.identifier, low=1)
_ITEM = shape.optional(shape.identifier)
_WHAT = shape.one_of(*MINUTES)
_COUNT = shape.count()


async def enter(request: Request) -> Response:
    """POST ``{"act","who","series","item","step"}``, null where the act has no such thing."""
    caller, room = await caller_of(request), room_of(request)
    act, who, series, item, step = await read_fields(
        request, "act", "who", "series", "item", "step"
    )
    match act:
        case "attend" | "leave" | "return":
            drawn = None if series is None else codec.text(series, "body.series")
            await attendance.move(room, caller, act, _text(who, "who"), drawn)
        case "recuse" | "unrecuse":
            back = act == "unrecuse"
            await attendance.recuse(room, caller, _text(who, "who"), _text(item, "item"), back=back)
        case "room":
            await attendance.room_step(room, caller, _text(item, "item"), _text(step, "step"))
        case _:
            raise FormatError("body.act", "not an act of the room")
    return answer({})


async def present(request: Request) -> Response:
    """POST ``{"group","series","count"}``: how many of a counted group are in the room now.

    The series is null for the one that they hold.
    """
    caller, room = await caller_of(request), room_of(request)
    group, series, count = await read_fields(request, "group", "series", "count")
    drawn = None if series is None else _text(series, "series")
    await attendance.count_group(
        room, caller, _text(group, "group"), _COUNT(count, "body.count"), drawn
    )
    return answer({})


async def minutes(request: Request) -> Response:
    """GET every line with its name; POST ``{"item","what","who","text"}`` to enter one."""
    caller, room = await caller_of(request), room_of(request)
    if request.method == "GET":
        return answer({"lines": await recorder.listed(room, caller)})
    item, what, who, text = await read_fields(request, "item", "what", "who", "text")
    late = await recorder.enter(
        room,
        caller,
        _ITEM(item, "body.item"),
        _WHAT(what, "body.what"),
        _text(who, "who"),
        codec.text(text, "body.text", max_length=500),
    )
    return answer({"late": late}, 201)


async def prepare(request: Request) -> Response:
    """POST ``{"items","series"}``: compute the next round for the trustees to acknowledge."""
    caller, room = await caller_of(request), room_of(request)
    items, series = await read_fields(request, "items", "series")
    bound = await rounds.prepare(
        room, caller, _IDS(items, "body.items"), _IDS(series, "body.series")
    )
    return answer({"slot": bound.slot})


async def binding(request: Request) -> Response:
    """GET what was prepared, with the bytes to recompute; null when nothing is."""
    await caller_of(request)
    room = room_of(request)
    try:
        bound = rounds.current_binding(room, await room.view())
    except RefusedError:
        return answer(None)
    return answer(
        {
            "slot": bound.slot,
            "items": list(bound.items),
            "series": list(bound.series),
            "round": bound.number,
            "standings": {item: who.to_json() for item, who in bound.standings.items()},
            "election": bound.election.decode(),
            "credentials": bound.credentials.raw.decode(),
            "acks": sorted(bound.acks),
        }
    )


async def acknowledge(request: Request) -> Response:
    """POST ``{"signature"}``: a trustee's device acknowledges the prepared round."""
    caller = await caller_of(request)
    (signature,) = await read_fields(request, "signature")
    await rounds.acknowledge(
        room_of(request),
        caller,
        slot_of(request),
        shape.signature(signature, "body.signature"),
    )
    return answer({})


async def proposal(request: Request) -> Response:
    """GET the act that waits for signatures; POST to propose one."""
    caller, room = await caller_of(request), room_of(request)
    caller.must_be(*OFFICERS)
    if request.method == "POST":
        kind, wish = await read_fields(request, "kind", "body")
        if not isinstance(wish, dict):
            raise FormatError("body.body", "not an object")
        act = await proposals.propose(
            room, caller, codec.text(kind, "body.kind"), cast("dict[str, Any]", wish)
        )
        return answer({"act": ledger.encode_act(act).decode()}, 201)
    return answer(_pending(proposals.current(room)))


async def withdraw(request: Request) -> Response:
    """DELETE the act with this digest from what waits for signatures."""
    caller = await caller_of(request)
    digest = codec.hex64(request.path_params["act"], "act")
    await proposals.withdraw(room_of(request), caller, digest)
    return answer({})


async def sign(request: Request) -> Response:
    """POST ``{"act","signature"}``: one officer's signature of the act with this digest."""
    caller, room = await caller_of(request), room_of(request)
    digest, signature = await read_fields(request, "act", "signature")
    complete = await proposals.sign(
        room,
        caller,
        codec.hex64(digest, "body.act"),
        shape.signature(signature, "body.signature"),
    )
    return answer({"complete": complete})


def _pending(proposal: proposals.Proposal | None) -> dict[str, object] | None:
    if proposal is None:
        return None
    value: dict[str, object] = {
        "act": ledger.encode_act(proposal.act).decode(),
        "places": [sorted(allowed) for allowed in proposal.places],
        "signed": sorted(proposal.signatures),
        "meeting": None,
    }
    if proposal.act.kind == "freeze":
        value["meeting"] = proposal.meeting.raw.decode()
    return value


def _text(value: object, name: str) -> str:
    return codec.text(value, f"body.{name}", max_length=200)


routes = [
    Route("/api/room", enter, methods=["POST"]),
    Route("/api/present", present, methods=["POST"]),
    Route("/api/minutes", minutes, methods=["GET", "POST"]),
    Route("/api/slots/prepare", prepare, methods=["POST"]),
    Route("/api/binding", binding, methods=["GET"]),
    Route("/api/slots/{slot}/ack", acknowledge, methods=["POST"]),
    Route("/api/proposals", proposal, methods=["GET", "POST"]),
    Route("/api/proposals/signature", sign, methods=["POST"]),
    Route("/api/proposals/{act}", withdraw, methods=["DELETE"]),
]
