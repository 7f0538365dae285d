"""The last day of a term: workdays with holidays and make-up days, or calendar days.

公示 lasts at least five workdays and, by local rules, some number of calendar days; both are
tested, because seven calendar days can hold only four workdays. The calendar of holidays is
given by the caller: it is announced year by year.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_DAY = dt.timedelta(days=1)


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
    """Return the ``days``-th day, ``start`` counted or not."""
    return start + _DAY * (days - count_first_day)
