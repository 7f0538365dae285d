"""`piaojue rules`: what it prints and how it ends."""

from __future__ import annotations

import json
from importlib.resources import files
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
    lines = [line.split() for line in run("list").stdout.splitlines()]

    assert sorted(line[0] for line in lines[1:]) == [rule.id for rule in list_rules()]
    assert ["standing-committee", "常委会票决"] in [line[:2] for line in lines]
    assert "Vote of the plenum" in run("list", "--lang", "en").stdout


def test_list_marks_what_was_superseded_and_what_is_no_ballot_and_shows_both_quorums():
    lines = {line.split("  ")[0]: line for line in run("list").stdout.splitlines()}

    assert [one for one, line in lines.items() if "已被取代" in line] == [
        "grassroots-election-1990"
    ]
    assert [one for one, line in lines.items() if "不是投票" in line] == ["named-nomination"]
    assert "党员（超过五分之四到会）、群众代表（超过半数到会）" in lines["direct-election"]
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
    assert result.stdout.splitlines()[-1] == "85 passed, 0 failed"
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
        ({"expected": {}}, "cases-nothing-expected", "c.cases[0].expected"),
        ({"inputs": {**GOOD["inputs"], "quorum_rule": "3/2_incl"}}, "cases-bad-value",
         "c.cases[0].inputs.quorum_rule"),
        ({"inputs": {**GOOD["inputs"], "quorum_rule": "1/1_strict"}}, "cases-bad-value",
         "c.cases[0].inputs.quorum_rule"),
        ({"inputs": {**GOOD["inputs"], "quorum_rule": "2/0_incl"}}, "cases-bad-value",
         "c.cases[0].inputs.quorum_rule"),
        ({"inputs": {**GOOD["inputs"], "quorum_rule": 0.67}}, "cases-bad-value",
         "c.cases[0].inputs.quorum_rule"),
    ],
)  # fmt: skip
def test_a_case_that_cannot_be_used_names_its_place(change, code, place):
    text = json.dumps({"cases": [{**GOOD, **change}]})
    try:
        (outcome,) = run_cases(read_cases(text, "c"), "c")
    except DraftError as e:
        fault = e
    else:
        assert outcome.status == "unusable"
        fault = outcome.fault

    assert (fault.code, fault.place) == (code, place)


def test_a_case_that_cannot_be_used_holds_up_no_other_and_ends_with_2(tmp_path):
    bad = {**GOOD, "id": "Q2", "inputs": {"due": 12}}
    wrong = {**GOOD, "id": "Q3", "expected": {"needed": 9}}
    result = run("check", write(tmp_path / "c.json", bad, GOOD, wrong), "--lang", "en")

    assert result.exit_code == 2
    assert result.stderr.startswith("c.json.cases[0].inputs.present_members: ")
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout.splitlines()[0] == "Q3: needed should be 9, is 8"
    assert result.stdout.splitlines()[-1] == "1 passed, 1 failed"


def test_further_keys_a_list_at_the_top_and_a_bom_do_no_harm_and_are_told(tmp_path):
    path = tmp_path / "other-name.json"
    path.write_text("\ufeff" + json.dumps([{**GOOD, "comment": "x", "ruleid": "y"}]), "utf-8")
    result = run("check", path, "--lang", "en")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "keys of the cases that were not read: comment, ruleid", "1 passed, 0 failed"
    ]  # fmt: skip


def test_impossible_numbers_say_why_nothing_comes_out(tmp_path):
    case = {**GOOD, "inputs": {"due": 3, "present_members": 4}}
    result = run("check", write(tmp_path / "c.json", case), "--lang", "en")

    assert result.exit_code == 1
    assert result.stdout.startswith("Q1: nothing comes out: ")


@pytest.mark.parametrize(
    ("kind", "vote_type", "inputs", "expected", "status"),
    [
        ("policy:expiry", "recommendation", {"held": "2024-02-29", "used": "2025-02-28"},
         {"valid": True}, "passed"),
        ("policy:expiry", "recommendation", {"held": "2024-02-29", "used": "2025-03-01"},
         {"valid": True}, "failed"),
        ("policy:retry", "standing_committee", {"candidate": "A", "post": "P",
         "failed_meetings": [], "attempt_meeting": "M1"}, {"accepted": True}, "passed"),
        ("policy:retry", "standing_committee", {"candidate": "A", "post": "P",
         "failed_meetings": ["M1", "M2"], "attempt_meeting": "M4"},
         {"accepted": False, "reason": "twice_failed_same_post"}, "passed"),
        ("policy:round2_list", "recommendation", {"posts": 2, "round1": {"A": 9, "B": 7, "C": 5,
         "D": 5, "E": 0}, "ratio": [3, 2]}, {"list": ["A", "B", "C", "D"]}, "passed"),
        ("policy:round2_list", "recommendation", {"posts": 1, "round1": {"A": 9, "B": 1},
         "ratio": [2, 1]}, {"list": ["A", "B"], "order": "姓氏笔画"}, "elsewhere"),
        ("policy:config", "contested_vote", {"candidates": 2, "seats": 2, "kind": "contested"},
         {"accepted": False, "reason": "not_contested"}, "passed"),
        ("policy:config", "contested_exam", {"posts": 2, "examined": 3, "ratio": [3, 2]},
         {"accepted": True}, "passed"),
        ("policy:alternates", "plenum", {"voter_role": "委员"}, {"token": True}, "passed"),
        ("policy:group_quota", "satisfaction_survey", {"group": "其他代表", "quota": 10,
         "issue": 10}, {"accepted": True}, "passed"),
        ("policy:group_quota", "satisfaction_survey", {"groups": {"党代表": 40}}, {"total": 40},
         "elsewhere"),
        ("policy:round_validity", "democratic_assessment", {"issued": 85, "returned": 85},
         {"round": "valid"}, "passed"),
        ("policy:expiry", "recommendation", {"since": "long ago"}, {"valid": False}, "elsewhere"),
        ("policy:lottery", "any", {}, {"accepted": False}, "elsewhere"),
        ("sequence", "standing_committee", {"due": 3, "events": []}, {"final": "open"},
         "elsewhere"),
    ],
)  # fmt: skip
def test_a_situation_is_judged_where_a_rule_answers_it_whole(
    kind, vote_type, inputs, expected, status
):
    case = {
        "id": "x", "rule": kind, "vote_type": vote_type, "inputs": inputs, "expected": expected
    }  # fmt: skip
    (outcome,) = run_cases([case], "c")

    assert outcome.status == status


def test_what_is_for_the_running_system_to_show_is_named_by_its_id(tmp_path):
    case = {**GOOD, "id": "K77", "rule": "policy:token"}

    assert "K77" in run("check", write(tmp_path / "c.json", case)).stdout


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


def judged(kind, rule_id, inputs, expected):
    case = {"id": "x", "rule": kind, "rule_id": rule_id, "inputs": inputs, "expected": expected}
    (outcome,) = run_cases([case], "c")
    return outcome.differences


@pytest.mark.parametrize(
    ("kind", "rule_id", "inputs", "expected"),
    [
        ("quorum", "grassroots-election", {"due": 50, "present_members": 40}, {"needed": 40}),
        ("quorum", "grassroots-election-1990", {"due": 50, "present_members": 40},
         {"needed": 41, "met": False}),
        ("quorum", "general-business", {"due": 12, "present_members": 6}, {"met": True}),
        ("quorum", "plenum-strict", {"due": 30, "present_members": 20}, {"met": False}),
        ("quorum", "plenum-strict",
         {"due": 30, "present_members": 20, "quorum_rule": "2/3_incl"}, {"met": True}),
        ("committee_vote", "deferral", {"due": 12, "present": 8, "counts": {"agree": 5,
         "disagree": 3}}, {"pass_needed": 5, "result": "passed"}),
        ("committee_vote", "party-group", {"due": 7, "present": 5, "counts": {"agree": 4,
         "disagree": 1}}, {"pass_needed": 4, "result": "passed"}),
        ("contest", "contested", {"due": 29, "present": 29, "seats": 2,
         "votes": {"d": 20, "e": 18, "f": 16}},
         {"elected": ["d", "e"], "result": "elected", "open_seats": 0}),
        ("contest", "contested", {"due": 11, "present": 11, "seats": 1, "round_number": 2,
         "why": "open", "votes": {"A": 5, "B": 4}, "blank": 2},
         {"result": "seats_open", "next_round": []}),
        ("contest", "grassroots-election", {"due": 30, "present": 30, "seats": 1, "why": "tie",
         "votes": {"C": 9, "D": 8}}, {"elected": ["C"]}),
        ("contest", "grassroots-election", {"due": 30, "present": 30, "seats": 1,
         "votes": {"A": 12}, "disagree": {"A": 17}, "write_ins": {"王某": 16}},
         {"elected": ["others:王某"], "result": "elected"}),
        ("contest", "grassroots-election", {"due": 30, "present": 30, "seats": 1,
         "votes": {"A": 12}, "disagree": {"A": 15}, "write_ins": {"王某": 16}},
         {"round": "uncertified", "result": "recount", "elected": []}),
        ("contest", "grassroots-election-1990", {"due": 48, "present": 40, "seats": 1,
         "votes": {"A": 21}, "quorum_rule": "4/5_strict"}, {"pass_needed": 21, "elected": ["A"]}),
        ("contest", "direct-election", {"due": 35, "present": 27, "seats": 1, "votes": {"A": 14},
         "groups": {"party": {"due": 25, "present": 21}, "masses": {"due": 10, "present": 6}}},
         {"quorum_met": True, "elected": ["A"], "pass_needed": 14}),
        ("contest", "direct-election", {"due": 35, "present": 30, "seats": 1, "votes": {"A": 30},
         "groups": {"party": {"due": 25, "present": 20}, "masses": {"due": 10, "present": 10}}},
         {"quorum_met": False, "result": "no_quorum"}),
        ("nomination", "nomination", {"due": 100, "present": 86, "seats": 1, "invalid": 2,
         "votes": {"A": 52, "B": 20}, "blank": 12},
         {"base": 84, "rates": {"A": "61.90", "B": "23.81"}, "scattered": False,
          "second_list": ["A", "B"], "result": "recorded"}),
        ("assessment", "assessment", {"scale": "cadre", "counts": {"excellent": 10,
         "competent": 9, "incompetent": 11}},
         {"base": 30, "favourable_pct": "63.33", "flags": ["unfit", "low"], "index": None}),
        ("assessment", "satisfaction", {"scale": "index", "counts": {"very-satisfied": 30,
         "satisfied": 40, "basically-satisfied": 20, "less-satisfied": 6, "dissatisfied": 4}},
         {"index": "75.80", "n": 100}),
        ("assessment", "review", {"scale": "work", "due": 120, "present": 116,
         "counts": {"satisfied": 80, "basically-satisfied": 30, "dissatisfied": 4}},
         {"round": "uncertified", "result": "recount"}),
        ("consultation", "consultation", {"due": 41, "present": 41, "counts": {"agree": 20,
         "disagree": 21}}, {"objection": True, "result": "recorded", "rate_pct": "48.78"}),
        ("recommendation", "recommendation", {"due": 100, "present": 84, "counts": {"agree": 52,
         "disagree": 32}}, {"rate_pct": "61.90", "result": "recorded"}),
    ],
)  # fmt: skip
def test_a_case_may_name_the_rule_that_judges_it(kind, rule_id, inputs, expected):
    assert judged(kind, rule_id, inputs, expected) == ()


@pytest.mark.parametrize(
    ("kind", "rule_id", "code"),
    [
        ("committee_vote", "contested", "cases-bad-value"),
        ("contest", "plenum", "cases-bad-value"),
        ("rate", "plenum", "cases-bad-value"),
        ("quorum", "named-nomination", "cases-bad-value"),
        ("quorum", "nothing", "rule-does-not-exist"),
    ],
)
def test_a_rule_that_can_not_judge_a_case_is_named_at_its_place(kind, rule_id, code):
    case = {
        "id": "x", "rule": kind, "rule_id": rule_id, "inputs": {}, "expected": {"met": True}
    }  # fmt: skip
    (outcome,) = run_cases([case], "c")

    assert outcome.status == "unusable"
    assert (outcome.fault.code, outcome.fault.place) == (code, "c.cases[0].rule_id")


@pytest.mark.parametrize(
    ("case", "code", "place"),
    [
        ({"choose": {}}, "cases-missing-key", "rule_id"),
        ({"rule_id": "plenum", "choose": ["quorum"]}, "cases-bad-value", "choose"),
        ({"rule_id": "plenum", "choose": {"floor": 3}}, "rule-not-a-parameter", "choose.floor"),
        ({"rule_id": "plenum", "choose": {"quorum": {"numerator": 1, "denominator": 9,
          "inclusive": True, "base": "due"}}}, "rule-not-a-choice", "choose.quorum"),
    ],
)  # fmt: skip
def test_a_case_chooses_among_the_choices_of_the_rule_that_it_names(case, code, place):
    (outcome,) = run_cases([{**GOOD, **case}], "c")

    assert (outcome.fault.code, outcome.fault.place) == (code, f"c.cases[0].{place}")


def test_cases_are_judged_by_the_institution_s_own_rules_beside_them(tmp_path):
    text = files("voting.rules.rulebook").joinpath("plenum.toml").read_text("utf-8")
    own = text.replace('id = "plenum"', 'id = "ours"').replace(
        "value = { numerator = 2, denominator = 3", "value = { numerator = 3, denominator = 4", 1
    )
    own = own.replace("choices = [{ numerator = 2, denominator = 3",
                      "choices = [{ numerator = 3, denominator = 4", 1)  # fmt: skip
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "ours.toml").write_text(own, "utf-8")
    case = {**GOOD, "rule_id": "ours", "expected": {"needed": 9, "met": False}}

    assert run("check", write(tmp_path / "c.json", case)).exit_code == 0
    (tmp_path / "rules" / "ours.toml").write_text(own.replace("certainty", "sure", 1), "utf-8")
    result = run("check", write(tmp_path / "c.json", case))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert result.stderr.startswith("rules/ours.toml.voters.source")


def test_a_folder_of_that_name_without_a_rule_in_it_is_somebody_else_s(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "README.md").write_text("x", "utf-8")

    assert run("check", write(tmp_path / "c.json", GOOD)).exit_code == 0


@pytest.mark.parametrize(
    "inputs",
    [
        {"start": "2025-01-01", "days": 10**12, "count_first_day": True},
        {"start": "9999-12-31", "days": 5, "count_first_day": True},
        {"start": "20250101", "days": 5, "count_first_day": True},
    ],
)
@pytest.mark.parametrize("kind", ["workdays", "caldays"])
def test_a_date_that_no_calendar_has_is_named(kind, inputs):
    case = {**GOOD, "rule": kind, "inputs": inputs}
    (outcome,) = run_cases([case], "c")

    assert outcome.status == "unusable"


@pytest.mark.parametrize("value", [5, ["plenum"], None])
def test_a_rule_id_is_text(value):
    with pytest.raises(DraftError) as caught:
        read_cases(json.dumps({"cases": [{**GOOD, "rule_id": value}]}), "c")
    assert caught.value.place == "c.cases[0].rule_id"
