"""Names are checked against the fonts when they are entered."""

from __future__ import annotations

import pytest

from tally.report.fonts import check_text, missing_characters
from voting.errors import DraftError
from voting.words import explain


def gb2312() -> str:
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", "ignore") for pair in rows)


def test_every_hanzi_of_gb2312_and_gbk_can_be_printed():
    assert len(gb2312()) == 6763
    assert missing_characters(gb2312()) == []
    assert missing_characters("".join(chr(point) for point in range(0x4E00, 0x9FA6))) == []


def test_rare_characters_of_names_can_be_printed():
    assert missing_characters("䶮㛃㙍𬭎𬀩𬱖·×（）“”") == []


def test_missing_characters_come_once_and_in_order():
    assert missing_characters("赵༄钱𝄞༄") == ["༄", "𝄞"]


@pytest.mark.parametrize(
    "invisible",
    ["\n", "\t", "\x00", "\u00ad", "\u200b", "\u202e", "\u2028", "\ue000", "\ufeff", "\ud800"],
    ids=ascii,
)
def test_a_character_that_leaves_no_ink_is_no_part_of_a_name(invisible):
    assert missing_characters(f"赵{invisible}强") == [invisible]
    assert missing_characters(f"a{invisible}b") == [invisible]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_error_names_the_character_and_its_place(lang):
    with pytest.raises(DraftError) as caught:
        check_text("赵༄", "roll[3].name")

    assert caught.value.code == "glyph-missing"
    assert caught.value.params["character"] == "༄"
    line = explain(caught.value, lang)
    assert line.startswith("roll[3].name")
    assert "༄" in line
    assert "U+0F04" in line


def test_an_invisible_character_is_named_by_its_code_point_only():
    with pytest.raises(DraftError) as caught:
        check_text("赵\u202e强", "roll[0].name")

    assert caught.value.params == {"place": "roll[0].name", "character": "", "codepoint": "U+202E"}
