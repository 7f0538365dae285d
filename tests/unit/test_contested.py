"""差额票决: more names than seats, over half of due and a place within the seats."""

from __future__ import annotations

import json

import pytest

from tests.support.rounds import choose, contest, each, numbers, results, standing
from voting.errors import InputError, RefusedError
from voting.rules import load_rule
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import Grid, Standing

RULE = load_rule("contested")
EACH = RULE.choose({"ballot": "each"})


def test_the_names_over_half_within_the_seats_are_chosen():
    result = choose(RULE, contest("AB", 1), numbers(11), {"A": 6, "B": 5})

    assert (result.decision, result.elected(), result.open_seats) == ("elected", ("A",), 0)
    assert results(result) == {"A": "elected", "B": "out"}
    assert [one.rank for one in result.names] == [1, 2]
    assert result.next is None


@pytest.mark.parametrize("agree", [5, 6])
def test_over_half_is_of_those_due_and_not_of_those_present(agree):
    result = choose(RULE, contest("AB", 1), numbers(11, 8), {"A": agree, "B": 8 - agree})

    assert (result.decision == "elected") == (agree == 6)


def test_nobody_over_half_goes_on_with_the_best_two():
    result = choose(RULE, contest("ABC", 1), numbers(11), {"A": 5, "B": 4, "C": 2})

    assert result.decision == "next_round"
    assert standing(result) == ("AB", 1, "open", 2)
    assert results(result) == {"A": "next", "B": "next", "C": "out"}


def test_a_tie_at_the_cut_of_the_next_round_takes_all_along():
    result = choose(RULE, contest("ABC", 1), numbers(11), {"A": 4, "B": 3, "C": 3}, blank=1)

    assert standing(result) == ("ABC", 1, "open", 2)


def test_five_seats_of_eight_names_in_two_rounds():
    first = choose(
        RULE,
        contest("abcdefgh", 5),
        numbers(29),
        {"a": 25, "b": 24, "c": 20, "d": 14, "e": 13, "f": 13, "g": 8, "h": 6},
    )
    assert first.elected() == ("a", "b", "c")
    assert standing(first) == ("def", 2, "open", 2)

    second = choose(RULE, contest("def", 2, "open", 2), numbers(29), {"d": 20, "e": 18, "f": 16})
    assert (second.decision, second.elected()) == ("elected", ("d", "e"))
    assert results(second)["f"] == "out"  # a majority, and no place


def test_a_tie_at_the_last_seat_is_voted_on_again_within_the_round():
    result = each(EACH, contest("ABC", 2), numbers(11), {"A": 9, "B": 7, "C": 7})

    assert (result.decision, result.elected(), result.open_seats) == ("tied_revote", ("A",), 1)
    assert standing(result) == ("BC", 1, "tie", 1)
    assert results(result) == {"A": "elected", "B": "tied", "C": "tied"}


def test_in_a_revote_the_names_still_have_to_pass_unless_the_rule_says_otherwise():
    revote = contest("BC", 1, "tie", 1)
    strict = choose(RULE, revote, numbers(11), {"B": 5, "C": 4}, blank=2)
    most = RULE.choose({"ties": "revote-most"})
    loose = choose(most, revote, numbers(11), {"B": 5, "C": 4}, blank=2)

    assert (strict.decision, standing(strict)) == ("next_round", ("BC", 1, "open", 2))
    assert (loose.decision, loose.elected()) == ("elected", ("B",))
    assert choose(most, revote, numbers(11), {"B": 4, "C": 4}, blank=3).decision == "tied_revote"


def test_a_revote_that_nobody_voted_in_elects_nobody():
    most = RULE.choose({"ties": "revote-most"})
    result = choose(most, contest("BC", 1, "tie", 1), numbers(11), {"B": 0, "C": 0}, blank=11)

    assert (result.elected(), result.decision) == ((), "next_round")


def test_the_rule_limits_the_rounds_and_then_the_seats_stay_open():
    last = contest("AB", 1, "open", 2)
    votes = {"A": 5, "B": 4}
    result = choose(RULE, last, numbers(11), votes, blank=2)
    more = choose(RULE.choose({"rounds-limit": 0}), last, numbers(11), votes, blank=2)

    assert (result.decision, result.open_seats, result.next) == ("seats_open", 1, None)
    assert result.steps[-1].message == "contest.rounds-spent"
    assert standing(more) == ("AB", 1, "open", 3)


def test_a_tie_in_the_last_round_is_still_voted_on():
    result = each(EACH, contest("AB", 1, "open", 2), numbers(11), {"A": 7, "B": 7})

    assert standing(result) == ("AB", 1, "tie", 2)


def test_when_nobody_is_left_the_seats_stay_open():
    result = each(EACH, contest("A", 2, "open", 2), numbers(11), {"A": 8})

    assert (result.decision, result.elected(), result.open_seats) == ("seats_open", ("A",), 1)
    assert result.steps[-1].message == "contest.nobody-left"


def test_the_rule_sizes_the_next_round():
    votes = {"A": 5, "B": 3, "C": 2, "D": 1}
    for extra, names in ((0, "A"), (1, "AB"), (2, "ABC")):
        rule = RULE.choose({"next-round": extra})
        assert standing(choose(rule, contest("ABCD", 1), numbers(11), votes))[0] == names


@pytest.mark.parametrize(
    ("votes", "blank", "fits"),
    [
        ({"A": 6, "B": 5, "C": 0}, 0, True),
        ({"A": 11, "B": 11, "C": 0}, 0, True),
        ({"A": 8, "B": 8, "C": 7}, 0, False),  # 23 names on 11 ballots of at most 2
        ({"A": 6, "B": 4, "C": 0}, 0, False),  # 10 names: a ballot that chose nobody is blank
        ({"A": 6, "B": 4, "C": 0}, 1, True),
        ({"A": 12, "B": 0, "C": 0}, 0, False),  # more votes than ballots
        ({"A": 0, "B": 0, "C": 0}, 11, True),
        ({"A": 0, "B": 0, "C": 0}, 12, False),
    ],
)
def test_votes_that_the_ballots_can_not_hold_are_not_certified(votes, blank, fits):
    result = choose(RULE, contest("ABC", 2), numbers(11), votes, blank=blank)

    assert (result.decision == "uncertified") == (not fits)
    if not fits:
        assert (result.reason, result.names) == ("counts-do-not-add-up", ())
        assert result.open_seats == 2


def test_a_word_for_each_must_add_up_for_every_name():
    counts = {"A": {"agree": 6, "disagree": 5}, "B": {"agree": 6, "disagree": 4}}
    result = evaluate_item(EACH, contest("AB", 1), numbers(11), counts)

    assert result.decision == "uncertified"
    assert result.steps[-1].of == "B"


@pytest.mark.parametrize(
    ("changes", "reason", "decision"),
    [
        ({"present_at_open": 7, "present_at_seal": 7, "issued": 7, "returned": 7},
         "quorum-at-open", "no_quorum"),
        ({"present_at_seal": 7}, "quorum-at-seal", "no_quorum"),
        ({"issued": 12}, "issued-exceeds-present", "void"),
        ({"returned": 12}, "returned-exceeds-issued", "void"),
    ],
)  # fmt: skip
def test_what_must_hold_before_is_as_for_every_vote(changes, reason, decision):
    box = numbers(11)
    box = type(box)(**{name: changes.get(name, getattr(box, name)) for name in (
        "due", "present_at_open", "present_at_seal", "issued", "returned")})  # fmt: skip
    result = choose(RULE, contest("AB", 1), box, {"A": box.returned, "B": 0})

    assert (result.decision, result.reason) == (decision, reason)
    assert (result.names, result.next) == ((), None)


def test_a_recusal_that_the_other_base_would_judge_otherwise_is_remarked():
    box = numbers(12, 10, recused=1)
    result = choose(RULE, contest("AB", 1), box, {"A": 6, "B": 4})
    reduced = choose(
        RULE.choose({"recusal-base": "reduced"}), contest("AB", 1), box, {"A": 6, "B": 4}
    )

    assert (result.decision, reduced.decision) == ("next_round", "elected")
    for one in (result, reduced):
        assert [note.message for note in one.notes] == ["note.recusal-base-sensitive"]


def test_under_the_floor_the_box_stays_shut_and_seats_stay_open_where_nobody_could_pass():
    shape = contest("AB", 1)
    could = evaluate_item(RULE, shape, numbers(4), None, floor=5)
    hopeless = evaluate_item(RULE, shape, numbers(4, 3, 2), None, floor=5)

    assert (could.decision, could.opened) == ("sealed_unopened", False)
    assert (hopeless.decision, hopeless.reason) == ("seats_open", "under-floor")
    assert hopeless.to_json()["names"] == []
    with pytest.raises(RefusedError):
        evaluate_item(RULE, shape, numbers(5), None, floor=5)


def test_the_result_is_plain_data_with_what_was_asked_and_what_comes_next():
    data = choose(RULE, contest("AB", 1), numbers(12), {"A": 6, "B": 6}).to_json()

    assert json.loads(json.dumps(data)) == data
    assert list(data)[-4:] == ["contest", "names", "open_seats", "next"]
    assert data["contest"] == {"names": ["A", "B"], "seats": 1, "why": "first", "round": 1}
    assert data["next"] == {"names": ["A", "B"], "seats": 1, "why": "open", "round": 2}
    assert data["figures"]["counts"] == {"": {"blank": 0, "A": 6, "B": 6}}
    assert data["names"][0] == {
        "id": "A", "votes": 6, "rank": 1, "result": "next", "counts": {"agree": 6}, "rate": None
    }  # fmt: skip


def test_a_confirmation_s_result_has_none_of_these_keys():
    rule = load_rule("standing-committee")
    data = evaluate_item(rule, None, numbers(12), {"agree": 12}).to_json()

    assert list(data) == ["rule", "decision", "reason", "opened", "figures", "steps", "notes"]


@pytest.mark.parametrize(
    ("shape", "counts"),
    [
        (None, {"agree": 1}),
        (Grid({}), {}),
        (contest("AB", 1, roster=True), {"": {}}),
        (contest("AB", 1), []),
    ],
)
def test_a_shape_that_the_rule_does_not_ask_is_refused(shape, counts):
    with pytest.raises(InputError):
        evaluate_item(RULE, shape, numbers(11), counts)


@pytest.mark.parametrize(
    "counts", [{"": {"X": 1}}, {"A": {"agree": 1}}, {"": {"A": -1}}, {"": {"A": True}}]
)
def test_counts_of_somebody_else_are_refused(counts):
    with pytest.raises(InputError):
        evaluate_item(RULE, contest("AB", 1), numbers(11), counts)


def test_the_frozen_order_is_kept_and_tells_no_votes():
    result = choose(RULE, contest("CAB", 1), numbers(11), {"C": 3, "A": 4, "B": 4})

    assert [one.id for one in result.names] == ["C", "A", "B"]
    assert result.next == Standing(("A", "B"), 1, "open", 2)
