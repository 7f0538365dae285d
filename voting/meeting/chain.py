"""Guards of the ledger that come from the votes before: windows, and motions of the same meeting.

The fold knows no totals. So it demands that a motion's round is certified before the fresh vote
opens; that the motion passed, V22 looks up (docs/spec/chain.md).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from voting.errors import RefusedError
from voting.meeting.draft_chain import is_appointment
from voting.meeting.state import RoundState
from voting.rules.gates import Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act
    from voting.meeting.state import State

LOCAL: Final = timezone(timedelta(hours=8))
"""Acts bear UTC; a day is that of Beijing."""


def check_motions(meeting: Meeting, state: State, items: Sequence[str]) -> None:
    """Refuse to open an item whose motion, of this meeting, is not certified.

    Raises:
        RefusedError: ``motion-waiting``.
    """
    for item in items:
        if (motion := waits_for(meeting, state, item)) is not None:
            raise RefusedError("motion-waiting", item=item, motion=motion)


def waits_for(meeting: Meeting, state: State, item: str) -> str | None:
    """Return the first motion of this meeting for which an item still waits, None without one."""
    for motion in motions_of(meeting, item):
        held = state.rounds_of([motion])
        if not held or any(one.state is not RoundState.CERTIFIED for one in held):
            return motion
    return None


def motions_of(meeting: Meeting, item: str) -> list[str]:
    """Return the items of this meeting for which an item waits."""
    gates = meeting.items[item].gates
    return [one.item for one in gates if isinstance(one, Reference) and one.record is None]


def check_window(meeting: Meeting, act: Act) -> None:
    """Refuse an ``open`` act of an appointment on a day of a freeze window.

    Raises:
        RefusedError: ``freeze-window``.
    """
    if act.at is None or not meeting.chain.windows:
        return
    day = datetime.fromisoformat(act.at).astimezone(LOCAL).date().isoformat()
    for name in act.body["items"]:
        item = meeting.items.get(name)
        if item is None or not is_appointment(meeting.rules[item.rule].kind, item):
            continue
        for window in meeting.chain.windows:
            if window.holds(day):
                raise RefusedError("freeze-window", day=day, why=window.why)
