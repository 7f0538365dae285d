"""What a trustee's device demands: before an opening, and before it signs for a sealed box.

Nothing a server says is believed. The device folds the ledger itself, rebuilds the election, puts
the credential list together with what was committed when the tickets were made, and reads and
verifies the whole archive. Each function takes bytes and the device's memory, and returns a new
memory, which must be stored before the answer is sent (``kiosk.device.keyfile``).

``acknowledge`` closes the rehearsal and stores what it agreed to; ``check_sealed`` demands the
same again. Signing the checkpoint and decrypting are in ``tally.release``. Source: ARCHITECTURE
steps 6 and 10, PROTOCOL 5.4 and 5.7, docs/spec/checkpoint.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tally.memory import SlotMemory
from tally.verify.archive import NEEDED, ArchiveVerifier
from tally.verify.findings import require_valid
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError, VerificationError
from voting.meeting import binding, keys
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.meeting.opening import ack_message, check_opening
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import Round, RoundState, State
from voting.meeting.tickets import issued
from voting.protocol.ballot import tracker
from voting.protocol.checkpoint import ballots_digest
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.memory import TrusteeMemory, TrusteeSecrets
    from tally.verify.ballots import Progress
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.state import Compared
    from voting.protocol.archive import Archive
    from voting.protocol.checkpoint import Checkpoint
    from voting.protocol.election import Election
    from voting.protocol.tally import Ciphertexts


@dataclass(frozen=True, slots=True)
class SealedBox:
    """A box that this device checked and added up itself.

    Attributes:
        compared: What the ledger says of a comparison aloud, None when there was none.
        active: How many credentials were active.
        known: Whether this device agreed to the opening; else only the comparison stands for it.
    """

    slot: str
    election: Election = field(repr=False)
    ciphertexts: Ciphertexts = field(repr=False)
    checkpoint: Checkpoint
    active: int
    compared: Compared | None
    known: bool


def open_meeting(
    memory: TrusteeMemory, meeting: bytes, ledger: bytes
) -> tuple[TrusteeMemory, Meeting, State]:
    """Read ``meeting.json`` and ``ledger.jsonl`` and fold them.

    Raises:
        RefusedError: ``share-destroyed``, and what the fold refuses.
        VerificationError: ``other-meeting``: not the meeting of this ceremony or not the one seen
            before; ``other-trustees``: it names other trustees than the ceremony made;
            ``ledger-rewritten``: it does not go on from what this device saw before; and what
            the fold finds.
        FormatError: malformed.
    """
    if memory.destroyed:
        raise RefusedError("share-destroyed")
    frozen = _decoded(meeting)
    if frozen.uuid != memory.session.meeting or memory.frozen not in (None, frozen.fingerprint):
        raise VerificationError("other-meeting")
    trustees = frozen.trustees
    if (
        trustees.certificates != sha256_hex(memory.trustees)
        or trustees.public_key != decode_trustees(memory.trustees.encode(), ED25519).public_key.text
        or trustees.note_keys != memory.note_keys
        or trustees.threshold != memory.session.threshold
    ):
        raise VerificationError("other-trustees")
    lines, state = _folded(meeting, ledger)
    if memory.height and (
        len(lines) < memory.height or lines[memory.height - 1].digest != memory.head
    ):
        raise VerificationError("ledger-rewritten", height=memory.height)
    if not state.frozen:
        raise RefusedError("not-frozen")
    seen = replace(memory, frozen=frozen.fingerprint, height=state.height, head=state.head)
    return seen, frozen, state


def acknowledge(
    memory: TrusteeMemory,
    secrets: TrusteeSecrets,
    *,
    meeting: bytes,
    ledger: bytes,
    binding_body: Mapping[str, Any],
    election: bytes,
    credentials: bytes,
) -> tuple[TrusteeMemory, str]:
    """Agree to an opening after recomputing all of it; returns the signature in hex.

    Ends the rehearsal for ever. Until the slot is open, a later binding of it replaces this one.

    Args:
        binding_body: The body of the *open* act about to be proposed; its ``acks`` are not read.
        election: ``election.json`` as it will stand in the archive.
        credentials: ``public_credentials.json`` likewise.

    Raises:
        RefusedError: ``not-rehearsed``, or any guard of *bind and open* that is not met.
        VerificationError: ``election-mismatch`` or ``credentials-mismatch``: not what follows
            from the frozen meeting, the ledger and the lists committed when tickets were made.
    """
    memory, frozen, state = open_meeting(memory, meeting, ledger)
    if not memory.rehearsed:
        raise RefusedError("not-rehearsed")
    body = {**binding_body, "acks": []}
    slot = body["slot"]
    _check_binding(frozen, state, body)
    rebuilt = binding.round_election(
        frozen, slot, body["items"], body["round"], binding.standings_of(body)
    )
    if election != rebuilt:
        raise VerificationError("election-mismatch", slot=slot)
    provisional = _provisional(frozen, state, body)
    opened = replace(state, rounds={**state.rounds, slot: provisional})
    binding.verify_active(opened, slot, credentials)
    agreed = SlotMemory(body["election"], body["credentials"], body["active"])
    if (held := memory.slots.get(slot)) is not None and held.checkpoint is not None:
        raise VerificationError("slot-answered", slot=slot)
    message = ack_message(
        frozen,
        slot=slot,
        election=agreed.election,
        credentials=agreed.credentials,
        active=agreed.active,
    )
    memory = replace(memory.with_slot(slot, agreed), opened=True)
    return memory, keys.sign(secrets.note_seed, message)


def check_sealed(
    memory: TrusteeMemory,
    *,
    meeting: bytes,
    ledger: bytes,
    slot: str,
    archive: bytes,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[TrusteeMemory, SealedBox]:
    """Check a sealed box from the first byte and add it up.

    Args:
        archive: The sealed ``.bel``, up to and with EndBallots.
        workers: Processes for the ballots, as ``verify_archive``.
        progress: Is told how many ballots of how many are done.

    Raises:
        RefusedError: the round is open, void, under the floor or counted (``round-…``), or not
            every scrutineer has stated no objection (``objection-open``).
        VerificationError: the ``archive-mismatch`` of the sealed digest; ``slot-mismatch``:
            opened with another election or list than this device agreed to; a fault that
            ``verify_archive`` finds; ``credential-twice``, ``ballot-spoiled``,
            ``ballots-mismatch``, ``returned-mismatch``, ``ballots-unsorted``.
    """
    memory, frozen, state = open_meeting(memory, meeting, ledger)
    one = state.round_at(slot, RoundState.SEALED)
    if not one.no_objection:
        raise RefusedError("objection-open", slot=slot)
    if one.returned is None or one.returned < frozen.floor_under(frozen.rules[one.rule]):
        raise RefusedError("round-under-floor", slot=slot)
    if sha256_hex(archive) != one.sealed_archive:
        raise VerificationError("archive-mismatch", slot=slot)
    held = memory.slots.get(slot)
    if held is not None and (held.election, held.credentials, held.active) != (
        one.election,
        one.credentials,
        one.issued,
    ):
        raise VerificationError("slot-mismatch", slot=slot)
    read, election, tally = _read_box(archive, workers, progress)
    _check_setup(memory, frozen, state, one, read)
    _check_trackers(one, [tracker(ballot) for ballot in read.ballot_bytes()])
    box = SealedBox(
        slot,
        election,
        tally,
        checkpoint_of(frozen, one),
        one.issued,
        one.compared,
        known=held is not None,
    )
    return memory, box


def _read_box(
    archive: bytes, workers: int | None, progress: Progress | None
) -> tuple[Archive, Election, Ciphertexts]:
    """Verify a sealed archive by itself and add its ballots up, each credential once."""
    verifier = ArchiveVerifier(archive, workers=workers, progress=progress)
    require_valid(list(verifier.findings()), NEEDED["closed"])
    read, election, outcome = verifier.archive, verifier.election, verifier.ballots
    assert read is not None
    assert election is not None
    assert outcome is not None
    assert outcome.tally is not None
    if read.stage != "closed":
        raise VerificationError("archive-stage", stage=read.stage)
    if outcome.num_tallied != len(read.ballots):
        raise VerificationError("credential-twice", slot=election.uuid)
    return read, election, outcome.tally


_decoded = lru_cache(maxsize=2)(decode_meeting)


@dataclass(frozen=True, slots=True)
class _Folded:
    """What was folded last: a device asks often, of a ledger that only grows."""

    meeting: bytes = b""
    ledger: bytes = b""
    lines: tuple[Line, ...] = ()
    state: State = field(default_factory=State)


_last = _Folded()


def _folded(meeting: bytes, ledger: bytes) -> tuple[tuple[Line, ...], State]:
    """Fold a ledger, from where it goes on from the very bytes that were folded last."""
    global _last  # a cache: whatever is in it, the answer is the same
    known = _last
    if known.meeting != meeting or not ledger.startswith(known.ledger):
        known = _Folded(meeting)
    new = decode_ledger(ledger[len(known.ledger) :])
    state = fold(_decoded(meeting), new, known.state)
    lines = (*known.lines, *new)
    _last = _Folded(meeting, ledger, lines, state)
    return lines, state


def _check_binding(frozen: Meeting, state: State, body: Mapping[str, Any]) -> None:
    """Check every guard of the opening but the last, which counts the very acks being asked for."""
    try:
        check_opening(frozen, state, body)
    except RefusedError as e:
        if e.code != "too-few-acks":
            raise


def _provisional(frozen: Meeting, state: State, body: Mapping[str, Any]) -> Round:
    """Return the round as it would be after the opening, as far as the credential list needs it."""
    slot, series = body["slot"], tuple(body["series"])
    return Round(
        slot=slot,
        number=body["round"],
        state=RoundState.OPEN,
        rule=frozen.items[body["items"][0]].rule,
        items=tuple(body["items"]),
        series=series,
        election=body["election"],
        credentials=body["credentials"],
        issued_by_series={one: issued(frozen, state, slot, one) for one in series},
        due=0,
        present_at_open=0,
        recused={},
    )


def _check_setup(
    memory: TrusteeMemory, frozen: Meeting, state: State, one: Round, archive: Archive
) -> None:
    """Demand the election, trustees and credential list that were agreed to, byte for byte."""
    setup = archive.setup
    rebuilt = binding.round_election(frozen, one.slot, one.items, one.number, one.standings)
    if setup.election != rebuilt or sha256_hex(setup.election) != one.election:
        raise VerificationError("election-mismatch", slot=one.slot)
    if setup.trustees != memory.trustees.encode():
        raise VerificationError("other-trustees")
    binding.verify_active(state, one.slot, setup.credentials)


def _check_trackers(one: Round, trackers: list[str]) -> None:
    if len(trackers) != one.returned:
        raise VerificationError("returned-mismatch", slot=one.slot)
    if one.spoiled.intersection(trackers):
        raise VerificationError("ballot-spoiled", slot=one.slot)
    if ballots_digest(trackers) != one.ballots:
        raise VerificationError("ballots-mismatch", slot=one.slot)
    if trackers != sorted(trackers):  # another order could be that of casting
        raise VerificationError("ballots-unsorted", slot=one.slot)
