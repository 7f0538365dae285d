"""A factor's two proofs: what version 1 lets through, the second refuses; counts are bounded."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.finite_field import BELENIOS_2048
from tests.support.scalars import repeatable
from voting.crypto import decryption
from voting.crypto.elgamal import Ciphertext, encrypt
from voting.crypto.group import ED25519
from voting.crypto.hashing import hash_to_scalar
from voting.crypto.proofs import Proof
from voting.errors import ProofError, UnsupportedError, VerificationError

GROUP = ED25519
Q = GROUP.order
G = GROUP.generator
scalars = st.integers(1, Q - 1)
few = settings(max_examples=20, deadline=None)


@given(x=scalars, r=st.integers(0, Q - 1), m=st.integers(0, 3), seed=st.integers(0, 2**32))
@few
def test_honest_factors_pass_both_proofs(x, r, m, seed):
    sealed = encrypt(GROUP, x * G, m, r)
    draw = repeatable(seed)

    factor, first = decryption.prove_partial(GROUP, "phi", x, sealed.alpha, draw)
    second = decryption.prove_factor(GROUP, "phi", x, sealed, draw)

    decryption.verify_partial(GROUP, "phi", x * G, sealed.alpha, factor, first)
    decryption.verify_factor(GROUP, "phi", x * G, sealed, factor, second)
    assert decryption.remove_factors(GROUP, sealed, [factor]) == m * G


def test_another_group_does_as_well():
    group = BELENIOS_2048
    sealed = encrypt(group, group.multiply_generator(5), 1, 8)
    factor, first = decryption.prove_partial(group, "phi", 5, sealed.alpha, repeatable(1, group))
    second = decryption.prove_factor(group, "phi", 5, sealed, repeatable(2, group))

    public = group.multiply_generator(5)
    decryption.verify_partial(group, "phi", public, sealed.alpha, factor, first)
    decryption.verify_factor(group, "phi", public, sealed, factor, second)
    with pytest.raises(ProofError):
        decryption.verify_factor(group, "phi", public, sealed, factor + factor, second)


def test_a_tally_without_ballots_decrypts_to_zero():
    nothing = Ciphertext(GROUP.identity, GROUP.identity)

    factor, first = decryption.prove_partial(GROUP, "phi", 5, nothing.alpha, repeatable())
    second = decryption.prove_factor(GROUP, "phi", 5, nothing, repeatable(1))

    decryption.verify_partial(GROUP, "phi", 5 * G, nothing.alpha, factor, first)
    decryption.verify_factor(GROUP, "phi", 5 * G, nothing, factor, second)
    opened = decryption.remove_factors(GROUP, nothing, [factor])
    assert decryption.open_count(GROUP, opened, 0) == 0


def forged(x: int, sealed: Ciphertext, prefix: str, w1: int, w2: int):
    """Commit to unrelated A and B first, and solve for the factor when c is known [BPW12]."""
    a, b = w1 * G, w2 * sealed.alpha
    c = hash_to_scalar(GROUP, prefix, f"{a.text},{b.text}")
    response = (w1 - x * c) % Q
    factor = ((w2 - response) * pow(c, -1, Q) % Q) * sealed.alpha
    return factor, Proof(c, response)


@given(x=scalars, r=scalars, w1=scalars, w2=scalars)
@few
def test_a_forged_factor_passes_version_1_and_fails_the_second_proof(x, r, w1, w2):
    sealed = encrypt(GROUP, x * G, 3, r)
    honest = x * sealed.alpha
    factor, proof = forged(x, sealed, f"decrypt|phi|{(x * G).text}|", w1, w2)

    decryption.verify_partial(GROUP, "phi", x * G, sealed.alpha, factor, proof)
    if w1 != w2:
        assert factor != honest
        opened = decryption.remove_factors(GROUP, sealed, [factor])
        with pytest.raises(VerificationError) as caught:
            decryption.open_count(GROUP, opened, 10)
        assert caught.value.code == "count-out-of-bounds"
        with pytest.raises(ProofError):
            decryption.verify_factor(GROUP, "phi", x * G, sealed, factor, proof)
        # Nor does the attack work against the second hash itself, whatever it leaves out.
        statement = f"{(x * G).text},{sealed.text}"
        for hashed in (statement, f"{statement},{honest.text}", f"{statement},{factor.text}"):
            factor, proof = forged(x, sealed, f"piaojue/decrypt/1|phi|{hashed}|", w1, w2)
            with pytest.raises(ProofError):
                decryption.verify_factor(GROUP, "phi", x * G, sealed, factor, proof)


def test_a_second_proof_is_bound_to_all_of_its_statement():
    x, sealed = 21, encrypt(GROUP, 21 * G, 1, 77)
    factor = x * sealed.alpha
    proof = decryption.prove_factor(GROUP, "phi", x, sealed, repeatable())
    other = Ciphertext(sealed.alpha, sealed.beta + G)

    decryption.verify_factor(GROUP, "phi", x * G, sealed, factor, proof)
    for phi, public, statement, given_factor in [
        ("psi", x * G, sealed, factor),
        ("phi", 22 * G, sealed, factor),
        ("phi", x * G, other, factor),
        ("phi", x * G, Ciphertext(2 * sealed.alpha, sealed.beta), 2 * factor),
        ("phi", x * G, sealed, factor + G),
        ("phi", sealed.alpha, Ciphertext(x * G, sealed.beta), factor),
    ]:
        with pytest.raises(ProofError):
            decryption.verify_factor(GROUP, phi, public, statement, given_factor, proof)


def test_neither_proof_serves_as_the_other():
    sealed = encrypt(GROUP, 21 * G, 1, 77)
    factor, first = decryption.prove_partial(GROUP, "phi", 21, sealed.alpha, repeatable())
    second = decryption.prove_factor(GROUP, "phi", 21, sealed, repeatable())

    with pytest.raises(ProofError):
        decryption.verify_factor(GROUP, "phi", 21 * G, sealed, factor, first)
    with pytest.raises(ProofError):
        decryption.verify_partial(GROUP, "phi", 21 * G, sealed.alpha, factor, second)


@given(
    c=st.integers(-1, Q) | st.sampled_from([0, 1, Q - 1, Q]),
    r=st.integers(-1, Q) | st.sampled_from([0, 1, Q - 1, Q]),
)
@few
def test_made_up_proofs_are_refused_and_crash_no_verifier(c, r):
    sealed = encrypt(GROUP, 21 * G, 1, 77)
    for factor in (5 * G, GROUP.identity, 21 * sealed.alpha):
        with pytest.raises(ProofError):
            decryption.verify_partial(GROUP, "phi", 21 * G, sealed.alpha, factor, Proof(c, r))
        with pytest.raises(ProofError):
            decryption.verify_factor(GROUP, "phi", 21 * G, sealed, factor, Proof(c, r))


@pytest.mark.parametrize(
    ("n", "bound"), [(0, 0), (1, 1), (1023, 1023), (1024, 1024), (1500, 10**6), (999_999, 10**6)]
)
def test_counts_within_the_bound_open(n, bound):
    assert decryption.open_count(GROUP, n * G, bound) == n


@pytest.mark.parametrize(
    ("n", "bound"), [(1, 0), (6, 5), (-1, 5), (1024, 1023), (1025, 1024), (2000, 1999), (Q // 2, 9)]
)
def test_counts_beyond_the_bound_are_a_finding(n, bound):
    with pytest.raises(VerificationError) as caught:
        decryption.open_count(GROUP, n * G, bound)
    assert caught.value.code == "count-out-of-bounds"


def test_absurd_bounds_are_refused_by_name():
    with pytest.raises(UnsupportedError) as caught:
        decryption.open_count(GROUP, G, 2**40)
    assert caught.value.params == {"kind": "total-weight"}


def test_the_second_proof_hashes_the_bytes_of_the_specification():
    sealed, w = encrypt(GROUP, 21 * G, 1, 77), repeatable()()
    phi = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"

    proof = decryption.prove_factor(GROUP, phi, 21, sealed, repeatable())

    x, a, b, f = (21 * G).text, sealed.alpha.text, sealed.beta.text, (21 * sealed.alpha).text
    hashed = f"piaojue/decrypt/1|{phi}|{x},{a},{b},{f}|{(w * G).text},{(w * sealed.alpha).text}"
    assert len(hashed) == 451
    assert proof.challenge == int(hashlib.sha256(hashed.encode()).hexdigest(), 16) % Q
    assert proof.response == (w - 21 * proof.challenge) % Q
