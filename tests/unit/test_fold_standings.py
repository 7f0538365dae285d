"""Later rounds of a contest in the fold: what an open act may say, and when counts are released."""

from __future__ import annotations

from functools import cache

import pytest

from tests.support.contests import CONTESTED, ELECTED
from tests.support.meeting import Simulation
from voting.errors import RefusedError, VerificationError
from voting.meeting.binding import items_left, propose_rounds
from voting.meeting.draft import read_draft
from voting.rules.shapes import Standing

NEXT = {"i1": Standing(("c2", "c3"), 1, "open", 2)}


@cache
def _counted(text: str) -> Simulation:
    m = Simulation(read_draft(text))
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.spoil(slot)
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    m.count(slot)
    return m


def counted(text: str = CONTESTED) -> Simulation:
    """A meeting whose first round of i1 is counted; a copy."""
    held = _counted(text)
    m = Simulation.__new__(Simulation)
    m.__dict__.update({**held.__dict__, "lines": list(held.lines)})
    return m


def open_next(m: Simulation, standings=NEXT, items=("i1",)) -> str:
    m.prepare(list(items))
    return m.open(list(items), standings=standings)


def refused(m, kind, body, error=RefusedError):
    with pytest.raises(error) as caught:
        m.act(kind, **body)
    return caught.value.code


def body_of(m, standings, items=("i1",)):
    m.prepare(list(items))
    return m.open_body(list(items), standings=standings)


def test_a_next_round_keeps_who_stands():
    m = counted()
    slot = open_next(m)
    one = m.round(slot)
    assert one.standings == NEXT
    assert one.number == 2
    assert len(m.state.rounds) == 2  # the first stands as it was


def test_a_next_round_is_proposed_when_the_caller_says_so():
    m = counted()
    assert items_left(m.meeting, m.state) == ("i2",)
    assert items_left(m.meeting, m.state, NEXT) == ("i1", "i2")
    papers = propose_rounds(m.meeting, m.state, NEXT)
    assert [(one.items, one.round, dict(one.standings)) for one in papers] == [
        (("i1",), 2, NEXT),
        (("i2",), 1, {}),
    ]


def test_without_standings_an_item_is_voted_on_once():
    m = counted()
    assert refused(m, "open", body_of(m, {})) == "item-voted"


def test_the_first_round_is_as_frozen():
    m = Simulation(read_draft(CONTESTED))
    m.sign_in(6)
    assert refused(m, "open", body_of(m, NEXT)) == "standing-first-round"


def test_a_void_round_leaves_its_standing_to_the_next_try():
    m = counted()
    slot = open_next(m)
    m.act("void", slot=slot, reason="停电", pen=None)
    again = open_next(m)
    assert m.round(again).number == 3
    assert m.round(again).standings == NEXT


def test_a_standing_of_another_item_is_refused():
    m = counted()
    body = body_of(m, NEXT)
    body["standings"]["i2"] = body["standings"]["i1"]
    assert refused(m, "open", body) == "standing-other-item"


def test_a_confirmation_has_nobody_standing():
    m = counted()
    standing = Standing(("c1",), 1, "open", 2).to_json()
    body = {**body_of(m, {}, ["i2"]), "standings": {"i2": standing}}
    assert refused(m, "open", body, VerificationError) == "standing-not-a-contest"


CHANGES = {
    "somebody new": ({"names": ["c2", "c9"]}, "standing-unknown-name"),
    "another order": ({"names": ["c3", "c2"]}, "standing-order"),
    "more seats": ({"seats": 3}, "standing-seats"),
    "a round too many": ({"round": 3}, "standing-round"),
    "a revote of another round": ({"why": "tie"}, "standing-round"),
    "outside, where nobody is written in": (
        {"names": ["c2", "others:3"]},
        "standing-unknown-name",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_standing_that_can_not_be_is_a_finding(change):
    m = counted()
    body = body_of(m, NEXT)
    values, code = CHANGES[change]
    body["standings"]["i1"].update(values)
    assert refused(m, "open", body, VerificationError) == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("c2", "others:3", "others:30"), None),
        (("c2", "others:30", "others:3"), "standing-order"),
        (("others:3", "c2"), "standing-order"),
        (("c2", "others:31"), "standing-unknown-name"),
        (("c2", "others:03"), "standing-unknown-name"),
        (("c2", "others:王"), "standing-unknown-name"),
    ],
)
def test_who_was_written_in_stands_behind_by_number(names, code):
    m = counted(ELECTED)
    if code is None:
        standing = {"i1": Standing(names, 1, "open", 2)}
        assert m.round(open_next(m, standing)).standings == standing
        return
    body = body_of(m, {"i1": Standing(("c2",), 1, "open", 2)})
    body["standings"]["i1"]["names"] = list(names)
    assert refused(m, "open", body, VerificationError) == code


def test_another_election_than_that_of_who_stands_is_refused():
    m = counted()
    body = body_of(m, NEXT)
    body["standings"]["i1"]["names"] = ["c1", "c2"]
    assert refused(m, "open", body, VerificationError) == "election-mismatch"


def test_a_round_is_not_released_while_a_later_one_runs():
    m = counted()
    first = next(iter(m.state.rounds))
    slot = open_next(m)
    assert refused(m, "release", {"slot": first}) == "release-early"
    m.seal(slot, 6)
    assert refused(m, "release", {"slot": first}) == "release-early"
    m.act("no-objection", slot=slot)
    m.count(slot)
    m.act("release", slot=first)
    assert m.round(first).released


def test_after_the_last_round_is_released_there_is_no_later_one():
    m = counted()
    first = next(iter(m.state.rounds))
    m.act("release", slot=first)
    assert refused(m, "open", body_of(m, NEXT)) == "contest-released"


def test_nor_when_an_earlier_one_is():
    m = counted()
    first = next(iter(m.state.rounds))
    slot = open_next(m)
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    m.count(slot)
    m.act("release", slot=first)
    third = {"i1": Standing(("c2", "c3"), 1, "open", 3)}
    assert refused(m, "open", body_of(m, third)) == "contest-released"


def test_a_second_round_while_the_first_is_open_is_refused():
    m = counted()
    slot = open_next(m)
    body = body_of(m, {"i1": Standing(("c2", "c3"), 1, "open", 3)})
    assert refused(m, "open", body) == "item-open"
    m.seal(slot, 6)
    assert refused(m, "open", body) == "item-voted"
