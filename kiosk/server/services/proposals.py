"""Acts with several signers: proposed on a head, signed on the officers' devices, then appended.

A proposal names the head of the ledger that it was made on, so until it is complete, withdrawn
or two minutes old nothing else is appended. It is tried on the fold before anybody is asked to
sign: nobody can press what the fold refuses. It lives in memory only; a restart forgets it, and
somebody proposes again.

What the officers sign is formed here and checked by each of their devices against its own fold;
the server adds its signature last. It can form no act alone that needs an officer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from kiosk.server.security import OFFICERS
from kiosk.server.services import acts, attendance, contests
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError, RefusedError
from voting.meeting import fold, keys, ledger
from voting.meeting.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.meeting.frozen import Meeting

LIFE: Final = timedelta(minutes=2)


@dataclass(slots=True)
class Proposal:
    """An act that waits for signatures.

    Attributes:
        places: For each place of the line, the officers who may take it.
        signatures: By officer id, verified when they came.
        done: Appended; two last signatures may come at the same moment.
        blobs: What is stored together with the line, by slot and stage.
    """

    meeting: Meeting
    act: ledger.Act
    places: tuple[frozenset[str], ...]
    at: datetime
    blobs: Mapping[tuple[str, str], bytes]
    signatures: dict[str, str] = field(default_factory=dict)
    done: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the act: what it is named by."""
        return sha256_hex(ledger.encode_act(self.act))

    def expired(self, now: datetime) -> bool:
        """Tell whether its two minutes are over, or the clock was put back by as much."""
        return abs(now - self.at) >= LIFE

    def line_signatures(self) -> list[ledger.Signature] | None:
        """Return the signatures in the order of the places, or None while one is missing."""
        chosen: list[ledger.Signature] = []
        for allowed in self.places:
            free = [one for one in self.signatures if one in allowed]
            free = [one for one in free if all(one != taken.by for taken in chosen)]
            if not free:
                return None
            chosen.append(ledger.Signature(free[0], self.signatures[free[0]]))
        return chosen

    def signers(self) -> frozenset[str]:
        """Return every officer who may take one of the places."""
        return frozenset().union(*self.places)


async def propose(room: Room, caller: Caller, kind: str, wish: Mapping[str, Any]) -> ledger.Act:
    """Form an act from what an officer wishes, try it, and hold it for signatures.

    Raises:
        RefusedError: ``not-your-role``, ``proposal-pending``, ``kind-not-proposed``, or what the
            fold refuses.
    """
    if kind not in acts.BUILDERS:
        raise RefusedError("kind-not-proposed", kind=kind)
    caller.must_be(*acts.ROLES[kind])
    await contests.ready(room, await room.view(), wish.get("slot"))
    slot = wish.get("slot") if kind == "seal" else None
    async with room.drained(slot if isinstance(slot, str) else None), room.turn() as turn:
        room.refuse_if_proposed()
        meeting, body, blobs = await acts.BUILDERS[kind](room, turn, wish)
        act = turn.view.propose(kind, body, room.clock())
        places = ledger.required_signers(meeting, act)[:-1]
        proposal = Proposal(meeting, act, places, room.clock(), blobs)
        if caller.name not in proposal.signers():
            raise RefusedError("not-your-role", role=caller.role)
        _dry_run(turn, meeting, act)
        room.proposal = proposal
    return act


async def sign(room: Room, caller: Caller, digest: str, signature: str) -> bool:
    """Take an officer's signature; return True when the act is complete and durable.

    Args:
        digest: SHA-256 of the act that the officer saw, so that a signature never meets another.

    Raises:
        RefusedError: ``no-proposal``, ``not-your-role``, or what the fold refuses now: a guard
            that has changed cancels the proposal.
        ProofError: ``bad-signature``.
    """
    caller.must_be(*OFFICERS)
    proposal = current(room)
    if proposal is None or proposal.digest != digest:
        raise RefusedError("no-proposal")
    if caller.name not in proposal.signers():
        raise RefusedError("not-your-role", role=caller.role)
    message = ledger.signing_bytes(proposal.meeting.fingerprint, proposal.act)
    key = ledger.key_of(proposal.meeting, caller.name)
    keys.verify(key, message, signature, by=caller.name)
    proposal.signatures[caller.name] = signature
    signatures = proposal.line_signatures()
    if signatures is None:
        return False
    await _append(room, proposal, signatures)
    return True


def current(room: Room) -> Proposal | None:
    """Return the proposal that lives now; one that is two minutes old is dropped."""
    if room.proposal is not None and room.proposal.expired(room.clock()):
        room.proposal = None
    return room.proposal


async def withdraw(room: Room, caller: Caller, digest: str) -> None:
    """Drop the proposal; any officer whom it asks to sign may.

    In a turn of its own: an act that was withdrawn is not appended at the same moment.

    Args:
        digest: SHA-256 of the act that the officer saw, so that no other one is dropped.

    Raises:
        RefusedError: ``no-proposal``, also while another act waits; ``not-your-role``.
    """
    caller.must_be(*OFFICERS)
    async with room.turn():
        proposal = current(room)
        if proposal is None or proposal.digest != digest:
            raise RefusedError("no-proposal")
        if caller.name not in proposal.signers():
            raise RefusedError("not-your-role", role=caller.role)
        room.proposal = None


async def _append(room: Room, proposal: Proposal, signatures: list[ledger.Signature]) -> None:
    try:
        async with room.turn() as turn:
            if proposal.done:
                return
            if current(room) is not proposal:
                raise RefusedError("no-proposal")
            await acts.check_again(room, turn, proposal.act)
            if proposal.act.kind == "freeze":
                await turn.append_freeze(proposal.meeting, proposal.act, signatures)
            else:
                line = await turn.append_signed(proposal.act, signatures)
                attendance.write_minutes(room, turn, line)
            for (slot, stage), blob in proposal.blobs.items():
                await turn.tx.put_archive(slot, stage, blob)
    except PiaojueError:
        if room.proposal is proposal:
            room.proposal = None
        raise
    proposal.done, room.proposal = True, None
    await acts.after(room, proposal.act)


def _dry_run(turn: Turn, meeting: Meeting, act: ledger.Act) -> None:
    """Try the act on the fold without its signatures, which nobody has given yet."""
    state = turn.view.state or State()
    fold.advance(meeting, state, act)
