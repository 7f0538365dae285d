"""Next rounds of contests, as the server computes them from the boxes that it has.

The rule says from the opened totals who stands next (``tally.following``); the console proposes it
and nobody types it. What was opened of a box never changes, so it is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.following import asked_of, following
from tally.outcome import opened_of

if TYPE_CHECKING:
    from kiosk.server.services.room import Room
    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State
    from voting.rules.shapes import Standing
    from voting.storage import Reading

FINAL = "final"
"""The stage under which a counted archive is stored (``counting``)."""


async def following_now(
    room: Room, tx: Reading, meeting: Meeting, state: State
) -> dict[str, Standing]:
    """Return who stands in the next round of every item that is to have one now."""
    return following(meeting, state, await opened_now(room, tx, meeting, state))


async def opened_now(room: Room, tx: Reading, meeting: Meeting, state: State) -> dict[str, Opened]:
    """Return what was opened in the last counted box of every contest, by slot."""
    for slot in asked_of(meeting, state):
        await opened_in(room, tx, slot)
    return room.opened


async def opened_in(room: Room, tx: Reading, slot: str) -> Opened:
    """Return what was opened in a counted box."""
    if slot not in room.opened:
        final = await tx.archive(slot, FINAL)
        assert final is not None
        room.opened[slot] = await room.pool.run(opened_of, final)
    return room.opened[slot]
