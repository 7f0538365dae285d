"""Zero-knowledge proofs of Belenios version 1: Schnorr, and disjunctions of Chaum-Pedersen.

Letters as in docs/spec/proofs.md: w nonce, A and B commitments, c challenge, r response
(elsewhere r is a ciphertext's randomness), M_j the allowed numbers. The context S must name
all that is proved about: election, credential and, for sums, every ciphertext.

A prover draws its scalars in the order given in its docstring: a published sealing seed
must rebuild the same bytes. Verifiers raise ``ProofError`` and return nothing.

[CDS94] Cramer, Damgård, Schoenmakers: disjunctions by splitting the challenge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.crypto.hashing import hash_to_scalar
from voting.errors import ProofError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.crypto.elgamal import Ciphertext, Opening
    from voting.crypto.group import Element, Group
    from voting.crypto.hashing import Draw


@dataclass(frozen=True, slots=True)
class Proof:
    """Both are scalars; ``decode_scalar`` makes them, verifiers refuse what is not reduced."""

    challenge: int
    response: int


def texts(*elements: Element) -> str:
    """Return the elements' texts with single commas between, as every challenge hashes them."""
    return ",".join(element.text for element in elements)


# Schnorr: knowledge of x with X = x·g, bound to a prefix


def prove_schnorr(group: Group, secret: int, prefix: str, nonce: int) -> Proof:
    """A = w·g, c = H(prefix + A), r = w - x·c. A nonce that repeats gives the secret away."""
    c = hash_to_scalar(group, prefix, group.multiply_generator(nonce).text)
    return Proof(c, (nonce - secret * c) % group.order)


def verify_schnorr(group: Group, public: Element, prefix: str, proof: Proof) -> None:
    """Accept if c = H(prefix + (r·g + c·X)); otherwise raise ``ProofError``."""
    require_reduced(group, [proof])
    a = group.multiply_generator(proof.response) + proof.challenge * public
    if hash_to_scalar(group, prefix, a.text) != proof.challenge:
        raise ProofError(proof="schnorr")


def prove_knowledge(group: Group, secret: int, draw: Draw) -> Proof:
    """Prove knowledge of a trustee's secret key (``pok``). Draws: w."""
    return prove_schnorr(group, secret, _knowledge(group, group.multiply_generator(secret)), draw())


def verify_knowledge(group: Group, public: Element, proof: Proof) -> None:
    verify_schnorr(group, public, _knowledge(group, public), proof)


def _knowledge(group: Group, public: Element) -> str:
    return f"pok|{group.name}|{public.text}|"


def prove_plaintext(
    group: Group, public_key: Element, context: str, ciphertext: Ciphertext, r: int, draw: Draw
) -> Proof:
    """Prove knowledge of the randomness of a NonHomomorphic answer (``raweg``). Draws: w.

    Args:
        context: S0, i.e. phi + "|" + credential.
    """
    return prove_schnorr(group, r, _plaintext(public_key, context, ciphertext), draw())


def verify_plaintext(
    group: Group, public_key: Element, context: str, ciphertext: Ciphertext, proof: Proof
) -> None:
    prefix = _plaintext(public_key, context, ciphertext)
    verify_schnorr(group, ciphertext.alpha, prefix, proof)


def _plaintext(public_key: Element, context: str, ciphertext: Ciphertext) -> str:
    return f"raweg|{context}|{public_key.text},{ciphertext.text}|"


# Disjunctions: one of several ciphertexts is an encryption of 0


def prove_disjunction(
    group: Group,
    public_key: Element,
    context: str,
    ciphertext: Ciphertext,
    opening: Opening,
    choices: Sequence[int],
    draw: Draw,
) -> tuple[Proof, ...]:
    """Prove that a ciphertext's number is one of ``choices`` (``iprove``): a proof for each.

    Draws, for each choice in order: c_j and r_j, or w for the first choice that is true.
    """
    branches = [opening.minus(m) for m in choices]
    return _prove_zero(group, public_key, _among(context, ciphertext), branches, draw)


def verify_disjunction(
    group: Group,
    public_key: Element,
    context: str,
    ciphertext: Ciphertext,
    choices: Sequence[int],
    proofs: Sequence[Proof],
) -> None:
    """Four scalar multiplications per choice: about 1 ms for {0, 1} on Ed25519."""
    branches = [ciphertext.minus(m) for m in choices]
    _verify_zero(group, public_key, _among(context, ciphertext), branches, proofs)


def _among(context: str, ciphertext: Ciphertext) -> str:
    return f"prove|{context}|{ciphertext.text}|"


def prove_blank(
    group: Group, public_key: Element, context: str, blank: Opening, chosen: Opening, draw: Draw
) -> tuple[Proof, ...]:
    """Prove that the blank choice or the sum of the others is 0 (two proofs, ``bproof0``).

    Draws: as ``prove_disjunction``, the blank's branch first.

    Args:
        context: S, with every ciphertext of the answer.
        chosen: opening of the sum of all choices but the blank one.
    """
    return _prove_zero(group, public_key, f"bproof0|{context}|", [blank, chosen], draw)


def verify_blank(
    group: Group,
    public_key: Element,
    context: str,
    blank: Ciphertext,
    chosen: Ciphertext,
    proofs: Sequence[Proof],
) -> None:
    _verify_zero(group, public_key, f"bproof0|{context}|", [blank, chosen], proofs)


def prove_overall_blank(
    group: Group,
    public_key: Element,
    context: str,
    blank: Opening,
    chosen: Opening,
    choices: Sequence[int],
    draw: Draw,
) -> tuple[Proof, ...]:
    """Prove: blank is 1, or the sum of the others is one of ``choices`` (``bproof1``).

    Draws: as ``prove_disjunction``, the blank's branch first. One proof more than choices.
    """
    branches = [blank.minus(1), *(chosen.minus(m) for m in choices)]
    return _prove_zero(group, public_key, f"bproof1|{context}|", branches, draw)


def verify_overall_blank(
    group: Group,
    public_key: Element,
    context: str,
    blank: Ciphertext,
    chosen: Ciphertext,
    choices: Sequence[int],
    proofs: Sequence[Proof],
) -> None:
    branches = [blank.minus(1), *(chosen.minus(m) for m in choices)]
    _verify_zero(group, public_key, f"bproof1|{context}|", branches, proofs)


def _prove_zero(
    group: Group, public_key: Element, prefix: str, branches: Sequence[Opening], draw: Draw
) -> tuple[Proof, ...]:
    """Prove that at least one branch opens to 0; the first that does is the true one.

    A simulated commitment r·g + c·alpha, r·y + c·beta is computed from the opening, as
    (r + c·rho)·g and (r + c·rho)·y + c·m·g: the same elements, cheaper.
    """
    q = group.order
    true = next((j for j, branch in enumerate(branches) if branch.m % q == 0), None)
    if true is None:
        raise ValueError("the statement is false: nothing to prove")
    simulated: dict[int, Proof] = {}
    commitments: list[Element] = []
    w = 0
    for j, branch in enumerate(branches):
        if j == true:
            w = exponent = draw()
            offset = 0
        else:
            simulated[j] = Proof(challenge=draw(), response=draw())
            exponent = simulated[j].response + simulated[j].challenge * branch.r
            offset = simulated[j].challenge * branch.m
        commitments.append(group.multiply_generator(exponent))
        commitments.append(
            group.lincomb([(exponent, public_key), (offset, group.generator)]),
        )
    h = hash_to_scalar(group, prefix, texts(*commitments))
    c = (h - sum(proof.challenge for proof in simulated.values())) % q
    simulated[true] = Proof(c, (w - branches[true].r * c) % q)
    return tuple(simulated[j] for j in range(len(branches)))


def _verify_zero(
    group: Group,
    public_key: Element,
    prefix: str,
    branches: Sequence[Ciphertext],
    proofs: Sequence[Proof],
) -> None:
    if len(proofs) != len(branches):
        raise ProofError(proof="disjunction", expected=len(branches), found=len(proofs))
    require_reduced(group, proofs)
    commitments: list[Element] = []
    for branch, proof in zip(branches, proofs, strict=True):
        c, r = proof.challenge, proof.response
        commitments.append(group.multiply_generator(r) + c * branch.alpha)
        commitments.append(r * public_key + c * branch.beta)
    total = sum(proof.challenge for proof in proofs) % group.order
    if hash_to_scalar(group, prefix, texts(*commitments)) != total:
        raise ProofError(proof="disjunction")


def require_reduced(group: Group, proofs: Sequence[Proof]) -> None:
    """Refuse scalars outside 0 <= x < q: the same proof must not have two spellings."""
    for proof in proofs:
        if not (0 <= proof.challenge < group.order and 0 <= proof.response < group.order):
            raise ProofError(proof="scalar")
