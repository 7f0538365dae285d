"""Before an officer states no objection, reads, certifies, opens a next round or releases one.

His device reads the box that the act is about, verifies it, and recomputes what the act says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tally.following import asked_of, check_motions, check_standings, ended_by
from tally.outcome import counts_in, outcome_digest, reading_in, round_outcome, written_in
from tally.verify.box import Box
from tally.verify.findings import require_valid
from voting.crypto.hashing import sha256_hex
from voting.errors import VerificationError
from voting.meeting.binding import standings_of
from voting.meeting.ledger import opened_at
from voting.meeting.readings import Masked, numbers_named, stands_already
from voting.meeting.state import RoundState
from voting.protocol.archive import read_archive
from voting.protocol.ballot import tracker
from voting.protocol.checkpoint import ballots_digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.device.client import Client
    from kiosk.device.wording import Counts
    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act, Line
    from voting.meeting.readings import As
    from voting.meeting.state import Round, State


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text of a box, how often it was written, and what a reading of it says."""

    item: str
    ask: str
    text: str
    votes: int
    meant: As


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


def check_certify(
    boxes: Boxes, client: Client, meeting: Meeting, state: State, lines: Iterable[Line], act: Act
) -> Counts:
    """Verify a counted round, and recompute the outcome that is certified.

    Returns:
        What was opened, by item and option.

    Raises:
        VerificationError: ``archive-mismatch``, ``outcome-mismatch``, or what the verifier finds.
    """
    one = state.round_at(act.body["slot"], RoundState.COUNTED)
    opened = boxes.of(client, meeting, state, lines, one)
    if outcome_digest(round_outcome(meeting, one, opened)) != act.body["outcome"]:
        raise VerificationError("outcome-mismatch", slot=one.slot)
    return counts_in(meeting, one, opened)


def check_reading(
    boxes: Boxes, client: Client, meeting: Meeting, state: State, lines: Iterable[Line], act: Act
) -> list[ReadText]:
    """Verify a counted round, and open a reading of what was written into it.

    Returns:
        Every text in the order of the box.

    Raises:
        VerificationError: ``archive-mismatch``, or what the verifier or ``readings.open_reading``
            finds.
    """
    one = state.round_at(act.body["slot"], RoundState.COUNTED)
    one = replace(one, reading=Masked.of(act.body))
    opened = boxes.of(client, meeting, state, lines, one)
    reading = reading_in(meeting, one, opened)
    return [
        ReadText(*key, text, votes, reading[key][text])
        for key, texts in written_in(meeting, one, opened).items()
        for text, votes in texts.items()
    ]


def written_entries(
    boxes: Boxes, client: Client, meeting: Meeting, state: State, lines: Iterable[Line], slot: str
) -> list[dict[str, object]]:
    """Return what two scrutineers have to read of a counted box, which is verified.

    Each ``item``, ``ask``, ``text``, ``votes``, ``named`` (numbers of the roster that have this
    very name) and ``stands`` (on the paper already).
    """
    one = state.round_at(slot, RoundState.COUNTED)
    written = written_in(meeting, one, boxes.of(client, meeting, state, lines, one))
    return [
        {
            "item": item,
            "ask": ask,
            "text": text,
            "votes": votes,
            "named": numbers_named(meeting, item, text),
            "stands": stands_already(meeting, item, text),
        }
        for (item, ask), texts in written.items()
        for text, votes in texts.items()
    ]


def check_next(
    boxes: Boxes, client: Client, meeting: Meeting, state: State, lines: Iterable[Line], act: Act
) -> tuple[str, ...]:
    """Verify who an opening says stands; return the items whose next round a release gives up.

    Raises:
        VerificationError: ``standing-mismatch``, or what the verifier finds.
        RefusedError: ``earlier-not-passed``: a motion did not pass.
    """
    opened = boxes.of_contests(client, meeting, state, lines)
    if act.kind == "open":
        said = standings_of(act.body)
        check_standings(meeting, state, act.body["items"], said, opened)
        check_motions(meeting, state, act.body["items"], opened)
        return ()
    return ended_by(meeting, state, state.round_at(act.body["slot"]), opened)


@dataclass(slots=True)
class Boxes:
    """The counted boxes that this device has verified, each once: the ledger names one for ever.

    A proposal lives two minutes; a device that needs longer for a box has it when somebody proposes
    again.
    """

    _opened: dict[str, Opened] = field(default_factory=dict, repr=False)

    def of(
        self, client: Client, meeting: Meeting, state: State, lines: Iterable[Line], one: Round
    ) -> Opened:
        """Return what was opened in a counted round. Raises what ``counted_box`` raises."""
        if one.slot not in self._opened:
            self._opened[one.slot] = counted_box(client, meeting, state, lines, one)
        return self._opened[one.slot]

    def of_contests(
        self, client: Client, meeting: Meeting, state: State, lines: Iterable[Line]
    ) -> dict[str, Opened]:
        """Return what was opened in the last counted box of every contest, by slot."""
        return {
            slot: self.of(client, meeting, state, lines, state.rounds[slot])
            for slot in asked_of(meeting, state)
        }


def counted_box(
    client: Client, meeting: Meeting, state: State, lines: Iterable[Line], one: Round
) -> Opened:
    """Verify a counted round as a record's box, and return what was opened.

    The server alone signs *count*, so that the archive it names is valid says nothing: it must be
    the sealed one gone on, over the frozen trustees and the committed credentials, with second
    proofs of every factor (``tally.verify.box``).

    Raises:
        VerificationError: ``archive-mismatch``, or what the verifier finds.
    """
    archive = client.get_bytes(f"/api/slots/{one.slot}/archive/final")
    if sha256_hex(archive) != one.final_archive:
        raise VerificationError("archive-mismatch", slot=one.slot)
    proofs = client.get_bytes(f"/api/slots/{one.slot}/archive/proofs")
    box = Box(one.slot, archive, proofs, meeting, state, opened_at(lines, one.slot))
    require_valid(list(box.findings()), box.needed)
    opened = box.opened()
    if opened is None:
        raise VerificationError("archive-mismatch", slot=one.slot)
    return opened
