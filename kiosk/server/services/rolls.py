"""The roll with its names, for check-in: who has come, who went out, who is recused.

For the secretary and the recorder, who hold the roll on paper too. Nobody else is told a name
from here, and no page of theirs is served to another role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.server.services import attendance
from voting.meeting.draft_chain import proposals

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room
    from voting.meeting.frozen import Meeting
    from voting.meeting.roll import Entry, Person
    from voting.meeting.state import State

Json = dict[str, object]


async def roll(room: Room, caller: Caller) -> Json:
    """Return people in the roll's order, the groups that are counted, the recusals proposed.

    A proposal follows from a relation in the draft and is nothing until a human enters it.
    """
    caller.must_be("secretary", "recorder")
    view = await room.view()
    if view.meeting is None or view.state is None:
        people = [_person(n, one) for n, one in enumerate(room.draft.roll, 1)]
        counted = {one.id: 0 for one in room.draft.groups}
        groups = room.draft.groups
    else:
        entries = attendance.entries(room.folder, view.meeting)
        people = [_entered(n, one, view.meeting, view.state) for n, one in enumerate(entries, 1)]
        counted = {name: one.count for name, one in view.state.counted.items()}
        groups = tuple(view.meeting.groups.values())
    return {
        "people": people,
        "groups": [
            {
                "id": one.id,
                "title": one.title,
                "class": one.cls,
                "series": _held(view.state, one.id, one.series),
                "count": one.count,
                "present": counted.get(one.id, 0),
            }
            for one in groups
        ],
        "proposals": [
            {"item": one.item, "who": one.who, "kin": one.kin, "must": one.must, "note": one.note}
            for one in proposals(room.draft)
        ],
    }


def _held(state: State | None, group: str, series: str) -> str:
    known = None if state is None else state.counted.get(group)
    return series if known is None else known.series


def _entered(number: int, entry: Entry, meeting: Meeting, state: State) -> Json:
    known = state.people.get(entry.digest)
    recused = [item for item in meeting.items if entry.digest in state.recusals.get(item, ())]
    if known is None:
        return _person(number, entry.person, recused=recused)
    here = "present" if known.here else "away"
    return _person(number, entry.person, state=here, drawn=known.series, recused=recused)


def _person(
    number: int,
    person: Person,
    *,
    state: str = "expected",
    drawn: str | None = None,
    recused: list[str] | None = None,
) -> Json:
    return {
        "n": number,
        "who": person.label,
        "name": person.name,
        "key": person.key,
        "class": person.cls,
        "post": person.post,
        "series": person.series,
        "state": state,
        "drawn": drawn,
        "recused": recused or [],
    }
