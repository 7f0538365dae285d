"""The envelope of the key ceremony's messages: meeting, attempt, trustee, and a signature.

    {"ceremony":1,"kind":K,"meeting":"<uuid>","attempt":n,"trustee":i,"body":{…}}
    {"message":{…as above…},"signature":"<Ed25519 by the trustee's note key, in hex>"}

What is signed is a tag and the bytes of the message. A message of another meeting or attempt is
refused as malformed, before anything of its body is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from nacl.signing import SigningKey

from voting.errors import FormatError
from voting.protocol import codec
from voting.protocol.note import verify_signature

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGN_TAG: Final = b"piaojue/ceremony/1\n"
MAX_BYTES: Final = 256 * 1024
_PLACE: Final = "ceremony"

Kind = Literal[
    "commit", "reveal", "shares", "acknowledge", "complaint", "rehearsal", "rehearsal-answer"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What every device was told before it began: which meeting, which attempt, t of n."""

    meeting: str
    attempt: int
    threshold: int
    size: int


def write(session: Session, kind: Kind, trustee: int, body: object) -> bytes:
    """Write an unsigned message; trustee 0 is nobody."""
    return codec.encode(_message(session, kind, trustee, body))


def write_signed(
    session: Session, kind: Kind, trustee: int, body: object, note_seed: bytes
) -> bytes:
    """Write a message signed with a trustee's 32-byte note seed."""
    message = _message(session, kind, trustee, body)
    signature = SigningKey(note_seed).sign(SIGN_TAG + codec.encode(message)).signature
    return codec.encode({"message": message, "signature": signature.hex()})


def read(session: Session, kind: Kind, data: bytes) -> tuple[int, object]:
    """Return trustee and body of an unsigned message. Raises FormatError."""
    return _open(session, kind, _decode(data))


def read_signed(
    session: Session, kind: Kind, data: bytes, note_keys: Sequence[str]
) -> tuple[int, object]:
    """Return trustee and body of a signed message.

    Args:
        note_keys: the trustees' note keys in hex, in the order of their indexes.

    Raises:
        FormatError: another form, meeting, attempt or kind.
        ProofError: ``bad-signature``.
    """
    message, spelled = codec.fields(_decode(data), _PLACE, "message", "signature")
    trustee, body = _open(session, kind, message)
    text = codec.text(spelled, f"{_PLACE}.signature", max_length=128)
    try:
        signature = bytes.fromhex(text)
    except ValueError as e:
        raise FormatError(f"{_PLACE}.signature", "not hexadecimal") from e
    if trustee == 0 or signature.hex() != text:
        raise FormatError(f"{_PLACE}.signature", "by nobody, or not lower-case hexadecimal")
    key = bytes.fromhex(note_keys[trustee - 1])
    verify_signature(key, SIGN_TAG + codec.encode(message), signature, by=f"trustee:{trustee}")
    return trustee, body


def kind_of(data: bytes) -> str:
    """Return a message's kind, before anything else of it is checked."""
    value = _decode(data)
    if isinstance(value, dict) and "message" in value:
        value = value["message"]
    kind = value.get("kind") if isinstance(value, dict) else None
    return codec.text(kind, f"{_PLACE}.kind", max_length=40)


def _message(session: Session, kind: Kind, trustee: int, body: object) -> dict[str, object]:
    return {
        "ceremony": 1,
        "kind": kind,
        "meeting": session.meeting,
        "attempt": session.attempt,
        "trustee": trustee,
        "body": body,
    }


def _decode(data: bytes) -> object:
    return codec.decode_exact(data, _PLACE, max_bytes=MAX_BYTES)


def _open(session: Session, kind: Kind, value: object) -> tuple[int, object]:
    names = ("ceremony", "kind", "meeting", "attempt", "trustee", "body")
    version, found, meeting, attempt, trustee, body = codec.fields(value, _PLACE, *names)
    codec.integer(version, f"{_PLACE}.ceremony", low=1, high=1)
    for name, is_, wanted in (
        ("kind", found, kind),
        ("meeting", meeting, session.meeting),
        ("attempt", attempt, session.attempt),
    ):
        if type(is_) is not type(wanted) or is_ != wanted:
            raise FormatError(f"{_PLACE}.{name}", f"not {wanted}")
    return codec.integer(trustee, f"{_PLACE}.trustee", low=0, high=session.size), body
