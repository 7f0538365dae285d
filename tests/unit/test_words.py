"""The catalogue: two languages, the same placeholders, one clear line for each error."""

from __future__ import annotations

import pytest

from voting.errors import (
    DraftError,
    FormatError,
    PiaojueError,
    ProofError,
    RefusedError,
)
from voting.words import LANGS, catalogue, explain, placeholders, say, with_prefix


@pytest.mark.parametrize("sentence", sorted(catalogue()))
def test_both_languages_name_the_same_placeholders(sentence):
    entry = catalogue()[sentence]

    assert placeholders(entry["zh"]) == placeholders(entry["en"])
    assert all(entry[lang].strip() for lang in LANGS)


@pytest.mark.parametrize("lang", LANGS)
def test_what_an_error_says_is_one_line(lang):
    entries = {name: entry for name, entry in catalogue().items() if name.startswith("error.")}

    assert [name for name, entry in entries.items() if len(entry[lang].splitlines()) != 1] == []


def test_a_list_is_joined_with_the_comma_of_the_language():
    assert "甲、乙" in say("error.unsupported", "zh", kind=["甲", "乙"])
    assert "A, B" in say("error.unsupported", "en", kind=("A", "B"))


def test_an_unknown_id_and_a_missing_placeholder_are_faults_of_the_program():
    with pytest.raises(LookupError):
        say("no.such.sentence")
    with pytest.raises(LookupError):
        say("error.unsupported")


@pytest.mark.parametrize("lang", LANGS)
def test_an_error_without_a_sentence_gets_that_of_its_family_with_its_code(lang):
    assert "no-such-code" in explain(RefusedError("no-such-code"), lang)
    assert explain(RefusedError("no-such-code"), lang) == say(
        "error.refused", lang, code="no-such-code"
    )
    assert explain(ProofError(), lang) == say("error.bad-proof", lang)
    assert "x-1" in explain(PiaojueError("x-1"), lang)


def test_an_error_raised_with_too_few_params_still_gets_a_line():
    assert "faulty-trustee" in explain(PiaojueError("faulty-trustee"), "en")


def test_a_fault_in_a_draft_is_one_line_that_starts_with_its_place():
    for lang in LANGS:
        line = explain(DraftError("no-such-code", "roll[3].name"), lang)

        assert line.startswith("roll[3].name")
        assert "\n" not in line


def test_a_malformed_message_says_where():
    assert "ballot.answers[0]" in explain(FormatError("ballot.answers[0]", "not a list"))


def test_a_page_gets_the_sentences_it_fills_itself():
    assert with_prefix("error.bad-proof", "en") == {"error.bad-proof": say("error.bad-proof", "en")}


@pytest.mark.parametrize("text", ["{", "{a.b}", "{0}", "{a[0]}"])
def test_a_placeholder_is_a_bare_name(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the reason is the format's own
        placeholders(text)
