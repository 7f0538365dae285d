"""``trustees.json``: who holds which part of the election's key (docs/spec/trustees.md).

Belenios version 1 as 2.5.1 and later write it. The file is a list of single trustees and of
Pedersen groups, t of whose n members decrypt. Owners are numbered 1, 2, … over the flattened
list: a single trustee takes one number, a group n.

Decoding proves form and membership; ``verify_trustees`` everything else. What a Pedersen member
sends in private is not in the file, and no check here needs it: that member j's key belongs to the
polynomials follows from their published coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from voting.crypto.dkg import combined_public_key, verification_key
from voting.crypto.proofs import Proof, verify_knowledge
from voting.crypto.signature import verify_message
from voting.errors import FormatError, ProofError, VerificationError
from voting.protocol import codec
from voting.protocol.certificates import (
    Certificate,
    Coefficients,
    approval_message,
    decode_certificate,
    decode_coefficients,
)
from voting.protocol.values import proof_json, take_proof

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from voting.crypto.group import Element, Group

MAX_TRUSTEES: Final = 100
MAX_BYTES: Final = 2 * 2**20
_PLACE: Final = "trustees"


@dataclass(frozen=True, slots=True)
class TrusteeKey:
    """A key X and the proof that its secret is known (Belenios ``trustee_public_key``).

    ``signature`` is over the text of X by the member's certificate key; groups only.
    """

    pok: Proof
    public_key: Element
    signature: Proof | None = None
    name: str | None = None

    def json(self) -> dict[str, object]:
        value: dict[str, object] = {
            "pok": proof_json(self.pok),
            "public_key": self.public_key.text,
        }
        if self.signature is not None:
            value["signature"] = proof_json(self.signature)
        if self.name is not None:
            value["name"] = self.name
        return value


@dataclass(frozen=True, slots=True)
class Single:
    """One trustee whose share is always needed."""

    key: TrusteeKey

    @property
    def keys(self) -> tuple[TrusteeKey, ...]:
        return (self.key,)

    @property
    def threshold(self) -> int:
        return 1

    @property
    def public_key(self) -> Element:
        """What this item contributes to the election's key."""
        return self.key.public_key

    def json(self) -> list[object]:
        return ["Single", self.key.json()]


@dataclass(frozen=True, slots=True)
class Pedersen:
    """n trustees, any ``threshold`` of whom decrypt."""

    threshold: int
    certificates: tuple[Certificate, ...]
    coefficients: tuple[Coefficients, ...]
    signatures: tuple[Proof, ...]
    keys: tuple[TrusteeKey, ...]

    @property
    def public_key(self) -> Element:
        """What this item contributes to the election's key: the sum of the A_i0."""
        commitments = [c.commitments for c in self.coefficients]
        return combined_public_key(commitments[0][0].group, commitments)

    def json(self) -> list[object]:
        value = {
            "threshold": self.threshold,
            "certs": [c.signed.json() for c in self.certificates],
            "coefexps": [c.signed.json() for c in self.coefficients],
            "signatures": [proof_json(s) for s in self.signatures],
            "verification_keys": [key.json() for key in self.keys],
        }
        return ["Pedersen", value]


Item = Single | Pedersen


@dataclass(frozen=True, slots=True)
class Trustees:
    """A decoded ``trustees.json``; ``raw`` are its bytes."""

    raw: bytes = field(repr=False)
    group: Group
    items: tuple[Item, ...]

    @property
    def size(self) -> int:
        """The number of owners."""
        return sum(len(item.keys) for item in self.items)

    @property
    def public_key(self) -> Element:
        """The election's key: the sum of the items' keys."""
        return self.group.total(item.public_key for item in self.items)

    def key(self, owner: int) -> Element:
        """Return the verification key of an owner, from 1; FormatError when there is none."""
        keys = [key.public_key for item in self.items for key in item.keys]
        if not 1 <= owner <= len(keys):
            raise FormatError("owner", f"not between 1 and {len(keys)}")
        return keys[owner - 1]

    def numbered(self) -> Iterator[tuple[int, Item]]:
        """Yield each item with the number of its first owner."""
        first = 1
        for item in self.items:
            yield first, item
            first += len(item.keys)

    def missing(self, owners: Collection[int]) -> int:
        """Return how many more shares are needed beside those of ``owners``."""
        return sum(
            max(0, item.threshold - sum(first <= k < first + len(item.keys) for k in set(owners)))
            for first, item in self.numbered()
        )


def decode_trustees(data: bytes, group: Group) -> Trustees:
    """Read ``trustees.json``. Raises FormatError; proves form, membership and counts only."""
    listed = codec.array(
        codec.decode_exact(data, _PLACE, max_bytes=MAX_BYTES), _PLACE, low=1, high=MAX_TRUSTEES
    )
    items = tuple(_item(value, f"{_PLACE}[{i}]", group) for i, value in enumerate(listed))
    return Trustees(data, group, items)


def encode_trustees(items: Sequence[Item]) -> bytes:
    """Write ``trustees.json``."""
    return codec.encode([item.json() for item in items])


def verify_trustees(trustees: Trustees, election_key: Element | None = None) -> None:
    """Check every certificate, signature, proof and key.

    Raises VerificationError with a code ``trustee-…`` and the ``owner`` from 1, or
    ``election-key`` when the keys' sum is not ``election_key``. Per member of a group of n with
    threshold t about 10 + t multiplications: 5 ms for 2 of 3.
    """
    for first, item in trustees.numbered():
        if isinstance(item, Pedersen):
            _verify_pedersen(item, first, trustees.group)
        for owner, key in enumerate(item.keys, first):
            if key.public_key == trustees.group.identity:
                raise VerificationError("trustee-key", owner=owner)
            with _Blame("trustee-pok", owner):
                verify_knowledge(trustees.group, key.public_key, key.pok)
    if election_key is not None and trustees.public_key != election_key:
        raise VerificationError("election-key")


def _verify_pedersen(item: Pedersen, first: int, group: Group) -> None:
    size = len(item.keys)
    for i, (certificate, coefficients) in enumerate(
        zip(item.certificates, item.coefficients, strict=True), 1
    ):
        owner = first + i - 1
        context = (certificate.group_name, certificate.size, certificate.threshold)
        if (*context, certificate.index) != (group.name, size, item.threshold, i):
            raise VerificationError("trustee-context", owner=owner)
        if certificate.verification == group.identity or certificate.encryption == group.identity:
            raise VerificationError("trustee-certificate", owner=owner)
        with _Blame("trustee-certificate", owner):
            certificate.signed.verify(certificate.verification)
        if len(coefficients.commitments) != item.threshold:
            raise VerificationError("trustee-coefficients", owner=owner)
        with _Blame("trustee-coefficients", owner):
            coefficients.signed.verify(certificate.verification)
    certificates = [c.signed for c in item.certificates]
    commitments = [c.commitments for c in item.coefficients]
    for i, key in enumerate(item.keys):
        owner, verification = first + i, item.certificates[i].verification
        message = approval_message(certificates, commitments[i])
        with _Blame("trustee-approval", owner):
            verify_message(group, verification, message, item.signatures[i])
        if key.public_key != verification_key(group, commitments, i + 1):
            raise VerificationError("trustee-key", owner=owner)
        assert key.signature is not None  # decoding demands it in a group
        with _Blame("trustee-key-signature", owner):
            verify_message(group, verification, key.public_key.text, key.signature)


class _Blame:
    """Turns a proof that fails into a finding that names the owner."""

    def __init__(self, code: str, owner: int) -> None:
        self.code, self.owner = code, owner

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ProofError):
            raise VerificationError(self.code, owner=self.owner) from error


def _item(value: object, place: str, group: Group) -> Item:
    kind, body = codec.array(value, place, size=2)
    if kind == "Single":
        return Single(_key(body, f"{place}[1]", group))
    if kind == "Pedersen":
        return _pedersen(body, f"{place}[1]", group)
    raise FormatError(f"{place}[0]", "neither Single nor Pedersen")


def _key(value: object, place: str, group: Group, *, member: bool = False) -> TrusteeKey:
    signature_name = "signature" if member else "signature?"
    pok, key, signature, name = codec.fields(
        value, place, "pok", "public_key", signature_name, "name?"
    )
    return TrusteeKey(
        take_proof(pok, f"{place}.pok", group),
        group.decode(key, f"{place}.public_key"),
        None if signature is None else take_proof(signature, f"{place}.signature", group),
        None if name is None else codec.text(name, f"{place}.name", max_length=1000),
    )


def _pedersen(value: object, place: str, group: Group) -> Pedersen:
    names = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
    threshold, *lists = codec.fields(value, place, *names)
    size = len(codec.array(lists[0], f"{place}.certs", low=1, high=MAX_TRUSTEES))
    certs, coefexps, signatures, keys = (
        [(entry, f"{place}.{name}[{i}]") for i, entry in enumerate(array)]
        for name, array in (
            (name, codec.array(listed, f"{place}.{name}", size=size))
            for name, listed in zip(names[1:], lists, strict=True)
        )
    )
    return Pedersen(
        codec.integer(threshold, f"{place}.threshold", low=1, high=size),
        tuple(decode_certificate(entry, at, group) for entry, at in certs),
        tuple(decode_coefficients(entry, at, group) for entry, at in coefexps),
        tuple(take_proof(entry, at, group) for entry, at in signatures),
        tuple(_key(entry, at, group, member=True) for entry, at in keys),
    )
