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
from typing import TYPE_CHECKING, Any, Literal, cast

from voting.errors import DraftError, FormatError
from voting.rules.parsing import (
    CLAUSES,
    KINDS,
    both,
    clauses_of,
    dump_clause,
    line,
    one_of,
    parse_clause,
    table,
)
from voting.rules.values import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.values import Measure, Note, RecusalBase, RecusalEffect, Retry, Signer
    from voting.words import Lang

HEAD = ("id", "kind", "title", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as a meeting freezes it. ``notes`` has one entry per clause, by the file's key.

    Attributes:
        members: What a voting member is called, as 常委.
        voters: Classes of the roll that draw a ticket.
        quorum: Of those due, how many must be present (base ``due``).
        passing: How many 同意 make a decision; None where nothing is decided.
        deferral: How many 缓议 defer the item; used only when ``options`` has ``defer``.
        options: What is printed on the ballot, in order: agree, disagree, abstain[, defer].
        invalid_entry: What two marks for one person spoil: that entry or the ballot.
        blank_entry: How an unmarked entry of a paper ballot counts; a kiosk allows none.
        void: The findings that void the whole round.
        recusal_effect: ``leaves-vote`` or ``leaves-deliberation`` (and comes back to vote).
        recusal_base: Whether those who left the vote still stand in the base ``due``.
        visibility: What the room is told: ``counts``, ``outcome``, or it is ``withheld``.
        papers: ``joined``: one paper for all; ``by-series``: each series, hence each group, votes
            on the items in a paper with totals of its own. Only for a recommendation.
        rate_base: What a recommendation's share is taken of: ``valid`` or ``issued``.
        secrecy: The class printed on forms: unmarked, internal, secret, confidential.
        signers: Who signs the result, in this order.
        floor: A box with fewer ballots is not opened.
        gates: What must be settled for an item before the meeting is frozen.
        room_gates: What must have happened in the room before a round opens.
    """

    id: str
    kind: Literal["confirmation", "recommendation"]
    title: Mapping[Lang, str]
    members: Mapping[Lang, str]
    voters: tuple[str, ...]
    quorum: Measure
    passing: Measure | None = None
    deferral: Measure | None = None
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
    papers: Literal["joined", "by-series"] = "joined"
    rate_base: Literal["valid", "issued"] = "valid"
    notes: Mapping[str, Note]

    @property
    def to_pass(self) -> Measure:
        """What makes a decision, of a rule that decides."""
        assert self.passing is not None
        return self.passing

    @property
    def to_defer(self) -> Measure:
        """What defers an item, of a rule that decides."""
        assert self.deferral is not None
        return self.deferral

    def option_word(self, option: str) -> str:
        """Return the id of the word that a ballot under this rule has for an option."""
        own = self.kind == "recommendation" and option in ("agree", "disagree")
        return f"option.recommendation.{option}" if own else f"option.{option}"

    def base_due(self, due: int, recused: int = 0) -> int:
        """Return the base that stands for *due* when ``recused`` members leave the vote."""
        leaves = self.recusal_effect == "leaves-vote" and self.recusal_base == "reduced"
        return due - recused if leaves else due

    def choose(self, chosen: Mapping[str, object], place: str = "rule") -> Rule:
        """Return the rule with the parameters that a meeting chose, by the file's keys.

        Raises:
            DraftError: not a parameter of this rule, or not among its choices.
        """
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
        """Return the form frozen in ``meeting.json``; keys as in the TOML file."""
        data: dict[str, object] = {
            "id": self.id,
            "kind": self.kind,
            "title": dict(self.title),
            "members": dict(self.members),
        }
        for key, clause in clauses_of(self.kind).items():
            data[key] = dump_clause(clause, getattr(self, clause.field), self.notes[key])
        return data

    @classmethod
    def from_json(cls, value: object, place: str = "rule") -> Rule:
        """Read back what :meth:`to_json` gave, in any order; ``FormatError`` for anything else."""
        try:
            return parse_rule(value, place)
        except DraftError as e:
            raise FormatError(e.place, e.code) from e


def parse_rule(data: object, place: str) -> Rule:
    """Return the rule written in ``data``; ``place`` starts every complaint, as a file's name.

    Raises:
        DraftError: an unknown or a missing key, a value outside its set, a fraction above one
            or over zero, a source without a certainty, a parameter without a reason.
    """
    given = data.get("kind") if isinstance(data, dict) else None
    kind = given if isinstance(given, str) and given in KINDS else KINDS[0]
    rule = table(data, place, (*HEAD, *clauses_of(kind)))
    one_of(rule["kind"], f"{place}.kind", *KINDS)
    values: dict[str, Any] = {}
    notes: dict[str, Note] = {}
    for key, clause in clauses_of(kind).items():
        values[clause.field], notes[key] = parse_clause(clause, rule[key], f"{place}.{key}")
    name = line(rule["id"], f"{place}.id")
    if not name.isascii() or not name.replace("-", "").isalnum() or name != name.lower():
        raise DraftError("rule-bad-value", f"{place}.id", allowed="a-z 0-9 -")
    return Rule(
        id=name,
        kind=cast("Any", kind),
        title=both(rule["title"], f"{place}.title"),
        members=both(rule["members"], f"{place}.members"),
        notes=notes,
        **values,
    )
