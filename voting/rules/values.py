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

Base = Literal["due", "present"]
Certainty = Literal["national", "national_mem", "local", "seed", "practice", "design"]
RecusalEffect = Literal["leaves-vote", "leaves-deliberation"]
RecusalBase = Literal["unchanged", "reduced"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A fraction of a named base: ``due`` or ``present`` (with a vote, when the round opened)."""

    fraction: Fraction
    base: Base


@dataclass(frozen=True, slots=True)
class Signer:
    """``count`` different officers of a role sign before the next role of the list does."""

    role: str
    count: int


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
    return str(value)
