"""What was opened of counted boxes, and the next rounds of contests that follow from it.

The rule says from the opened totals who stands next (``tally.following``); the console proposes it
and nobody types it. What was opened of a box never changes, so it is read once, in a worker.

A busy worker may take long, and a transaction holds a connection, or everybody's turn: so ``ready``
is asked before one is begun, and within it the boxes are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.following import asked_of, following
from tally.outcome import opened_of
from voting.meeting.readings import asks_in_words
from voting.meeting.standings import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.server.services.room import Room, View
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


async def ready(room: Room, view: View, slot: object = None) -> None:
    """Read, before a transaction, the boxes that will be asked for in it.

    Args:
        slot: One that is asked for besides, if it is counted.
    """
    if view.meeting is None or view.state is None:
        return
    for one in dict.fromkeys(_wanted(view.meeting, view.state, slot)):
        await box(room, one)


async def box(room: Room, slot: str) -> Opened:
    """Return what was opened in a counted box. Not within a transaction: see ``opened_in``."""

    async def read() -> Opened:
        async with room.store.reading() as tx:
            final = await tx.archive(slot, FINAL)
        return await _open(room, slot, final)

    if slot not in room.opened:
        return await room.flights.run(f"opened {slot}", read)
    return room.opened[slot]


async def opened_in(room: Room, tx: Reading, slot: str) -> Opened:
    """Return what was opened in a counted box, within a transaction.

    It has to wait for a worker only where the box was counted since ``ready``.
    """
    if slot not in room.opened:
        final = await tx.archive(slot, FINAL)
        return await room.flights.run(f"opened {slot}", lambda: _open(room, slot, final))
    return room.opened[slot]


async def _open(room: Room, slot: str, final: bytes | None) -> Opened:
    assert final is not None
    if slot not in room.opened:
        room.opened[slot] = await room.pool.run(opened_of, final)
    return room.opened[slot]


def _wanted(meeting: Meeting, state: State, slot: object) -> Iterator[str]:
    yield from asked_of(meeting, state)
    for one in state.rounds.values():
        unread = one.reading is None and asks_in_words(meeting, one)
        if one.state in COUNTED and (unread or one.slot == slot):
            yield one.slot
