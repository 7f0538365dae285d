"""The checkpoint of a sealed box: what trustees sign before any of them decrypts.

The text names everything that decides what will be opened (docs/spec/checkpoint.md): meeting,
slot, election, trustees, credential list, the set of ballots and its size. A device that has
signed one text for a slot signs no other. ``cosigners_needed`` is such that two texts for one
slot cannot both get enough signatures while fewer than ``t`` trustees are dishonest.

Signers are named ``trustee:1`` … ``trustee:n``, as in the ledger.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import FormatError
from voting.protocol import codec, note

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADER: Final = "piaojue/checkpoint/1"
MAX_BALLOTS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The eight lines. Digests are lower-case hex, ``phi`` is the election's Base64 fingerprint."""

    meeting: str
    slot: str
    phi: str
    trustees: str
    credentials: str
    ballots: str
    number: int

    @property
    def text(self) -> str:
        """The note's text, with its last line break: what is signed."""
        lines = (
            HEADER,
            self.meeting,
            self.slot,
            self.phi,
            self.trustees,
            self.credentials,
            self.ballots,
            str(self.number),
        )
        return "".join(f"{line}\n" for line in lines)

    @property
    def digest(self) -> str:
        """SHA-256 of the text in hex: what is compared aloud, and what ``compared`` names."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def parse_checkpoint(text: str, place: str = "checkpoint") -> Checkpoint:
    """Read the text of a checkpoint note. Raises FormatError."""
    lines = text.split("\n")
    if len(lines) != 9 or lines[0] != HEADER or lines[8]:
        raise FormatError(place, "not the eight lines of a checkpoint")
    number = lines[7]
    if not (number.isascii() and number.isdigit() and len(number) <= 7):
        raise FormatError(f"{place}.number", "not a decimal number")
    checkpoint = Checkpoint(
        meeting=codec.hex64(lines[1], f"{place}.meeting"),
        slot=codec.uuid(lines[2], f"{place}.slot"),
        phi=codec.b64_hash(lines[3], f"{place}.phi"),
        trustees=codec.hex64(lines[4], f"{place}.trustees"),
        credentials=codec.hex64(lines[5], f"{place}.credentials"),
        ballots=codec.hex64(lines[6], f"{place}.ballots"),
        number=codec.integer(int(number), f"{place}.number", high=MAX_BALLOTS),
    )
    if checkpoint.text != text:
        raise FormatError(place, "not in canonical form")
    return checkpoint


def signer(index: int) -> str:
    """Return the name under which trustee ``index`` (from 1) signs."""
    return f"trustee:{index}"


def ballots_digest(trackers: Iterable[str]) -> str:
    """SHA-256 in hex of the trackers (43 Base64 characters each), sorted and joined by line breaks.

    Sorted by their characters' ASCII codes, which is the order of Python's strings.
    """
    return hashlib.sha256("\n".join(sorted(trackers)).encode("ascii")).hexdigest()


def cosigners_needed(size: int, threshold: int) -> int:
    """Smallest number above (n + t - 1) / 2.

    Two sets of so many trustees have t of them in common, and of t at least one is honest.
    """
    return (size + threshold - 1) // 2 + 1


def verify_checkpoint(data: bytes, note_keys: Sequence[bytes]) -> tuple[Checkpoint, frozenset[int]]:
    """Verify a checkpoint note and return it with the indexes of the trustees that signed it.

    Args:
        data: The note's bytes.
        note_keys: 32-byte Ed25519 keys of trustees 1 … n, in order.

    Raises:
        FormatError: not a checkpoint note in canonical form.
        ProofError: a signature by an unknown key, a second one by the same trustee, or a bad one.
    """
    parsed = note.parse_note(data, "checkpoint")
    checkpoint = parse_checkpoint(parsed.text)
    names = {signer(index): index for index in range(1, len(note_keys) + 1)}
    known = {name: note_keys[index - 1] for name, index in names.items()}
    signed = note.verify_note(parsed, known)
    return checkpoint, frozenset(names[name] for name in signed)
