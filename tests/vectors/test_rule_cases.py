"""The worked examples of tests/rules, by the function that `piaojue rules check` uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from voting.rules.case_kinds import KINDS
from voting.rules.cases import read_cases, run_cases

FILE = Path(__file__).parent.parent / "rules" / "cases.json"
CASES = read_cases(FILE.read_text("utf-8"), FILE.name)
OUTCOMES = run_cases(CASES, FILE.name)
DECIDABLE = [outcome for outcome in OUTCOMES if outcome.kind in KINDS]
# Kinds of the file's table that describe behaviour, and are tested where it lives.
NOT_HERE = {"policy:*", "sequence"}


@pytest.mark.parametrize("outcome", DECIDABLE, ids=lambda outcome: outcome.id)
def test_a_worked_example_comes_out_as_its_source_says(outcome):
    assert outcome.differences == ()
    assert outcome.status == "passed"


def test_no_kind_of_example_is_silently_left_out():
    left_out = {outcome.family for outcome in OUTCOMES if outcome.kind not in KINDS}

    assert left_out <= NOT_HERE
    assert len(DECIDABLE) == 72
