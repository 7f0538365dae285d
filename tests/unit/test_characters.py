"""Which characters texts and names may hold: one table, whatever the runtime knows of Unicode."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

from voting import characters
from voting.characters import SELECTORS, UNSEEN, unseen, unseen_in_name
from voting.errors import DraftError, FormatError
from voting.meeting import shape
from voting.meeting.table import clean
from voting.rules.reading import line

WEB = Path(__file__).parents[2] / "kiosk" / "web" / "src"
OLD = unicodedata.ucd_3_2_0  # one version of the tables that every Python has
RARE = "\u378f\u4dbf\u9fff\U0002a6df\U0002ebf0\U0002fa1d\U00031350\U000323b0\U00033479\U0003fffd"
"""Ideographs of every extension, some that this runtime does not know, and the last place."""


def test_python_and_javascript_have_the_same_table():
    text = (WEB / "characters.js").read_text("utf-8")
    for name, ranges in (("UNSEEN", UNSEEN), ("SELECTORS", SELECTORS)):
        found = re.search(rf"export const {name} = \[(.*?)\n\];", text, re.DOTALL)
        listed = re.findall(r"^  \[0x([0-9a-f]+), 0x([0-9a-f]+)\],", found[1], re.MULTILINE)
        assert tuple((int(a, 16), int(b, 16)) for a, b in listed) == ranges


def test_nothing_asks_the_runtime_what_a_character_is():
    """Where a frozen text is judged; what is only shown, or entered, may ask."""
    root = Path(characters.__file__).parent
    judging = [*root.glob("rules/*.py"), root / "characters.py", root / "meeting" / "shape.py"]
    for path in judging:
        if path.name != "describe.py":  # the width of a table in a terminal
            assert "unicodedata" not in path.read_text("utf-8"), path
    for path in (*WEB.glob("meeting/*.js"), *WEB.glob("rules/*.js"), WEB / "characters.js"):
        assert r"\p{" not in path.read_text("utf-8"), path


def test_the_ranges_are_ascending_and_apart():
    for ranges in (UNSEEN, SELECTORS):
        assert all(first <= last for first, last in ranges)
        assert all(a[1] + 1 < b[0] for a, b in pairwise(ranges))


def test_what_leaves_no_ink_is_refused_and_no_letter_is():
    blank = {"\u115f", "\u1160", "\u3164", "\uffa0"}  # letters by name, fillers by what they show
    for number in range(0x110000):
        character = chr(number)
        category = OLD.category(character)
        if category in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
            assert unseen(character), hex(number)
        elif category[0] in "LN" and character not in blank:
            assert unseen_in_name(character) is None, hex(number)
        elif category == "Zs":
            assert unseen(character) is None or number in {0x180E, 0x200B}, hex(number)


@pytest.mark.parametrize("character", RARE)
def test_a_rare_surname_is_taken_also_when_the_runtime_does_not_know_it(character):
    assert shape.name(f"{character}伟", "x") == f"{character}伟"
    assert line(f"{character}伟", "x")
    assert unseen_in_name(clean(f"{character}伟", "x")) is None


@pytest.mark.parametrize(
    "character",
    "\x00\x7f\x85\xad\u034f\u061c\u115f\u17b4\u180e\u200b\u2028\u202e\u2060\u2065\u2800\u3164\ud800"
    "\ue000\uf8ff\ufdd0\ufeff\uffa0\ufff0\uffff\U00013439\U0001d173\U0001ffff\U0003ffff\U00040000"
    "\U000e0001\U000e0041\U000e01f0\U000f0000\U0010ffff",
)
def test_what_is_unseen_is_refused_in_every_text(character):
    text = f"王{character}伟"
    for read in (shape.prose, shape.words, shape.name, shape.called):
        with pytest.raises(FormatError):
            read(text, "x")
    for read in (line, clean):
        with pytest.raises(DraftError):
            read(text, "x")


@pytest.mark.parametrize("selector", "\u180b\u180d\u180f\ufe00\ufe0f\U000e0100\U000e01ef")
def test_a_variation_selector_makes_no_second_name_and_may_stand_in_a_text(selector):
    assert shape.words(f"葛{selector}城", "x")
    assert line(f"葛{selector}城", "x")
    for read in (shape.name, shape.called):
        with pytest.raises(FormatError):
            read(f"葛{selector}", "x")
