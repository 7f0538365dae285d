"""`piaojue rules`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.commands.rules import rules
from voting.errors import DraftError
from voting.rules import list_rules
from voting.rules.cases import read_cases, run_cases

CASES = Path(__file__).parent.parent / "rules" / "cases.json"
GOOD = {
    "id": "Q1",
    "rule": "quorum",
    "inputs": {"due": 12, "present_members": 8},
    "expected": {"needed": 8, "met": True},
}


def run(*args):
    return CliRunner().invoke(rules, [str(arg) for arg in args])


def write(path, *cases):
    path.write_text(json.dumps({"cases": list(cases)}), "utf-8")
    return path


def test_list_names_every_rule_in_both_languages():
    named = [line.split("：")[0] for line in run("list").stdout.splitlines()]
    assert [line.split("  ")[0] for line in named] == [rule.id for rule in list_rules()]
    assert "standing-committee  常委会票决" in named
    assert "Vote of the plenum" in run("list", "--lang", "en").stdout


def test_list_marks_what_was_superseded_and_what_is_no_ballot():
    lines = {line.split("  ")[0]: line for line in run("list").stdout.splitlines()}

    assert [one for one, line in lines.items() if "已被取代" in line] == ["grassroots-election-1990"]
    assert [one for one, line in lines.items() if "不是投票" in line] == ["named-nomination"]
    assert "2020" in run("show", "grassroots-election-1990").stdout.splitlines()[1]


def test_show_prints_every_source(tmp_path):
    result = run("show", "plenum")

    assert result.exit_code == 0
    assert "2004年表决办法第七条" in result.stdout


def test_show_of_an_unknown_rule_or_file_is_one_line_and_exit_2():
    for name in ("nothing", "nothing.toml"):
        result = run("show", name)

        assert (result.exit_code, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 1


def test_the_worked_examples_pass_and_the_last_line_totals_them():
    result = run("check", CASES)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "72 passed, 0 failed"
    assert "policy:*" in result.stdout  # said to be tested elsewhere, not counted as passed


def test_each_case_that_differs_has_its_line_and_the_exit_is_1(tmp_path):
    wrong = {**GOOD, "id": "Q2", "expected": {"needed": 9, "met": True}}
    result = run("check", write(tmp_path / "c.json", GOOD, wrong), "--lang", "en")

    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["Q2: needed should be 9, is 8", "1 passed, 1 failed"]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"inputs": {"due": 12}}, "cases-missing-key", "c.cases[0].inputs.present_members"),
        ({"inputs": {"due": "12"}}, "cases-bad-value", "c.cases[0].inputs.due"),
        ({"inputs": 3}, "cases-bad-value", "c.cases[0].inputs"),
        ({"remark": "x"}, "cases-unknown-key", "c.cases[0].remark"),
        ({"expected": {}}, "cases-nothing-expected", "c.cases[0].expected"),
    ],
)
def test_a_case_that_cannot_be_used_names_its_place(change, code, place):
    text = json.dumps({"cases": [{**GOOD, **change}]})

    with pytest.raises(DraftError) as caught:
        run_cases(read_cases(text, "c"), "c")

    assert (caught.value.code, caught.value.place) == (code, place)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cases": {}}', '{"cases": [1]}'])
def test_a_file_that_holds_no_cases_ends_with_2(tmp_path, text):
    path = tmp_path / "c.json"
    path.write_text(text, "utf-8")
    result = run("check", path)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("c.json")


def test_a_kind_that_no_rule_decides_is_said_to_be_unsupported_and_not_counted(tmp_path):
    lottery = {**GOOD, "id": "L1", "rule": "lottery"}
    result = run("check", write(tmp_path / "c.json", GOOD, lottery))

    assert result.exit_code == 0
    assert "lottery" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 passed, 0 failed"


def test_an_id_that_is_used_twice_ends_with_2(tmp_path):
    assert run("check", write(tmp_path / "c.json", GOOD, GOOD)).exit_code == 2


def test_a_key_that_a_kind_does_not_give_differs():
    case = {**GOOD, "expected": {"turnout": 1}}
    (outcome,) = run_cases([case], "c")

    assert outcome.differences[0].got is None


def outcome_of(kind, inputs, expected, vote_type="standing_committee"):
    case = {
        "id": "x", "rule": kind, "vote_type": vote_type, "inputs": inputs, "expected": expected
    }  # fmt: skip
    (outcome,) = run_cases([case], "c")
    return outcome.differences


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("quorum", {"due": 0, "present_members": 3}, {"error": "empty_roll"}),
        (
            "quorum",
            {"serving_members": 13, "approved_exclusions": 2, "present_members": 8},
            {"due": 11, "needed": 8, "met": True},
        ),
        (
            "committee_vote",
            {"due": 11, "present": 9, "issued": 10, "returned": 9, "counts": {"agree": 9}},
            {"round": "blocked", "result": "issued_exceeds_present"},
        ),
        (
            "committee_vote",
            {"due": 11, "present": 9, "issued": 9, "returned": 8, "counts": {"agree": 9}},
            {"round": "uncertified", "result": "recount"},
        ),
        (
            "committee_vote",
            {"due": 11, "present": 7, "issued": 7, "returned": 7, "counts": {"agree": 7}},
            {"round": "not_held", "result": "no_quorum", "quorum_needed": 8},
        ),
        (
            "committee_vote",
            {"due": 11, "present": 9, "counts": {"agree": 4, "defer": 5}},
            {"round": "valid", "result": "deferred"},
        ),
        (
            "recusal_committee",
            {"due": 12, "present_in_room": 10, "recused": 1, "agree": 6},
            {"base_unchanged": "not_passed", "base_reduced": "passed", "policy_sensitive": True},
        ),
        (
            "caldays",
            {"start": "2025-09-30", "days": 7, "count_first_day": True},
            {"last_day": "2025-10-06"},
        ),
        ("rate", {"num": 1, "den": 0}, {"error": "empty_base"}),
        ("ballot", {"marked": ["A"], "max": 2, "exact": True}, {"reason": "undervote"}),
    ],
)  # fmt: skip
def test_kinds_that_the_given_examples_leave_open(kind, inputs, expected):
    assert outcome_of(kind, inputs, expected) == ()
