"""``minutes.jsonl``: the names and words behind the digests of the ledger's named acts.

One line for each person of a named act and for each line that the recorder entered, in the
ledger's order, with the salt that makes the act's digest of it. It lies outside the record and
is never served to observers. A person has the salt of the roll, so that his acts belong together;
what the recorder entered has a fresh salt each time, so that nothing links it to a person.
Format: docs/spec/meeting.md, section 4.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from voting.errors import FormatError, VerificationError
from voting.meeting import shape
from voting.meeting.bodies import MINUTES
from voting.meeting.roll import SALT_BYTES, Entry, decode_entry
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voting.meeting.ledger import Act, Line

PREFIX: Final = b"piaojue/minute/1\n"
NAMED_ACTS: Final = frozenset({"attend", "leave", "return", "recuse", "unrecuse", "correct"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line that the recorder entered: what it is, about whom, his words; and its salt."""

    what: str
    who: str
    text: str
    salt: bytes

    def to_json(self) -> dict[str, object]:
        """Return the line as it is hashed and stored."""
        return {"what": self.what, "who": self.who, "text": self.text}

    @property
    def digest(self) -> str:
        """What stands in the ledger for this line: hex SHA-256."""
        line = codec.encode(self.to_json())
        return hashlib.sha256(PREFIX + self.salt.hex().encode() + b"\n" + line).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """A line of ``minutes.jsonl``: the act's height, kind and item, and what is behind it."""

    height: int
    kind: str
    item: str | None
    behind: Entry | Spoken


def named_lines(act: Act) -> tuple[str, ...]:
    """Return the digests whose lines the minutes hold for an act; a correction has several."""
    if act.kind == "correct":
        return tuple(one["line"] for one in (*act.body["leave"], *act.body["attend"]))
    return (act.body["line"],) if act.kind in NAMED_ACTS or act.kind == "minute" else ()


def minutes_line(line: Line, behind: Entry | Spoken) -> bytes:
    """Return the line of ``minutes.jsonl`` for one person, or the recorder's line, of an act."""
    act = line.act
    said = behind.person if isinstance(behind, Entry) else behind
    return codec.encode(
        {
            "height": act.height,
            "kind": act.kind,
            "item": act.body.get("item"),
            "salt": behind.salt.hex(),
            "line": said.to_json(),
        }
    )


def decode_minutes_line(data: bytes) -> Told:
    """Read one line without its line break. Raises FormatError."""
    value: Any = _LINE(codec.decode_exact(data, "minutes"), "minutes")
    both = {"salt": value["salt"], "line": value["line"]}
    behind = _spoken(both) if value["kind"] == "minute" else decode_entry(both, "minutes")
    return Told(value["height"], value["kind"], value["item"], behind)


def verify_minutes(lines: Sequence[Line], minutes: Iterable[bytes]) -> None:
    """Verify that minutes hold exactly what the ledger's acts are digests of, act by act.

    Raises:
        FormatError: A line of the minutes is not well formed.
        VerificationError: ``minutes-mismatch`` with the act's height.
    """
    named = [(line.act, digest) for line in lines for digest in named_lines(line.act)]
    told = [decode_minutes_line(one) for one in minutes]
    for (act, digest), one in zip(named, told, strict=False):
        said = (one.height, one.kind, one.item, one.behind.digest)
        if said != (act.height, act.kind, act.body.get("item"), digest):
            raise VerificationError("minutes-mismatch", height=act.height)
        if isinstance(one.behind, Spoken) and one.behind.what != act.body["what"]:
            raise VerificationError("minutes-mismatch", height=act.height)
    if len(named) != len(told):
        raise VerificationError("minutes-mismatch", height=len(lines))


_LINE = shape.record(
    height=shape.count(),
    kind=shape.one_of(*NAMED_ACTS, "minute"),
    item=shape.optional(shape.identifier),
    salt=shape.prose,
    line=lambda value, _place: value,
)
_SPOKEN = shape.record(what=shape.one_of(*MINUTES), who=shape.prose, text=shape.prose)


def _spoken(value: dict[str, Any]) -> Spoken:
    line = _SPOKEN(value["line"], "minutes.line")
    try:
        salt = bytes.fromhex(value["salt"])
    except ValueError as e:
        raise FormatError("minutes.salt", "not hex") from e
    if len(salt) != SALT_BYTES or salt.hex() != value["salt"]:
        raise FormatError("minutes.salt", f"not {SALT_BYTES} bytes in lower-case hex")
    return Spoken(line["what"], line["who"], line["text"], salt)
