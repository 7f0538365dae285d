"""Until when a 公示 stands, and when reports are due, by the year's holidays."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from voting.errors import DraftError, InputError
from voting.rules.calendar import load_calendar, read_year
from voting.rules.dates import first_report, publicity, second_report

OURS = """
year = 2027
source = { text = "示例", certainty = "local" }
workdays = [2027-01-03]
[[holidays]]
name = "元旦"
from = 2027-01-01
until = 2027-01-02
"""


def day(text):
    return dt.date.fromisoformat(text)


def test_the_year_that_ships_has_its_holidays_its_make_up_days_and_its_source():
    calendar = load_calendar()

    assert [calendar.works(day(one)) for one in ("2026-02-14", "2026-02-16", "2026-10-10")] == [
        True,
        False,
        True,
    ]
    assert sum(len(one.holidays) for one in calendar.years if one.year == 2026) == 33
    assert {one.year for one in calendar.years} == {2025, 2026}
    assert {one.source.certainty for one in calendar.years} == {"national"}


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("2025-01-20", "2025-01-26"),  # a Sunday at work is the fifth
        ("2025-01-24", "2025-02-07"),  # 26 (Sunday) and 27 January, 5, 6, 7 February
        ("2025-02-04", "2025-02-10"),  # 5, 6, 7, 8 (Saturday), 10 February
        ("2025-09-26", "2025-10-10"),  # 28 (Sunday), 29, 30 September, 9 and 10 October
        ("2025-12-29", "2026-01-06"),  # 30, 31 December, 4 (Sunday), 5, 6 January
        ("2026-02-10", "2026-02-24"),  # 11 to 13, 14 (Saturday), 24 February
    ],
)
def test_make_up_days_at_a_weekend_are_workdays_and_holidays_are_not(start, until):
    assert publicity(day(start), load_calendar()).until == day(until)


def test_a_term_over_the_national_day_is_full_when_both_lengths_are():
    term = publicity(day("2026-09-29"), load_calendar(), days=7)

    # 30 September, 8, 9, 10 (a Saturday at work) and 12 October.
    assert (term.workdays_until, term.days_until) == (day("2026-10-12"), day("2026-10-06"))
    assert term.until == day("2026-10-12")


def test_the_local_length_prevails_when_it_is_the_longer():
    term = publicity(day("2026-11-23"), load_calendar(), days=10, count_first_day=True)

    assert term.workdays_until == day("2026-11-27")
    assert term.until == term.days_until == day("2026-12-02")


def test_nobody_can_ask_for_fewer_than_five_workdays():
    short = publicity(day("2026-11-23"), load_calendar(), workdays=1)

    assert short == publicity(day("2026-11-23"), load_calendar())


def test_a_year_without_its_holidays_is_refused_and_not_guessed():
    with pytest.raises(InputError) as caught:
        publicity(day("2026-12-29"), load_calendar())

    assert (caught.value.code, caught.value.params) == ("calendar-missing", {"year": 2027})


def test_an_institution_s_own_year_is_read_and_comes_first():
    calendar = load_calendar([read_year(OURS, "2027.toml")])

    assert publicity(day("2026-12-29"), calendar).until == day("2027-01-05")
    assert calendar.works(day("2027-01-03"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("year = 2027", "", "rule-missing-key"),
        ("year = 2027", "year = 2028", "calendar-other-year"),
        ("2027-01-03", "2027-01-02", "calendar-both"),
        (', certainty = "local"', "", "rule-source-without-certainty"),
        ("until = 2027-01-02", "until = 2026-12-31", "rule-bad-value"),
        ("from = 2027-01-01", 'from = "2027-01-01"', "bad-date"),
        ("year = 2027", "year = 2027\nmore = 1", "rule-unknown-key"),
        ("[[", "[", "rule-not-toml"),
    ],
)
def test_a_calendar_with_a_fault_is_refused_at_its_place(old, new, code):
    with pytest.raises(DraftError) as caught:
        read_year(OURS.replace(old, new), "2027.toml")

    assert caught.value.code == code
    assert caught.value.place.startswith("2027.toml")


def test_the_first_report_is_due_within_five_days_of_the_decision():
    assert first_report(day("2026-11-23")) == day("2026-11-28")
    assert second_report(day("2026-12-31"), 5) == day("2027-01-05")


def run(*args):
    return CliRunner().invoke(main, ["dates", *args])


def test_the_command_prints_the_dates_and_what_they_were_counted_by():
    done = run("--publicity", "2026-09-29", "--days", "7", "--decided", "2026-09-28")

    assert done.exit_code == 0
    assert "2026-09-29 开始公示（当日不计入），公示到 2026-10-12" in done.output
    assert "国务院办公厅" in done.output
    assert "2026-10-03" in done.output
    assert "休息日" in done.output


def test_the_command_takes_a_year_of_one_s_own(tmp_path):
    file = tmp_path / "2027.toml"
    file.write_text(OURS, "utf-8")
    dates = ("--publicity", "2026-12-29")

    assert run(*dates).exit_code == 2
    assert "2027-01-05" in run(*dates, "--calendar", str(file)).output
    assert run(*dates, "--calendar", str(tmp_path / "none")).exit_code == 2
    assert run("--appointed", "2027-01-01", "--second-within", "5").exit_code == 0
    assert run().exit_code == 2


def test_a_local_length_into_a_year_without_holidays_is_printed_when_the_workdays_are_full():
    done = run("--publicity", "2026-12-01", "--days", "60")

    assert (done.exit_code, "2027-01-30" in done.output) == (0, True)


@pytest.mark.parametrize("what", ["--decided", "--publicity"])
def test_a_term_beyond_the_last_day_is_refused_in_a_line(what):
    done = run(what, "9999-12-31")

    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
