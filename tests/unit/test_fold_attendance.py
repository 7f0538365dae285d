"""Who is in the room: every guard of the named acts, one claim each."""

from __future__ import annotations

import pytest

from tests.support.meeting import Simulation
from tests.support.refusals import refused
from voting.meeting.attendance import eligible


@pytest.fixture
def m():
    return Simulation.fresh()


def test_nothing_comes_before_the_freeze():
    m = Simulation(issued=False)
    assert refused(m, "issue", **m.issue_body()).code == "not-frozen"


def test_nobody_signs_in_before_tickets_are_issued():
    m = Simulation(issued=False)
    m.act("freeze", meeting=m.meeting.fingerprint)
    assert refused(m, "attend", **m.person(0)).code == "not-issued"


def test_a_meeting_is_frozen_once(m):
    error = refused(m, "freeze", meeting=m.meeting.fingerprint)
    assert error.code == "already-frozen"


def test_present_counts_members_in_the_room(m):
    m.sign_in(3)
    m.act("leave", **m.person(1))
    assert m.state.present() == 2
    m.act("return", **m.person(1))
    assert m.state.present() == 3


def test_a_line_can_not_sign_in_twice(m):
    m.sign_in(1)
    assert refused(m, "attend", **m.person(0)).code == "already-present"


def test_who_left_returns_and_does_not_sign_in_again(m):
    m.sign_in(1)
    m.act("leave", **m.person(0))
    assert refused(m, "attend", **m.person(0)).code == "left-before"


def test_nobody_leaves_who_is_not_there(m):
    assert refused(m, "leave", **m.person(0)).code == "not-signed-in"
    m.sign_in(1)
    m.act("leave", **m.person(0))
    assert refused(m, "leave", **m.person(0)).code == "not-present"


def test_nobody_returns_who_is_there(m):
    m.sign_in(1)
    assert refused(m, "return", **m.person(0)).code == "already-present"


def test_a_leaver_keeps_class_and_series(m):
    m.sign_in(1)
    assert refused(m, "leave", **m.person(0, series="R")).code == "not-signed-in"


def test_more_than_the_roll_can_not_sign_in(m):
    m.sign_in(7)
    error = refused(m, "attend", **{"class": "member", "series": "A", "line": "f" * 64})
    assert (error.code, error.params["on_roll"]) == ("roll-full", 7)


def test_attendees_draw_no_ticket(m):
    assert refused(m, "attend", **m.person(0, "A", "attendee")).code == "no-vote"
    m.act("attend", **m.person(0, None, "attendee"))
    assert (m.state.present(), m.state.present("attendee")) == (0, 1)


def test_attendees_beyond_the_roll_are_refused(m):
    for index in range(3):
        m.act("attend", **m.person(index, None, "attendee"))
    body = {"class": "attendee", "series": None, "line": "f" * 64}
    assert refused(m, "attend", **body).code == "roll-full"


def test_nobody_draws_from_an_unknown_or_void_series(m):
    assert refused(m, "attend", **m.person(0, "B")).code == "unknown-series"
    m.act("void-series", series="A", reason="slip lost")
    assert refused(m, "attend", **m.person(0)).code == "series-void"


def test_after_a_void_series_members_draw_again_from_the_reserve(m):
    m.sign_in(2)
    m.act("void-series", series="A", reason="slip lost")
    assert eligible(m.meeting, m.state, ["i1"])[None] == 2
    m.act("attend", **m.person(0, "R"))
    assert eligible(m.meeting, m.state, ["i1"]) == {None: 1, "R": 1}


def test_a_correction_undoes_a_sign_in_and_enters_another(m):
    m.sign_in(1)
    m.act("correct", leave=[m.person(0)], attend=[m.person(1)], present=[], reason="wrong row")
    assert m.state.present() == 1
    m.act("attend", **m.person(0))
    assert m.state.present() == 2


def test_an_empty_correction_is_refused(m):
    assert (
        refused(m, "correct", leave=[], attend=[], present=[], reason="x").code
        == "empty-correction"
    )


def test_a_correction_can_not_take_out_who_is_not_there(m):
    body = {"leave": [m.person(0)], "attend": [], "present": [], "reason": "x"}
    assert refused(m, "correct", **body).code == "not-signed-in"


def test_a_recusal_leaves_the_vote_on_that_item_only(m):
    m.sign_in(6)
    m.act("recuse", **m.recusal("i3", 5))
    assert eligible(m.meeting, m.state, ["i3"]).total() == 5
    assert eligible(m.meeting, m.state, ["i1"]).total() == 6


def test_a_recused_member_who_leaves_is_not_subtracted_twice(m):
    m.sign_in(6)
    m.act("recuse", **m.recusal("i3", 5))
    m.act("leave", **m.person(5))
    assert eligible(m.meeting, m.state, ["i3"]).total() == 5


def test_a_recusal_is_entered_once_and_taken_back_once(m):
    m.act("recuse", **m.recusal("i3", 5))
    assert refused(m, "recuse", **m.recusal("i3", 5)).code == "already-recused"
    m.act("unrecuse", **m.recusal("i3", 5))
    assert refused(m, "unrecuse", **m.recusal("i3", 5)).code == "not-recused"


def test_nobody_is_recused_from_an_unknown_item(m):
    assert refused(m, "recuse", **m.recusal("i9", 0)).code == "unknown-item"


def test_a_recusal_invents_no_member(m):
    m.sign_in(7)
    body = {"item": "i1", "class": "member", "line": "f" * 64}
    assert refused(m, "recuse", **body).code == "roll-full"


def test_a_recusal_is_refused_once_the_paper_is_open(m):
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    assert refused(m, "recuse", **m.recusal("i1", 0)).code == "item-open"
    m.act("recuse", **m.recusal("i2", 0))
    m.seal(slot, 6)
    assert refused(m, "recuse", **m.recusal("i1", 0)).code == "item-voted"


def test_a_void_round_lets_recusals_be_entered_again(m):
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.act("void", slot=slot, reason="power cut", pen=None)
    m.act("recuse", **m.recusal("i1", 0))
    assert eligible(m.meeting, m.state, ["i1"]).total() == 5
