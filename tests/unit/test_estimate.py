"""How long the casting takes: one pure formula, and how many tablets it advises."""

from __future__ import annotations

import pytest

from kiosk.server.services.estimate import ITEM, LIMIT, MOST, PAPER, SCAN, estimate


def test_a_visit_is_one_scan_and_every_paper_and_item():
    told = estimate(voters=11, items=41, papers=2, kiosks=3)

    assert told.seconds == SCAN + 2 * PAPER + 41 * ITEM
    assert told.minutes == -(-4 * told.seconds // 60)  # the busiest of three has four of eleven


def test_the_advised_number_of_kiosks_finishes_in_time_and_one_fewer_does_not():
    told = estimate(voters=180, items=10, papers=1, kiosks=2)
    fewer = told.advised - 1

    assert -(-180 // told.advised) * told.seconds <= LIMIT
    assert -(-180 // fewer) * told.seconds > LIMIT


def test_without_a_kiosk_nothing_is_promised_and_with_nothing_to_vote_none_is_needed():
    assert estimate(voters=7, items=1, papers=1, kiosks=0).minutes is None
    nothing = estimate(voters=7, items=0, papers=0, kiosks=1)
    assert (nothing.seconds, nothing.minutes, nothing.advised) == (0, 0, 0)


@pytest.mark.parametrize("voters", [1, 40, 10_000])
def test_no_more_kiosks_are_advised_than_can_be_enrolled(voters):
    assert 1 <= estimate(voters=voters, items=300, papers=1, kiosks=1).advised <= MOST
