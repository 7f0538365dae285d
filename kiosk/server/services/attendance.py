"""Who is in the room: the secretary enters it by name, the ledger hears a salted digest.

Names live in two files of the meeting's folder that are no part of the record and served to
nobody but the secretary and the recorder: ``roll.jsonl``, the roll with the salts that the
freeze drew, and ``minutes.jsonl``, one line for each named act. A line of minutes is on the disk
before its act is durable; one without an act (a crash between the two) is dropped at the start.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Literal

from voting.errors import RefusedError
from voting.meeting import roll
from voting.protocol import codec

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.meeting.frozen import Meeting
    from voting.meeting.roll import Entry

ROLL: Final = "roll.jsonl"
MINUTES: Final = "minutes.jsonl"

Movement = Literal["attend", "leave", "return"]


async def move(
    room: Room, caller: Caller, act: Movement, who: str, series: str | None = None
) -> None:
    """Enter that somebody signed in and drew, went out, or came back.

    Args:
        who: The name as the roll has it, with its second key where two share a name.
        series: For ``attend``: of which series he drew; None is his own by the roll.

    Raises:
        RefusedError: ``unknown-person``, ``not-your-role``, or what the fold refuses.
    """
    caller.must_be("secretary")
    async with room.turn() as turn:
        if act == "attend":
            body = arrival(room, turn, {"who": who, "series": series})
        else:
            body = presence(room, turn, who)
        line = await turn.append(act, body)
        write_minutes(room.folder, roll.minutes_line(line, find(room, turn, who)))


async def recuse(room: Room, caller: Caller, who: str, item: str, *, back: bool = False) -> None:
    """Enter a recusal of a member from one item, or take it back."""
    caller.must_be("secretary")
    async with room.turn() as turn:
        entry = find(room, turn, who)
        body = {"item": item, "class": entry.person.cls, "line": entry.digest}
        line = await turn.append("unrecuse" if back else "recuse", body)
        write_minutes(room.folder, roll.minutes_line(line, entry))


async def room_step(room: Room, caller: Caller, item: str, step: str) -> None:
    """Enter a gate of the room for an item: introduced, discussed, principal last."""
    caller.must_be("secretary", "recorder")
    async with room.turn() as turn:
        await turn.append("room", {"item": item, "step": step})


def find(room: Room, turn: Turn, who: object) -> Entry:
    """Return the roll's entry of a person."""
    meeting, _ = turn.view.frozen()
    for entry in entries(room.folder, meeting):
        if entry.person.label == who:
            return entry
    raise RefusedError("unknown-person")


def presence(room: Room, turn: Turn, who: object) -> dict[str, object]:
    """Return the body of ``leave`` and ``return`` for somebody who has signed in."""
    _, state = turn.view.frozen()
    entry = find(room, turn, who)
    known = state.people.get(entry.digest)
    if known is None:
        raise RefusedError("not-signed-in")
    return {"class": known.cls, "series": known.series, "line": entry.digest}


def arrival(room: Room, turn: Turn, wish: object) -> dict[str, object]:
    """Return the body of ``attend``; a member draws from his own series unless told otherwise."""
    who, series = codec.fields(wish, "body", "who", "series")
    person = (entry := find(room, turn, who)).person
    if series is None:
        series = person.series
    drawn = series if person.cls == "member" else None
    return {"class": person.cls, "series": drawn, "line": entry.digest}


def entries(folder: Path, meeting: Meeting) -> tuple[Entry, ...]:
    """Read the roll of the frozen meeting. Raises VerificationError when it is another."""
    found = roll.decode_roll((folder / ROLL).read_bytes())
    roll.verify_roll(meeting, found)
    return found


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def write_minutes(folder: Path, line: bytes) -> None:
    """Append one line of minutes, durably."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(folder / MINUTES, flags, 0o600), "ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def trim_minutes(folder: Path, height: int) -> None:
    """Drop lines of minutes whose act was never durable. Called at the server's start."""
    path = folder / MINUTES
    if not path.exists():
        return
    kept = []
    for line in path.read_bytes().splitlines():
        if _height(line) < height:
            kept.append(line + b"\n")
    write_private(path, b"".join(kept))


def _height(line: bytes) -> int:
    value = codec.decode_exact(line, "minutes")
    assert isinstance(value, dict)
    return codec.integer(value["height"], "minutes.height")
