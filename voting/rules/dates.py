"""The last day of a term: workdays with holidays and make-up days, or calendar days.

公示 lasts at least five workdays and, by local rules, some number of calendar days; both must hold,
because seven calendar days can hold only four workdays. The first report to the level above is due
within five days of the decision; the second follows the appointment, for which no source gives a
number. These are dates to be printed: no clock is read here, and nothing is scheduled by them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from voting.rules.calendar import Calendar

_DAY = dt.timedelta(days=1)
LEAST_WORKDAYS = 5
"""公示期不少于五个工作日 (2014, §41)."""
FIRST_REPORT_DAYS = 5
"""讨论决定任用后五日内初次提交 (working papers; calendar days, the day itself not counted)."""


@dataclass(frozen=True, slots=True)
class Publicity:
    """A 公示. ``until`` is its last day: the later of the two."""

    workdays_until: dt.date
    days_until: dt.date

    @property
    def until(self) -> dt.date:
        """The last day on which both lengths hold."""
        return max(self.workdays_until, self.days_until)


def publicity(
    start: dt.date,
    calendar: Calendar,
    *,
    workdays: int = LEAST_WORKDAYS,
    days: int = 0,
    count_first_day: bool = False,
) -> Publicity:
    """Return until when a 公示 that starts on a day must stand.

    Args:
        workdays: At least the five of the national text; fewer are taken as five.
        days: The local length in calendar days, 0 where there is none.
        count_first_day: Sources differ; not counting it is the longer, hence the default.

    Raises:
        InputError: ``calendar-missing``: a year without its holidays.
    """
    needed = max(workdays, LEAST_WORKDAYS)
    by_work = _counted(start, needed, calendar, count_first_day=count_first_day)
    by_day = last_calendar_day(start, days, count_first_day=count_first_day) if days else start
    return Publicity(by_work, by_day)


def first_report(decided: dt.date, days: int = FIRST_REPORT_DAYS) -> dt.date:
    """Return the last day for the first report after a decision."""
    return last_calendar_day(decided, days, count_first_day=False)


def second_report(appointed: dt.date, days: int) -> dt.date:
    """Return the last day for the second report: a local number of days after the appointment."""
    return last_calendar_day(appointed, days, count_first_day=False)


def last_workday(
    start: dt.date,
    days: int,
    *,
    count_first_day: bool,
    holidays: Collection[dt.date] = (),
    extra_workdays: Collection[dt.date] = (),
) -> dt.date:
    """Return the day on which the ``days``-th workday falls, ``start`` counted or not."""
    day = start if count_first_day else start + _DAY
    while True:
        if day in extra_workdays or (day.weekday() < 5 and day not in holidays):
            days -= 1
        if days <= 0:
            return day
        day += _DAY


def last_calendar_day(start: dt.date, days: int, *, count_first_day: bool) -> dt.date:
    """Return the ``days``-th day, ``start`` counted or not.

    Raises:
        InputError: ``date-out-of-range``: after the last day that a date can name.
    """
    try:
        return start + _DAY * (days - count_first_day)
    except OverflowError as e:
        raise InputError("date-out-of-range") from e


def _counted(start: dt.date, days: int, calendar: Calendar, *, count_first_day: bool) -> dt.date:
    day = last_calendar_day(start, 1, count_first_day=count_first_day)
    while True:
        days -= calendar.works(day)
        if days <= 0:
            return day
        day += _DAY
