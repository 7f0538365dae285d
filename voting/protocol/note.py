"""Signed notes: a text with Ed25519 signatures beneath (C2SP signed-note; spec/checkpoint.md).

    piaojue/checkpoint/1
    …
    <blank line>
    — trustee:1 <Base64 of key id (4 bytes) and signature (64 bytes)>
    — trustee:2 …

What is signed is the text with its last line break. C2SP lets a reader skip signatures by keys
that it does not know; a record of ours is read more strictly, because a line that nobody checks
is a place to hide something: every line must be by a known signer, of the one known kind
(Ed25519), valid, at most one for each name, and in ascending order of names. So a note has one
spelling.

A signature says that the holder of a key saw this text. It says nothing of time.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from voting.errors import FormatError, ProofError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_BYTES: Final = 64 * 1024
_KIND_ED25519: Final = b"\x01"
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,100}")
_LINE = re.compile(r"— ([^\s+]{1,100}) ([A-Za-z0-9+/]{91}=)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line. ``key_id`` is 4 bytes, ``signature`` 64 bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line as it stands in the note, without its line break."""
        blob = base64.b64encode(self.key_id + self.signature).decode("ascii")
        return f"— {self.name} {blob}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ending in a line break) and its signatures in ascending order of names."""

    text: str
    signatures: tuple[NoteSignature, ...]


def key_id(name: str, public_key: bytes) -> bytes:
    """First 4 bytes of SHA-256(name, line break, 0x01, 32-byte Ed25519 public key)."""
    return hashlib.sha256(name.encode() + b"\n" + _KIND_ED25519 + public_key).digest()[:4]


def public_note_key(secret_seed: bytes) -> bytes:
    """Return the 32-byte Ed25519 public key of a 32-byte seed."""
    return bytes(SigningKey(secret_seed).verify_key)


def sign_note(text: str, name: str, secret_seed: bytes) -> NoteSignature:
    """Sign a text under a name with the 32-byte Ed25519 seed of its key."""
    _check_text(text)
    if _NAME.fullmatch(name) is None:
        raise FormatError("note.name", "empty, too long, or has a space or a plus sign")
    key = SigningKey(secret_seed)
    signature = key.sign(text.encode()).signature
    return NoteSignature(name, key_id(name, bytes(key.verify_key)), signature)


def encode_note(text: str, signatures: Iterable[NoteSignature]) -> bytes:
    """Write a note, its signatures sorted by name."""
    lines = [signature.line for signature in sorted(signatures, key=lambda s: s.name)]
    return (text + "\n" + "".join(f"{line}\n" for line in lines)).encode()


def parse_signature_line(line: str, place: str = "note.signature") -> NoteSignature:
    """Read one signature line, without its line break. Raises FormatError."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise FormatError(place, "not a signature line")
    blob = base64.b64decode(match[2], validate=True)
    signature = NoteSignature(match[1], blob[:4], blob[4:])
    if signature.line != line:
        raise FormatError(place, "Base64 with unused bits set")
    return signature


def parse_note(data: bytes, place: str = "note") -> Note:
    """Read a note that is exactly what ``encode_note`` writes; no signature is verified.

    Raises FormatError.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(place, f"longer than {MAX_BYTES} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeError as e:
        raise FormatError(place, "not UTF-8 text") from e
    text, blank, block = whole.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        raise FormatError(place, "no signatures after a blank line")
    text += "\n"
    _check_text(text, place)
    signatures = tuple(
        parse_signature_line(line, f"{place}.signatures[{i}]")
        for i, line in enumerate(block[:-1].split("\n"))
    )
    names = [signature.name for signature in signatures]
    if any(a >= b for a, b in itertools.pairwise(names)):
        raise FormatError(place, "signatures are not in ascending order of distinct names")
    return Note(text, signatures)


def verify_note(note: Note, known: Mapping[str, bytes]) -> tuple[str, ...]:
    """Verify every signature of a note and return the signers' names.

    Args:
        note: As ``parse_note`` gave it.
        known: 32-byte Ed25519 public key by name. Keys are trusted as they come: enrolled
            keys were checked to be points of the prime-order subgroup.

    Raises:
        ProofError: a name or key id that is not known, a name that signs twice, or a signature
            that does not verify.
    """
    names: list[str] = []
    for signature in note.signatures:
        public_key = known.get(signature.name)
        if public_key is None or key_id(signature.name, public_key) != signature.key_id:
            raise ProofError("note-unknown-signer", name=signature.name)
        if signature.name in names:
            raise ProofError("note-signed-twice", name=signature.name)
        verify_signature(public_key, note.text.encode(), signature.signature, by=signature.name)
        names.append(signature.name)
    return tuple(names)


def verify_signature(public_key: bytes, message: bytes, signature: bytes, *, by: str) -> None:
    """Verify an RFC 8032 Ed25519 signature (32-byte key, 64-byte signature) or raise ProofError.

    ``by`` is whose it should be, for the error.
    """
    try:
        VerifyKey(public_key).verify(message, signature)
    except (BadSignatureError, ValueError) as e:
        raise ProofError("bad-signature", by=by) from e


def _check_text(text: str, place: str = "note") -> None:
    if not text.endswith("\n") or text == "\n":
        raise FormatError(place, "the text does not end in a line break")
    if _CONTROL.search(text) is not None:
        raise FormatError(place, "a control character")
