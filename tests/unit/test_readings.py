"""What voters wrote in words: two scrutineers read it, and nothing is decided before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tally.following import check_release, check_standings, ended_by, following
from tally.outcome import Opened, counts_in, is_unread, reading_in, written_in
from tests.support.meeting import Simulation
from tests.support.readings import BLIND, ELECTED_WORDS, NOMINATED, body_of, counted, entry
from voting.errors import DraftError, RefusedError, VerificationError
from voting.meeting.draft import read_draft
from voting.meeting.marks import evaluate_round
from voting.meeting.plaintexts import encode_roster
from voting.meeting.questions import asks_of
from voting.rules import load_rule
from voting.rules.shapes import Standing
from voting.words import explain

SECOND = '[[officers]]\nrole = "scrutineer"\nname = "成员3"\n'


def box(m, *entries, totals=((),)):
    """The entries of the last ask of i1, opened."""
    ask = asks_of(m.meeting, "i1")[-1]
    rows = [encode_roster(ask, one) for one in entries]
    return Opened(tuple(totals), BLIND, {len(totals) - 1: rows})


def nominated(*entries, read=()):
    m = Simulation(read_draft(NOMINATED))
    slot = counted(m)
    if read:
        m.act("reading", **body_of(slot, read))
    return m, m.round(slot), box(m, *entries)


def elected(*entries, read=()):
    """An election of two for four names: c1 passes, the other seat stays open."""
    m = Simulation(read_draft(ELECTED_WORDS))
    slot = counted(m)
    if read:
        m.act("reading", **body_of(slot, read))
    totals = ((5, 2, 1, 0), (0, 2, 3, 4), ())
    return m, m.round(slot), box(m, *entries, totals=totals)


def refusal(kind, doing):
    with pytest.raises(kind) as caught:
        doing()
    return caught.value.code


# --- who reads -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule"), [(NOMINATED, "nomination"), (ELECTED_WORDS, "grassroots-election")]
)
def test_a_draft_under_which_words_may_come_has_two_scrutineers(text, rule):
    """Also under a rule of the institution's own that one scrutineer signs."""
    found = load_rule(rule)
    fewer = tuple(replace(one, count=1) for one in found.signers)
    own = {"own": replace(found, id="own", signers=fewer)}
    text = text.replace(f'"{rule}"', '"own"').replace(f"[rules.{rule}]", "[rules.own]")
    assert read_draft(text, own)
    with pytest.raises(DraftError) as caught:
        read_draft(text.replace(SECOND, ""), own)
    assert (caught.value.code, caught.value.place) == ("too-few-readers", "officers")
    assert "监票人认读" in explain(caught.value)
    assert read_draft(text.replace(SECOND, "").replace('= "text"', '= "none"'), own)


# --- what is counted ---------------------------------------------------------------------------


def test_somebody_named_by_number_and_in_words_has_one_vote_of_that_ballot():
    read = [entry("王伟", 7), entry("王炜", 7)]
    m, one, opened = nominated([7, "王伟"], ["王伟", "王炜"], [6], [], [], [], read=read)
    row = counts_in(m.meeting, one, opened)["i1"][""]
    assert row == {"numbers": {"6": 1, "7": 2}, "none": 3, "invalid": 0, "texts": []}


def test_an_entry_of_which_nothing_is_left_is_invalid_and_leaves_the_base():
    read = [entry("王伟", "invalid")]
    m, one, opened = nominated(["王伟"], [1, "王伟"], [1], [1], [1], [], read=read)
    counts = counts_in(m.meeting, one, opened)
    assert counts["i1"][""] == {"numbers": {"1": 4}, "none": 1, "invalid": 1, "texts": []}
    (name,) = evaluate_round(m.meeting, one, counts)["i1"].names
    assert name.rate == 8_000  # four of five valid ballots


def test_words_that_are_invalid_are_no_name_from_outside():
    read = [
        entry("孙一", "invalid", ask="others"),
        entry("欧阳修", "written", ask="others"),
    ]
    m, one, opened = elected(["孙一"], ["孙一", "欧阳修"], [], [], [], [], read=read)
    evaluation = evaluate_round(m.meeting, one, counts_in(m.meeting, one, opened))["i1"]
    assert {one.id: one.votes for one in evaluation.names}["others:欧阳修"] == 1
    assert "others:孙一" not in {one.id for one in evaluation.names}


# --- nothing before ----------------------------------------------------------------------------


def test_nothing_is_counted_before_it_is_read():
    m, one, opened = nominated(["王伟"], [1], [1], [1], [1], [])
    assert is_unread(m.meeting, one, opened)
    assert written_in(m.meeting, one, opened) == {("i1", ""): {"王伟": 1}}
    assert refusal(RefusedError, lambda: counts_in(m.meeting, one, opened)) == "reading-missing"


def test_a_box_without_words_needs_no_reading_and_takes_none():
    m, one, opened = nominated([1], [1], [1], [1], [1], [])
    assert not is_unread(m.meeting, one, opened)
    assert counts_in(m.meeting, one, opened)
    m.act("reading", **body_of(one.slot, [entry("王伟", 7)]))
    read = m.round(one.slot)
    assert refusal(VerificationError, lambda: counts_in(m.meeting, read, opened)) == (
        "reading-mismatch"
    )


def test_no_next_round_and_no_release_of_a_contest_before_its_words_are_read():
    m, one, opened = elected(["欧阳修"], ["欧阳修"], [], [], [], [])
    boxes = {one.slot: opened}
    assert following(m.meeting, m.state, boxes) == {}
    who = {"i1": Standing(("c2", "c3", "others:欧阳修"), 1, "open", 2)}
    for doing in (
        lambda: check_standings(m.meeting, m.state, ["i1"], who, boxes),
        lambda: check_release(m.meeting, m.state, one, boxes),
        lambda: ended_by(m.meeting, m.state, one, boxes),
    ):
        assert refusal(RefusedError, doing) == "reading-missing"


@pytest.mark.parametrize(
    ("meant", "elected_now", "nexts"),
    [("written", ["c1", "others:欧阳修"], {}), ("invalid", ["c1"], {"i1": ("c2", "c3")})],
)
def test_who_is_elected_and_who_stands_next_follow_from_what_was_read(meant, elected_now, nexts):
    read = [entry("欧阳修", meant, ask="others")]
    m, one, opened = elected(*[["欧阳修"]] * 4, [], [], read=read)
    evaluation = evaluate_round(m.meeting, one, counts_in(m.meeting, one, opened))["i1"]
    assert list(evaluation.elected()) == elected_now
    found = following(m.meeting, m.state, {one.slot: opened})
    assert {item: who.names for item, who in found.items()} == nexts


# --- the act -----------------------------------------------------------------------------------


def test_a_reading_takes_the_place_of_an_earlier_one():
    m, one, opened = nominated(["王伟"], [1], [1], [1], [1], [], read=[entry("王伟", 6)])
    m.act("reading", **body_of(one.slot, [entry("王伟", 7)]))
    row = counts_in(m.meeting, m.round(one.slot), opened)["i1"][""]
    assert row["numbers"] == {"1": 4, "7": 1}


def test_two_scrutineers_sign_in_any_order():
    m, one, opened = nominated(["王伟"], [], [], [], [], [])
    act = m.propose("reading", **body_of(one.slot, [entry("王伟", 7)]))
    m.append(m.sign(act, "scrutineer-2", "scrutineer-1", "server"))
    assert reading_in(m.meeting, m.round(one.slot), opened) == {("i1", ""): {"王伟": 7}}
