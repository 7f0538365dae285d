"""选举: 赞成, 不赞成, 弃权; names from outside at most as many as 不赞成; two quorums at once."""

from __future__ import annotations

import pytest

from tests.support.rounds import contest, elect, numbers, results, standing
from voting.errors import InputError
from voting.rules import load_rule
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import GroupNumbers

NEW = load_rule("grassroots-election")
OLD = load_rule("grassroots-election-1990")
BOTH = load_rule("direct-election")
NOBODY = {"numbers": {}, "none": 30, "invalid": 0, "texts": []}


def test_as_many_names_as_seats_are_each_judged_by_themselves():
    result = elect(NEW, contest("AB", 2), numbers(30), {"A": 28, "B": 15}, {"B": 10})

    assert (result.decision, result.elected(), result.open_seats) == ("next_round", ("A",), 1)
    assert result.names[1].counts == {"agree": 15, "disagree": 10, "abstain": 5}
    assert standing(result) == ("B", 1, "open", 2)


def test_more_names_than_seats_rank_and_a_tie_at_the_last_is_voted_on_again():
    votes = {"A": 28, "B": 25, "C": 18, "D": 18}
    result = elect(NEW, contest("ABCD", 3), numbers(30), votes)

    assert (result.decision, result.elected()) == ("tied_revote", ("A", "B"))
    assert standing(result) == ("CD", 1, "tie", 1)
    assert result.names[2].counts == {"agree": 18, "disagree": 0, "abstain": 12}


def test_in_the_revote_of_a_tie_the_most_votes_win_without_half_again():
    revote = contest("CD", 1, "tie", 1)

    assert elect(NEW, revote, numbers(30), {"C": 10, "D": 9}).elected() == ("C",)
    again = elect(NEW, revote, numbers(30), {"C": 10, "D": 10})
    assert standing(again) == ("CD", 1, "tie", 1)


def test_the_new_rule_takes_those_due_and_the_old_one_those_present():
    box, shape = numbers(50, 41), contest("A", 1)

    assert elect(NEW, shape, box, {"A": 25}).elected() == ()
    assert elect(OLD, shape, box, {"A": 25}).elected() == ("A",)
    assert elect(OLD, shape, numbers(48, 40), {"A": 20}).elected() == ()


def test_four_fifths_are_enough_by_the_new_rule_and_not_by_the_old_one():
    box, shape = numbers(50, 40), contest("A", 1)

    assert elect(NEW, shape, box, {"A": 40}).decision == "elected"
    assert elect(OLD, shape, box, {"A": 40}).decision == "no_quorum"
    older = OLD.choose({"quorum": {
        "numerator": 4, "denominator": 5, "inclusive": True, "base": "due"}})  # fmt: skip
    assert elect(older, shape, box, {"A": 40}).decision == "elected"


@pytest.mark.parametrize(
    ("rule_id", "due", "enough"),
    [("local-congress-election", 30, 16), ("local-plenum-election", 30, 21),
     ("local-plenum-election", 29, 20), ("grassroots-election", 106, 85)],
)  # fmt: skip
def test_each_election_has_its_own_quorum(rule_id, due, enough):
    rule, shape = load_rule(rule_id), contest("A", 1)

    assert elect(rule, shape, numbers(due, enough), {"A": enough}).decision != "no_quorum"
    below = elect(rule, shape, numbers(due, enough - 1), {"A": enough - 1})
    assert (below.decision, below.reason) == ("no_quorum", "quorum-at-open")


# --- names from outside ---------------------------------------------------------------------------


def test_a_name_from_outside_is_elected_by_the_same_share():
    shape = contest("AB", 1, write_in="roster")
    others = {"numbers": {"17": 16, "4": 1}, "none": 13, "invalid": 0, "texts": []}
    result = elect(NEW, shape, numbers(30), {"A": 10, "B": 3}, {"A": 12, "B": 8}, others)

    assert (result.decision, result.elected()) == ("elected", ("others:17",))
    assert [one.id for one in result.names] == ["A", "B", "others:4", "others:17"]
    assert list(result.figures.to_json()["counts"]["others"]["numbers"]) == ["4", "17"]


def test_names_from_outside_are_at_most_as_many_as_those_against():
    shape = contest("A", 1, write_in="roster")
    for written, decision in ((5, "elected"), (6, "uncertified")):
        others = {**NOBODY, "numbers": {"3": written}, "none": 30 - written}
        result = elect(NEW, shape, numbers(30), {"A": 20}, {"A": 5}, others)

        assert result.decision == decision
    assert (result.reason, result.steps[-1].message) == (
        "write-ins-exceed-disagree", "reconcile.write-ins-exceed"
    )  # fmt: skip
    assert result.steps[-1].numbers == {"written": 6, "disagree": 5}


def test_words_are_names_too_where_they_are_allowed():
    shape = contest("A", 1, write_in="text")
    others = {**NOBODY, "none": 10, "texts": [{"text": "王某", "votes": 18}]}
    result = elect(NEW, shape, numbers(30), {"A": 3}, {"A": 25}, others)

    assert result.elected() == ("others:王某",)


def test_a_tie_with_a_name_from_outside_is_between_the_two():
    shape = contest("AB", 2, write_in="roster")
    others = {**NOBODY, "numbers": {"9": 16}, "none": 14}
    result = elect(NEW, shape, numbers(30), {"A": 16, "B": 28}, {"A": 14, "B": 2}, others)
    later = elect(NEW, shape, numbers(30), {"A": 7, "B": 2}, {"A": 16, "B": 9}, others)

    assert result.next is not None
    assert (result.next.names, result.next.why) == (("A", "others:9"), "tie")
    assert later.next is not None
    assert (later.next.names, later.elected()) == (("A", "B"), ("others:9",))


# --- what the totals show -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "against", "reason"),
    [
        ({"A": 20, "B": 5}, {"A": 11}, "counts-do-not-add-up"),  # 31 marks for A on 30 ballots
        ({"A": 20, "B": 11}, {}, "counts-do-not-add-up"),  # 31 for one seat on 30 ballots
        ({"A": 20, "B": 10}, {"A": 10, "B": 20}, None),
    ],
)
def test_overvotes_that_totals_show_are_not_certified(votes, against, reason):
    result = elect(NEW, contest("AB", 1), numbers(30), votes, against)

    assert result.reason == reason


@pytest.mark.parametrize(
    ("others", "fits"),
    [
        ({"numbers": {"17": 10}}, True),
        ({"numbers": {"17": 11}}, False),
        ({"texts": [{"text": "王某", "votes": 11}]}, False),
        ({"numbers": {"17": 3}, "none": 5, "invalid": 2}, True),
        ({"numbers": {"17": 4}, "none": 5, "invalid": 2}, False),
        ({"none": 4, "invalid": 7}, False),
    ],
)
@pytest.mark.parametrize("listed", ["ABC", "ABCD"])  # a word for each; 赞成 and 不赞成
def test_a_name_from_outside_has_no_more_votes_than_there_are_ballots(listed, others, fits):
    shape = contest(listed, 3, write_in="text")
    given = {"numbers": {}, "none": 0, "invalid": 0, "texts": [], **others}
    against = dict.fromkeys(listed, 10)
    result = elect(NEW, shape, numbers(10), dict.fromkeys(listed, 0), against, given)

    if fits:
        assert result.reason is None
    else:
        assert (result.decision, result.reason) == ("uncertified", "counts-do-not-add-up")
        assert result.steps[-1].message == "reconcile.outside-exceed"
        assert "10" in result.steps[-1].text("zh")


def test_written_names_and_votes_for_share_the_seats():
    shape = contest("ABC", 1, write_in="roster")
    others = {**NOBODY, "numbers": {"9": 11}, "none": 19}
    result = elect(NEW, shape, numbers(30), {"A": 20, "B": 0, "C": 0}, {"B": 30}, others)

    assert (result.decision, result.steps[-1].message) == (
        "uncertified",
        "reconcile.seats-exceeded",
    )


@pytest.mark.parametrize(
    "others",
    [
        {"numbers": {"07": 1}},
        {"numbers": {"x": 1}},
        {"numbers": []},
        {"numbers": {"7": -1}},
        {"texts": ["王某"]},
        {"texts": [{"text": "王某"}]},
        {"texts": [{"text": "王某", "votes": 1}, {"text": "王某", "votes": 1}]},
        {"else": 1},
    ],
)
def test_a_roster_s_counts_are_read_strictly(others):
    with pytest.raises(InputError):
        elect(NEW, contest("A", 1, write_in="text"), numbers(30), {"A": 3}, {"A": 20}, others)


def test_without_names_from_outside_none_are_counted():
    with pytest.raises(InputError):
        elect(NEW, contest("A", 1), numbers(30), {"A": 3}, {"A": 20}, {"numbers": {"7": 1}})


# --- seats left, and groups -----------------------------------------------------------------------


def test_too_few_elected_go_on_or_leave_the_seats_open_as_the_meeting_chose():
    shape, votes = contest("ABC", 2), {"A": 20, "B": 10, "C": 9}
    again = elect(NEW, shape, numbers(30), votes)
    fewer = elect(NEW.choose({"rounds-limit": 1}), shape, numbers(30), votes)

    assert standing(again) == ("BC", 1, "open", 2)
    assert (fewer.decision, fewer.elected(), fewer.next) == ("seats_open", ("A",), None)
    assert results(fewer) == {"A": "elected", "B": "out", "C": "out"}


@pytest.mark.parametrize(
    ("party", "masses", "reason", "of"),
    [
        ((21, 21), (6, 6), None, None),
        ((20, 20), (10, 10), "quorum-at-open", "party"),  # exactly 4/5 is not more
        ((25, 25), (5, 5), "quorum-at-open", "masses"),
        ((21, 20), (6, 6), "quorum-at-seal", "party"),
        ((21, 21), (6, 5), "quorum-at-seal", "masses"),
    ],
)
def test_two_quorums_at_once(party, masses, reason, of):
    present, seal = party[0] + masses[0], party[1] + masses[1]
    box = numbers(
        35,
        present,
        present_at_seal=seal,
        groups={"party": GroupNumbers(25, *party), "masses": GroupNumbers(10, *masses)},
    )
    result = elect(BOTH, contest("A", 1), box, {"A": present})

    assert result.reason == reason
    assert result.steps[-1].of == of
    if reason is None:
        assert result.decision == "elected"
        assert result.figures.to_json()["groups"]["party"]["due"] == 25


def test_more_than_half_of_all_who_are_present_is_elected():
    groups = {"party": GroupNumbers(25, 22, 22), "masses": GroupNumbers(10, 8, 8)}
    for agree, elected in ((15, ()), (16, ("A",))):
        result = elect(BOTH, contest("A", 1), numbers(35, 30, groups=groups), {"A": agree})
        assert result.elected() == elected


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ({"party": GroupNumbers(25, 22, 22)}, "group-numbers-missing"),
        ({"party": GroupNumbers(25, 22, 22), "masses": GroupNumbers(0, 0, 0)}, "empty-roll"),
        ({"party": GroupNumbers(2, 3, 3), "masses": GroupNumbers(9, 9, 9)}, "present-exceeds-due"),
        ({"party": GroupNumbers(25, -1, 2), "masses": GroupNumbers(9, 9, 9)}, "negative-number"),
    ],
)
def test_numbers_of_a_group_that_no_meeting_has_are_refused(groups, code):
    with pytest.raises(InputError) as caught:
        elect(BOTH, contest("A", 1), numbers(35, 30, groups=groups), {"A": 20})

    assert caught.value.code == code


def test_under_the_floor_a_revote_could_always_elect():
    shape = contest("AB", 1, "tie", 1)
    few = numbers(4, 4, 1)

    assert evaluate_item(NEW, shape, few, None, floor=5).decision == "sealed_unopened"
    assert evaluate_item(NEW, contest("AB", 1), few, None, floor=5).decision == "seats_open"
