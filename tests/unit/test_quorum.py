"""法定人数 by integers, on the right base, at the right moment."""

from __future__ import annotations

import dataclasses

import pytest

from voting.errors import InputError
from voting.rules import Fraction, Measure, load_rule
from voting.rules.quorum import evaluate_quorum

COMMITTEE = load_rule("standing-committee")
PLENUM = load_rule("plenum")
TWO_THIRDS = Fraction(2, 3, inclusive=True)
OVER_TWO_THIRDS = Fraction(2, 3, inclusive=False)
HALF = Fraction(1, 2, inclusive=True)
OVER_HALF = Fraction(1, 2, inclusive=False)
FOUR_FIFTHS = Fraction(4, 5, inclusive=True)
FRACTIONS = [
    TWO_THIRDS, OVER_TWO_THIRDS, HALF, OVER_HALF, FOUR_FIFTHS, Fraction(4, 5, inclusive=False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "two_thirds", "over_two_thirds", "over_half", "four_fifths"),
    [
        (3, 2, 3, 2, 3), (5, 4, 4, 3, 4), (7, 5, 5, 4, 6), (9, 6, 7, 5, 8), (11, 8, 8, 6, 9),
        (12, 8, 9, 7, 10), (13, 9, 9, 7, 11), (15, 10, 11, 8, 12), (29, 20, 20, 15, 24),
        (30, 20, 21, 16, 24), (35, 24, 24, 18, 28), (41, 28, 28, 21, 33), (106, 71, 71, 54, 85),
    ],
)  # fmt: skip
def test_the_table_of_needed_numbers(due, two_thirds, over_two_thirds, over_half, four_fifths):
    fractions = (TWO_THIRDS, OVER_TWO_THIRDS, OVER_HALF, FOUR_FIFTHS)

    needed = tuple(fraction.needed(due) for fraction in fractions)

    assert needed == (two_thirds, over_two_thirds, over_half, four_fifths)


@pytest.mark.parametrize("fraction", FRACTIONS, ids=str)
def test_needed_is_the_first_count_that_meets_for_every_base(fraction):
    for base in range(1, 121):
        meeting = [count for count in range(base + 2) if fraction.met(count, base)]

        assert meeting == list(range(fraction.needed(base), base + 2))


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 1), (3, 2), (-1, 2), (1, 0)])
def test_a_fraction_that_is_no_share_of_a_whole_cannot_be_made(numerator, denominator):
    with pytest.raises(ValueError, match="not a share"):
        Fraction(numerator, denominator, inclusive=True)
    with pytest.raises(ValueError, match="not a share"):
        Fraction(2, 2, inclusive=False)  # more than all


def test_every_due_and_present_up_to_sixty():
    for due in range(1, 61):
        for present in range(due + 1):
            step = evaluate_quorum(COMMITTEE, due=due, present=present)

            assert step.met == (3 * present >= 2 * due)
            assert step.numbers == {"present": present, "base": due, "needed": -(-2 * due // 3)}
            assert step.base == "due"


def test_two_thirds_or_more_and_more_than_two_thirds_split_at_thirty():
    strict = dataclasses.replace(PLENUM, quorum=Measure(OVER_TWO_THIRDS, "due"))

    assert evaluate_quorum(PLENUM, due=30, present=20).met
    assert not evaluate_quorum(strict, due=30, present=20).met


def test_who_leaves_the_vote_stands_in_the_base_unless_the_frozen_rule_takes_him_out():
    reduced = COMMITTEE.choose({"recusal-base": "reduced"})

    unchanged = evaluate_quorum(COMMITTEE, due=11, present=6, recused=2)
    less = evaluate_quorum(reduced, due=11, present=6, recused=2)

    assert (unchanged.met, unchanged.base, unchanged.numbers["needed"]) == (False, "due", 8)
    assert (less.met, less.base, less.numbers["needed"]) == (True, "due-less-recused", 6)


def test_who_comes_back_to_vote_is_never_taken_out_of_the_base():
    plenum = dataclasses.replace(PLENUM, recusal_base="reduced")

    step = evaluate_quorum(plenum, due=30, present=30, recused=10)

    assert step.numbers["base"] == 30


def test_the_same_numbers_speak_of_the_opening_or_of_the_seal():
    opening = evaluate_quorum(COMMITTEE, due=12, present=7)
    seal = evaluate_quorum(COMMITTEE, due=12, present=7, sealing=True)

    assert opening.text("zh").startswith("开始投票时")
    assert seal.text("zh").startswith("封箱时")
    assert "8" in opening.text("en")


@pytest.mark.parametrize(
    ("due", "present", "recused", "code"),
    [
        (0, 0, 0, "empty-roll"),
        (-1, 0, 0, "negative-number"),
        (3, -1, 0, "negative-number"),
        (3, 4, 0, "present-exceeds-due"),
        (3, 3, 1, "present-exceeds-due"),
    ],
)
def test_numbers_that_no_meeting_has_are_refused(due, present, recused, code):
    with pytest.raises(InputError) as caught:
        evaluate_quorum(COMMITTEE, due=due, present=present, recused=recused)

    assert caught.value.code == code
