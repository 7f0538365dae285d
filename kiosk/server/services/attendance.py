"""Who is in the room: the secretary enters it by name, the ledger hears a salted digest.

Names live in two files of the meeting's folder that are no part of the record and served to
nobody but the secretary, the recorder and the chair: ``roll.jsonl``, the roll with the salts that
the freeze drew, and ``minutes.jsonl``, one line for each named act and each line of the recorder's
(``services.recorder``). A line of minutes is on the disk before its act is durable; one without an
act (a crash between the two) is dropped at the start. If a line of the ledger's is missing, the
file as it was found is kept beside it.
"""

from __future__ import annotations

import logging
from itertools import count
from typing import TYPE_CHECKING, Final, Literal

from kiosk.files import append, replace, write_new
from voting.errors import FormatError, InputError, RefusedError
from voting.meeting import minutes, roll
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.minutes import Spoken, Told
    from voting.meeting.roll import Entry

ROLL: Final = "roll.jsonl"
MINUTES: Final = "minutes.jsonl"

_log = logging.getLogger(__name__)

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
        write_minutes(room, turn, await turn.append(act, body))


async def count_group(
    room: Room, caller: Caller, group: str, count: int, series: str | None = None
) -> None:
    """Enter how many of a group that is not named are in the room now.

    Args:
        series: Of which series they drew; None is the one they hold, or their own.

    Raises:
        RefusedError: ``unknown-group``, ``not-your-role``, or what the fold refuses.
    """
    caller.must_be("secretary")
    async with room.turn() as turn:
        wish = {"group": group, "series": series, "count": count}
        await turn.append("present", group_count(turn, wish))


async def recuse(room: Room, caller: Caller, who: str, item: str, *, back: bool = False) -> None:
    """Enter a recusal of a member from one item, or take it back."""
    caller.must_be("secretary")
    async with room.turn() as turn:
        entry = find(room, turn, who)
        body = {"item": item, "class": entry.person.cls, "line": entry.digest}
        write_minutes(room, turn, await turn.append("unrecuse" if back else "recuse", body))


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
    raise RefusedError("unknown-person", name=str(who))


def presence(room: Room, turn: Turn, who: object) -> dict[str, object]:
    """Return the body of ``leave`` and ``return`` for somebody who has signed in."""
    _, state = turn.view.frozen()
    entry = find(room, turn, who)
    known = state.people.get(entry.digest)
    if known is None:
        raise RefusedError("not-signed-in")
    return {"class": known.cls, "series": known.series, "line": entry.digest}


def arrival(room: Room, turn: Turn, wish: object) -> dict[str, object]:
    """Return the body of ``attend``; who has a series draws from it unless told otherwise."""
    who, series = codec.fields(wish, "body", "who", "series")
    person = (entry := find(room, turn, who)).person
    if series is None:
        series = person.series
    drawn = series if person.series is not None else None
    return {"class": person.cls, "series": drawn, "line": entry.digest}


def group_count(turn: Turn, wish: object) -> dict[str, object]:
    """Return the body of ``present``; a group keeps its series unless told otherwise."""
    group, series, count = codec.fields(wish, "body", "group", "series", "count")
    name = codec.text(group, "body.group", max_length=40)
    meeting, state = turn.view.frozen()
    if name not in meeting.groups:
        raise RefusedError("unknown-group", group=name)
    if series is None:
        known = state.counted.get(name)
        series = meeting.groups[name].series if known is None else known.series
    return {"group": name, "series": series, "count": count}


def entries(folder: Path, meeting: Meeting) -> tuple[Entry, ...]:
    """Read the roll of the frozen meeting. Raises VerificationError when it is another."""
    found = roll.decode_roll((folder / ROLL).read_bytes())
    roll.verify_roll(meeting, found)
    return found


def write_minutes(room: Room, turn: Turn, line: Line, spoken: Spoken | None = None) -> None:
    """Append who an act is about to the minutes, durably; most acts are about nobody.

    Args:
        spoken: What is behind a ``minute`` act.
    """
    named = minutes.named_lines(line.act)
    if not named:
        return
    behind: dict[str, Entry | Spoken] = {}
    if spoken is None:
        meeting, _ = turn.view.frozen()
        behind.update((entry.digest, entry) for entry in entries(room.folder, meeting))
    else:
        behind[spoken.digest] = spoken
    told = b"".join(minutes.minutes_line(line, behind[who]) + b"\n" for who in named)
    append(room.folder / MINUTES, told)


def trim_minutes(folder: Path, lines: Sequence[Line]) -> None:
    """Keep the lines of minutes whose acts are in the ledger. Called at the server's start.

    What is dropped was written before an act that never became durable; its last line may be
    cut off in the middle. If an act's own line is missing, something else was damaged: then
    the old file is kept.
    """
    path = folder / MINUTES
    told = path.read_bytes() if path.exists() else b""
    found = behind_acts(told, lines)
    kept = [minutes.minutes_line(line, one.behind) + b"\n" for line, one in found if one]
    rest = b"".join(kept)
    if missing := len(found) - len(kept):
        _log.error("%s lacks lines of the ledger's named acts: %d", MINUTES, missing)
    if rest == told:
        return
    if missing:
        _log.error("as it was found, it is kept as %s", _keep_aside(path, told))
    replace(path, rest)


def behind_acts(told: bytes, lines: Sequence[Line]) -> list[tuple[Line, Told | None]]:
    """Return what the minutes tell of every person of every named act, in the ledger's order.

    Args:
        told: The file as it is: with lines of acts that never became durable, perhaps twice,
            perhaps cut short.

    Returns:
        Each act once for each person; None where his line is missing.
    """
    known: dict[tuple[object, ...], Told] = {}
    for raw in told.split(b"\n"):
        try:
            one = minutes.decode_minutes_line(raw)
        except FormatError:
            continue  # the end of the file, or a line cut short
        known[one.height, one.kind, one.item, one.behind.digest] = one
    return [
        (line, known.get((line.act.height, line.act.kind, line.act.body.get("item"), who)))
        for line in lines
        for who in minutes.named_lines(line.act)
    ]


def _keep_aside(path: Path, told: bytes) -> str:
    """Write what was found to a new file beside ``path``; return that file's name."""
    for number in count(1):
        aside = path.with_name(f"{path.name}.damaged-{number}")
        try:
            write_new(aside, told)
        except InputError as e:
            if e.code != "file-exists":
                raise
        else:
            break
    return aside.name
