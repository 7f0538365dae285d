"""A rule's clauses from and to plain data (TOML, JSON): one strict reader for both.

Every value is of its clause's own set, and every clause has a source with a certainty. A rule has
all clauses of its kind and no other, in the order of ``CLAUSES`` (``voting.rules.rule``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from voting.errors import DraftError
from voting.rules.parsing_lists import (
    dump_flags,
    dump_fraction,
    dump_groups,
    dump_ratio,
    dump_scales,
    parse_flags,
    parse_groups,
    parse_lines,
    parse_ratio,
    parse_scales,
)
from voting.rules.reading import both, fraction, one_of, parse_source, table, whole
from voting.rules.values import (
    CLASSES,
    OPTIONS,
    ROLES,
    ROOM_GATES,
    Measure,
    Note,
    Retry,
    Signer,
    WriteIn,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "dossier",
    "complaints",
    "inspection",
    "approval",
)
WRITE_INS = get_args(WriteIn)
FORM = ("nominee", "post", "reasons", "strengths", "weaknesses", "relation", "signature")
RELATIONS = ("none", "spouse", "direct", "collateral", "affine", "other")
SECRECY = ("unmarked", "internal", "secret", "confidential")


@dataclass(frozen=True, slots=True)
class Clause:
    """A key of the file, the field it fills, and how its value is read and written."""

    field: str
    parse: Callable[[object, str], Any]
    dump: Callable[[Any], object]


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
        return {**dump_fraction(value.fraction), "base": value.base}

    return parse, dump


def _parse_pass(value: object, place: str) -> Measure:
    """Read what makes a decision: always *over* half, in every text that the book quotes."""
    measure = _measure("due", "present")[0](value, place)
    share = measure.fraction
    over = 2 * share.numerator - share.denominator
    if over < 0 or (over == 0 and share.inclusive):
        raise DraftError("rule-pass-not-over-half", place)
    return measure


def _parse_retry(value: object, place: str) -> Retry:
    part = table(value, place, ("again", "bar-after"))
    again = one_of(part["again"], f"{place}.again", "another-meeting", "any")
    return Retry(again, whole(part["bar-after"], f"{place}.bar-after", 0))


def _signers(
    *roles: str,
) -> tuple[Callable[[object, str], tuple[Signer, ...]], Callable[[Any], list[object]]]:
    def parse(value: object, place: str) -> tuple[Signer, ...]:
        if not isinstance(value, list) or not value:
            raise DraftError("rule-bad-value", place, allowed=list(roles))
        signers = []
        for i, part in enumerate(value):
            signer = table(part, f"{place}[{i}]", ("role", "count"))
            role = one_of(signer["role"], f"{place}[{i}].role", *roles)
            signers.append(Signer(role, whole(signer["count"], f"{place}[{i}].count", 1)))
        if len({signer.role for signer in signers}) != len(signers):
            raise DraftError("rule-role-twice", place)
        return tuple(signers)

    def dump(value: tuple[Signer, ...]) -> list[object]:
        return [{"role": signer.role, "count": signer.count} for signer in value]

    return parse, dump


def _narrow(ties: str, options: tuple[str, ...]) -> dict[str, Clause]:
    """Return the clauses of a kind with these words for a tie and no names from outside."""
    return {
        "ties": Clause("ties", *_one_of(ties)),
        "write-in": Clause("write_in", *_one_of("none")),
        "options": Clause("options", *_some_of(*options, always=OPTIONS[:3])),
    }


CLAUSES: Final[dict[str, Clause]] = {
    "voters": Clause("voters", *_some_of(*CLASSES, always=("member",))),
    "groups": Clause("groups", parse_groups, dump_groups),
    "quorum": Clause("quorum", *_measure("due")),
    "pass": Clause("passing", _parse_pass, _measure("due", "present")[1]),
    "deferral": Clause("deferral", *_measure("due", "present")),
    "ballot": Clause("ballot", *_one_of("choose", "each")),
    "options": Clause("options", *_some_of(*OPTIONS, always=OPTIONS[:3])),
    "scales": Clause("scales", parse_scales, dump_scales),
    "write-in": Clause("write_in", *_one_of(*WRITE_INS)),
    "unmarked-write-in": Clause("unmarked_write_in", *_one_of("invalid", "abstain")),
    "form": Clause("form", *_some_of(*FORM, always=FORM)),
    "relations": Clause("relations", *_some_of(*RELATIONS, always=("none",))),
    "thin-reasons": Clause("thin_reasons", parse_lines, list),
    "invalid-entry": Clause("invalid_entry", *_one_of("void-entry", "void-ballot")),
    "blank-entry": Clause("blank_entry", *_one_of("abstain", "invalid")),
    "void": Clause("void", *_some_of(*VOIDS, always=VOIDS)),
    "ties": Clause("ties", *_one_of("fails", "none", "revote-most", "revote-majority")),
    "next-round": Clause("next_round", lambda value, place: whole(value, place, 0), int),
    "rounds-limit": Clause("rounds_limit", lambda value, place: whole(value, place, 0), int),
    "second-list": Clause("second_list", parse_ratio, dump_ratio),
    "scatter": Clause("scatter", *_measure("valid", "returned", "issued")),
    "objection": Clause("objection", *_measure("due", "returned")),
    "flags": Clause("flags", parse_flags, dump_flags),
    "recusal-effect": Clause("recusal_effect", *_one_of("leaves-vote", "leaves-deliberation")),
    "recusal-base": Clause("recusal_base", *_one_of("unchanged", "reduced")),
    "retry": Clause(
        "retry", _parse_retry, lambda value: {"again": value.again, "bar-after": value.bar_after}
    ),
    "visibility": Clause("visibility", *_one_of("counts", "outcome", "withheld")),
    "secrecy": Clause("secrecy", *_one_of(*SECRECY)),
    "signers": Clause("signers", *_signers(*ROLES)),
    "papers": Clause("papers", *_one_of("joined", "by-series")),
    "rate-base": Clause("rate_base", *_one_of("valid", "returned", "issued")),
    "unknown-base": Clause("unknown_base", *_one_of("kept", "dropped")),
    "floor": Clause("floor", lambda value, place: whole(value, place, 1), int),
    "gates": Clause("gates", *_some_of(*GATES)),
    "room-gates": Clause("room_gates", *_some_of(*ROOM_GATES)),
}
"""Every clause, in the order of a file. Which of them a kind has: ``clauses_of``."""

_BALLOT: Final = (
    "voters quorum write-in invalid-entry blank-entry void ties recusal-effect recusal-base retry"
    " visibility secrecy signers floor gates room-gates"
)
"""What every kind has that is a vote in a room."""
_SEATS: Final = "pass options next-round rounds-limit"
_OWN: Final = {
    "confirmation": f"{_BALLOT} pass deferral options",
    "recommendation": f"{_BALLOT} options papers rate-base",
    "consultation": f"{_BALLOT} options objection rate-base",
    "contested": f"{_BALLOT} {_SEATS} ballot",
    "nomination": f"{_BALLOT} options groups papers rate-base scatter second-list",
    "election": f"{_BALLOT} {_SEATS} groups unmarked-write-in",
    "assessment": f"{_BALLOT} groups scales papers rate-base unknown-base flags",
    "named": "voters form relations thin-reasons visibility secrecy signers gates",
}
KINDS: Final = tuple(_OWN)

_REVOTES: Final = _one_of("revote-most", "revote-majority")
_NARROWED: Final[dict[str, dict[str, Clause]]] = {
    "confirmation": _narrow("fails", OPTIONS),
    "recommendation": _narrow("none", OPTIONS),
    "consultation": _narrow("none", OPTIONS[:3]),
    "contested": {**_narrow("none", OPTIONS[:3]), "ties": Clause("ties", *_REVOTES)},
    "nomination": {
        "ties": Clause("ties", *_one_of("none")),
        "write-in": CLAUSES["write-in"],
        "options": Clause("options", *_some_of("agree", "abstain", always=("agree", "abstain"))),
    },
    "election": {
        **_narrow("none", OPTIONS[:3]),
        "write-in": CLAUSES["write-in"],
        "ties": Clause("ties", *_REVOTES),
    },
    "assessment": _narrow("none", OPTIONS[:3]),
    "named": {"signers": Clause("signers", *_signers("nominator"))},
}
"""Where a kind allows less, or something else, than the table."""


@cache
def clauses_of(kind: str) -> dict[str, Clause]:
    """Return the clauses of a kind of rule, by the file's keys, in their order."""
    own, narrowed = _OWN[kind].split(), _NARROWED[kind]
    return {key: narrowed.get(key, clause) for key, clause in CLAUSES.items() if key in own}


def parse_clause(clause: Clause, data: object, place: str) -> tuple[object, Note]:
    """Read a clause: its value, and its source with, for a parameter, its choices and why."""
    part = table(data, place, ("value", "source"), ("choices", "why"))
    value = clause.parse(part["value"], f"{place}.value")
    source = parse_source(part["source"], f"{place}.source")
    if "choices" not in part and "why" not in part:
        return value, Note(source)
    part = table(part, place, ("value", "source", "choices", "why"))
    raw = part["choices"]
    if not isinstance(raw, list) or len(raw) < 2:
        raise DraftError("rule-bad-value", f"{place}.choices", allowed=">= 2")
    choices = tuple(clause.parse(one, f"{place}.choices[{i}]") for i, one in enumerate(raw))
    for i, one in enumerate(choices):
        if one in choices[:i]:
            raise DraftError("rule-choice-twice", f"{place}.choices[{i}]", choice=shown(one))
    if value not in choices:
        raise DraftError(
            "rule-bad-value", f"{place}.value", allowed=[shown(one) for one in choices]
        )
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
