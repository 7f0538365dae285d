"""The map of the 138 statements: every one is there, and every place that it names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kiosk.cli import COMMANDS
from tally.record.doubt import MATTERS
from voting.rules.gates import PAPER, RECORD
from voting.rules.values import ROOM_GATES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "seed-map.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d{3})-(\d+) \| ([^|]+) \| (\w+) \| ([^|]+) \|$", re.M)
ROWS = [match.groups() for match in ROW.finditer(TEXT)]
PAPERS = {"000": 24, "001": 22, "002": 10, "003": 50, "004": 32}
"""How many statements each paper has."""


def places(where):
    return [one for one in re.findall(r"`([^`]+)`", where) if "/" in one]


def test_every_statement_of_the_five_papers_has_one_row():
    assert len(ROWS) == 138
    assert [(paper, int(n)) for paper, n, *_ in ROWS] == [
        (paper, n) for paper, count in PAPERS.items() for n in range(1, count + 1)
    ]


def test_every_row_is_marked_and_the_head_says_how_many_of_each():
    marks = Counter(mark for _, _, _, mark, _ in ROWS)

    assert set(marks) == {"ballot", "chain", "outside"}
    said = re.search(r"(\d+) are ballot, (\d+) chain, (\d+) outside", TEXT)
    assert said is not None
    assert [int(n) for n in said.groups()] == [marks[m] for m in ("ballot", "chain", "outside")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_row_names_places_that_there_are_or_says_why_not(row):
    _, _, gist, mark, where = row

    assert gist.strip()
    assert all((ROOT / place).exists() for place in places(where)), where
    assert places(where) if mark != "outside" else len(where) > 8


def test_gates_and_commands_that_the_map_names_are_there():
    words = re.findall(r"(?:关口|附记) ((?:[a-z-]+(?:（[^）]*）)?、?)+)", TEXT)
    named = {one for word in words for one in re.split("、|（[^）]*）", word) if one}

    assert {"recommended", "opinions", "introduced", "canvassing"} <= named
    assert named <= PAPER | RECORD | set(ROOM_GATES) | set(MATTERS)
    assert set(re.findall(r"`piaojue ([a-z]+)", TEXT)) <= set(COMMANDS)
