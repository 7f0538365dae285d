"""Freezing the meeting, and taking in the tickets' public parts.

At the freeze everything that was agreed before the day becomes ``meeting.json``: the draft, the
trustees' key, the officers' keys, the slots, a salted digest of the roll. Its fingerprint goes on
every screen; a later change is a new meeting. The roll's salts are drawn here and stay in the
meeting's folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kiosk.files import replace
from kiosk.server.services import attendance, ceremony
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError, VerificationError
from voting.meeting import freezing, keys, roll
from voting.meeting.frozen import decode_meeting
from voting.meeting.slips import decode_public_parts
from voting.protocol import codec
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.meeting.frozen import Meeting

MAX_TICKETS: Final = 64 * 2**20
"""Bytes of an upload of public parts: 6,000 tickets for 128 slots."""


async def build_freeze(
    room: Room, turn: Turn, wish: Mapping[str, Any]
) -> tuple[Meeting, dict[str, object], Mapping[tuple[str, str], bytes]]:
    """Make ``meeting.json`` and the body of the freeze act.

    Raises:
        RefusedError: ``already-frozen``, ``not-rehearsed``, ``officer-key-missing``.
    """
    codec.fields(wish, "body")
    if turn.view.meeting is not None:
        raise RefusedError("already-frozen")
    now = await ceremony.session(room, turn.tx)
    await ceremony.rehearsed(turn.tx, now)
    trustees = await turn.tx.meta(ceremony.TRUSTEES)
    assert trustees is not None
    people = roll.salted(room.draft.roll, [room.rand(roll.SALT_BYTES) for _ in room.draft.roll])
    enrolled = {
        account.id.removeprefix("officer:"): account.public_key
        for account in await turn.tx.accounts()
        if account.public_key is not None
    }
    raw = freezing.freeze(
        room.draft,
        uuid=now.meeting,
        slots=[codec.draw_base58(room.rand) for _ in range(room.draft.slots)],
        roll=people,
        certificates=sha256_hex(trustees),
        public_key=decode_trustees(trustees, ED25519).public_key.text,
        note_keys=await ceremony.note_keys(turn.tx, now),
        officer_keys=enrolled,
        server=keys.public_key(room.seed),
    )
    replace(room.folder / attendance.ROLL, roll.encode_roll(people))
    meeting = decode_meeting(raw)
    return meeting, {"meeting": meeting.fingerprint}, {}


async def take_tickets(room: Room, caller: Caller, body: bytes) -> None:
    """Commit to the tickets that were printed: store their public parts, append ``issue``.

    Raises:
        FormatError: Not the file that ``piaojue tickets`` writes.
        RefusedError: ``other-series``, ``other-slots``, ``already-issued``.
        VerificationError: ``other-meeting``: the tickets were made for another one.
    """
    caller.must_be("secretary")
    parts = await room.pool.run(decode_public_parts, body)  # a membership test for each credential
    async with room.turn() as turn:
        meeting, _ = turn.view.frozen()
        if parts.meeting != meeting.fingerprint:
            raise VerificationError("other-meeting")
        await turn.append("issue", parts.issue_body(made=meeting.mode.tickets))
        for series in parts.series:
            for slot, listed in series.lists.items():
                await turn.tx.add_credentials(slot, series.id, listed)
