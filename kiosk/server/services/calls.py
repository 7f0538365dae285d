"""What is said in the room and stands in no ledger: the last call, and that a kiosk is there.

Both live in memory and may be lost at any moment. Of when a kiosk spoke nothing is told but
whether it was within the last minute: a time for each kiosk, near enough to its casts, would be
an order of casting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room


async def last_call(room: Room, caller: Caller, slot: str) -> None:
    """Tell hall and kiosks that this box is about to be closed.

    Raises:
        RefusedError: ``no-round``, ``round-sealed`` and the like.
    """
    caller.must_be("chair", "secretary")
    _, state = (await room.view()).frozen()
    state.round_at(slot, RoundState.OPEN)
    room.last_call.add(slot)


def hello(room: Room, caller: Caller, build: str) -> None:
    """Note that a kiosk is there, with this build of the page."""
    caller.must_be("kiosk")
    room.seen[caller.account] = (room.clock(), build)
