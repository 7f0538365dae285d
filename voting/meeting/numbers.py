"""The numbers that may be shown: due, present, issued, returned, and the tickets of each series.

No total of any option. Pure functions of the fold, for consoles and screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.meeting.attendance import eligible, voters_out
from voting.meeting.tickets import drawn, issued
from voting.rules.quorum import evaluate_groups, evaluate_quorum
from voting.rules.shapes import GroupNumbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State
    from voting.rules.rule import Rule
    from voting.rules.step import Step


@dataclass(frozen=True, slots=True)
class Numbers:
    """应到, 实到, 发出, 收回; None is not known yet."""

    due: int
    present: int
    issued: int | None
    returned: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesNumbers:
    """The tickets of one series for one slot: issued = printed - leftover - withdrawn.

    Attributes:
        eligible: How many in the room hold one of its tickets and may vote on the items.
        void: The series was voided: its tickets are good for no slot to come.
    """

    id: str
    title: str
    printed: int
    leftover: int
    withdrawn: int
    issued: int
    eligible: int
    void: bool

    @property
    def difference(self) -> int:
        """发出 less those who may vote: 0 when the numbers agree, and always for a void series."""
        return 0 if self.void else self.issued - self.eligible


def numbers(meeting: Meeting, state: State, slot: str | None = None) -> Numbers:
    """Return the numbers of the room, or of a round as they were when it opened.

    ``returned`` comes from the seal: the fold sees no ballot before it.
    """
    if slot is None:
        return Numbers(meeting.roll.due, state.present(), None, None)
    one = state.round_at(slot)
    return Numbers(one.due, one.present_at_open, one.issued, one.returned)


def series_numbers(
    meeting: Meeting, state: State, slot: str, items: Sequence[str]
) -> tuple[SeriesNumbers, ...]:
    """Return the tickets of every series in a slot, for a paper with these items.

    Args:
        slot: Opened or not; of an opened one the voids stand as they were at its opening.
        items: At least one, under one rule; who may vote on them is counted as of now.
    """
    voters = eligible(meeting, state, items)
    rows = []
    for one in meeting.series.values():
        held, hands = drawn(meeting, state, slot, one.id), issued(meeting, state, slot, one.id)
        rows.append(
            SeriesNumbers(
                id=one.id,
                title=one.title,
                printed=one.printed,
                leftover=one.printed - held,
                withdrawn=held - hands,
                issued=hands,
                eligible=voters[one.id],
                void=one.id in state.void_series,
            )
        )
    return tuple(rows)


def without_ticket(meeting: Meeting, state: State, items: Sequence[str]) -> int:
    """Return how many in the room may vote on the items and hold no good ticket."""
    return eligible(meeting, state, items)[None]


def groups_here(state: State, rule: Rule) -> dict[str, int]:
    """Return how many are in the room of each group that the rule names."""
    return {
        group.id: state.counted[group.id].count if group.id in state.counted else 0
        for group in rule.groups
    }


def quorum_steps(
    meeting: Meeting, state: State, items: Sequence[str], *, sealing: bool = False
) -> list[Step]:
    """Return the arithmetic of the quorum for a paper with these items, as it stands now.

    First that of the whole, then of each group that the rule gives one (公推直选), with the
    group's id as ``of``. Raises InputError ``empty-roll`` when all who are due leave the vote.
    """
    rule = meeting.rule_of(items[0])
    whole = evaluate_quorum(
        rule,
        due=meeting.due_under(rule),
        present=eligible(meeting, state, items).total(),
        recused=len(voters_out(meeting, state, items[0])),
        sealing=sealing,
    )
    groups = {
        ident: GroupNumbers(meeting.groups[ident].count, here, here)
        for ident, here in groups_here(state, rule).items()
    }
    return [whole, *evaluate_groups(rule, groups, sealing=sealing)]
