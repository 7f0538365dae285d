"""The steps of a paper that is to come, up to its opening.

Leftovers are scanned and whoever must not vote withdraws before anything is prepared, because
what is prepared is the list of active credentials. Only the first paper can be prepared: the
next one takes the slot after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.server.services.said import Said, said, said_error
from kiosk.server.services.series import table
from kiosk.server.services.step import Step, step
from voting.errors import RefusedError
from voting.meeting import opening
from voting.meeting.attendance import eligible, voters_out
from voting.meeting.binding import Paper, by_series, next_slot, propose_rounds
from voting.meeting.readings import takes_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.server.services.facts import Facts
    from kiosk.server.services.rounds import Binding
    from kiosk.server.services.series import Row
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State

PAPER: Final[Mapping[str, tuple[str, ...]]] = {
    "leftovers": ("secretary", "scrutineer"),
    "withdraw": ("member",),
    "match": ("secretary", "scrutineer"),
    "prepare": ("secretary", "chair", "scrutineer"),
    "acknowledge": ("trustee",),
    "open": ("chair", "secretary", "scrutineer"),
    "vote": ("member",),
    "checks": ("scrutineer", "member"),
    "seal": ("secretary", "scrutineer"),
    "no-objection": ("scrutineer",),
    "count": ("trustee",),
    "read": ("scrutineer",),
    "decide": ("chair", "scrutineer"),
    "certify": ("teller", "scrutineer", "chair", "recorder"),
    "release": ("chair", "secretary", "scrutineer"),
}
"""Every step of a paper in its order, with who acts."""


def papers(facts: Facts) -> tuple[Paper, ...]:
    """Return the papers to come: as proposed, or what was prepared and then the rest.

    An officer may prepare fewer items than are proposed; the others then form a paper after it.
    """
    meeting, state = facts.view.frozen()
    proposed = propose_rounds(meeting, state, facts.following)
    bound = facts.binding
    if bound is None or bound.slot != next_slot(meeting, state):
        return proposed
    if any(prepared(facts, one) for one in proposed):
        return proposed
    apart = by_series(meeting, bound.items)
    kept = [one for one in proposed if not (apart and set(one.series) & set(bound.series))]
    if not apart:
        left = [
            replace(one, items=tuple(item for item in one.items if item not in bound.items))
            for one in proposed
        ]
        kept = [one for one in left if one.items]
    first = Paper(
        slot=bound.slot,
        round=bound.number,
        rule=meeting.items[bound.items[0]].rule,
        items=bound.items,
        series=bound.series,
        recused=len(voters_out(meeting, state, bound.items[0])),
        standings=bound.standings,
    )
    slots = meeting.slots[len(state.rounds) + 1 :]
    rest = [replace(one, slot=slot) for one, slot in zip(kept, slots, strict=False)]
    return (first, *rest)


def prepared(facts: Facts, paper: Paper) -> Binding | None:
    """Return what was prepared, if it is this paper."""
    bound = facts.binding
    if bound is None or bound.slot != paper.slot:
        return None
    return bound if (bound.items, bound.series) == (paper.items, paper.series) else None


def paper_steps(facts: Facts, paper: Paper, *, due: bool, first: bool) -> list[Step]:
    """Return the steps of a paper to come.

    Args:
        due: Tickets are issued and there is a quorum.
        first: Whether it takes the next slot.
    """
    meeting, state = facts.view.frozen()
    rows = [one for one in table(meeting, state, paper) if not one.void]
    leftover = due and not any(one.unscanned for one in rows)
    withdrawn = due and not any(one.to_withdraw for one in rows)
    unmatched = _unmatched(meeting, state, paper, rows)
    alone = leftover and withdrawn
    matched = alone and not unmatched
    bound = prepared(facts, paper)
    need = meeting.trustees.majority
    agreed = bound is not None and len(bound.acks) >= need
    line = [
        _step(paper, "leftovers", done=leftover, due=due, missing=_lacking(rows, "unscanned")),
        _step(paper, "withdraw", done=withdrawn, due=due, missing=_lacking(rows, "to_withdraw")),
        _step(paper, "match", done=matched, due=alone, missing=unmatched),
        _step(
            paper,
            "prepare",
            done=bound is not None,
            due=matched and first,
            missing=_in_the_way(meeting, state, paper) if matched and first else [],
        ),
        _step(
            paper,
            "acknowledge",
            done=agreed,
            due=bound is not None,
            missing=[] if bound is None else [_acks(meeting, bound)],
        ),
        _step(paper, "open", done=False, due=agreed, act="open"),
    ]
    rest = list(PAPER)[len(line) :]
    if not meeting.spoil_quota:
        rest.remove("checks")
    if not any(takes_words(meeting, item) for item in paper.items if item not in paper.standings):
        rest.remove("read")
    return line + [_step(paper, name, done=False, due=False) for name in rest]


def _step(
    paper: Paper,
    name: str,
    *,
    done: bool,
    due: bool,
    missing: list[Said] | None = None,
    act: str | None = None,
) -> Step:
    who = PAPER[name]
    return step(name, *who, done=done, due=due, missing=missing or (), act=act, slot=paper.slot)


def _lacking(rows: list[Row], what: str) -> list[Said]:
    word = "desk.missing.leftovers" if what == "unscanned" else "desk.missing.withdraw"
    return [
        said(word, series=one.series, tickets=getattr(one, what))
        for one in rows
        if getattr(one, what)
    ]


def _unmatched(meeting: Meeting, state: State, paper: Paper, rows: list[Row]) -> list[Said]:
    owed = eligible(meeting, state, paper.items)[None]
    lacking = [said("desk.missing.ticket", people=owed)] if owed else []
    return lacking + [
        said("desk.missing.match", series=one.series, issued=one.issued, eligible=one.eligible)
        for one in rows
        if one.differs
    ]


def _in_the_way(meeting: Meeting, state: State, paper: Paper) -> list[Said]:
    """Return what the fold would refuse this opening for."""
    try:
        opening.check_items(meeting, state, paper.items, paper.standings)
        opening.check_room(meeting, state, paper.slot, paper.items, paper.series)
    except RefusedError as e:
        if e.code == "room-step-missing":
            return []  # said with the step of the room
        return [said_error(e)]
    return []


def _acks(meeting: Meeting, bound: Binding) -> Said:
    names = [
        name for index, name in enumerate(meeting.trustees.names, 1) if index not in bound.acks
    ]
    return said(
        "desk.missing.acks", names=names, have=len(bound.acks), need=meeting.trustees.majority
    )
