"""The forms on an officer's device, before anybody has signed them by pen.

They are typeset from what this device has followed and verified itself: the ledger, and every
counted archive. The digest of the result that they print is that of the record, as long as no
further round is opened, so print them after the last count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.device.certifying import counted_box
from tally.outcome import make_result
from tally.record.forms import report_data
from tally.report.report import typeset_report
from voting.errors import RefusedError
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from kiosk.device.client import Client
    from kiosk.device.officer import OfficerDevice

_UNFINISHED = frozenset({RoundState.OPEN, RoundState.SEALED})


def typeset_forms(client: Client, device: OfficerDevice) -> bytes:
    """Return the forms of all rounds so far as a PDF.

    Raises:
        RefusedError: ``round-unfinished``: a round is open, or waits for the count;
            ``nothing-counted``.
        VerificationError: An archive does not verify, or is not what the ledger says.
    """
    state = device.refresh()
    meeting, lines = device.meeting, device.lines()
    if meeting is None:
        raise RefusedError("not-frozen")
    for one in state.rounds.values():
        if one.state in _UNFINISHED:
            raise RefusedError("round-unfinished", slot=one.slot, state=str(one.state))
    opened = {
        slot: counted_box(client, meeting, state, lines, one)
        for slot, one in state.rounds.items()
        if one.proofs is not None
    }
    if not opened:
        raise RefusedError("nothing-counted")
    result = make_result(meeting, state, lines, opened)
    return typeset_report(report_data(meeting, lines, opened, result), meeting.language)
