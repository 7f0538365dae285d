"""``GET /api/overview``: everything that an officer's console shows at one look.

Put together from one look at the room (``facts``), as data and sentence ids; the shape is in
docs/spec/api.md, section 6. It names officers, trustees and numbers, and nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.server.security import OFFICERS
from kiosk.server.services import drafting
from kiosk.server.services.asked import contests_json, seconds_of, seconds_of_draft
from kiosk.server.services.estimate import Estimate, Load, estimate
from kiosk.server.services.facts import CEREMONY, Facts, gather
from kiosk.server.services.quorum import quorum_for, quorums
from kiosk.server.services.series import table
from kiosk.server.services.steps import meeting_steps
from kiosk.server.services.steps_paper import papers, prepared
from kiosk.server.services.steps_round import next_rounds
from tally.record.layout import note_signers
from voting.crypto.hashing import code_80bits
from voting.meeting.attendance import eligible
from voting.meeting.certification import next_signers
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room
    from voting.meeting.binding import Paper
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round, State
    from voting.rules.shapes import Standing

Json = dict[str, object]
Ballot = tuple["tuple[str, ...]", "tuple[str, ...]", "Mapping[str, Standing]"]
"""Items and series of a paper, and who stands where it is a later round."""


async def overview(room: Room, caller: Caller) -> Json:
    """Return the meeting as an officer's console shows it."""
    caller.must_be(*OFFICERS)
    faults = await drafting.standing_faults(room) if (await room.view()).meeting is None else ()
    return overview_of(await gather(room, faults=faults))


def overview_of(facts: Facts) -> Json:
    """Return the overview of what was seen."""
    meeting, state = facts.view.meeting, facts.view.state
    rounds = [] if state is None else list(state.rounds.values())
    return {
        **heading(facts),
        "fingerprint": None if meeting is None else meeting.fingerprint,
        "head": facts.view.head,
        "height": facts.view.height,
        "pages": facts.draft.pages if meeting is None else meeting.mode.pages,
        "tickets": facts.draft.tickets if meeting is None else meeting.mode.tickets,
        "numbers": _numbers(facts),
        "steps": [one.to_json() for one in meeting_steps(facts)],
        "papers": _papers(facts),
        "rounds": [_round(facts, one, n) for n, one in enumerate(rounds, 1)],
        "binding": _binding(facts),
        "proposal": _proposal(facts),
        "checks": {
            "done": 0 if state is None else state.spoils,
            "quota": facts.draft.spoil_quota if meeting is None else meeting.spoil_quota,
        },
        "kiosks": [
            {
                "account": one.account,
                "enrolled": one.enrolled,
                "invited": one.invited,
                "seen": one.seen,
                "busy": one.busy,
                "build": one.build,
            }
            for one in facts.kiosks
        ],
        "officers": _officers(facts),
        "trustees": _trustees(facts),
        "estimate": _estimate(facts).to_json(),
        "record": _record(facts),
    }


def heading(facts: Facts) -> Json:
    """Return what stands at the top of every screen; ``code`` is the fingerprint's."""
    meeting, state, of = facts.view.meeting, facts.view.state, facts.view.meeting or facts.draft
    stage = "draft" if meeting is None else "frozen"
    return {
        "stage": "closed" if state is not None and state.closed else stage,
        "title": of.title,
        "body": of.body,
        "number": of.number,
        "date": of.date,
        "code": None if meeting is None else meeting.code,
    }


def _numbers(facts: Facts) -> Json:
    meeting, state = facts.view.meeting, facts.view.state
    if meeting is None or state is None:
        named = facts.draft
        return {
            "due": named.due("member"),
            "present": 0,
            "away": 0,
            "alternates": 0,
            "attendees": 0,
            "quorum": [],
        }
    return {
        "due": meeting.roll.due,
        "present": state.present(),
        "away": sum(not one.here and one.cls == "member" for one in state.people.values()),
        "alternates": state.present("alternate"),
        "attendees": state.present("attendee"),
        "quorum": [one.to_json() for one in quorums(meeting, state, facts.following)],
    }


def _papers(facts: Facts) -> list[Json]:
    meeting, state = facts.view.meeting, facts.view.state
    if meeting is None or state is None or state.closed:
        return []
    return [_paper(facts, meeting, state, one) for one in papers(facts)]


def _paper(facts: Facts, meeting: Meeting, state: State, paper: Paper) -> Json:
    return {
        "slot": paper.slot,
        "round": paper.round,
        "rule": paper.rule,
        "items": list(paper.items),
        "series": list(paper.series),
        "recused": paper.recused,
        "prepared": prepared(facts, paper) is not None,
        "quorum": quorum_for(meeting, state, paper.items).said,
        "table": [one.to_json() for one in table(meeting, state, paper)],
        "contests": contests_json(meeting, paper.items, paper.standings),
        "estimate": _time(facts, meeting, state, [_ballot(paper)]).to_json(),
    }


def _estimate(facts: Facts) -> Estimate:
    """Return the time for everything that is open or left; before the freeze, for the draft."""
    meeting, state = facts.view.meeting, facts.view.state
    if meeting is None or state is None:
        items = len(facts.draft.items)
        marking = seconds_of_draft(facts.draft)
        load = Load(facts.draft.due("member"), items, min(1, items), marking)
        return estimate([load], kiosks=_kiosks(facts))
    waiting = [_ballot(one) for one in state.rounds.values() if one.state is RoundState.OPEN]
    if not state.closed:
        waiting += [_ballot(one) for one in papers(facts)]
    return _time(facts, meeting, state, waiting)


def _time(facts: Facts, meeting: Meeting, state: State, waiting: Sequence[Ballot]) -> Estimate:
    """Return the time for some papers: who has a ticket of a series votes on all of its papers.

    While nobody has come, everybody who is due votes on all of them.
    """
    kiosks = _kiosks(facts)
    if not any(eligible(meeting, state, items).total() for items, _, _ in waiting):
        rules = [meeting.rule_of(items[0]) for items, _, _ in waiting]
        due = max((meeting.due_under(rule) for rule in rules), default=0)
        return estimate([_load(meeting, due, waiting)], kiosks=kiosks)
    loads = []
    for series in meeting.series:
        mine = [one for one in waiting if series in one[1]]
        voters = max((eligible(meeting, state, items)[series] for items, _, _ in mine), default=0)
        loads.append(_load(meeting, voters, mine))
    return estimate(loads, kiosks=kiosks)


def _ballot(one: Round | Paper) -> Ballot:
    return one.items, one.series, one.standings


def _load(meeting: Meeting, voters: int, ballots: Sequence[Ballot]) -> Load:
    marking = sum(seconds_of(meeting, items, who) for items, _, who in ballots)
    return Load(voters, sum(len(items) for items, _, _ in ballots), len(ballots), marking)


def _kiosks(facts: Facts) -> int:
    return sum(one.enrolled for one in facts.kiosks)


def _round(facts: Facts, one: Round, number: int) -> Json:
    meeting, _ = facts.view.frozen()
    counted = one.state is RoundState.COUNTED
    trustees = meeting.trustees
    return {
        "slot": one.slot,
        "number": number,
        "round": one.number,
        "rule": one.rule,
        "state": str(one.state),
        "items": list(one.items),
        "contests": contests_json(meeting, one.items, one.standings),
        "series": list(one.series),
        "due": one.due,
        "present": one.present_at_open,
        "issued": one.issued,
        "returned": facts.returned[one.slot],
        "exact": one.returned is not None,
        "heads": one.heads,
        "spoiled": len(one.spoiled),
        "override": one.override,
        "last_call": one.slot in facts.last_call and one.state is RoundState.OPEN,
        "no_objection": one.no_objection,
        "checkpoint": {
            "code": checkpoint_code(meeting, one),
            "signed": sorted(facts.checkpoints.get(one.slot, ())),
            "need": trustees.majority if one.compared is None else trustees.threshold,
        },
        "shuffles": _shuffles(facts, one),
        "factors": {
            "sent": sorted(facts.factors.get(one.slot, ())),
            "need": trustees.threshold,
        },
        "compared": one.compared is not None,
        "signed": [{"officer": by.officer, "page": by.page} for by in one.signed],
        "next": [may.id for may in next_signers(meeting, one)] if counted else [],
        "reading": _reading(facts, one),
        "released": one.released,
        "following": next_rounds(facts, one),
        "void": one.void_reason,
    }


def _reading(facts: Facts, one: Round) -> str | None:
    """Whether two scrutineers have to read words of the box; None: nothing was written in it."""
    if one.slot in facts.unread:
        return "due"
    return None if one.reading is None else "done"


def _shuffles(facts: Facts, one: Round) -> Json | None:
    """How far the shuffles are; None where none are needed, or the box is not being counted."""
    progress = facts.shuffles.get(one.slot)
    if progress is None:
        return None
    return {
        "done": list(progress.done),
        "agreed": sorted(progress.agreed),
        "need": progress.need,
        "waits": progress.waits,
    }


def checkpoint_code(meeting: Meeting, one: Round) -> str | None:
    """Return the code of a sealed box's checkpoint, as people compare it."""
    if one.ballots is None or one.returned is None:
        return None
    return code_80bits(checkpoint_of(meeting, one).digest)


def _binding(facts: Facts) -> Json | None:
    bound = facts.binding
    if bound is None:
        return None
    meeting, _ = facts.view.frozen()
    return {
        "slot": bound.slot,
        "round": bound.number,
        "items": list(bound.items),
        "series": list(bound.series),
        "active": len(bound.credentials.elements),
        "acks": sorted(bound.acks),
        "need": meeting.trustees.majority,
    }


def _proposal(facts: Facts) -> Json | None:
    waiting = facts.proposal
    if waiting is None:
        return None
    return {
        "act": waiting.digest,
        "kind": waiting.act.kind,
        "slot": waiting.act.body.get("slot"),
        "places": [sorted(allowed) for allowed in waiting.places],
        "signed": sorted(waiting.signatures),
    }


def _officers(facts: Facts) -> list[Json]:
    return [
        {
            "id": one.id,
            "role": one.role,
            "name": one.name,
            "pen": one.pen,
            **_device(facts, f"officer:{one.id}"),
        }
        for one in facts.draft.officers
    ]


def _trustees(facts: Facts) -> list[Json]:
    state = facts.view.state
    return [
        {
            "index": index,
            "name": name,
            **_device(facts, f"trustee:{index}"),
            "step": _last(step for step in CEREMONY if index in facts.posted.get(step, ())),
            "destroyed": state is not None and index in state.destroyed,
        }
        for index, name in enumerate(facts.draft.trustees, 1)
    ]


def _device(facts: Facts, account: str) -> Json:
    found = facts.accounts.get(account)
    return {
        "enrolled": facts.enrolled(account),
        "invited": found is not None and found.invited,
    }


def _last(steps: Iterable[str]) -> str | None:
    taken = list(steps)
    return taken[-1] if taken else None


def _record(facts: Facts) -> Json | None:
    meeting, state = facts.view.meeting, facts.view.state
    if meeting is None or state is None or not state.closed:
        return None
    signers = note_signers(meeting)
    return {
        "signed": [one for one in signers if one in facts.note],
        "missing": [one for one in signers if one not in facts.note],
    }
