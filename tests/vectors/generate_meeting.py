"""Write ``data/meeting.json``: frozen meetings, and the elections that follow from them.

Run ``python -m tests.vectors.generate_meeting``. Deterministic; ``test_meeting_vectors`` runs it
again and compares. A page rebuilds each round's election from the frozen meeting and takes none
from a server, so both languages must write the same bytes. The keys in it are public.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.drafts import SMALL
from tests.support.meeting import make_meeting
from tests.vectors import contest_meetings
from voting.errors import FormatError
from voting.meeting.binding import round_election
from voting.meeting.draft import read_draft
from voting.meeting.frozen import decode_meeting
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "data"


def files() -> dict[str, bytes]:
    """Return every file's bytes by its name."""
    made = {"spec": "docs/spec/meeting.md, docs/spec/ledger.md (Binding)", "tests": tests()}
    return {"meeting.json": (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()}


def tests() -> list[dict[str, object]]:
    meeting, _ = make_meeting(read_draft(SMALL))
    items = list(meeting.items)
    rounds = [
        {
            "slot": slot,
            "items": chosen,
            "number": number,
            "election": round_election(meeting, slot, chosen, number).decode(),
        }
        for slot, chosen, number in (
            (meeting.slots[0], items[:1], 1),
            (meeting.slots[1], items[:2], 3),
        )
    ]
    good: dict[str, object] = {
        "kind": "meeting",
        "id": "small",
        "meeting": meeting.raw.decode(),
        "fingerprint": meeting.fingerprint,
        "code": meeting.code,
        "rounds": rounds,
    }
    return [
        good,
        _characters(meeting.raw),
        *(_refused(name, meeting.raw, change) for name, change in FAULTS.items()),
        *_contests(),
    ]


def _characters(raw: bytes) -> dict[str, object]:
    """A meeting with characters that are taken, whatever the runtime's tables know of them."""
    value: Any = json.loads(raw)
    value["title"] = (
        "\U0002ebf0\U000323b0\U00033479\U0003fffd 葛\U000e0100城 ☎\ufe0f\ufffd\u3000\u00a0"
    )
    value["items"][0]["candidate"] = "\U00033479\u378f·ᠠ"
    meeting = decode_meeting(codec.encode(value))
    return {
        "kind": "meeting",
        "id": "characters",
        "meeting": meeting.raw.decode(),
        "fingerprint": meeting.fingerprint,
        "code": meeting.code,
        "rounds": [],
    }


def _contests() -> Iterator[dict[str, object]]:
    """A meeting of several kinds, and what is refused of it where this reader says."""
    meeting, _ = make_meeting(read_draft(contest_meetings.TEXT))
    yield {
        "kind": "meeting",
        "id": "contests",
        "meeting": meeting.raw.decode(),
        "fingerprint": meeting.fingerprint,
        "code": meeting.code,
        "rounds": [
            {
                "slot": slot,
                "items": [item],
                "number": 1,
                "election": round_election(meeting, slot, [item], 1).decode(),
            }
            for slot, item in zip(meeting.slots, meeting.items, strict=False)
        ],
    }
    for name, change in contest_meetings.FAULTS.items():
        yield _refused(name, meeting.raw, lambda value, change=change: _place(value, change))


def _place(value: Any, change: Any) -> str:
    """Make the change, and return where it is refused."""
    change(value)
    try:
        decode_meeting(codec.encode(value))
    except FormatError as e:
        return e.place
    raise AssertionError(change)


def _refused(name: str, raw: bytes, change: Any) -> dict[str, object]:
    value: Any = json.loads(raw)
    place = change(value)
    return {
        "kind": "refuse",
        "id": name,
        "meeting": codec.encode(value).decode(),
        "error": {"code": "malformed", "place": place},
    }


def _set(place: str, *path: Any, to: object) -> Any:
    def change(value: Any) -> str:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to
        return place

    return change


FAULTS = {
    "version 2": _set("meeting.version", "version", to=2),
    "a field more": _set("meeting", "more", to=1),
    "a slot twice": lambda value: value["slots"].append(value["slots"][0]) or "meeting.slots",
    "the meeting's own slot": lambda value: value["slots"].append(value["uuid"]) or "meeting.slots",
    "a rule that is not there": _set("meeting.rules", "items", 0, "rule", to="none"),
    "two options with one word": _set("meeting.options", "options", "abstain", to="同意"),
    "due that is no sum": _set("meeting.roll", "roll", "due", to=99_999),
    "an unseen character": _set("meeting.title", "title", to="会\u202e议"),
    "a character that only newer tables know": _set("meeting.title", "title", to="票\U00013439决"),
    "a filler": _set("meeting.items[0].question", "items", 0, "question", to="同意\u3164吗"),
    "a joiner": _set("meeting.body", "body", to="会\u034f议"),
    "an empty Braille cell": _set("meeting.body", "body", to="会\u2800议"),
    "a private character": _set("meeting.body", "body", to="会\ue000议"),
    "a noncharacter": _set("meeting.body", "body", to="会\U0001ffff议"),
    "a tag": _set("meeting.body", "body", to="会\U000e0041议"),
    "a candidate with a variation selector": _set(
        "meeting.items[0].candidate", "items", 0, "candidate", to="人选1\U000e0100"
    ),
    "a date that the calendar has not": _set("meeting.date", "date", to="2026-02-30"),
    "a month 99": _set("meeting.date", "date", to="2026-99-99"),
    "a date in the year 9999": _set("meeting.date", "date", to="9999-12-31"),
    "a date in the year 1999": _set("meeting.date", "date", to="1999-12-31"),
    "a reference of a day that is none": _set(
        "meeting.items[0].gates[0].date",
        "items",
        0,
        "gates",
        0,
        to={
            "gate": "recommended",
            "record": "a" * 64,
            "item": "i1",
            "date": "2026-02-29",
            "voucher": "x",
            "override": "",
        },
    ),
    "a window up to a day that is none": _set(
        "meeting.chain.windows[0].until",
        "chain",
        "windows",
        to=[{"from": "2026-11-22", "until": "2026-11-31", "why": "x"}],
    ),
    "an item whose id is a number": _set("meeting.items[1].id", "items", 1, "id", to="10"),
    "a series whose id is a number": _set("meeting.series[0].id", "series", 0, "id", to="0"),
    "a rule whose id is a number": lambda value: (
        value.update(rules={"2026": next(iter(value["rules"].values()))}) or "meeting.rules key"
    ),
    "a key off the group": _set(
        "meeting.trustees.public_key", "trustees", "public_key", to="0" * 63 + "2"
    ),
    "a gate of neither form": lambda value: (
        value["items"][0]["gates"][0].pop("voucher") and "meeting.items[0].gates[0]"
    ),
    "a reference with a code for its record": _set(
        "meeting.items[0].gates[0].record",
        "items",
        0,
        "gates",
        0,
        to={
            "gate": "recommended",
            "record": "ABCD",
            "item": "i1",
            "date": "2026-05-01",
            "voucher": "x",
            "override": "",
        },
    ),
    "a window that ends before it begins": _set(
        "meeting.chain.windows",
        "chain",
        "windows",
        to=[{"from": "2026-11-22", "until": "2026-11-21", "why": "x"}],
    ),
    "a share of more than all": _set(
        "meeting.chain.concentration",
        "chain",
        "concentration",
        to={"numerator": 1, "denominator": 1, "inclusive": False},
    ),
    "a ratio of nothing": _set(
        "meeting.chain.ratio.seats", "chain", "ratio", to={"names": 2, "seats": 0}
    ),
    "a secretary who signs by pen": lambda value: (
        next(o for o in value["officers"] if o["role"] == "secretary").update(key=None)
        or "meeting.officers"
    ),
}


if __name__ == "__main__":
    for name, data in files().items():
        (DATA / name).write_bytes(data)
