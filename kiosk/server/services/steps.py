"""The meeting as a line of steps: what is done, what is due now, what is lacking, who must act.

Pure: from one look at the room (``facts``) to data with sentence ids. Nothing here decides
anything: what an officer then proposes is tried on the fold of the ledger. The guards asked here
are the fold's own, so that no step is *ready* whose act the fold would refuse.

``meeting_steps`` is the whole line; those of a paper to come are in ``steps_paper``, those of a
round that was opened in ``steps_round``.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kiosk.server.services.facts import CEREMONY
from kiosk.server.services.quorum import quorums
from kiosk.server.services.said import Said, said
from kiosk.server.services.step import Step, step
from kiosk.server.services.steps_paper import PAPER, paper_steps, papers
from kiosk.server.services.steps_round import round_steps
from tally.following import awaited
from tally.record.layout import note_signers
from voting.meeting.binding import items_left
from voting.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.server.services.facts import Facts
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State

SOME = 3
"""Faults of a draft that the line of steps names; the page of the draft has them all."""


def meeting_steps(facts: Facts) -> list[Step]:
    """Return the whole line in the order of the meeting."""
    meeting, state = facts.view.meeting, facts.view.state
    line = list(_before(facts, frozen=meeting is not None))
    if meeting is None or state is None:
        names = ("issue", "attend", "room", *PAPER, "destroy", "close", "sign-record")
        return line + [step(one, *WHO[one], done=False, due=False) for one in names]
    line += _gathering(facts, meeting, state)
    for one in state.rounds.values():
        line += round_steps(facts, one)
    room_ready = all(one.state == "done" for one in line if one.id in ("issue", "attend"))
    for number, paper in enumerate(papers(facts)):
        line += paper_steps(facts, paper, due=room_ready and not state.closed, first=number == 0)
    return line + list(_end(facts, meeting, state))


WHO = {
    "issue": ("secretary",),
    "attend": ("secretary",),
    "room": ("recorder", "secretary"),
    "destroy": ("trustee",),
    "close": ("secretary",),
    "sign-record": ("chair", "secretary", "scrutineer", "teller", "recorder"),
    **PAPER,
}
"""Who acts in the steps after the freeze."""


def _before(facts: Facts, *, frozen: bool) -> Iterator[Step]:
    whole = frozen or (not facts.faults and bool(facts.draft.items))
    draft = facts.faults[:SOME] or (said("desk.missing.draft"),)
    yield step("draft", "secretary", done=whole, due=True, missing=draft)
    absent = _not_enrolled(facts)
    yield step(
        "enrol",
        "secretary",
        "trustee",
        done=frozen or (whole and not absent),
        due=whole,
        missing=[said("desk.missing.enrol", accounts=absent)] if absent else [],
    )
    kiosks = any(one.enrolled for one in facts.kiosks)
    yield step(
        "kiosks",
        "secretary",
        done=kiosks,
        due=whole,
        missing=[said("desk.missing.kiosks")],
    )
    ceremony = frozen or facts.rehearsed
    trustees = all(facts.enrolled(f"trustee:{n}") for n in range(1, len(facts.draft.trustees) + 1))
    yield step(
        "ceremony",
        "trustee",
        done=ceremony,
        due=whole and trustees,
        missing=[_ceremony(facts)],
    )
    yield step(
        "freeze",
        "secretary",
        "scrutineer",
        done=frozen,
        due=whole and not absent and ceremony,
        act="freeze",
    )


def _not_enrolled(facts: Facts) -> list[Said]:
    """Return the officers who sign by key and the trustees whose devices are not here yet."""
    absent = [
        said("desk.person", role=Word(f"role.{one.role}"), name=one.name)
        for one in facts.draft.officers
        if not one.pen and _key(facts, one.id) is None
    ]
    return absent + [
        said("desk.person", role=Word("desk.keeper"), name=name)
        for n, name in enumerate(facts.draft.trustees, 1)
        if not facts.enrolled(f"trustee:{n}")
    ]


def _key(facts: Facts, officer: str) -> str | None:
    account = facts.accounts.get(f"officer:{officer}")
    return None if account is None else account.public_key


def _ceremony(facts: Facts) -> Said | None:
    """Return the first step of the ceremony that somebody has not taken, and who."""
    names = facts.draft.trustees
    for one in CEREMONY:
        posted = facts.posted.get(one, frozenset())
        waiting = [name for n, name in enumerate(names, 1) if n not in posted]
        if waiting:
            return said("desk.missing.ceremony", step=Word(f"desk.posting.{one}"), names=waiting)
    return None


def _gathering(facts: Facts, meeting: Meeting, state: State) -> Iterator[Step]:
    yield step("issue", *WHO["issue"], done=state.issued, due=True)
    left = items_left(meeting, state, facts.following)
    lacking = [
        said("desk.missing.quorum", missing=one.needed - one.present, needed=one.needed)
        for one in quorums(meeting, state, facts.following)
        if not one.met
    ]
    yield step(
        "attend",
        *WHO["attend"],
        done=state.issued and not lacking,
        due=state.issued,
        missing=lacking,
    )
    gates = _gates(meeting, state, left)
    yield step("room", *WHO["room"], done=not gates, due=True, missing=gates)


def _gates(meeting: Meeting, state: State, left: tuple[str, ...]) -> list[Said]:
    """Return the gates of the room that are to come, items with the same ones together."""
    todo = {item: meeting.rule_of(item).room_gates[state.steps.get(item, 0) :] for item in left}
    waiting = sorted(
        (one for one in todo if todo[one]), key=lambda one: (-len(todo[one]), todo[one])
    )
    numbers = {item: n for n, item in enumerate(meeting.items, 1)}
    return [
        said(
            "desk.missing.room",
            items=[numbers[one] for one in sorted(items, key=numbers.__getitem__)],
            steps=[Word(f"room-gate.{gate}") for gate in gates],
        )
        for gates, items in groupby(waiting, key=todo.__getitem__)
    ]


def _end(facts: Facts, meeting: Meeting, state: State) -> Iterator[Step]:
    over = bool(state.rounds) and state.ended and not awaited(meeting, facts.following)
    names = meeting.trustees.names
    kept = [name for n, name in enumerate(names, 1) if n not in state.destroyed]
    left = items_left(meeting, state, facts.following)
    numbers = {item: n for n, item in enumerate(meeting.items, 1)}
    yield step(
        "destroy",
        *WHO["destroy"],
        done=state.closed or not kept,
        due=over,
        missing=[
            said("desk.missing.items-left", items=[numbers[one] for one in left]) if left else None,
            said("desk.missing.destroy", names=kept),
        ],
    )
    yield step(
        "close",
        *WHO["close"],
        done=state.closed,
        due=over,
        missing=[said("desk.missing.destroy", names=kept)] if kept else [],
        act="close",
        ready=True,
    )
    unsigned = [
        meeting.officers[one].name for one in note_signers(meeting) if one not in facts.note
    ]
    yield step(
        "sign-record",
        *WHO["sign-record"],
        done=state.closed and not unsigned,
        due=state.closed,
        missing=[said("desk.missing.sign-record", names=unsigned)],
    )
