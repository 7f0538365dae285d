"""The key ceremony's messages and their bytes (docs/spec/ceremony.md, version 1).

    commit            a hash over certificate, coefficients' digest, note key, box key, nonce
    reveal            what was hashed, once all n commitments are held
    shares            the coefficients, and a sealed share for every trustee
    acknowledge       the public key of one's share: every share was right
      or complaint    whose share was wrong: the ceremony ends
    rehearsal         (from anybody) a ciphertext with its randomness and number
    rehearsal-answer  one's factor of it

The server only relays. From *shares* on a message is signed by the trustee's note key and names
the digest of all that was revealed (the *transcript*), of which the people read ten digits aloud
before any share is sent. A commitment also covers the note and box keys, because what is not
under the code can be swapped by whoever relays it, and the digest of the coefficients, so that
nobody chooses his after he saw the others' (docs/adr/0060-trustee-keys.md).
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from voting.crypto.group import ED25519, decode_scalar
from voting.crypto.hashing import sha256_hex
from voting.errors import FormatError
from voting.protocol import codec, envelope
from voting.protocol.certificates import (
    Certificate,
    Coefficients,
    decode_certificate,
    decode_coefficients,
)
from voting.protocol.envelope import Session
from voting.protocol.trustees import TrusteeKey
from voting.protocol.values import proof_json, take_proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.crypto.group import Element
    from voting.crypto.proofs import Proof

__all__ = [
    "Acknowledgement",
    "Commit",
    "Complaint",
    "Rehearsal",
    "RehearsalAnswer",
    "Reveal",
    "Session",
    "Shares",
    "code",
    "transcript",
]

COMMIT_TAG: Final = b"piaojue/ceremony-commit/1\n"
CODE_TAG: Final = b"piaojue/ceremony-code/1\n"
MAX_BOX: Final = 2048  # Base64 characters; a box has 300

Reason = Literal["box", "share", "message"]
REASONS: Final[tuple[Reason, ...]] = ("box", "share", "message")


@dataclass(frozen=True, slots=True)
class Commit:
    """``commitment``: 64 hex digits."""

    trustee: int
    commitment: str

    def encode(self, session: Session) -> bytes:
        return envelope.write(session, "commit", self.trustee, {"commitment": self.commitment})

    @classmethod
    def decode(cls, session: Session, data: bytes) -> Commit:
        trustee, body = envelope.read(session, "commit", data)
        (commitment,) = codec.fields(body, "commit", "commitment")
        return cls(trustee, codec.hex64(commitment, "commit.commitment"))


@dataclass(frozen=True, slots=True)
class Reveal:
    """What was committed to. All but the certificate are 64 hex digits.

    ``coefficients`` is SHA-256 of the text that commits to the polynomial.
    """

    trustee: int
    certificate: Certificate
    coefficients: str
    note_key: str
    box_key: str
    nonce: str

    @property
    def lines(self) -> bytes:
        """What commitment and transcript hash for this trustee."""
        texts = (self.coefficients, self.note_key, self.box_key, self.nonce)
        certificate = codec.encode(self.certificate.signed.json())
        return b"\n".join([certificate, *(text.encode() for text in texts)])

    @property
    def commitment(self) -> str:
        return sha256_hex(COMMIT_TAG + self.lines)

    def encode(self, session: Session) -> bytes:
        body = {
            "certificate": self.certificate.signed.json(),
            "coefficients": self.coefficients,
            "note_key": self.note_key,
            "box_key": self.box_key,
            "nonce": self.nonce,
        }
        return envelope.write(session, "reveal", self.trustee, body)

    @classmethod
    def decode(cls, session: Session, data: bytes) -> Reveal:
        trustee, body = envelope.read(session, "reveal", data)
        names = ("certificate", "coefficients", "note_key", "box_key", "nonce")
        certificate, *texts = codec.fields(body, "reveal", *names)
        coefficients, note_key, box_key, nonce = (
            codec.hex64(text, f"reveal.{name}") for name, text in zip(names[1:], texts, strict=True)
        )
        # Our text of an element is the reverse of RFC 8032's bytes.
        point = ED25519.decode(bytes.fromhex(note_key)[::-1].hex(), "reveal.note_key")
        if point == ED25519.identity:
            raise FormatError("reveal.note_key", "the identity is not a key")
        decoded = decode_certificate(certificate, "reveal.certificate", ED25519)
        return cls(trustee, decoded, coefficients, note_key, box_key, nonce)


@dataclass(frozen=True, slots=True)
class Shares:
    """``approval`` is the trustee's entry of ``signatures``; ``boxes[j-1]`` is for trustee j."""

    trustee: int
    transcript: str
    coefficients: Coefficients
    approval: Proof
    boxes: tuple[bytes, ...]

    def encode(self, session: Session, note_seed: bytes) -> bytes:
        body = {
            "transcript": self.transcript,
            "coefexps": self.coefficients.signed.json(),
            "signature": proof_json(self.approval),
            "boxes": [b64encode(box).decode("ascii") for box in self.boxes],
        }
        return envelope.write_signed(session, "shares", self.trustee, body, note_seed)

    @classmethod
    def decode(cls, session: Session, data: bytes, note_keys: Sequence[str]) -> Shares:
        trustee, body = envelope.read_signed(session, "shares", data, note_keys)
        names = ("transcript", "coefexps", "signature", "boxes")
        digest, coefexps, signature, boxes = codec.fields(body, "shares", *names)
        listed = codec.array(boxes, "shares.boxes", size=session.size)
        return cls(
            trustee,
            codec.hex64(digest, "shares.transcript"),
            decode_coefficients(coefexps, "shares.coefexps", ED25519),
            take_proof(signature, "shares.signature", ED25519),
            tuple(_base64(box, f"shares.boxes[{j}]") for j, box in enumerate(listed)),
        )


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """``key`` is the trustee's verification key; ``shares`` hashes all n *shares* messages."""

    trustee: int
    transcript: str
    shares: str
    key: TrusteeKey

    def encode(self, session: Session, note_seed: bytes) -> bytes:
        body = {"transcript": self.transcript, "shares": self.shares, "key": self.key.json()}
        return envelope.write_signed(session, "acknowledge", self.trustee, body, note_seed)

    @classmethod
    def decode(cls, session: Session, data: bytes, note_keys: Sequence[str]) -> Acknowledgement:
        place = "acknowledge"
        trustee, body = envelope.read_signed(session, "acknowledge", data, note_keys)
        digest, shares, key = codec.fields(body, place, "transcript", "shares", "key")
        names = ("pok", "public_key", "signature")
        pok, public_key, signature = codec.fields(key, f"{place}.key", *names)
        return cls(
            trustee,
            codec.hex64(digest, f"{place}.transcript"),
            codec.hex64(shares, f"{place}.shares"),
            TrusteeKey(
                take_proof(pok, f"{place}.key.pok", ED25519),
                ED25519.decode(public_key, f"{place}.key.public_key"),
                take_proof(signature, f"{place}.key.signature", ED25519),
            ),
        )


@dataclass(frozen=True, slots=True)
class Complaint:
    """Trustee ``trustee`` says that what ``against`` sent him is wrong."""

    trustee: int
    transcript: str
    against: int
    reason: Reason

    def encode(self, session: Session, note_seed: bytes) -> bytes:
        body = {"transcript": self.transcript, "against": self.against, "reason": self.reason}
        return envelope.write_signed(session, "complaint", self.trustee, body, note_seed)

    @classmethod
    def decode(cls, session: Session, data: bytes, note_keys: Sequence[str]) -> Complaint:
        place = "complaint"
        trustee, body = envelope.read_signed(session, "complaint", data, note_keys)
        digest, against, given = codec.fields(body, place, "transcript", "against", "reason")
        reason = next((known for known in REASONS if known == given), None)
        if reason is None:
            raise FormatError(f"{place}.reason", "not a reason")
        number = codec.integer(against, f"{place}.against", low=1, high=session.size)
        return cls(trustee, codec.hex64(digest, f"{place}.transcript"), number, reason)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A ciphertext of ``message`` with randomness ``randomness``: both are public."""

    alpha: Element
    beta: Element
    randomness: int
    message: int

    def encode(self, session: Session) -> bytes:
        body = {
            "alpha": self.alpha.text,
            "beta": self.beta.text,
            "randomness": str(self.randomness),
            "message": str(self.message),
        }
        return envelope.write(session, "rehearsal", 0, body)

    @classmethod
    def decode(cls, session: Session, data: bytes) -> Rehearsal:
        place, names = "rehearsal", ("alpha", "beta", "randomness", "message")
        trustee, body = envelope.read(session, "rehearsal", data)
        if trustee != 0:
            raise FormatError(f"{place}.trustee", "a rehearsal is nobody's")
        alpha, beta, randomness, message = codec.fields(body, place, *names)
        return cls(
            ED25519.decode(alpha, f"{place}.alpha"),
            ED25519.decode(beta, f"{place}.beta"),
            decode_scalar(randomness, ED25519.order, f"{place}.randomness"),
            decode_scalar(message, ED25519.order, f"{place}.message"),
        )


@dataclass(frozen=True, slots=True)
class RehearsalAnswer:
    """A trustee's factor; ``rehearsal`` is the SHA-256 of the rehearsal message in hex."""

    trustee: int
    rehearsal: str
    factor: Element

    def encode(self, session: Session, note_seed: bytes) -> bytes:
        body = {"rehearsal": self.rehearsal, "factor": self.factor.text}
        return envelope.write_signed(session, "rehearsal-answer", self.trustee, body, note_seed)

    @classmethod
    def decode(cls, session: Session, data: bytes, note_keys: Sequence[str]) -> RehearsalAnswer:
        place = "rehearsal-answer"
        trustee, body = envelope.read_signed(session, "rehearsal-answer", data, note_keys)
        digest, factor = codec.fields(body, place, "rehearsal", "factor")
        digest = codec.hex64(digest, f"{place}.rehearsal")
        return cls(trustee, digest, ED25519.decode(factor, f"{place}.factor"))


def transcript(session: Session, reveals: Sequence[Reveal]) -> str:
    """SHA-256 in hex over the session and all n reveals, in the order of their indexes."""
    head = f"{session.meeting}\n{session.attempt}\n{session.threshold}\n{session.size}\n"
    digest = hashlib.sha256(CODE_TAG + head.encode())
    for reveal in sorted(reveals, key=lambda r: r.trustee):
        digest.update(reveal.lines + b"\n")
    return digest.hexdigest()


def code(transcript_hex: str) -> str:
    """The ten digits that people read aloud, as ``12345 67890`` (33.2 bits)."""
    digits = f"{int(transcript_hex[:32], 16) % 10**10:010d}"
    return f"{digits[:5]} {digits[5:]}"


def _base64(value: object, place: str) -> bytes:
    text = codec.text(value, place, max_length=MAX_BOX)
    try:
        data = b64decode(text, validate=True)
    except ValueError as e:
        raise FormatError(place, "not Base64") from e
    if b64encode(data).decode("ascii") != text:
        raise FormatError(place, "Base64 in another spelling")
    return data
