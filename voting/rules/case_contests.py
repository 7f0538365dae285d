"""Worked examples of contests, elections and of what is only recorded: judged as a real round is.

Without a rule that the case names, a ``contest`` is judged by the rule ``contested`` with a word
for each name, no limit of rounds and the base that the case gives, so that votes are all it needs.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction as Rational
from typing import TYPE_CHECKING, Any, Final

from voting.errors import DraftError
from voting.rules import rates
from voting.rules.contest import MAJORITY
from voting.rules.evaluate import evaluate_item
from voting.rules.lists import second_list
from voting.rules.rulebook import load_rule
from voting.rules.shapes import Contest, Grid, GroupNumbers, Numbers, Standing
from voting.rules.step import rate_text
from voting.rules.values import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.rules.case_inputs import Inputs
    from voting.rules.evaluation import Evaluation
    from voting.rules.rule import Rule

ROUNDS = {
    "no_quorum": ("not_held", "no_quorum"),
    "issued-exceeds-present": ("blocked", "issued_exceeds_present"),
    "returned-exceeds-issued": ("void", "revote"),
    "uncertified": ("uncertified", "recount"),
}
"""What the round came to and the word for the result, where nothing was decided on the counts."""


UNRETURNED: Final = ("unreturned", "not_returned", "not_cast", "not_voted")
SPOILT: Final = ("spoiled", "spoilt", "void")


def entries_of(rule: Rule, counts: Mapping[str, int], grades: Sequence[str] = ()) -> dict[str, int]:
    """Return counts by option of the rule: a blank is what the rule says a blank is.

    What was not returned may be listed and is no entry; a spoilt paper is an invalid one. A grade
    of the rule's own keeps its name.
    """
    entries: dict[str, int] = {}
    for name, n in counts.items():
        option = name
        if name not in grades:
            if name in UNRETURNED:
                continue
            option = rule.blank_entry if name == "blank" else "invalid" if name in SPOILT else name
        entries[option] = entries.get(option, 0) + n
    return entries


def numbers_of(inputs: Inputs) -> Numbers:
    """Return the numbers of a round: who is present votes, unless the case says otherwise."""
    due, present = inputs.number("due"), inputs.number("present")
    issued = inputs.number("issued", present)
    groups = inputs.part("groups", {})
    return Numbers(
        due=due,
        present_at_open=present,
        present_at_seal=inputs.number("present_at_seal", present),
        issued=issued,
        returned=inputs.number("returned", issued),
        recused=inputs.number("recused", 0),
        groups={name: _group(groups.part(name)) for name in groups.data},
    )


def contest(rule: Rule | None, quorum: Measure | None, inputs: Inputs) -> dict[str, object]:
    """Judge one round of names for seats; ``quorum`` is the case's own."""
    size = inputs.number("next_round_size") if inputs.has("next_round_size") else None
    box = numbers_of(inputs)
    judged = _contest_rule(rule, inputs)
    if quorum is not None:
        judged = dataclasses.replace(judged, quorum=quorum)
    shape, counts = _contest_counts(judged, inputs, box)
    result = evaluate_item(judged, shape, box, counts)
    if size is not None and result.next is not None and result.next.why == "open":
        sized = dataclasses.replace(judged, next_round=size - result.open_seats)
        result = evaluate_item(sized, shape, box, counts)
    due = judged.base_due(box.due, box.recused)
    base = box.present_at_open if judged.to_pass.base == "present" else due
    held, word = round_of(result)
    following = result.next
    names = sorted(following.names) if following else []
    tied = following is not None and following.why == "tie"
    return {
        "quorum_met": result.reason not in ("quorum-at-open", "quorum-at-seal"),
        "pass_needed": judged.to_pass.fraction.needed(base),
        "elected": sorted(result.elected()),
        "tied_revote": names if tied else [],
        "open_seats": result.open_seats,
        "next_round": [] if tied else names,
        "round": held,
        "result": word,
    }


def nomination(rule: Rule | None, inputs: Inputs) -> dict[str, object]:
    """Judge a recommendation by post: shares with their base, whether it is scattered."""
    judged = rule or load_rule("nomination")
    box, votes = numbers_of(inputs), inputs.counts("votes")
    seats = inputs.number("seats", 1, least=1)
    row = {**votes, "blank": inputs.number("blank", 0)}
    if inputs.has("invalid"):
        row["invalid"] = inputs.number("invalid")
    shape = Contest(Standing(tuple(votes), seats))
    result = evaluate_item(judged, shape, box, {"": row})
    held, word = round_of(result)
    return {
        "base": result.steps[-1].numbers.get("base"),
        "rates": {one.id: rate_text(one.rate or 0)[:-1] for one in result.names},
        "scattered": any(note.message == "flag.scattered" for note in result.notes),
        "second_list": sorted(second_list(result.names, seats, judged.second_list)),
        "round": held,
        "result": word,
    }


def assessment(rule: Rule | None, inputs: Inputs) -> dict[str, object]:
    """Judge one cell: shares, 满意率, index and flags by the scale that the case names."""
    judged = rule or load_rule("assessment")
    scale = inputs.word("scale", *[one.id for one in judged.scales])
    grades = [grade.id for grade in judged.scale(scale).grades]
    counts = entries_of(judged, inputs.counts("counts"), grades)
    box = _box_of(inputs, counts)
    result = evaluate_item(judged, Grid({"cell": scale}), box, {"cell": counts})
    held, word = round_of(result)
    if not result.cells:
        return {"round": held, "result": word}
    (cell,) = result.cells
    return {
        "base": cell.base,
        "rates": {one: rate_text(n)[:-1] for one, n in cell.rates.items() if n is not None},
        "favourable_pct": rate_text(cell.favourable)[:-1],
        "index": None if cell.index is None else rates.rounded(Rational(cell.index, 100)),
        "n": cell.weighed,
        "flags": list(cell.flags),
        "round": held,
        "result": word,
    }


def consultation(rule: Rule | None, inputs: Inputs) -> dict[str, object]:
    """Judge a consultation: the share of 同意, and whether the objection is flagged."""
    judged = rule or load_rule("consultation")
    counts = entries_of(judged, inputs.counts("counts"))
    result = evaluate_item(judged, None, numbers_of(inputs), counts)
    return _shares(result)


def recommendation(rule: Rule | None, inputs: Inputs) -> dict[str, object]:
    """Judge a directed recommendation of one name: its share."""
    judged = rule or load_rule("recommendation")
    counts = entries_of(judged, inputs.counts("counts"))
    result = evaluate_item(judged, None, numbers_of(inputs), counts)
    return _shares(result)


def round_of(result: Evaluation) -> tuple[str, str]:
    """Return what a round came to, and the word for its result."""
    key = result.reason if result.decision == "void" else result.decision
    return ROUNDS.get(str(key), ("valid", result.decision))


def _shares(result: Evaluation) -> dict[str, object]:
    held, word = round_of(result)
    rate = result.steps[-1].numbers.get("rate")
    return {
        "rate_pct": None if rate is None else rate_text(rate)[:-1],
        "base": result.steps[-1].numbers.get("base"),
        "objection": any(note.message == "flag.objection" for note in result.notes),
        "round": held,
        "result": word,
    }


def _group(inputs: Inputs) -> GroupNumbers:
    present = inputs.number("present")
    return GroupNumbers(inputs.number("due"), present, inputs.number("present_at_seal", present))


def _box_of(inputs: Inputs, counts: Mapping[str, int]) -> Numbers:
    """Return the numbers of a case that may give nothing but the counts."""
    if inputs.has("due"):
        return numbers_of(inputs)
    all_of_them = sum(counts.values())
    return Numbers(
        due=max(1, all_of_them),
        present_at_open=all_of_them or 1,
        present_at_seal=all_of_them or 1,
        issued=all_of_them,
        returned=all_of_them,
    )


def _contest_rule(rule: Rule | None, inputs: Inputs) -> Rule:
    if rule is None:
        rule = load_rule("contested").choose({"ballot": "each", "rounds-limit": 0})
        rule = dataclasses.replace(rule, passing=Measure(MAJORITY, "due"))
    if inputs.has("base"):
        base: Any = inputs.word("base", "due", "present")
        rule = dataclasses.replace(rule, passing=dataclasses.replace(rule.to_pass, base=base))
    return rule


def _contest_counts(
    rule: Rule, inputs: Inputs, box: Numbers
) -> tuple[Contest, dict[str, dict[str, Any]]]:
    votes = inputs.counts("votes")
    against, written = inputs.counts("disagree", {}), inputs.counts("write_ins", {})
    for name in against:
        if name not in votes:
            raise DraftError("cases-unknown-key", f"{inputs.place}.disagree.{name}")
    why: Any = inputs.word("why", "first", "tie", "open", otherwise="first")
    standing = Standing(
        tuple(votes), inputs.number("seats", least=1), why, inputs.number("round_number", 1)
    )
    shape = Contest(standing, "text" if written else "none")
    counts: dict[str, dict[str, Any]]
    if rule.kind == "contested" and rule.ballot == "choose":
        return shape, {"": {"blank": inputs.number("blank", 0), **votes}}
    if rule.kind == "election" and not shape.each:
        counts = {"for": votes, "against": against}
    else:
        counts = {}
        for name, n in votes.items():
            others = box.returned - n - against.get(name, 0)
            row = {"agree": n, "disagree": against.get(name, 0)}
            counts[name] = {**row, "abstain": others} if others > 0 else row
    if written:
        texts = [{"text": name, "votes": n} for name, n in written.items()]
        counts["others"] = {"numbers": {}, "none": 0, "invalid": 0, "texts": texts}
    return shape, counts
