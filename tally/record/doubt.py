"""程序存疑: a signed addendum to a record, which repairs nothing and changes no byte of it.

A failed recusal, a freeze window that nobody had entered, or canvassing may come to light when the
meeting is long closed. Then the item is *marked*: a signed note beside the record names its
``result.json``, the item, what is doubted and why, under the keys of at least two officers of
different roles. The decision stands as it was counted until whoever may decide that decides; the
record verifies as before, and whoever verifies it is shown the mark. Format: docs/spec/chain.md,
section 5.

The reason is public like the record. It must not name a member who is no officer: the papers that
do are named by digest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from tally.record.layout import note_signers
from voting.crypto.hashing import code_80bits
from voting.errors import FormatError, InputError, VerificationError
from voting.meeting import shape
from voting.protocol.note import parse_note, verify_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voting.meeting.frozen import Meeting

TITLE: Final = "piaojue/doubt/1"
Matter = Literal["recusal", "freeze-window", "gate", "canvassing", "other"]
MATTERS: Final[tuple[Matter, ...]] = get_args(Matter)
NEEDED: Final = 2
"""Signatures by different officers of different roles."""
_HEAD: Final = ("result", "item", "matter", "date", "paper", "reason")
_LINE = re.compile(r"([a-z]+) (.+)")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubted.

    Attributes:
        result: SHA-256 of the record's ``result.json``, hex.
        date: The day on which it was noted.
        paper: SHA-256 of the paper that tells who and how, hex; ``-`` without one.
        reason: One line.
    """

    result: str
    item: str
    matter: Matter
    date: str
    paper: str
    reason: str


def doubt_text(doubt: Doubt) -> str:
    """Write the text that is signed. Raises FormatError for a field out of form."""
    _check(doubt)
    values = {name: getattr(doubt, name) for name in _HEAD}
    lines = [TITLE, code_80bits(doubt.result), *(f"{k} {v}" for k, v in values.items())]
    return "".join(f"{line}\n" for line in lines)


def parse_doubt(text: str) -> Doubt:
    """Read what ``doubt_text`` writes, exactly. Raises FormatError."""
    found = [_LINE.fullmatch(line) for line in text.split("\n")[2:-1]]
    named = [(match[1], match[2]) for match in found if match is not None]
    if [name for name, _ in named] != list(_HEAD):
        raise FormatError("doubt", "not the fields of a doubt, in order")
    values = dict(named)
    if values["matter"] not in MATTERS:
        raise FormatError("doubt.matter", f"not one of {', '.join(MATTERS)}")
    doubt = Doubt(**values)  # type: ignore[arg-type]
    if doubt_text(doubt) != text:
        raise FormatError("doubt", "not in its one spelling")
    return doubt


def verify_doubt(data: bytes, meeting: Meeting, result: str) -> tuple[Doubt, tuple[str, ...]]:
    """Verify a doubt's note against its record; return it with the signers' ids.

    Args:
        result: SHA-256 of the record's ``result.json``, hex.

    Raises:
        FormatError: Not a doubt.
        VerificationError: ``doubt-other-record``; ``doubt-item``; ``doubt-signers``: not by
            two people of two roles; and what ``verify_note`` raises.
    """
    note = parse_note(data, "doubt")
    doubt = parse_doubt(note.text)
    if doubt.result != result:
        raise VerificationError("doubt-other-record", code=code_80bits(doubt.result))
    check_item(doubt, meeting)
    signed = verify_note(note, note_signers(meeting))
    if not enough(meeting, signed):
        raise VerificationError("doubt-signers", officers=list(signed))
    return doubt, signed


def enough(meeting: Meeting, signed: Iterable[str]) -> bool:
    """Return whether these officers are two people of two roles: one may hold two, on one key."""
    officers = [meeting.officers[one] for one in signed]
    return min(len({one.role for one in officers}), len({one.name for one in officers})) >= NEEDED


def check_item(doubt: Doubt, meeting: Meeting) -> None:
    """Raise VerificationError ``doubt-item`` unless the meeting has the item."""
    if doubt.item not in meeting.items:
        raise VerificationError("doubt-item", item=doubt.item)


def _check(doubt: Doubt) -> None:
    shape.hex64(doubt.result, "doubt.result")
    shape.identifier(doubt.item, "doubt.item")
    shape.one_of(*MATTERS)(doubt.matter, "doubt.matter")
    shape.date(doubt.date, "doubt.date")
    if doubt.paper != "-":
        shape.hex64(doubt.paper, "doubt.paper")
    shape.words(doubt.reason, "doubt.reason")
    if doubt.reason != doubt.reason.strip() or len(doubt.reason) > 500:
        raise InputError("doubt-reason")
