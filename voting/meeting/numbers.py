"""The numbers that may be shown: due, present, issued, returned. No total of any option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State


@dataclass(frozen=True, slots=True)
class Numbers:
    """应到, 实到, 发出, 收回; None is not known yet."""

    due: int
    present: int
    issued: int | None
    returned: int | None


def numbers(meeting: Meeting, state: State, slot: str | None = None) -> Numbers:
    """Return the numbers of the room, or of a round as they were when it opened.

    ``returned`` comes from the seal: the fold sees no ballot before it.
    """
    if slot is None:
        return Numbers(meeting.roll.due, state.present(), None, None)
    one = state.round_at(slot)
    return Numbers(one.due, one.present_at_open, one.issued, one.returned)
