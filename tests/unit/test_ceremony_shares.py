"""Shares, acknowledgements and the end of a ceremony, with dishonest dealers and relays."""

from __future__ import annotations

import json
from dataclasses import replace

from tally import ceremony
from tally.drawing import trustee_key
from tests.support.trustees import Room, refuses, reveal_with
from voting.crypto import dkg
from voting.crypto.group import ED25519
from voting.errors import (
    ProofError,
    RefusedError,
    VerificationError,
)
from voting.protocol.ceremony import Acknowledgement, code
from voting.protocol.sharebox import box_key, open_share, seal_share

ORDER = ED25519.order


def another(room: Room, index: int):
    """A second device that pretends to be trustee ``index``: state and commitment."""
    return ceremony.begin(room.session, index, rand=room.rand)


# Shares


def test_no_share_is_sent_before_a_person_confirmed_the_code():
    room = Room().begin().reveal()
    one = room.states[0]

    refuses(RefusedError, "ceremony-step", ceremony.deal, one, code("00" * 32), rand=room.rand)
    room.compare()
    wrong = "00000 00000"
    refuses(RefusedError, "ceremony-code", ceremony.deal, room.states[0], wrong, rand=room.rand)
    refuses(RefusedError, "ceremony-code", ceremony.deal, room.states[0], "", rand=room.rand)


def bad_dealer(room: Room, index: int, **changes) -> list[bytes]:
    """The shares messages, with that of ``index`` made by a changed state."""
    state = replace(room.states[index - 1], own_shares=b"", **changes)
    _, message = ceremony.deal(state, state.code, rand=room.rand)
    messages = list(room.messages["shares"])
    messages[index - 1] = message
    return messages


def test_a_trustee_who_gives_a_wrong_share_is_blamed_and_the_ceremony_ends():
    room = Room().dealt()
    coefficients = room.states[2].polynomial.coefficients
    wrong = dkg.Polynomial(ORDER, (coefficients[0] + 1, *coefficients[1:]))
    messages = bad_dealer(room, 3, polynomial=wrong)

    state, complaint = ceremony.receive(room.states[0], messages, rand=room.rand)
    _, theirs = ceremony.receive(room.states[1], messages, rand=room.rand)

    said = json.loads(complaint)["message"]
    assert (said["kind"], said["body"]["against"], said["body"]["reason"]) == (
        "complaint",
        3,
        "share",
    )
    assert state.ended
    error = refuses(RefusedError, "ceremony-complaint", ceremony.finish, state, [complaint, theirs])
    assert error.params == {"by": 1, "against": 3}
    refuses(RefusedError, "ceremony-step", ceremony.receive, state, messages, rand=room.rand)


def test_a_new_attempt_after_a_complaint_has_new_keys_and_succeeds():
    before = Room().dealt()
    after = Room(attempt=2)

    keys = after.keys()

    assert keys[0].memory.session.attempt == 2
    assert {s.seed for s in before.states}.isdisjoint(s.seed for s in after.states)
    assert {s.note_seed for s in before.states}.isdisjoint(s.note_seed for s in after.states)


def test_a_box_that_does_not_open_is_the_dealers_fault():
    room = Room().dealt()
    messages = bad_dealer(room, 3, box_secret=b"\x07" * 32)

    state, complaint = ceremony.receive(room.states[0], messages, rand=room.rand)

    assert json.loads(complaint)["message"]["body"]["reason"] == "box"
    assert state.ended


def test_a_box_of_another_attempt_does_not_open():
    here, there = Room().session, Room(attempt=2).session
    mine, theirs = b"\x01" * 32, b"\x02" * 32
    box = seal_share(
        here,
        dealer=1,
        recipient=2,
        share=5,
        box_secret=mine,
        their_key=box_key(theirs),
        nonce=bytes(24),
    )

    def opened(session, dealer, recipient):
        return open_share(
            session,
            box,
            dealer=dealer,
            recipient=recipient,
            box_secret=theirs,
            their_key=box_key(mine),
        )

    assert opened(here, 1, 2) == 5
    for session, dealer, recipient in ((there, 1, 2), (here, 3, 2), (here, 1, 3)):
        refuses(ProofError, "share-box", opened, session, dealer, recipient)


def test_coefficients_that_were_not_committed_to_are_the_dealers_fault():
    room = Room().dealt()
    other, _ = another(room, 3)
    messages = bad_dealer(room, 3, coefficients=other.coefficients, polynomial=other.polynomial)

    _, complaint = ceremony.receive(room.states[0], messages, rand=room.rand)

    assert json.loads(complaint)["message"]["body"] == {
        "transcript": room.states[0].transcript,
        "against": 3,
        "reason": "message",
    }


def test_an_approval_of_other_certificates_is_the_dealers_fault():
    room = Room().dealt()
    swapped = (room.states[2].reveals[1], *room.states[2].reveals[1:])
    honest = room.states[2]
    messages = bad_dealer(room, 3, reveals=swapped)
    assert honest.reveals != swapped

    _, complaint = ceremony.receive(room.states[1], messages, rand=room.rand)

    assert json.loads(complaint)["message"]["body"]["reason"] == "message"


def test_shares_for_other_keys_than_this_device_saw_are_noticed():
    room = Room().dealt()
    messages = bad_dealer(room, 3, transcript="ab" * 32)

    error = refuses(
        VerificationError,
        "ceremony-transcript",
        ceremony.receive,
        room.states[0],
        messages,
        rand=room.rand,
    )
    assert error.params["trustee"] == 3


def test_a_forged_shares_message_is_refused_as_nobodys():
    room = Room().dealt()
    messages = bad_dealer(room, 3, note_seed=b"\x09" * 32)

    refuses(ProofError, "bad-signature", ceremony.receive, room.states[0], messages, rand=room.rand)


def test_own_shares_changed_by_the_server_are_noticed():
    room = Room().dealt()
    messages = bad_dealer(room, 1)

    refuses(
        VerificationError,
        "ceremony-own-changed",
        ceremony.receive,
        room.states[0],
        messages,
        rand=room.rand,
    )


def test_other_shares_for_another_trustee_are_noticed_at_the_end():
    """A dealer sends each trustee a right share, in two messages that differ."""
    room = Room().dealt()
    other = bad_dealer(room, 3)
    room.relay = lambda step, to, sent: other if (step, to) == ("shares", 1) else sent

    made = [ceremony.receive(s, room.given("shares", s.index), rand=room.rand) for s in room.states]

    answers = [answer for _, answer in made]
    refuses(VerificationError, "ceremony-shares", ceremony.finish, made[0][0], answers)
    refuses(VerificationError, "ceremony-shares", ceremony.finish, made[1][0], answers)


# The end


def test_a_key_that_does_not_follow_from_the_coefficients_is_refused():
    room = Room().dealt().receive()
    state = room.states[2]
    key = trustee_key(state.seed, state.share + 1, room.rand)
    ack = Acknowledgement(3, state.transcript, state.shares_digest, key)
    answers = [*room.messages["answer"][:2], ack.encode(room.session, state.note_seed)]

    error = refuses(VerificationError, "ceremony-key", ceremony.finish, room.states[0], answers)
    assert error.params["trustee"] == 3


def test_own_answer_changed_by_the_server_is_noticed():
    room = Room().dealt().receive()
    one = room.states[0]
    key = trustee_key(one.seed, one.share, room.rand)
    other = Acknowledgement(1, one.transcript, one.shares_digest, key)
    answers = [other.encode(room.session, one.note_seed), *room.messages["answer"][1:]]
    assert answers[0] != room.messages["answer"][0]

    refuses(VerificationError, "ceremony-own-changed", ceremony.finish, one, answers)


def test_a_complaint_that_the_server_keeps_back_still_ends_the_ceremony_for_its_device():
    room = Room().dealt()
    messages = bad_dealer(room, 3, box_secret=b"\x07" * 32)
    state, _ = ceremony.receive(room.states[0], messages, rand=room.rand)
    room.receive()

    refuses(RefusedError, "ceremony-step", ceremony.finish, state, room.messages["answer"])


def test_the_end_waits_for_everybody():
    room = Room().dealt().receive()

    refuses(
        RefusedError,
        "ceremony-incomplete",
        ceremony.finish,
        room.states[0],
        room.messages["answer"][:2],
    )


def test_a_box_key_that_agrees_on_nothing_is_its_trustees_fault():
    """With a point of low order the box would be under a key that everybody knows."""
    room = Room().begin()
    weak = replace(room.states[2].own, box_key="00" * 32)
    reveals = reveal_with(room, 3, weak)
    state = ceremony.compare(room.states[0], reveals)

    error = refuses(ProofError, "share-box", ceremony.deal, state, state.code, rand=room.rand)

    assert error.params["trustee"] == 3
