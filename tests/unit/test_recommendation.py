"""会议推荐: nothing is decided, and the groups vote on papers of their own."""

from __future__ import annotations

import dataclasses

import pytest

from tally.outcome import Opened
from tally.record.forms import report_data
from tally.report.report import typeset_report
from tests.support.drafts import RECOMMENDED, item_of
from tests.support.meeting import Simulation
from tests.support.refusals import refused
from voting.errors import FormatError, InputError, RefusedError
from voting.meeting.binding import items_left, propose_rounds, series_left
from voting.meeting.draft import read_draft
from voting.meeting.frozen import decode_meeting
from voting.meeting.marks import counts_of, evaluate_round
from voting.meeting.state import RoundState
from voting.protocol import codec
from voting.rules import Rule, load_rule
from voting.rules.announce import announce
from voting.rules.recommendation import (
    evaluate_recommendation,
    evaluate_recommendation_under_floor,
)

RULE = load_rule("recommendation")
FIGURES = {
    "due": 180,
    "present_at_open": 171,
    "present_at_seal": 170,
    "issued": 58,
    "returned": 58,
    "recused": 0,
}


def outcome(agree: int = 40, disagree: int = 10, abstain: int = 8, **changes):
    counts = {"agree": agree, "disagree": disagree, "abstain": abstain}
    rule = changes.pop("rule", RULE)
    return evaluate_recommendation(rule, **{**FIGURES, "counts": counts, **changes})


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize("agree", [0, 29, 58])
def test_however_many_recommend_nothing_passes_or_fails(agree):
    result = outcome(agree, 58 - agree, 0)
    assert (result.decision, result.reason, result.opened) == ("recorded", None, True)


@pytest.mark.parametrize(("base", "number"), [("valid", 12), ("returned", 18), ("issued", 20)])
def test_the_share_is_of_the_base_that_its_label_says(base, number):
    data = RULE.to_json()
    data["rate-base"] = {"value": base, "source": data["rate-base"]["source"]}
    box = {"issued": 20, "returned": 18, "rule": Rule.from_json(data)}
    step = outcome(counts={"agree": 6, "disagree": 6, "invalid": 6}, **box).steps[-1]
    assert (step.base, step.numbers["base"]) == (base, number)


def test_the_share_is_of_the_ballots_and_rounds_half_up():
    step = outcome(20, 38, 0).steps[-1]
    assert (step.base, step.numbers) == ("valid", {"agree": 20, "base": 58, "rate": 3448})
    assert "得票率 34.48%。" in step.text("zh")
    assert outcome(1, 7, 0, returned=8, issued=8).steps[-1].numbers["rate"] == 1250
    assert "5.00%" in outcome(1, 19, 0, returned=20, issued=20).steps[-1].text("en")


def test_the_share_may_be_of_those_who_took_part():
    rule = RULE.choose({"rate-base": "issued"})
    step = outcome(20, 30, 5, returned=55, rule=rule).steps[-1]
    assert (step.base, step.numbers["base"], step.numbers["rate"]) == ("issued", 58, 3448)


@pytest.mark.parametrize("seen", ["outcome", "withheld"])
def test_counts_are_read_out_only_where_the_room_may_hear_them(seen):
    """``outcome`` is no choice of the rule that ships, but an institution may write its own."""
    rule = dataclasses.replace(RULE, visibility=seen)
    told = announce(rule, [("赵某", outcome(31, 19, rule=rule))])
    assert told[1:] == ("推荐结果按规定报送，不当场宣布。",)


@pytest.mark.parametrize(
    ("changes", "decision", "reason"),
    [
        ({"present_at_open": 119}, "no_quorum", "quorum-at-open"),
        ({"present_at_seal": 119}, "no_quorum", "quorum-at-seal"),
        ({"issued": 172}, "void", "issued-exceeds-present"),
        ({"returned": 59}, "void", "returned-exceeds-issued"),
        ({"returned": 57}, "uncertified", "counts-do-not-add-up"),
    ],
)
def test_what_voids_a_vote_voids_a_recommendation(changes, decision, reason):
    result = outcome(**changes)
    assert (result.decision, result.reason) == (decision, reason)


def test_what_was_not_returned_is_remarked_and_no_abstention():
    result = outcome(40, 10, 5, returned=55)
    assert result.decision == "recorded"
    assert result.notes[0].numbers["unreturned"] == 3


def test_a_box_under_the_floor_stays_shut():
    few = {**FIGURES, "issued": 4, "returned": 4, "floor": 5}
    result = evaluate_recommendation_under_floor(RULE, **few)
    assert (result.decision, result.reason) == ("sealed_unopened", "under-floor")
    assert not result.opened
    with pytest.raises(RefusedError, match="not-under-floor"):
        evaluate_recommendation_under_floor(RULE, **{**few, "returned": 5})


def test_an_option_that_is_not_on_the_ballot_is_refused():
    with pytest.raises(InputError, match="unknown-option"):
        evaluate_recommendation(RULE, **FIGURES, counts={"defer": 1})


def test_counts_are_not_read_out_where_they_are_withheld():
    (first, second) = announce(RULE, [("张三", outcome())])
    assert "58" in first
    assert "40" not in second
    assert "张三" not in second


def test_counts_are_read_out_where_the_meeting_chose_so():
    told = announce(RULE.choose({"visibility": "counts"}), [("张三", outcome())])
    assert told[1] == "张三同志，推荐40票，不推荐10票，弃权8票。"


def test_a_rule_that_recommends_has_no_pass_and_one_that_decides_no_papers():
    for rule, foreign in ((RULE, "pass"), (load_rule("plenum"), "papers")):
        data = rule.to_json()
        assert foreign not in data
        data[foreign] = load_rule("plenum").to_json()["pass"]
        with pytest.raises(FormatError, match="unknown-key"):
            type(rule).from_json(data)


# --- the draft ------------------------------------------------------------------------------------


def test_the_ballot_says_recommend():
    m = Simulation(read_draft(RECOMMENDED), issued=False)
    assert list(m.meeting.options.values()) == ["推荐", "不推荐", "弃权"]


def test_a_word_that_two_rules_say_differently_is_frozen_for_each():
    text = RECOMMENDED.replace("[[groups]]", item_of(9) + "[[groups]]", 1)
    m = Simulation(read_draft(text), issued=False).meeting
    assert dict(m.options) == {
        "recommendation.agree": "推荐",
        "standing-committee.agree": "同意",
        "recommendation.disagree": "不推荐",
        "standing-committee.disagree": "不同意",
        "abstain": "弃权",
    }
    assert [m.word(m.rule_of(item), "agree") for item in ("i1", "i9")] == ["推荐", "同意"]
    value = codec.decode_exact(m.raw, "meeting")
    value["options"] = {"agree": "同意", "disagree": "不同意", "abstain": "弃权"}
    assert decode_meeting(codec.encode(value)).word(m.rule_of("i1"), "agree") == "同意"
    value["options"]["agree"] = "弃权"
    with pytest.raises(FormatError, match="twice"):
        decode_meeting(codec.encode(value))


# --- papers of their own --------------------------------------------------------------------------


@pytest.fixture
def m():
    m = Simulation(read_draft(RECOMMENDED))
    m.sign_in(7)
    for group, count in (("G", 6), ("H", 4), ("K", 2)):
        m.act("present", group=group, series=group, count=count)
    m.discuss("i1", "i2")
    return m


ITEMS = ["i1", "i2"]
DRAWN = {"A": 7, "G": 6, "H": 4, "K": 2}


def open_for(m: Simulation, *series: str) -> str:
    for one in series:
        for index in range(DRAWN[one], m.meeting.series[one].printed):
            m.leftover(m.slot, index, one)
    return m.open(ITEMS, series=list(series))


def papers(m: Simulation) -> list[tuple[str, ...]]:
    return [one.series for one in propose_rounds(m.meeting, m.state)]


def test_every_group_has_its_paper_and_small_ones_are_joined(m):
    assert papers(m) == [("A",), ("G",), ("H", "K")]


def test_what_is_too_small_at_the_end_joins_the_one_before(m):
    m.act("present", group="K", series="K", count=0)
    assert papers(m) == [("A",), ("G", "H")]


def test_those_who_recommend_together_have_one_paper():
    text = RECOMMENDED.replace(
        "[trustees]", '[rules.recommendation]\npapers = "joined"\n[trustees]'
    )
    m = Simulation(read_draft(text))
    m.sign_in(7)
    m.act("present", group="G", series="G", count=6)
    m.discuss("i1", "i2")
    assert papers(m) == [("A", "G")]
    error = refused(m, "open", **m.open_body(ITEMS, series=["A"]))
    assert error.code == "series-missing"


def test_every_group_votes_on_the_same_items_each_once(m):
    first = open_for(m, "A")
    assert refused(m, "open", **m.open_body(ITEMS, series=["A", "G"])).code == "series-open"
    second = open_for(m, "G")
    third = open_for(m, "H", "K")
    assert [m.round(slot).number for slot in (first, second, third)] == [1, 1, 1]
    assert [m.round(slot).issued for slot in (first, second, third)] == [7, 6, 6]
    # Quorum is the meeting's: due and present are everybody's.
    assert {(one.due, one.present_at_open) for one in m.state.rounds.values()} == {(19, 19)}
    m.seal(first, 7)
    assert refused(m, "open", **m.open_body(ITEMS, series=["A"])).code == "series-voted"


def test_a_group_whose_box_was_voided_votes_again_and_no_other(m):
    first, _ = open_for(m, "A"), open_for(m, "G")
    m.act("void", slot=first, reason="停电", pen=None)
    assert papers(m) == [("A",), ("H", "K")]
    again = open_for(m, "A")
    assert m.round(again).number == 2
    assert m.round(again).issued == 7


def test_a_paper_has_as_many_people_as_its_box_needs_ballots(m):
    error = refused(m, "open", **m.open_body(ITEMS, series=["K"]))
    assert (error.code, error.params) == ("paper-under-floor", {"people": 2, "floor": 5})


def test_tickets_and_people_agree_in_every_group(m):
    open_for(m, "A")
    m.act("present", group="G", series="G", count=5)
    for index in (6, 7):
        m.leftover(m.slot, index, "G")
    assert refused(m, "open", **m.open_body(ITEMS, series=["G"])).code == "issued-mismatch"


def test_items_are_left_until_every_group_in_the_room_has_voted(m):
    slots = [open_for(m, "A"), open_for(m, "G")]
    assert series_left(m.meeting, m.state, ITEMS) == ("H", "K")
    assert items_left(m.meeting, m.state) == ("i1", "i2")
    for slot, returned in zip(slots, (7, 6), strict=True):
        m.seal(slot, returned)  # no device check is owed while a group waits
    last = open_for(m, "H", "K")
    assert items_left(m.meeting, m.state) == ()
    assert refused(m, "seal", **m.seal_body(last, 6)).code == "spoil-quota"
    m.spoil(last)
    m.seal(last, 6)


def test_a_group_s_box_is_evaluated_by_itself(m):
    slot = open_for(m, "G")
    m.seal(slot, 6)
    assert m.round(slot).state is RoundState.SEALED
    counts = counts_of(m.meeting, ITEMS, [[4, 1, 1], [0, 6, 0]])
    found = evaluate_round(m.meeting, m.round(slot), counts)
    assert [found[item].steps[-1].numbers["rate"] for item in ITEMS] == [6667, 0]
    assert {one.decision for one in found.values()} == {"recorded"}


def test_a_rule_that_decides_never_lets_groups_vote_apart(m):
    rule = dataclasses.replace(m.meeting.rules["recommendation"], papers="joined")
    assert rule.papers == load_rule("standing-committee").papers == load_rule("plenum").papers
    open_for(m, "A")
    apart = m.open_body(ITEMS, series=["G"])
    m.meeting = dataclasses.replace(m.meeting, rules={"recommendation": rule})
    assert refused(m, "open", **apart).code == "item-open"


def test_the_form_prints_each_group_s_numbers_and_their_sum(m):
    slots = [open_for(m, "A"), open_for(m, "G"), open_for(m, "H", "K")]
    m.spoil(slots[-1])
    for slot, returned in zip(slots, (7, 6, 6), strict=True):
        m.seal(slot, returned)
        m.act("no-objection", slot=slot)
    for slot in slots[:2]:
        m.count(slot)
    m.act("void", slot=slots[2], reason="停电", pen=None)
    opened = {
        slots[0]: Opened(((5, 1, 1), (0, 7, 0)), "blind"),
        slots[1]: Opened(((4, 1, 1), (0, 6, 0)), "blind"),
    }

    data = report_data(m.meeting, m.lines, opened, b"result")

    assert [one["voters"] for one in data["rounds"]] == ["常委", "组别G", "组别H、组别K"]
    assert [(one["eligible"], one["issued"]) for one in data["rounds"]] == [(7, 7), (6, 6), (6, 6)]
    (whole,) = data["sums"]
    sums = [(one["agree"], one["disagree"], one["decision_text"]) for one in whole["items"]]
    assert sums == [(9, 2, "69.23%"), (0, 13, "0.00%")]
    assert whole["options"] == ["推荐", "不推荐", "弃权"]
    assert report_data(m.meeting, m.lines, opened, b"result", only=slots[0])["sums"] == []
    assert typeset_report(data).startswith(b"%PDF")
