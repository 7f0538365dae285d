"""All faults of rows at once, each at the row where it stands in the draft."""

from __future__ import annotations

import pytest

from kiosk.server.services.draft_faults import MOST, draft_faults, fault_json
from tests.support.contests import ASSESSED, CONTESTED, NOMINATED
from tests.support.drafts import SMALL
from voting.words import explain


def told(text):
    return [(one.code, one.place) for one in draft_faults(text)]


def test_a_whole_draft_has_none():
    assert draft_faults(SMALL) == ()


def test_faults_of_several_rows_are_told_with_their_own_numbers():
    text = SMALL.replace('"成员2"\npost = "常委"', '"成 员2"\npost = "常委"').replace(
        '"成员5"\npost = "常委"', '"成员4"\npost = "常委"'
    )
    text = text.replace('name = "成员7"\n', 'nam = "成员7"\n')

    assert told(text) == [
        ("space-in-name", "roll[2].name"),
        ("missing-key", "roll[7].name"),
        ("name-twice", "roll[5].name"),
    ]
    assert draft_faults(text)[2].params["row"] == 4


def test_what_may_follow_from_a_row_set_aside_is_not_told():
    text = SMALL.replace('"成员1"\npost = "常委"', '"成 员1"\npost = "常委"')

    assert told(text) == [("space-in-name", "roll[1].name")]  # and not that the chair is unknown


def test_parts_that_do_not_fit_are_told_when_the_rows_are_good():
    assert told(SMALL.replace("threshold = 2", "threshold = 1")) == [
        ("bad-threshold", "trustees.threshold")
    ]


def test_items_and_roll_are_both_told():
    text = SMALL.replace('candidate = "人选2"', 'candidate = "人 选2"').replace(
        '"成员3"\npost = "常委"', '"成员\\u0007"\npost = "常委"'
    )

    assert told(text) == [
        ("bad-character", "roll[3].name"),
        ("space-in-name", "items[2].candidate"),
    ]


def test_ids_that_are_numbers_are_told_row_by_row():
    text = SMALL.replace('id = "i2"', 'id = "2"').replace('id = "i3"', 'id = "3"')

    assert told(text) == [("id-number", "items[2].id"), ("id-number", "items[3].id")]


def test_every_text_that_no_font_prints_is_told():
    text = SMALL.replace('"副局长"', '"副局长\U00030000"')
    places = [place for code, place in told(text) if code == "glyph-missing"]

    assert [place for place in places if place.endswith("current")] == [
        f"items[{n}].current" for n in (1, 2, 3)
    ]
    assert len(places) == len(told(text))


def test_a_draft_that_is_being_written_is_told_all_that_is_to_come():
    assert told('[[roll]]\nname = "成 员"\n') == [
        *[("missing-key", name) for name in ("meeting", "items", "trustees", "officers")],
        ("space-in-name", "roll[1].name"),
    ]


def test_every_fault_of_the_meeting_itself_is_told():
    text = SMALL.replace('title = "测试会议"\n', "").replace("slots = 4", "slots = 99")
    text = text.replace('date = "2026-11-21"', 'date = "2026-02-30"')

    assert told(text) == [
        ("missing-key", "meeting.title"),
        ("bad-date", "meeting.date"),
        ("out-of-range", "meeting.slots"),
    ]


@pytest.mark.parametrize("text", ["[meeting", 'title = ="x"', "\0", "x = " + "[" * 5000])
def test_what_is_not_toml_has_one_fault(text):
    assert [code for code, _ in told(text)] == ["not-toml"]


def test_so_many_are_told_and_no_more():
    rows = "".join(f'[[roll]]\nname = "成 员{n}"\n' for n in range(MOST + 20))

    assert len(draft_faults(rows)) == MOST


def test_a_fault_is_a_place_and_a_sentence():
    (fault,) = draft_faults(SMALL.replace('title = "测试会议"', 'title = ""'))
    value = fault_json(fault)

    assert value == {
        "place": "meeting.title",
        "table": "meeting",
        "row": None,
        "key": "title",
        "word": "error.empty-text",
        "params": {"code": "empty-text"},
    }
    assert explain(fault).startswith("meeting.title")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (CONTESTED.replace("seats = 2", "seats = 4", 1), "items[1].seats"),
        (NOMINATED.replace('"干部2"', '"干部1"', 1), "rosters[1].names[2].name"),
        (ASSESSED.replace('"cadre"', '"squad"', 1), "items[1].subjects[1].scale"),
        (CONTESTED.replace('"孙二"', '"孙\\u0f04"', 1), "items[1].names[2].name"),
    ],
)
def test_faults_of_contests_are_told_at_their_place(text, place):
    (fault,) = draft_faults(text)
    assert fault_json(fault)["place"] == place
