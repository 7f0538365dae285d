"""Second proofs bind what version 1's do not, and their file has one form."""

from __future__ import annotations

import dataclasses
import json

import pytest

from tests.support.forger import AGAINST, AGREE, EXACTLY_ONE, UUID, Box, G, weak_factor
from voting.errors import FaultyTrusteeError, FormatError
from voting.protocol import codec
from voting.protocol.shares import (
    PartialDecryption,
    SecondProofs,
    decode_partial_decryption,
    decode_second_proofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_second_proofs,
    verify_partial_decryption,
    verify_second_proofs,
)
from voting.protocol.trustees import decode_trustees


@pytest.fixture(scope="module")
def opening():
    return Box(EXACTLY_ONE, choices=[(AGREE,), (AGAINST,)]).opened()


def key(opening, owner):
    return decode_trustees(opening.box.trustees, G).key(owner)


def second(opening, owner):
    secret = opening.box.members.shares[owner - 1]
    return make_second_proofs(opening.election, opening.ciphertexts, secret, opening.chance.draw)


def test_honest_second_proofs_verify(opening):
    for owner in (1, 2, 3):
        verify_second_proofs(
            opening.election,
            opening.ciphertexts,
            owner,
            key(opening, owner),
            opening.share(owner),
            second(opening, owner),
        )


def test_a_forged_factor_passes_the_first_proof_and_fails_the_second(opening):
    share = opening.share(2)
    secret = opening.box.members.shares[1]
    alpha = opening.ciphertexts[0][1]
    factor, proof, _ = weak_factor(opening.election, secret, alpha, opening.chance)
    factors, proofs = list(share.factors[0]), list(share.proofs[0])
    factors[1], proofs[1] = factor, proof
    forged = PartialDecryption((tuple(factors),), (tuple(proofs),))
    election, ciphertexts = opening.election, opening.ciphertexts

    verify_partial_decryption(election, ciphertexts, 2, key(opening, 2), forged)
    with pytest.raises(FaultyTrusteeError) as e:
        verify_second_proofs(election, ciphertexts, 2, key(opening, 2), forged, second(opening, 2))
    assert (e.value.trustee, e.value.params["place"]) == (2, "[0][1]")


def test_the_two_proofs_do_not_stand_in_for_each_other(opening):
    share = opening.share(1)
    swapped = dataclasses.replace(share, proofs=second(opening, 1))

    with pytest.raises(FaultyTrusteeError):
        verify_partial_decryption(
            opening.election, opening.ciphertexts, 1, key(opening, 1), swapped
        )
    with pytest.raises(FaultyTrusteeError):
        verify_second_proofs(
            opening.election, opening.ciphertexts, 1, key(opening, 1), share, share.proofs
        )


def test_a_partial_decryption_is_written_as_it_is_read(opening):
    data = encode_partial_decryption(opening.share(1))

    read = decode_partial_decryption(data, opening.election, opening.ciphertexts)

    assert encode_partial_decryption(read) == data


def test_the_file_of_second_proofs_is_written_as_it_is_read(opening):
    proofs = SecondProofs(UUID, {3: second(opening, 3), 1: second(opening, 1)})
    data = encode_second_proofs(proofs)

    read = decode_second_proofs(data, opening.election, opening.ciphertexts)

    assert list(read.trustees) == [1, 3]
    assert encode_second_proofs(read) == data


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(slot="AnotherE1ection"),
        lambda value: value.update(version=2),
        lambda value: value["trustees"].reverse(),
        lambda value: value["trustees"].append(value["trustees"][-1]),
        lambda value: value["trustees"][0].update(owner=0),
        lambda value: value["trustees"][0]["proofs"][0].pop(),
        lambda value: value.update(note=""),
    ],
    ids=["slot", "version", "order", "owner twice", "owner 0", "too few", "extra field"],
)
def test_the_file_of_second_proofs_has_one_form(opening, change):
    proofs = SecondProofs(UUID, {k: second(opening, k) for k in (1, 2)})
    value = json.loads(encode_second_proofs(proofs))
    change(value)

    with pytest.raises(FormatError):
        decode_second_proofs(codec.encode(value), opening.election, opening.ciphertexts)
