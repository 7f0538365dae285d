"""What an item asks when it asks more than one thing: its ``contest``, and the ``rosters``.

Format: docs/spec/meeting.md, sections 2 and 3. A contest is names for seats, a place for names of
a roster, or a grid of subjects and aspects. Here are the values, their shape in ``meeting.json``,
and what must hold within them; what a contest asks on a ballot is ``voting.meeting.questions``.

A roster's number is a name's position in it, from 1. ``spelling`` is for searching alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from voting.errors import FormatError
from voting.meeting import shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voting.meeting.shape import Check

MAX_LISTED: Final = 20
"""More names than this to choose among are a roster: one shuffled question (PROTOCOL 5.5)."""
MAX_NAMES: Final = 60
"""The most names that are voted on one by one."""
MAX_ROSTER: Final = 1_500
MAX_PLACES: Final = 15
"""The most roster numbers that one plaintext holds."""
_WITH_TEXT: Final = 10
"""The most where words must have room beside them: then at least ten bytes, five characters."""
WRITE_INS: Final = ("none", "roster", "text")
"""Names from outside, each allowing what stands before it."""


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody who stands in a contest."""

    id: str
    name: str
    current: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class WriteIn:
    """另选他人: by number of a roster, or in the voter's words where ``roster`` is None."""

    roster: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """Names for ``seats``."""

    seats: int
    names: tuple[Name, ...]
    write_in: WriteIn | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The names' ids in the frozen order."""
        return tuple(one.id for one in self.names)


@dataclass(frozen=True, slots=True)
class FromRoster:
    """Up to ``seats`` names out of a roster."""

    seats: int
    roster: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody, or something, that is assessed on a scale of the rule."""

    id: str
    name: str
    current: str
    scale: str


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that every subject is assessed for."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Every subject with every aspect: a cell each."""

    subjects: tuple[Subject, ...]
    aspects: tuple[Aspect, ...]


Contest = Names | FromRoster | Grid


@dataclass(frozen=True, slots=True)
class RosterName:
    """A person on a roster. ``key`` tells people of one name apart."""

    name: str
    key: str
    unit: str
    spelling: str

    @property
    def label(self) -> str:
        """The name as people see it, with the key where there is one."""
        return f"{self.name}({self.key})" if self.key else self.name


@dataclass(frozen=True, slots=True)
class Roster:
    """People to choose from; the number of a name is its position from 1."""

    id: str
    title: str
    names: tuple[RosterName, ...]


_WRITE_IN: Final[Mapping[str, Check]] = {
    "roster": shape.record(roster=shape.identifier),
    "text": shape.record(text=lambda value, place: _true(value, place)),
}
_SHAPES: Final[Mapping[str, Check]] = {
    "names": shape.record(
        type=shape.one_of("names"),
        seats=shape.count(1, MAX_NAMES),
        names=shape.sequence(
            shape.record(
                id=shape.identifier, name=shape.name, current=shape.prose, note=shape.prose
            ),
            low=1,
            high=MAX_NAMES,
        ),
        write_in=shape.optional(lambda value, place: _write_in(value, place)),
    ),
    "roster": shape.record(
        type=shape.one_of("roster"), seats=shape.count(1, MAX_PLACES), roster=shape.identifier
    ),
    "grid": shape.record(
        type=shape.one_of("grid"),
        subjects=shape.sequence(
            shape.record(
                id=shape.identifier,
                name=shape.name,
                current=shape.prose,
                scale=shape.identifier,
            ),
            low=1,
        ),
        aspects=shape.sequence(shape.record(id=shape.identifier, title=shape.name), low=1),
    ),
}


def contest(value: object, place: str) -> Any:
    """Take a contest: an object of one of the three types."""
    kind = value.get("type") if isinstance(value, dict) else None
    return _typed(_SHAPES, kind, value, place)


ROSTERS: Final[Check] = shape.sequence(
    shape.record(
        id=shape.identifier,
        title=shape.words,
        names=shape.sequence(
            shape.record(name=shape.name, key=shape.called, unit=shape.prose, spelling=shape.prose),
            low=1,
            high=MAX_ROSTER,
        ),
    )
)


def contest_of(value: Any, place: str) -> Contest:
    """Return a contest that passed ``contest``. Raises FormatError for an id or a name twice."""
    if value["type"] == "roster":
        return FromRoster(value["seats"], value["roster"])
    if value["type"] == "grid":
        grid = Grid(
            tuple(Subject(**one) for one in value["subjects"]),
            tuple(Aspect(**one) for one in value["aspects"]),
        )
        _unique((one.id for one in grid.subjects), f"{place}.subjects")
        _unique((one.name for one in grid.subjects), f"{place}.subjects")
        _unique((one.id for one in grid.aspects), f"{place}.aspects")
        _unique((one.title for one in grid.aspects), f"{place}.aspects")
        return grid
    names = tuple(Name(**one) for one in value["names"])
    _unique((one.id for one in names), f"{place}.names")
    _unique((one.name for one in names), f"{place}.names")
    if value["seats"] > len(names):
        raise FormatError(f"{place}.seats", "more seats than names")
    write_in = value["write_in"]
    return Names(
        value["seats"], names, None if write_in is None else WriteIn(write_in.get("roster"))
    )


def contest_json(one: Contest) -> dict[str, object]:
    """Return the object of a contest in ``meeting.json``."""
    if isinstance(one, FromRoster):
        return {"type": "roster", "seats": one.seats, "roster": one.roster}
    if isinstance(one, Grid):
        return {
            "type": "grid",
            "subjects": [
                {"id": s.id, "name": s.name, "current": s.current, "scale": s.scale}
                for s in one.subjects
            ],
            "aspects": [{"id": a.id, "title": a.title} for a in one.aspects],
        }
    return {
        "type": "names",
        "seats": one.seats,
        "names": [
            {"id": n.id, "name": n.name, "current": n.current, "note": n.note} for n in one.names
        ],
        "write_in": _write_in_json(one.write_in),
    }


def rosters_of(value: Any, place: str) -> Mapping[str, Roster]:
    """Return the rosters by id. Raises FormatError for an id twice, or people alike."""
    rosters = [
        Roster(one["id"], one["title"], tuple(RosterName(**name) for name in one["names"]))
        for one in value
    ]
    _unique((one.id for one in rosters), place)
    for i, one in enumerate(rosters):
        if (twice := homonym(one.names)) is not None:
            raise FormatError(f"{place}[{i}].names[{twice}]", "a name that stands there already")
    return MappingProxyType({one.id: one for one in rosters})


def roster_json(one: Roster) -> dict[str, object]:
    """Return the object of a roster in ``meeting.json``."""
    return {
        "id": one.id,
        "title": one.title,
        "names": [
            {"name": n.name, "key": n.key, "unit": n.unit, "spelling": n.spelling}
            for n in one.names
        ],
    }


def places_of(*, text: bool) -> int:
    """Return for how many seats a roster can be asked, with words beside its numbers or without."""
    return _WITH_TEXT if text else MAX_PLACES


def homonym(names: Iterable[RosterName]) -> int | None:
    """Return the first position (from 0) of a name that is not told apart from one before it.

    People of one name are told apart by keys, which then all of them have. Nor are two labels the
    same: 王伟(水利局) may be a name, or 王伟 with a key.
    """
    seen: dict[str, set[str]] = {}
    labels: set[str] = set()
    for i, one in enumerate(names):
        keys = seen.setdefault(one.name, set())
        if one.label in labels or (keys and (not one.key or "" in keys)):
            return i
        keys.add(one.key)
        labels.add(one.label)
    return None


def _write_in_json(one: WriteIn | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {"text": True} if one.roster is None else {"roster": one.roster}


def _typed(shapes: Mapping[str, Check], kind: object, value: object, place: str) -> Any:
    if not isinstance(kind, str) or kind not in shapes:
        raise FormatError(place, f"not one of {', '.join(shapes)}")
    return shapes[kind](value, place)


def _write_in(value: object, place: str) -> Any:
    kind = next(iter(value), None) if isinstance(value, dict) else None
    return _typed(_WRITE_IN, kind, value, place)


def _true(value: object, place: str) -> Any:
    if value is not True:
        raise FormatError(place, "not true")
    return value


def _unique(values: Iterable[str], place: str) -> None:
    shape.unique(list(values), place)
