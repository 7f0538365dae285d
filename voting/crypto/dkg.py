"""Distributed key generation, Pedersen t of n: mathematics only, no messages.

Trustee i (1-based: the numbers are evaluation points) draws a polynomial f_i with t
coefficients a_ik, publishes A_ik = a_ik·g and sends s_ij = f_i(j) to trustee j in private.
Trustee j's secret key is the sum of the s_ij; its verification key X_j can be computed by
anybody; the election key is the sum of the A_i0; any t trustees decrypt, t - 1 learn nothing.

A trustee who publishes last can bias the key, so commitments come first (ceremony code).
Source: PROTOCOL 1.4. [Ped91] Pedersen, EUROCRYPT '91. [GJKR07] on the bias.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.crypto.hashing import hash_to_scalar
from voting.errors import FaultyTrusteeError, ProofError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from voting.crypto.group import Element, Group
    from voting.crypto.hashing import Draw


@dataclass(frozen=True, slots=True)
class TrusteeSecrets:
    """The two secret keys of a trustee's certificate: ``signing`` (sk), ``decryption`` (dk)."""

    signing: int = field(repr=False)
    decryption: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class Polynomial:
    """f(x) = a_0 + a_1·x + …; as many coefficients as trustees are needed to decrypt."""

    order: int
    coefficients: tuple[int, ...] = field(repr=False)

    def share(self, index: int) -> int:
        """Return f(index), the secret for trustee ``index`` (>= 1)."""
        value = 0
        for a in reversed(self.coefficients):
            value = (value * index + a) % self.order
        return value


def secrets_from_seed(group: Group, seed: str) -> TrusteeSecrets:
    """Derive a trustee's keys from the seed: 22 Base58 characters, format not checked here."""
    return TrusteeSecrets(
        signing=hash_to_scalar(group, "sk|", seed),
        decryption=hash_to_scalar(group, "dk|", seed),
    )


def draw_polynomial(group: Group, threshold: int, draw: Draw) -> Polynomial:
    """Draw ``threshold`` coefficients, the constant one first."""
    if threshold < 1:
        raise ValueError("at least one trustee is needed to decrypt")
    return Polynomial(group.order, tuple(draw() for _ in range(threshold)))


def commit(group: Group, polynomial: Polynomial) -> tuple[Element, ...]:
    """Return A_k = a_k·g, the constant coefficient first."""
    return tuple(group.multiply_generator(a) for a in polynomial.coefficients)


def committed_share(group: Group, commitments: Sequence[Element], index: int) -> Element:
    """Return f(index)·g from a dealer's commitments; ``len - 1`` scalar multiplications."""
    value = group.identity
    for commitment in reversed(commitments):
        value = index * value + commitment
    return value


def check_share(
    group: Group,
    *,
    threshold: int,
    dealer: int,
    commitments: Sequence[Element],
    recipient: int,
    share: int,
) -> None:
    """Check what trustee ``dealer`` sent to trustee ``recipient`` against his commitments.

    Raises:
        FaultyTrusteeError: Blames the dealer: a wrong share, one outside 0 <= s < q, or
            commitments that are not ``threshold`` many.
    """
    if len(commitments) != threshold or not 0 <= share < group.order:
        raise FaultyTrusteeError(dealer, recipient=recipient)
    powers = [(pow(recipient, k, group.order), a) for k, a in enumerate(commitments)]
    try:
        group.check_all([[(-share, group.generator), *powers]])
    except ProofError as e:
        raise FaultyTrusteeError(dealer, recipient=recipient) from e


def combine_shares(group: Group, shares: Iterable[int]) -> int:
    """Return a trustee's secret key: the sum of the shares from all n dealers, himself too."""
    return sum(shares) % group.order


def verification_key(group: Group, commitments: Sequence[Sequence[Element]], index: int) -> Element:
    """Return X_index from the commitments of all dealers, in the order of their numbers."""
    size = max(map(len, commitments))
    padded = [[*dealer, *[group.identity] * (size - len(dealer))] for dealer in commitments]
    sums = [group.total(column) for column in zip(*padded, strict=True)]
    return committed_share(group, sums, index)


def combined_public_key(group: Group, commitments: Iterable[Sequence[Element]]) -> Element:
    """Return the sub-key of the trustees: the sum of their constant coefficients."""
    return group.total(dealer[0] for dealer in commitments)


def lagrange_at_zero(group: Group, indices: Collection[int]) -> dict[int, int]:
    """Return lambda_j for each index: f(0) = sum of lambda_j·f(j) for any f of fewer terms.

    Args:
        indices: distinct, each >= 1.
    """
    if len(set(indices)) != len(indices) or any(j < 1 for j in indices):
        raise ValueError("indices must be distinct and start at 1")
    q = group.order
    weights: dict[int, int] = {}
    for j in indices:
        above = below = 1
        for k in indices:
            if k != j:
                above = above * k % q
                below = below * (k - j) % q
        weights[j] = above * pow(below, -1, q) % q
    return weights
