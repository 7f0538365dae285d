"""Making the record of a closed meeting (docs/spec/record.md; ``layout`` lists its files).

All but the note follow from what is stored, so the server, every officer's device and anybody
later make the same bytes. No file names a member who is not a candidate or an officer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.outcome import make_result, opened_of
from tally.record.forms import report_data
from tally.record.layout import (
    LEDGER,
    MEETING,
    NOTE,
    README,
    REPORT,
    RESULT,
    archive_path,
    note_signers,
    note_text,
    proofs_path,
    slot_of,
)
from tally.report.report import typeset_report
from voting.errors import VerificationError
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Meeting

__all__ = ["NOTE", "make_record", "note_signers", "note_text", "readme", "remake_record"]


def make_record(
    meeting: bytes, ledger: bytes, papers: Mapping[str, bytes], proofs: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Make every file of the record but the note, by path in sorted order.

    Args:
        papers: By slot, the final archive, or the sealed one where nothing was opened.
        proofs: By slot, the second proofs of those that were counted.

    Raises:
        VerificationError: ``not-closed``; ``record-papers``: not exactly the boxes that were
            sealed and the proofs of those that were counted; or whatever the fold finds.
    """
    frozen, lines = decode_meeting(meeting), decode_ledger(ledger)
    state = fold(frozen, lines)
    if not state.closed:
        raise VerificationError("not-closed")
    sealed = {slot for slot, one in state.rounds.items() if one.sealed_archive is not None}
    counted = {slot for slot, one in state.rounds.items() if one.proofs is not None}
    if papers.keys() != sealed or proofs.keys() != counted:
        raise VerificationError("record-papers")
    opened = {slot: opened_of(papers[slot]) for slot in counted}
    result = make_result(frozen, state, lines, opened)
    files = {
        README: readme(frozen),
        MEETING: meeting,
        LEDGER: ledger,
        RESULT: result,
        REPORT: typeset_report(report_data(frozen, lines, opened, result), frozen.language),
    }
    files |= {archive_path(slot): papers[slot] for slot in papers}
    files |= {proofs_path(slot): proofs[slot] for slot in counted}
    return {path: files[path] for path in sorted(files)}


def remake_record(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make a record's files again from its meeting, ledger and papers, without the note.

    Raises as ``make_record``.
    """
    papers: dict[str, bytes] = {}
    proofs: dict[str, bytes] = {}
    for path, data in files.items():
        slot = slot_of(path)
        if slot is not None:
            (papers if path == archive_path(slot) else proofs)[slot] = data
    if not {MEETING, LEDGER} <= files.keys():
        raise VerificationError("record-papers")
    return make_record(files[MEETING], files[LEDGER], papers, proofs)


def readme(meeting: Meeting) -> bytes:
    """Write ``README.txt``, in Chinese and in English."""
    params = {"title": meeting.title, "date": meeting.date, "code": meeting.code}
    texts = (say("record.readme", "zh", **params), say("record.readme", "en", **params))
    return ("\n\n".join(text.strip() for text in texts) + "\n").encode()
