"""Partial decryptions and the second proofs beside them.

A trustee's partial decryption (Belenios version 1, docs/spec/tally.md, section 4) has a factor and
a proof for every ciphertext, in the shape of the tally:
``{"decryption_factors":[["P"…]…],"decryption_proofs":[[proof…]…]}``. Its proof binds neither
ciphertext nor factor. The second proofs do; they are a file of their own for each slot, which
belenios-tool does not read:
``{"version":1,"slot":UUID,"trustees":[{"owner":k,"proofs":[[proof…]…]}…]}``, owners ascending.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from voting.crypto.decryption import prove_factor, prove_partial, verify_factor, verify_partial
from voting.errors import FaultyTrusteeError, FormatError, ProofError
from voting.protocol import codec, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voting.crypto.elgamal import Ciphertext
    from voting.crypto.group import Element
    from voting.crypto.hashing import Draw
    from voting.crypto.proofs import Proof
    from voting.protocol.election import Election
    from voting.protocol.tally import Ciphertexts

MAX_OWNERS = 100

Proofs = tuple[tuple["Proof", ...], ...]


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """One trustee's factors and their proofs, in the shape of the ciphertexts."""

    factors: tuple[tuple[Element, ...], ...]
    proofs: Proofs


@dataclass(frozen=True, slots=True)
class SecondProofs:
    """The second proofs of one slot, by owner."""

    slot: str
    trustees: Mapping[int, Proofs]


def make_partial_decryption(
    election: Election, ciphertexts: Ciphertexts, secret_key: int, draw: Draw
) -> PartialDecryption:
    """Decrypt with one share. The caller has recomputed ``ciphertexts`` itself.

    Draws one scalar for each ciphertext, in order.
    """
    group, phi = election.group, election.fingerprint
    made = [
        [prove_partial(group, phi, secret_key, c.alpha, draw) for c in row] for row in ciphertexts
    ]
    return PartialDecryption(
        tuple(tuple(factor for factor, _ in row) for row in made),
        tuple(tuple(proof for _, proof in row) for row in made),
    )


def verify_partial_decryption(
    election: Election,
    ciphertexts: Ciphertexts,
    owner: int,
    public_key: Element,
    share: PartialDecryption,
) -> None:
    """Check every version 1 proof. They do not show that the factors are right.

    Raises FaultyTrusteeError with the ``place`` in the tally: a proof that fails was made by
    somebody who did not know the secret of ``public_key``, or not for this election.
    """
    for place, ciphertext, factor, proof in _walk(ciphertexts, share.factors, share.proofs):
        try:
            verify_partial(
                election.group, election.fingerprint, public_key, ciphertext.alpha, factor, proof
            )
        except ProofError as e:
            raise FaultyTrusteeError(owner, place=place) from e


def encode_partial_decryption(share: PartialDecryption) -> bytes:
    """Write a partial decryption."""
    return codec.encode(
        {
            "decryption_factors": [[f.text for f in row] for row in share.factors],
            "decryption_proofs": [values.proofs_json(row) for row in share.proofs],
        }
    )


def decode_partial_decryption(
    data: bytes, election: Election, ciphertexts: Ciphertexts
) -> PartialDecryption:
    """Read a partial decryption in the shape of ``ciphertexts``. Raises FormatError."""
    place = "partial_decryption"
    factors, proofs = codec.fields(
        codec.decode_exact(data, place), place, "decryption_factors", "decryption_proofs"
    )
    place_f = f"{place}.decryption_factors"
    rows = codec.array(factors, place_f, size=len(ciphertexts))
    decoded = tuple(
        tuple(
            election.group.decode(text, f"{place_f}[{i}][{j}]")
            for j, text in enumerate(codec.array(row, f"{place_f}[{i}]", size=len(shape)))
        )
        for i, (row, shape) in enumerate(zip(rows, ciphertexts, strict=True))
    )
    return PartialDecryption(
        decoded, _take_proofs(proofs, f"{place}.decryption_proofs", election, ciphertexts)
    )


def make_second_proofs(
    election: Election, ciphertexts: Ciphertexts, secret_key: int, draw: Draw
) -> Proofs:
    """Prove again, over ciphertext and factor. One fresh scalar for each ciphertext, in order."""
    group, phi = election.group, election.fingerprint
    return tuple(
        tuple(prove_factor(group, phi, secret_key, c, draw) for c in row) for row in ciphertexts
    )


def verify_second_proofs(
    election: Election,
    ciphertexts: Ciphertexts,
    owner: int,
    public_key: Element,
    share: PartialDecryption,
    proofs: Proofs,
) -> None:
    """Check that every factor is right. Raises FaultyTrusteeError with the ``place``."""
    for place, ciphertext, factor, proof in _walk(ciphertexts, share.factors, proofs):
        try:
            verify_factor(
                election.group, election.fingerprint, public_key, ciphertext, factor, proof
            )
        except ProofError as e:
            raise FaultyTrusteeError(owner, place=place) from e


def encode_second_proofs(second: SecondProofs) -> bytes:
    """Write the file of second proofs."""
    listed = [
        {"owner": owner, "proofs": [values.proofs_json(row) for row in proofs]}
        for owner, proofs in sorted(second.trustees.items())
    ]
    return codec.encode({"version": 1, "slot": second.slot, "trustees": listed})


def decode_second_proofs(data: bytes, election: Election, ciphertexts: Ciphertexts) -> SecondProofs:
    """Read the file of second proofs of this election, the slot's. Raises FormatError."""
    place = "proofs"
    version, slot, trustees = codec.fields(
        codec.decode_exact(data, place), place, "version", "slot", "trustees"
    )
    codec.integer(version, f"{place}.version", low=1, high=1)
    if codec.uuid(slot, f"{place}.slot") != election.uuid:
        raise FormatError(f"{place}.slot", "another slot")
    listed = codec.array(trustees, f"{place}.trustees", high=MAX_OWNERS)
    by_owner: dict[int, Proofs] = {}
    for i, value in enumerate(listed):
        at = f"{place}.trustees[{i}]"
        owner, proofs = codec.fields(value, at, "owner", "proofs")
        number = codec.integer(owner, f"{at}.owner", low=1, high=MAX_OWNERS)
        by_owner[number] = _take_proofs(proofs, f"{at}.proofs", election, ciphertexts)
    if len(by_owner) != len(listed) or any(a > b for a, b in pairwise(by_owner)):
        raise FormatError(f"{place}.trustees", "owners are not ascending")
    return SecondProofs(election.uuid, by_owner)


def _walk(
    ciphertexts: Ciphertexts, factors: tuple[tuple[Element, ...], ...], proofs: Proofs
) -> Iterator[tuple[str, Ciphertext, Element, Proof]]:
    for i, rows in enumerate(zip(ciphertexts, factors, proofs, strict=True)):
        for j, (ciphertext, factor, proof) in enumerate(zip(*rows, strict=True)):
            yield f"[{i}][{j}]", ciphertext, factor, proof


def _take_proofs(value: object, place: str, election: Election, ciphertexts: Ciphertexts) -> Proofs:
    rows = codec.array(value, place, size=len(ciphertexts))
    return tuple(
        values.take_proofs(row, f"{place}[{i}]", election.group, len(shape))
        for i, (row, shape) in enumerate(zip(rows, ciphertexts, strict=True))
    )
