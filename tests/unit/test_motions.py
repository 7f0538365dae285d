"""A motion to reconsider, and the fresh vote that waits for it in the same meeting."""

from __future__ import annotations

import pytest

from tally.following import asked_of, check_motions
from tally.outcome import Opened
from tests.support.meeting import Simulation
from tests.vectors.generate_ledger import CHAINED
from voting.errors import RefusedError
from voting.meeting.binding import propose_rounds
from voting.meeting.draft import read_draft


def voted(agree):
    """The motion is certified; of six, so many agreed. Seven are due."""
    m = Simulation(read_draft(CHAINED))
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    m.count(slot)
    m.certify(slot)
    return m, {slot: Opened(((agree, 6 - agree, 0),), "ab" * 32)}


def test_the_motion_s_box_is_asked_for_before_the_fresh_vote_opens():
    m, opened = voted(4)

    assert asked_of(m.meeting, m.state) == list(opened)


def test_the_console_proposes_the_fresh_vote_once_its_motion_is_certified():
    fresh = Simulation(read_draft(CHAINED))
    fresh.sign_in(6)
    after, _ = voted(4)

    assert [one.items for one in propose_rounds(fresh.meeting, fresh.state)] == [("i1",)]
    assert [one.items for one in propose_rounds(after.meeting, after.state)] == [("i2",)]


def test_a_motion_that_passed_lets_the_fresh_vote_open():
    m, opened = voted(4)

    check_motions(m.meeting, m.state, ["i2"], opened)
    m.prepare(["i2"])
    m.open(["i2"])


def test_a_motion_that_did_not_pass_does_not():
    m, opened = voted(3)

    with pytest.raises(RefusedError) as caught:
        check_motions(m.meeting, m.state, ["i2"], opened)
    assert caught.value.code == "earlier-not-passed"
    check_motions(m.meeting, m.state, ["i1"], opened)  # the motion itself waits for nothing
