"""One rule of voting, as data: a value for each clause, and where each value comes from.

A rule is read from a TOML file of the rule book or of an institution, chosen for a meeting,
and frozen into ``meeting.json`` whole, so that the verifier decides by the frozen words and
not by the program's. A clause that places or committees settle differently has ``choices``
and says ``why``: it is a parameter, and the draft of a meeting may choose among them and
nothing else. A certainty says how well the source is known; no clause goes without one.

Format and evaluation: docs/spec/rules.md.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voting.errors import DraftError, FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.fraction import Fraction
    from voting.words import Lang

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as a meeting freezes it. ``notes`` has one entry per clause, by the file's key.

    Attributes:
        members: What a voting member is called, as 常委.
        voters: Classes of the roll that draw a ticket.
        quorum: Of those due, how many must be present (base ``due``).
        passing: How many 同意 make a decision.
        deferral: How many 缓议 defer the item; used only when ``options`` has ``defer``.
        options: What is printed on the ballot, in order: agree, disagree, abstain[, defer].
        invalid_entry: What two marks for one person spoil: that entry or the ballot.
        blank_entry: How an unmarked entry of a paper ballot counts; a kiosk allows none.
        void: The findings that void the whole round.
        recusal_effect: ``leaves-vote`` or ``leaves-deliberation`` (and comes back to vote).
        recusal_base: Whether those who left the vote still stand in the base ``due``.
        visibility: What the room is told: ``counts`` or ``outcome``.
        secrecy: The class printed on forms: unmarked, internal, secret, confidential.
        signers: Who signs the result, in this order.
        floor: A box with fewer ballots is not opened.
        gates: What must be settled for an item before the meeting is frozen.
        room_gates: What must have happened in the room before a round opens.
    """

    id: str
    kind: Literal["confirmation"]
    title: Mapping[Lang, str]
    members: Mapping[Lang, str]
    voters: tuple[str, ...]
    quorum: Measure
    passing: Measure
    deferral: Measure
    options: tuple[str, ...]
    invalid_entry: str
    blank_entry: str
    void: tuple[str, ...]
    recusal_effect: RecusalEffect
    recusal_base: RecusalBase
    retry: Retry
    visibility: str
    secrecy: str
    signers: tuple[Signer, ...]
    floor: int
    gates: tuple[str, ...]
    room_gates: tuple[str, ...]
    notes: Mapping[str, Note]

    def base_due(self, due: int, recused: int = 0) -> int:
        """Return the base that stands for *due* when ``recused`` members leave the vote."""
        leaves = self.recusal_effect == "leaves-vote" and self.recusal_base == "reduced"
        return due - recused if leaves else due

    def choose(self, chosen: Mapping[str, object], place: str = "rule") -> Rule:
        """Return the rule with the parameters that a meeting chose, by the file's keys.

        Raises:
            DraftError: not a parameter of this rule, or not among its choices.
        """
        from voting.rules.parsing import CLAUSES

        values: dict[str, object] = {}
        for key, raw in chosen.items():
            where = f"{place}.{key}"
            note = self.notes.get(key)
            if note is None or not note.choices:
                parameters = [name for name, note in self.notes.items() if note.choices]
                raise DraftError("rule-not-a-parameter", where, parameters=parameters)
            value = CLAUSES[key].parse(raw, where)
            if value not in note.choices:
                choices = [shown(choice) for choice in note.choices]
                raise DraftError("rule-not-a-choice", where, choices=choices)
            values[CLAUSES[key].field] = value
        return dataclasses.replace(self, **values) if values else self  # type: ignore[arg-type]

    def to_json(self) -> dict[str, object]:
        """Return the form frozen in ``meeting.json``; the same keys as the TOML file's."""
        from voting.rules.parsing import dump_rule

        return dump_rule(self)

    @classmethod
    def from_json(cls, value: object, place: str = "rule") -> Rule:
        """Read back what :meth:`to_json` gave, in any order; ``FormatError`` for anything else."""
        from voting.rules.parsing import parse_rule

        try:
            return parse_rule(value, place)
        except DraftError as e:
            raise FormatError(e.place, e.code) from e


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
