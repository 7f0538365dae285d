"""Every rule of the book, at the edge of its quorum and of its pass, for every due up to sixty."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.rounds import choose, contest, each, elect, grade, numbers
from voting.rules import list_rules, load_rule
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import GroupNumbers

TWO_THIRDS, OVER_TWO_THIRDS = (2, 3, True), (2, 3, False)
HALF, OVER_HALF = (1, 2, True), (1, 2, False)
FOUR_FIFTHS, OVER_FOUR_FIFTHS = (4, 5, True), (4, 5, False)
# By rule: who must be there, and of what more than half decides; None decides nothing.
BOOK = {
    "assessment": (TWO_THIRDS, None),
    "consultation": (TWO_THIRDS, None),
    "contested": (TWO_THIRDS, "due"),
    "contested-plenum": (TWO_THIRDS, "due"),
    "deferral": (TWO_THIRDS, "present"),
    "direct-election": (OVER_HALF, "present"),
    "general-business": (HALF, "due"),
    "grassroots-election": (FOUR_FIFTHS, "due"),
    "grassroots-election-1990": (OVER_FOUR_FIFTHS, "present"),
    "local-congress-election": (OVER_HALF, "due"),
    "local-plenum-election": (OVER_TWO_THIRDS, "due"),
    "nomination": (TWO_THIRDS, None),
    "party-group": (TWO_THIRDS, "due"),
    "plenum": (TWO_THIRDS, "due"),
    "plenum-nomination": (TWO_THIRDS, None),
    "plenum-strict": (OVER_TWO_THIRDS, "due"),
    "recommendation": (TWO_THIRDS, None),
    "reconsideration": (TWO_THIRDS, "due"),
    "review": (TWO_THIRDS, None),
    "satisfaction": (TWO_THIRDS, None),
    "second-nomination": (TWO_THIRDS, None),
    "standing-committee": (TWO_THIRDS, "due"),
}
DUES = range(1, 61)


def judged(rule, agree, due, present):
    """Return the word for one name or motion that so many of those present are for."""
    groups = {group.id: GroupNumbers(due, due, due) for group in rule.groups}
    box = numbers(due, present, groups=groups)
    rest = present - agree
    if rule.kind == "contested":
        result = choose(rule, contest("AB", 1), box, {"A": agree, "B": 0}, blank=rest)
        other = each(rule.choose({"ballot": "each"}), contest("AB", 1), box, {"A": agree, "B": 0})
        assert (other.decision, other.elected()) == (result.decision, result.elected())
    elif rule.kind == "election":
        result = elect(rule, contest("A", 1), box, {"A": agree})
        other = elect(rule, contest("AB", 1), box, {"A": agree, "B": 0})
        assert other.elected() == result.elected()
    elif rule.kind == "nomination":
        row = {"": {"A": agree, "blank": rest}}
        result = evaluate_item(rule, contest("A", 1), box, row)
    elif rule.kind == "assessment":
        scale = rule.scales[0]
        row = {scale.grades[0].id: agree, scale.grades[-1].id: rest}
        result = grade(rule, {"s1.a1": (scale.id, row)}, box)
    else:
        result = evaluate_item(rule, None, box, {"agree": agree, "disagree": rest})
    if result.decision == "elected":
        return "passed"
    return "not_passed" if result.decision in ("next_round", "seats_open") else result.decision


def test_the_table_has_every_rule_that_is_a_ballot():
    assert set(BOOK) == {rule.id for rule in list_rules() if rule.votes}


@pytest.mark.parametrize("name", BOOK)
def test_a_rule_holds_at_its_edges_for_every_due_up_to_sixty(name):
    rule, ((share, whole, inclusive), base) = load_rule(name), BOOK[name]
    for due in DUES:
        enough = [
            present for present in range(due + 1)
            if (whole * present >= share * due if inclusive else whole * present > share * due)
        ]  # fmt: skip
        if enough[0] > 0:
            assert judged(rule, enough[0] - 1, due, enough[0] - 1) == "no_quorum"
        for present in {enough[0], due}:
            of = {"due": due, "present": present}.get(base, 0)
            for agree in {0, of // 2, of // 2 + 1, present}:
                if agree > present:
                    continue
                word = "passed" if 2 * agree > of else "not_passed"
                assert judged(rule, agree, due, present) == (word if base else "recorded")


GROUPS = {"party": (4, 5), "masses": (1, 2)}


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_of_a_direct_election_has_its_quorum_for_every_due_up_to_sixty(group):
    rule, (share, whole) = load_rule("direct-election"), GROUPS[group]
    for due in DUES:
        first = next(n for n in range(due + 1) if whole * n > share * due)
        for present in (first - 1, first):
            held = {name: GroupNumbers(60, 60, 60) for name in GROUPS}
            held[group] = GroupNumbers(due, present, present)
            box = numbers(60 + due, 60 + present, groups=held)
            result = elect(rule, contest("A", 1), box, {"A": 60 + present})
            assert result.decision == ("elected" if present == first else "no_quorum")


counts_of = st.lists(st.integers(0, 20), min_size=3, max_size=3)


@settings(max_examples=60, deadline=None)
@given(counts_of, st.sampled_from(["valid", "returned", "issued"]))
def test_more_agreement_never_lowers_a_share_and_a_ballot_not_returned_never_raises_it(row, base):
    agree, disagree, invalid = row
    if not agree or not disagree:
        return
    issued = sum(row)
    recommendation = load_rule("recommendation")
    for rule in (load_rule("consultation").choose({"rate-base": base}), recommendation):

        def of(counts, rule=rule):
            box = numbers(60, issued, sum(counts.values()))
            result = evaluate_item(rule, None, box, counts)
            flagged = any(note.message == "flag.objection" for note in result.notes)
            return result.steps[-1].numbers.get("rate", 0), flagged

        said = {"agree": agree, "disagree": disagree, "invalid": invalid}
        rate, flagged = of(said)
        more, still = of({**said, "agree": agree + 1, "disagree": disagree - 1})
        assert more >= rate
        assert flagged or not still
        fewer, less = of({**said, "agree": agree - 1})
        assert fewer <= rate
        assert less or not flagged


@settings(max_examples=60, deadline=None)
@given(counts_of, st.permutations(range(4)))
def test_the_same_totals_in_another_order_come_to_the_same_in_every_kind(row, order):
    a, b, rest = row
    total = sum(row)
    if not total:
        return
    box = numbers(total)

    def turned(counts):
        listed = sorted(counts.items(), key=lambda pair: order[list(counts).index(pair[0]) % 4])
        return dict(listed)

    words = {"agree": a, "disagree": b, "abstain": rest}
    for name in ("standing-committee", "consultation", "recommendation"):
        rule = load_rule(name)
        same = [evaluate_item(rule, None, box, one) for one in (words, turned(words))]
        assert same[0].to_json() == same[1].to_json()
    votes = {"blank": rest, "A": a, "B": b}
    for name in ("contested", "nomination"):
        rule = load_rule(name)
        same = [evaluate_item(rule, contest("AB", 1), box, {"": one})
                for one in (votes, turned(votes))]  # fmt: skip
        assert same[0].to_json() == same[1].to_json()
    sides = {"for": {"A": a, "B": b}, "against": {"A": 0, "B": 0}}
    other = {"against": {"B": 0, "A": 0}, "for": turned({"A": a, "B": b})}
    rule = load_rule("local-congress-election")
    same = [evaluate_item(rule, contest("AB", 1), box, one) for one in (sides, other)]
    assert same[0].to_json() == same[1].to_json()
    grades = {"excellent": a, "incompetent": b, "unknown": rest}
    rule = load_rule("assessment")
    same = [grade(rule, {"s1.a1": ("cadre", one)}, box) for one in (grades, turned(grades))]
    assert same[0].to_json() == same[1].to_json()
