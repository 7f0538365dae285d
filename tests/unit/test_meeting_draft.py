"""Drafts: one clear fault, with its place, for everything that can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.contests import CONTESTED, ELECTED, NOMINATED
from tests.support.drafts import GATES, SMALL, draft_text, item_of, roll_of
from voting.errors import DraftError
from voting.meeting.draft import read_draft
from voting.meeting.freezing import question
from voting.words import LANGS, catalogue, explain

EXAMPLE = Path(__file__).parents[2] / "examples" / "standing-committee.toml"

FAULTS = {
    "not-toml": (("[meeting]", "[meeting"), "not-toml", "TOML"),
    "unknown-key": (("floor = 5", "flor = 5"), "unknown-key", "meeting.flor"),
    "unknown-table": (("[trustees]", "[extra]\na = 1\n[trustees]"), "unknown-key", "extra"),
    "unknown-key-in-a-row": (
        ('name = "成员4"', 'nane = 1\nname = "成员4"'),
        "unknown-key",
        "roll[4].nane",
    ),
    "missing-key": (('title = "测试会议"', ""), "missing-key", "meeting.title"),
    "empty-text": (('title = "测试会议"', 'title = "  "'), "empty-text", "meeting.title"),
    "text-for-number": (("floor = 5", 'floor = "5"'), "wrong-type", "meeting.floor"),
    "true-for-number": (("floor = 5", "floor = true"), "wrong-type", "meeting.floor"),
    "out-of-range": (("floor = 5", "floor = 0"), "out-of-range", "meeting.floor"),
    "bad-date": (("2026-11-21", "2026-02-30"), "bad-date", "meeting.date"),
    "a day of the year 9999": (("2026-11-21", "9999-12-31"), "bad-date", "meeting.date"),
    "a day of the year 1999": (("2026-11-21", "1999-12-31"), "bad-date", "meeting.date"),
    "not-a-choice": (
        ("floor = 5", 'floor = 5\nlanguage = "fr"'),
        "not-a-choice",
        "meeting.language",
    ),
    "control-character": (
        ('name = "成员4"', 'name = "成\\u200b员4"'),
        "bad-character",
        "roll[4].name",
    ),
    "private-character": (('"成员4"', '"\\uE000员4"'), "bad-character", "roll[4].name"),
    "variation-selector": (('"成员4"', '"成员4\\uFE00"'), "bad-character", "roll[4].name"),
    "officer-with-a-selector": (
        ('role = "chair"\nname = "成员1', 'role = "chair"\nname = "成员1\\uFE00'),
        "bad-character",
        "officers[1].name",
    ),
    "space-in-name": (('"成员4"', '"张　三"'), "space-in-name", "roll[4].name"),
    "name-twice": (('"成员4"', '"成员3"'), "name-twice", "roll[4].name"),
    "zero-due": ((roll_of(7), roll_of(0)), "zero-due", "roll"),
    "rule-does-not-exist": (
        ('rule = "standing-committee"', 'rule = "lottery"'),
        "rule-does-not-exist",
        "items[1].rule",
    ),
    "rule-unused": (
        ("[trustees]", "[rules.plenum]\nrecusal-base = 1\n[trustees]"),
        "rule-unused",
        "rules.plenum",
    ),
    "not-a-parameter": (
        ("[trustees]", "[rules.standing-committee]\nfloor = 1\n[trustees]"),
        "rule-not-a-parameter",
        "rules.standing-committee.floor",
    ),
    "gate-missing": ((GATES, ""), "gate-missing", "items[1].gates"),
    "gate-digest": (("ab" * 32, "ab"), "gate-digest", "items[1].gates"),
    "gate-unknown": (
        ("gates = [", f'gates = [{{ gate = "lunch", digest = "{"0" * 64}", voucher = "x" }}, '),
        "unknown-gate",
        "items[1].gates",
    ),
    "item-twice": (('id = "i2"', 'id = "i1"'), "id-twice", "items[2]"),
    "bad-id": (('id = "i2"', 'id = "第二项"'), "bad-id", "items[2].id"),
    "item-number": (('id = "i2"', 'id = "2"'), "id-number", "items[2].id"),
    "nothing-proposed": (('proposed = "局长"', ""), "missing-key", "items[1].proposed"),
    "threshold-1": (("threshold = 2", "threshold = 1"), "bad-threshold", "trustees.threshold"),
    "threshold-half": (
        ('"工作人员3"]', '"工作人员3", "成员4"]'),
        "bad-threshold",
        "trustees.threshold",
    ),
    "threshold-above-n": (
        ("threshold = 2", "threshold = 4"),
        "bad-threshold",
        "trustees.threshold",
    ),
    "trustee-twice": (
        ('names = ["成员2", "成员3"', 'names = ["成员2", "成员2"'),
        "trustee-twice",
        "trustees.names[2]",
    ),
    "unknown-series": (
        ('name = "成员4"', 'name = "成员4"\nseries = "B"'),
        "unknown-series",
        "roll[4].series",
    ),
    "too-few-tickets": (("printed = 9", "printed = 6"), "too-few-tickets", "series[1].printed"),
    "series-twice": (('id = "R"', 'id = "A"'), "id-twice", "series[2]"),
    "unknown-officer": (
        ('role = "chair"\nname = "成员1"', 'role = "chair"\nname = "路人"'),
        "unknown-officer",
        "officers[1].name",
    ),
    "unknown-role": (('role = "chair"', 'role = "king"'), "not-a-choice", "officers[1].role"),
    "two-offices": (
        ('role = "chair"\nname = "成员1"', 'role = "chair"\nname = "成员2"'),
        "two-offices",
        "officers[3].name",
    ),
    "scrutineer-candidate": (
        ('candidate = "人选1"', 'candidate = "成员2"'),
        "scrutineer-candidate",
        "officers[3].name",
    ),
    "scrutineer-not-member": (
        ('role = "scrutineer"\nname = "成员2"', 'role = "scrutineer"\nname = "工作人员1"'),
        "two-offices",
        "officers[3].name",
    ),
    "no-chair": (('role = "chair"', 'role = "recorder"'), "one-officer", "officers"),
    "one-scrutineer": (
        ('role = "scrutineer"\nname = "成员3"', 'role = "recorder"\nname = "成员3"'),
        "too-few-officers",
        "officers",
    ),
    "pen-of-a-secretary": (
        ('role = "secretary"', 'role = "secretary"\npen = true'),
        "pen-not-allowed",
        "officers[2].pen",
    ),
    "reserved-id": (
        ('role = "chair"', 'id = "server"\nrole = "chair"'),
        "reserved-id",
        "officers[1].id",
    ),
    "rehearsal-absent": (
        ("[trustees]", '[rehearsal]\nabsent = ["路人"]\n[trustees]'),
        "unknown-person",
        "rehearsal.absent",
    ),
    "rehearsal-recused-item": (
        ("[trustees]", '[rehearsal.recused]\ni9 = ["成员1"]\n[trustees]'),
        "unknown-item",
        "rehearsal.recused.i9",
    ),
    "rehearsal-recused-staff": (
        ("[trustees]", '[rehearsal.recused]\ni1 = ["工作人员1"]\n[trustees]'),
        "unknown-person",
        "rehearsal.recused.i1",
    ),
    "rehearsal-weights": (
        ("[trustees]", "[rehearsal.weights]\ni1 = { defer = 1 }\n[trustees]"),
        "unknown-key",
        "rehearsal.weights.i1.defer",
    ),
    "rehearsal-weightless": (
        ("[trustees]", "[rehearsal.weights]\ni1 = { agree = 0 }\n[trustees]"),
        "weights-zero",
        "rehearsal.weights.i1",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_its_place(fault):
    (old, new), code, place = FAULTS[fault]
    assert old in SMALL
    with pytest.raises(DraftError) as caught:
        read_draft(SMALL.replace(old, new, 1))
    assert (caught.value.code, caught.value.place) == (code, place)
    for lang in LANGS:
        line = explain(caught.value, lang)
        assert line.startswith(place)
        assert "\n" not in line
    assert f"error.{code}" in catalogue()


def test_staff_can_not_be_scrutineers():
    text = SMALL.replace(
        'role = "scrutineer"\nname = "成员2"', 'role = "scrutineer"\nname = "工作人员4"'
    )
    with pytest.raises(DraftError) as caught:
        read_draft(text.replace(roll_of(7), roll_of(7, 4)))
    assert caught.value.code == "scrutineer-not-member"


def test_two_people_of_one_name_have_keys():
    text = SMALL.replace('name = "成员6"', 'name = "王伟"\nkey = "一"')
    text = text.replace('name = "成员7"', 'name = "王伟"\nkey = "二"')
    assert [one.label for one in read_draft(text).roll[5:7]] == ["王伟(一)", "王伟(二)"]


def test_one_key_of_two_is_not_enough():
    text = SMALL.replace('name = "成员6"', 'name = "王伟"')
    text = text.replace('name = "成员7"', 'name = "王伟"\nkey = "二"')
    with pytest.raises(DraftError) as caught:
        read_draft(text)
    assert caught.value.code == "name-twice"


def test_secretary_and_recorder_may_be_one_person():
    text = SMALL.replace('name = "工作人员3"\npen = true', 'name = "工作人员1"')
    assert read_draft(text)


def test_without_series_everybody_gets_a_ticket_and_there_are_spares():
    text = draft_text()
    start, end = text.index("[[series]]"), text.index("[trustees]")
    (series,) = read_draft(text[:start] + text[end:]).series
    assert (series.id, series.printed) == ("A", 9)


def test_rules_are_chosen_within_their_choices():
    text = SMALL.replace(
        "[trustees]", '[rules.standing-committee]\nrecusal-base = "reduced"\n[trustees]'
    )
    assert read_draft(text).rules["standing-committee"].recusal_base == "reduced"


def composed(text):
    draft = read_draft(text)
    item = draft.items[0]
    return question(item, draft.rules[item.rule], "zh")


def test_a_question_is_composed_in_the_meeting_s_language():
    assert composed(SMALL) == "人选1：现任副局长、拟任局长"
    own = item_of(1).replace("proposed", 'question = "是否同意？"\nproposed')
    assert composed(draft_text(items=own)) == "是否同意？"


def test_nobody_is_proposed_for_what_he_is_elected_or_recommended_to():
    assert composed(CONTESTED) == "拟任镇长"
    assert composed(ELECTED) == "选举镇长"
    assert composed(NOMINATED).startswith("推荐")


def test_the_example_is_a_committee_of_twelve_with_one_recusal():
    draft = read_draft(EXAMPLE.read_text("utf-8"))
    assert len(draft.members()) == 12
    assert len(draft.members()) - len(draft.rehearsal.absent) == 10
    assert len(draft.items) == 6
    assert list(draft.rehearsal.recused) == ["i6"]
    assert (draft.threshold, len(draft.trustees)) == (2, 3)
    assert any(ord(character) > 0xFFFF for one in draft.roll for character in one.name)


def _with_alternate(items: str, series: str) -> str:
    person = f'[[roll]]\nname = "候补1"\nclass = "alternate"\n{series}\n'
    return draft_text(items=items).replace("[[series]]", f"{person}\n[[series]]", 1)


CONSULTED = item_of(1, "consultation")


@pytest.mark.parametrize(
    ("items", "series", "code"),
    [
        (CONSULTED, "", "missing-key"),
        (item_of(1), 'series = "R"', "no-vote"),
        (CONSULTED + item_of(2), 'series = "A"', "series-shared"),
    ],
)
def test_alternates_have_a_series_exactly_where_a_rule_lets_them_vote(items, series, code):
    with pytest.raises(DraftError) as caught:
        read_draft(_with_alternate(items, series))
    assert (caught.value.code, caught.value.place) == (code, "roll[11].series")


def test_alternates_share_the_members_series_where_every_rule_lets_them_vote():
    draft = read_draft(_with_alternate(CONSULTED, 'series = "A"'))
    assert draft.roll[-1].series == "A"
    assert draft.due("member", "alternate") == 8
