"""What is read out of contests, elections, recommendations and grids: the frozen order, no more."""

from __future__ import annotations

import pytest

from tests.support.rounds import choose, contest, each, elect, grade, numbers
from voting.rules import load_rule
from voting.rules.announce import Matter, announce
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import GroupNumbers
from voting.words import LANGS

CONTESTED = load_rule("contested")
ELECTION = load_rule("grassroots-election")
CALLED = {"A": "孙某", "B": "李某", "C": "周某", "others:9": "吴某"}


def said(rule, evaluation, lang="zh", name="青山镇镇长"):
    return announce(rule, [(Matter(name), evaluation)], lang, names=[CALLED])


def test_a_contested_vote_names_votes_and_who_was_chosen():
    result = choose(CONTESTED, contest("AB", 1), numbers(11), {"A": 6, "B": 5})

    assert said(CONTESTED, result)[1:] == (
        "青山镇镇长，应选1名：",
        "孙某同志，6票。",
        "李某同志，5票。",
        "票决产生：孙某同志。",
    )


def test_what_becomes_of_seats_that_are_left_is_said():
    rule = CONTESTED.choose({"ballot": "each"})
    tied = each(rule, contest("ABC", 2), numbers(11), {"A": 9, "B": 7, "C": 7}, against=1)
    nobody = each(rule, contest("AB", 1), numbers(11), {"A": 5, "B": 5})
    last = each(rule, contest("AB", 1, "open", 2), numbers(11), {"A": 5, "B": 5})

    assert said(rule, tied)[2] == "孙某同志，同意9票，不同意1票，弃权1票。"
    assert (
        said(rule, tied)[-1] == "李某同志、周某同志票数相等，不能确定，就以上2人再次投票，选1名。"
    )
    assert said(rule, nobody)[-2:] == (
        "本轮没有人达到规定票数。",
        "尚缺1名，由孙某同志、李某同志进入第2轮。",
    )
    assert said(rule, last)[-1] == "尚缺1名，名额空缺。"


def test_an_election_has_its_own_words():
    shape = contest("A", 1, write_in="roster")
    others = {"numbers": {"9": 4}, "none": 26, "invalid": 0, "texts": []}
    result = elect(ELECTION, shape, numbers(30), {"A": 24}, {"A": 5}, others)
    lines = said(ELECTION, result)

    assert "发出选票30张" in lines[0]
    assert "本次选举有效" in lines[0]
    assert lines[2:] == (
        "孙某同志，赞成24票，不赞成5票，弃权1票。",
        "另选吴某同志，4票。",
        "当选：孙某同志。",
    )


@pytest.mark.parametrize("lang", LANGS)
def test_under_outcome_no_vote_is_heard(lang):
    rule = CONTESTED.choose({"visibility": "outcome"})
    result = choose(rule, contest("AB", 1), numbers(31), {"A": 17, "B": 13}, blank=1)
    text = "\n".join(said(rule, result, lang)[1:])

    assert "17" not in text
    assert "13" not in text
    assert CALLED["A"] in text


def test_a_recommendation_is_withheld_until_the_rule_lets_it_be_told():
    rule = load_rule("nomination")
    votes, blank = {"A": 52, "B": 20}, 12
    withheld = choose(rule, contest("AB", 1), numbers(84), votes, blank=blank)
    told = rule.choose({"visibility": "counts"})

    assert len(said(rule, withheld)) == 2
    lines = said(told, choose(told, contest("AB", 1), numbers(84), votes, blank=blank))
    assert lines[2] == "孙某同志，得推荐票52票，得票率61.90%。"
    assert "供参考" in lines[-1]


def test_a_grid_is_read_cell_by_cell_with_its_rate_and_index():
    rule = load_rule("satisfaction").choose({"visibility": "counts"})
    row = {
        "very-satisfied": 30, "satisfied": 40, "basically-satisfied": 20,
        "less-satisfied": 6, "dissatisfied": 4, "unknown": 0,
    }  # fmt: skip
    result = grade(rule, {"A": ("index", row)}, numbers(100))
    lines = said(rule, result)

    assert lines[1].endswith("满意率90.00%，指数75.80。")
    assert lines[1].startswith("孙某：很满意30票、满意40票")
    assessed = load_rule("assessment").choose({"visibility": "counts"})
    cells = {"A": ("cadre", {"excellent": 20, "competent": 10})}
    assert said(assessed, grade(assessed, cells, numbers(30)))[1].endswith("满意率100.00%。")


def test_a_group_without_a_quorum_is_named():
    rule = load_rule("direct-election")
    groups = {"party": GroupNumbers(25, 20, 20), "masses": GroupNumbers(10, 10, 10)}
    result = elect(rule, contest("A", 1), numbers(35, 30, groups=groups), {"A": 30})

    assert said(rule, result) == ("党员实到人数不足法定人数，不能进行。",)


def test_a_motion_is_nobody_s_name():
    rule = load_rule("reconsideration")
    result = evaluate_item(rule, None, numbers(12), {"agree": 7, "disagree": 5})

    assert said(rule, result, name="复议李某任职")[1].startswith("复议李某任职，同意7票")
    assert announce(rule, [("李某", result)])[1].startswith("李某同志，同意7票")


def test_a_box_that_stays_shut_says_what_becomes_of_the_seats():
    shape = contest("AB", 1)
    could = evaluate_item(CONTESTED, shape, numbers(4), None, floor=5)
    hopeless = evaluate_item(CONTESTED, shape, numbers(4, 3, 2), None, floor=5)

    assert said(CONTESTED, could)[1] == "青山镇镇长一项，封存未开。"
    assert "名额空缺" in said(CONTESTED, hopeless)[1]


def test_every_step_and_note_has_a_sentence_that_names_whom_it_is_of():
    results = [
        choose(CONTESTED, contest("ABC", 2), numbers(12, 11, recused=1),
               {"A": 6, "B": 5, "C": 4}, blank=2),
        choose(CONTESTED, contest("AB", 1, "open", 2), numbers(12), {"A": 5, "B": 5}, blank=2),
        elect(ELECTION, contest("AB", 1, "tie"), numbers(30), {"A": 5, "B": 5}),
        evaluate_item(load_rule("consultation"), None, numbers(9), {"agree": 2, "disagree": 7}),
        grade(load_rule("assessment"), {"A": ("cadre", {"incompetent": 30})}, numbers(30)),
    ]  # fmt: skip
    for result in results:
        for lang in LANGS:
            for step in (*result.steps, *result.notes):
                text = step.text(lang, CALLED)
                assert "{" not in text
                assert step.of is None or CALLED[step.of] in text
