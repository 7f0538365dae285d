"""法定人数 as the room stands now, rule by rule: the numbers and the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.server.services.said import Said, said_error, said_step
from voting.errors import InputError
from voting.meeting.attendance import eligible, voters_out
from voting.meeting.binding import NOTHING, items_left
from voting.meeting.numbers import quorum_steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State
    from voting.rules.shapes import Standing
    from voting.rules.step import Step


@dataclass(frozen=True, slots=True)
class Quorum:
    """``present`` are those in the room who may vote."""

    rule: str
    due: int
    present: int
    needed: int
    met: bool
    said: Said

    def to_json(self) -> dict[str, object]:
        """Return the fields in this order."""
        return {name: getattr(self, name) for name in self.__slots__}


def quorums(
    meeting: Meeting, state: State, following: Mapping[str, Standing] = NOTHING
) -> list[Quorum]:
    """Return the quorum of each rule, on items from which nobody leaves the vote if there are.

    Rules whose items were all voted on are left out while there are others.

    Args:
        following: Next rounds of contests, as ``binding.items_left``.
    """
    left = items_left(meeting, state, following) or tuple(meeting.items)
    found = []
    for rule in meeting.rules:
        items = [item for item in left if meeting.items[item].rule == rule]
        if items:
            fewest = min(items, key=lambda item: len(voters_out(meeting, state, item)))
            found.append(quorum_for(meeting, state, [fewest]))
    return found


def quorum_for(meeting: Meeting, state: State, items: Sequence[str]) -> Quorum:
    """Return the quorum of one paper as it would be tested now."""
    rule = meeting.rule_of(items[0])
    due, present = meeting.due_under(rule), eligible(meeting, state, items).total()
    try:
        tested, *groups = quorum_steps(meeting, state, items)
    except InputError as e:  # all who are due leave the vote
        return Quorum(rule.id, due, present, 0, met=False, said=said_error(e))
    word = "desk.quorum.met" if tested.met else "desk.quorum.lacking"
    needed = tested.numbers["needed"]
    lacking = max(0, needed - present)
    said = said_step(word, tested, due=due, lacking=lacking)
    short = next((step for step in groups if not step.met), None)
    if tested.met and short is not None:
        return Quorum(rule.id, due, present, needed, met=False, said=_of_group(meeting, short))
    return Quorum(rule.id, due, present, needed, tested.met, said)


def _of_group(meeting: Meeting, step: Step) -> Said:
    lacking = step.numbers["needed"] - step.numbers["present"]
    group = meeting.groups[step.of or ""].title
    return said_step("desk.quorum.group-lacking", step, group=group, lacking=lacking)
