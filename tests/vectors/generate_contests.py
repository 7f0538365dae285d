"""Write ``data/contests.json``: what contests, rosters and grids ask, seal, count and decide.

Run ``python -m tests.vectors.generate_contests``. Deterministic; ``test_contest_vectors`` runs it
again and compares. The pages read the same file: an election from the frozen meeting, choices from
marks, one plaintext for a roster's names, counts from what was opened, and the evaluation, without
the words of its reasons, that an officer's page holds against the outcome that he certifies.
"""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

from tests.support import ballots as b
from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED
from tests.support.drafts import draft_text, group_of, item_of, post_of
from tests.support.meeting import make_meeting, uuid_of
from tests.vectors import readings
from tests.vectors.contest_boxes import evaluations
from voting.errors import FormatError, InputError
from voting.meeting import marks
from voting.meeting.binding import round_election
from voting.meeting.draft import read_draft
from voting.meeting.frozen import decode_meeting
from voting.meeting.plaintexts import decode_roster
from voting.meeting.questions import asks_of
from voting.protocol import codec
from voting.protocol.election import decode_election
from voting.protocol.spoil import encode_opening, opening_of
from voting.rules.shapes import Standing

DATA = Path(__file__).parent / "data"
SERIES = "[[series]]"


def _with(text: str, rule: str, clause: str) -> str:
    return text.replace(SERIES, f"[rules.{rule}]\n{clause}\n{SERIES}", 1)


_FREE_ELECTION = _with(
    ELECTED.replace('roster = "r1"\n', "", 1), "grassroots-election", 'write-in = "text"'
)
TEXTS = {
    "choose": CONTESTED,
    "each": _with(CONTESTED, "contested", 'ballot = "each"'),
    "elect": ELECTED,
    "elect-equal": ELECTED.replace("seats = 2", "seats = 4"),
    "elect-text": _FREE_ELECTION[: _FREE_ELECTION.index("[[rosters]]")]
    + _FREE_ELECTION[_FREE_ELECTION.index("[trustees]") :],
    "roster": NOMINATED,
    "roster-text": _with(NOMINATED, "nomination", 'write-in = "text"'),
    "grid": ASSESSED,
    "kinds": draft_text(
        items=item_of(1) + item_of(2, "consultation") + post_of(3),
        groups=group_of("G", 6, 8),
    ),
}
MEETINGS = {name: make_meeting(read_draft(text))[0] for name, text in TEXTS.items()}
LATER = {
    "choose": {"i1": Standing(("c2", "c4"), 1, "open", 2)},
    "each": {"i1": Standing(("c1", "c2"), 2, "tie", 1)},
    "elect": {"i1": Standing(("c1", "c3", "others:7"), 1, "open", 2)},
    "elect-text": {"i1": Standing(("c3", "others:欧阳修"), 1, "tie", 1)},
}
MARKS: dict[str, list[Any]] = {
    "choose": [{"i1": {"": ["c1", "c3"]}, "i2": "abstain"}, {"i1": {"": ["blank"]}, "i2": "agree"}],
    "each": [{"i1": dict.fromkeys(("c1", "c2", "c3", "c4"), "disagree"), "i2": "agree"}],
    "elect": [
        {"i1": {"for": ["c2"], "against": ["c1", "c4"], "others": [30]}},
        {"i1": {"for": [], "against": [], "others": []}},
    ],
    "elect-text": [{"i1": {"for": ["c1"], "against": ["c2"], "others": ["欧阳·修", "A"]}}],
    "roster": [{"i1": {"": [17, 3]}}, {"i1": {"": []}}],
    "roster-text": [{"i1": {"": [3, "王小明"]}}, {"i1": {"": ["㐀\U00020000", "李四"]}}],
    "grid": [{"g": {"s1.a1": "excellent", "s1.a2": "competent", "s2.a1": "good", "s2.a2": "fair"}}],
    "kinds": [{"i1": "agree"}],
}
WRONG: list[tuple[str, Any]] = [
    ("choose", {"": ["c1", "c2", "c3"]}),
    ("choose", {"": []}),
    ("choose", {"": ["blank", "c1"]}),
    ("choose", {"": ["c1", "c1"]}),
    ("choose", {"": ["c9"]}),
    ("choose", "agree"),
    ("choose", {"": "c1"}),
    ("choose", {"": ["c1"], "more": []}),
    ("elect", {"for": ["c1"], "against": []}),
    ("elect", {"for": ["c1", "c2", "c3"], "against": [], "others": []}),
    ("roster", {"": "3"}),
    ("roster", {"": [1, 2, 3]}),
    ("roster", {"": [31]}),
    ("roster", {"": [0]}),
    ("roster", {"": [3, 3]}),
    ("roster", {"": ["王小明"]}),
    ("roster-text", {"": ["王，"]}),
    ("roster-text", {"": ["王小明", "王小明"]}),
    ("roster-text", {"": ["王" * 14]}),
    ("roster-text", {"": [1, 2, "王"]}),
    ("grid", {"s1.a1": "best"}),
]


def files() -> dict[str, bytes]:
    """Return every file's bytes by its name: a test a line."""
    tests = [
        *(_asked(name) for name in TEXTS),
        *(_sealed(name, i, given) for name, rows in MARKS.items() for i, given in enumerate(rows)),
        *(_wrong(name, given) for name, given in WRONG),
        *(_read(name) for name in ("elect", "elect-text", "roster", "roster-text")),
        _letters(),
        *(_counted(name) for name in MARKS if name != "kinds"),
        _many(),
        *(_ballot(name) for name in ("choose", "elect", "roster-text", "grid")),
        *(_refused(number, *fault) for number, fault in enumerate(FAULTS)),
        *readings.counts(),
        *evaluations(),
    ]
    lines = ",\n".join(json.dumps(test, ensure_ascii=False) for test in tests)
    spec = "docs/spec/ledger.md (Binding), docs/spec/meeting.md, docs/spec/rules.md"
    return {"contests.json": f'{{"spec": "{spec}", "tests": [\n{lines}\n]}}\n'.encode()}


def _items(name: str) -> list[str]:
    given = MARKS.get(name, [{"i1": None}])[0]
    return [item for item in MEETINGS[name].items if item in given]


def _asked(name: str) -> dict[str, object]:
    meeting, items = MEETINGS[name], _items(name)
    rounds = [({}, 1), *(((LATER[name], 2),) if name in LATER else ())]
    return {
        "kind": "asks",
        "id": name,
        "meeting": meeting.raw.decode(),
        "items": items,
        "rounds": [
            {
                "number": number,
                "standings": {item: who.to_json() for item, who in standings.items()},
                "election": round_election(
                    meeting, meeting.slots[0], items, number, standings
                ).decode(),
                "ids": [
                    [ask.id, *ask.ids][: 1 + len(ask.ids) * (ask.type != "roster")]
                    for item in items
                    for ask in asks_of(meeting, item, standings.get(item))
                ],
            }
            for standings, number in rounds
        ],
    }


def _sealed(name: str, number: int, given: Any) -> dict[str, object]:
    choices = marks.choices_of(MEETINGS[name], _items(name), given)
    return {
        "kind": "marks",
        "id": f"{name} {number}",
        "meeting": name,
        "items": _items(name),
        "marks": given,
        "choices": choices,
        "opened": marks.marks_of(MEETINGS[name], _items(name), choices),
    }


def _wrong(name: str, given: Any) -> dict[str, object]:
    first = next(iter(MEETINGS[name].items))
    try:
        marks.choices_of(MEETINGS[name], [first], {first: given})
    except InputError as e:
        error = {"code": e.code, "params": e.params}
        return {
            "kind": "unmarkable",
            "id": f"{name} {json.dumps(given, ensure_ascii=False)[:40]}",
            "meeting": name,
            "items": [first],
            "marks": {first: given},
            "error": error,
        }
    raise AssertionError(given)


def _read(name: str) -> dict[str, object]:
    """Every plaintext of the marks, and each with one byte of it changed."""
    meeting = MEETINGS[name]
    ask = asks_of(meeting, "i1")[-1]
    rows = [marks.choices_of(meeting, ["i1"], given)[-1] for given in MARKS[name]]
    changed = [
        [*row[:i], value, *row[i + 1 :]]
        for row in rows
        for i in range(30)
        for value in (0, 1, 0xB0)
    ]
    unique = list(dict.fromkeys(map(bytes, [*rows, *changed, bytes(29)])))
    return {
        "kind": "plaintexts",
        "id": name,
        "meeting": name,
        "read": [[row.hex(), decode_roster(ask, row)] for row in unique],
    }


def _letters() -> dict[str, object]:
    """A digest of every letter that a name in words may hold, in GB18030."""
    ranges = [
        (0x41, 0x5A),
        (0x61, 0x7A),
        (0xB7, 0xB7),
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FA5),
        (0x20000, 0x2A6DF),
    ]
    data = b"".join(chr(n).encode("gb18030") for a, z in ranges for n in range(a, z + 1))
    return {
        "kind": "gb18030",
        "id": "letters",
        "ranges": ranges,
        "digest": hashlib.sha256(data).hexdigest(),
        "text": "、A王é！\U0001f600",
        "bytes": "、A王é！\U0001f600".encode("gb18030").hex(),
    }


def _many() -> dict[str, object]:
    """Twelve numbers of a roster: keys of counts, which no program may put in an order of its own.

    ``bytes`` tells that order, which a reader of this file may lose with the object.
    """
    meeting = MEETINGS["roster"]
    given = [[12, 9], [10, 2], [11, 3], [1, 20], [30, 8], [7, 10], [2, 13]]
    opened = [[marks.choices_of(meeting, ["i1"], {"i1": {"": one}})[0] for one in given]]
    counts = marks.counts_of(meeting, ["i1"], opened, entries={0: opened[0]})
    return {
        "kind": "counts",
        "id": "a roster of which twelve are named",
        "meeting": "roster",
        "items": ["i1"],
        "opened": opened,
        "counts": counts,
        "bytes": codec.encode(counts).decode(),
    }


def _counted(name: str) -> dict[str, object]:
    """Three ballots of the first marks, one of each of the others, and one that says nothing."""
    meeting, items = MEETINGS[name], _items(name)
    given = [MARKS[name][0]] * 3 + MARKS[name][1:]
    ballots = [marks.choices_of(meeting, items, one) for one in given]
    asks = [ask for item in items for ask in asks_of(meeting, item)]
    opened: list[Any] = [
        [*(ballot[i] for ballot in ballots), [0xFF] * 30, None]
        if ask.type == "roster"
        else [sum(ballot[i][j] for ballot in ballots) for j in range(len(ask.ids))]
        for i, ask in enumerate(asks)
    ]
    entries = {i: opened[i] for i, ask in enumerate(asks) if ask.type == "roster"}
    return {
        "kind": "counts",
        "id": name,
        "meeting": name,
        "items": items,
        "opened": opened,
        "counts": marks.counts_of(meeting, items, opened, entries=entries),
    }


def _ballot(name: str) -> dict[str, object]:
    meeting, items = MEETINGS[name], _items(name)
    election = decode_election(round_election(meeting, uuid_of("slot"), items, 1))
    sealed = b.seal(election, marks.choices_of(meeting, items, MARKS[name][0]), number=7)
    return {
        "kind": "ballot",
        "id": name,
        "meeting": name,
        "slot": uuid_of("slot"),
        "items": items,
        "marks": MARKS[name][0],
        "x": str(b.scalar(1)),
        "seed": b.seed(7).hex(),
        "nonce": str(b.scalar(1007)),
        "tracker": sealed.tracker,
        "opening": encode_opening(opening_of(election, sealed)).decode(),
    }


DELETE = {"delete": True}
_ITEM = ["items", 0, "contest"]
_ELECTION = ["rules", "grassroots-election"]
_GRADES = ["rules", "assessment", "scales", "value", 0, "grades"]
FAULTS: list[tuple[str, list[Any], Any]] = [
    ("choose", [*_ITEM], None),
    ("choose", [*_ITEM, "type"], "list"),
    ("choose", [*_ITEM, "seats"], 5),
    ("choose", [*_ITEM, "seats"], 0),
    ("choose", [*_ITEM, "names", 1, "id"], "c1"),
    ("choose", [*_ITEM, "names", 1, "name"], "孙一"),
    ("choose", [*_ITEM, "names"], []),
    ("choose", [*_ITEM, "write_in"], {"text": True}),
    ("choose", [*_ITEM, "write_in"], {"text": False}),
    ("choose", [*_ITEM, "write_in"], {}),
    ("choose", ["items", 0, "candidate"], "孙一"),
    ("choose", ["items", 1, "contest"], {"type": "roster", "seats": 1, "roster": "r1"}),
    ("choose", ["rules", "contested", "ties", "value"], "none"),
    ("choose", ["rules", "contested", "rounds-limit", "value"], -1),
    ("choose", ["rules", "contested", "options", "value"], ["agree", "disagree"]),
    ("choose", ["rules", "contested", "scatter"], {}),
    ("choose", ["rules", "contested", "ballot"], DELETE),
    ("elect", [*_ITEM, "write_in", "roster"], "r9"),
    ("elect", [*_ITEM, "write_in"], {"text": True}),
    ("elect", [*_ELECTION, "write-in", "value"], "none"),
    ("elect", [*_ELECTION, "kind"], "named"),
    ("elect", [*_ELECTION, "pass", "value", "numerator"], 3),
    ("elect", [*_ELECTION, "groups", "value"], [{"id": "x", "title": {"zh": "x", "en": "x"}}]),
    (
        "elect",
        [*_ELECTION, "groups", "value"],
        [{"id": "x", "title": {"zh": "x", "en": "x"}, "quota": 0}],
    ),
    ("elect", ["rosters", 0, "names", 3, "name"], "干部1"),
    ("elect", ["rosters", 0, "names", 0, "key"], 1),
    ("roster", [*_ITEM, "seats"], 16),
    ("roster", [*_ITEM, "roster"], "r2"),
    ("roster-text", [*_ITEM, "seats"], 11),
    ("roster", ["rosters", 0, "id"], "r2"),
    ("roster", ["rules", "nomination", "options", "value"], ["agree"]),
    ("roster", ["rules", "nomination", "second-list", "value", "names"], 0),
    ("roster", ["rules", "nomination", "scatter", "value", "base"], "due"),
    ("grid", [*_ITEM, "subjects", 1, "scale"], "work"),
    ("grid", [*_ITEM, "subjects", 1, "id"], "s1"),
    ("grid", [*_ITEM, "aspects", 1, "title"], "德"),
    ("grid", [*_ITEM, "aspects"], [{"id": f"a{i}", "title": f"{i}"} for i in range(129)]),
    ("grid", [*_GRADES, 0, "weight"], 101),
    ("grid", [*_GRADES, 0, "id"], "fair"),
    ("grid", [*_GRADES, 0, "id"], "5"),
    ("grid", ["rules", "assessment", "scales", "value", 0, "id"], "1"),
    ("grid", ["rules", "assessment", "flags", "value", 0, "id"], "0"),
    ("elect", [*_ELECTION, "id"], "2026"),
    (
        "elect",
        [*_ELECTION, "groups", "value"],
        [{"id": "10", "title": {"zh": "x", "en": "x"}}],
    ),
    ("grid", [*_GRADES, 1, "unknown"], 1),
    ("grid", [*_GRADES], [{"id": "a", "title": {"zh": "a", "en": "a"}}]),
    ("grid", ["rules", "assessment", "scales", "value", 0, "favourable"], ["best"]),
    ("grid", ["rules", "assessment", "flags", "value", 0, "scale"], "best"),
    ("grid", ["rules", "assessment", "flags", "value", 0, "grades"], ["best"]),
    ("grid", ["rules", "assessment", "flags", "value", 0, "op"], "="),
    ("grid", ["rules", "assessment", "flags", "value", 0, "denominator"], 0),
    ("grid", ["rules", "assessment", "superseded"], {"zh": "x"}),
    ("kinds", ["rules", "consultation", "objection", "value", "denominator"], 0),
    ("kinds", ["rules", "consultation", "pass"], {}),
]
"""A meeting, a path into it, and what is put there: each is refused at a place."""


def _refused(number: int, name: str, path: list[Any], to: Any) -> dict[str, object]:
    value: Any = copy.deepcopy(json.loads(MEETINGS[name].raw))
    at = value
    for step in path[:-1]:
        at = at[step]
    if to is DELETE:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    try:
        decode_meeting(codec.encode(value))
    except FormatError as e:
        error = {"code": e.code, "place": e.place}
        where = ".".join(map(str, path))
        return {
            "kind": "refuse",
            "id": f"{number} {name} {where}",
            "meeting": name,
            "path": path,
            "to": to,
            "error": error,
        }
    raise AssertionError((name, path))


if __name__ == "__main__":
    for file, data in files().items():
        (DATA / file).write_bytes(data)
