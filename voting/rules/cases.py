"""Worked examples run against the rules: what ``piaojue rules check CASES.json`` does.

An institution writes down what its rules say of given numbers and sees where we differ. A
case is judged by the same functions that decide a real vote. Kinds that describe behaviour
of the program (``policy:*``, ``sequence``) are tests that live elsewhere, and kinds that no
rule here decides are reported as not supported: neither counts as passed.

Format of a case: docs/spec/rules.md, section 7.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voting.errors import DraftError, InputError
from voting.rules.case_inputs import Inputs
from voting.rules.case_kinds import KINDS, kinds_of
from voting.rules.rulebook import load_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.rule import Rule

KEYS = ("id", "vote_type", "rule", "rule_id", "inputs", "expected", "source", "certainty", "note")
NEEDED = ("id", "rule", "inputs", "expected")

Status = Literal["passed", "failed", "elsewhere", "unsupported"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One expected key that came out otherwise."""

    key: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; ``differences`` only when it failed."""

    id: str
    kind: str
    status: Status
    differences: tuple[Difference, ...] = ()

    @property
    def family(self) -> str:
        """Return the kind, all of ``policy:…`` as one."""
        return "policy:*" if self.kind.startswith("policy:") else self.kind


def read_cases(text: str, name: str) -> list[Mapping[str, object]]:
    """Return the cases of a JSON file whose top level has a list ``cases``.

    Raises:
        DraftError: not JSON, a key that is missing or unknown, an id twice, a case that
            expects nothing; its place starts with ``name``.
    """
    try:
        data = json.loads(text)
    except ValueError as e:
        raise DraftError("cases-not-json", name) from e
    if not isinstance(data, dict) or "cases" not in data:
        raise DraftError("cases-missing-key", f"{name}.cases")
    if not isinstance(data["cases"], list):
        raise DraftError("cases-bad-value", f"{name}.cases", allowed="[…]")
    seen: set[str] = set()
    for i, case in enumerate(data["cases"]):
        _check_case(case, f"{name}.cases[{i}]", seen)
    return data["cases"]


def run_cases(
    cases: list[Mapping[str, object]], name: str, own: Mapping[str, Rule] | None = None
) -> tuple[Outcome, ...]:
    """Judge every case, in order.

    Args:
        own: The institution's rules, by id, which a case may name beside those of the book.

    Raises:
        DraftError: inputs that a kind needs are missing or of another type; a rule that does not
            exist, or that the kind of the case is not judged by.
    """
    return tuple(_run(case, f"{name}.cases[{i}]", own) for i, case in enumerate(cases))


def _check_case(case: object, place: str, seen: set[str]) -> None:
    if not isinstance(case, dict):
        raise DraftError("cases-bad-value", place, allowed="{…}")
    for key in case:
        if key not in KEYS:
            raise DraftError("cases-unknown-key", f"{place}.{key}")
    if not isinstance(case.get("rule_id", ""), str):
        raise DraftError("cases-bad-value", f"{place}.rule_id", allowed="text")
    for key in NEEDED:
        kind: type = dict if key in ("inputs", "expected") else str
        if key not in case:
            raise DraftError("cases-missing-key", f"{place}.{key}")
        if not isinstance(case[key], kind):
            allowed = "{…}" if kind is dict else "text"
            raise DraftError("cases-bad-value", f"{place}.{key}", allowed=allowed)
    if not case["expected"]:
        raise DraftError("cases-nothing-expected", f"{place}.expected")
    if case["id"] in seen:
        raise DraftError("cases-id-twice", f"{place}.id", id=case["id"])
    seen.add(case["id"])


def _run(case: Mapping[str, object], place: str, own: Mapping[str, Rule] | None) -> Outcome:
    name, kind = str(case["id"]), str(case["rule"])
    if kind == "sequence" or kind.startswith("policy:"):
        return Outcome(name, kind, "elsewhere")
    if kind not in KINDS:
        return Outcome(name, kind, "unsupported")
    rule = None
    if "rule_id" in case:
        rule = load_rule(str(case["rule_id"]), f"{place}.rule_id", own)
        if rule.kind not in kinds_of(kind):
            raise DraftError("cases-bad-value", f"{place}.rule_id", allowed=list(kinds_of(kind)))
    inputs = Inputs(case["inputs"], f"{place}.inputs", str(case.get("vote_type", "")), rule)
    try:
        got = KINDS[kind](inputs)
    except InputError as e:
        if isinstance(e, DraftError):
            raise
        got = {"error": e.code.replace("-", "_")}
    expected = case["expected"]
    assert isinstance(expected, dict)
    differences = tuple(
        Difference(key, value, got.get(key))
        for key, value in expected.items()
        if not _same(value, got.get(key))
    )
    outcome = Outcome(name, kind, "passed")
    if differences:
        outcome = dataclasses.replace(outcome, status="failed", differences=differences)
    return outcome


def _same(expected: object, got: object) -> bool:
    """Compare as JSON does: ``true`` is not 1, and a list is equal in its order."""
    return json.dumps(expected, sort_keys=True) == json.dumps(got, sort_keys=True)
