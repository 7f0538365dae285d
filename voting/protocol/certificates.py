"""What the members of a Pedersen group sign: certificates, coefficients, approvals.

Belenios version 1 (docs/spec/trustees.md, section 3). Each is a JSON text inside a JSON string,
with a Schnorr signature over ``sigmsg|TEXT|``. Decoding proves form and membership; whether the
context is the expected one and the signature holds is for ``trustees.verify_trustees`` and the
ceremony.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.crypto.signature import verify_message
from voting.protocol import codec
from voting.protocol.values import proof_json, take_proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.crypto.group import Element, Group
    from voting.crypto.proofs import Proof

MAX_COEFFICIENTS: Final = 100
MAX_TEXT: Final = 100_000


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text and its signature (Belenios ``signed_msg``); the text is itself JSON."""

    message: str
    signature: Proof

    def verify(self, key: Element) -> None:
        """Raise ProofError unless ``key`` signed this text."""
        verify_message(key.group, key, self.message, self.signature)

    def json(self) -> dict[str, object]:
        return {"message": self.message, "signature": proof_json(self.signature)}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A member's verification and encryption key, bound to its place in the group."""

    signed: SignedText
    group_name: str
    size: int
    threshold: int
    index: int
    verification: Element
    encryption: Element


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The commitments A_0 … A_(t-1) to one member's polynomial."""

    signed: SignedText
    commitments: tuple[Element, ...]


def certificate_message(
    group: Group,
    *,
    size: int,
    threshold: int,
    index: int,
    verification: Element,
    encryption: Element,
) -> str:
    """Return the text that member ``index`` (from 1) signs as its certificate."""
    context = {"group": group.name, "size": size, "threshold": threshold, "index": index}
    value = {
        "context": context,
        "verification": verification.text,
        "encryption": encryption.text,
    }
    return codec.encode(value).decode()


def coefficients_message(commitments: Sequence[Element]) -> str:
    """Return the text that a member signs as the commitments to its polynomial."""
    return codec.encode({"coefexps": [a.text for a in commitments]}).decode()


def approval_message(certificates: Sequence[SignedText], commitments: Sequence[Element]) -> str:
    """Return the text by which a member names all certificates and its own commitments."""
    value = {
        "certs": [c.json() for c in certificates],
        "coefexps": [a.text for a in commitments],
    }
    return "certs_sig|" + codec.encode(value).decode()


def decode_signed(value: object, place: str, group: Group) -> SignedText:
    """Take ``{"message":TEXT,"signature":proof}``."""
    message, signature = codec.fields(value, place, "message", "signature")
    text = codec.text(message, f"{place}.message", max_length=MAX_TEXT)
    return SignedText(text, take_proof(signature, f"{place}.signature", group))


def decode_certificate(value: object, place: str, group: Group) -> Certificate:
    signed = decode_signed(value, place, group)
    inner = f"{place}.message"
    message = codec.decode_exact(signed.message.encode(), inner)
    context, verification, encryption = codec.fields(
        message, inner, "context", "verification", "encryption"
    )
    name, *numbers = codec.fields(
        context, f"{inner}.context", "group", "size", "threshold", "index"
    )
    size, threshold, index = (codec.integer(n, f"{inner}.context") for n in numbers)
    return Certificate(
        signed,
        codec.text(name, f"{inner}.context.group"),
        size,
        threshold,
        index,
        group.decode(verification, f"{inner}.verification"),
        group.decode(encryption, f"{inner}.encryption"),
    )


def decode_coefficients(value: object, place: str, group: Group) -> Coefficients:
    signed = decode_signed(value, place, group)
    inner = f"{place}.message"
    message = codec.decode_exact(signed.message.encode(), inner)
    (listed,) = codec.fields(message, inner, "coefexps")
    commitments = codec.array(listed, f"{inner}.coefexps", low=1, high=MAX_COEFFICIENTS)
    return Coefficients(
        signed,
        tuple(group.decode(a, f"{inner}.coefexps[{k}]") for k, a in enumerate(commitments)),
    )
