"""The steps of a round that was opened, to its release.

A round that is void, or sealed under the floor, ends where it ended: nothing after that is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.server.services.said import Said, said
from kiosk.server.services.step import Step, step
from kiosk.server.services.steps_paper import PAPER
from tally.following import WITHHELD
from voting.errors import RefusedError
from voting.meeting.certification import next_signers
from voting.meeting.opening import check_quorum
from voting.meeting.readings import asks_in_words
from voting.meeting.rounds import spoils_owed
from voting.meeting.standings import check_release
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.server.services.facts import Facts
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round, State


def round_steps(facts: Facts, one: Round) -> list[Step]:
    """Return the steps of a round, from its opening on."""
    meeting, state = facts.view.frozen()
    opened = one.state is RoundState.OPEN
    line = [
        _step(one, "open", done=True, due=True, act="open"),
        _step(one, "vote", done=not opened, due=True, missing=_voting(facts, one)),
    ]
    if one.state is RoundState.VOID:
        return line
    if meeting.spoil_quota:
        checked = state.spoils >= meeting.spoil_quota
        owed = [said("desk.missing.checks", done=state.spoils, quota=meeting.spoil_quota)]
        line.append(_step(one, "checks", done=checked or not opened, due=True, missing=owed))
    barred = _barred(meeting, state, one) if opened else []
    line.append(
        _step(
            one,
            "seal",
            done=not opened,
            due=opened,
            missing=[*barred, *_busy(facts)],
            act="seal",
            ready=not barred,
        )
    )
    if one.state is RoundState.UNDER_FLOOR:
        return line
    return line + _after_seal(facts, meeting, state, one)


def _after_seal(facts: Facts, meeting: Meeting, state: State, one: Round) -> list[Step]:
    sealed, counted = one.state is RoundState.SEALED, one.state is RoundState.COUNTED
    over = counted or one.state is RoundState.CERTIFIED
    line = [
        _step(
            one,
            "no-objection",
            done=one.no_objection,
            due=sealed,
            act="no-objection",
        ),
        _step(
            one,
            "count",
            done=over,
            due=sealed and one.no_objection,
            missing=_counting(facts, meeting, one),
        ),
    ]
    read = one.slot not in facts.unread
    if asks_in_words(meeting, one) and (not over or not read or one.reading is not None):
        line.append(_step(one, "read", done=over and read, due=over, act="reading"))
    line.append(_step(one, "decide", done=over and bool(one.signed), due=over and read))
    following = next_signers(meeting, one) if counted else ()
    line.append(
        step(
            "certify",
            *(dict.fromkeys(officer.role for officer in following) or PAPER["certify"]),
            done=one.state is RoundState.CERTIFIED,
            due=counted and read,
            missing=[said("desk.missing.certify", names=[officer.name for officer in following])],
            act="certify",
            ready=True,
            slot=one.slot,
        )
    )
    if meeting.rules[one.rule].visibility != WITHHELD:
        waits = _later(facts, meeting, state, one)
        line.append(
            _step(
                one, "release", done=one.released, due=over and read, missing=waits, act="release"
            )
        )
    return line


def _later(facts: Facts, meeting: Meeting, state: State, one: Round) -> list[Said]:
    """Return the next rounds that a release waits for: one that is held now, or is to come."""
    numbers = {item: n for n, item in enumerate(meeting.items, 1)}
    try:
        check_release(meeting, state, one)
    except RefusedError as e:
        return [said("desk.missing.round-held", item=numbers[str(e.params["item"])])]
    items = next_rounds(facts, one)
    return (
        [said("desk.missing.next-round", items=[numbers[item] for item in items])] if items else []
    )


def next_rounds(facts: Facts, one: Round) -> list[str]:
    """Return the items of a round that are to have a next one, which its release would give up."""
    return [item for item in one.items if item in facts.following]


def _step(
    one: Round,
    name: str,
    *,
    done: bool,
    due: bool,
    missing: Iterable[Said] = (),
    act: str | None = None,
    ready: bool | None = None,
) -> Step:
    who = PAPER[name]
    return step(
        name, *who, done=done, due=due, missing=missing, act=act, ready=ready, slot=one.slot
    )


def _voting(facts: Facts, one: Round) -> list[Said]:
    returned = facts.returned[one.slot]
    return [said("desk.missing.voting", issued=one.issued, returned=returned), *_busy(facts)]


def _busy(facts: Facts) -> list[Said]:
    busy = [one.account.partition(":")[2] for one in facts.kiosks if one.busy]
    return [said("desk.missing.busy", kiosks=busy)] if busy else []


def _barred(meeting: Meeting, state: State, one: Round) -> list[Said]:
    """Return for what the fold would refuse a seal now, whatever the heads are."""
    barred = []
    try:
        check_quorum(meeting, state, one.items, slot=one.slot)
    except RefusedError as e:
        group = "group-" if "group" in e.params else ""
        barred.append(said(f"desk.missing.{group}quorum-lost", **{"missing": 1, **e.params}))
    if spoils_owed(meeting, state, one.slot):
        quota = meeting.spoil_quota
        barred.append(said("desk.missing.checks", done=state.spoils, quota=quota))
    return barred


def _counting(facts: Facts, meeting: Meeting, one: Round) -> list[Said]:
    """Return whose signature of the checkpoint is lacking, then whose shuffle, then factors."""
    trustees = meeting.trustees
    signed = facts.checkpoints.get(one.slot, frozenset())
    need = trustees.majority if one.compared is None else trustees.threshold
    if len(signed) < need:
        names = _others(meeting, signed)
        return [said("desk.missing.checkpoint", names=names, have=len(signed), need=need)]
    shuffles = facts.shuffles.get(one.slot)
    if shuffles is not None and shuffles.waits is not None:
        name = trustees.names[shuffles.waits - 1]
        return [said("desk.missing.shuffle", name=name, done=len(shuffles.done))]
    if shuffles is not None and len(shuffles.agreed) < shuffles.need:
        names, have = _others(meeting, shuffles.agreed), len(shuffles.agreed)
        return [said("desk.missing.shuffles", names=names, have=have, need=shuffles.need)]
    sent = facts.factors.get(one.slot, frozenset())
    return [
        said(
            "desk.missing.factors",
            names=_others(meeting, sent),
            have=len(sent),
            need=trustees.threshold,
        )
    ]


def _others(meeting: Meeting, done: frozenset[int]) -> list[str]:
    return [name for n, name in enumerate(meeting.trustees.names, 1) if n not in done]
