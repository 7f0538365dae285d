"""What the server fills into an act that officers propose, kind by kind.

An officer says what he wishes (which items, how many heads, which reason); digests, slots,
numbers and acknowledgements are computed here from the ledger and the box, and again by every
signing device. A builder returns the meeting, the body, and what has to be stored together with
the line. ``check_again`` asks in the appending transaction what may have changed since; ``after``
is what follows when the line is durable.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from kiosk.server.security import OFFICERS
from kiosk.server.services import (
    attendance,
    boxes,
    contests,
    counting,
    freezing,
    readings,
    rounds,
    signed_pages,
)
from tally.following import awaited, check_release
from voting.errors import FormatError, RefusedError, UnavailableError
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import RoundState
from voting.protocol import codec
from voting.protocol.checkpoint import ballots_digest

if TYPE_CHECKING:
    from kiosk.server.services.room import Room, Turn
    from voting.meeting import ledger
    from voting.meeting.frozen import Meeting

_log = logging.getLogger(__name__)

Wish = Mapping[str, Any]
Built = tuple["Meeting", dict[str, object], Mapping[tuple[str, str], bytes]]
Builder = Callable[["Room", "Turn", Wish], Awaitable[Built]]


async def _correct(room: Room, turn: Turn, wish: Wish) -> Built:
    names = ("leave", "attend", "present", "reason")
    leave, attend, present, reason = codec.fields(wish, "body", *names)
    meeting, _ = turn.view.frozen()
    body: dict[str, object] = {
        "leave": [attendance.presence(room, turn, one) for one in codec.array(leave, "body.leave")],
        "attend": [
            attendance.arrival(room, turn, one) for one in codec.array(attend, "body.attend")
        ],
        "present": [
            attendance.group_count(turn, one) for one in codec.array(present, "body.present")
        ],
        "reason": codec.text(reason, "body.reason"),
    }
    return meeting, body, {}


async def _void_series(_room: Room, turn: Turn, wish: Wish) -> Built:
    series, reason = codec.fields(wish, "body", "series", "reason")
    return turn.view.frozen()[0], {"series": series, "reason": reason}, {}


async def _open(room: Room, turn: Turn, wish: Wish) -> Built:
    codec.fields(wish, "body")
    meeting, _ = turn.view.frozen()
    bound = rounds.current_binding(room, turn.view)
    body: dict[str, object] = {
        "slot": bound.slot,
        "round": bound.number,
        "items": list(bound.items),
        "series": list(bound.series),
        "standings": {item: who.to_json() for item, who in bound.standings.items()},
        "election": bound.election_digest,
        "credentials": bound.credentials.digest,
        "active": len(bound.credentials.elements),
        "acks": [
            {"trustee": index, "signature": bound.acks[index]} for index in sorted(bound.acks)
        ],
    }
    return meeting, body, bound.blobs()


async def _seal(room: Room, turn: Turn, wish: Wish) -> Built:
    slot, heads, override = codec.fields(wish, "body", "slot", "heads", "override")
    meeting, state = turn.view.frozen()
    held = state.round_at(_text(slot, "slot"), RoundState.OPEN)
    overridden = codec.boolean(override, "body.override")
    if room.busy and not overridden:
        raise RefusedError("kiosk-busy", kiosks=len(room.busy))
    box = await boxes.seal_box(turn, held)
    if codec.integer(heads, "body.heads") != box.returned:
        raise RefusedError("heads-differ", slot=held.slot, heads=heads)
    body: dict[str, object] = {
        "slot": held.slot,
        "heads": heads,
        "returned": box.returned,
        "ballots": box.ballots_digest,
        "archive": box.archive_digest,
        "override": bool(room.busy),
    }
    return meeting, body, {(held.slot, boxes.SEALED): box.archive}


async def _no_objection(_room: Room, turn: Turn, wish: Wish) -> Built:
    (slot,) = codec.fields(wish, "body", "slot")
    return turn.view.frozen()[0], {"slot": _text(slot, "slot")}, {}


async def _compared(_room: Room, turn: Turn, wish: Wish) -> Built:
    slot, missing = codec.fields(wish, "body", "slot", "missing")
    meeting, state = turn.view.frozen()
    held = state.round_at(_text(slot, "slot"), RoundState.SEALED)
    digest = checkpoint_of(meeting, held).digest
    return meeting, {"slot": held.slot, "checkpoint": digest, "missing": missing}, {}


async def _certify(room: Room, turn: Turn, wish: Wish) -> Built:
    slot, officer, pen = codec.fields(wish, "body", "slot", "officer", "pen")
    meeting, state = turn.view.frozen()
    held = state.round_at(_text(slot, "slot"), RoundState.COUNTED)
    _check_page(room, pen)
    digest = await counting.outcome_digest(turn, held)
    return meeting, {"slot": held.slot, "officer": officer, "outcome": digest, "pen": pen}, {}


async def _release(room: Room, turn: Turn, wish: Wish) -> Built:
    """``last`` says that the rounds which the rule still has are not held (暂缓)."""
    slot, last = codec.fields(wish, "body", "slot", "last?")
    meeting, state = turn.view.frozen()
    held = state.round_at(_text(slot, "slot"), *readings.COUNTED)
    await readings.require_read(room, turn.tx, meeting, held)
    if last is None or not codec.boolean(last, "body.last"):
        opened = await contests.opened_now(room, turn.tx, meeting, state)
        check_release(meeting, state, held, opened)
    return meeting, {"slot": held.slot}, {}


async def _void(room: Room, turn: Turn, wish: Wish) -> Built:
    slot, reason, pen = codec.fields(wish, "body", "slot", "reason", "pen")
    meeting, state = turn.view.frozen()
    held = state.round_at(_text(slot, "slot"), RoundState.OPEN, RoundState.SEALED)
    await _check_unopened(turn, held.slot)
    _check_page(room, pen)
    return meeting, {"slot": held.slot, "reason": reason, "pen": pen}, {}


async def _close(room: Room, turn: Turn, wish: Wish) -> Built:
    codec.fields(wish, "body")
    meeting, state = turn.view.frozen()
    nexts = await contests.following_now(room, turn.tx, meeting, state)
    if waiting := awaited(meeting, nexts):
        raise RefusedError("contest-unfinished", item=waiting[0])
    everybody = range(1, len(meeting.trustees.names) + 1)
    missing = [index for index in everybody if index not in state.destroyed]
    return meeting, {"missing": missing}, {}


BUILDERS: Final[Mapping[str, Builder]] = {
    "freeze": freezing.build_freeze,
    "correct": _correct,
    "void-series": _void_series,
    "open": _open,
    "seal": _seal,
    "no-objection": _no_objection,
    "compared": _compared,
    "reading": readings.build,
    "certify": _certify,
    "release": _release,
    "void": _void,
    "close": _close,
}


ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "freeze": ("secretary", "scrutineer"),
    "correct": ("secretary", "scrutineer"),
    "void-series": ("chair", "secretary", "scrutineer"),
    "open": ("chair", "secretary", "scrutineer"),
    "seal": ("secretary", "scrutineer"),
    "no-objection": ("scrutineer",),
    "compared": ("secretary", "scrutineer"),
    "reading": ("scrutineer",),
    "certify": OFFICERS,
    "release": ("chair", "secretary", "scrutineer"),
    "void": OFFICERS,
    "close": ("secretary",),
}
"""Who may propose: asked before anything is computed, for a refusal tells something too.

Whoever proposes must besides be one of those who sign (``ledger.required_signers``).
"""


async def check_again(room: Room, turn: Turn, act: ledger.Act) -> None:
    """Ask again, in the transaction that appends, what the fold can not know.

    Raises RefusedError: ``guard-changed``: a ballot came after the box was put together;
    ``kiosk-busy``; ``decryption-begun``.
    """
    if act.kind == "seal":
        if ballots_digest(await turn.tx.trackers(act.body["slot"])) != act.body["ballots"]:
            raise RefusedError("guard-changed", kind=act.kind)
        if room.busy and not act.body["override"]:
            raise RefusedError("kiosk-busy", kiosks=len(room.busy))
    elif act.kind == "void":
        await _check_unopened(turn, act.body["slot"])


async def after(room: Room, act: ledger.Act) -> None:
    """Do what follows an appended act, outside its transaction."""
    if act.kind == "open":
        room.binding = None
    elif act.kind in {"seal", "void"}:  # a round may be void while it is open
        await forget_order(room)


async def forget_order(room: Room) -> None:
    """Take the order of casting out of the database's files.

    The act is durable already and its signer is not told of another program that reads the
    file: it is said in the log, and done at the next seal, void or start.
    """
    try:
        await room.store.rewrite_after_seal()
    except UnavailableError as e:
        _log.error("the order of casting is still in the files: %s", e.code)


async def _check_unopened(turn: Turn, slot: str) -> None:
    if await turn.tx.senders(counting.factors_topic(slot)):
        raise RefusedError("decryption-begun", slot=slot)


def _check_page(room: Room, pen: object) -> None:
    """Take no signature by pen on a page that nobody brought."""
    if pen is not None:
        page, _ = codec.fields(pen, "body.pen", "page", "confirmed_by")
        signed_pages.must_be_here(room, codec.hex64(page, "body.pen.page"))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise FormatError(f"body.{name}", "not a string")
    return value
