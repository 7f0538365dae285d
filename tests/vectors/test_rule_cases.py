"""The worked examples of tests/rules, by the function that `piaojue rules check` uses.

``cases.json`` was given to us; ``own_cases.json`` is worked out by hand from the same texts, for
the edges that the given ones leave open.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from voting.rules.case_kinds import KINDS
from voting.rules.cases import read_cases, run_cases, unread

FOLDER = Path(__file__).parent.parent / "rules"
GIVEN, OWN = (
    run_cases(read_cases((FOLDER / name).read_text("utf-8"), name), name)
    for name in ("cases.json", "own_cases.json")
)
JUDGED = [outcome for outcome in GIVEN if outcome.status != "elsewhere"]
# Kinds of the file's table that describe behaviour, and are tested where it lives.
NOT_HERE = {"policy:*", "sequence"}


@pytest.mark.parametrize("outcome", [*JUDGED, *OWN], ids=lambda outcome: outcome.id)
def test_a_worked_example_comes_out_as_its_source_says(outcome):
    assert outcome.fault is None
    assert outcome.differences == ()
    assert outcome.status == "passed"


def test_no_kind_of_example_is_silently_left_out():
    left_out = {outcome.family for outcome in GIVEN if outcome.status == "elsewhere"}

    assert left_out <= NOT_HERE
    assert sum(outcome.kind in KINDS for outcome in JUDGED) == 72
    assert len(JUDGED) == 85
    assert {outcome.kind for outcome in OWN} >= set(KINDS)


def test_our_own_examples_are_in_the_form_of_the_given_ones():
    text = (FOLDER / "own_cases.json").read_text("utf-8")

    assert unread(read_cases(text, "own_cases.json")) == ()
