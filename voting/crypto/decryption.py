"""Partial decryptions, their two proofs, and opening a count.

A trustee with secret x and verification key X = x·g publishes the factor F = x·alpha.
The proof of version 1 is what belenios-tool reads, but its challenge hashes neither the
ciphertext nor the factor: whoever knows x can publish a wrong factor with a valid proof
[BPW12], and grind what he wants into a plaintext. So each factor has a second proof beside
it, whose challenge hashes all of the statement; only with it can a wrong factor be blamed.
Without it, a verifier relies on bounds: ``open_count`` demands one.

Source: PROTOCOL 1.9, 5.3, trap 3; exact bytes in docs/spec/proofs.md.
[BPW12] Bernhard, Pereira, Warinschi: How Not to Prove Yourself, ASIACRYPT 2012.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from voting.crypto.dkg import lagrange_at_zero
from voting.crypto.hashing import hash_to_scalar
from voting.crypto.proofs import Proof, require_reduced, texts
from voting.errors import ProofError, UnsupportedError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voting.crypto.elgamal import Ciphertext
    from voting.crypto.group import Element, Group
    from voting.crypto.hashing import Draw

SECOND_TAG = "piaojue/decrypt/1"
MAX_BOUND = 2**36  # opening a count up to here takes 2^18 steps, some seconds
_LEAST_BABY_STEPS = 1024


def prove_partial(
    group: Group, phi: str, secret_key: int, alpha: Element, draw: Draw
) -> tuple[Element, Proof]:
    """Return the factor F = x·alpha and its proof of version 1. Draws: w.

    Args:
        phi: fingerprint of election.json, 43 characters.
    """
    public = group.multiply_generator(secret_key)
    proof = _prove_equal(group, secret_key, _first(phi, public), alpha, draw())
    return secret_key * alpha, proof


def verify_partial(
    group: Group, phi: str, public: Element, alpha: Element, factor: Element, proof: Proof
) -> None:
    """Check a version 1 proof. It does NOT show that the factor is right: see the module."""
    _verify_equal(group, _first(phi, public), public, alpha, factor, proof)


def prove_factor(
    group: Group, phi: str, secret_key: int, ciphertext: Ciphertext, draw: Draw
) -> Proof:
    """Make the second proof of the factor x·alpha. Draws: w, never the one of the first."""
    public = group.multiply_generator(secret_key)
    prefix = _second(phi, public, ciphertext, secret_key * ciphertext.alpha)
    return _prove_equal(group, secret_key, prefix, ciphertext.alpha, draw())


def verify_factor(
    group: Group, phi: str, public: Element, ciphertext: Ciphertext, factor: Element, proof: Proof
) -> None:
    """Check that the factor is right; the caller knows whose ``public`` is and blames him."""
    prefix = _second(phi, public, ciphertext, factor)
    _verify_equal(group, prefix, public, ciphertext.alpha, factor, proof)


def _first(phi: str, public: Element) -> str:
    return f"decrypt|{phi}|{public.text}|"


def _second(phi: str, public: Element, ciphertext: Ciphertext, factor: Element) -> str:
    statement = texts(public, ciphertext.alpha, ciphertext.beta, factor)
    return f"{SECOND_TAG}|{phi}|{statement}|"


def _prove_equal(group: Group, secret: int, prefix: str, alpha: Element, nonce: int) -> Proof:
    """A = w·g, B = w·alpha, c = H(prefix + A,B), r = w - x·c."""
    c = hash_to_scalar(group, prefix, texts(group.multiply_generator(nonce), nonce * alpha))
    return Proof(c, (nonce - secret * c) % group.order)


def _verify_equal(
    group: Group, prefix: str, public: Element, alpha: Element, factor: Element, proof: Proof
) -> None:
    require_reduced(group, [proof])
    c, r = proof.challenge, proof.response
    a = group.multiply_generator(r) + c * public
    b = r * alpha + c * factor
    if hash_to_scalar(group, prefix, texts(a, b)) != c:
        raise ProofError(proof="decryption")


def combine_threshold(group: Group, threshold: int, factors: Mapping[int, Element]) -> Element:
    """Combine verified factors of a t-of-n key: the first ``threshold`` by index, weighted.

    Args:
        factors: by the trustee's number within the key, from 1.

    Raises:
        VerificationError: Fewer than ``threshold`` factors.
    """
    if len(factors) < threshold:
        raise VerificationError("too-few-shares", have=len(factors), need=threshold)
    first = sorted(factors)[:threshold]
    weights = lagrange_at_zero(group, first)
    return group.lincomb((weights[j], factors[j]) for j in first)


def remove_factors(group: Group, ciphertext: Ciphertext, factors: Iterable[Element]) -> Element:
    """Return M = beta less the factor of every part of the election key.

    Args:
        factors: one for each Single trustee, and one combined for each t-of-n key.
    """
    return ciphertext.beta - group.total(factors)


def open_count(group: Group, element: Element, bound: int) -> int:
    """Return n with n·g = ``element`` and 0 <= n <= ``bound`` (the total weight).

    Costs the table, once (20 ms), and then nothing to speak of for counts below 1,024.

    Raises:
        VerificationError: There is none: some factor was wrong.
        UnsupportedError: ``bound`` exceeds 2^36.
    """
    if bound > MAX_BOUND:
        raise UnsupportedError(kind="total-weight")
    steps = _LEAST_BABY_STEPS
    while steps * steps <= bound:
        steps *= 2
    table = _baby_steps(group, min(steps, _LEAST_BABY_STEPS))
    if (n := table.get(element)) is not None and n <= bound:
        return n
    table = _baby_steps(group, steps)
    giant = group.multiply_generator(steps)
    for i in range(bound // steps + 1):
        if (n := table.get(element)) is not None and i * steps + n <= bound:
            return i * steps + n
        element = element - giant
    raise VerificationError("count-out-of-bounds", bound=bound)


@cache
def _baby_steps(group: Group, size: int) -> Mapping[Element, int]:
    table: dict[Element, int] = {}
    element = group.identity
    for i in range(size):
        table[element] = i
        element = element + group.generator
    return table
