"""What a draft asks when an item asks more than one thing: names, a roster, a grid.

    [[items]]            rule, seats, proposed …     [[items.names]]     name, current, note
    roster = "r1"        (or write-in = "roster")    [[items.subjects]]  name, current, scale
    aspects = ["德", …]                              [[rosters]], [[rosters.names]]

Keys: docs/spec/draft.md. The contest is made when the item is read; what the rule has to say to
it is checked when all is read (``check_contests``), each fault with its place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from voting.errors import DraftError, InputError
from voting.meeting.contests import (
    MAX_LISTED,
    MAX_NAMES,
    MAX_ROSTER,
    WRITE_INS,
    Aspect,
    FromRoster,
    Grid,
    Name,
    Names,
    Roster,
    RosterName,
    Subject,
    WriteIn,
    homonym,
    places_of,
)
from voting.meeting.spelling import spell
from voting.protocol.election import MAX_QUESTIONS
from voting.rules.lists import check_contest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voting.meeting.contests import Contest
    from voting.meeting.draft import Draft, DraftItem
    from voting.meeting.table import Table
    from voting.rules import Rule
    from voting.rules.gates import AnyGate

SINGLE: Final = frozenset({"confirmation", "recommendation", "consultation"})
"""Kinds that take one mark for one person."""


@dataclass(frozen=True, slots=True)
class DraftContest:
    """The keys of an item that its contest is made of, as they stand in the draft."""

    seats: int | None
    names: tuple[Name, ...]
    roster: str
    write_in: str
    subjects: tuple[Subject, ...]
    aspects: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether the item has none of these keys."""
        return self == DraftContest(None, (), "", "", (), ())


def read_contest(row: Table) -> DraftContest:
    """Take the keys of a contest out of an item's row."""
    seats = row.number("seats", low=1, high=MAX_NAMES) if "seats" in row.left() else None
    names = row.rows("names", _name, required=False)
    subjects = row.rows("subjects", _subject, required=False)
    return DraftContest(
        seats,
        tuple(replace(one, id=f"c{i}") for i, one in enumerate(names, 1)),
        row.identifier("roster", ""),
        row.choice("write-in", ("", "none", "roster", "text"), ""),
        tuple(replace(one, id=f"s{i}") for i, one in enumerate(subjects, 1)),
        row.names("aspects", [], distinguishing=True),
    )


def read_roster(row: Table) -> Roster:
    """Read a roster; a name without a spelling gets its pinyin."""
    roster = Roster(row.identifier("id"), row.text("title"), row.rows("names", _roster_name))
    if not roster.names:
        raise DraftError("roster-empty", f"{row.place}.names")
    if len(roster.names) > MAX_ROSTER:
        raise DraftError("roster-too-long", f"{row.place}.names", limit=MAX_ROSTER)
    if (twice := homonym(roster.names)) is not None:
        name = _shared(roster.names, twice)
        raise DraftError("roster-homonym", f"{row.place}.names[{twice + 1}].name", name=name)
    return roster


def _shared(names: Sequence[RosterName], twice: int) -> str:
    """Return what a name and one before it are both called: the name, or else the label."""
    one = names[twice]
    return one.name if any(one.name == before.name for before in names[:twice]) else one.label


def contest_of(item: DraftItem, rule: Rule) -> Contest | None:
    """Return what is frozen of an item that passed ``check_contests``."""
    said = item.contest
    if said.empty:
        return None
    if said.subjects or said.aspects:
        aspects = tuple(Aspect(f"a{i}", title) for i, title in enumerate(said.aspects, 1))
        return Grid(said.subjects, aspects)
    if not said.names:
        return FromRoster(said.seats or 1, said.roster)
    return Names(said.seats or 1, said.names, _write_in(said, rule))


def takes_words(item: DraftItem, rule: Rule) -> bool:
    """Return whether names may be written in words, so that two scrutineers have to read them."""
    contest = contest_of(item, rule)
    if isinstance(contest, FromRoster):
        return rule.write_in == "text"
    return isinstance(contest, Names) and contest.write_in == WriteIn(None)


def check_contests(draft: Draft) -> None:
    """Raise DraftError for the first contest or roster that does not fit its rule."""
    seen: dict[str, int] = {}
    for i, one in enumerate(draft.rosters, 1):
        if seen.setdefault(one.id, i) != i:
            raise DraftError("id-twice", f"rosters[{i}]", id=one.id)
    used = set()
    for i, item in enumerate(draft.items, 1):
        _check_item(draft, item, draft.rules[item.rule], f"items[{i}]")
        used.add(item.contest.roster)
    for i, one in enumerate(draft.rosters, 1):
        if one.id not in used:
            raise DraftError("roster-unused", f"rosters[{i}].id", roster=one.id)


def _check_item(draft: Draft, item: DraftItem, rule: Rule, place: str) -> None:
    said = item.contest
    if not rule.votes:
        raise DraftError("rule-not-a-ballot", f"{place}.rule", rule=rule.id)
    if rule.kind in SINGLE:
        if not said.empty:
            raise DraftError("contest-not-asked", place, rule=rule.id)
        if not (item.candidate or item.question):
            raise DraftError("missing-key", f"{place}.candidate")
        return
    if item.candidate:
        raise DraftError("candidate-not-asked", f"{place}.candidate", rule=rule.id)
    if rule.kind == "assessment":
        _check_grid(said, rule, place)
        return
    if said.subjects or said.aspects:
        raise DraftError("grid-not-asked", f"{place}.subjects", rule=rule.id)
    if said.roster and all(one.id != said.roster for one in draft.rosters):
        rosters = [one.id for one in draft.rosters]
        raise DraftError("unknown-roster", f"{place}.roster", roster=said.roster, rosters=rosters)
    if rule.kind == "nomination":
        _check_nomination(draft, said, item.gates, rule, place)
    else:
        _check_names(said, rule, place)
        _check_outside(draft, said)


def _check_nomination(
    draft: Draft, said: DraftContest, gates: Sequence[AnyGate], rule: Rule, place: str
) -> None:
    if bool(said.names) == bool(said.roster):
        raise DraftError("names-or-roster", f"{place}.names")
    # Here the rule alone says whether names are written: an item cannot take it back.
    if said.write_in not in ("", "none") or (said.write_in and rule.write_in == "text"):
        raise DraftError("write-in-not-allowed", f"{place}.write-in", rule=rule.id)
    if said.names:
        _check_list(said, MAX_LISTED, place)
        # 差额: a list that was made from an earlier recommendation has more names than posts.
        names, seats = len(said.names), said.seats or 1
        exact = any(gate.gate == "first-round" for gate in gates)  # then V22 computes the list
        if "recommended" in rule.gates and not exact and names <= seats:
            raise DraftError("not-contested", f"{place}.names", names=names, seats=seats)
        return
    people = next(len(one.names) for one in draft.rosters if one.id == said.roster)
    seats = said.seats or 1
    most = places_of(text=rule.write_in == "text")
    if seats > most:
        raise DraftError("out-of-range", f"{place}.seats", low=1, high=most)
    if seats > people:
        raise DraftError("seats-exceed-names", f"{place}.seats", seats=seats, names=people)


def _check_names(said: DraftContest, rule: Rule, place: str) -> None:
    """A contested vote or an election: the names are listed; the roster is for write-ins."""
    if not said.names:
        raise DraftError("missing-key", f"{place}.names")
    _check_list(said, MAX_NAMES if rule.kind == "election" else MAX_LISTED, place)
    try:
        check_contest(rule, len(said.names), said.seats or 1)
    except InputError as e:
        raise DraftError(e.code, f"{place}.seats", **e.params) from e
    wanted = said.write_in or rule.write_in
    if WRITE_INS.index(wanted) > WRITE_INS.index(rule.write_in):
        raise DraftError("write-in-not-allowed", f"{place}.write-in", rule=rule.id)
    if (wanted == "roster") != bool(said.roster):
        code = "write-in-needs-roster" if wanted == "roster" else "roster-not-asked"
        raise DraftError(code, f"{place}.roster", rule=rule.id)


def _check_outside(draft: Draft, said: DraftContest) -> None:
    """Nobody who stands is on the roster of names from outside: his votes would lie in two heaps.

    A namesake is somebody else, and says so by a key.
    """
    standing = {one.name for one in said.names}
    for i, roster in enumerate(draft.rosters, 1):
        for j, one in enumerate(roster.names, 1):
            if roster.id == said.roster and one.name in standing and not one.key:
                raise DraftError(
                    "roster-has-standing", f"rosters[{i}].names[{j}].name", name=one.name
                )


def _check_list(said: DraftContest, limit: int, place: str) -> None:
    if len(said.names) > limit:
        raise DraftError("too-many-names", f"{place}.names", limit=limit)
    seen: dict[str, int] = {}
    for i, one in enumerate(said.names, 1):
        if (row := seen.setdefault(one.name, i)) != i:
            raise DraftError(
                "contest-name-twice", f"{place}.names[{i}].name", name=one.name, row=row
            )
    seats = said.seats or 1
    if seats > len(said.names):
        raise DraftError("seats-exceed-names", f"{place}.seats", seats=seats, names=len(said.names))


def _check_grid(said: DraftContest, rule: Rule, place: str) -> None:
    for key, there in (
        ("seats", said.seats),
        ("names", said.names),
        ("roster", said.roster),
        ("write-in", said.write_in),
    ):
        if there:
            raise DraftError("names-not-asked", f"{place}.{key}", rule=rule.id)
    for key, listed in (("subjects", said.subjects), ("aspects", said.aspects)):
        if not listed:
            raise DraftError("missing-key", f"{place}.{key}")
    for i, title in enumerate(said.aspects, 1):
        if not title or title in said.aspects[: i - 1]:
            raise DraftError("aspect-twice", f"{place}.aspects[{i}]", aspect=title)
    names, scales = [one.name for one in said.subjects], [one.id for one in rule.scales]
    for i, one in enumerate(said.subjects, 1):
        if (row := names.index(one.name) + 1) != i:
            raise DraftError(
                "contest-name-twice", f"{place}.subjects[{i}].name", name=one.name, row=row
            )
        if one.scale not in scales:
            where = f"{place}.subjects[{i}].scale"
            raise DraftError("unknown-scale", where, scale=one.scale, scales=scales)
    cells = len(said.subjects) * len(said.aspects)
    if cells > MAX_QUESTIONS:
        raise DraftError("too-many-cells", f"{place}.subjects", cells=cells, limit=MAX_QUESTIONS)


def _write_in(said: DraftContest, rule: Rule) -> WriteIn | None:
    wanted = said.write_in or rule.write_in
    if wanted == "none" or rule.kind != "election":  # others have only who is listed
        return None
    return WriteIn(said.roster if wanted == "roster" else None)


def _name(row: Table) -> Name:
    return Name("", row.name("name"), row.text("current", ""), row.text("note", ""))


def _subject(row: Table) -> Subject:
    return Subject("", row.name("name"), row.text("current", ""), row.identifier("scale"))


def _roster_name(row: Table) -> RosterName:
    name = row.name("name")
    return RosterName(
        name,
        row.distinguishing("key", ""),
        row.text("unit", ""),
        row.text("spelling", "") or spell(name),
    )


def weighable(draft: Draft, item: str, words: Iterable[str]) -> set[str]:
    """Return the keys that a rehearsal's weights of an item, or ``default``, may have.

    Options and grades of its rule, names of its contest, numbers of its roster, and whatever
    somebody may write: those of ``words`` that are no number.
    """
    keys: set[str] = set()
    for one in draft.items:
        if item not in (one.id, "default"):
            continue
        rule = draft.rules[one.rule]
        keys.update(rule.options)
        keys.update(grade.id for scale in rule.scales for grade in scale.grades)
        if one.id == item:
            if takes_words(one, rule):
                keys.update(one for one in words if not one.isdecimal())
            keys.update(name.name for name in one.contest.names)
            for roster in draft.rosters:
                if roster.id == one.contest.roster:
                    keys.update(str(number) for number in range(1, len(roster.names) + 1))
    return keys
