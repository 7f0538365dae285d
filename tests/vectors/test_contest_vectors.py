"""The contests that JavaScript reads too: the same bytes again."""

from __future__ import annotations

import json

from tests.vectors import generate_contests as g


def test_the_generator_writes_the_same_file_again():
    for name, data in g.files().items():
        assert (g.DATA / name).read_bytes() == data, f"{name} is not what the code makes"


def test_the_boxes_come_to_everything_that_a_rule_can_say():
    tests = json.loads((g.DATA / "contests.json").read_bytes())["tests"]
    boxes = [box["says"] for test in tests if test["kind"] == "evaluate" for box in test["boxes"]]
    assert {one["decision"] for one in boxes} == {
        "passed",
        "not_passed",
        "recorded",
        "elected",
        "next_round",
        "tied_revote",
        "seats_open",
        "no_quorum",
        "void",
        "uncertified",
    }
    assert {one["reason"] for one in boxes} >= {"write-ins-exceed-disagree", "quorum-at-seal"}
