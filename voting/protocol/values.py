"""Group elements, scalars, proofs and ciphertexts inside JSON: take them out, write them.

Taking proves canonical form and membership (``Group.decode``, ``decode_scalar``), so what comes
back needs no further check of that kind. Places name the fault, as ``ballot.signature.proof``.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from voting.crypto.elgamal import Ciphertext
from voting.crypto.group import decode_scalar
from voting.crypto.proofs import Proof
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.crypto.group import Group


def take_proof(value: object, place: str, group: Group) -> Proof:
    """Take ``{"challenge":"c","response":"r"}``, both reduced decimal scalars."""
    challenge, response = codec.fields(value, place, "challenge", "response")
    return Proof(
        decode_scalar(challenge, group.order, f"{place}.challenge"),
        decode_scalar(response, group.order, f"{place}.response"),
    )


def take_proofs(value: object, place: str, group: Group, size: int) -> tuple[Proof, ...]:
    """Take a list of exactly ``size`` proofs."""
    return tuple(
        take_proof(proof, f"{place}[{i}]", group)
        for i, proof in enumerate(codec.array(value, place, size=size))
    )


def take_ciphertext(value: object, place: str, group: Group, *, multiplier: int = 0) -> Ciphertext:
    """Take ``{"alpha":"P","beta":"P"}``. ``multiplier`` as ``Group.decode`` takes it."""
    alpha, beta = codec.fields(value, place, "alpha", "beta")
    return Ciphertext(
        group.decode(alpha, f"{place}.alpha", multiplier=multiplier),
        group.decode(beta, f"{place}.beta", multiplier=multiplier),
    )


def take_ciphertexts(
    value: object,
    place: str,
    group: Group,
    size: int | None = None,
    *,
    multipliers: Sequence[int] = (),
) -> tuple[Ciphertext, ...]:
    """Take a list of ciphertexts, of exactly ``size`` if it is given."""
    listed = codec.array(value, place, size=size)
    return tuple(
        take_ciphertext(ciphertext, f"{place}[{i}]", group, multiplier=multiplier)
        for i, (ciphertext, multiplier) in enumerate(
            zip_longest(listed, multipliers[: len(listed)], fillvalue=0)
        )
    )


def proof_json(proof: Proof) -> dict[str, object]:
    return {"challenge": str(proof.challenge), "response": str(proof.response)}


def proofs_json(proofs: Sequence[Proof]) -> list[dict[str, object]]:
    return [proof_json(proof) for proof in proofs]


def ciphertext_json(ciphertext: Ciphertext) -> dict[str, object]:
    return {"alpha": ciphertext.alpha.text, "beta": ciphertext.beta.text}
