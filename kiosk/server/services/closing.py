"""The end of a meeting: shares destroyed, the ledger closed, the record signed and handed out.

A trustee's device erases its share and says so in the ledger. After the close the record is put
together from what is stored; every officer who has a key verifies it on his own device and signs
the note that names the SHA-256 of each of its files. When all have signed, the record is complete.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.server.services import counting
from kiosk.server.services.boxes import SEALED
from kiosk.server.services.proposals import LIFE
from tally.record.contents import make_record
from tally.record.layout import NOTE, note_signers, note_text
from tally.record.pack import pack
from voting.crypto.hashing import sha256_hex
from voting.errors import ConflictError, RefusedError
from voting.meeting import ledger
from voting.protocol.note import encode_note, parse_note, parse_signature_line, verify_note

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, View

NOTE_TOPIC: Final = "result.note"


async def destroy_act(room: Room, caller: Caller) -> bytes:
    """Form the act by which a trustee's device says that its share is destroyed."""
    caller.must_be("trustee")
    view = await room.view()
    room.refuse_if_proposed()
    body = {"trustee": int(caller.name)}
    return ledger.encode_act(view.propose("destroy", body, room.clock()))


async def destroy(room: Room, caller: Caller, act: bytes, signature: str) -> None:
    """Append that act with the trustee's signature.

    Raises:
        RefusedError: A round is unfinished, ``proposal-pending``.
        ConflictError: ``ledger-moved``: the head or the time did; ask for the act again.
    """
    caller.must_be("trustee")
    given = ledger.decode_act(act)
    if given.kind != "destroy" or given.body["trustee"] != int(caller.name):
        raise RefusedError("not-your-role", role=caller.role)
    async with room.turn() as turn:
        room.refuse_if_proposed()
        due = turn.view.propose("destroy", given.body, room.clock())
        if (given.height, given.parent) != (due.height, due.parent) or _apart(given, due) > LIFE:
            raise ConflictError("ledger-moved", expected=due.height)
        await turn.append_signed(given, [ledger.Signature(caller.account, signature)])


def _apart(given: ledger.Act, due: ledger.Act) -> timedelta:
    """How far the time in a device's act is from ours: it can not date itself as it likes."""
    assert given.at is not None
    assert due.at is not None
    return abs(datetime.fromisoformat(given.at) - datetime.fromisoformat(due.at))


async def unsigned_files(room: Room) -> dict[str, bytes]:
    """Return the record's files without the note, by path: the same bytes at every call.

    Raises RefusedError ``not-closed``.
    """
    if room.record is None:
        await room.flights.run("record", lambda: _make_record(room))
    assert room.record is not None
    return dict(room.record)


async def _make_record(room: Room) -> None:
    view = await room.view()
    meeting, state = view.frozen()
    if not state.closed:
        raise RefusedError("not-closed")
    papers: dict[str, bytes] = {}
    proofs: dict[str, bytes] = {}
    async with room.store.reading() as tx:
        lines = b"".join(line + b"\n" for line in await tx.ledger())
        for slot in state.rounds:
            archive = await tx.archive(slot, counting.FINAL) or await tx.archive(slot, SEALED)
            if archive is not None:
                papers[slot] = archive
            second = await tx.archive(slot, counting.PROOFS)
            if second is not None:
                proofs[slot] = second
    room.record = await room.pool.run(make_record, meeting.raw, lines, papers, proofs)


async def unsigned_record(room: Room, caller: Caller) -> bytes:
    """Return the zip of the record without its note, for an officer's device to verify."""
    caller.must_be("chair", "secretary", "scrutineer", "teller", "recorder")
    return pack(await unsigned_files(room))


async def sign_note(room: Room, caller: Caller, line: str) -> None:
    """Keep an officer's signature of the note.

    Raises:
        RefusedError: ``not-your-role``, ``not-closed``.
        FormatError, ProofError: Not a signature of this note by this officer.
    """
    meeting, _ = (await room.view()).frozen()
    signature = parse_signature_line(line)
    if signature.name != caller.name or signature.name not in note_signers(meeting):
        raise RefusedError("not-your-role", role=caller.role)
    text = note_text(await unsigned_files(room))
    verify_note(parse_note(encode_note(text, [signature])), note_signers(meeting))
    async with room.turn() as turn:
        await turn.tx.put_message(NOTE_TOPIC, caller.name, line.encode())


def is_public(view: View) -> bool:
    """Tell whether anybody may have the record, and not only officers and trustees.

    The record holds every count. So it is the room's when the room may know every count already:
    each counted round was released, under a rule that lets counts be told.
    """
    if view.meeting is None or view.state is None or not view.state.closed:
        return False
    counted = [slot for slot, one in view.state.rounds.items() if one.proofs is not None]
    return all(counting.is_public(view, slot) for slot in counted)


async def record_digest(room: Room) -> str | None:
    """Return the SHA-256 of the complete record's zip, None while it is not complete."""
    if room.record_digest is None:
        try:
            await room.flights.run("record's digest", lambda: _take_digest(room))
        except RefusedError:
            return None
    return room.record_digest


async def _take_digest(room: Room) -> None:
    room.record_digest = sha256_hex(await record(room))


async def record(room: Room) -> bytes:
    """Return ``record.zip``, once every officer with a key has signed the note.

    Raises RefusedError ``not-closed``, or ``note-unsigned`` with the ``missing`` officers.
    """
    meeting, state = (await room.view()).frozen()
    if not state.closed:
        raise RefusedError("not-closed")
    async with room.store.reading() as tx:
        lines = await tx.messages(NOTE_TOPIC)
    missing = [name for name in note_signers(meeting) if name not in lines]
    if missing:
        raise RefusedError("note-unsigned", missing=missing)
    files = await unsigned_files(room)
    signatures = [parse_signature_line(line.decode()) for line in lines.values()]
    return pack({**files, NOTE: encode_note(note_text(files), signatures)})
