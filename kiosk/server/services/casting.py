"""What kiosks ask for: casting, spoiling, and the acts that a ticket signs.

A cast is not an event: it stands in no ledger and no log, it has no time and no device, and the
row that it leaves holds the sealed ballot alone. Its proofs are verified before the transaction,
in another process; inside the transaction everything that could have changed is asked again. The
answer is sent when the ballot is durable.

The same bytes always get the same answer, so a kiosk that heard nothing may send them again at
any time, also after the seal. Another ballot with the same credential is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.crypto.group import ED25519
from voting.errors import FormatError, RefusedError
from voting.meeting.state import RoundState
from voting.protocol.ballot import tracker as tracker_of
from voting.protocol.credential import verify_ticket_act

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.crypto.proofs import Proof

ELECTION: Final = "election"
"""The stage under which a slot's ``election.json`` is stored, from its opening on."""


async def election_of(room: Room, slot: str) -> bytes:
    """Return the bytes of a slot's ``election.json``; ``no-round`` before the slot is opened."""
    async with room.store.reading() as tx:
        raw = await tx.archive(slot, ELECTION)
    if raw is None:
        raise RefusedError("no-round", slot=slot)
    return raw


async def cast(room: Room, caller: Caller, slot: str, body: bytes) -> tuple[str, bool]:
    """Accept a ballot; return its tracker and whether it is new.

    Raises:
        RefusedError: ``no-round``, ``round-sealed`` and the like, ``sealing``,
            ``credential-unknown``, ``credential-void``, ``credential-used``, ``tracker-spoiled``.
        FormatError, VerificationError: The bytes are no valid ballot of this election.
        UnavailableError: Send the same bytes again.
    """
    caller.must_be("kiosk")
    tracker = tracker_of(body)
    if await _stored(room, slot, tracker):
        return tracker, False
    election = await election_of(room, slot)
    (await room.view()).frozen()[1].round_at(slot, RoundState.OPEN)
    async with room.casting(slot):
        credential, tracker = await room.pool.verify(election, body)
        async with room.turn() as turn:
            return tracker, await _accept(turn, slot, tracker, credential, body)


async def spoil(room: Room, caller: Caller, slot: str, tracker: str) -> None:
    """Mark a tracker spoiled, durably, before the kiosk shows what is inside.

    Cast and spoil of one tracker exclude each other. The same request again is answered again,
    also after the seal.

    Raises:
        RefusedError: ``ballot-cast``, or the round is not open.
    """
    caller.must_be("kiosk")
    async with room.turn() as turn:
        state = turn.view.frozen()[1]
        if tracker in state.round_at(slot).spoiled:
            return
        state.round_at(slot, RoundState.OPEN)
        room.refuse_if_sealing(slot)
        await turn.append("spoil", {"slot": slot, "tracker": tracker})
        await turn.tx.mark_spoiled(slot, tracker)


async def void_ticket(
    room: Room, caller: Caller, act: str, slot: str, credential: str, proof: Proof
) -> None:
    """Append a leftover or a withdrawal, which the ticket's key for this slot has signed.

    Args:
        act: ``leftover`` or ``withdraw``.

    Raises:
        RefusedError: ``credential-unknown``, ``credential-void``, or the slot is open already.
        VerificationError: ``ticket-act``.
    """
    if act not in ("leftover", "withdraw"):
        caller.must_be("kiosk")
        raise FormatError("body.act", "not an act of a ticket")
    # A leftover is nobody's ticket, and is scanned at the table; a member withdraws alone.
    caller.must_be("kiosk", *(("secretary", "scrutineer") if act == "leftover" else ()))
    async with room.turn() as turn:
        row = await turn.tx.credential(slot, credential)
        if row is None:
            raise RefusedError("credential-unknown")
        if row.state != "active":
            raise RefusedError("credential-void")
        body = {
            "slot": slot,
            "series": row.series,
            "credential": credential,
            "proof": {"challenge": str(proof.challenge), "response": str(proof.response)},
        }
        await turn.append(act, body)
        await turn.tx.set_credential_state(
            slot, credential, "leftover" if act == "leftover" else "withdrawn"
        )


async def query(room: Room, caller: Caller, slot: str, credential: str, proof: Proof) -> str | None:
    """Tell a ticket whether its ballot in this slot was stored; return the tracker or None.

    The ticket proves itself by a signature, so nobody else can ask.
    """
    caller.must_be("kiosk")
    meeting, _ = (await room.view()).frozen()
    element = ED25519.decode(credential, "credential")
    fingerprint = meeting.fingerprint
    verify_ticket_act(element, "query", slot=slot, meeting_fingerprint=fingerprint, proof=proof)
    async with room.store.reading() as tx:
        body = await tx.ballot_of(slot, credential)
    return None if body is None else body.tracker


async def _stored(room: Room, slot: str, tracker: str) -> bool:
    """Whether these very bytes are stored; a tracker is their SHA-256."""
    async with room.store.reading() as tx:
        return await tx.ballot(slot, tracker) is not None


async def _accept(turn: Turn, slot: str, tracker: str, credential: str, body: bytes) -> bool:
    """Store a verified ballot; everything that may have changed meanwhile is asked again."""
    if await turn.tx.ballot(slot, tracker) is not None:
        return False
    held = turn.view.frozen()[1].round_at(slot, RoundState.OPEN)
    turn.room.refuse_if_seal_proposed(slot)
    row = await turn.tx.credential(slot, credential)
    if row is not None and row.series not in held.series:
        raise RefusedError("credential-void", slot=slot)
    await turn.tx.insert_ballot(slot, tracker, credential, body)
    return True
