"""Signatures under the result, destruction of the shares, and the close."""

from __future__ import annotations

import dataclasses

import pytest

from tests.support.meeting import Simulation, with_meeting
from tests.support.refusals import refused
from voting.errors import RefusedError, VerificationError
from voting.meeting.certification import next_signers
from voting.meeting.fold import advance
from voting.meeting.state import RoundState


@pytest.fixture
def m():
    m = Simulation.fresh()
    m.sign_in(6)
    m.prepare(["i1", "i2", "i3"])
    slot = m.open(["i1", "i2", "i3"])
    m.spoil(slot)
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    return m


@pytest.fixture
def slot(m):
    return m.meeting.slots[0]


def test_nothing_is_certified_before_the_count(m, slot):
    assert refused(m, "certify", **m.certify_body(slot, "teller")).code == "round-sealed"


def test_the_rule_gives_the_order_of_the_signatures(m, slot):
    m.count(slot)
    error = refused(m, "certify", **m.certify_body(slot, "chair"))
    assert (error.code, error.params["expected"]) == ("certify-order", ["teller"])


def test_nobody_signs_twice(m, slot):
    m.count(slot)
    m.act("certify", **m.certify_body(slot, "teller"))
    assert refused(m, "certify", **m.certify_body(slot, "teller")).code == "certify-order"


def test_scrutineers_sign_in_any_order_among_themselves(m, slot):
    m.count(slot)
    m.act("certify", **m.certify_body(slot, "teller"))
    m.act("certify", **m.certify_body(slot, "scrutineer-2"))
    assert [one.id for one in next_signers(m.meeting, m.round(slot))] == ["scrutineer-1"]


def test_all_sign_the_same_outcome(m, slot):
    m.count(slot)
    m.act("certify", **m.certify_body(slot, "teller"))
    body = {**m.certify_body(slot, "scrutineer-1"), "outcome": "0" * 64}
    assert refused(m, "certify", **body).code == "outcome-differs"


def test_a_round_is_unsigned_until_all_have_signed(m, slot):
    m.count(slot)
    for officer in ("teller", "scrutineer-1", "scrutineer-2"):
        m.act("certify", **m.certify_body(slot, officer))
        assert m.round(slot).state is RoundState.COUNTED
    m.act("certify", **m.certify_body(slot, "chair"))
    assert m.round(slot).state is RoundState.CERTIFIED
    assert refused(m, "certify", **m.certify_body(slot, "chair")).code == "round-certified"


def test_a_pen_s_page_and_witness_are_kept(m, slot):
    m.count(slot)
    m.act("certify", **m.certify_body(slot, "teller"))
    signed = m.round(slot).signed[0]
    assert (signed.officer, signed.confirmed_by) == ("teller", "secretary")
    assert signed.page is not None


def test_no_share_is_destroyed_while_a_box_waits(m, slot):
    assert refused(m, "destroy", trustee=1).code == "round-unfinished"
    m.count(slot)
    assert refused(m, "destroy", trustee=1).code == "round-unfinished"


def test_nothing_closes_before_every_round_has_ended(m):
    assert refused(m, "close", missing=[1, 2, 3]).code == "round-unfinished"


def test_a_share_is_destroyed_once(m, slot):
    m.count(slot)
    m.certify(slot)
    m.act("destroy", trustee=1)
    assert refused(m, "destroy", trustee=1).code == "already-destroyed"


def test_the_close_names_exactly_the_shares_not_destroyed(m, slot):
    m.count(slot)
    m.certify(slot)
    m.act("destroy", trustee=1)
    m.act("destroy", trustee=3)
    error = refused(m, "close", missing=[])
    assert (error.code, error.params["missing"]) == ("destroy-missing", [2])
    m.act("close", missing=[2])
    assert (m.state.closed, m.state.missing) == (True, (2,))


def test_after_a_destruction_only_destructions_and_the_close_follow(m, slot):
    m.count(slot)
    m.certify(slot)
    m.act("destroy", trustee=1)
    assert refused(m, "leave", **m.person(0)).code == "shares-destroyed"


def test_nothing_follows_the_close(m, slot):
    m.count(slot)
    m.certify(slot)
    m.close()
    assert refused(m, "leave", **m.person(0)).code == "closed"
    assert refused(m, "close", missing=[]).code == "closed"


def test_a_meeting_whose_rounds_are_void_can_close():
    m = Simulation.fresh()
    m.sign_in(6)
    m.prepare(["i1"])
    m.act("void", slot=m.open(["i1"]), reason="adjourned", pen=None)
    assert m.close().closed


def test_a_trustee_that_the_meeting_does_not_have_destroys_nothing(m):
    with pytest.raises(VerificationError) as caught:
        m.act("destroy", trustee=4)
    assert caught.value.code == "unknown-signer"


# --- release --------------------------------------------------------------------------------------


def test_nothing_is_released_before_the_count(m, slot):
    assert refused(m, "release", slot=slot).code == "round-sealed"
    assert refused(m, "release", slot=m.meeting.slots[1]).code == "no-round"


def test_a_result_is_released_once_counted_or_certified(m, slot):
    m.count(slot)
    assert not m.round(slot).released
    m.act("release", slot=slot)
    assert m.round(slot).released
    m.certify(slot)
    assert m.round(slot).released
    assert refused(m, "release", slot=slot).code == "already-released"


def test_a_result_is_released_until_the_close_and_not_after(m, slot):
    m.count(slot)
    m.certify(slot)
    m.act("destroy", trustee=1)
    m.act("release", slot=slot)
    m.act("destroy", trustee=2)
    m.act("destroy", trustee=3)
    m.act("close", missing=[])
    assert refused(m, "release", slot=slot).code == "closed"


def test_a_void_round_has_nothing_to_release(m, slot):
    m.act("void", slot=slot, reason="power cut", pen=None)
    assert refused(m, "release", slot=slot).code == "round-void"


def test_what_the_rule_withholds_is_never_released(m, slot):
    m.count(slot)
    rules = {
        name: dataclasses.replace(rule, visibility="withheld")
        for name, rule in m.meeting.rules.items()
    }
    meeting = with_meeting(m.meeting, rules=rules)
    with pytest.raises(RefusedError, match="result-withheld"):
        advance(meeting, m.state, m.propose("release", slot=slot))


@pytest.mark.parametrize("signers", [("secretary",), ("chair", "secretary"), ("chair", "chair")])
def test_two_roles_release(m, slot, signers):
    m.count(slot)
    line = m.sign(m.propose("release", slot=slot), *signers, "server")
    with pytest.raises(VerificationError, match=r"wrong-signers|unknown-signer"):
        m.append(line)
