"""What the big screen and an observer may see now, as data and sentence ids.

Nothing here needs an account, so everything here is for everybody: numbers in steps, the trackers
after the seal, and of the counts nothing before two roles have released them. Then the customary
words, which the evaluation itself makes that decided (``voting.rules.announce``); under a rule
whose visibility is ``outcome`` they hold no count, and under ``withheld`` nothing is released.
No name is told but those of the candidates and what ``meeting.json`` has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.server.services import closing, contests
from kiosk.server.services.asked import contest_json
from kiosk.server.services.facts import Facts, gather
from kiosk.server.services.overview import checkpoint_code, heading
from kiosk.server.services.quorum import quorums
from tally.outcome import counts_in
from voting.crypto.hashing import code_80bits
from voting.meeting.marks import evaluate_round
from voting.meeting.questions import called_of
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import RoundState
from voting.rules.announce import Matter, announce
from voting.words import LANGS

if TYPE_CHECKING:
    from kiosk.server.services.room import Room, View
    from tally.outcome import Opened
    from voting.meeting.frozen import Item, Meeting
    from voting.meeting.state import Round, State

Json = dict[str, object]
SHORT = 12
"""Symbols of a tracker that people see."""

_SHOWN = frozenset({RoundState.SEALED, RoundState.COUNTED, RoundState.CERTIFIED})


async def hall(room: Room) -> Json:
    """Return what the big screen may show now."""
    facts = await gather(room)
    meeting, state = facts.view.meeting, facts.view.state
    papers: list[Json] = []
    if meeting is not None and state is not None:
        for number, one in enumerate(state.rounds.values(), 1):
            papers.append(
                {
                    **_paper(facts, meeting, one, number),
                    "trackers": await _trackers(room, one),
                    "checkpoint": checkpoint_code(meeting, one),
                    "announcement": await announcement(room, meeting, one),
                    "void": one.void_reason,
                }
            )
    return {
        **heading(facts),
        "language": (meeting or facts.draft).language,
        "numbers": _numbers(facts, meeting, state),
        "papers": papers,
        "record": await _record(room, facts.view),
    }


async def observe(room: Room) -> Json:
    """Return the digests that an observer compares with other screens and with the record."""
    view = await room.view()
    meeting, state = view.meeting, view.state
    rounds = (
        []
        if state is None or meeting is None
        else [_digests(meeting, one, n) for n, one in enumerate(state.rounds.values(), 1)]
    )
    closed = state is not None and state.closed
    return {
        "stage": "draft" if meeting is None else "closed" if closed else "frozen",
        "meeting": None if meeting is None else meeting.fingerprint,
        "code": None if meeting is None else meeting.code,
        "head": view.head,
        "head_code": code_80bits(view.head),
        "height": view.height,
        "rounds": rounds,
        "record": {**await _record(room, view), "open": closing.is_public(view)},
    }


def shortened(trackers: list[str]) -> list[str]:
    """Return trackers as people look them up: their first symbols, sorted."""
    return sorted(one[:SHORT] for one in trackers)


async def announcement(room: Room, meeting: Meeting, one: Round) -> dict[str, list[str]] | None:
    """Return the words to be read out, in both languages; None before the release.

    What was opened never changes, so the words are made once: reading them out of the archive
    takes a while, in a worker.
    """
    if not one.released:
        return None
    if one.slot not in room.announced:
        room.announced[one.slot] = _words(meeting, one, await contests.box(room, one.slot))
    return room.announced[one.slot]


def _words(meeting: Meeting, one: Round, opened: Opened) -> dict[str, list[str]]:
    evaluations = evaluate_round(meeting, one, counts_in(meeting, one, opened))
    items = [(_name(meeting.items[item]), evaluations[item]) for item in one.items]
    names = [called_of(meeting, item, evaluations[item]) for item in one.items]
    rule = meeting.rules[one.rule]
    return {lang: list(announce(rule, items, lang, names=names)) for lang in LANGS}


def _name(item: Item) -> str:
    """Return what an item is called when it is read out: its person, or its matter."""
    return item.candidate or Matter(item.proposed or item.question)


async def _trackers(room: Room, one: Round) -> list[str] | None:
    if one.state not in _SHOWN:
        return None
    async with room.store.reading() as tx:
        return shortened(await tx.trackers(one.slot))


def _paper(facts: Facts, meeting: Meeting, one: Round, number: int) -> Json:
    numbers = {item: n for n, item in enumerate(meeting.items, 1)}
    return {
        "slot": one.slot,
        "number": number,
        "round": one.number,
        "state": str(one.state),
        "recused": max(one.recused.values(), default=0),
        "items": [
            {
                "item": item,
                "n": numbers[item],
                "candidate": meeting.items[item].candidate,
                "current": meeting.items[item].current,
                "proposed": meeting.items[item].proposed,
                "removed": meeting.items[item].removed,
                "question": meeting.items[item].question,
                "contest": contest_json(meeting, item, one.standings.get(item)),
            }
            for item in one.items
        ],
        "issued": one.issued,
        "returned": facts.returned[one.slot],
        "exact": one.returned is not None,
        "last_call": one.slot in facts.last_call and one.state is RoundState.OPEN,
    }


def _numbers(facts: Facts, meeting: Meeting | None, state: State | None) -> Json:
    if meeting is None or state is None:
        return {"due": facts.draft.due("member"), "present": 0, "quorum": []}
    return {
        "due": meeting.roll.due,
        "present": state.present(),
        "quorum": [one.to_json() for one in quorums(meeting, state)],
    }


def _digests(meeting: Meeting, one: Round, number: int) -> Json:
    sealed = one.ballots is not None and one.returned is not None
    return {
        "slot": one.slot,
        "number": number,
        "state": str(one.state),
        "election": one.election,
        "credentials": one.credentials,
        "ballots": one.ballots,
        "archive": one.sealed_archive,
        "checkpoint": checkpoint_of(meeting, one).digest if sealed else None,
        "checkpoint_code": checkpoint_code(meeting, one),
        "final": one.final_archive,
    }


async def _record(room: Room, view: View) -> Json:
    closed = view.state is not None and view.state.closed
    digest = await closing.record_digest(room) if closed else None
    return {"closed": closed, "complete": digest is not None, "digest": digest}
