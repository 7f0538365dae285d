"""The draft of a meeting, as the secretary writes it in TOML the day before.

Format: docs/spec/draft.md. ``read_draft`` is strict and stops at the first fault; each fault is
one ``DraftError`` whose place is table, row (from 1) and key. What it returns has passed every
check that needs no font and no key; ``voting.meeting.freezing`` makes ``meeting.json`` of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal

from voting.errors import DraftError
from voting.meeting.draft_chain import dated, read_chain, read_gate, read_relation
from voting.meeting.draft_contest import DraftContest, read_contest, read_roster
from voting.meeting.drafted import check_parts
from voting.meeting.frozen import Group
from voting.meeting.frozen_chain import Chain
from voting.meeting.frozen_parts import KEY_ROLES
from voting.meeting.roll import Person
from voting.meeting.table import Table, read_toml
from voting.rules import load_rule
from voting.rules.values import CLASSES, ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.contests import Roster
    from voting.meeting.draft_chain import Relation
    from voting.rules import Rule
    from voting.rules.gates import AnyGate
    from voting.rules.values import Class, Role

DEFAULT_SERIES: Final = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftItem:
    """An item; an empty question is composed from the other fields when it is frozen."""

    id: str
    rule: str
    candidate: str
    current: str
    proposed: str
    removed: str
    question: str
    gates: tuple[AnyGate, ...]
    contest: DraftContest


@dataclass(frozen=True, slots=True)
class DraftSeries:
    """A series of tickets to print. A title may be empty: then the catalogue's is used."""

    id: str
    title: str
    printed: int


@dataclass(frozen=True, slots=True)
class DraftOfficer:
    """``name`` is a label of the roll. ``pen`` when he signs on paper and enrols no key."""

    id: str
    role: Role
    name: str
    pen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """How simulated members behave; never frozen.

    Attributes:
        absent: Labels of those who do not come.
        away: By counted group, how many of it do not come.
        recused: By item, labels of those who are recused.
        weights: By item, or ``default``, how likely each option is, as whole numbers.
        spoils: How many sealed ballots are opened to check a device.
    """

    absent: tuple[str, ...] = ()
    away: Mapping[str, int] = field(default_factory=dict)
    recused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    spoils: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft without a fault that this room can see. ``slots`` is how many to draw."""

    title: str
    body: str
    number: str
    date: str
    language: Literal["zh", "en"]
    secrecy: str
    retention: str
    floor: int
    spoil_quota: int
    slots: int
    pages: Literal["installed", "server"]
    tickets: Literal["apart", "server"]
    roll: tuple[Person, ...]
    groups: tuple[Group, ...]
    rules: Mapping[str, Rule]
    items: tuple[DraftItem, ...]
    rosters: tuple[Roster, ...] = ()
    chain: Chain = field(default_factory=Chain)
    relations: tuple[Relation, ...] = ()
    series: tuple[DraftSeries, ...]
    threshold: int
    trustees: tuple[str, ...]
    officers: tuple[DraftOfficer, ...]
    rehearsal: Rehearsal

    def members(self) -> tuple[Person, ...]:
        """Return the members with a vote who are named: those who are due, but for the groups."""
        return tuple(one for one in self.roll if one.cls == "member")

    def due(self, *classes: str) -> int:
        """Return how many of some classes are due or attend, named or counted."""
        named = sum(one.cls in classes for one in self.roll)
        return named + sum(one.count for one in self.groups if one.cls in classes)


def read_draft(text: str, own: Mapping[str, Rule] | None = None) -> Draft:
    """Read and check a draft.

    Args:
        own: The institution's rules, by id (``voting.rules.read_own``).

    Raises:
        DraftError: The first fault. Codes: ``not-toml``, those of ``voting.meeting.table`` for
            keys, types and characters, those of ``voting.meeting.drafted`` for what does not
            fit together, and the rule book's.
    """
    return read_tables(read_toml(text), own)


def read_tables(data: Mapping[str, object], own: Mapping[str, Rule] | None = None) -> Draft:
    """Read and check a draft that was parsed. Raises DraftError, the first fault."""
    top = Table(data, "")
    meeting = top.table("meeting")
    roll = top.rows("roll", _person)
    groups = top.rows("groups", _group, required=False)
    chosen = top.table("rules", required=False)
    items = top.rows("items", _item)
    rosters = top.rows("rosters", read_roster, required=False)
    chain = read_chain(top.table("chain", required=False))
    relations = top.rows("relations", read_relation, required=False)
    series = top.rows("series", _series, required=False) or _default_series(roll, groups)
    trustees = top.table("trustees")
    threshold = trustees.number("threshold", low=0, high=99)
    names = trustees.names("names", distinguishing=True)
    trustees.finish()
    officers = _numbered(top.rows("officers", _officer))
    rehearsal = _rehearsal(top.table("rehearsal", required=False))
    top.finish()
    draft = Draft(
        title=meeting.text("title"),
        body=meeting.text("body"),
        number=meeting.text("number", ""),
        date=meeting.date("date"),
        language=meeting.choice("language", ("zh", "en"), "zh"),
        secrecy=meeting.text("secrecy", ""),
        retention=meeting.text("retention", ""),
        floor=meeting.number("floor", 5, low=1, high=1000),
        spoil_quota=meeting.number("spoil-quota", 1, low=0, high=100),
        slots=meeting.number("slots", 32, low=1, high=64),
        pages=meeting.choice("pages", ("installed", "server"), "installed"),
        tickets=meeting.choice("tickets", ("apart", "server"), "apart"),
        roll=roll,
        groups=groups,
        rules=_rules(items, chosen, own),
        items=items,
        rosters=rosters,
        chain=chain,
        relations=relations,
        series=series,
        threshold=threshold,
        trustees=names,
        officers=officers,
        rehearsal=rehearsal,
    )
    meeting.finish()
    draft = replace(draft, items=dated(draft.items, draft.date))
    check_parts(draft)
    return draft


def _person(row: Table) -> Person:
    name = row.name("name")
    key = row.distinguishing("key", "")
    cls: Class = row.choice("class", CLASSES, "member")
    post = row.text("post", "")
    series = row.identifier("series", DEFAULT_SERIES) if cls == "member" else None
    if cls == "alternate":  # who of them votes is the rules': ``drafted``
        series = row.identifier("series", "") or None
    return Person(name=name, key=key, cls=cls, post=post, series=series)


def _group(row: Table) -> Group:
    ident = row.identifier("id")
    return Group(
        id=ident,
        title=row.text("title"),
        cls=row.choice("class", ("member",), "member"),
        series=row.identifier("series", ident),
        count=row.number("count", low=1, high=10_000),
    )


def _item(row: Table) -> DraftItem:
    return DraftItem(
        id=row.identifier("id", f"i{row.place.removeprefix('items[').removesuffix(']')}"),
        rule=row.identifier("rule"),
        candidate=row.name("candidate", ""),
        current=row.text("current", ""),
        proposed=row.text("proposed", ""),
        removed=row.text("removed", ""),
        question=row.text("question", ""),
        gates=row.rows("gates", read_gate, required=False),
        contest=read_contest(row),
    )


def _series(row: Table) -> DraftSeries:
    return DraftSeries(
        row.identifier("id"), row.text("title", ""), row.number("printed", low=1, high=10_000)
    )


def _default_series(roll: tuple[Person, ...], groups: tuple[Group, ...]) -> tuple[DraftSeries, ...]:
    """One series for those named, one for each group: a ticket each, and a fifth as spares."""
    members = sum(person.cls == "member" for person in roll)
    named = [DraftSeries(DEFAULT_SERIES, "", _with_spares(members))]
    own = [DraftSeries(one.series, one.title, _with_spares(one.count)) for one in groups]
    return (*(named if members or not own else []), *own)


def _with_spares(people: int) -> int:
    return max(1, people) + max(2, people // 5)


def _officer(row: Table) -> DraftOfficer:
    role = row.choice("role", ROLES)
    pen = row.flag("pen", False)
    if pen and role in KEY_ROLES:
        raise DraftError("pen-not-allowed", row.at("pen"), role=role)
    return DraftOfficer(row.identifier("id", ""), role, row.distinguishing("name"), pen)


def _numbered(officers: tuple[DraftOfficer, ...]) -> tuple[DraftOfficer, ...]:
    """Give ids to officers without one: the role, with a number where it has several."""
    roles = [one.role for one in officers]
    result = []
    for i, one in enumerate(officers):
        several = roles.count(one.role) > 1
        ident = f"{one.role}-{roles[: i + 1].count(one.role)}" if several else one.role
        result.append(one if one.id else DraftOfficer(ident, one.role, one.name, one.pen))
    return tuple(result)


def _rules(
    items: tuple[DraftItem, ...], chosen: Table, own: Mapping[str, Rule] | None
) -> dict[str, Rule]:
    rules = {}
    for i, item in enumerate(items, 1):
        rules[item.rule] = load_rule(item.rule, f"items[{i}].rule", own)
    for name in chosen.left():
        if name not in rules:
            raise DraftError("rule-unused", chosen.at(name), rule=name)
        parameters = chosen.table(name)
        rules[name] = rules[name].choose(parameters.plain(), parameters.place)
    return dict(sorted(rules.items()))


def _rehearsal(table: Table) -> Rehearsal:
    recused, weights, away = (
        table.table(name, required=False) for name in ("recused", "weights", "away")
    )
    result = Rehearsal(
        absent=table.names("absent", []),
        away={group: away.number(group, low=0, high=10_000) for group in away.left()},
        recused={item: recused.names(item) for item in recused.left()},
        weights={item: _weights(weights.table(item)) for item in weights.left()},
        spoils=table.number("spoils", 1, low=0, high=100),
    )
    table.finish()
    return result


def _weights(table: Table) -> dict[str, int]:
    return {option: table.number(option, low=0, high=1000) for option in table.left()}
