"""ElGamal over any ``Group``: (alpha, beta) = (r·g, r·y + M), with M = m·g for counts.

Ciphertexts add, so that a tally is their sum. An ``Opening`` (r, m) is the prover's
secret side of a ciphertext and adds alike. Source: PROTOCOL 1.6, docs/spec/proofs.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voting.crypto.group import Element, Group


@dataclass(frozen=True, slots=True)
class Ciphertext:
    alpha: Element
    beta: Element

    @property
    def text(self) -> str:
        """``alpha,beta`` as proofs hash it."""
        return f"{self.alpha.text},{self.beta.text}"

    def __add__(self, other: Ciphertext) -> Ciphertext:
        return Ciphertext(self.alpha + other.alpha, self.beta + other.beta)

    def __rmul__(self, weight: int) -> Ciphertext:
        return Ciphertext(weight * self.alpha, weight * self.beta)

    def minus(self, m: int) -> Ciphertext:
        """Return the ciphertext of the plaintext less ``m``, with the same randomness."""
        if m == 0:
            return self
        return Ciphertext(self.alpha, self.beta - m * self.alpha.group.generator)


@dataclass(frozen=True, slots=True)
class Opening:
    """Randomness ``r`` and number ``m`` of a ciphertext: secret, never printed."""

    r: int = field(repr=False)
    m: int = field(repr=False)

    def __add__(self, other: Opening) -> Opening:
        return Opening(self.r + other.r, self.m + other.m)

    def minus(self, m: int) -> Opening:
        return Opening(self.r, self.m - m)


def encrypt(group: Group, public_key: Element, m: int | Element, r: int) -> Ciphertext:
    """Encrypt a number (as a multiple of g) or an element with the randomness ``r``."""
    message = group.multiply_generator(m) if isinstance(m, int) else m
    return Ciphertext(group.multiply_generator(r), r * public_key + message)


def reencrypt(group: Group, public_key: Element, ciphertext: Ciphertext, r: int) -> Ciphertext:
    """Return another ciphertext of the same plaintext."""
    return ciphertext + Ciphertext(group.multiply_generator(r), r * public_key)


def total_ciphertext(group: Group, ciphertexts: Iterable[Ciphertext]) -> Ciphertext:
    """Add ciphertexts; none at all give (identity, identity), a tally without ballots."""
    return sum(ciphertexts, start=Ciphertext(group.identity, group.identity))
