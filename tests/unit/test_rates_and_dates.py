"""Numbers for printing, terms of days, and single paper ballots."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from voting.errors import InputError
from voting.rules.dates import last_calendar_day, last_workday
from voting.rules.entries import read_entry
from voting.rules.rates import index, rate, rounded, threshold, weighted


@pytest.mark.parametrize(
    ("count", "base", "places", "text"),
    [
        (1, 8, 2, "12.50"),
        (1, 3, 2, "33.33"),
        (2, 3, 2, "66.67"),
        (1, 800, 2, "0.13"),  # 0.125 goes up
        (1, 1, 2, "100.00"),
        (20, 67, 0, "30"),
        (60, 199, 0, "30"),
        (1, 40, 1, "2.5"),
    ],
)
def test_a_rate_is_rounded_half_up(count, base, places, text):
    assert rate(count, base, places) == text


def test_what_prints_alike_is_still_told_apart_by_integers():
    assert not threshold(20, 67, 3, 10, ">")
    assert threshold(60, 199, 3, 10, ">")


@pytest.mark.parametrize(("op", "hits"), [(">", "nny"), (">=", "nyy"), ("<", "ynn"), ("<=", "yyn")])
def test_a_threshold_below_at_and_above_the_fraction(op, hits):
    assert [threshold(count, 30, 1, 3, op) for count in (9, 10, 11)] == [c == "y" for c in hits]


def test_nothing_is_a_share_of_nobody():
    for call in (
        lambda: rate(0, 0),
        lambda: index({"a": 1}, {"a": 0}),
        lambda: weighted({"a": (Fraction(1), 0, 0)}),
        lambda: threshold(0, 0, 1, 2, ">"),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.code == "empty-base"


def test_a_grade_without_a_weight_is_named():
    with pytest.raises(InputError) as caught:
        index({"满意": 80}, {"满意": 1, "不了解": 1})

    assert caught.value.params == {"names": ["不了解"]}


def test_a_weighted_score_is_exact_until_its_last_digit():
    third = Fraction(1, 3)
    groups = dict.fromkeys("ABC", (third, 1, 1))

    assert weighted(groups) == "100.00"
    assert rounded(Fraction(1, 200)) == "0.01"


def test_seven_calendar_days_can_hold_only_four_workdays():
    start = dt.date(2025, 9, 30)
    holidays = [dt.date(2025, 10, day) for day in (1, 2, 3, 6, 7, 8)]

    calendar = last_calendar_day(start, 7, count_first_day=True)
    work = last_workday(start, 5, count_first_day=True, holidays=holidays)

    assert calendar == dt.date(2025, 10, 6)
    assert work == dt.date(2025, 10, 14)
    assert last_calendar_day(start, 7, count_first_day=False) == dt.date(2025, 10, 7)


def test_a_term_that_starts_on_a_day_off_counts_from_the_next_workday():
    saturday = dt.date(2026, 11, 21)

    assert last_workday(saturday, 1, count_first_day=True) == dt.date(2026, 11, 23)
    made_up = last_workday(saturday, 1, count_first_day=True, extra_workdays=[saturday])
    assert made_up == saturday


def test_the_same_name_twice_is_one():
    assert read_entry(["A", "A"], 1).credits == ("A",)


def test_fewer_than_the_limit_is_valid_unless_the_number_is_exact():
    assert read_entry(["A"], 2).valid
    assert read_entry(["A"], 2, exact=True).reason == "undervote"
    assert read_entry(["A", "B", "C"], 2).reason == "overvote"


@pytest.mark.parametrize(
    ("blank", "valid"), [("abstain", True), ("agree", True), ("invalid", False)]
)
def test_what_a_blank_means_is_the_rules(blank, valid):
    entry = read_entry([], 1, blank=blank)

    assert (entry.valid, entry.counts_as) == (valid, blank)
