"""Who stands in a next round: computed from what the last one came to, never typed.

The ledger holds no totals, so the fold takes the standings of an ``open`` act as they are said
(``voting.meeting.standings``). Whoever has the opened boxes computes them again here: the server
before it proposes the round, every officer's device before it signs it, and the verifier.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tally.outcome import counts_in, is_unread, reading_in
from voting.errors import RefusedError, VerificationError
from voting.meeting.chain import motions_of
from voting.meeting.marks import evaluate_round
from voting.meeting.readings import Masked
from voting.meeting.standings import COUNTED, is_told, last_round
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.state import Round, State
    from voting.rules.shapes import Standing

WITHHELD: Final = "withheld"
"""The visibility under which the room is told nothing."""

_FOR_SEATS: Final = frozenset({"contested", "election"})
"""Kinds of vote that may have a next round."""


def following(meeting: Meeting, state: State, opened: Mapping[str, Opened]) -> dict[str, Standing]:
    """Return who stands in the next round of every item that is to have one now.

    Of a box with words that nobody has read there is nothing to say yet.

    Args:
        opened: By slot, at least of the rounds that ``asked_of`` names.
    """
    found: dict[str, Standing] = {}
    for slot in asked_of(meeting, state):
        one = state.rounds[slot]
        if is_unread(meeting, one, opened[slot]):
            continue
        nexts = next_of(meeting, one, opened[slot])
        found |= {item: who for item, who in nexts.items() if last_round(state, item) is one}
    return {item: found[item] for item in meeting.items if item in found}


def asked_of(meeting: Meeting, state: State) -> list[str]:
    """Return the slots whose boxes tell what may open next.

    The last of each contest, and those of motions of this meeting for which a vote waits.
    """
    slots = {one.slot: None for item in meeting.items for one in _motions(meeting, state, item)}
    for item, frozen in meeting.items.items():
        last = last_round(state, item)
        seats = meeting.rules[frozen.rule].kind in _FOR_SEATS
        if seats and last is not None and last.state in COUNTED and not is_told(state, item):
            slots[last.slot] = None
    return list(slots)


def next_of(meeting: Meeting, one: Round, opened: Opened) -> dict[str, Standing]:
    """Return who stands next, by item, as one counted round left it."""
    if meeting.rules[one.rule].kind not in _FOR_SEATS:
        return {}
    evaluations = evaluate_round(meeting, one, counts_in(meeting, one, opened))
    return {
        item: evaluation.next
        for item, evaluation in evaluations.items()
        if evaluation.next is not None
    }


def check_standings(
    meeting: Meeting,
    state: State,
    items: Sequence[str],
    standings: Mapping[str, Standing],
    opened: Mapping[str, Opened],
) -> None:
    """Demand that an opening says of its items exactly who stands by the rule.

    Args:
        state: Before the opening.

    Raises:
        VerificationError: ``standing-mismatch``, ``reading-mismatch``.
        RefusedError: ``reading-missing``.
    """
    for item in items:
        last = last_round(state, item)
        if last is not None and last.slot in opened:
            counts_in(meeting, last, opened[last.slot])
    wanted = following(meeting, state, opened)
    for item in items:
        if standings.get(item) != wanted.get(item):
            raise VerificationError("standing-mismatch", item=item)


def check_motions(
    meeting: Meeting, state: State, items: Sequence[str], opened: Mapping[str, Opened]
) -> None:
    """Demand that the motions of this meeting for which items wait have passed.

    That they are certified is the fold's to demand (``voting.meeting.chain``).

    Raises:
        RefusedError: ``earlier-not-passed``.
    """
    for item in items:
        for one in _motions(meeting, state, item):
            counts = counts_in(meeting, one, opened[one.slot])
            wanted = motions_of(meeting, item)
            for motion, evaluation in evaluate_round(meeting, one, counts).items():
                if motion in wanted and evaluation.decision != "passed":
                    raise RefusedError("earlier-not-passed")


def _motions(meeting: Meeting, state: State, item: str) -> list[Round]:
    """Return the counted rounds of the motions for which an item waits."""
    rounds = state.rounds_of(motions_of(meeting, item))
    return [one for one in rounds if one.state in COUNTED]


def ended_by(
    meeting: Meeting, state: State, one: Round, opened: Mapping[str, Opened]
) -> tuple[str, ...]:
    """Return the items whose next round, still to come, is given up by releasing this round.

    Raises:
        RefusedError: ``reading-missing``: who stands next nobody knows yet.
    """
    if one.slot in opened:
        counts_in(meeting, one, opened[one.slot])
    return tuple(item for item in following(meeting, state, opened) if item in one.items)


def awaited(meeting: Meeting, standings: Mapping[str, Standing]) -> tuple[str, ...]:
    """Return the items whose next round must be held, or given up, before the meeting can end.

    It is given up by a release. Where the rule lets nothing be released the meeting ends without.

    Args:
        standings: As ``following`` gives them.
    """
    told = (item for item in standings if meeting.rule_of(item).visibility != WITHHELD)
    return tuple(told)


def check_release(meeting: Meeting, state: State, one: Round, opened: Mapping[str, Opened]) -> None:
    """Refuse to release a round of a contest while the rule has a later one still to come.

    Raises:
        RefusedError: ``release-early``, ``reading-missing``.
    """
    if waiting := ended_by(meeting, state, one, opened):
        raise RefusedError("release-early", slot=one.slot, item=waiting[0])


def verify_readings(
    meeting: Meeting, state: State, lines: Iterable[Line], opened: Mapping[str, Opened]
) -> None:
    """Hold every reading, also one that another took the place of, against its box.

    Raises:
        VerificationError: ``reading-mismatch``, ``reading-number``, ``reading-name``.
    """
    for line in lines:
        if line.act.kind == "reading":
            slot = line.act.body["slot"]
            one = replace(state.rounds[slot], reading=Masked.of(line.act.body))
            reading_in(meeting, one, opened[slot])


def verify_standings(
    meeting: Meeting, state: State, lines: Iterable[Line], opened: Mapping[str, Opened]
) -> None:
    """Replay every opening's standings against the boxes opened before it.

    Args:
        state: The fold of all lines: a round that was counted stays so.

    Raises:
        VerificationError: ``standing-mismatch`` with the slot.
    """
    nexts: dict[str, Standing] = {}
    for line in lines:
        kind, body = line.act.kind, line.act.body
        if kind not in ("open", "seal", "count", "release"):
            continue
        one = state.rounds[body["slot"]]
        if kind == "open":
            wrong = [item for item in one.items if one.standings.get(item) != nexts.get(item)]
            if wrong:
                raise VerificationError("standing-mismatch", slot=one.slot, item=wrong[0])
        elif kind in ("count", "release") or one.state is RoundState.UNDER_FLOOR:
            for item in one.items:
                nexts.pop(item, None)
            if kind == "count":
                nexts |= next_of(meeting, one, opened[one.slot])
