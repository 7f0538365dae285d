"""An officer's page goes through records with contests: who stands next, and what boxes came to.

Every act is reviewed on its head as it was proposed (``tests/web/officer_check.mjs``), by the
pages' own code under Node.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tally.record.layout import NOTE, RESULT, note_text
from tally.record.pack import pack
from tests.support.contest_record import Played
from tests.support.contests import ASSESSED, CONTESTED
from tests.support.readings import NOMINATED, entry
from tests.support.web import ROOT, node
from tests.support.words_record import Written
from tests.vectors.generate_ledger import CHAINED
from voting.rules.shapes import Standing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.record import Files

FIRST = [{"": ["c1", "c2"]}] * 3 + [{"": ["c1", "c3"]}] * 3
"""c1 has six of seven and a seat; c2 and c3 have three and stand again for the other."""
LAST = [{"": ["c2"]}] * 5 + [{"": ["blank"]}]
NEXT = Standing(("c2", "c3"), 1, "open", 2)
ONLY = (
    CONTESTED[: CONTESTED.index('[[items]]\nid = "i2"')]
    + CONTESTED[CONTESTED.index("[[series]]") :]
)
"""The contest alone."""
GRADES = {"s1.a1": "excellent", "s1.a2": "competent", "s2.a1": "good", "s2.a2": "fair"}


def two_rounds(standing: Standing, last: list[object] = LAST) -> Files:
    play = Played(CONTESTED)
    first = play.round("i1", FIRST)
    play.round("i1", last, standings={"i1": standing})
    play.sim.act("release", slot=first)
    return play.files()


def checked(
    files: Files, folder: Path, program_file: str = "officer_check.mjs"
) -> subprocess.CompletedProcess[str]:
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web): no page was asked")
    unsigned = {path: body for path, body in files.items() if path != NOTE}
    for path, body in {**unsigned, "unsigned.zip": pack(unsigned)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    return subprocess.run(
        [program, str(ROOT / "tests" / "web" / program_file), str(folder), "teller"],
        capture_output=True,
        text=True,
        check=False,
    )


def decisions(files: Files) -> set[tuple[str, str]]:
    rounds = json.loads(files[RESULT])["rounds"]
    items = [item for one in rounds for item in one["items"]]
    return {(item["item"], item["evaluation"]["decision"]) for item in items}


def test_two_rounds_of_a_contest_are_what_the_rule_makes_of_the_boxes(tmp_path):
    files = two_rounds(NEXT)
    done = checked(files, tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    said = {(one[0], one[2]) for one in found["said"] if len(one) == 3}
    assert said == decisions(files) == {("i1", "next_round"), ("i1", "elected")}
    assert found["note"] == note_text(files)


def test_an_opening_that_says_otherwise_who_stands_is_not_signed(tmp_path):
    other = Standing(("c2", "c4"), 1, "open", 2)
    done = checked(two_rounds(other, [{"": ["c2"]}] * 6), tmp_path)
    assert done.returncode != 0
    assert "standing-mismatch" in done.stderr


def test_the_cells_of_an_assessment_are_recomputed(tmp_path):
    play = Played(ASSESSED)
    play.round("g", [GRADES] * 4 + [{**GRADES, "s1.a1": "unknown"}] * 2)
    files = play.files()
    done = checked(files, tmp_path)
    assert done.returncode == 0, done.stderr
    assert ["g", [], "recorded"] in json.loads(done.stdout)["said"]


MARKS = [[7, "王伟"], [1, "王炜"], [1, 2], ["张三"], [1], []]
READ = (entry("张三", "written"), entry("王伟", 7), entry("王炜", 6))


@cache
def _written() -> Written:
    return Written(NOMINATED).counted([{"": mark} for mark in MARKS])


def read_record(*readings: tuple[dict[str, object], ...]) -> Files:
    one = _written().copy()
    for entries in readings:
        one.sim.act("reading", **one.body(*entries))
    return one.closed(*READ)


def test_a_page_says_of_a_reading_what_it_found_in_the_box_and_counts_by_it(tmp_path):
    files = read_record(READ)
    done = checked(files, tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["said"]
    assert ["i1", [], "recorded"] in said
    (words,) = [one[1] for one in said if one[0] == "reading"]
    assert [one["word"] for one in words] == [
        "sign.reading",
        "sign.item",
        *["sign.reading.entry"] * 3,
        "sign.at",
    ]
    entries = [one["params"] for one in words[2:5]]
    assert [(one["text"], one["votes"]) for one in entries] == [
        ("张三", 1),
        ("王伟", 1),
        ("王炜", 1),
    ]
    assert [one["meant"]["word"] for one in entries] == ["reading.written", *["reading.number"] * 2]
    assert entries[1]["meant"]["params"] == {"number": 7, "name": "王伟(水利局)"}


def after_proposing(
    body: dict[str, object], files: Files, folder: Path
) -> subprocess.CompletedProcess[str]:
    folder.mkdir()
    (folder / "proposed.json").write_text(json.dumps(body), "utf-8")
    return checked(files, folder)


def test_a_page_knows_the_reading_again_that_it_proposed(tmp_path):
    """The server is sent no text, and what it masks is held against what was proposed."""
    files = read_record(READ)
    slot = _written().slot
    body: dict[str, object] = {"slot": slot, "entries": list(READ)}
    done = after_proposing(body, files, tmp_path / "same")
    assert done.returncode == 0, done.stderr
    sent = {"kind": "reading", "body": {"slot": slot, "read": ["written", 7, 6]}}
    assert json.loads(done.stdout)["posted"] == [sent]

    swapped = [READ[0], entry("王炜", 7), entry("王伟", 6)]
    done = after_proposing({**body, "entries": swapped}, files, tmp_path / "otherwise")
    assert done.returncode != 0
    assert "reading-otherwise" in done.stderr


@pytest.mark.parametrize(
    ("readings", "code"),
    [([], "reading-missing"), ([READ[:2]], "reading-mismatch")],
)
def test_a_page_signs_no_reading_of_another_box_and_no_outcome_without_one(
    tmp_path, readings, code
):
    done = checked(read_record(*readings), tmp_path)
    assert done.returncode != 0
    assert code in done.stderr


@pytest.mark.parametrize(("agree", "code"), [(4, None), (3, "earlier-not-passed")])
def test_a_vote_that_waits_for_its_motion_is_signed_only_if_that_passed(agree, code, tmp_path):
    play = Played(CHAINED)
    play.round("i1", ["agree"] * agree + ["disagree"] * (6 - agree))
    play.round("i2", ["agree"] * 6)
    done = checked(play.files(), tmp_path)
    assert (done.returncode == 0) is (code is None)
    assert code is None or code in done.stderr


def test_a_trustees_page_keeps_its_share_until_the_last_round_is_held_or_given_up(tmp_path):
    """Nobody is asked at the end of a round after which there is another."""
    play = Played(ONLY)
    first = play.round("i1", FIRST)
    play.sim.act("release", slot=first)
    given_up = told_by_the_page(play, tmp_path / "given up")
    certified = [one for one in given_up if one["kind"] == "certify"]
    assert {(one["goes"], len(one["asked"])) for one in certified} == {(False, 0)}
    assert (given_up[-1]["kind"], given_up[-1]["goes"]) == ("release", True)
    assert given_up[-1]["asked"] == ["destroy"]

    play = Played(ONLY)
    play.round("i1", FIRST)
    play.round("i1", LAST, standings={"i1": NEXT})
    held = told_by_the_page(play, tmp_path / "held")
    assert [one["kind"] for one in held if one["goes"]] == ["certify"]
    assert held[-1]["asked"] == ["destroy"]


def told_by_the_page(play: Played, folder: Path) -> list[dict[str, Any]]:
    done = checked(play.files(), folder, "ending_check.mjs")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
