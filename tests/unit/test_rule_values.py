"""Values of a rule file: which a fault names, and how much makes a decision."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from voting.errors import DraftError
from voting.rules.rule import parse_rule
from voting.words import explain


def of_book(name, path, value):
    """Return a rule of the book as data with one value replaced."""
    data = tomllib.loads(files("voting.rules.rulebook").joinpath(f"{name}.toml").read_text("utf-8"))
    *parents, last = path
    inner = data
    for key in parents:
        inner = inner[key]
    inner[last] = value
    return data


def test_a_kind_that_is_misspelt_is_named_and_not_the_keys_of_another_kind():
    with pytest.raises(DraftError) as caught:
        parse_rule(of_book("nomination", ("kind",), "nominations"), "own.toml")

    assert caught.value.place == "own.toml.kind"
    assert "nomination、" in explain(caught.value)


@pytest.mark.parametrize(
    ("name", "path", "value", "told"),
    [
        ("contested", ("next-round", "value"), 5, "1、0、2"),
        ("plenum", ("visibility", "value"), "withheld", "counts、outcome"),
        ("plenum", ("quorum", "value", "numerator"), 1, ">= 2/3 due、> 2/3 due"),
        ("review", ("scales", "value", 0, "id"), "job", "work (satisfied basically-satisfied"),
    ],
)
def test_a_value_outside_its_choices_is_told_which_there_are(name, path, value, told):
    data = of_book(name, path, value)
    with pytest.raises(DraftError) as caught:
        parse_rule(data, "own.toml")

    assert caught.value.place == f"own.toml.{path[0]}.value"
    assert told in explain(caught.value)


def test_to_pass_takes_more_than_half_and_a_rule_may_ask_for_more():
    for numerator, denominator, inclusive in ((1, 2, False), (2, 3, True), (1, 1, True)):
        value = {"numerator": numerator, "denominator": denominator, "inclusive": inclusive}
        rule = parse_rule(
            of_book("standing-committee", ("pass", "value"), {**value, "base": "due"}), "own.toml"
        )
        assert not rule.to_pass.fraction.met(6, 12)
