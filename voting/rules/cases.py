"""Worked examples run against the rules: what ``piaojue rules check CASES.json`` does.

An institution writes down what its rules say of given numbers and sees where we differ. A
case is judged by the same functions that decide a real vote. Of the kinds that describe behaviour
of the program (``policy:*``, ``sequence``) those are judged that a rule or a pure function answers
whole; the others are tests of the running system, and kinds that no rule here decides are reported
as not supported: neither counts as passed. A case whose inputs cannot be used is named at its
place and holds up no other.

Format of a case: docs/spec/rules.md, section 7.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voting.errors import DraftError, InputError
from voting.rules.case_inputs import Inputs
from voting.rules.case_kinds import KINDS, kinds_of
from voting.rules.case_policies import POLICIES
from voting.rules.rulebook import load_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.rule import Rule

KEYS = (
    "id",
    "vote_type",
    "rule",
    "rule_id",
    "choose",
    "inputs",
    "expected",
    "source",
    "certainty",
    "note",
)
NEEDED = ("id", "rule", "inputs", "expected")

Status = Literal["passed", "failed", "elsewhere", "unsupported", "unusable"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One expected key that came out otherwise."""

    key: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case.

    Attributes:
        differences: Only when it failed.
        fault: Why nothing came out: impossible numbers (``failed``), or inputs that cannot be
            used (``unusable``), which names their place.
    """

    id: str
    kind: str
    status: Status
    differences: tuple[Difference, ...] = ()
    fault: InputError | None = None

    @property
    def family(self) -> str:
        """Return the kind, all of ``policy:…`` as one."""
        return "policy:*" if self.kind.startswith("policy:") else self.kind


def read_cases(text: str, name: str) -> list[Mapping[str, object]]:
    """Return the cases of a JSON file: a list, or an object that has the list as ``cases``.

    Further keys of a case are for its readers (``unread`` names them).

    Raises:
        DraftError: not JSON, a key that is missing, twice or of another type, an id twice, a case
            that expects nothing; its place starts with ``name``.
    """
    try:
        data = json.loads(text, object_pairs_hook=functools.partial(_once, name))
        json.dumps(data, ensure_ascii=False).encode()  # half a character is no text
    except DraftError:
        raise
    except (ValueError, RecursionError) as e:
        raise DraftError("cases-not-json", name) from e
    if isinstance(data, dict) and "cases" not in data:
        raise DraftError("cases-missing-key", f"{name}.cases")
    cases = data["cases"] if isinstance(data, dict) else data
    if not isinstance(cases, list) or not cases:
        raise DraftError("cases-bad-value", f"{name}.cases", allowed="[{…}, …]")
    seen: set[str] = set()
    for i, case in enumerate(cases):
        _check_case(case, f"{name}.cases[{i}]", seen)
    return cases


def unread(cases: list[Mapping[str, object]]) -> tuple[str, ...]:
    """Return the keys of cases that nothing here reads: a comment, or one that is misspelt."""
    return tuple(sorted({key for case in cases for key in case if key not in KEYS}))


def run_cases(
    cases: list[Mapping[str, object]], name: str, own: Mapping[str, Rule] | None = None
) -> tuple[Outcome, ...]:
    """Judge every case, in order.

    A case is ``unusable`` when inputs that its kind needs are missing or of another type, or it
    names a rule that does not exist or that its kind is not judged by.

    Args:
        own: The institution's rules, by id, which a case may name beside those of the book.
    """
    return tuple(_outcome(case, f"{name}.cases[{i}]", own) for i, case in enumerate(cases))


def _once(name: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object whose keys are all different: of two, one would silently be lost."""
    data: dict[str, object] = {}
    for key, value in pairs:
        if key in data:
            raise DraftError("cases-key-twice", name, key=key)
        data[key] = value
    return data


def _check_case(case: object, place: str, seen: set[str]) -> None:
    if not isinstance(case, dict):
        raise DraftError("cases-bad-value", place, allowed="{…}")
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


def _outcome(case: Mapping[str, object], place: str, own: Mapping[str, Rule] | None) -> Outcome:
    name, kind = str(case["id"]), str(case["rule"])
    described = kind == "sequence" or kind.startswith("policy:")
    judge = POLICIES.get(kind) if described else KINDS.get(kind)
    if judge is None:
        return Outcome(name, kind, "elsewhere" if described else "unsupported")
    fault: InputError | None = None
    try:
        inputs = Inputs(
            case["inputs"],
            f"{place}.inputs",
            str(case.get("vote_type", "")),
            _named(case, place, own),
        )
        got = judge(inputs)
    except DraftError as e:  # a situation in other words than ours is for a reader
        return (
            Outcome(name, kind, "elsewhere")
            if described
            else Outcome(name, kind, "unusable", fault=e)
        )
    except InputError as e:
        got, fault = {"error": e.code.replace("-", "_")}, e
    expected = case["expected"]
    assert isinstance(expected, dict)
    differences = tuple(
        Difference(key, value, got.get(key))
        for key, value in expected.items()
        if not _same(value, got.get(key)) and (key in got or not described)
    )
    if differences:
        return Outcome(name, kind, "failed", differences, None if "error" in expected else fault)
    whole = all(key in got for key in expected)
    return Outcome(name, kind, "passed" if whole else "elsewhere")


def _named(case: Mapping[str, object], place: str, own: Mapping[str, Rule] | None) -> Rule | None:
    """Return the rule that a case names, with the parameters that it chooses.

    Raises DraftError at its ``rule_id`` or ``choose``.
    """
    if "rule_id" not in case:
        if "choose" in case:
            raise DraftError("cases-missing-key", f"{place}.rule_id")
        return None
    rule = load_rule(str(case["rule_id"]), f"{place}.rule_id", own)
    judged_by = kinds_of(str(case["rule"]))
    if rule.kind not in judged_by:
        raise DraftError("cases-bad-value", f"{place}.rule_id", allowed=list(judged_by))
    chosen = case.get("choose", {})
    if not isinstance(chosen, dict):
        raise DraftError("cases-bad-value", f"{place}.choose", allowed="{…}")
    return rule.choose(chosen, f"{place}.choose")


def _same(expected: object, got: object) -> bool:
    """Compare as JSON does: ``true`` is not 1, and a list is equal in its order."""
    return json.dumps(expected, sort_keys=True) == json.dumps(got, sort_keys=True)
