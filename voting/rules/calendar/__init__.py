"""The year's holidays and make-up workdays, as data with their source.

They are announced each autumn for the next year, so no formula gives them. A year that no file
covers is refused and not guessed: a term counted without its holidays ends too early.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from voting.errors import DraftError, InputError
from voting.rules.reading import line, parse_source, table, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voting.rules.values import Source

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Year:
    """One year: days off beside the weekends, weekend days on which people work, the source."""

    year: int
    holidays: frozenset[dt.date]
    workdays: frozenset[dt.date]
    source: Source


@dataclass(frozen=True, slots=True)
class Calendar:
    """Some years. A later file for the same year replaces an earlier one."""

    years: tuple[Year, ...]

    def works(self, day: dt.date) -> bool:
        """Return whether a day is a workday. Raises InputError ``calendar-missing``."""
        for one in self.years:
            if one.year == day.year:
                return day in one.workdays or (day.weekday() < 5 and day not in one.holidays)
        raise InputError("calendar-missing", year=day.year)


def load_calendar(own: Iterable[Year] = ()) -> Calendar:
    """Return the years that ship, with an institution's own before them."""
    shipped = (
        read_year(file.read_text("utf-8"), file.name)
        for file in sorted(files(__package__).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    )
    return Calendar((*own, *shipped))


def read_year(text: str, name: str) -> Year:
    """Read the file of a year; ``name`` starts every complaint.

    Raises:
        DraftError: not TOML, a key missing or unknown, a source without certainty, a day that
            is of another year, or both a holiday and a workday.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise DraftError("rule-not-toml", name, what=str(e)) from e
    part = table(data, name, ("year", "source", "workdays", "holidays"))
    year = whole(part["year"], f"{name}.year", 1)
    working = _days(part["workdays"], f"{name}.workdays")
    off: set[dt.date] = set()
    rows = part["holidays"] if isinstance(part["holidays"], list) else [part["holidays"]]
    for i, row in enumerate(rows, 1):
        off |= _holiday(row, f"{name}.holidays[{i}]")
    for day in sorted(working | off):
        if day.year != year:
            raise DraftError("calendar-other-year", name, day=day.isoformat(), year=year)
    for day in sorted(working & off):
        raise DraftError("calendar-both", name, day=day.isoformat())
    source = parse_source(part["source"], f"{name}.source")
    return Year(year, frozenset(off), frozenset(working), source)


def _holiday(row: Any, place: str) -> set[dt.date]:
    part = table(row, place, ("name", "from", "until"))
    line(part["name"], f"{place}.name")
    first, last = (_day(part[key], f"{place}.{key}") for key in ("from", "until"))
    if last < first or (last - first).days > 30:
        raise DraftError("rule-bad-value", f"{place}.until", allowed=">= from")
    return {first + _DAY * n for n in range((last - first).days + 1)}


def _days(value: Any, place: str) -> set[dt.date]:
    if not isinstance(value, list):
        raise DraftError("rule-bad-value", place, allowed="[…]")
    return {_day(one, f"{place}[{i}]") for i, one in enumerate(value, 1)}


def _day(value: Any, place: str) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise DraftError("bad-date", place)
    return value
