"""Recommendations by post, assessments and consultations: counted, printed, never decided."""

from __future__ import annotations

import pytest

from tests.support.rounds import choose, contest, grade, numbers
from voting.errors import InputError, RefusedError
from voting.rules import list_rules, load_rule
from voting.rules.evaluate import evaluate_item
from voting.rules.lists import check_contest, check_ratio, second_list
from voting.rules.rates import mean_hundredths
from voting.rules.shapes import Grid
from voting.rules.values import Ratio

POSTS = load_rule("nomination")
ASSESS = load_rule("assessment")
SURVEY = load_rule("satisfaction")
REVIEW = load_rule("review")
ASKED = load_rule("consultation")


def messages(result):
    return [note.message for note in result.notes]


# --- recommendation by post -----------------------------------------------------------------------


@pytest.mark.parametrize("votes", [{"A": 84, "B": 0}, {"A": 42, "B": 42}, {"A": 0, "B": 0}])
def test_nobody_is_nominated_however_many_recommend_him(votes):
    blank = 84 - sum(votes.values())
    result = choose(POSTS, contest("AB", 1), numbers(100, 84), votes, blank=blank)

    assert (result.decision, result.reason, result.next) == ("recorded", None, None)
    assert {one.result for one in result.names} == {"recorded"}
    assert result.elected() == ()


@pytest.mark.parametrize(
    ("base", "number", "rate"), [("valid", 84, 6190), ("returned", 86, 6047), ("issued", 88, 5909)]
)
def test_the_share_is_of_the_base_that_the_rule_names(base, number, rate):
    rule = POSTS.choose({"rate-base": base})
    box = numbers(100, 88, 86)
    result = choose(rule, contest("AB", 1), box, {"A": 52, "B": 22}, blank=10, invalid=2)

    assert result.names[0].rate == rate
    assert (result.steps[-1].base, result.steps[-1].numbers["base"]) == (base, number)


@pytest.mark.parametrize(("top", "scattered"), [(29, True), (30, False), (31, False)])
def test_less_than_three_tenths_for_the_first_is_scattered(top, scattered):
    rest = {"B": 20, "C": 20, "D": 20}
    votes = {"A": top, **rest}
    result = choose(POSTS, contest("ABCD", 1), numbers(100), votes, blank=40 - top)

    assert ("flag.scattered" in messages(result)) == scattered
    assert result.decision == "recorded"


def test_whether_three_tenths_themselves_are_scattered_is_the_rule_s():
    strict = {"numerator": 3, "denominator": 10, "inclusive": False, "base": "valid"}
    rule = POSTS.choose({"scatter": strict})
    result = choose(rule, contest("ABCD", 1), numbers(100),
                    {"A": 30, "B": 20, "C": 20, "D": 20}, blank=10)  # fmt: skip

    assert messages(result) == ["flag.scattered"]
    assert result.notes[0].numbers == {"votes": 30, "base": 100, "needed": 31}


def test_a_roster_s_entries_are_named_by_number_and_an_unreadable_one_is_invalid():
    shape = contest("", 3, roster=True)
    row = {"numbers": {"1200": 5, "17": 40}, "none": 3, "invalid": 2, "texts": []}
    result = evaluate_item(POSTS, shape, numbers(60, 50), {"": row})

    assert [(one.id, one.votes, one.rank) for one in result.names] == [
        ("17", 40, 1),
        ("1200", 5, 2),
    ]
    assert result.names[0].rate == 8333  # of 48 valid
    assert result.figures.to_json()["counts"][""]["invalid"] == 2


@pytest.mark.parametrize(
    ("names", "none", "invalid", "fits"),
    [
        ({"1": 48}, 0, 2, True),
        ({"1": 48, "2": 48, "3": 48}, 0, 2, True),
        ({"1": 48, "2": 48, "3": 48, "4": 1}, 0, 2, False),
        ({"1": 49}, 0, 2, False),
        ({"1": 10}, 30, 2, False),  # eight ballots say nothing at all
        ({}, 0, 51, False),
    ],
)
def test_what_a_roster_s_ballots_can_not_hold_is_not_certified(names, none, invalid, fits):
    row = {"numbers": names, "none": none, "invalid": invalid, "texts": []}
    result = evaluate_item(POSTS, contest("", 3, roster=True), numbers(60, 50), {"": row})

    assert (result.decision == "recorded") == fits


def test_under_the_floor_every_kind_that_records_stays_shut():
    few = numbers(6, 4)
    for rule, shape in (
        (POSTS, contest("AB", 1)),
        (ASSESS, Grid({"s1.a1": "cadre"})),
        (ASKED, None),
    ):
        result = evaluate_item(rule, shape, few, None, floor=5)
        assert (result.decision, result.reason) == ("sealed_unopened", "under-floor")
        assert (result.names, result.cells or ()) == ((), ())


# --- the list of a second round -------------------------------------------------------------------


def first(votes):
    names = "".join(votes)
    counted = choose(POSTS, contest(names, 1), numbers(100), votes, blank=100 - sum(votes.values()))
    return counted.names


@pytest.mark.parametrize(
    ("votes", "seats", "ratio", "listed"),
    [
        ({"A": 40, "B": 25, "C": 10}, 1, Ratio(2, 1), "AB"),
        ({"C": 10, "B": 25, "A": 40}, 1, Ratio(2, 1), "BA"),  # the order of the first list
        ({"A": 40, "B": 20, "C": 20}, 1, Ratio(2, 1), "ABC"),  # a tie at the cut
        ({"A": 40, "B": 25, "C": 10, "D": 5}, 2, Ratio(3, 2), "ABC"),
        ({"A": 40, "B": 30, "C": 20, "D": 5, "E": 1}, 3, Ratio(3, 2), "ABCDE"),  # 4.5 is 5
        ({"A": 40, "B": 0}, 1, Ratio(2, 1), "A"),  # nobody without a vote
        ({"A": 0, "B": 0}, 1, Ratio(2, 1), ""),
    ],
)
def test_the_second_list_is_the_best_of_the_first_by_the_ratio(votes, seats, ratio, listed):
    assert "".join(second_list(first(votes), seats, ratio)) == listed


def test_the_second_list_may_be_put_in_another_order_that_tells_no_votes():
    names = first({"A": 40, "B": 25, "C": 10})

    assert second_list(names, 1, Ratio(2, 1), order=("C", "B", "A")) == ("B", "A")


def test_contested_means_more_names_than_seats():
    rule = load_rule("contested")
    with pytest.raises(InputError) as caught:
        check_contest(rule, 1, 1)
    assert caught.value.code == "not-contested"  # case C13
    check_contest(rule, 2, 1)
    check_contest(load_rule("grassroots-election"), 2, 2)
    with pytest.raises(InputError):
        check_contest(load_rule("grassroots-election"), 1, 2)


@pytest.mark.parametrize(("examined", "enough"), [(6, True), (5, False)])
def test_a_contested_examination_has_as_many_as_the_ratio_asks(examined, enough):
    if enough:
        check_ratio(3, examined, Ratio(2, 1))  # case C14
        return
    with pytest.raises(RefusedError) as caught:
        check_ratio(3, examined, Ratio(2, 1))  # case C15
    assert caught.value.params["needed"] == 6


# --- assessment -----------------------------------------------------------------------------------


def cadre(excellent=0, competent=0, basically=0, incompetent=0, unknown=0):
    return {
        "excellent": excellent,
        "competent": competent,
        "basically-competent": basically,
        "incompetent": incompetent,
        "unknown": unknown,
    }


@pytest.mark.parametrize(
    ("flags", "unfit", "base", "raised"),
    [
        (0, 10, 30, False),  # over a third: exactly a third is not over (A06)
        (0, 11, 30, True),  # A07
        (2, 10, 30, True),  # from a third (A08)
        (1, 20, 67, False),  # 30% as printed, and not over 30%
        (1, 60, 199, True),  # 30% as printed, and over it
        (1, 10, 30, True),  # A13
        (1, 9, 30, False),
    ],
)
def test_unfit_shares_are_flagged_by_integers_and_never_act(flags, unfit, base, raised):
    choices = load_rule("assessment").notes["flags"].choices
    data = ASSESS.to_json()["flags"]["choices"][flags]
    rule = ASSESS.choose({"flags": data})
    assert rule.flags == choices[flags]
    box = numbers(base)
    result = grade(rule, {"s1.a1": ("cadre", cadre(base - unfit, 0, 0, unfit))}, box)

    assert ("unfit" in result.cells[0].flags) == raised
    assert (result.decision, result.next) == ("recorded", None)


@pytest.mark.parametrize(("good", "low"), [(19, True), (20, False)])
def test_less_than_two_thirds_in_the_upper_grades_is_flagged(good, low):
    row = cadre(good - 9, 9, 30 - good)
    result = grade(ASSESS, {"s1.a1": ("cadre", row)}, numbers(30))

    assert ("low" in result.cells[0].flags) == low
    if low:
        assert result.notes[0].of == "s1.a1"
        assert result.notes[0].message == "flag.share.below"


def test_teams_and_cadres_have_scales_of_their_own():
    team = {"excellent": 5, "good": 10, "fair": 3, "poor": 12, "unknown": 0}
    cells = {"s1.a1": ("cadre", cadre(30)), "s2.a1": ("team", team)}
    result = grade(ASSESS, cells, numbers(30))

    assert [cell.flags for cell in result.cells] == [(), ("poor",)]
    assert result.cells[1].favourable == 5000
    with pytest.raises(InputError):
        grade(ASSESS, {"s1.a1": ("team", cadre(30))}, numbers(30))
    with pytest.raises(InputError):
        evaluate_item(ASSESS, Grid({"s1.a1": "nothing"}), numbers(30), {})


@pytest.mark.parametrize(("unknown", "base", "rate"), [("kept", 116, 9483), ("dropped", 114, 9649)])
def test_not_knowing_is_in_the_base_or_out_of_it_as_the_rule_says(unknown, base, rate):
    rule = REVIEW.choose({"unknown-base": unknown})
    row = {"satisfied": 80, "basically-satisfied": 30, "dissatisfied": 4, "unknown": 2}
    (cell,) = grade(rule, {"s1.a1": ("work", row)}, numbers(116)).cells

    assert (cell.base, cell.favourable) == (base, rate)
    assert (cell.rates["unknown"] is None) == (unknown == "dropped")


def test_the_index_is_the_mean_weight_of_those_who_know():
    row = {
        "very-satisfied": 30, "satisfied": 40, "basically-satisfied": 20,
        "less-satisfied": 6, "dissatisfied": 4, "unknown": 20,
    }  # fmt: skip
    (cell,) = grade(SURVEY, {"s1.a1": ("index", row)}, numbers(120)).cells

    assert (cell.index, cell.weighed) == (7580, 100)
    assert cell.favourable == 7500  # 90 of all 120


@pytest.mark.parametrize(("answers", "mean"), [({1: 1, 0: 7}, 13), ({100: 1, 0: 2}, 3333)])
def test_an_index_is_rounded_half_up_once(answers, mean):
    assert mean_hundredths(answers) == mean


def test_a_cell_that_nobody_knew_has_no_index_and_raises_no_flag():
    row = {**cadre(unknown=30)}
    rule = ASSESS.choose({"unknown-base": "dropped"})
    (cell,) = grade(rule, {"s1.a1": ("cadre", row)}, numbers(30)).cells

    assert (cell.base, cell.favourable, cell.index, cell.flags) == (0, 0, None, ())


@pytest.mark.parametrize(
    ("base", "number", "share"), [("valid", 29, 6897), ("returned", 30, 6667), ("issued", 32, 6250)]
)
def test_a_cell_without_a_mark_on_paper_is_a_valid_entry_in_no_grade(base, number, share):
    rule = ASSESS.choose({"rate-base": base})
    row = {**cadre(15, 5, 0, 3, 2), "abstain": 4, "invalid": 1}
    (cell,) = grade(rule, {"s1.a1": ("cadre", row)}, numbers(32, returned=30)).cells

    assert (cell.base, cell.counts["abstain"], cell.favourable) == (number, 4, share)
    assert list(cell.rates) == list(cadre())


def test_every_cell_has_to_add_up():
    cells = {"s1.a1": ("cadre", cadre(30)), "s1.a2": ("cadre", cadre(29))}
    result = grade(ASSESS, cells, numbers(30))

    assert (result.decision, result.reason) == ("uncertified", "counts-do-not-add-up")
    assert (result.steps[-1].of, result.cells) == ("s1.a2", ())


def test_a_survey_s_groups_are_of_fixed_size():
    assert {group.id: group.quota for group in SURVEY.groups} == {
        "party-delegates": 30,
        "congress-deputies": 30,
        "cppcc-members": 30,
        "others": 10,
    }  # case A18


def test_a_grid_of_forty_people_is_evaluated_cell_by_cell():
    cells = {f"s{i}.a{j}": ("cadre", cadre(3, 1, 1)) for i in range(40) for j in range(6)}
    result = grade(ASSESS, cells, numbers(5))

    assert len(result.cells) == 240
    assert result.steps[-1].numbers == {"cells": 240, "flags": 0}


# --- consultation ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("against", "flagged"), [(20, False), (21, True)])
def test_more_than_half_of_those_asked_against_is_flagged_and_decides_nothing(against, flagged):
    counts = {"agree": 40 - against, "disagree": against}
    result = evaluate_item(ASKED, None, numbers(41, 40), counts)

    assert ("flag.objection" in messages(result)) == flagged  # cases P07, P08
    assert result.decision == "recorded"  # case P09: the standing committee votes


def test_who_did_not_answer_weighs_against_no_item():
    result = evaluate_item(ASKED, None, numbers(41, 30), {"agree": 14, "disagree": 16})

    assert messages(result) == []  # over half of those who answered, and not of those asked


def test_an_objection_may_be_taken_of_those_who_answered():
    base = {"numerator": 1, "denominator": 2, "inclusive": False, "base": "returned"}
    rule = ASKED.choose({"objection": base})
    result = evaluate_item(rule, None, numbers(41, 30), {"agree": 14, "disagree": 16})

    assert result.notes[-1].numbers == {"disagree": 16, "base": 30, "needed": 16}


def test_alternates_are_asked_and_do_not_vote():
    assert "alternate" in ASKED.voters  # case P06
    deciding = [
        rule for rule in list_rules() if rule.kind in ("confirmation", "contested", "election")
    ]
    assert all(rule.voters == ("member",) for rule in deciding)  # case P05


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.id)
def test_only_what_decides_has_something_to_pass(rule):
    assert (rule.passing is not None) == (rule.kind in ("confirmation", "contested", "election"))
    assert (rule.papers == "by-series") <= (rule.passing is None)
