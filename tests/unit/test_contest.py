"""差额: a majority first, then the rank, and no lot is drawn."""

from __future__ import annotations

import pytest

from voting.errors import InputError
from voting.rules.contest import rank


def test_a_majority_outside_the_seats_still_loses():
    standing = rank({"d": 20, "e": 18, "f": 16}, base=29, seats=2)

    assert (standing.elected, standing.open_seats, standing.next_round) == (("d", "e"), 0, ())


def test_a_tie_at_the_last_seat_is_voted_on_again_and_those_above_are_elected():
    standing = rank({"A": 28, "C": 18, "B": 25, "D": 18, "E": 17}, base=30, seats=3)

    assert standing.elected == ("A", "B")
    assert standing.tied == ("C", "D")
    assert (standing.open_seats, standing.next_round) == (1, ())


def test_a_tie_within_the_seats_is_no_tie():
    assert rank({"A": 7, "B": 7}, base=11, seats=2).elected == ("A", "B")


def test_the_rank_without_a_majority_is_worth_a_next_round_only():
    standing = rank({"A": 4, "B": 3, "C": 3, "D": 1}, base=11, seats=1)

    assert standing.elected == ()
    assert standing.next_round == ("A", "B", "C")  # the tie at the cut takes all along


def test_the_elected_do_not_stand_again():
    standing = rank({"A": 9, "B": 5, "C": 4, "D": 2}, base=11, seats=2)

    assert standing.elected == ("A",)
    assert standing.next_round == ("B", "C")


def test_the_names_of_a_next_round_do_not_tell_their_votes():
    assert rank({"A": 1, "B": 2}, base=11, seats=1).next_round == ("A", "B")


def test_the_rule_may_size_the_next_round():
    votes = {"A": 4, "B": 3, "C": 2, "D": 1}

    assert rank(votes, base=11, seats=1, next_round_size=3).next_round == ("A", "B", "C")


@pytest.mark.parametrize(
    ("votes", "base", "seats"), [({"A": 1}, 0, 1), ({"A": 1}, 1, 0), ({"A": -1}, 1, 1)]
)
def test_numbers_that_no_round_has_are_refused(votes, base, seats):
    with pytest.raises(InputError):
        rank(votes, base=base, seats=seats)
