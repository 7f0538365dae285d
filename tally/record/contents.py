"""The record of a closed meeting: which files it has and how each is made (docs/spec/record.md).

    README.txt           what this is and how to verify it
    meeting.json         what was frozen
    ledger.jsonl         every act to the close
    papers/<uuid>.bel    the archive of each slot that was sealed
    papers/<uuid>.proofs the trustees' second proofs of each slot that was counted
    result.json          counts, evaluations, decisions
    report.pdf           the forms
    result.note          the SHA-256 of every other file, signed by the officers who have keys

All but the note follow from what is stored, so the server, every officer's device and anybody
later make the same bytes. No file names a member who is not a candidate or an officer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from tally.outcome import make_result, totals_of
from tally.record.forms import report_data
from tally.report.report import typeset_report
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import VerificationError
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.meeting.state import RoundState
from voting.words import say

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


def archive_path(slot: str) -> str:
    """Return where a slot's archive lies in the record."""
    return f"papers/{slot}.bel"


def proofs_path(slot: str) -> str:
    """Return where a slot's second proofs lie in the record."""
    return f"papers/{slot}.proofs"


def expected_files(state: State) -> frozenset[str]:
    """Return the paths that the record of this ledger has, the note included."""
    paths = {README, MEETING, LEDGER, RESULT, REPORT, NOTE}
    for slot, one in state.rounds.items():
        if one.sealed_archive is not None:
            paths.add(archive_path(slot))
        if one.proofs is not None:
            paths.add(proofs_path(slot))
    return frozenset(paths)


def make_record(
    meeting: bytes, ledger: bytes, papers: Mapping[str, bytes], proofs: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Make every file of the record but the note, by path in sorted order.

    Args:
        papers: By slot, the final archive, or the sealed one where nothing was opened.
        proofs: By slot, the second proofs of those that were counted.

    Raises:
        VerificationError: ``not-closed``, or whatever the fold finds.
    """
    frozen, lines = decode_meeting(meeting), decode_ledger(ledger)
    state = fold(frozen, lines)
    if not state.closed:
        raise VerificationError("not-closed")
    counted = {slot for slot, one in state.rounds.items() if one.state is RoundState.CERTIFIED}
    totals = {slot: totals_of(papers[slot]) for slot in counted}
    result = make_result(frozen, state, lines, totals)
    files = {
        README: readme(frozen),
        MEETING: meeting,
        LEDGER: ledger,
        RESULT: result,
        REPORT: typeset_report(report_data(frozen, lines, totals, result), frozen.language),
    }
    files |= {archive_path(slot): papers[slot] for slot in papers}
    files |= {proofs_path(slot): proofs[slot] for slot in counted}
    return {path: files[path] for path in sorted(files)}


def readme(meeting: Meeting) -> bytes:
    """Write ``README.txt``, in Chinese and in English."""
    params = {"title": meeting.title, "date": meeting.date, "code": meeting.code}
    texts = (say("record.readme", "zh", **params), say("record.readme", "en", **params))
    return ("\n\n".join(text.strip() for text in texts) + "\n").encode()


def note_text(files: Mapping[str, bytes]) -> str:
    """Write the text of ``result.note``: title, digest of the result, a line for every file."""
    lines = [NOTE_TITLE, code_80bits(sha256_hex(files[RESULT]))]
    lines += [
        f"{hashlib.sha256(files[path]).hexdigest()}  {path}"
        for path in sorted(files)
        if path != NOTE
    ]
    return "".join(f"{line}\n" for line in lines)


def note_signers(meeting: Meeting) -> dict[str, bytes]:
    """Return who signs the note: every officer who has a key, by id."""
    return {
        one.id: bytes.fromhex(one.key) for one in meeting.officers.values() if one.key is not None
    }
