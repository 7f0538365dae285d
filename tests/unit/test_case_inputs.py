"""Worked examples: who is recused, rows without a mark, keys that stand twice."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner

from kiosk.commands.rules import rules
from voting.rules import load_rule
from voting.rules.cases import run_cases

GOOD = {
    "id": "Q1",
    "rule": "quorum",
    "inputs": {"due": 12, "present_members": 8},
    "expected": {"needed": 8, "met": True},
}


def test_a_key_that_stands_twice_in_a_case_is_refused_and_not_half_read(tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps([GOOD]).replace('"due": 12', '"due": 30, "due": 12'), "utf-8")
    result = CliRunner().invoke(rules, ["check", str(path)])

    assert result.exit_code == 2
    assert result.stderr.splitlines() == ["c.json：同一处写了两个“due”。请只留一个。"]


@pytest.mark.parametrize(
    ("base", "needed", "quorum", "result"),
    [("unchanged", 6, 8, "no_quorum"), ("reduced", 5, 6, "passed")],
)
def test_who_is_recused_is_out_of_the_base_as_the_case_s_choice_says(base, needed, quorum, result):
    numbers = {"due": 11, "present": 7, "recused": 2}
    told = {"pass_needed": needed, "quorum_needed": quorum, "result": result}
    vote = {
        **GOOD, "rule": "committee_vote", "rule_id": "standing-committee",
        "choose": {"recusal-base": base}, "expected": told,
        "inputs": {**numbers, "counts": {"agree": 6, "disagree": 1}},
    }  # fmt: skip
    contest = {
        **vote, "rule": "contest", "rule_id": "contested", "expected": {"pass_needed": needed},
        "inputs": {**numbers, "seats": 1, "votes": {"A": 5, "B": 2}},
    }  # fmt: skip

    assert [one.differences for one in run_cases([vote, contest], "c")] == [(), ()]


@pytest.mark.parametrize(
    ("blank", "rest", "base", "share"),
    [
        ("abstain", {"blank": 2}, 10, "80.00"),  # valid, and in no grade
        ("invalid", {"blank": 2}, 8, "100.00"),
        ("abstain", {"void": 1, "spoiled": 1}, 8, "100.00"),
        ("abstain", {"unreturned": 4}, 8, "100.00"),
    ],
)
def test_a_row_without_a_mark_is_what_the_rule_s_clause_says(blank, rest, base, share):
    rule = dataclasses.replace(load_rule("assessment"), id="ours", blank_entry=blank)
    case = {
        **GOOD, "rule": "assessment", "rule_id": "ours",
        "inputs": {"scale": "cadre", "counts": {"excellent": 8, **rest}},
        "expected": {"base": base, "favourable_pct": share, "round": "valid"},
    }  # fmt: skip
    (outcome,) = run_cases([case], "c", {"ours": rule})

    assert (outcome.fault, outcome.differences) == (None, ())


@pytest.mark.parametrize("kind", ["recommendation", "consultation"])
def test_a_blank_is_an_abstention_where_nothing_is_decided_too(kind):
    counts = {"agree": 4, "blank": 3, "void": 1}
    told = {"base": 7, "rate_pct": "57.14"}

    case = {
        **GOOD, "rule": kind, "rule_id": kind, "expected": told,
        "inputs": {"due": 8, "present": 8, "counts": counts},
    }  # fmt: skip

    assert run_cases([case], "c")[0].differences == ()
