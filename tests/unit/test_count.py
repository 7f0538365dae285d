"""Faulty trustees are named, and the others open the box."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tally.count import check_factors, combine
from tests.support.sealed import opened, sealed_case
from tests.support.trustees import refuses
from voting.crypto.hashing import fresh_scalars, hash_to_scalar
from voting.crypto.proofs import Proof, texts
from voting.errors import (
    FaultyTrusteeError,
    VerificationError,
)
from voting.protocol.shares import (
    decode_partial_decryption,
    decode_second_proofs,
    encode_partial_decryption,
    encode_second_proofs,
    verify_partial_decryption,
)
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from tally.release import Factors

# The count


@cache
def counted():
    """The honest answers of all three devices; nothing of it is changed by a test."""
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    answers = [device.release(box, note) for device in case.devices]
    return case, box, decode_trustees(case.trustees, box.election.group), answers


def weak_forgery(box, secret_key: int, answer: Factors, shift) -> Factors:
    """A wrong factor whose version 1 proof holds: it binds neither ciphertext nor factor.

    A = w·g as it should be, but B is chosen freely; the challenge follows from A and B, and the
    factor is then solved for: F = (B - r·alpha) / c.
    """
    group, phi = box.election.group, box.election.fingerprint
    share = decode_partial_decryption(answer.share, box.election, box.ciphertexts)
    alpha = box.ciphertexts[0][0].alpha
    w = fresh_scalars(secrets.token_bytes, group)()
    public = group.multiply_generator(secret_key)
    a = group.multiply_generator(w)
    b = w * alpha + shift
    c = hash_to_scalar(group, f"decrypt|{phi}|{public.text}|{texts(a, b)}")
    r = (w - secret_key * c) % group.order
    factor = pow(c, -1, group.order) * (b - r * alpha)
    rows = [list(row) for row in share.factors]
    proofs = [list(row) for row in share.proofs]
    rows[0][0], proofs[0][0] = factor, Proof(c, r)
    forged = replace(share, factors=tuple(map(tuple, rows)), proofs=tuple(map(tuple, proofs)))
    return replace(answer, share=encode_partial_decryption(forged))


def test_a_factor_forged_by_weak_fiat_shamir_passes_v1_and_the_second_proof_blames():
    case, box, trustees, answers = counted()
    group = box.election.group
    forged = weak_forgery(box, case.devices[0].secrets.share, answers[0], 12345 * group.generator)

    decoded = decode_partial_decryption(forged.share, box.election, box.ciphertexts)
    verify_partial_decryption(box.election, box.ciphertexts, 1, trustees.key(1), decoded)
    with pytest.raises(FaultyTrusteeError) as caught:
        check_factors(box.election, trustees, box.ciphertexts, forged)

    assert caught.value.trustee == 1
    assert caught.value.params["place"] == "[0][0]"


def test_a_faulty_trustee_is_named_and_the_others_open_the_box():
    case, box, trustees, answers = counted()
    forged = weak_forgery(
        box, case.devices[0].secrets.share, answers[0], box.election.group.generator
    )

    count = combine(box.election, trustees, box.ciphertexts, [forged, *answers[1:]], number=6)

    assert json.loads(count.result_bytes) == {"result": [[4, 1, 1]]}
    assert [error.trustee for error in count.blamed] == [1]
    assert list(count.shares) == [2, 3]
    assert '"owner":1' not in count.proofs.decode()


def test_with_too_few_right_answers_the_faulty_trustee_is_the_error():
    case, box, trustees, answers = counted()
    forged = weak_forgery(
        box, case.devices[0].secrets.share, answers[0], box.election.group.generator
    )

    with pytest.raises(FaultyTrusteeError) as caught:
        combine(box.election, trustees, box.ciphertexts, [forged, answers[2]], number=6)

    assert caught.value.trustee == 1


@pytest.mark.parametrize("broken", ["share", "proofs"])
def test_an_answer_that_cannot_be_read_is_its_trustees_fault(broken):
    _, box, trustees, answers = counted()

    with pytest.raises(FaultyTrusteeError) as caught:
        check_factors(
            box.election, trustees, box.ciphertexts, replace(answers[1], **{broken: b"{}"})
        )

    assert caught.value.trustee == 2


def test_second_proofs_of_another_trustee_do_not_count():
    _, box, trustees, answers = counted()
    second = decode_second_proofs(answers[1].proofs, box.election, box.ciphertexts)
    renamed = encode_second_proofs(replace(second, trustees={1: second.trustees[2]}))

    for proofs in (answers[1].proofs, renamed):
        with pytest.raises(FaultyTrusteeError):
            check_factors(
                box.election, trustees, box.ciphertexts, replace(answers[0], proofs=proofs)
            )


def test_one_answer_is_too_few():
    _, box, trustees, answers = counted()

    refuses(
        VerificationError,
        "too-few-shares",
        combine,
        box.election,
        trustees,
        box.ciphertexts,
        answers[:1],
        number=6,
    )
