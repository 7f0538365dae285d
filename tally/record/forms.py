"""From the record to the forms: the plain numbers and words that ``tally.report`` prints.

Nothing is decided here. Numbers come from the fold and from the opened totals, sentences from the
evaluations, and who is named are candidates and officers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from tally.outcome import counts_in
from voting.crypto.hashing import sha256_hex
from voting.meeting.attendance import leaves_vote
from voting.meeting.binding import by_series
from voting.meeting.fold import apply
from voting.meeting.marks import evaluate_round
from voting.meeting.state import RoundState, State
from voting.rules.rates import hundredths
from voting.rules.step import fraction_text, rate_text
from voting.words import Word, listed, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tally.outcome import Opened
    from tally.report.data import ItemData, OfficerData, ReportData, RoundData
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.state import Round
    from voting.rules.confirmation import Evaluation
    from voting.words import Lang


def report_data(
    meeting: Meeting,
    lines: Sequence[Line],
    opened: Mapping[str, Opened],
    result: bytes,
    *,
    only: str | None = None,
) -> ReportData:
    """Return what is printed on the forms of a meeting whose rounds are over, or of one round.

    Args:
        opened: By slot, for every round that was counted.
        result: The bytes of ``result.json``, whose digest the first form shows; for one round
            those of its outcome, which is what is certified.
        only: The slot of the one round.
    """
    state, present = _walk(meeting, lines)
    numbers = {item: n for n, item in enumerate(meeting.items, 1)}
    rounds = [
        _round(meeting, state, one, n, present[one.slot], opened.get(one.slot), numbers)
        for n, one in enumerate(state.rounds.values(), 1)
        if only in (None, one.slot)
    ]
    officers: list[OfficerData] = [
        {"role": one.role, "name": one.name, "key": one.key} for one in meeting.officers.values()
    ]
    sums = _sums(meeting, state, opened, numbers) if only is None else []
    return {
        "meeting": {
            "title": meeting.title,
            "body": meeting.body,
            "number": meeting.number,
            "date": meeting.date,
            "place": "",
            "secrecy": meeting.secrecy,
            "retention": meeting.retention,
            "kind": next(iter(meeting.rules.values())).kind,
            "options": _options(meeting),
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


def _options(meeting: Meeting) -> tuple[str, str, str]:
    """Return the words of the first rule that has all three; blanks where none has."""
    wanted = ("agree", "disagree", "abstain")
    for rule in meeting.rules.values():
        if set(wanted) <= set(rule.options):
            agree, disagree, abstain = (meeting.word(rule, option) for option in wanted)
            return agree, disagree, abstain
    return "", "", ""


def _walk(meeting: Meeting, lines: Sequence[Line]) -> tuple[State, dict[str, int]]:
    """Fold the ledger, and note how many members were in the room at each opening."""
    state, present = State(), {}
    for line in lines:
        if line.act.kind == "open":
            present[line.act.body["slot"]] = state.present()
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
) -> RoundData:
    rule = meeting.rules[one.rule]
    counts = None if opened is None else counts_in(meeting, one, opened)
    void = one.state is RoundState.VOID
    evaluations = {} if void else evaluate_round(meeting, one, counts)
    needed = rule.quorum.fraction.needed(rule.base_due(one.due, max(one.recused.values())))
    first = next(iter(evaluations.values()), None)
    counted = opened is not None
    return {
        "n": number,
        "voters": _voters(meeting, one),
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
            _item(meeting, item, numbers[item], counts, evaluations.get(item)) for item in one.items
        ],
    }


_STATES: Final[Mapping[RoundState, Literal["counted", "certified", "under-floor", "void"]]] = {
    RoundState.COUNTED: "counted",
    RoundState.CERTIFIED: "certified",
    RoundState.UNDER_FLOOR: "under-floor",
    RoundState.VOID: "void",
}


def _item(
    meeting: Meeting,
    item: str,
    number: int,
    counts: Mapping[str, Mapping[str, Any]] | None,
    evaluation: Evaluation | None,
) -> ItemData:
    frozen, lang = meeting.items[item], meeting.language
    # The names of a contest and the cells of a grid have forms of their own.
    row = None if counts is None or frozen.contest is not None else counts[item]
    decision = "void" if evaluation is None else evaluation.decision
    return {
        "n": number,
        "name": frozen.candidate or frozen.question,
        "current": frozen.current,
        "proposed": frozen.proposed,
        "removed": frozen.removed,
        "agree": None if row is None else row["agree"],
        "disagree": None if row is None else row["disagree"],
        "abstain": None if row is None else row["abstain"],
        "passed": {"passed": True, "not_passed": False}.get(decision),
        "decision_text": _decided(decision, evaluation, lang),
        "base_text": "" if evaluation is None else _basis(evaluation, lang),
        "note": ""
        if evaluation is None
        else " ".join(note.text(lang) for note in evaluation.notes),
    }


def _basis(evaluation: Evaluation, lang: Lang) -> str:
    """Return by what the item was decided: the same words for all items on one base.

    Where the counts did not decide, it is what the last step says.
    """
    step = evaluation.steps[-1]
    if evaluation.decision == "recorded":
        return say("forms.rate-basis", lang, basis=Word(f"base.{step.base}"))
    if evaluation.decision not in ("passed", "not_passed") or step.fraction is None:
        return step.text(lang)
    return say(
        "forms.basis",
        lang,
        basis=Word(f"base.{step.base}"),
        fraction=fraction_text(step.fraction, lang),
        base=step.numbers["base"],
        needed=step.numbers["needed"],
    )


def _decided(decision: str, evaluation: Evaluation | None, lang: Lang) -> str:
    """Return the decision in a word; where nothing is decided, the share."""
    if decision == "recorded" and evaluation is not None and "rate" in evaluation.steps[-1].numbers:
        return rate_text(evaluation.steps[-1].numbers["rate"])
    return say(f"decision.{decision}", lang)


def _sums(
    meeting: Meeting, state: State, opened: Mapping[str, Opened], numbers: Mapping[str, int]
) -> list[ItemData]:
    """Return what all groups gave each item together, where more than one was counted apart.

    Every group's numbers are printed beside it, so that a sum tells nothing more.
    """
    apart = [one for one in state.rounds.values() if by_series(meeting, one.items)]
    counted = [(one, opened[one.slot]) for one in apart if one.slot in opened]
    rows: list[ItemData] = []
    for item in meeting.items:
        parts = [
            (one, counts_in(meeting, one, box)[item])
            for one, box in counted
            if item in one.items and meeting.items[item].contest is None
        ]
        if len(parts) < 2:
            continue
        summed = {option: sum(row[option] for _, row in parts) for option in parts[0][1]}
        issued = sum(one.issued for one, _ in parts)
        base = issued if meeting.rule_of(item).rate_base == "issued" else sum(summed.values())
        row = _item(meeting, item, numbers[item], {item: summed}, None)
        rate = rate_text(hundredths(summed["agree"], base)) if base else ""
        rows.append({**row, "decision_text": rate})
    return rows


def _voters(meeting: Meeting, one: Round) -> str:
    """Return the titles of the series that voted; empty unless the groups vote apart."""
    if not by_series(meeting, one.items):
        return ""
    return listed((meeting.series[series].title for series in one.series), meeting.language)


def _reason(one: Round, meeting: Meeting) -> str:
    if one.void_reason == "returned-exceeds-issued":
        return say("announce.returned-exceeds-issued", meeting.language)
    return one.void_reason or ""


def _void(by_slot: Mapping[str, Mapping[str, str]], one: Round) -> int:
    return sum(series in one.series for series in by_slot.get(one.slot, {}).values())
