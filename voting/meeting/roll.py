"""The roll: who is due, who attends, and how a named act stands in a ledger without names.

Every person on the roll gets one salt. The digest of his line and that salt stands for him in
attend, leave, return and recuse acts, the same one for the whole meeting. Lines and salts lie in
``minutes.jsonl`` (``voting.meeting.minutes``), outside the record and never served to observers;
the meeting holds one digest over all of them, so that nobody can be put on the roll afterwards.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from voting.errors import FormatError, VerificationError
from voting.meeting import shape
from voting.protocol import codec
from voting.rules.values import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voting.meeting.frozen import Meeting
    from voting.rules.values import Class

SALT_BYTES: Final = 16
PREFIX: Final = b"piaojue/line/1\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A line of the roll. ``key`` tells two people of one name apart and is empty otherwise."""

    name: str
    key: str
    cls: Class
    post: str
    series: str | None

    @property
    def label(self) -> str:
        """The name as others refer to it: ``王伟``, or ``王伟(二)`` with a second key."""
        return f"{self.name}({self.key})" if self.key else self.name

    def to_json(self) -> dict[str, object]:
        """Return the line as it is hashed and stored."""
        return {
            "name": self.name,
            "key": self.key,
            "class": self.cls,
            "post": self.post,
            "series": self.series,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A person with the salt drawn for him."""

    person: Person
    salt: bytes

    @property
    def digest(self) -> str:
        """What stands in the ledger for this person: hex SHA-256."""
        line = codec.encode(self.person.to_json())
        return hashlib.sha256(PREFIX + self.salt.hex().encode() + b"\n" + line).hexdigest()


_PERSON = {
    "name": shape.name,
    "key": shape.called,
    "class": shape.one_of(*CLASSES),
    "post": shape.prose,
    "series": shape.optional(shape.identifier),
}


def salted(people: Sequence[Person], salts: Sequence[bytes]) -> tuple[Entry, ...]:
    """Give every person a salt.

    Args:
        salts: One for each, 16 uniform bytes, fresh for every meeting.
    """
    if any(len(salt) != SALT_BYTES for salt in salts) or len(set(salts)) != len(people):
        raise FormatError("roll.salts", f"not {SALT_BYTES} bytes of its own for everybody")
    return tuple(Entry(person, salt) for person, salt in zip(people, salts, strict=True))


def roll_digest(entries: Iterable[Entry]) -> str:
    """Return the meeting's digest of the roll: over the sorted digests of its lines."""
    return hashlib.sha256("\n".join(sorted(one.digest for one in entries)).encode()).hexdigest()


def encode_roll(entries: Iterable[Entry]) -> bytes:
    """Write the roll with its salts, one line for each person; it names people."""
    return b"".join(
        codec.encode({"salt": one.salt.hex(), "line": one.person.to_json()}) + b"\n"
        for one in entries
    )


def decode_roll(data: bytes) -> tuple[Entry, ...]:
    """Read what ``encode_roll`` wrote. Raises FormatError."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise FormatError("roll", "the last line does not end in a line break")
    return tuple(
        decode_entry(codec.decode_exact(line, "roll"), f"roll[{i}]")
        for i, line in enumerate(lines, 1)
    )


def verify_roll(meeting: Meeting, entries: Sequence[Entry]) -> None:
    """Verify that this is the roll that was frozen. Raises VerificationError ``other-roll``."""
    sizes = [sum(one.person.cls == cls for one in entries) for cls in CLASSES]
    if roll_digest(entries) != meeting.roll.digest or sizes != [
        meeting.roll.of_class(cls) for cls in CLASSES
    ]:
        raise VerificationError("other-roll")


def decode_entry(value: object, place: str) -> Entry:
    """Read the object of a salt and a line. Raises FormatError."""
    salt, line = codec.fields(value, place, "salt", "line")
    fields: Any = shape.record(**_PERSON)(line, f"{place}.line")
    try:
        raw = bytes.fromhex(codec.text(salt, f"{place}.salt", max_length=2 * SALT_BYTES))
    except ValueError as e:
        raise FormatError(f"{place}.salt", "not hex") from e
    if len(raw) != SALT_BYTES or raw.hex() != salt:
        raise FormatError(f"{place}.salt", f"not {SALT_BYTES} bytes in lower-case hex")
    person = Person(
        name=fields["name"],
        key=fields["key"],
        cls=fields["class"],
        post=fields["post"],
        series=fields["series"],
    )
    return Entry(person, raw)
