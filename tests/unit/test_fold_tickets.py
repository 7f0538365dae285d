"""Tickets: issue, leftovers, withdrawals, void series."""

from __future__ import annotations

import pytest

from tests.support.meeting import Simulation
from tests.support.refusals import refused
from voting.errors import FormatError, VerificationError
from voting.meeting.tickets import drawn, issued


@pytest.fixture
def m():
    return Simulation.fresh()


@pytest.fixture
def unissued():
    m = Simulation(issued=False)
    m.act("freeze", meeting=m.meeting.fingerprint)
    return m


def test_tickets_are_issued_once(m):
    assert refused(m, "issue", **m.issue_body()).code == "already-issued"


def test_tickets_are_made_as_frozen(unissued):
    body = {**unissued.issue_body(), "made": "server"}
    assert refused(unissued, "issue", **body).code == "tickets-made-otherwise"


def test_more_tickets_than_frozen_are_refused(unissued):
    body = unissued.issue_body()
    body["series"][0]["printed"] += 1
    assert refused(unissued, "issue", **body).code == "other-series"


def test_a_series_left_out_of_the_issue_is_refused(unissued):
    body = unissued.issue_body()
    body["series"].pop()
    assert refused(unissued, "issue", **body).code == "other-series"


def test_lists_for_other_slots_are_refused(unissued):
    body = unissued.issue_body()
    body["series"][0]["lists"].popitem()
    assert refused(unissued, "issue", **body).code == "other-slots"


def test_drawn_is_printed_less_the_leftovers_of_that_slot(m):
    first, second = m.meeting.slots[:2]
    m.leftover(first, 8)
    assert drawn(m.meeting, m.state, first, "A") == 8
    assert drawn(m.meeting, m.state, second, "A") == 9


def test_issued_is_drawn_less_the_withdrawn(m):
    m.leftover(m.slot, 8)
    m.withdraw(m.slot, 0)
    assert issued(m.meeting, m.state, m.slot, "A") == 7


def test_a_ticket_is_void_once(m):
    m.leftover(m.slot, 8)
    for kind in ("leftover", "withdraw"):
        assert refused(m, kind, **m.ticket_body(kind, m.slot, 8)).code == "credential-void"


def test_nobody_voids_another_ticket_than_the_one_that_signs(m):
    body = m.ticket_body("leftover", m.slot, 8)
    body["credential"] = m.credential(m.slot, "A", 0)
    assert refused(m, "leftover", VerificationError, **body).code == "ticket-act"


def test_a_leftover_s_signature_withdraws_nothing(m):
    body = m.ticket_body("leftover", m.slot, 0)
    assert refused(m, "withdraw", VerificationError, **body).code == "ticket-act"


def test_a_ticket_act_holds_for_its_slot_only(m):
    body = m.ticket_body("leftover", m.meeting.slots[0], 8)
    body["slot"] = m.meeting.slots[1]
    assert refused(m, "leftover", VerificationError, **body).code == "ticket-act"


def test_a_proof_that_is_not_reduced_is_refused(m):
    body = m.ticket_body("leftover", m.slot, 8)
    body["proof"]["response"] = str(2**253)
    refused(m, "leftover", FormatError, **body)


def test_a_slot_that_the_meeting_does_not_have_is_refused(m):
    body = m.ticket_body("leftover", "1" * 22, 8)
    assert refused(m, "leftover", **body).code == "unknown-slot"


def test_an_unknown_series_is_refused(m):
    body = {**m.ticket_body("leftover", m.slot, 8), "series": "B"}
    assert refused(m, "leftover", **body).code == "unknown-series"


def test_no_more_tickets_are_void_than_were_printed(m):
    for index in range(9):
        m.leftover(m.slot, index)
    body = {**m.ticket_body("leftover", m.slot, 0, "R"), "series": "A"}
    assert refused(m, "leftover", **body).code == "too-many-tickets"


def test_a_ticket_of_an_opened_slot_can_not_be_voided(m):
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    for kind in ("leftover", "withdraw"):
        assert refused(m, kind, **m.ticket_body(kind, slot, 0)).code == "slot-opened"


def test_a_series_is_void_once_and_its_tickets_with_it(m):
    m.act("void-series", series="A", reason="slip lost")
    assert refused(m, "void-series", series="A", reason="again").code == "series-void"
    assert refused(m, "leftover", **m.ticket_body("leftover", m.slot, 0)).code == "series-void"


def test_an_unknown_series_can_not_be_voided(m):
    assert refused(m, "void-series", series="B", reason="x").code == "unknown-series"
