"""What must hold of contests, elections and grids for all numbers that a round can have."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.rounds import choose, contest, each, elect, grade, numbers
from voting.rules import load_rule
from voting.rules.contest import rank

CHOOSE = load_rule("contested")
EACH = CHOOSE.choose({"ballot": "each"})
MOST = CHOOSE.choose({"ties": "revote-most"})
ELECT = load_rule("grassroots-election")
REVIEW = load_rule("review")


@st.composite
def ballots(draw, limited=True):
    """Ballots that each choose some of the names, at most as many as seats, or nobody."""
    names = "ABCDEF"[: draw(st.integers(2, 6))]
    seats = draw(st.integers(1, len(names) - 1))
    due = draw(st.integers(1, 40))
    most = seats if limited else len(names)
    cast = draw(st.lists(st.sets(st.sampled_from(names), max_size=most), min_size=0, max_size=due))
    return names, seats, due, cast


def votes_of(names, cast):
    return {name: sum(name in one for one in cast) for name in names}


def chosen(rule, names, seats, due, cast, **more):
    box = numbers(due, due, len(cast))
    blank = sum(not one for one in cast)
    return choose(rule, contest(names, seats, **more), box, votes_of(names, cast), blank=blank)


def judged(rule, names, seats, due, cast):
    box = numbers(due, due, len(cast))
    return each(rule, contest(names, seats), box, votes_of(names, cast))


@settings(max_examples=100, deadline=None)
@given(ballots(), st.data())
def test_one_more_vote_never_costs_a_name_its_seat(case, data):
    names, seats, due, cast = case
    name = data.draw(st.sampled_from(names))
    able = [i for i, one in enumerate(cast) if name not in one and len(one) < seats]
    if not able:
        return
    more = [set(one) for one in cast]
    more[data.draw(st.sampled_from(able))].add(name)

    if name in chosen(CHOOSE, names, seats, due, cast).elected():
        assert name in chosen(CHOOSE, names, seats, due, more).elected()


@settings(max_examples=100, deadline=None)
@given(ballots(limited=False), st.data())
def test_turning_a_word_into_agreement_never_costs_a_name_its_seat(case, data):
    names, seats, due, cast = case
    name = data.draw(st.sampled_from(names))
    able = [i for i, one in enumerate(cast) if name not in one]
    if not able:
        return
    more = [set(one) for one in cast]
    more[able[0]].add(name)

    if name in judged(EACH, names, seats, due, cast).elected():
        assert name in judged(EACH, names, seats, due, more).elected()


@settings(max_examples=100, deadline=None)
@given(ballots(), st.data())
def test_a_ballot_that_was_not_returned_helps_none_of_those_on_it(case, data):
    names, seats, due, cast = case
    if not cast:
        return
    i = data.draw(st.integers(0, len(cast) - 1))
    rest = cast[:i] + cast[i + 1 :]

    before = chosen(CHOOSE, names, seats, due, rest).elected()
    assert {name for name in before if name in cast[i]} <= set(
        chosen(CHOOSE, names, seats, due, cast).elected()
    )


@settings(max_examples=100, deadline=None)
@given(ballots(), st.integers())
def test_the_order_of_ballots_decides_nothing(case, seed):
    names, seats, due, cast = case
    mixed = list(cast)
    random.Random(seed).shuffle(mixed)

    before, after = (chosen(CHOOSE, names, seats, due, box) for box in (cast, mixed))
    assert before.to_json() == after.to_json()


@settings(max_examples=100, deadline=None)
@given(ballots(), st.permutations("ABCDEF"))
def test_other_names_in_another_order_come_to_the_same(case, order):
    names, seats, due, cast = case
    called = dict(zip("ABCDEF", order, strict=True))
    named = [called[name] for name in names]
    shuffled = sorted(named)
    renamed = [{called[name] for name in one} for one in cast]

    before = chosen(CHOOSE, names, seats, due, cast)
    after = chosen(CHOOSE, shuffled, seats, due, renamed)
    assert {called[one.id]: one.result for one in before.names} == {
        one.id: one.result for one in after.names
    }
    assert (before.decision, before.open_seats) == (after.decision, after.open_seats)


@settings(max_examples=150, deadline=None)
@given(ballots(), st.sampled_from([CHOOSE, MOST]), st.sampled_from(["first", "tie", "open"]))
def test_seats_and_names_always_add_up(case, rule, why):
    names, seats, due, cast = case
    result = chosen(rule, names, seats, due, cast, why=why)
    if result.reason is not None:
        assert (result.elected(), result.open_seats, result.next) == ((), seats, None)
        return
    assert len(result.elected()) + result.open_seats == seats
    assert (result.decision == "elected") == (result.open_seats == 0)
    words = {"tied_revote": "tie", "next_round": "open"}
    assert (result.next is not None) == (result.decision in words)
    if result.next is not None:
        assert result.next.why == words[result.decision]
        assert result.next.seats == result.open_seats
        assert not set(result.next.names) & set(result.elected())
        assert list(result.next.names) == [name for name in names if name in result.next.names]
        assert result.next.round == 1 + (result.next.why == "open")
    if result.decision == "tied_revote":
        assert len(result.next.names) > result.open_seats
    # Whoever is left out has fewer votes than whoever goes on, and he than whoever is elected.
    at = {"elected": 0, "tied": 1, "next": 1, "out": 2}
    for one in result.names:
        for other in result.names:
            if one.votes > other.votes and result.decision != "seats_open":
                assert at[one.result] <= at[other.result]


@settings(max_examples=100, deadline=None)
@given(ballots(), st.data())
def test_an_election_elects_nobody_by_half_and_everybody_within_the_seats_above(case, data):
    names, seats, due, cast = case
    box = numbers(due, due, len(cast))
    votes = votes_of(names, cast)
    against = {name: data.draw(st.integers(0, len(cast) - votes[name])) for name in names}
    result = elect(ELECT, contest(names, seats), box, votes, against)
    if result.reason is not None:
        return
    over = [name for name in names if 2 * votes[name] > due]
    assert set(result.elected()) <= set(over)
    if len(over) <= seats:
        assert set(result.elected()) == set(over)
    # 不赞成 and 弃权 weigh the same: neither is 赞成.
    assert elect(ELECT, contest(names, seats), box, votes, {}).elected() == result.elected()


def test_half_is_never_enough_for_any_due_up_to_sixty():
    for due in range(1, 61):
        for agree in range(due + 1):
            shape, box = contest("AB", 1), numbers(due)
            won = choose(CHOOSE, shape, box, {"A": agree, "B": 0}, blank=due - agree).elected()
            assert (won == ("A",)) == (2 * agree > due)
            won = each(EACH, shape, box, {"A": agree, "B": 0}).elected()
            assert (won == ("A",)) == (2 * agree > due)
            won = elect(ELECT, contest("A", 1), box, {"A": agree}).elected()
            assert (won == ("A",)) == (2 * agree > due)
            won = elect(ELECT, shape, box, {"A": agree, "B": 0}).elected()
            assert (won == ("A",)) == (2 * agree > due)


def test_every_rule_s_quorum_for_every_due_up_to_sixty():
    shares = {
        "contested": (2, 3, True), "contested-plenum": (2, 3, True),
        "grassroots-election": (4, 5, True), "grassroots-election-1990": (4, 5, False),
        "local-congress-election": (1, 2, False), "local-plenum-election": (2, 3, False),
        "general-business": (1, 2, True), "plenum-strict": (2, 3, False),
        "party-group": (2, 3, True), "reconsideration": (2, 3, True), "deferral": (2, 3, True),
    }  # fmt: skip
    for name, (numerator, denominator, inclusive) in shares.items():
        fraction = load_rule(name).quorum.fraction
        for due in range(1, 61):
            for present in range(due + 1):
                have, want = denominator * present, numerator * due
                assert fraction.met(present, due) == (have >= want if inclusive else have > want)
                assert fraction.met(present, due) == (present >= fraction.needed(due))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 9), min_size=1),
       st.integers(1, 4), st.integers(1, 20))  # fmt: skip
def test_no_lot_is_drawn(votes, seats, base):
    found = rank(votes, base=base, seats=seats)
    groups = {}
    for name, n in votes.items():
        groups.setdefault(n, set()).add(name)
    for same in groups.values():
        for part in (found.elected, found.tied, found.next_round):
            assert same <= set(part) or not same & set(part)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=4, max_size=4), st.sampled_from(["kept", "dropped"]))
def test_the_shares_of_a_cell_are_of_its_base_and_rounded_once(row, unknown):
    names = ["satisfied", "basically-satisfied", "dissatisfied", "unknown"]
    total = sum(row)
    if not total:
        return
    rule = REVIEW.choose({"unknown-base": unknown})
    counts = dict(zip(names, row, strict=True))
    (cell,) = grade(rule, {"s1.a1": ("work", counts)}, numbers(total)).cells
    base = total - (row[3] if unknown == "dropped" else 0)

    assert cell.base == base
    for name in names:
        if base and cell.rates[name] is not None:
            exact = 10000 * counts[name]
            assert abs(cell.rates[name] * base - exact) * 2 <= base
    if base:
        good = row[0] + row[1]
        low = 3 * good < 2 * base
        assert cell.flags == (("work-low",) if low else ())
