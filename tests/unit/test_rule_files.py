"""Rule files: the book that ships, an institution's own, and every way to get one wrong."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from voting.errors import DraftError, FormatError, InputError
from voting.rules import Rule, list_rules, load_rule, read_rule
from voting.rules.describe import describe_rule, listing, width
from voting.rules.parsing import clauses_of
from voting.rules.rule import parse_rule
from voting.words import LANGS, catalogue, explain

ROOT = Path(__file__).parent.parent.parent

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

    assert list(listing([rule], lang))[1].startswith(rule.id)
    assert sum(line == "" for line in lines) == len(clauses_of(rule.kind))


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_of_the_book_is_aligned_as_a_terminal_shows_it(lang):
    head, *rows = listing(list_rules(), lang)
    begins = width(head[: head.index({"zh": "通过", "en": "passes"}[lang])])

    for row in rows:
        columns = [width(row[:i]) for i in range(len(row))]
        assert row[columns.index(begins) - 2 : columns.index(begins)] == "  "
    assert len(rows) == len(list_rules())


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
        (("recusal-base", "choices"), ["reduced"] * 2, "rule-choice-twice", None),
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
        (("id",), "2026", "id-number", "own.toml.id"),
        (("kind",), "lottery", "rule-bad-value", "own.toml.kind"),
        (("members", "zh"), "常\n委", "rule-bad-value", "own.toml.members.zh"),
        (("members", "zh"), "常\x1b[31m委", "rule-bad-value", "own.toml.members.zh"),
        (("title", "zh"), "常委\u202e会", "rule-bad-value", "own.toml.title.zh"),
        (("quorum", "value", "denominator"), -3, "rule-bad-value", None),
        (("quorum", "value", "denominator"), 3.0, "rule-bad-value", None),
        (("quorum", "value", "denominator"), False, "rule-bad-value", None),
        (("quorum", "value", "denominator"), 10**30, "rule-bad-value", None),
        (("floor", "value"), 1_000_001, "rule-bad-value", "own.toml.floor.value"),
        (("pass", "value", "inclusive"), True, "rule-pass-not-over-half", "own.toml.pass.value"),
        (("pass", "value", "denominator"), 3, "rule-pass-not-over-half", "own.toml.pass.value"),
        (("retry", "choices", 2), DATA["retry"]["choices"][0], "rule-choice-twice",
         "own.toml.retry.choices[2]"),
        (("kind",), ..., "rule-missing-key", "own.toml.kind"),
    ],
)  # fmt: skip
def test_a_fault_in_a_rule_file_names_file_and_key(path, value, code, place):
    with pytest.raises(DraftError) as caught:
        parse_rule(changed(path, value), "own.toml")

    assert caught.value.code == code
    if place is not None:
        assert caught.value.place == place
    for lang in LANGS:
        assert explain(caught.value, lang).startswith("own.toml")


def of_book(name, path, value):
    """Return a rule of the book as data with one value replaced, or removed when it is `...`."""
    data = tomllib.loads(files("voting.rules.rulebook").joinpath(f"{name}.toml").read_text("utf-8"))
    *parents, last = path
    inner = data
    for key in parents:
        inner = inner[key]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return data


@pytest.mark.parametrize(
    ("name", "path", "value", "code", "place"),
    [
        ("assessment", ("scales", "value", 0, "grades"), [], "rule-scale-without-grades",
         "scales.value[0].grades"),
        ("assessment", ("scales", "value"), [], "rule-bad-value", "scales.value"),
        ("assessment", ("scales", "value", 0, "grades", 0, "weight"), -1, "rule-bad-value",
         "scales.value[0].grades[0].weight"),
        ("assessment", ("scales", "value", 0, "grades", 0, "weight"), 101, "rule-bad-value",
         "scales.value[0].grades[0].weight"),
        ("assessment", ("scales", "value", 0, "grades", 4, "weight"), 5, "rule-bad-value",
         "scales.value[0].grades[4].weight"),  # 不了解 has none
        ("assessment", ("scales", "value", 0, "grades", 0, "unknown"), 1, "rule-bad-value", None),
        ("assessment", ("scales", "value", 0, "grades", 1, "id"), "4", "id-number",
         "scales.value[0].grades[1].id"),
        ("assessment", ("scales", "value", 0, "id"), "0", "id-number", "scales.value[0].id"),
        ("assessment", ("flags", "value", 0, "id"), "10", "id-number", "flags.value[0].id"),
        ("direct-election", ("groups", "value", 1, "id"), "7", "id-number", "groups.value[1].id"),
        ("assessment", ("scales", "value", 0, "grades", 1, "id"), "excellent", "rule-id-twice",
         "scales.value[0].grades"),
        ("assessment", ("scales", "value", 0, "colour"), "red", "rule-unknown-key",
         "scales.value[0].colour"),
        ("assessment", ("scales", "value", 0, "favourable"), [], "rule-bad-value", None),
        ("assessment", ("scales", "value", 0, "favourable"), ["unknown"], "rule-bad-value", None),
        ("assessment", ("scales", "value", 0, "favourable"), ["x"], "rule-bad-value", None),
        ("assessment", ("scales", "value", 1, "id"), "cadre", "rule-id-twice", "scales.value"),
        ("assessment", ("flags", "value", 0, "scale"), "x", "rule-bad-value", None),
        ("assessment", ("flags", "value", 0, "op"), "=", "rule-bad-value", "flags.value[0].op"),
        ("assessment", ("flags", "value", 0, "grades"), [], "rule-bad-value", None),
        ("assessment", ("flags", "value", 0, "numerator"), 4, "rule-fraction-above-one",
         "flags.value[0].numerator"),
        ("assessment", ("flags", "value", 0, "denominator"), 0, "rule-zero-denominator", None),
        ("assessment", ("pass",), {}, "rule-unknown-key", "pass"),
        ("contested", ("pass", "value", "inclusive"), True, "rule-pass-not-over-half",
         "pass.value"),
        ("direct-election", ("pass", "choices", 1, "inclusive"), True, "rule-pass-not-over-half",
         "pass.choices[1]"),
        ("contested", ("ballot", "value"), "both", "rule-bad-value", "ballot.value"),
        ("contested", ("ties", "value"), "fails", "rule-bad-value", "ties.value"),
        ("contested", ("write-in", "value"), "roster", "rule-bad-value", "write-in.value"),
        ("contested", ("rounds-limit", "value"), -1, "rule-bad-value", "rounds-limit.value"),
        ("contested", ("next-round",), ..., "rule-missing-key", "next-round"),
        ("contested", ("options", "value"), ["agree", "disagree", "abstain", "defer"],
         "rule-bad-value", "options.value"),
        ("plenum", ("ties", "value"), "revote-most", "rule-bad-value", "ties.value"),
        ("plenum", ("write-in", "value"), "text", "rule-bad-value", "write-in.value"),
        ("plenum", ("write-in",), ..., "rule-missing-key", "write-in"),
        ("nomination", ("second-list", "value"), {"names": 1, "per": 2}, "rule-bad-value", None),
        ("nomination", ("scatter", "value", "base"), "due", "rule-bad-value",
         "scatter.value.base"),
        ("consultation", ("objection", "value", "numerator"), 3, "rule-fraction-above-one",
         "objection.value.numerator"),
        ("direct-election", ("groups", "value", 0, "quorum", "base"), "due", "rule-unknown-key",
         "groups.value[0].quorum.base"),
        ("direct-election", ("groups", "value", 0, "quorum", "numerator"), 5,
         "rule-fraction-above-one", "groups.value[0].quorum.numerator"),
        ("direct-election", ("groups", "value", 1, "id"), "party", "rule-id-twice", None),
        ("satisfaction", ("groups", "value", 0, "quota"), 0, "rule-bad-value",
         "groups.value[0].quota"),
        ("named-nomination", ("form", "value"), ["reasons"], "rule-bad-value", "form.value"),
        ("named-nomination", ("signers", "value"), [{"role": "chair", "count": 1}],
         "rule-bad-value", None),
        ("named-nomination", ("thin-reasons", "value"), ["工作需要"] * 2, "rule-id-twice", None),
        ("named-nomination", ("quorum",), {}, "rule-unknown-key", "quorum"),
        ("grassroots-election-1990", ("superseded",), {"zh": "x"}, "rule-missing-key",
         "superseded.en"),
    ],
)  # fmt: skip
def test_a_fault_in_a_clause_of_any_kind_names_its_key(name, path, value, code, place):
    with pytest.raises(DraftError) as caught:
        parse_rule(of_book(name, path, value), "own.toml")

    assert caught.value.code == code
    if place is not None:
        assert caught.value.place == f"own.toml.{place}"
    for lang in LANGS:
        line = explain(caught.value, lang)
        assert line.startswith("own.toml.")
        assert "\n" not in line


def test_a_chosen_set_of_flags_has_to_fit_the_chosen_scales():
    rule = load_rule("assessment")
    without = rule.to_json()["scales"]["choices"][1]

    assert [grade.id for grade in rule.choose({"scales": without}).scale("cadre").grades] == [
        "excellent", "competent", "basically-competent", "incompetent"
    ]  # fmt: skip
    with pytest.raises(InputError):
        rule.scale("nothing")


def test_every_rule_says_who_may_be_written_in_and_what_a_tie_is():
    voted = [rule for rule in list_rules() if rule.votes]

    assert {rule.id for rule in voted if rule.write_in != "none"} == {
        "nomination", "plenum-nomination", "grassroots-election", "grassroots-election-1990",
        "local-congress-election", "local-plenum-election", "direct-election",
    }  # fmt: skip
    assert {rule.ties for rule in voted if rule.kind == "confirmation"} == {"fails"}
    # Free text is a parameter, and off.
    assert not [rule.id for rule in voted if rule.write_in == "text"]


def test_an_institution_reads_its_own_file():
    rule = read_rule(
        TEXT.replace("numerator = 2, denominator = 3", "numerator = 3, denominator = 4"), "own.toml"
    )

    assert rule.quorum.fraction.needed(12) == 9
    assert "四分之三以上" in list(listing([rule]))[1]


def test_a_page_names_the_shares_that_the_words_name():
    script = (ROOT / "kiosk" / "web" / "src" / "console" / "model.js").read_text("utf-8")
    (known,) = re.findall(r"KNOWN_SHARES = new Set\(\[(.*?)\]\)", script)
    named = {name for name in catalogue() if name.startswith("share.") and name != "share.other"}

    assert {f"share.{one}" for one in re.findall(r"[0-9-]+", known)} == named


@pytest.mark.parametrize("text", ["id = ", "floor = " + "1" * 5000, "id = " + "[" * 9000])
def test_text_that_is_not_toml_is_one_line_with_the_file(text):
    with pytest.raises(DraftError) as caught:
        read_rule(text, "own.toml")

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
