"""Simulated members: every mark is one that a ballot may hold; a seed repeats it."""

from __future__ import annotations

import pytest

from kiosk.rehearsal.minds import make_minds
from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED
from tests.support.meeting import make_meeting
from tests.support.readings import NOMINATED as WORDS
from voting.meeting.draft import read_draft
from voting.meeting.marks import choices_of, marks_of
from voting.rules.shapes import Standing

PEOPLE = [f"人{i}" for i in range(40)]


def played(text, standings=None, seed=3):
    draft = read_draft(text)
    meeting, _ = make_meeting(draft)
    items = list(meeting.items)
    said = standings or {}
    return (
        meeting,
        items,
        [mind.marks(meeting, items, said) for mind in make_minds(draft, PEOPLE, seed).values()],
    )


@pytest.mark.parametrize("text", [CONTESTED, ELECTED, NOMINATED, ASSESSED])
def test_every_mark_can_be_sealed(text):
    meeting, items, minds = played(text)
    for marks in minds:
        assert marks_of(meeting, items, choices_of(meeting, items, marks)) == marks


def test_a_later_round_is_decided_among_those_who_stand():
    standings = {"i1": Standing(("c2", "c3"), 1, "open", 2)}
    meeting, items, minds = played(CONTESTED, standings)
    for marks in minds:
        choices_of(meeting, items, marks, standings)


def test_who_has_no_weight_is_never_chosen():
    text = CONTESTED + '\n[rehearsal.weights.i1]\n"孙一" = 5\n"孙二" = 1\n'
    _, _, minds = played(text)
    chosen = [name for marks in minds for name in marks["i1"][""]]
    assert set(chosen) <= {"c1", "c2", "blank"}
    assert chosen.count("c1") > chosen.count("c2") > 0


def test_names_that_are_no_numbers_are_written_in_words():
    text = WORDS + '\n[rehearsal.weights.i1]\n"1" = 5\n"王伟" = 3\n"陌生人" = 1\n'
    _, _, minds = played(text)
    chosen = [name for marks in minds for name in marks["i1"][""]]
    assert set(chosen) == {1, "王伟", "陌生人"}


def test_nobody_writes_in_more_than_he_is_against_or_than_there_are_seats():
    _, _, minds = played(ELECTED)
    assert any(marks["i1"]["others"] for marks in minds)
    for marks in (one["i1"] for one in minds):
        assert len(marks["others"]) <= len(marks["against"])
        assert len(marks["for"]) + len(marks["others"]) <= 2  # the seats


def test_a_seed_repeats_the_choices_whoever_comes_first():
    assert played(NOMINATED)[2] == played(NOMINATED)[2]
    assert played(NOMINATED, seed=4)[2] != played(NOMINATED)[2]
