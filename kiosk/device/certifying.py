"""Before an officer states no objection or certifies: read the box, recompute the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.outcome import outcome_digest, round_outcome, totals_of
from tally.verify.archive import NEEDED, ArchiveVerifier
from tally.verify.findings import require_valid
from voting.crypto.hashing import sha256_hex
from voting.errors import VerificationError
from voting.meeting.state import RoundState
from voting.protocol.archive import read_archive
from voting.protocol.ballot import tracker
from voting.protocol.checkpoint import ballots_digest

if TYPE_CHECKING:
    from kiosk.device.client import Client
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act
    from voting.meeting.state import State


def check_sealed_box(client: Client, state: State, slot: str) -> list[str]:
    """Read the sealed box and compare it with the seal; return its trackers, sorted.

    Raises:
        VerificationError: ``archive-mismatch``, ``ballots-mismatch``, ``ballot-spoiled``.
    """
    one = state.round_at(slot, RoundState.SEALED)
    archive = client.get_bytes(f"/api/slots/{slot}/archive/sealed")
    if sha256_hex(archive) != one.sealed_archive:
        raise VerificationError("archive-mismatch", slot=slot)
    trackers = [tracker(ballot) for ballot in read_archive(archive).ballot_bytes()]
    if one.spoiled.intersection(trackers):
        raise VerificationError("ballot-spoiled", slot=slot)
    if ballots_digest(trackers) != one.ballots or len(trackers) != one.returned:
        raise VerificationError("ballots-mismatch", slot=slot)
    return sorted(trackers)


def check_certify(client: Client, meeting: Meeting, state: State, act: Act) -> None:
    """Verify the whole archive of a counted round and recompute the outcome that is certified.

    Raises:
        VerificationError: ``archive-mismatch``, ``outcome-mismatch``, or what the verifier finds.
    """
    one = state.round_at(act.body["slot"], RoundState.COUNTED)
    archive = client.get_bytes(f"/api/slots/{one.slot}/archive/final")
    if sha256_hex(archive) != one.final_archive:
        raise VerificationError("archive-mismatch", slot=one.slot)
    require_valid(list(ArchiveVerifier(archive, workers=1).findings()), NEEDED["result"])
    outcome = round_outcome(meeting, one, totals_of(archive))
    if outcome_digest(outcome) != act.body["outcome"]:
        raise VerificationError("outcome-mismatch", slot=one.slot)
