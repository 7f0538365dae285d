"""Rule files: the book that ships, an institution's own, and every way to get one wrong."""

from __future__ import annotations

import copy
import json
import tomllib
from importlib.resources import files

import pytest

from voting.errors import DraftError, FormatError
from voting.rules import Rule, list_rules, load_rule, read_rule
from voting.rules.describe import describe_rule, headline
from voting.rules.parsing import clauses_of
from voting.rules.rule import parse_rule
from voting.words import LANGS, explain

TEXT = files("voting.rules.rulebook").joinpath("standing-committee.toml").read_text("utf-8")
DATA = tomllib.loads(TEXT)


def changed(path, value):
    """Return the rule as data with one value replaced, or removed when it is `...`."""
    data = copy.deepcopy(DATA)
    *parents, last = path
    inner = data
    for key in parents:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return data


def test_the_book_has_every_kind_of_vote_by_its_id():
    assert {rule.id: rule.kind for rule in list_rules()} == {
        "assessment": "assessment",
        "consultation": "consultation",
        "contested": "contested",
        "contested-plenum": "contested",
        "deferral": "confirmation",
        "direct-election": "election",
        "general-business": "confirmation",
        "grassroots-election": "election",
        "grassroots-election-1990": "election",
        "local-congress-election": "election",
        "local-plenum-election": "election",
        "named-nomination": "named",
        "nomination": "nomination",
        "party-group": "confirmation",
        "plenum": "confirmation",
        "plenum-nomination": "nomination",
        "plenum-strict": "confirmation",
        "recommendation": "recommendation",
        "reconsideration": "confirmation",
        "review": "assessment",
        "satisfaction": "assessment",
        "second-nomination": "nomination",
        "standing-committee": "confirmation",
    }
    ids = [rule.id for rule in list_rules()]
    assert ids == sorted(ids)


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.id)
def test_a_frozen_rule_reads_back_as_it_was(rule):
    data = json.loads(json.dumps(rule.to_json()))

    assert Rule.from_json(data) == rule
    head = ["id", "kind", "title", "members", *(["superseded"] if rule.superseded else [])]
    assert list(data) == [*head, *clauses_of(rule.kind)]


@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.id)
def test_every_value_has_a_source_and_every_parameter_a_reason(rule):
    assert list(rule.notes) == list(clauses_of(rule.kind))
    for note in rule.notes.values():
        assert note.source.text
        assert not note.choices or all(note.why[lang] for lang in LANGS)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("rule", list_rules(), ids=lambda rule: rule.id)
def test_a_rule_can_be_shown_whole_with_every_choice(rule, lang):
    lines = list(describe_rule(rule, lang))

    assert headline(rule, lang).startswith(rule.id)
    assert sum(line == "" for line in lines) == len(clauses_of(rule.kind))


def test_the_two_bodies_treat_a_recusal_differently():
    assert load_rule("standing-committee").recusal_effect == "leaves-vote"
    assert load_rule("plenum").recusal_effect == "leaves-deliberation"


def test_a_rule_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(DraftError) as caught:
        load_rule("secret", "rules[0]")

    assert caught.value.place == "rules[0]"
    assert "standing-committee" in explain(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "code", "place"),
    [
        (("surprise",), 1, "rule-unknown-key", "own.toml.surprise"),
        (("quorum", "value", "of"), 1, "rule-unknown-key", "own.toml.quorum.value.of"),
        (("quorum", "source", "page"), 1, "rule-unknown-key", "own.toml.quorum.source.page"),
        (("title", "de"), "x", "rule-unknown-key", "own.toml.title.de"),
        (("floor",), ..., "rule-missing-key", "own.toml.floor"),
        (("pass", "value", "base"), ..., "rule-missing-key", "own.toml.pass.value.base"),
        (("title", "en"), ..., "rule-missing-key", "own.toml.title.en"),
        (("options", "why"), ..., "rule-missing-key", "own.toml.options.why"),
        (("retry", "choices"), ..., "rule-missing-key", "own.toml.retry.choices"),
        (
            ("quorum", "value", "numerator"),
            4,
            "rule-fraction-above-one",
            "own.toml.quorum.value.numerator",
        ),
        (
            ("pass", "value", "numerator"),
            2,
            "rule-fraction-above-one",
            "own.toml.pass.value.numerator",
        ),
        (
            ("pass", "value", "denominator"),
            0,
            "rule-zero-denominator",
            "own.toml.pass.value.denominator",
        ),
        (
            ("floor", "source", "certainty"),
            ...,
            "rule-source-without-certainty",
            "own.toml.floor.source",
        ),
        (
            ("floor", "source", "certainty"),
            "sure",
            "rule-bad-value",
            "own.toml.floor.source.certainty",
        ),
        (("floor", "source", "text"), " ", "rule-bad-value", "own.toml.floor.source.text"),
        (("quorum", "value", "inclusive"), 1, "rule-bad-value", "own.toml.quorum.value.inclusive"),
        (("quorum", "value", "numerator"), True, "rule-bad-value", None),
        (("quorum", "value", "numerator"), 0, "rule-bad-value", None),
        (("quorum", "value", "base"), "present", "rule-bad-value", None),
        (("quorum", "value"), "2/3", "rule-bad-value", "own.toml.quorum.value"),
        (("options", "value"), ["disagree", "agree", "abstain"], "rule-bad-value", None),
        (("options", "value"), ["agree", "disagree"], "rule-bad-value", None),
        (("voters", "value"), ["alternate"], "rule-bad-value", None),
        (("void", "value"), ["issued-exceeds-present"], "rule-bad-value", None),
        (("recusal-base", "value"), "half", "rule-bad-value", None),
        (("recusal-base", "choices"), ["reduced", "reduced"], "rule-bad-value", None),
        (("recusal-base", "choices"), ["unchanged"], "rule-bad-value", None),
        (("retry", "value", "bar-after"), -1, "rule-bad-value", None),
        (("floor", "value"), 0, "rule-bad-value", "own.toml.floor.value"),
        (("floor", "value"), 5.0, "rule-bad-value", "own.toml.floor.value"),
        (("signers", "value"), [], "rule-bad-value", "own.toml.signers.value"),
        (("signers", "value"), [{"role": "voter", "count": 1}], "rule-bad-value", None),
        (("signers", "value"), [{"role": "chair", "count": 0}], "rule-bad-value", None),
        (("signers", "value"), [{"role": "chair", "count": 1}] * 2, "rule-role-twice", None),
        (("gates", "value"), ["blessed"], "rule-bad-value", "own.toml.gates.value"),
        (("id",), "Standing Committee", "rule-bad-value", "own.toml.id"),
        (("kind",), "lottery", "rule-bad-value", "own.toml.kind"),
        (("members", "zh"), "常\n委", "rule-bad-value", "own.toml.members.zh"),
    ],
)
def test_a_fault_in_a_rule_file_names_file_and_key(path, value, code, place):
    with pytest.raises(DraftError) as caught:
        parse_rule(changed(path, value), "own.toml")

    assert caught.value.code == code
    if place is not None:
        assert caught.value.place == place
    for lang in LANGS:
        assert explain(caught.value, lang).startswith("own.toml")


def test_an_institution_reads_its_own_file():
    rule = read_rule(
        TEXT.replace("numerator = 2, denominator = 3", "numerator = 3, denominator = 4"), "own.toml"
    )

    assert rule.quorum.fraction.needed(12) == 9
    assert "四分之三以上" in headline(rule)


def test_text_that_is_not_toml_is_one_line_with_the_file():
    with pytest.raises(DraftError) as caught:
        read_rule("id = ", "own.toml")

    assert caught.value.code == "rule-not-toml"
    assert "\n" not in explain(caught.value)


def test_a_meeting_chooses_among_the_choices_and_nothing_else():
    rule = load_rule("standing-committee")

    chosen = rule.choose({"recusal-base": "reduced", "visibility": "outcome"})

    assert (chosen.recusal_base, chosen.visibility) == ("reduced", "outcome")
    assert rule.choose({}) == rule
    assert Rule.from_json(chosen.to_json()) == chosen


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"floor": 1}, "rule-not-a-parameter"),
        ({"nothing": 1}, "rule-not-a-parameter"),
        ({"recusal-base": "half"}, "rule-bad-value"),
        ({"retry": {"again": "any", "bar-after": 7}}, "rule-not-a-choice"),
    ],
)
def test_a_choice_that_a_rule_does_not_offer_names_its_place(chosen, code):
    with pytest.raises(DraftError) as caught:
        load_rule("standing-committee").choose(chosen, "rules.standing-committee")

    assert caught.value.code == code
    assert caught.value.place == f"rules.standing-committee.{next(iter(chosen))}"


@pytest.mark.parametrize("value", [None, [], {}, {**DATA, "x": 1}, changed(("floor",), ...)])
def test_a_frozen_rule_that_is_not_one_is_malformed(value):
    with pytest.raises(FormatError):
        Rule.from_json(value)
