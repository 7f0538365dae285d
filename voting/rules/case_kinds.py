"""How each kind of worked example is judged: inputs of a case in, what came out by name."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from fractions import Fraction as Rational
from typing import TYPE_CHECKING, Any, cast

from voting.errors import DraftError
from voting.rules import rates
from voting.rules.confirmation import Evaluation, evaluate_confirmation
from voting.rules.dates import last_calendar_day, last_workday
from voting.rules.entries import read_entry
from voting.rules.fraction import Fraction
from voting.rules.quorum import evaluate_quorum
from voting.rules.rule import Measure, Rule
from voting.rules.rulebook import load_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

QUORUMS = {
    "2/3_incl": Fraction(2, 3, inclusive=True),
    "2/3_strict": Fraction(2, 3, inclusive=False),
    "1/2_incl": Fraction(1, 2, inclusive=True),
    "1/2_strict": Fraction(1, 2, inclusive=False),
    "4/5_incl": Fraction(4, 5, inclusive=True),
    "4/5_strict": Fraction(4, 5, inclusive=False),
}
BLANKS = ("abstain", "agree", "disagree", "invalid")
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


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of one case. A reader raises ``DraftError`` naming the place."""

    data: Any
    place: str
    vote_type: str = ""

    def has(self, key: str) -> bool:
        """Return whether the key is given."""
        return key in self.data

    def number(self, key: str, otherwise: int | None = None, least: int = 0) -> int:
        """Return an integer of at least ``least``."""
        value = self._get(key, otherwise)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=f">= {least}")
        return value

    def word(self, key: str, *allowed: str, otherwise: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self._get(key, otherwise)
        if not isinstance(value, str) or value not in allowed:
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=list(allowed))
        return value

    def flag(self, key: str, otherwise: bool | None = None) -> bool:
        """Return true or false."""
        value = self._get(key, otherwise)
        if not isinstance(value, bool):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=["true", "false"])
        return value

    def part(self, key: str, otherwise: dict[str, object] | None = None) -> Inputs:
        """Return an object of the inputs."""
        value = self._get(key, otherwise)
        if not isinstance(value, dict):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="{…}")
        return Inputs(value, f"{self.place}.{key}")

    def counts(self, key: str, otherwise: dict[str, object] | None = None) -> dict[str, int]:
        """Return an object of numbers."""
        part = self.part(key, otherwise)
        return {name: part.number(name) for name in part.data}

    def list_of(self, key: str, kind: type, otherwise: list[object] | None = None) -> list[Any]:
        """Return a list whose members are all of one type."""
        value = self._get(key, otherwise)
        if not isinstance(value, list) or not all(type(one) is kind for one in value):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=f"[{kind.__name__}]")
        return value

    def pair(self, key: str) -> tuple[int, int]:
        """Return numerator and denominator."""
        value = self.list_of(key, int)
        if len(value) != 2 or value[0] < 0 or value[1] < 1:
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="[num, den]")
        return value[0], value[1]

    def day(self, key: str) -> dt.date:
        """Return a date."""
        return self._date(self._get(key, None), key)

    def days(self, key: str) -> frozenset[dt.date]:
        """Return a list of dates, none when it is not given."""
        return frozenset(self._date(one, key) for one in self.list_of(key, str, []))

    def _date(self, value: object, key: str) -> dt.date:
        try:
            return dt.date.fromisoformat(cast("str", value))
        except (TypeError, ValueError) as e:
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="YYYY-MM-DD") from e

    def _get(self, key: str, otherwise: object) -> object:
        if key in self.data:
            return self.data[key]
        if otherwise is None:
            raise DraftError("cases-missing-key", f"{self.place}.{key}")
        return otherwise


def _rule(inputs: Inputs, counts: Mapping[str, object]) -> Rule:
    """Return the rule of the book that the case means, with the case's own quorum."""
    rule = load_rule("plenum" if inputs.vote_type.startswith("plenum") else "standing-committee")
    quorum = inputs.word("quorum_rule", *QUORUMS, otherwise="2/3_incl")
    options = (*rule.options, "defer") if "defer" in counts else rule.options
    return dataclasses.replace(rule, quorum=Measure(QUORUMS[quorum], "due"), options=options)


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
    issued = inputs.number("issued", present)
    result = evaluate_confirmation(
        rule,
        due=due,
        present_at_open=present,
        present_at_seal=present,
        issued=issued,
        returned=inputs.number("returned", issued),
        recused=0,
        counts=counts,
    )
    held, word = _round(result)
    return {
        "quorum_needed": rule.quorum.fraction.needed(due),
        "quorum_met": result.steps[0].met,
        "pass_needed": rule.passing.fraction.needed(due),
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


def _threshold(inputs: Inputs) -> dict[str, object]:
    op = inputs.word("op", ">", ">=", "<", "<=")
    count, base = inputs.number("count"), inputs.number("base")
    return {"hit": rates.threshold(count, base, *inputs.pair("fraction"), op)}


def _rate(inputs: Inputs) -> dict[str, object]:
    places = inputs.number("places", 2)
    return {"rate_pct": rates.rate(inputs.number("num"), inputs.number("den"), places)}


def _index(inputs: Inputs) -> dict[str, object]:
    index, answers = rates.index(inputs.counts("weights"), inputs.counts("counts"))
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
        inputs.number("days", least=1),
        count_first_day=inputs.flag("count_first_day"),
        holidays=inputs.days("holidays"),
        extra_workdays=inputs.days("extra_workdays"),
    )
    return {"last_day": last.isoformat()}


def _caldays(inputs: Inputs) -> dict[str, object]:
    first = inputs.flag("count_first_day")
    last = last_calendar_day(
        inputs.day("start"), inputs.number("days", least=1), count_first_day=first
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
    "threshold": _threshold,
    "rate": _rate,
    "index": _index,
    "weighted": _weighted,
    "workdays": _workdays,
    "caldays": _caldays,
    "ballot": _ballot,
}
