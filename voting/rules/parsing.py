"""A rule's clauses from and to plain data (TOML, JSON): one strict reader for both.

Every value is of its clause's own set, and every clause has a source with a certainty. A rule has
all clauses of its kind, in the order of ``CLAUSES`` (``voting.rules.rule``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from voting.errors import DraftError
from voting.rules.fraction import Fraction
from voting.rules.values import (
    CLASSES,
    OPTIONS,
    ROLES,
    ROOM_GATES,
    Certainty,
    Measure,
    Note,
    Retry,
    Signer,
    Source,
)
from voting.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voting.words import Lang

CERTAINTIES = get_args(Certainty)
VOIDS = ("issued-exceeds-present", "returned-exceeds-issued")
GATES = (
    "recommended",
    "concentrated",
    "reserve-list",
    "nominated",
    "examined",
    "department-discussed",
    "consulted",
    "plenum-consulted",
    "opinions",
    "discipline",
    "audit",
    "personal-matters",
)
SECRECY = ("unmarked", "internal", "secret", "confidential")


@dataclass(frozen=True, slots=True)
class Clause:
    """A key of the file, the field it fills, and how its value is read and written."""

    field: str
    parse: Callable[[object, str], Any]
    dump: Callable[[Any], object]


def table(
    value: object, place: str, needed: tuple[str, ...], may: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return ``value`` as a mapping that has all of ``needed`` and nothing beyond ``may``."""
    if not isinstance(value, dict):
        raise DraftError("rule-bad-value", place, allowed="table")
    for key in value:
        if key not in needed and key not in may:
            raise DraftError("rule-unknown-key", f"{place}.{key}")
    for key in needed:
        if key not in value:
            raise DraftError("rule-missing-key", f"{place}.{key}")
    return value


def whole(value: object, place: str, least: int) -> int:
    """Return ``value`` as an integer of at least ``least`` (``True`` is not one)."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise DraftError("rule-bad-value", place, allowed=f">= {least}")
    return value


def line(value: object, place: str) -> str:
    """Return ``value`` as one line of text that is not blank."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise DraftError("rule-bad-value", place, allowed="text")
    return value


def both(value: object, place: str) -> dict[Lang, str]:
    """Return a sentence in both languages."""
    sentences = table(value, place, LANGS)
    return {lang: line(sentences[lang], f"{place}.{lang}") for lang in LANGS}


def fraction(value: Mapping[str, object], place: str) -> Fraction:
    """Return the fraction of a table that has its three keys."""
    numerator = whole(value["numerator"], f"{place}.numerator", 1)
    denominator = whole(value["denominator"], f"{place}.denominator", 0)
    if denominator == 0:
        raise DraftError("rule-zero-denominator", f"{place}.denominator")
    inclusive = value["inclusive"]
    if not isinstance(inclusive, bool):
        raise DraftError("rule-bad-value", f"{place}.inclusive", allowed=["true", "false"])
    if numerator > denominator or (numerator == denominator and not inclusive):
        raise DraftError("rule-fraction-above-one", f"{place}.numerator")
    return Fraction(numerator, denominator, inclusive)


def one_of(value: object, place: str, *allowed: str) -> str:
    """Return ``value`` as one of the words that are allowed there."""
    if not isinstance(value, str) or value not in allowed:
        raise DraftError("rule-bad-value", place, allowed=list(allowed))
    return value


def _one_of(*allowed: str) -> tuple[Callable[[object, str], str], Callable[[str], str]]:
    return lambda value, place: one_of(value, place, *allowed), str


def _some_of(
    *allowed: str, always: tuple[str, ...] = ()
) -> tuple[Callable[[object, str], tuple[str, ...]], Callable[[Any], list[str]]]:
    def parse(value: object, place: str) -> tuple[str, ...]:
        good = isinstance(value, list) and value == [name for name in allowed if name in value]
        if not good or not all(name in cast("list[str]", value) for name in always):
            raise DraftError("rule-bad-value", place, allowed=list(allowed))
        return tuple(cast("list[str]", value))

    return parse, list


def _measure(
    *bases: str,
) -> tuple[Callable[[object, str], Measure], Callable[[Measure], dict[str, object]]]:
    def parse(value: object, place: str) -> Measure:
        part = table(value, place, ("numerator", "denominator", "inclusive", "base"))
        return Measure(
            fraction(part, place), cast("Any", one_of(part["base"], f"{place}.base", *bases))
        )

    def dump(value: Measure) -> dict[str, object]:
        part = value.fraction
        return {
            "numerator": part.numerator,
            "denominator": part.denominator,
            "inclusive": part.inclusive,
            "base": value.base,
        }

    return parse, dump


def _parse_retry(value: object, place: str) -> Retry:
    part = table(value, place, ("again", "bar-after"))
    again = one_of(part["again"], f"{place}.again", "another-meeting", "any")
    return Retry(again, whole(part["bar-after"], f"{place}.bar-after", 0))


def _parse_signers(value: object, place: str) -> tuple[Signer, ...]:
    if not isinstance(value, list) or not value:
        raise DraftError("rule-bad-value", place, allowed=list(ROLES))
    signers = []
    for i, part in enumerate(value):
        signer = table(part, f"{place}[{i}]", ("role", "count"))
        role = one_of(signer["role"], f"{place}[{i}].role", *ROLES)
        signers.append(Signer(role, whole(signer["count"], f"{place}[{i}].count", 1)))
    if len({signer.role for signer in signers}) != len(signers):
        raise DraftError("rule-role-twice", place)
    return tuple(signers)


CLAUSES: dict[str, Clause] = {
    "voters": Clause("voters", *_some_of(*CLASSES, always=("member",))),
    "quorum": Clause("quorum", *_measure("due")),
    "pass": Clause("passing", *_measure("due", "present")),
    "deferral": Clause("deferral", *_measure("due", "present")),
    "options": Clause("options", *_some_of(*OPTIONS, always=OPTIONS[:3])),
    "invalid-entry": Clause("invalid_entry", *_one_of("void-entry", "void-ballot")),
    "blank-entry": Clause("blank_entry", *_one_of("abstain", "invalid")),
    "void": Clause("void", *_some_of(*VOIDS, always=VOIDS)),
    "recusal-effect": Clause("recusal_effect", *_one_of("leaves-vote", "leaves-deliberation")),
    "recusal-base": Clause("recusal_base", *_one_of("unchanged", "reduced")),
    "retry": Clause(
        "retry", _parse_retry, lambda value: {"again": value.again, "bar-after": value.bar_after}
    ),
    "visibility": Clause("visibility", *_one_of("counts", "outcome", "withheld")),
    "secrecy": Clause("secrecy", *_one_of(*SECRECY)),
    "signers": Clause(
        "signers",
        _parse_signers,
        lambda value: [{"role": signer.role, "count": signer.count} for signer in value],
    ),
    "papers": Clause("papers", *_one_of("joined", "by-series")),
    "rate-base": Clause("rate_base", *_one_of("valid", "issued")),
    "floor": Clause("floor", lambda value, place: whole(value, place, 1), int),
    "gates": Clause("gates", *_some_of(*GATES)),
    "room-gates": Clause("room_gates", *_some_of(*ROOM_GATES)),
}


KINDS: Final = ("confirmation", "recommendation")
_LACKS: Final = {
    "confirmation": frozenset({"papers", "rate-base"}),
    "recommendation": frozenset({"pass", "deferral"}),
}


def clauses_of(kind: str) -> dict[str, Clause]:
    """Return the clauses of a kind of rule, by the file's keys, in their order."""
    return {key: clause for key, clause in CLAUSES.items() if key not in _LACKS[kind]}


def parse_clause(clause: Clause, data: object, place: str) -> tuple[object, Note]:
    """Read a clause: its value, and its source with, for a parameter, its choices and why."""
    part = table(data, place, ("value", "source"), ("choices", "why"))
    value = clause.parse(part["value"], f"{place}.value")
    source = _parse_source(part["source"], f"{place}.source")
    if "choices" not in part and "why" not in part:
        return value, Note(source)
    part = table(part, place, ("value", "source", "choices", "why"))
    raw = part["choices"]
    if not isinstance(raw, list) or len(raw) < 2:
        raise DraftError("rule-bad-value", f"{place}.choices", allowed=">= 2")
    choices = tuple(clause.parse(one, f"{place}.choices[{i}]") for i, one in enumerate(raw))
    if value not in choices:
        raise DraftError("rule-bad-value", f"{place}.value", allowed="choices")
    return value, Note(source, choices, both(part["why"], f"{place}.why"))


def dump_clause(clause: Clause, value: object, note: Note) -> dict[str, object]:
    """Return a clause as plain data, in the order of the file's keys."""
    part: dict[str, object] = {
        "value": clause.dump(value),
        "source": {"text": note.source.text, "certainty": note.source.certainty},
    }
    if note.choices:
        part["choices"] = [clause.dump(choice) for choice in note.choices]
        part["why"] = dict(note.why or {})
    return part


def _parse_source(data: object, place: str) -> Source:
    if isinstance(data, dict) and "certainty" not in data:
        raise DraftError("rule-source-without-certainty", place, allowed=list(CERTAINTIES))
    source = table(data, place, ("text", "certainty"))
    certainty = one_of(source["certainty"], f"{place}.certainty", *CERTAINTIES)
    return Source(line(source["text"], f"{place}.text"), cast("Any", certainty))
