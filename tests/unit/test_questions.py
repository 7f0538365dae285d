"""What an item asks, and marks, choices and counts of every kind of ask."""

from __future__ import annotations

import pytest

from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED
from tests.support.meeting import make_meeting, uuid_of
from voting.errors import InputError
from voting.meeting import marks
from voting.meeting.binding import round_election
from voting.meeting.draft import read_draft
from voting.meeting.plaintexts import decode_roster, encode_roster
from voting.meeting.questions import asks_of
from voting.protocol.election import decode_election
from voting.rules.shapes import Standing

EACH = CONTESTED.replace("[[series]]", '[rules.contested]\nballot = "each"\n[[series]]', 1)
EQUAL = ELECTED.replace("seats = 2", "seats = 4")
FREE = NOMINATED.replace("[[series]]", '[rules.nomination]\nwrite-in = "text"\n[[series]]', 1)
TEXT = ELECTED.replace('roster = "r1"\n', "", 1).replace(
    "[[series]]", '[rules.grassroots-election]\nwrite-in = "text"\n[[series]]', 1
)
TEXT = TEXT[: TEXT.index("[[rosters]]")] + TEXT[TEXT.index("[trustees]") :]


def meeting_of(text):
    return make_meeting(read_draft(text))[0]


def asked(text, item="i1", standing=None):
    return [
        (one.id, one.type, one.minimum, one.maximum, one.blank)
        for one in asks_of(meeting_of(text), item, standing)
    ]


def test_a_confirmation_asks_for_exactly_one_option():
    assert asked(CONTESTED, "i2") == [("", "one", 1, 1, False)]


def test_a_contested_vote_asks_for_names_up_to_the_seats_or_for_a_word_for_each():
    assert asked(CONTESTED) == [("", "some", 1, 2, True)]
    assert [one[0] for one in asked(EACH)] == ["c1", "c2", "c3", "c4"]


def test_a_later_round_asks_of_those_who_stand():
    who = Standing(("c2", "c4"), 1, "open", 2)
    (ask,) = asks_of(meeting_of(CONTESTED), "i1", who)
    assert ask.answers == (("c2", "孙二"), ("c4", "孙四"))
    assert ask.maximum == 1


def test_an_election_of_more_names_asks_for_against_and_others():
    assert asked(ELECTED) == [
        ("for", "some", 0, 2, False),
        ("against", "some", 0, 4, False),
        ("others", "roster", 0, 2, False),
    ]


def test_an_election_of_as_many_names_asks_of_each():
    assert [one[0] for one in asked(EQUAL)] == ["c1", "c2", "c3", "c4", "others"]


def test_nobody_is_written_in_after_the_first_round():
    who = Standing(("c1", "c2", "others:7"), 1, "open", 2)
    asks = asks_of(meeting_of(ELECTED), "i1", who)
    assert [one.id for one in asks] == ["for", "against"]
    assert asks[0].answers[-1] == ("others:7", "干部7")


def test_a_roster_is_one_shuffled_question():
    (question,) = decode_election(
        round_election(meeting_of(NOMINATED), uuid_of("slot 0"), ["i1"], 1)
    ).questions
    assert question.size == 30
    assert question.extra["method"] == "piaojue-roster/1"
    assert (question.extra["max"], len(question.extra["roster"])) == (2, 30)
    assert "text" not in question.extra


def test_a_grid_asks_subjects_outer_and_aspects_inner_with_each_one_s_scale():
    asks = asks_of(meeting_of(ASSESSED), "g")
    assert [one.id for one in asks] == ["s1.a1", "s1.a2", "s2.a1", "s2.a2"]
    assert asks[0].question == "年度考核民主测评 · 李一 · 德"
    assert asks[0].ids != asks[2].ids


MARKS = {
    "choose": (CONTESTED, {"i1": {"": ["c1", "c3"]}, "i2": "abstain"}),
    "blank": (CONTESTED, {"i1": {"": ["blank"]}, "i2": "agree"}),
    "each": (EACH, {"i1": dict.fromkeys(("c1", "c2", "c3", "c4"), "agree"), "i2": "agree"}),
    "election": (ELECTED, {"i1": {"for": ["c2"], "against": ["c1", "c4"], "others": [30]}}),
    "nobody": (ELECTED, {"i1": {"for": [], "against": [], "others": []}}),
    "roster": (NOMINATED, {"i1": {"": [3, 17]}}),
    "no name": (NOMINATED, {"i1": {"": []}}),
    "words": (FREE, {"i1": {"": [3, "王小明"]}}),
    "words alone": (TEXT, {"i1": {"for": ["c1"], "against": ["c2"], "others": ["欧阳·修"]}}),
    "grid": (
        ASSESSED,
        {"g": {"s1.a1": "excellent", "s1.a2": "competent", "s2.a1": "good", "s2.a2": "fair"}},
    ),
}


@pytest.mark.parametrize("name", MARKS)
def test_choices_and_marks_are_each_other_s_inverse(name):
    text, given = MARKS[name]
    meeting = meeting_of(text)
    items = [item for item in meeting.items if item in given]
    election = decode_election(round_election(meeting, uuid_of("slot 0"), items, 1))
    choices = marks.choices_of(meeting, items, given)
    assert [len(row) for row in choices] == [question.size for question in election.questions]
    assert marks.marks_of(meeting, items, choices) == given


WRONG = {
    "a name too many": (CONTESTED, {"": ["c1", "c2", "c3"]}, "unknown-mark"),
    "nobody, unsaid": (CONTESTED, {"": []}, "unknown-mark"),
    "blank and a name": (CONTESTED, {"": ["blank", "c1"]}, "unknown-mark"),
    "a name twice": (CONTESTED, {"": ["c1", "c1"]}, "unknown-mark"),
    "a stranger": (CONTESTED, {"": ["c9"]}, "unknown-mark"),
    "an option": (CONTESTED, "agree", "unknown-mark"),
    "an ask too few": (ELECTED, {"for": ["c1"], "against": []}, "items-unmarked"),
    "an ask too many": (CONTESTED, {"": ["c1"], "more": []}, "unknown-mark"),
    "a number too many": (NOMINATED, {"": [1, 2, 3]}, "roster-mark"),
    "a number beyond": (NOMINATED, {"": [31]}, "roster-mark"),
    "a number twice": (NOMINATED, {"": [3, 3]}, "roster-mark"),
    "words where there are none": (NOMINATED, {"": ["王小明"]}, "roster-mark"),
    "words with a comma": (FREE, {"": ["王，"]}, "roster-mark"),
    "words too long": (FREE, {"": ["王" * 14]}, "roster-text-long"),
}


@pytest.mark.parametrize("name", WRONG)
def test_marks_that_the_paper_does_not_have_are_refused_without_telling_them(name):
    text, given, code = WRONG[name]
    meeting = meeting_of(text)
    with pytest.raises(InputError) as caught:
        marks.choices_of(meeting, ["i1"], {"i1": given})
    assert caught.value.code == code


# --- plaintexts of a roster ----------------------------------------------------------------------


def plaintext(*head, tail=b""):
    return list((bytes(head) + tail).ljust(30, b"\0"))


NAMED = asks_of(meeting_of(NOMINATED), "i1")[0]
WITH_WORDS = asks_of(meeting_of(FREE), "i1")[0]


def test_the_one_form_is_two_bytes_a_number_ascending():
    assert encode_roster(NAMED, [17, 3]) == plaintext(0, 3, 0, 17)
    assert decode_roster(NAMED, plaintext(0, 3, 0, 17)) == [3, 17]
    assert decode_roster(NAMED, plaintext()) == []


def test_words_follow_the_numbers_in_gb18030():
    coded = "王小明".encode("gb18030")
    assert encode_roster(WITH_WORDS, [3, "王小明"]) == plaintext(0, 3, 0, 0, tail=coded)


BETWEEN = "、".encode("gb18030")


@pytest.mark.parametrize(
    ("ask", "given"),
    [
        pytest.param(NAMED, plaintext(0, 17, 0, 3), id="descending"),
        pytest.param(NAMED, plaintext(0, 3, 0, 3), id="twice"),
        pytest.param(NAMED, plaintext(0, 0, 0, 3), id="a hole"),
        pytest.param(NAMED, plaintext(0, 31), id="beyond the roster"),
        pytest.param(NAMED, plaintext(1, 3), id="beyond the roster, high byte"),
        pytest.param(NAMED, plaintext(0, 1, 0, 2, 0, 3), id="three of two"),
        pytest.param(NAMED, plaintext(tail=b"\0" * 29 + b"\1"), id="a byte to spare"),
        pytest.param(NAMED, plaintext(0, 3, 0, 0, tail="王".encode("gb18030")), id="words"),
        pytest.param(NAMED, [0] * 29, id="29 bytes"),
        pytest.param(WITH_WORDS, plaintext(0, 1, 0, 2, tail="王".encode("gb18030")), id="three"),
        pytest.param(WITH_WORDS, plaintext(0, 0, 0, 0, tail=b"\xff\xff"), id="no text"),
        pytest.param(WITH_WORDS, plaintext(0, 0, 0, 0, tail=b" A"), id="a blank"),
        pytest.param(WITH_WORDS, plaintext(0, 0, 0, 0, tail=b"A\0B"), id="a zero within"),
        pytest.param(WITH_WORDS, plaintext(0, 0, 0, 0, tail=b"A" + BETWEEN), id="an empty name"),
        pytest.param(
            WITH_WORDS, plaintext(0, 0, 0, 0, tail=b"B" + BETWEEN + b"A"), id="words descending"
        ),
        pytest.param(
            WITH_WORDS, plaintext(0, 0, 0, 0, tail=b"A" + BETWEEN + b"A"), id="words twice"
        ),
    ],
)
def test_any_other_form_is_invalid(ask, given):
    assert decode_roster(ask, given) is None


def test_a_roster_is_counted_by_number_with_the_invalid_apart():
    meeting = meeting_of(FREE)
    entries = [
        plaintext(0, 3, 0, 17),
        plaintext(0, 3),
        plaintext(),
        plaintext(0, 17, 0, 3),
        None,
        plaintext(0, 3, 0, 0, tail="王".encode("gb18030")),
    ]
    counts = marks.counts_of(meeting, ["i1"], [()], entries={0: entries})
    assert counts["i1"][""] == {
        "numbers": {"3": 3, "17": 1},
        "none": 1,
        "invalid": 2,
        "texts": [{"text": "王", "votes": 1}],
    }


def test_counts_are_by_ask_with_the_blank_vote_first():
    meeting = meeting_of(CONTESTED)
    counts = marks.counts_of(meeting, ["i1", "i2"], [(1, 5, 0, 4, 2), (6, 1, 0)])
    assert counts["i1"] == {"": {"blank": 1, "c1": 5, "c2": 0, "c3": 4, "c4": 2}}
    assert counts["i2"] == {"agree": 6, "disagree": 1, "abstain": 0}
