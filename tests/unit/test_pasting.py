"""What people copy out of a spreadsheet becomes rows of the draft, with its faults by line."""

from __future__ import annotations

import pytest

from kiosk.server.services.pasting import MAX_ROWS, merged_items, read_pasted
from voting.errors import InputError

ROLL = "序号\t姓名\t现任职务\t类别\n1\t王　伟\t市委书记\t常委\n2\t欧阳静\t组织部部长\t列席\n"


def faults(pasted):
    return [(one["row"], one["column"], one["word"]) for one in pasted.faults]


def test_a_roll_with_headings_in_any_order():
    told = read_pasted("roll", ROLL)
    turned = read_pasted("roll", "类别;姓名;性别\n列席;欧阳静;女\n")

    assert told.rows == (
        {"name": "王伟", "post": "市委书记"},
        {"name": "欧阳静", "class": "attendee", "post": "组织部部长"},
    )
    assert (told.faults, told.ignored) == ((), ())
    assert turned.rows == ({"class": "attendee", "name": "欧阳静"},)
    assert turned.ignored == ("性别",)


@pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
def test_without_headings_the_columns_have_their_order(delimiter):
    text = "唐一诺\t副局长\t民政局局长\t副局长\n贺云飞\t书记\t局长\n"
    told = read_pasted("items", text.replace("\t", delimiter))

    assert told.rows[0] == {
        "candidate": "唐一诺",
        "current": "副局长",
        "proposed": "民政局局长",
        "removed": "副局长",
    }
    assert told.rows[1] == {"candidate": "贺云飞", "current": "书记", "proposed": "局长"}
    assert told.faults == ()


def test_a_column_of_numbers_before_the_names_is_passed_over():
    told = read_pasted("items", "1.\t唐一诺\t副局长\t局长\n2.\t贺云飞\t书记\t局长\n")

    assert [one["candidate"] for one in told.rows] == ["唐一诺", "贺云飞"]


def test_what_nobody_sees_is_taken_out():
    text = "\ufeff姓名\t拟任（职务）\r\n\u200b王\u3000伟\u00a0\t 局长\u2028(正处级) \r\n"
    told = read_pasted("items", text + "\t\r\n   \r\n\r\n")

    assert told.rows == ({"candidate": "王伟", "proposed": "局长 (正处级)"},)
    assert told.faults == ()


def test_a_quoted_cell_may_hold_the_delimiter_and_a_line_break():
    told = read_pasted("roll", '姓名,职务\n王伟,"副书记,市长\n（兼）"\n李强,书记\n1,')

    assert told.rows[0]["post"] == "副书记,市长 （兼）"
    assert told.rows[1] == {"name": "李强", "post": "书记"}


def test_rare_characters_and_names_with_a_dot_stay_as_they_are():
    told = read_pasted("roll", "姓名\n沈𬀩\n阿依古丽·买买提\nJohn  Smith\n")

    assert [one["name"] for one in told.rows] == ["沈𬀩", "阿依古丽·买买提", "John Smith"]
    assert told.faults == ()


def test_every_faulty_line_is_told_with_its_column():
    text = "姓名\t拟任\t现任\n\t局长\t副局长\n唐一诺\t\t副局长\n贺云飞\t局长\t副\ue000局长\n"
    told = read_pasted("items", text)

    assert faults(told) == [
        (2, "姓名", "desk.fault.name"),
        (3, "拟任", "desk.fault.proposed"),
        (4, "现任", "error.bad-character"),
    ]


def test_a_name_that_no_font_prints_is_told():
    told = read_pasted("roll", "姓名\n王\U0003ffff伟\n")

    assert [word for _, _, word in faults(told)] in (
        ["error.glyph-missing"],
        ["error.bad-character"],
    )


def test_two_people_of_one_name_need_something_to_tell_them_apart():
    twice = read_pasted("roll", "姓名\t区分\n王伟\t\n李强\t\n王伟\t二\n")
    apart = read_pasted("roll", "姓名\t区分\n王伟\t一\n王伟\t二\n")

    assert faults(twice) == [(4, "姓名", "desk.fault.twice")]
    assert twice.faults[0]["params"] == {"name": "王伟", "row": 2}
    assert apart.faults == ()


def test_an_unknown_class_is_told_and_a_series_may_say_group():
    told = read_pasted("roll", "姓名\t类别\t组别\n王伟\t来宾\tA组\n李强\t候补\tB\n")

    assert faults(told) == [(2, "类别", "desk.fault.class")]
    assert told.rows[0]["series"] == "A"
    assert told.rows[1] == {"name": "李强", "class": "alternate", "series": "B"}


def test_a_thousand_lines_are_read_and_more_than_two_thousand_refused():
    text = "姓名\n" + "".join(f"成员{n}\n" for n in range(MAX_ROWS))

    assert len(read_pasted("roll", text).rows) == MAX_ROWS
    with pytest.raises(InputError) as caught:
        read_pasted("roll", text + "又一个\n")
    assert caught.value.code == "paste-too-long"


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\n"])
def test_nothing_pasted_is_told(text):
    with pytest.raises(InputError) as caught:
        read_pasted("roll", text)
    assert caught.value.code == "paste-empty"


def test_an_item_that_was_there_keeps_what_was_settled_of_it():
    gate = {"gate": "examined", "digest": "ab" * 32, "voucher": "干部科"}
    before = [
        {"id": "i1", "rule": "plenum", "candidate": "甲", "proposed": "局长", "gates": [gate]},
        {"id": "i2", "rule": "plenum", "candidate": "乙", "proposed": "处长", "question": "问"},
    ]
    rows = [
        {"candidate": "丙", "proposed": "书记"},
        {"candidate": "乙", "proposed": "处长"},
        {"candidate": "甲", "proposed": "局长"},
    ]
    made = merged_items(rows, before, None, [])

    assert [one["id"] for one in made] == ["i3", "i2", "i1"]
    assert [one["rule"] for one in made] == ["plenum"] * 3
    assert (made[1]["question"], made[2]["gates"]) == ("问", [gate])
    assert "gates" not in made[0]


def test_new_items_get_the_rule_and_the_gates_that_were_given():
    gate = {"gate": "examined", "digest": "ab" * 32, "voucher": "干部科"}
    made = merged_items([{"candidate": "丙", "proposed": "书记"}] * 2, [], "plenum", [gate])

    assert [one["id"] for one in made] == ["i1", "i2"]
    assert all((one["rule"], one["gates"]) == ("plenum", [gate]) for one in made)
