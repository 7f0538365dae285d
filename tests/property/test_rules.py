"""What must hold of a confirmation for all numbers that a meeting can have."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from voting.rules import load_rule
from voting.rules.confirmation import evaluate_confirmation

COMMITTEE = load_rule("standing-committee")
REDUCED = COMMITTEE.choose({"recusal-base": "reduced"})
PLENUM = load_rule("plenum")
STRICT = PLENUM.choose(
    {"quorum": {"numerator": 2, "denominator": 3, "inclusive": False, "base": "due"}}
)
DEFERRING = COMMITTEE.choose({"options": ["agree", "disagree", "abstain", "defer"]})
RULES = [COMMITTEE, REDUCED, PLENUM, STRICT, DEFERRING]


@st.composite
def rounds(draw, rules=tuple(RULES)):
    """A round whose numbers are in order: leaving at most `due`, counts that add up."""
    rule = draw(st.sampled_from(rules))
    due = draw(st.integers(1, 60))
    recused = draw(st.integers(0, min(3, due - 1)))
    in_room = due - recused if rule.recusal_effect == "leaves-vote" else due
    present = draw(st.integers(0, in_room))
    issued = draw(st.integers(0, present))
    returned = draw(st.integers(0, issued))
    names = [*rule.options, "invalid"]
    entries = draw(st.lists(st.sampled_from(names), min_size=returned, max_size=returned))
    numbers = {
        "due": due,
        "present_at_open": present,
        "present_at_seal": draw(st.integers(0, present)),
        "issued": issued,
        "returned": returned,
        "recused": recused,
    }
    return rule, numbers, entries


def decide(rule, numbers, entries):
    counts = {name: entries.count(name) for name in (*rule.options, "invalid")}
    return evaluate_confirmation(rule, counts=counts, **numbers)


@settings(max_examples=150)
@given(rounds(), st.data())
def test_one_more_agreement_never_hurts(case, data):
    rule, numbers, entries = case
    others = [i for i, entry in enumerate(entries) if entry != "agree"]
    if not others:
        return
    turned = list(entries)
    turned[data.draw(st.sampled_from(others))] = "agree"

    if decide(rule, numbers, entries).decision == "passed":
        assert decide(rule, numbers, turned).decision == "passed"


@settings(max_examples=150)
@given(rounds())
def test_a_vote_that_was_not_returned_never_helps(case):
    rule, numbers, entries = case
    if "agree" not in entries:
        return
    fewer = list(entries)
    fewer.remove("agree")
    less = {**numbers, "returned": numbers["returned"] - 1}

    if decide(rule, less, fewer).decision == "passed":
        assert decide(rule, numbers, entries).decision == "passed"


@settings(max_examples=150)
@given(rounds())
def test_not_returned_decides_as_disagreeing_does(case):
    rule, numbers, entries = case
    missing = numbers["issued"] - numbers["returned"]
    full = {**numbers, "returned": numbers["issued"]}

    silent = decide(rule, numbers, entries).decision

    assert silent == decide(rule, full, [*entries, *["disagree"] * missing]).decision


@given(rounds(), st.integers())
def test_the_order_of_the_entries_decides_nothing(case, seed):
    rule, numbers, entries = case
    mixed = list(entries)
    random.Random(seed).shuffle(mixed)

    assert decide(rule, numbers, mixed) == decide(rule, numbers, entries)


@settings(max_examples=150)
@given(rounds(rules=(COMMITTEE,)))
def test_what_passes_with_the_base_unchanged_passes_with_the_base_reduced(case):
    _, numbers, entries = case
    unchanged = decide(COMMITTEE, numbers, entries)
    reduced = decide(REDUCED, numbers, entries)

    if unchanged.decision == "passed":
        assert reduced.decision == "passed"
    sensitive = any(note.message == "note.recusal-base-sensitive" for note in unchanged.notes)
    assert sensitive == (unchanged.decision != reduced.decision)


@given(rounds())
def test_every_decision_stands_on_its_last_step(case):
    result = decide(*case)

    assert result.steps[-1].met == (result.decision in ("passed", "deferred"))
    assert all(step.met for step in result.steps[:-1])
