"""The key ceremony with a dishonest relay and dishonest trustees: nobody gets too far."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tally import ceremony
from tally.memory import decode_keys, encode_keys
from tests.support.trustees import Room, random_bytes, refuses, reveal_with
from voting.crypto.decryption import combine_threshold
from voting.crypto.group import ED25519
from voting.crypto.signature import sign_message
from voting.errors import (
    FormatError,
    RefusedError,
    VerificationError,
)
from voting.protocol.ceremony import Reveal
from voting.protocol.certificates import SignedText, certificate_message
from voting.protocol.trustees import decode_trustees, verify_trustees

ORDER = ED25519.order


def another(room: Room, index: int):
    """A second device that pretends to be trustee ``index``: state and commitment."""
    return ceremony.begin(room.session, index, rand=room.rand)


# The honest run


@pytest.mark.parametrize(("threshold", "size"), [(2, 2), (2, 3), (3, 4), (3, 5)])
def test_every_trustee_ends_with_the_same_checked_file_and_his_own_share(threshold, size):
    room = Room(threshold=threshold, size=size)

    keys = room.keys()

    assert len({one.trustees for one in keys}) == 1
    trustees = decode_trustees(keys[0].trustees, ED25519)
    verify_trustees(trustees)
    for one in keys:
        shown = ED25519.multiply_generator(one.secrets.share)
        assert trustees.key(one.memory.index) == shown
        assert one.memory.rehearsed
    secret = combine_threshold(
        ED25519,
        threshold,
        {k.memory.index: ED25519.multiply_generator(k.secrets.share) for k in keys[-threshold:]},
    )
    assert secret == trustees.public_key


def test_all_devices_show_the_same_ten_digits():
    room = Room().begin().reveal().compare()

    (digits,) = {state.code for state in room.states}

    assert len(digits) == 11
    assert digits.replace(" ", "").isdigit()
    assert digits[5] == " "


def test_a_step_done_again_with_the_same_messages_says_the_same():
    room = Room().dealt().receive()
    one = room.states[0]

    assert ceremony.reveal(one, room.messages["commit"])[1] == room.messages["reveal"][0]
    assert ceremony.compare(one, room.messages["reveal"]) == one
    assert ceremony.deal(one, one.code, rand=room.rand)[1] == room.messages["shares"][0]
    again = ceremony.receive(one, room.messages["shares"][::-1], rand=room.rand)
    assert again == (one, room.messages["answer"][0])


def test_secrets_and_memory_come_back_from_their_bytes_and_stay_out_of_the_repr():
    keys = Room().keys()[0]

    assert decode_keys(encode_keys(keys.secrets, keys.memory)) == (keys.secrets, keys.memory)
    shown = repr(keys) + repr(Room().begin().states)
    assert str(keys.secrets.share) not in shown
    assert keys.secrets.seed not in shown
    assert keys.secrets.note_seed.hex() not in shown
    assert "polynomial" not in shown


def test_the_bytes_of_a_ceremony_follow_from_its_randomness_alone():
    first = Room(rand=random_bytes("a")).keys()
    second = Room(rand=random_bytes("a")).keys()

    assert first[0].trustees == second[0].trustees
    assert Room(rand=random_bytes("b")).keys()[0].trustees != first[0].trustees


@pytest.mark.parametrize(("t", "n", "i"), [(1, 2, 1), (2, 4, 1), (3, 2, 1), (2, 3, 0), (2, 3, 4)])
def test_a_ceremony_needs_two_and_more_than_half(t, n, i):
    room = Room(threshold=t, size=n)

    refuses(RefusedError, "ceremony-numbers", ceremony.begin, room.session, i, rand=room.rand)


# Commitments and reveals


def test_no_reveal_before_all_commitments_are_held():
    room = Room().begin()

    error = refuses(
        RefusedError,
        "ceremony-incomplete",
        ceremony.reveal,
        room.states[0],
        room.messages["commit"][:2],
    )

    assert error.params["missing"] == [3]


def test_a_commitment_after_the_reveal_is_refused():
    room = Room().begin().reveal()
    _, late = another(room, 3)

    commits = [*room.messages["commit"][:2], late]

    refuses(VerificationError, "ceremony-second", ceremony.reveal, room.states[0], commits)


def test_two_commitments_by_one_trustee_are_refused():
    room = Room().begin()
    _, second = another(room, 3)

    refuses(
        VerificationError,
        "ceremony-second",
        ceremony.reveal,
        room.states[0],
        [*room.messages["commit"], second],
    )


def test_a_copied_commitment_is_refused():
    room = Room().begin()
    copied = room.messages["commit"][0].replace(b'"trustee":1', b'"trustee":3')

    refuses(
        VerificationError,
        "ceremony-duplicate",
        ceremony.reveal,
        room.states[1],
        [*room.messages["commit"][:2], copied],
    )


def test_own_commitment_changed_by_the_server_is_noticed():
    room = Room().begin()
    _, forged = another(room, 1)

    refuses(
        VerificationError,
        "ceremony-own-changed",
        ceremony.reveal,
        room.states[0],
        [forged, *room.messages["commit"][1:]],
    )


def test_a_reveal_that_was_not_committed_to_is_refused():
    room = Room().begin().reveal()
    state, _ = another(room, 3)

    reveals = [*room.messages["reveal"][:2], state.own.encode(room.session)]

    error = refuses(
        VerificationError, "ceremony-not-committed", ceremony.compare, room.states[0], reveals
    )
    assert error.params["trustee"] == 3


def test_a_second_reveal_is_refused():
    room = Room().begin().reveal().compare()
    state, _ = another(room, 3)
    second = state.own.encode(room.session)

    for reveals in (
        [*room.messages["reveal"], second],
        [*room.messages["reveal"][:2], second],
    ):
        refuses(VerificationError, "ceremony-second", ceremony.compare, room.states[0], reveals)


@pytest.mark.parametrize("field", ["note_key", "box_key", "nonce", "coefficients"])
def test_no_key_beside_the_certificate_can_be_swapped(field):
    room = Room().begin().reveal()
    theirs = Reveal.decode(room.session, room.messages["reveal"][2])
    state, _ = another(room, 3)
    swapped = replace(theirs, **{field: getattr(state.own, field)})

    reveals = [*room.messages["reveal"][:2], swapped.encode(room.session)]

    refuses(VerificationError, "ceremony-not-committed", ceremony.compare, room.states[0], reveals)


def test_a_server_in_the_middle_makes_the_codes_differ():
    """It plays trustee 3 to the first two and trustees 1 and 2 to the third."""
    room = Room().begin()
    fakes = {i: another(room, i) for i in (1, 2, 3)}

    def commits(step, recipient, messages):
        mine = {3: {1, 2}}.get(recipient, {3})
        return [fakes[i][1] if i in mine else messages[i - 1] for i in (1, 2, 3)]

    room.relay = commits
    room.reveal()

    def reveals(step, recipient, messages):
        mine = {3: {1, 2}}.get(recipient, {3})
        forged = {i: fakes[i][0].own.encode(room.session) for i in mine}
        return [forged.get(i, messages[i - 1]) for i in (1, 2, 3)]

    room.relay = reveals
    room.compare()

    assert room.states[0].code == room.states[1].code != room.states[2].code
    refuses(
        RefusedError,
        "ceremony-code",
        ceremony.deal,
        room.states[2],
        room.states[0].code,
        rand=room.rand,
    )


def test_swapped_certificates_are_noticed_by_their_owner_and_by_all_others():
    room = Room().begin().reveal()
    swapped = [
        data.replace(b'"trustee":%d' % i, b'"trustee":%d' % (3 - i))
        for i, data in enumerate(room.messages["reveal"][:2], start=1)
    ]
    reveals = [*swapped, room.messages["reveal"][2]]

    refuses(VerificationError, "ceremony-own-changed", ceremony.compare, room.states[0], reveals)
    refuses(VerificationError, "ceremony-not-committed", ceremony.compare, room.states[2], reveals)


@pytest.mark.parametrize("changes", [{"size": 5}, {"threshold": 4}, {"index": 2}])
def test_a_certificate_for_other_numbers_is_refused(changes):
    room = Room(threshold=3, size=4).begin()
    told = {"size": 4, "threshold": 3, "index": 4, **changes}
    other = Room(threshold=told["threshold"], size=told["size"])
    state, _ = ceremony.begin(other.session, told["index"], rand=room.rand)

    reveals = reveal_with(room, 4, replace(state.own, trustee=4))

    error = refuses(
        VerificationError, "ceremony-context", ceremony.compare, room.states[0], reveals
    )
    assert error.params["trustee"] == 4


@pytest.mark.parametrize("field", ["note_key", "box_key", "coefficients"])
def test_a_key_of_another_trustee_is_refused(field):
    room = Room().begin()
    own = room.states[2].own
    copied = replace(own, **{field: getattr(room.states[0].own, field)})

    reveals = reveal_with(room, 3, copied)

    error = refuses(
        VerificationError, "ceremony-duplicate", ceremony.compare, room.states[1], reveals
    )
    assert (error.params["trustee"], error.params["other"]) == (3, 1)


def test_a_certificate_that_its_key_did_not_sign_is_refused():
    room = Room().begin()
    own = room.states[2].own
    signed = replace(
        own.certificate.signed, signature=room.states[0].own.certificate.signed.signature
    )
    shown = replace(own, certificate=replace(own.certificate, signed=signed))

    reveals = reveal_with(room, 3, shown)

    refuses(VerificationError, "ceremony-certificate", ceremony.compare, room.states[0], reveals)


def test_a_certificate_over_the_identity_is_refused():
    """Its secret is zero, so everybody can sign for it."""
    room = Room().begin()
    nothing = ED25519.identity
    own = room.states[2].own
    text = certificate_message(
        ED25519,
        size=3,
        threshold=2,
        index=3,
        verification=nothing,
        encryption=own.certificate.encryption,
    )
    signed = SignedText(text, sign_message(ED25519, 0, text, 7))
    certificate = replace(own.certificate, signed=signed, verification=nothing)

    reveals = reveal_with(room, 3, replace(own, certificate=certificate))

    refuses(VerificationError, "ceremony-certificate", ceremony.compare, room.states[0], reveals)


def test_steps_are_taken_in_their_order():
    room = Room().begin()
    one = room.states[0]
    room.reveal()
    reveals = room.messages["reveal"]

    refuses(RefusedError, "ceremony-step", ceremony.compare, one, reveals)
    refuses(RefusedError, "ceremony-step", ceremony.receive, room.states[0], [], rand=room.rand)
    room.compare().deal()
    refuses(RefusedError, "ceremony-step", ceremony.finish, room.states[0], [])
    assert not room.states[0].ended


def test_a_message_of_another_attempt_or_meeting_is_refused():
    first, second = Room().begin(), Room(attempt=2).begin()
    elsewhere = Room(meeting="2Meeting1Meeting1Meet1").begin()

    for other in (second, elsewhere):
        commits = [*first.messages["commit"][:2], other.messages["commit"][2]]
        with pytest.raises(FormatError):
            ceremony.reveal(first.states[0], commits)
