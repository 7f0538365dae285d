"""What is read out comes from the evaluation, in the words of the forms."""

from __future__ import annotations

import pytest

from voting.rules import Fraction, load_rule
from voting.rules.announce import announce
from voting.rules.confirmation import evaluate_confirmation, evaluate_under_floor
from voting.rules.step import fraction_text

RULE = load_rule("standing-committee")
DEFERRING = RULE.choose({"options": ["agree", "disagree", "abstain", "defer"]})


def evaluate(rule=RULE, *, due=12, present=10, recused=0, counts, **numbers):
    numbers = {"present_at_seal": present, "issued": present, "returned": present, **numbers}
    return evaluate_confirmation(
        rule, due=due, present_at_open=present, recused=recused, counts=counts, **numbers
    )


def test_a_round_is_announced_in_the_words_of_the_form():
    items = [
        ("赵某", evaluate(counts={"agree": 8, "disagree": 1, "abstain": 1})),
        ("钱某", evaluate(counts={"agree": 6, "disagree": 4})),
    ]

    assert announce(RULE, items) == (
        "应到会常委12名，实到会10名，符合规定人数。发出表决票10张，收回10张，有效票10张，本次表决有效。",
        "赵某同志，同意8票，不同意1票，弃权1票，同意票超过应到会常委的半数，通过。",
        "钱某同志，同意6票，不同意4票，弃权0票，同意票没有超过应到会常委的半数，未通过。",
    )


def test_the_announcement_in_english():
    lines = announce(RULE, [("Zhao", evaluate(counts={"agree": 7, "disagree": 3}))], "en")

    assert lines[1] == (
        "Zhao: agree 7, disagree 3, abstain 0. "
        "Agreement is more than half of the members of the standing committee due: passed."
    )


@pytest.mark.parametrize(
    ("numbers", "line"),
    [
        ({"present": 7}, "实到人数未达到应到会成员的三分之二，不能进行表决。"),
        ({"present_at_seal": 7}, "封箱时实到人数不足法定人数，本次表决不能形成决定。"),
        ({"returned": 11}, "收回的票多于发出的票，本次表决无效，重新进行表决。"),
        ({"issued": 11}, "发出的票多于实到有表决权的人数，本次表决无效，重新进行表决。"),
    ],
)
def test_a_round_that_decides_nothing_is_one_sentence_without_counts(numbers, line):
    items = [("赵某", evaluate(counts={"agree": 7}, **numbers))] * 2

    assert announce(RULE, items) == (line,)


def test_a_strict_quorum_is_said_strictly():
    plenum = load_rule("plenum").choose(
        {"quorum": {"numerator": 2, "denominator": 3, "inclusive": False, "base": "due"}}
    )
    result = evaluate(plenum, due=30, present=20, counts={"agree": 20})

    assert announce(plenum, [("赵某", result)]) == (
        "实到人数没有超过应到会成员的三分之二，不能进行表决。",
    )


def test_the_room_hears_no_counts_when_only_the_outcome_is_announced():
    rule = RULE.choose({"visibility": "outcome"})
    result = evaluate(rule, counts={"agree": 7, "disagree": 3})

    assert announce(rule, [("赵某", result)])[1] == "赵某同志，通过。"


def test_deferral_invalid_entries_and_a_wrong_sum_have_their_words():
    deferred = evaluate(DEFERRING, counts={"agree": 3, "defer": 6, "invalid": 1})
    wrong = evaluate(DEFERRING, counts={"agree": 3})

    _, item, invalid, unsure = announce(DEFERRING, [("赵某", deferred), ("钱某", wrong)])

    assert item.endswith("缓议6票，缓议票超过实到会常委的半数，缓议。")
    assert invalid == "赵某同志一栏另有无效1票。"
    assert unsure.endswith("结果不予确认，重新计票。")


def test_the_reduced_base_is_named():
    rule = RULE.choose({"recusal-base": "reduced"})
    result = evaluate(rule, due=11, present=6, recused=2, counts={"agree": 6})

    assert "应到会常委（减去回避）的半数" in announce(rule, [("赵某", result)])[1]


def test_a_closed_box_has_no_counts_to_read():
    numbers = {"present_at_open": 4, "present_at_seal": 4, "issued": 4, "recused": 0, "floor": 5}
    hopeless = evaluate_under_floor(RULE, due=4, returned=2, **numbers)
    could = evaluate_under_floor(RULE, due=4, returned=3, **numbers)

    assert announce(RULE, [("赵某", hopeless)])[1] == "赵某同志，同意票已不可能形成决定，未通过。"
    first, second = announce(RULE, [("赵某", could)])
    assert "少于开箱下限，不予开启" in first
    assert second == "赵某同志一项，封存未开。"


@pytest.mark.parametrize(
    ("fraction", "zh", "en"),
    [
        (Fraction(2, 3, inclusive=True), "三分之二以上", "two thirds or more"),
        (Fraction(2, 3, inclusive=False), "超过三分之二", "more than two thirds"),
        (Fraction(1, 2, inclusive=False), "超过半数", "more than half"),
        (Fraction(5, 7, inclusive=True), "7分之5以上", "5/7 or more"),
    ],
)
def test_a_fraction_says_whether_it_includes_itself(fraction, zh, en):
    assert (fraction_text(fraction, "zh"), fraction_text(fraction, "en")) == (zh, en)
