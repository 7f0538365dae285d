"""The record's files and its note, as far as a reader needs them (docs/spec/record.md).

    README.txt           what this is and how to verify it
    meeting.json         what was frozen
    ledger.jsonl         every act to the close
    papers/<uuid>.bel    the archive of each slot that was sealed
    papers/<uuid>.proofs the trustees' second proofs of each slot that was counted
    result.json          counts, evaluations, decisions
    report.pdf           the forms
    result.note          the SHA-256 of every other file, signed by the officers who have keys

Nothing is typeset here, so a verifier needs neither fonts nor a typesetter.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import FormatError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State

README: Final = "README.txt"
MEETING: Final = "meeting.json"
LEDGER: Final = "ledger.jsonl"
RESULT: Final = "result.json"
REPORT: Final = "report.pdf"
NOTE: Final = "result.note"
NOTE_TITLE: Final = "piaojue/record/1"
ALWAYS: Final = frozenset({README, MEETING, LEDGER, RESULT, REPORT, NOTE})
"""The files that every record has."""

_PAPER = re.compile(f"papers/([{codec.BASE58}]{{22}})\\.(bel|proofs)")
_NAMED = re.compile(r"([0-9a-f]{64})  ([!-~]+)")


@dataclass(frozen=True, slots=True)
class NoteText:
    """What a note says: the code of ``result.json``, and by path each file's SHA-256 in hex."""

    code: str
    digests: Mapping[str, str]


def archive_path(slot: str) -> str:
    """Return where a slot's archive lies in the record."""
    return f"papers/{slot}.bel"


def proofs_path(slot: str) -> str:
    """Return where a slot's second proofs lie in the record."""
    return f"papers/{slot}.proofs"


def slot_of(path: str) -> str | None:
    """Return the slot of a file under ``papers/``, None for any other path."""
    match = _PAPER.fullmatch(path)
    return None if match is None else match[1]


def expected_files(state: State) -> frozenset[str]:
    """Return the paths that the record of this ledger has, the note included."""
    paths = set(ALWAYS)
    for slot, one in state.rounds.items():
        if one.sealed_archive is not None:
            paths.add(archive_path(slot))
        if one.proofs is not None:
            paths.add(proofs_path(slot))
    return frozenset(paths)


def note_text(files: Mapping[str, bytes]) -> str:
    """Write the text of ``result.note``: title, code of the result, a line for every file."""
    digests = {
        path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files) if path != NOTE
    }
    return _text(NoteText(code_80bits(sha256_hex(files[RESULT])), digests))


def parse_note_text(text: str) -> NoteText:
    """Read the text of a note that is exactly what ``note_text`` writes for some files.

    Raises FormatError.
    """
    title, code, *named = text.removesuffix("\n").split("\n")
    if title != NOTE_TITLE:
        raise FormatError("note.title", f"not {NOTE_TITLE}")
    matches = [_NAMED.fullmatch(line) for line in named]
    digests = {match[2]: match[1] for match in matches if match is not None}
    ascending = all(a < b for a, b in pairwise(digests))
    if RESULT not in digests or NOTE in digests or not ascending:
        raise FormatError("note.files", "not one line for each file, in order")
    said = NoteText(code, digests)
    if code != code_80bits(digests[RESULT]):
        raise FormatError("note.code", "not that of result.json")
    if _text(said) != text:
        raise FormatError("note.files", "not one line for each file, in order")
    return said


def note_signers(meeting: Meeting) -> dict[str, bytes]:
    """Return who signs the note: every officer who has a key, by id."""
    return {
        one.id: bytes.fromhex(one.key) for one in meeting.officers.values() if one.key is not None
    }


def _text(said: NoteText) -> str:
    lines = [NOTE_TITLE, said.code, *(f"{digest}  {path}" for path, digest in said.digests.items())]
    return "".join(f"{line}\n" for line in lines)
