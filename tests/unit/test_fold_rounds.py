"""From the opening to the count, and the ways a round ends."""

from __future__ import annotations

import pytest

from tests.support.meeting import Simulation, seed_of, tracker_of
from tests.support.refusals import refused
from voting.errors import ProofError, VerificationError
from voting.meeting.rounds import checkpoint_of, spoils_owed
from voting.meeting.state import RoundState
from voting.protocol.checkpoint import signer
from voting.protocol.note import encode_note, sign_note


@pytest.fixture
def m():
    """Six present and one round of item 1 open, in the first slot; items 2 and 3 wait."""
    m = Simulation.fresh()
    m.sign_in(6)
    m.prepare(["i1"])
    m.open(["i1"])
    return m


@pytest.fixture
def slot(m):
    return m.meeting.slots[0]


def last_round(m):
    """Open what is left, so that the next seal is the last."""
    m.prepare(["i2", "i3"])
    return m.open(["i2", "i3"])


def sealed(m, slot):
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    return m


def test_papers_are_open_together(m):
    other = last_round(m)
    assert [one.state for one in m.state.rounds.values()] == [RoundState.OPEN] * 2
    m.spoil(other)
    m.seal(other, 6)
    assert m.round(other).state is RoundState.SEALED


def test_a_tracker_is_spoiled_once(m, slot):
    m.spoil(slot)
    assert refused(m, "spoil", slot=slot, tracker=tracker_of("spoiled")).code == "already-spoiled"


def test_nothing_is_spoiled_after_the_seal(m, slot):
    m.seal(slot, 6)
    assert refused(m, "spoil", slot=slot, tracker=tracker_of("x")).code == "round-sealed"


def test_nothing_happens_in_a_slot_that_was_not_opened(m):
    other = m.meeting.slots[1]
    assert refused(m, "spoil", slot=other, tracker=tracker_of("x")).code == "no-round"
    assert refused(m, "seal", **m.seal_body(other, 6)).code == "no-round"


def test_heads_and_ballots_agree_at_the_seal(m, slot):
    error = refused(m, "seal", **m.seal_body(slot, 6, heads=5))
    assert (error.code, error.params["heads"], error.params["returned"]) == ("heads-mismatch", 5, 6)


def test_a_seal_waits_while_quorum_is_lost(m, slot):
    for index in (3, 4, 5):
        m.act("leave", **m.person(index))
    error = refused(m, "seal", **m.seal_body(slot, 6))
    assert (error.code, error.params["missing"]) == ("quorum-lost", 2)
    m.act("return", **m.person(3))
    m.act("return", **m.person(4))
    m.seal(slot, 6)
    assert m.round(slot).present_at_seal == 5


def test_a_round_is_sealed_once(m, slot):
    m.seal(slot, 6)
    assert refused(m, "seal", **m.seal_body(slot, 6)).code == "round-sealed"


def test_more_returned_than_issued_voids_by_rule(m, slot):
    m.seal(slot, 7)
    one = m.round(slot)
    assert (one.state, one.void_reason) == (RoundState.VOID, "returned-exceeds-issued")


def test_fewer_than_the_floor_stay_shut(m, slot):
    m.seal(slot, 4)
    assert m.round(slot).state is RoundState.UNDER_FLOOR
    assert refused(m, "no-objection", slot=slot).code == "round-under-floor"
    assert refused(m, "void", slot=slot, reason="x", pen=None).code == "round-under-floor"


def test_the_floor_itself_is_enough(m, slot):
    m.seal(slot, 5)
    assert m.round(slot).state is RoundState.SEALED


def test_the_last_seal_waits_for_the_quota_of_device_checks(m):
    slot = last_round(m)
    m.seal(m.meeting.slots[0], 6)
    assert spoils_owed(m.meeting, m.state, slot) == 1
    error = refused(m, "seal", **m.seal_body(slot, 6))
    assert (error.code, error.params["missing"]) == ("spoil-quota", 1)
    m.spoil(slot)
    m.seal(slot, 6)


def test_a_device_check_in_an_earlier_round_counts(m, slot):
    m.spoil(slot)
    m.seal(slot, 6)
    assert m.seal(last_round(m), 6)


def test_while_another_round_is_open_the_quota_waits(m, slot):
    other = last_round(m)
    m.seal(other, 6)
    assert refused(m, "seal", **m.seal_body(slot, 6)).code == "spoil-quota"


def test_no_objection_is_stated_once_and_only_after_the_seal(m, slot):
    assert refused(m, "no-objection", slot=slot).code == "round-open"
    sealed(m, slot)
    assert refused(m, "no-objection", slot=slot).code == "already-no-objection"


def test_nothing_is_counted_over_an_objection(m, slot):
    m.seal(slot, 6)
    assert refused(m, "count", **m.count_body(slot)).code == "objection-open"


def test_an_open_box_is_not_counted(m, slot):
    m.seal(slot, 6)
    body = m.count_body(slot)
    fresh = Simulation.fresh()
    fresh.sign_in(6)
    fresh.prepare(["i1"])
    fresh.open(["i1"])
    assert refused(fresh, "count", **body).code == "round-open"


def test_a_checkpoint_that_two_boxes_could_have_is_not_enough(m, slot):
    sealed(m, slot)
    error = refused(m, "count", **m.count_body(slot, (1, 2)))
    assert (error.code, error.params["need"]) == ("checkpoint-signatures", 3)


def test_compared_aloud_t_signatures_are_enough(m, slot):
    sealed(m, slot)
    digest = checkpoint_of(m.meeting, m.round(slot)).digest
    m.act("compared", slot=slot, checkpoint=digest, missing=[3])
    error = refused(m, "count", **m.count_body(slot, (1,)))
    assert (error.code, error.params["need"]) == ("checkpoint-signatures", 2)
    m.count(slot, (1, 2))
    assert m.round(slot).state is RoundState.COUNTED


def test_another_checkpoint_is_not_compared(m, slot):
    sealed(m, slot)
    body = {"slot": slot, "checkpoint": "0" * 64, "missing": [3]}
    assert refused(m, "compared", VerificationError, **body).code == "checkpoint-mismatch"


def test_nothing_is_compared_before_no_objection(m, slot):
    m.seal(slot, 6)
    digest = checkpoint_of(m.meeting, m.round(slot)).digest
    body = {"slot": slot, "checkpoint": digest, "missing": [3]}
    assert refused(m, "compared", **body).code == "objection-open"


def test_a_lost_device_belongs_to_a_trustee_of_the_meeting(m, slot):
    sealed(m, slot)
    digest = checkpoint_of(m.meeting, m.round(slot)).digest
    body = {"slot": slot, "checkpoint": digest, "missing": [4]}
    assert refused(m, "compared", VerificationError, **body).code == "unknown-trustee"


def test_a_checkpoint_of_another_box_is_a_finding(m, slot):
    sealed(m, slot)
    text = checkpoint_of(m.meeting, m.round(slot)).text.replace("\n6\n", "\n5\n")
    signed = [sign_note(text, signer(i), seed_of(signer(i))) for i in (1, 2, 3)]
    body = {**m.count_body(slot), "checkpoint": encode_note(text, signed).decode()}
    assert refused(m, "count", VerificationError, **body).code == "checkpoint-mismatch"


def test_a_checkpoint_is_signed_by_enrolled_keys(m, slot):
    sealed(m, slot)
    text = checkpoint_of(m.meeting, m.round(slot)).text
    signed = [sign_note(text, signer(i), seed_of("stranger")) for i in (1, 2, 3)]
    body = {**m.count_body(slot), "checkpoint": encode_note(text, signed).decode()}
    assert refused(m, "count", ProofError, **body).code == "note-unknown-signer"


def test_a_box_is_counted_once(m, slot):
    sealed(m, slot)
    m.count(slot)
    assert refused(m, "count", **m.count_body(slot)).code == "round-counted"


@pytest.mark.parametrize("state", ["open", "sealed"])
def test_a_round_can_be_voided_before_the_count(m, slot, state):
    if state == "sealed":
        m.seal(slot, 6)
    m.act("void", slot=slot, reason="power cut", pen=None)
    one = m.round(slot)
    assert (one.state, one.void_reason) == (RoundState.VOID, "power cut")
    assert refused(m, "void", slot=slot, reason="again", pen=None).code == "round-void"


def test_a_counted_round_is_never_voided(m, slot):
    sealed(m, slot)
    m.count(slot)
    assert refused(m, "void", slot=slot, reason="x", pen=None).code == "round-counted"
    m.certify(slot)
    assert refused(m, "void", slot=slot, reason="x", pen=None).code == "round-certified"


def test_a_void_box_is_never_counted(m, slot):
    m.seal(slot, 6)
    body = m.count_body(slot)
    m.act("void", slot=slot, reason="power cut", pen=None)
    assert refused(m, "count", **body).code == "round-void"
