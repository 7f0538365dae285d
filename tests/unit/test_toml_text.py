"""Replacing one table of the draft leaves every other line as it was."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.server.services.toml_text import emit, replace_table

EXAMPLE = (Path(__file__).parents[2] / "examples" / "standing-committee.toml").read_text("utf-8")

KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
PLAIN = TEXTS | st.integers(-9, 9) | st.booleans() | st.dates()
ROW = st.dictionaries(
    KEYS,
    PLAIN
    | st.lists(TEXTS, max_size=3)
    | st.lists(st.dictionaries(KEYS, TEXTS, max_size=2), max_size=2),
    max_size=4,
)
TABLE = st.recursive(ROW, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=4)
DRAFT = st.dictionaries(KEYS, TABLE | st.lists(ROW, min_size=1, max_size=3), max_size=4)


@given(DRAFT)
def test_what_is_written_is_read_as_the_same(data):
    assert tomllib.loads(emit(data)) == data


@pytest.mark.parametrize("name", ["meeting", "roll", "rules", "items", "officers", "rehearsal"])
def test_one_table_is_replaced_and_the_rest_is_the_same(name):
    before = tomllib.loads(EXAMPLE)
    value = [{"name": "王伟"}] if isinstance(before[name], list) else {"title": "新"}
    made = replace_table(EXAMPLE, name, value)

    assert tomllib.loads(made) == {**before, name: value}
    kept = [line for line in EXAMPLE.splitlines() if line.startswith("#")]
    assert [line for line in kept if line not in made] == []  # comments stand above headers


def test_every_other_line_stays_as_it_was():
    made = replace_table(EXAMPLE, "roll", [{"name": "王伟"}])
    before, after = EXAMPLE.split("[[roll]]")[0], EXAMPLE[EXAMPLE.index("[[items]]") :]

    assert made.startswith(before)
    assert made.rstrip().endswith(after.rstrip())


def test_a_table_that_was_not_there_comes_at_the_end_and_an_empty_one_goes():
    made = replace_table(EXAMPLE, "groups", [{"id": "G", "count": 3}])

    assert made.startswith(EXAMPLE)
    assert replace_table(made, "groups", []).rstrip() == EXAMPLE.rstrip()
    assert replace_table("", "meeting", {"title": "会"}).strip() == '[meeting]\ntitle = "会"'


@pytest.mark.parametrize(
    "text",
    [
        'roll = [{ name = "甲" }]\n[meeting]\ntitle = "会"\n',
        'meeting.title = "会"\n[[roll]]\nname = "甲"\n',
        '[meeting]\ntitle = """\n[[roll]]\n"""\n[[roll]]\nname = "甲"\n',
        '[ "meeting" ]\ntitle = "会"\n[ [ roll ] ]\nname = "甲"\n'.replace("[ [", "[[").replace(
            "] ]", "]]"
        ),
    ],
)
def test_a_draft_written_otherwise_still_comes_out_right(text):
    before = tomllib.loads(text)
    made = replace_table(text, "roll", [{"name": "乙"}, {"name": "丙"}])

    assert tomllib.loads(made) == {**before, "roll": [{"name": "乙"}, {"name": "丙"}]}


def test_a_cell_that_looks_like_toml_stays_a_text():
    rows = [{"name": '"]\n[meeting]\ntitle = "x'}]
    made = replace_table(EXAMPLE, "roll", rows)

    assert tomllib.loads(made)["roll"] == rows
    assert tomllib.loads(made)["meeting"] == tomllib.loads(EXAMPLE)["meeting"]
