"""认读 on the server: what was written into a counted box in words, and an act that reads it.

The texts are officers' until the counts are released; two scrutineers see them and sign what they
read them as (``voting.meeting.readings``). The act goes into the ledger, which anybody may read:
it is masked here. Each of their devices reads the box itself, and takes the masks off.
"""

from __future__ import annotations

from dataclasses import replace
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from kiosk.server.services import contests
from tally.outcome import is_unread, reading_in, written_in
from voting.errors import FormatError, VerificationError
from voting.meeting import shape
from voting.meeting.bodies import AS
from voting.meeting.readings import (
    Masked,
    asks_in_words,
    mask_reading,
    numbers_named,
    stands_already,
)
from voting.meeting.state import RoundState
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.server.services.room import Room, Turn
    from voting.meeting.frozen import Meeting
    from voting.meeting.readings import Key, Reading
    from voting.meeting.state import Round, State
    from voting.storage import Reading as StoreReading

_READ = shape.sequence(AS, low=1)
COUNTED = (RoundState.COUNTED, RoundState.CERTIFIED)


async def build(
    room: Room, turn: Turn, wish: Mapping[str, Any]
) -> tuple[Meeting, dict[str, object], dict[tuple[str, str], bytes]]:
    """Form a ``reading`` of everything that was written into a counted box.

    Raises:
        RefusedError: The round is not counted, or certified.
        VerificationError: ``reading-no-words``, ``reading-mismatch``, ``reading-number``,
            ``reading-name``.
    """
    slot, given = codec.fields(wish, "body", "slot", "read")
    meant = _READ(given, "body.read")
    meeting, state = turn.view.frozen()
    if not isinstance(slot, str):
        raise FormatError("body.slot", "not a string")
    held = state.round_at(slot, RoundState.COUNTED)
    if not asks_in_words(meeting, held):
        raise VerificationError("reading-no-words", slot=slot)
    opened = await contests.opened_in(room, turn.tx, slot)
    written = written_in(meeting, held, opened)
    body = mask_reading(slot, written, meant, opened.blind, token_bytes)
    reading_in(meeting, replace(held, reading=Masked.of(body)), opened)
    return meeting, body, {}


async def unread(room: Room, tx: StoreReading, meeting: Meeting, state: State) -> frozenset[str]:
    """Return the slots of counted boxes with words that nobody has read yet."""
    found = set[str]()
    for slot, one in state.rounds.items():
        if one.state in COUNTED and one.reading is None and asks_in_words(meeting, one):
            opened = await contests.opened_in(room, tx, slot)
            if is_unread(meeting, one, opened):
                found.add(slot)
    return frozenset(found)


async def entries(room: Room, slot: str) -> list[dict[str, object]]:
    """Return what was written into a counted box, in the order of a reading.

    Each with how often, the numbers of the roster that have this very name, whether somebody of
    it stands on the paper, and what it was read as.
    """
    meeting, state = (await room.view()).frozen()
    held = state.round_at(slot, *COUNTED)
    opened = await contests.box(room, slot)
    reading = {} if held.reading is None else reading_in(meeting, held, opened)
    return [
        _entry(meeting, reading, key, text, votes)
        for key, texts in written_in(meeting, held, opened).items()
        for text, votes in texts.items()
    ]


async def require_read(room: Room, tx: StoreReading, meeting: Meeting, held: Round) -> None:
    """Refuse what would follow of a box with words that nobody has read.

    Raises:
        RefusedError: ``reading-missing``.
    """
    if asks_in_words(meeting, held):
        reading_in(meeting, held, await contests.opened_in(room, tx, held.slot))


def _entry(
    meeting: Meeting, reading: Reading, key: Key, text: str, votes: int
) -> dict[str, object]:
    item, ask = key
    return {
        "item": item,
        "ask": ask,
        "text": text,
        "votes": votes,
        "named": numbers_named(meeting, item, text),
        "stands": stands_already(meeting, item, text),
        "as": reading.get(key, {}).get(text),
    }
