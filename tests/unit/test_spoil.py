"""A spoiled ballot is rebuilt from its opening, which gives nothing else away."""

from __future__ import annotations

import json

import pytest

from tests.support import ballots as b
from voting.crypto.group import ED25519
from voting.crypto.hashing import seeded_scalars
from voting.errors import FormatError, ProofError, VerificationError
from voting.protocol import codec
from voting.protocol.ballot import rebuild_spoiled, tracker
from voting.protocol.spoil import check_opening, decode_opening, encode_opening, opening_of

ELECTION = b.make(b.ONE_OF_THREE, b.WITH_BLANK)
SEALED = b.seal(ELECTION, ((1, 0, 0), (0, 1, 0, 1)))
OPENING = encode_opening(opening_of(ELECTION, SEALED))


def opened(**new):
    return decode_opening(codec.encode({**json.loads(OPENING), **new}), ELECTION)


def test_the_ballot_is_rebuilt_byte_for_byte():
    assert check_opening(ELECTION, opened(), SEALED.tracker) == SEALED.data


def test_an_opening_fits_a_qr_code_that_a_tablet_can_read():
    ten = b.make(*[b.ONE_OF_THREE] * 10)
    sealed = b.seal(ten, [(0, 1, 0)] * 10)

    assert len(encode_opening(opening_of(ten, sealed))) < 600


def test_a_device_that_sealed_something_else_is_found_out():
    for new in (
        {"choices": [[0, 1, 0], [0, 1, 0, 1]]},
        {"seed": "00" * 32},
        {"credential": ED25519.generator.text},
        {"signature": {"challenge": "1", "response": "1"}},
    ):
        with pytest.raises(VerificationError) as caught:
            check_opening(ELECTION, opened(**new), SEALED.tracker)
        assert caught.value.code == "spoil-tracker"


def test_a_device_whose_signature_was_wrong_is_found_out_although_the_tracker_fits():
    opening = opened(signature={"challenge": "1", "response": "1"})
    data = rebuild_spoiled(
        ELECTION,
        seed=opening.seed,
        choices=opening.choices,
        credential=opening.credential,
        signature=opening.signature,
    )

    with pytest.raises(ProofError) as caught:
        check_opening(ELECTION, opening, tracker(data))
    assert caught.value.code == "ballot-signature"


@pytest.mark.parametrize(
    ("new", "place"),
    [
        ({"spoil": 2}, "opening.spoil"),
        ({"seed": "AB" * 32}, "opening.seed"),
        ({"seed": "00" * 31}, "opening.seed"),
        ({"choices": [[1, 0, 0]]}, "opening.choices"),
        ({"choices": [[1, 1, 0], [1, 0, 0, 0]]}, "opening.choices[0]"),
        ({"choices": [[1, 0, 0], [1, 0, 0]]}, "opening.choices[1]"),
        ({"choices": [[1, 0, "0"], [1, 0, 0, 0]]}, "opening.choices[0][2]"),
        ({"credential": ED25519.identity.text}, "opening.credential"),
        ({"more": 1}, "opening"),
    ],
)
def test_an_opening_is_read_strictly(new, place):
    with pytest.raises(FormatError) as caught:
        opened(**new)
    assert caught.value.place == place


def test_an_opening_of_another_election_is_refused():
    with pytest.raises(VerificationError) as caught:
        opened(election_uuid="2" * 22)
    assert caught.value.code == "ballot-uuid"


def test_neither_the_credential_nor_its_nonce_comes_from_the_seed():
    q = ED25519.order
    draw = seeded_scalars(b.seed(), b"ballot|" + ELECTION.fingerprint.encode(), ED25519)
    proof = SEALED.signature

    for _ in range(200):
        w = draw()
        x = (w - proof.response) * pow(proof.challenge, -1, q) % q
        assert ED25519.multiply_generator(x) != SEALED.credential
    # The test would see it: from the true nonce the credential follows at once.
    x = (b.scalar(1000) - proof.response) * pow(proof.challenge, -1, q) % q
    assert ED25519.multiply_generator(x) == SEALED.credential


def test_what_is_printed_of_an_opening_shows_no_secret():
    shown = repr(opened())

    assert "seed" not in shown
    assert "choices" not in shown
