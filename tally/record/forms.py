"""From the record to the forms: the plain numbers and words that ``tally.report`` prints.

Nothing is decided here. Numbers come from the fold and from the opened totals, sentences from the
evaluations, and who is named are candidates and officers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from tally.outcome import as_written, counts_in, reading_in
from tally.record.form_entries import entries_data
from tally.record.form_items import item_data, options_of
from tally.record.form_sums import sums_data, voters
from tally.record.form_words import printable
from voting.crypto.hashing import sha256_hex
from voting.meeting.attendance import leaves_vote
from voting.meeting.binding import by_series
from voting.meeting.fold import apply
from voting.meeting.ledger import SERVER
from voting.meeting.marks import evaluate_round
from voting.meeting.state import RoundState, State
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tally.outcome import Opened
    from tally.report.data import OfficerData, ReportData, RoundData
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.state import Round
    from voting.words import Lang


def report_data(
    meeting: Meeting,
    lines: Sequence[Line],
    opened: Mapping[str, Opened],
    result: bytes,
    *,
    only: str | None = None,
    lang: Lang | None = None,
) -> ReportData:
    """Return what is printed on the forms of a meeting whose rounds are over, or of one round.

    Args:
        opened: By slot, for every round that was counted.
        result: The bytes of ``result.json``, whose digest the first form shows; for one round
            those of its outcome, which is what is certified.
        only: The slot of the one round.
        lang: Of the words; None is the meeting's, in which its ballots are.
    """
    state, present = _walk(meeting, lines)
    meeting = replace(meeting, language=lang or meeting.language)  # what was voted on stays
    numbers = {item: n for n, item in enumerate(meeting.items, 1)}
    rounds = [
        _round(meeting, state, one, n, present[one.slot], opened.get(one.slot), numbers, lines)
        for n, one in enumerate(state.rounds.values(), 1)
        if only in (None, one.slot)
    ]
    officers: list[OfficerData] = [
        {"role": one.role, "name": one.name, "key": one.key} for one in meeting.officers.values()
    ]
    sums = sums_data(meeting, state, opened, numbers) if only is None else []
    return {
        "meeting": {
            "title": meeting.title,
            "body": meeting.body,
            "number": meeting.number,
            "date": meeting.date,
            "place": "",
            "secrecy": meeting.secrecy,
            "retention": meeting.retention,
        },
        "officers": officers,
        "rounds": rounds,
        "sums": sums,
        "digests": {
            "of": "result" if only is None else "outcome",
            "result": sha256_hex(result),
            "meeting": meeting.fingerprint,
        },
    }


def _walk(meeting: Meeting, lines: Sequence[Line]) -> tuple[State, dict[str, int]]:
    """Fold the ledger, and note how many who vote under its rule were there at each opening."""
    state, present = State(), {}
    for line in lines:
        if line.act.kind == "open":
            voters_of = meeting.rule_of(line.act.body["items"][0]).voters
            present[line.act.body["slot"]] = sum(state.present(cls) for cls in voters_of)
        state = apply(meeting, state, line)
    return state, present


def _round(
    meeting: Meeting,
    state: State,
    one: Round,
    number: int,
    present: int,
    opened: Opened | None,
    numbers: Mapping[str, int],
    lines: Sequence[Line],
) -> RoundData:
    rule = meeting.rules[one.rule]
    counts = None if opened is None else counts_in(meeting, one, opened)
    written = None if opened is None else as_written(meeting, one, opened)
    reading = None if opened is None else reading_in(meeting, one, opened)
    void = one.state is RoundState.VOID
    evaluations = {} if void else evaluate_round(meeting, one, counts)
    needed = rule.quorum.fraction.needed(rule.base_due(one.due, max(one.recused.values())))
    first = next(iter(evaluations.values()), None)
    counted = opened is not None
    return {
        "n": number,
        "kind": rule.kind,
        "rule": rule.title[meeting.language],
        "options": options_of(meeting, rule),
        "voters": voters(meeting, one),
        "slot": one.slot,
        "state": _STATES[one.state],
        "reason": _reason(one, meeting),
        "due": one.due,
        "present": present,
        "leave": one.due - present,
        "recused": max(one.recused.values()) if leaves_vote(rule) else 0,
        "recused_items": [numbers[item] for item in one.items if one.recused[item]],
        # Where the groups vote apart, who may vote in this round are those it was opened for.
        "eligible": one.issued if by_series(meeting, one.items) else one.present_at_open,
        "needed": needed,
        "quorum_met": one.present_at_open >= needed,
        "quorum_text": "" if first is None else first.steps[0].text(meeting.language),
        "printed": sum(meeting.series[series].printed for series in one.series),
        "issued": one.issued,
        "leftover": _void(state.leftovers, one),
        "withdrawn": _void(state.withdrawn, one),
        "returned": one.returned,
        "heads": one.heads,
        "spoiled": len(one.spoiled),
        "valid": one.returned if counted else None,
        "invalid": 0 if counted else None,
        "archive": one.final_archive or one.sealed_archive or "",
        "items": [
            item_data(
                meeting,
                item,
                numbers[item],
                None if counts is None else counts[item],
                evaluations.get(item),
                standing=one.standings.get(item),
            )
            for item in one.items
        ],
        "entries": [
            found
            for item in one.items
            if written is not None
            and (found := entries_data(meeting, item, numbers[item], written[item], reading))
            is not None
        ],
        "readers": _readers(meeting, lines, one.slot),
    }


def _readers(meeting: Meeting, lines: Sequence[Line], slot: str) -> list[OfficerData]:
    """Return who signed the reading that stands; nobody where none was needed."""
    read = [line for line in lines if line.act.kind == "reading" and line.act.body["slot"] == slot]
    signers = [one.by for line in read[-1:] for one in line.signatures if one.by != SERVER]
    officers = [meeting.officers[one] for one in signers]
    return [{"role": one.role, "name": one.name, "key": one.key} for one in officers]


_STATES: Final[Mapping[RoundState, Literal["counted", "certified", "under-floor", "void"]]] = {
    RoundState.COUNTED: "counted",
    RoundState.CERTIFIED: "certified",
    RoundState.UNDER_FLOOR: "under-floor",
    RoundState.VOID: "void",
}


def _reason(one: Round, meeting: Meeting) -> str:
    if one.void_reason == "returned-exceeds-issued":
        return say("announce.returned-exceeds-issued", meeting.language)
    # Typed in the room: the record must not wait for a font.
    return printable(one.void_reason or "")


def _void(by_slot: Mapping[str, Mapping[str, str]], one: Round) -> int:
    return sum(series in one.series for series in by_slot.get(one.slot, {}).values())
