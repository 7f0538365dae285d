"""The words and values of a rule's clauses, and the note beside each: where it comes from.

Classes, roles, options and room gates mean the same in a rule, in a meeting and in its acts.

Format and evaluation: docs/spec/rules.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.fraction import Fraction
    from voting.words import Lang

Class = Literal["member", "alternate", "attendee"]
CLASSES: Final[tuple[Class, ...]] = ("member", "alternate", "attendee")
Role = Literal["chair", "secretary", "scrutineer", "teller", "recorder"]
ROLES: Final[tuple[Role, ...]] = ("chair", "secretary", "scrutineer", "teller", "recorder")
OPTIONS: Final = ("agree", "disagree", "abstain", "defer")
ROOM_GATES: Final = ("introduced", "discussed", "principal-last")
"""The gates of the room for one item, in the order in which they must be entered."""

Base = Literal["due", "present", "issued", "returned", "valid"]
WriteIn = Literal["none", "roster", "text"]
Certainty = Literal["national", "national_mem", "local", "seed", "practice", "design"]
RecusalEffect = Literal["leaves-vote", "leaves-deliberation"]
RecusalBase = Literal["unchanged", "reduced"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A fraction of a named base, as ``due`` or ``present`` (with a vote, when it opened)."""

    fraction: Fraction
    base: Base


@dataclass(frozen=True, slots=True)
class Signer:
    """``count`` different officers of a role sign before the next role of the list does."""

    role: str
    count: int


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of a scale; one without ``weight`` is in no index, ``unknown`` is 不了解."""

    id: str
    title: Mapping[Lang, str]
    weight: int | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Grades in the order of the paper; ``favourable`` are those whose share is the 满意率."""

    id: str
    title: Mapping[Lang, str]
    grades: tuple[Grade, ...]
    favourable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Grades of a scale whose share asks for review when it is ``op`` (``>``, …) a fraction."""

    id: str
    scale: str
    grades: tuple[str, ...]
    numerator: int
    denominator: int
    op: str


@dataclass(frozen=True, slots=True)
class VoterGroup:
    """A group that the rule itself names, with its own quorum of its due, or its fixed number."""

    id: str
    title: Mapping[Lang, str]
    quorum: Fraction | None = None
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """``names`` on the list of a second round for every ``per`` seats."""

    names: int
    per: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Vote again at ``another-meeting`` or ``any``; ``bar_after`` failures bar it, 0 never."""

    again: str
    bar_after: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from, and how sure that is."""

    text: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Note:
    """Beside the value of a clause: its source and, if it is a parameter, its choices and why."""

    source: Source
    choices: tuple[object, ...] = ()
    why: Mapping[Lang, str] | None = None


def shown(value: object) -> str:
    """Return a clause's value as a person would write it in a file."""
    match value:
        case tuple():
            return "+".join(shown(part) for part in value)
        case Measure(fraction, base):
            sign = ">=" if fraction.inclusive else ">"
            return f"{sign} {fraction.numerator}/{fraction.denominator} {base}"
        case Signer(role, count):
            return f"{role} {count}"
        case Retry(again, bar_after):
            return f"{again}, {bar_after}"
        case Flag(name, _, _, numerator, denominator, op):
            return f"{name} {op} {numerator}/{denominator}"
        case Ratio(names, per):
            return f"{names}:{per}"
        case Scale(name, _, grades):
            return f"{name} ({' '.join(grade.id for grade in grades)})"
        case VoterGroup(name):
            return name
    return str(value)
