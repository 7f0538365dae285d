"""Every fault of a draft that can be told at once, each at its row.

The reader of drafts stops at the first fault (``voting.meeting.draft``). A secretary who pasted two
hundred people wants them all: so a faulty row is noted, set aside, and the rest is read again.
Once rows were set aside, what does not fit *together* any more may be their fault and is not told;
it will be, when the rows are mended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from kiosk.draft import printed
from kiosk.server.services.said import Said, said_error
from tally.report.fonts import check_text
from voting.errors import DraftError
from voting.meeting.draft import read_draft, read_tables
from voting.meeting.table import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voting.rules import Rule

MOST: Final = 50
_STANDING_IN: Final[Mapping[str, Any]] = {
    "meeting": {"title": "-", "body": "-", "date": "2000-01-01"},
    "roll": [{"name": "-"}],
    "items": [],
    "trustees": {"threshold": 2, "names": ["-", "--"]},
    "officers": [],
}
"""What a draft must have, and what stands in for it while the rest is read."""
_PLACE: Final = re.compile(r"([A-Za-z-]+)(?:\[([0-9]+)\])?(?:\.(.+))?")
_ALONE: Final = frozenset(
    {
        "missing-key",
        "unknown-key",
        "wrong-type",
        "empty-text",
        "space-in-name",
        "bad-id",
        "id-number",
        "out-of-range",
        "not-a-choice",
        "bad-date",
        "bad-character",
        "too-long",
        "name-twice",
        "id-twice",
        "gate-missing",
        "gate-twice",
        "gate-digest",
        "gate-voucher",
        "unknown-gate",
        "gate-needs-record",
        "gate-needs-paper",
        "gate-override",
        "window-backwards",
        "rule-does-not-exist",
        "rule-not-a-ballot",
        "pen-not-allowed",
    }
)
"""Faults that a row has by itself, or with another row of its table."""


def draft_faults(text: str, own: Mapping[str, Rule] | None = None) -> tuple[DraftError, ...]:
    """Return the faults of a draft in the order of reading, at most ``MOST``; none: it is whole.

    ``own`` are the institution's rules.
    """
    try:
        data = read_toml(text)
    except DraftError:
        return _first(text)
    numbers = {
        name: list(range(1, len(rows) + 1)) for name, rows in data.items() if isinstance(rows, list)
    }
    faults = [DraftError("missing-key", name) for name in _STANDING_IN if name not in data]
    data = {**_STANDING_IN, **data}
    while len(faults) < MOST:
        try:
            draft = read_tables(data, own)
        except DraftError as e:
            place = _PLACE.fullmatch(e.place)
            table = place[1] if place and place[2] else None
            if faults and e.code not in _ALONE:
                break
            faults.append(_as_written(e, numbers))
            if place and place[1] == "meeting" and place[3] and e.code in _ALONE:
                data["meeting"] = _without(data["meeting"], place[3])
                continue
            if table not in numbers or e.code not in _ALONE:
                break
            assert place is not None
            row = int(place[2]) - 1
            data[table] = [one for n, one in enumerate(data[table]) if n != row]
            del numbers[table][row]
            continue
        if not faults:
            faults.extend(_unprintable(printed(draft)))
        break
    return tuple(faults[:MOST])


def fault_json(fault: DraftError) -> dict[str, object]:
    """Return a fault as the console shows it: where, and the sentence."""
    place = _PLACE.fullmatch(fault.place)
    return {
        "place": fault.place,
        "table": place[1] if place else fault.place,
        "row": int(place[2]) if place and place[2] else None,
        "key": place[3] if place else None,
        **said_error(fault),
    }


def fault_said(fault: DraftError) -> Said:
    """Return a fault as one sentence with its place."""
    return {
        "word": "desk.missing.fault",
        "params": {"place": fault.place, "fault": said_error(fault)},
    }


def _without(meeting: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return ``[meeting]`` with what stands in for a faulty key, or without the key."""
    rest = {name: value for name, value in meeting.items() if name != key}
    standing = _STANDING_IN["meeting"]
    return {**rest, key: standing[key]} if key in standing else rest


def _first(text: str) -> tuple[DraftError, ...]:
    try:
        read_draft(text)
    except DraftError as e:
        return (e,)
    return ()


def _unprintable(texts: Iterator[tuple[str, str]]) -> Iterator[DraftError]:
    for place, words in texts:
        try:
            check_text(words, place)
        except DraftError as e:
            yield e


def _as_written(fault: DraftError, numbers: dict[str, list[int]]) -> DraftError:
    """Return the fault with the rows as the draft numbers them, those set aside counted."""
    place = _PLACE.fullmatch(fault.place)
    if place is None or place[2] is None or place[1] not in numbers:
        return fault
    rows = numbers[place[1]]
    at = f"{place[1]}[{rows[int(place[2]) - 1]}]" + (f".{place[3]}" if place[3] else "")
    params = {name: value for name, value in fault.params.items() if name != "place"}
    if fault.code == "name-twice" and isinstance(params.get("row"), int):
        params["row"] = rows[params["row"] - 1]  # type: ignore[operator]
    return DraftError(fault.code, at, **params)
