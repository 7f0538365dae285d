"""How long the casting takes: one pure formula, and how many tablets it advises."""

from __future__ import annotations

import pytest

from kiosk.server.services.estimate import ITEM, LIMIT, MOST, PAPER, SCAN, Load, estimate


def test_a_visit_is_one_scan_and_every_paper_and_item():
    told = estimate([Load(11, 41, 2)], kiosks=3)

    assert told.seconds == SCAN + 2 * PAPER + 41 * ITEM
    assert told.minutes == -(-4 * told.seconds // 60)  # the busiest of three has four of eleven


def test_the_advised_number_of_kiosks_finishes_in_time_and_one_fewer_does_not():
    told = estimate([Load(180, 10, 1)], kiosks=2)
    fewer = told.advised - 1

    assert -(-180 // told.advised) * told.seconds <= LIMIT
    assert -(-180 // fewer) * told.seconds > LIMIT


def test_without_a_kiosk_nothing_is_promised_and_with_nothing_to_vote_none_is_needed():
    assert estimate([Load(7, 1, 1)], kiosks=0).minutes is None
    nothing = estimate([Load(7, 0, 0)], kiosks=1)
    assert (nothing.seconds, nothing.minutes, nothing.advised) == (0, 0, 0)


@pytest.mark.parametrize("voters", [1, 40, 10_000])
def test_no_more_kiosks_are_advised_than_can_be_enrolled(voters):
    assert 1 <= estimate([Load(voters, 300, 1)], kiosks=1).advised <= MOST


def test_groups_with_papers_of_their_own_take_the_mean_of_their_visits():
    told = estimate([Load(60, 1, 1), Load(60, 3, 1), Load(0, 9, 9)], kiosks=6)

    assert (told.voters, told.items, told.papers) == (120, 3, 1)
    assert told.seconds == SCAN + PAPER + 2 * ITEM
    assert told.minutes == -(-20 * told.seconds // 60)
