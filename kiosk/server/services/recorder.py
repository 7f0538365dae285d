"""The recorder's minutes: who introduced, spoke, went out and came back, and remarks, by item.

The ledger hears what kind of line it is and a digest; words and names go to ``minutes.jsonl``
(``services.attendance``). Whether a line comes late (事后补记) is the fold's to say, and nobody's
to choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.server.services import attendance
from voting.errors import InputError, RefusedError
from voting.meeting import recording
from voting.meeting.ledger import decode_line
from voting.meeting.minutes import Spoken
from voting.meeting.roll import SALT_BYTES, Entry
from voting.meeting.table import clean

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.meeting.ledger import Line
    from voting.meeting.minutes import Told


async def enter(
    room: Room, caller: Caller, item: str | None, what: str, who: str, text: str
) -> bool:
    """Enter one line; return whether it is marked late.

    Args:
        item: None only for a remark about no item.
        what: One of ``voting.meeting.bodies.MINUTES``.
        who: As the roll has the name, or another name as typed (somebody who attends); empty only
            for a remark. Whoever goes out or comes back is a member recused from the item.
        text: What is to be kept of it; empty but for a remark.

    Raises:
        InputError: ``empty-minute``; DraftError: a character that no form can print.
        RefusedError: ``not-recused``, ``not-your-role``, or what the fold refuses.
    """
    caller.must_be("recorder", "secretary")
    spoken = Spoken(what, clean(who, "who"), clean(text, "text"), room.rand(SALT_BYTES))
    if not (spoken.text if what == "remark" else spoken.who):
        raise InputError("empty-minute")
    async with room.turn() as turn:
        _, state = turn.view.frozen()
        if item is not None and what in {"recused-out", "recused-in"}:
            _check_recused(room, turn, item, spoken.who)
        late = recording.is_late(state, item)
        body = {"item": item, "what": what, "line": spoken.digest, "late": late}
        attendance.write_minutes(room, turn, await turn.append("minute", body), spoken)
    return late


async def listed(room: Room, caller: Caller) -> list[dict[str, object]]:
    """Return every line of the minutes with its name and words, in the order of the ledger."""
    caller.must_be("recorder", "secretary", "chair")
    (await room.view()).frozen()
    async with room.store.reading() as tx:
        lines = [decode_line(raw) for raw in await tx.ledger()]
    path = room.folder / attendance.MINUTES
    told = path.read_bytes() if path.exists() else b""
    return [_shown(one, line) for line, one in attendance.behind_acts(told, lines) if one]


def _shown(one: Told, line: Line) -> dict[str, object]:
    behind, body = one.behind, line.act.body
    value: dict[str, Any] = {"height": one.height, "at": line.act.at, "kind": one.kind}
    value["item"] = one.item
    if isinstance(behind, Entry):
        return {**value, "what": None, "who": behind.person.label, "text": "", "late": False}
    said = {"what": behind.what, "who": behind.who, "text": behind.text}
    return {**value, **said, "late": body["late"]}


def _check_recused(room: Room, turn: Turn, item: str, who: str) -> None:
    _, state = turn.view.frozen()
    if attendance.find(room, turn, who).digest not in state.recusals.get(item, ()):
        raise RefusedError("not-recused", item=item)
