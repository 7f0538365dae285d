"""Bind and open: what has to hold at that moment."""

from __future__ import annotations

import pytest

from tests.support.drafts import draft_text, item_of
from tests.support.meeting import Simulation
from tests.support.refusals import refused
from voting.errors import ProofError, VerificationError
from voting.meeting.draft import read_draft
from voting.meeting.state import RoundState


@pytest.fixture
def m():
    """Six present, items 1 and 2 discussed, leftovers of the first slot scanned."""
    m = Simulation.fresh()
    m.sign_in(6)
    m.prepare(["i1", "i2"])
    return m


def opening(m, items=("i1", "i2"), **changes):
    return {**m.open_body(list(items)), **changes}


def test_an_opened_round_holds_the_numbers_of_that_moment(m):
    one = m.round(m.open(["i1", "i2"]))
    assert (one.state, one.due, one.present_at_open, one.issued) == (RoundState.OPEN, 7, 6, 6)
    assert (one.number, one.rule, one.recused) == (1, "standing-committee", {"i1": 0, "i2": 0})


def test_without_tickets_nothing_opens():
    m = Simulation(issued=False)
    m.act("freeze", meeting=m.meeting.fingerprint)
    issued = Simulation.fresh()
    issued.sign_in(6)
    issued.prepare(["i1"])
    body = opening(issued, ["i1"])
    assert refused(m, "open", **body).code == "not-issued"


def test_a_slot_is_not_skipped(m):
    body = opening(m, slot=m.meeting.slots[1])
    assert refused(m, "open", **body).code == "wrong-slot"


def test_a_slot_is_not_used_twice(m):
    body = opening(m, ["i1"])
    m.open(["i1"])
    assert refused(m, "open", **{**body, "items": ["i2"]}).code == "wrong-slot"


def test_items_stand_in_the_order_of_the_agenda(m):
    assert refused(m, "open", **opening(m, items=["i2", "i1"])).code == "items-order"


def test_an_unknown_item_does_not_open(m):
    assert refused(m, "open", **{**opening(m), "items": ["i9"]}).code == "unknown-item"


def test_an_item_is_in_one_unfinished_round_only(m):
    m.open(["i1"])
    m.prepare(["i1", "i2"])
    assert refused(m, "open", **opening(m)).code == "item-open"


def test_an_item_that_was_voted_on_is_not_voted_again(m):
    slot = m.open(["i1"])
    m.seal(slot, 6)
    m.prepare(["i1", "i2"])
    assert refused(m, "open", **opening(m)).code == "item-voted"


def test_after_a_void_round_the_item_gets_round_two_in_the_next_slot(m):
    slot = m.open(["i1"])
    m.act("void", slot=slot, reason="power cut", pen=None)
    m.prepare(["i1"])
    second = m.open(["i1"])
    assert (m.round(second).number, m.round(slot).state) == (2, RoundState.VOID)
    assert second == m.meeting.slots[1]


def test_the_round_s_number_is_not_chosen(m):
    assert refused(m, "open", **opening(m, round=2)).code == "wrong-round"


def test_items_of_two_rules_are_two_papers():
    text = draft_text(items=item_of(1) + item_of(2, "plenum"))
    m = Simulation(draft=read_draft(text))
    m.sign_in(6)
    m.prepare(["i1", "i2"])
    assert refused(m, "open", **opening(m)).code == "mixed-rules"


def test_items_with_other_recusals_are_another_paper(m):
    m.act("recuse", **m.recusal("i2", 5))
    assert refused(m, "open", **opening(m)).code == "mixed-recusals"


def test_who_only_leaves_the_deliberation_comes_back_to_vote():
    m = Simulation(draft=read_draft(draft_text(items=item_of(1, "plenum") + item_of(2, "plenum"))))
    m.sign_in(6)
    m.act("recuse", **m.recusal("i2", 5))
    m.prepare(["i1", "i2"])
    one = m.round(m.open(["i1", "i2"]))
    assert (one.issued, one.recused) == (6, {"i1": 0, "i2": 1})


@pytest.mark.parametrize("steps", [[], ["introduced"], ["introduced", "discussed"]])
def test_no_paper_opens_before_every_gate_of_the_room(steps):
    m = Simulation.fresh()
    m.sign_in(6)
    for step in steps:
        m.act("room", item="i1", step=step)
    error = refused(m, "open", **opening(m, ["i1"]))
    assert (error.code, error.params["item"]) == ("room-step-missing", "i1")


def test_the_principal_speaks_last():
    m = Simulation.fresh()
    m.act("room", item="i1", step="introduced")
    assert refused(m, "room", item="i1", step="principal-last").code == "room-step-order"
    assert refused(m, "room", item="i1", step="introduced").code == "room-step-order"


def test_the_gates_of_an_unknown_item_are_refused():
    m = Simulation.fresh()
    assert refused(m, "room", item="i9", step="introduced").code == "unknown-item"


def test_without_quorum_nothing_opens_and_the_missing_are_counted():
    m = Simulation.fresh()
    m.sign_in(3)
    m.prepare(["i1"])
    error = refused(m, "open", **opening(m, ["i1"]))
    assert (error.code, error.params["missing"]) == ("no-quorum", 2)


def test_the_recused_do_not_count_for_the_quorum_of_their_item():
    m = Simulation.fresh()
    m.sign_in(5)
    m.act("recuse", **m.recusal("i1", 0))
    m.prepare(["i1"])
    m.withdraw(m.slot, 0)
    error = refused(m, "open", **opening(m, ["i1"]))
    assert (error.code, error.params["missing"]) == ("no-quorum", 1)


def test_a_ticket_nobody_accounts_for_stops_the_opening(m):
    m.act("leave", **m.person(5))
    error = refused(m, "open", **opening(m))
    assert error.code == "issued-mismatch"
    assert (error.params["issued"], error.params["eligible"]) == (6, 5)


def test_a_leaver_who_withdraws_lets_it_open(m):
    m.act("leave", **m.person(5))
    m.withdraw(m.slot, 5)
    assert m.round(m.open(["i1", "i2"])).issued == 5


def test_a_leftover_nobody_scanned_stops_the_opening():
    m = Simulation.fresh()
    m.sign_in(6)
    m.prepare(["i1"], drawn=7)
    assert refused(m, "open", **opening(m, ["i1"])).code == "issued-mismatch"


def test_a_member_without_a_ticket_stops_the_opening(m):
    m.act("attend", **m.person(6, None))
    assert refused(m, "open", **opening(m)).code == "no-ticket"


def test_every_series_in_the_room_is_named(m):
    m.act("attend", **m.person(6, "R"))
    assert refused(m, "open", **opening(m)).code == "series-missing"


def test_a_void_series_is_not_opened(m):
    body = opening(m)
    m.act("void-series", series="A", reason="slip lost")
    assert refused(m, "open", **body).code == "series-void"


def test_series_stand_in_the_frozen_order(m):
    body = m.open_body(["i1", "i2"], series=["R", "A"])
    assert refused(m, "open", **body).code == "series-order"


def test_active_credentials_are_as_many_as_issued(m):
    assert refused(m, "open", **opening(m, active=7)).code == "active-mismatch"


def test_another_election_than_the_meeting_s_is_a_finding(m):
    error = refused(m, "open", VerificationError, **opening(m, election="0" * 64))
    assert error.code == "election-mismatch"


def test_too_few_trustees_have_acknowledged(m):
    body = m.open_body(["i1", "i2"])
    error = refused(m, "open", **{**body, "acks": m.acks(body, (1, 2))})
    assert (error.code, error.params["have"], error.params["need"]) == ("too-few-acks", 2, 3)


def test_one_trustee_does_not_acknowledge_twice(m):
    body = m.open_body(["i1", "i2"])
    error = refused(m, "open", VerificationError, **{**body, "acks": m.acks(body, (1, 1, 2))})
    assert error.code == "unknown-trustee"


def test_a_trustee_that_the_meeting_does_not_have_acknowledges_nothing(m):
    body = m.open_body(["i1", "i2"])
    error = refused(m, "open", VerificationError, **{**body, "acks": m.acks(body, (1, 2, 4))})
    assert error.code == "unknown-trustee"


def test_an_acknowledgement_is_of_this_credential_list(m):
    body = m.open_body(["i1", "i2"])
    body["acks"] = m.acks({**body, "credentials": "0" * 64})
    assert refused(m, "open", ProofError, **body).code == "bad-signature"
