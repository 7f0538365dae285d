"""How each kind of worked example is judged: inputs of a case in, what came out by name."""

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction as Rational
from typing import TYPE_CHECKING, Any, Final, cast

from voting.errors import DraftError
from voting.rules import case_contests, rates
from voting.rules.case_contests import entries_of
from voting.rules.confirmation import Evaluation, evaluate_confirmation
from voting.rules.dates import last_calendar_day, last_workday
from voting.rules.entries import read_entry
from voting.rules.fraction import Fraction
from voting.rules.parsing import KINDS as RULE_KINDS
from voting.rules.quorum import evaluate_quorum
from voting.rules.rulebook import load_rule
from voting.rules.values import Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voting.rules.case_inputs import Inputs
    from voting.rules.rule import Rule

QUORUM: Final = re.compile(r"([0-9]{1,9})/([0-9]{1,9})_(incl|strict)")
"""``2/3_incl`` (以上), ``4/5_strict`` (超过), and any other share in this form."""
BLANKS = ("abstain", "agree", "disagree", "invalid")
DAYS: Final = 3660
# What the round came to, and the word for the result, by decision and then by reason.
ROUNDS = {
    "passed": ("valid", "passed"),
    "not_passed": ("valid", "not_passed"),
    "deferred": ("valid", "deferred"),
    "no_quorum": ("not_held", "no_quorum"),
    "issued-exceeds-present": ("blocked", "issued_exceeds_present"),
    "returned-exceeds-issued": ("void", "revote"),
    "uncertified": ("uncertified", "recount"),
}


def _rule(inputs: Inputs, counts: Mapping[str, object]) -> Rule:
    """Return the rule that the case names or means, with the case's own quorum."""
    rule = inputs.named
    if rule is None:
        body = "plenum" if inputs.vote_type.startswith("plenum") else "standing-committee"
        rule = dataclasses.replace(
            load_rule(body), quorum=Measure(Fraction(2, 3, inclusive=True), "due")
        )
    if inputs.has("quorum_rule"):
        rule = dataclasses.replace(rule, quorum=Measure(_share(inputs), "due"))
    if "defer" in counts and "defer" not in rule.options:
        rule = dataclasses.replace(rule, options=(*rule.options, "defer"))
    return rule


def _share(inputs: Inputs) -> Fraction:
    """Return the quorum that a case gives itself, as ``2/3_incl``."""
    found = QUORUM.fullmatch(str(inputs.data["quorum_rule"]))
    if found:
        over, under, edge = found.groups()
        try:
            return Fraction(int(over), int(under), inclusive=edge == "incl")
        except ValueError:  # more than all, or nothing
            pass
    raise DraftError(
        "cases-bad-value", f"{inputs.place}.quorum_rule", allowed=["2/3_incl", "2/3_strict", "…"]
    )


def _quorum(inputs: Inputs) -> dict[str, object]:
    if inputs.has("due"):
        due = inputs.number("due")
    else:
        due = max(0, inputs.number("serving_members") - inputs.number("approved_exclusions", 0))
    step = evaluate_quorum(_rule(inputs, {}), due=due, present=inputs.number("present_members"))
    return {"needed": step.numbers["needed"], "met": step.met, "due": due}


def _vote(inputs: Inputs, counts: dict[str, int]) -> dict[str, object]:
    rule = _rule(inputs, counts)
    due, present = inputs.number("due"), inputs.number("present")
    issued, recused = inputs.number("issued", present), inputs.number("recused", 0)
    result = evaluate_confirmation(
        rule,
        due=due,
        present_at_open=present,
        present_at_seal=inputs.number("present_at_seal", present),
        issued=issued,
        returned=inputs.number("returned", issued),
        recused=recused,
        counts=entries_of(rule, counts),
    )
    held, word = _round(result)
    base_due = rule.base_due(due, recused)
    base = present if rule.to_pass.base == "present" else base_due
    return {
        "quorum_needed": rule.quorum.fraction.needed(base_due),
        "quorum_met": result.decision != "no_quorum",
        "pass_needed": rule.to_pass.fraction.needed(base),
        "round": held,
        "result": word,
    }


def _round(result: Evaluation) -> tuple[str, str]:
    return ROUNDS[cast("str", result.reason) if result.decision == "void" else result.decision]


def _committee_vote(inputs: Inputs) -> dict[str, object]:
    return _vote(inputs, inputs.counts("counts", {}))


def _slate(inputs: Inputs) -> dict[str, object]:
    people = inputs.part("candidates")
    return {name: _vote(inputs, people.counts(name))["result"] for name in people.data}


def _recusal_committee(inputs: Inputs) -> dict[str, object]:
    due, present = inputs.number("due"), inputs.number("present_in_room")
    agree = inputs.number("agree")
    words: dict[str, object] = {}
    for base in ("unchanged", "reduced"):
        rule = dataclasses.replace(_rule(inputs, {}), recusal_base=cast("Any", base))
        result = evaluate_confirmation(
            rule,
            due=due,
            present_at_open=present,
            present_at_seal=present,
            issued=present,
            returned=present,
            recused=inputs.number("recused"),
            counts={"agree": agree, "disagree": present - agree},
        )
        words[f"base_{base}"] = _round(result)[1]
    words["policy_sensitive"] = words["base_unchanged"] != words["base_reduced"]
    return words


def _contest(inputs: Inputs) -> dict[str, object]:
    quorum = None
    if inputs.named is None or inputs.has("quorum_rule"):
        quorum = _rule(inputs, {}).quorum
    return case_contests.contest(inputs.named, quorum, inputs)


def _threshold(inputs: Inputs) -> dict[str, object]:
    op = inputs.word("op", ">", ">=", "<", "<=")
    count, base = inputs.number("count"), inputs.number("base")
    return {"hit": rates.threshold(count, base, *inputs.pair("fraction"), op)}


def _rate(inputs: Inputs) -> dict[str, object]:
    places = inputs.number("places", 2, most=9)
    return {"rate_pct": rates.rate(inputs.number("num"), inputs.number("den"), places)}


def _index(inputs: Inputs) -> dict[str, object]:
    weights = inputs.counts("weights")
    counts = {name: n for name, n in inputs.counts("counts").items() if name in weights}
    index, answers = rates.index(weights, counts)
    return {"index": index, "n": answers}


def _weighted(inputs: Inputs) -> dict[str, object]:
    groups = {}
    people = inputs.part("groups")
    for name in people.data:
        group = people.part(name)
        weight = Rational(*group.pair("weight"))
        groups[name] = (weight, group.number("votes"), group.number("valid"))
    return {"score_pct": rates.weighted(groups)}


def _workdays(inputs: Inputs) -> dict[str, object]:
    last = last_workday(
        inputs.day("start"),
        inputs.number("days", least=1, most=DAYS),
        count_first_day=inputs.flag("count_first_day"),
        holidays=inputs.days("holidays"),
        extra_workdays=inputs.days("extra_workdays"),
    )
    return {"last_day": last.isoformat()}


def _caldays(inputs: Inputs) -> dict[str, object]:
    first = inputs.flag("count_first_day")
    last = last_calendar_day(
        inputs.day("start"), inputs.number("days", least=1, most=DAYS), count_first_day=first
    )
    return {"last_day": last.isoformat()}


def _ballot(inputs: Inputs) -> dict[str, object]:
    entry = read_entry(
        inputs.list_of("marked", str),
        inputs.number("max"),
        exact=inputs.flag("exact", False),
        blank=inputs.word("blank_policy", *BLANKS, otherwise="abstain"),
    )
    return {
        "ballot": "valid" if entry.valid else "invalid",
        "reason": entry.reason,
        "credits": list(entry.credits),
        "counts_as": entry.counts_as,
    }


KINDS: dict[str, Callable[[Inputs], dict[str, object]]] = {
    "quorum": _quorum,
    "committee_vote": _committee_vote,
    "slate": _slate,
    "recusal_committee": _recusal_committee,
    "contest": _contest,
    "nomination": lambda inputs: case_contests.nomination(inputs.named, inputs),
    "assessment": lambda inputs: case_contests.assessment(inputs.named, inputs),
    "consultation": lambda inputs: case_contests.consultation(inputs.named, inputs),
    "recommendation": lambda inputs: case_contests.recommendation(inputs.named, inputs),
    "threshold": _threshold,
    "rate": _rate,
    "index": _index,
    "weighted": _weighted,
    "workdays": _workdays,
    "caldays": _caldays,
    "ballot": _ballot,
}

_CONFIRMATION = ("confirmation",)
_RULE_KINDS: dict[str, tuple[str, ...]] = {
    "quorum": tuple(kind for kind in RULE_KINDS if kind != "named"),
    "committee_vote": _CONFIRMATION,
    "slate": _CONFIRMATION,
    "recusal_committee": _CONFIRMATION,
    "contest": ("contested", "election"),
    "nomination": ("nomination",),
    "assessment": ("assessment",),
    "consultation": ("consultation",),
    "recommendation": ("recommendation",),
}


def kinds_of(kind: str) -> tuple[str, ...]:
    """Return the kinds of rules that an example of a kind may name; none for mere arithmetic."""
    return _RULE_KINDS.get(kind, ())
