"""What a page and a device say of contests and grids before a signature is the same."""

from __future__ import annotations

import json
import subprocess

import pytest

from kiosk.device.wording import meeting_text
from kiosk.device.wording_contests import asked_lines, counted_lines
from tests.support.contest_forms import evaluated, meeting_of
from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED
from tests.support.web import ROOT, node
from voting.meeting.questions import asks_of
from voting.rules.shapes import Standing
from voting.words import with_prefix

NUMBERED = {"numbers": {"3": 6, "17": 9}, "none": 2, "invalid": 1, "texts": []}
FREE = NOMINATED.replace("[[series]]", '[rules.nomination]\nwrite-in = "text"\n[[series]]', 1)
ELECTION = {
    "for": {"c1": 30, "c2": 41, "c3": 12, "c4": 20},
    "against": {"c1": 20, "c2": 10, "c3": 40, "c4": 31},
    "others": {"numbers": {"7": 9}, "none": 45, "invalid": 2, "texts": []},
}
CASES = {
    "contested": (CONTESTED, "i1", {"": {"blank": 1, "c1": 20, "c2": 12, "c3": 9, "c4": 8}}, 29),
    "tied": (CONTESTED, "i1", {"": {"blank": 0, "c1": 20, "c2": 17, "c3": 17, "c4": 3}}, 29),
    "election": (ELECTED, "i1", ELECTION, 58),
    "roster": (NOMINATED, "i1", {"": NUMBERED}, 15),
    "words": (
        FREE,
        "i1",
        {"": {**NUMBERED, "texts": [{"text": "王小明", "votes": 1}]}},
        15,
    ),
    "grid": (ASSESSED, "g", None, 30),
}


def graded(meeting, returned):
    counts = {ask.id: dict.fromkeys(ask.ids, 0) for ask in asks_of(meeting, "g")}
    for ask in asks_of(meeting, "g"):
        counts[ask.id][ask.ids[0]] = returned - 12
        counts[ask.id][ask.ids[3]] = 12
    return counts


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", CASES)
def test_a_page_says_what_a_device_says(name, lang):
    text, item, counts, returned = CASES[name]
    meeting = meeting_of(text)
    counts = graded(meeting, returned) if counts is None else counts
    found = evaluated(meeting, item, counts, returned=returned, due=max(returned, 20))
    standings = [None, *([found.next] if found.next else [])]
    if name == "contested":
        standings.append(Standing(("c2", "c3"), 1, "tie"))
    given = {
        "words": with_prefix("", lang),
        "meeting": meeting.raw.decode(),
        "lang": lang,
        "standings": [[item, who.to_json() if who else None] for who in standings],
        "evaluations": [[item, found.to_json()]],
    }
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web)")
    said = json.loads(
        subprocess.run(
            [program, str(ROOT / "tests" / "web" / "wording_says.mjs")],
            input=json.dumps(given, ensure_ascii=False).encode(),
            capture_output=True,
            check=True,
        ).stdout
    )

    assert "\n".join(said["frozen"]) == meeting_text(meeting, lang)
    assert said["asked"] == [list(asked_lines(meeting, item, who, lang)) for who in standings]
    assert said["counted"] == [list(counted_lines(meeting, item, found, lang))]
