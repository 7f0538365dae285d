"""An institution's own rule files beside a draft: read, named, and refused in one line."""

from __future__ import annotations

from importlib.resources import files

import pytest

from kiosk.draft import load
from tests.support.drafts import draft_text, item_of
from voting.errors import DraftError
from voting.meeting.draft import read_draft
from voting.rules import load_rule, read_own
from voting.words import LANGS, explain

BOOK = files("voting.rules.rulebook")
STRICT = (
    BOOK.joinpath("standing-committee.toml")
    .read_text("utf-8")
    .replace('id = "standing-committee"', 'id = "our-committee"')
    .replace("numerator = 2, denominator = 3", "numerator = 3, denominator = 4")
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our-committee.toml").write_text(STRICT, "utf-8")
    (tmp_path / "meeting.toml").write_text(draft_text(items=item_of(1, "our-committee")), "utf-8")
    return tmp_path


def test_a_draft_names_a_rule_of_the_folder_beside_it(folder):
    for path in (folder, folder / "meeting.toml"):
        _, draft = load(path)

        assert draft.rules["our-committee"].quorum.fraction.needed(12) == 9


def test_without_the_folder_the_rule_does_not_exist(folder):
    with pytest.raises(DraftError) as caught:
        read_draft((folder / "meeting.toml").read_text("utf-8"))

    assert (caught.value.code, caught.value.place) == ("rule-does-not-exist", "items[1].rule")
    assert read_own(folder / "nowhere") == {}


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        ("other.toml", STRICT, "rule-id-not-the-file", "rules/other.toml.id"),
        (
            "plenum.toml",
            BOOK.joinpath("plenum.toml").read_text("utf-8"),
            "rule-id-taken",
            "rules/plenum.toml.id",
        ),
        ("notes.txt", "", "rules-file-foreign", "rules/notes.txt"),
        ("a.toml", "id = ", "rule-not-toml", "rules/a.toml"),
        ("our.toml", STRICT.replace('[floor]\nvalue = 5', "[floor]\nvalue = 0"), "rule-bad-value",
         "rules/our.toml.floor.value"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_rule_of_ours_is_one_line_with_its_place(folder, name, text, code, place):
    (folder / "rules" / name).write_text(text, "utf-8")
    with pytest.raises(DraftError) as caught:
        load(folder)

    assert (caught.value.code, caught.value.place) == (code, place)
    for lang in LANGS:
        assert explain(caught.value, lang).startswith(place)


def test_no_item_is_voted_under_a_rule_that_is_no_ballot():
    assert not load_rule("named-nomination").votes
    with pytest.raises(DraftError) as caught:
        read_draft(draft_text(items=item_of(1, "named-nomination")))

    assert (caught.value.code, caught.value.place) == ("rule-not-a-ballot", "items[1].rule")
