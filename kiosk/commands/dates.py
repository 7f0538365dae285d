"""``piaojue dates``: until when a 公示 must stand, and when the reports are due.

Dates are printed with what they were counted by. Nothing is stored and nobody is reminded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from voting.errors import DraftError, InputError
from voting.rules import dates as terms
from voting.rules.calendar import Calendar, Year, load_calendar, read_year
from voting.words import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from voting.words import Lang

_DAY: Final = click.DateTime(formats=["%Y-%m-%d"])
_COUNT: Final = click.IntRange(1, 366)


@click.command("dates", help=both_paragraphs("dates.help"))
@click.option("--publicity", metavar="DATE", type=_DAY, help=both("dates.help.publicity"))
@click.option(
    "--workdays", type=_COUNT, default=terms.LEAST_WORKDAYS, help=both("dates.help.workdays")
)
@click.option("--days", type=_COUNT, help=both("dates.help.days"))
@click.option("--count-first-day", is_flag=True, help=both("dates.help.count-first-day"))
@click.option("--decided", metavar="DATE", type=_DAY, help=both("dates.help.decided"))
@click.option("--appointed", metavar="DATE", type=_DAY, help=both("dates.help.appointed"))
@click.option("--second-within", type=_COUNT, help=both("dates.help.second-within"))
@click.option(
    "--calendar",
    "own",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help=both("dates.help.calendar"),
)
@in_language
def dates(
    lang: Lang,
    publicity: dt.datetime | None,
    workdays: int,
    days: int | None,
    decided: dt.datetime | None,
    appointed: dt.datetime | None,
    second_within: int | None,
    own: tuple[Path, ...],
    *,
    count_first_day: bool,
) -> int:
    """Print the dates that follow from what is given."""
    if publicity is None and decided is None and appointed is None:
        raise InputError("dates-nothing")
    calendar = load_calendar([_own(path) for path in own])
    lines: list[str] = []
    if publicity is not None:
        start = publicity.date()
        term = terms.publicity(
            start, calendar, workdays=workdays, days=days or 0, count_first_day=count_first_day
        )
        counted = "counted" if count_first_day else "not-counted"
        lines += _publicity(start, term, max(workdays, terms.LEAST_WORKDAYS), days, counted, lang)
        lines += _sources(calendar, start, term.workdays_until, lang)
    if decided is not None:
        until = terms.first_report(decided.date())
        lines.append(
            say("dates.first-report", lang, decided=_said(decided.date()), until=_said(until))
        )
        lines += _rest(calendar, until, lang)
    if appointed is not None:
        lines.append(say("dates.second-report", lang, appointed=_said(appointed.date())))
        if second_within is not None:
            until = terms.second_report(appointed.date(), second_within)
            lines.append(say("dates.second-until", lang, days=second_within, until=_said(until)))
            lines += _rest(calendar, until, lang)
    for line in lines:
        click.echo(line)
    return 0


def _publicity(
    start: dt.date,
    term: terms.Publicity,
    workdays: int,
    days: int | None,
    counted: str,
    lang: Lang,
) -> Iterator[str]:
    facts = {
        "start": _said(start),
        "until": _said(term.until),
        "count": say(f"dates.{counted}", lang),
    }
    yield say("dates.publicity", lang, **facts)
    yield say("dates.workdays", lang, days=workdays, until=_said(term.workdays_until))
    if days is not None:
        yield say("dates.days", lang, days=days, until=_said(term.days_until))


def _sources(calendar: Calendar, start: dt.date, until: dt.date, lang: Lang) -> Iterator[str]:
    for year in range(start.year, until.year + 1):
        used = next(one for one in calendar.years if one.year == year)
        certainty = say(f"certainty.{used.source.certainty}", lang)
        yield say("dates.source", lang, year=year, text=used.source.text, certainty=certainty)


def _rest(calendar: Calendar, day: dt.date, lang: Lang) -> Iterator[str]:
    try:
        if not calendar.works(day):
            yield say("dates.rest", lang, day=_said(day))
    except InputError:
        yield say("dates.unknown-year", lang, year=day.year)


def _own(path: Path) -> Year:
    try:
        return read_year(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as e:
        raise DraftError("rules-file-unreadable", str(path)) from e


def _said(day: dt.date) -> str:
    return day.isoformat()
