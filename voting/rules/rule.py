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
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from voting.errors import DraftError, FormatError, InputError
from voting.rules.fraction import Fraction
from voting.rules.parsing import KINDS, clauses_of, dump_clause, parse_clause
from voting.rules.parsing_lists import check_flags, identifier
from voting.rules.reading import both, one_of, table
from voting.rules.values import Measure, Ratio, Retry, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.values import (
        Flag,
        Note,
        RecusalBase,
        RecusalEffect,
        Scale,
        Signer,
        VoterGroup,
        WriteIn,
    )
    from voting.words import Lang

HEAD = ("id", "kind", "title", "members")
MAY = ("superseded",)
EVERYBODY = Measure(Fraction(1, 1, inclusive=True), "due")
"""In the place of a quorum where a rule has none, because it is not a ballot. Nothing tests it."""
EVEN = Ratio(1, 1)
AGAIN = Retry("any", 0)

Kind = Literal[
    "confirmation",
    "recommendation",
    "consultation",
    "contested",
    "nomination",
    "election",
    "assessment",
    "named",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as a meeting freezes it. ``notes`` has one entry per clause, by the file's key.

    A clause that the rule's kind lacks has the default here and no note.

    Attributes:
        members: What a voting member is called, as 常委.
        superseded: What took its place, of a rule that is kept only to be told from the new one.
        voters: Classes of the roll that draw a ticket.
        groups: Groups that the rule names, with a quorum or a fixed number each.
        quorum: Of those due, how many must be present (base ``due``).
        passing: How many 同意 make a decision; None where nothing is decided.
        deferral: How many 缓议 defer the item; used only when ``options`` has ``defer``.
        ballot: Of a contest, ``choose`` up to the seats, or a word for ``each`` name.
        options: What is printed on the ballot, in order: agree, disagree, abstain[, defer].
        scales: Of an assessment, the grades in the place of options.
        write_in: The most that an item may take of names from outside: ``none``, from the
            ``roster``, or any ``text``.
        unmarked_write_in: What a written-in name without a mark is on paper.
        form, relations, thin_reasons: Of a named nomination, what it must fill in, the relations
            to choose from, and the reasons that will not do alone.
        invalid_entry: What two marks for one person spoil: that entry or the ballot.
        blank_entry: How an unmarked entry of a paper ballot counts; a kiosk allows none.
        void: The findings that void the whole round.
        ties: ``fails``: half is not more than half; ``none``: nobody wins; ``revote-most`` and
            ``revote-majority``: those tied at the last seat are voted on again, and then the most
            votes win, or need ``passing`` as well.
        next_round: How many names more than open seats go to a next round.
        rounds_limit: How many rounds there are for open seats, 0 without limit.
        second_list: How many names for a seat go to a second recommendation.
        scatter: What the first of a recommendation must reach not to be called scattered.
        objection: The share of 不同意 that a consultation is flagged at.
        flags: Shares of an assessment that ask for review.
        recusal_effect: ``leaves-vote`` or ``leaves-deliberation`` (and comes back to vote).
        recusal_base: Whether those who left the vote still stand in the base ``due``.
        visibility: What the room is told: ``counts``, ``outcome``, or it is ``withheld``.
        papers: ``joined``: one paper for all; ``by-series``: each series, hence each group, votes
            on the items in a paper with totals of its own. Only where nothing is decided.
        rate_base: What a printed share is taken of: ``valid``, ``returned`` or ``issued``.
        unknown_base: Whether 不了解 is ``kept`` in that base or ``dropped``.
        secrecy: The class printed on forms: unmarked, internal, secret, confidential.
        signers: Who signs the result, in this order.
        floor: A box with fewer ballots is not opened.
        gates: What must be settled for an item before the meeting is frozen.
        room_gates: What must have happened in the room before a round opens.
    """

    id: str
    kind: Kind
    title: Mapping[Lang, str]
    members: Mapping[Lang, str]
    superseded: Mapping[Lang, str] | None = None
    voters: tuple[str, ...]
    groups: tuple[VoterGroup, ...] = ()
    quorum: Measure = EVERYBODY
    passing: Measure | None = None
    deferral: Measure | None = None
    ballot: Literal["choose", "each"] = "choose"
    options: tuple[str, ...] = ()
    scales: tuple[Scale, ...] = ()
    write_in: WriteIn = "none"
    unmarked_write_in: Literal["invalid", "abstain"] = "invalid"
    form: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    thin_reasons: tuple[str, ...] = ()
    invalid_entry: str = "void-entry"
    blank_entry: str = "abstain"
    void: tuple[str, ...] = ()
    ties: Literal["fails", "none", "revote-most", "revote-majority"] = "none"
    next_round: int = 1
    rounds_limit: int = 0
    second_list: Ratio = EVEN
    scatter: Measure | None = None
    objection: Measure | None = None
    flags: tuple[Flag, ...] = ()
    recusal_effect: RecusalEffect = "leaves-vote"
    recusal_base: RecusalBase = "unchanged"
    retry: Retry = AGAIN
    visibility: str
    secrecy: str
    signers: tuple[Signer, ...]
    floor: int = 1
    gates: tuple[str, ...]
    room_gates: tuple[str, ...] = ()
    papers: Literal["joined", "by-series"] = "joined"
    rate_base: Literal["valid", "returned", "issued"] = "valid"
    unknown_base: Literal["kept", "dropped"] = "kept"
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

    @property
    def votes(self) -> bool:
        """Whether an item of a meeting can be under it: a named nomination is not a ballot."""
        return self.kind != "named"

    def option_word(self, option: str) -> str:
        """Return the id of the word that a ballot under this rule has for an option."""
        return _OPTION_WORDS.get((self.kind, option), f"option.{option}")

    def scale(self, scale_id: str) -> Scale:
        """Return a scale of an assessment.

        Raises:
            InputError: ``unknown-scale``.
        """
        for one in self.scales:
            if one.id == scale_id:
                return one
        raise InputError("unknown-scale", scale=scale_id, scales=[one.id for one in self.scales])

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
        clauses = clauses_of(self.kind)
        for key, raw in chosen.items():
            where = f"{place}.{key}"
            note = self.notes.get(key)
            if note is None or not note.choices:
                parameters = [name for name, note in self.notes.items() if note.choices]
                raise DraftError("rule-not-a-parameter", where, parameters=parameters)
            value = clauses[key].parse(raw, where)
            if value not in note.choices:
                choices = [shown(choice) for choice in note.choices]
                raise DraftError("rule-not-a-choice", where, choices=choices)
            values[clauses[key].field] = value
        rule = dataclasses.replace(self, **values) if values else self  # type: ignore[arg-type]
        check_flags(rule.scales, rule.flags, f"{place}.flags")
        return rule

    def to_json(self) -> dict[str, object]:
        """Return the form frozen in ``meeting.json``; keys as in the TOML file."""
        data: dict[str, object] = {
            "id": self.id,
            "kind": self.kind,
            "title": dict(self.title),
            "members": dict(self.members),
        }
        if self.superseded is not None:
            data["superseded"] = dict(self.superseded)
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
    if not isinstance(data, dict):
        raise DraftError("rule-bad-value", place, allowed="table")
    if "kind" not in data:
        raise DraftError("rule-missing-key", f"{place}.kind")
    # Before the keys: which there may be hangs on the kind.
    kind = one_of(data["kind"], f"{place}.kind", *KINDS)
    rule = table(data, place, (*HEAD, *clauses_of(kind)), MAY)
    values: dict[str, Any] = {}
    notes: dict[str, Note] = {}
    for key, clause in clauses_of(kind).items():
        values[clause.field], notes[key] = parse_clause(clause, rule[key], f"{place}.{key}")
    if "flags" in values:
        check_flags(values["scales"], values["flags"], f"{place}.flags.value")
    given = rule.get("superseded")
    return Rule(
        id=identifier(rule["id"], f"{place}.id"),
        kind=cast("Any", kind),
        title=both(rule["title"], f"{place}.title"),
        members=both(rule["members"], f"{place}.members"),
        superseded=None if given is None else both(given, f"{place}.superseded"),
        notes=notes,
        **values,
    )


_OPTION_WORDS: Final = {
    ("recommendation", "agree"): "option.recommendation.agree",
    ("recommendation", "disagree"): "option.recommendation.disagree",
    ("nomination", "agree"): "option.recommendation.agree",
    ("nomination", "abstain"): "option.recommendation.disagree",
    ("election", "agree"): "option.election.agree",
    ("election", "disagree"): "option.election.disagree",
}
