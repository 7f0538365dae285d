"""Ledgers of contests for ``ledger.json``: later rounds, and every standing that is refused.

The fold has no totals: what it can tell of a next round from the ledger alone is here; that it is
what the rule makes of the sealed box is checked where the box is (``tally.following``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voting.rules.shapes import Standing

if TYPE_CHECKING:
    from tests.support.meeting import Simulation
    from tests.vectors.generate_ledger import Played

TIE = Standing(("c1", "c2", "c3"), 2, "tie", 1)
OPEN = Standing(("c2", "c3"), 1, "open", 2)
WRITTEN = Standing(("c2", "others:3", "others:30"), 1, "open", 2)


def _first(m: Simulation) -> str:
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.spoil(slot)
    m.seal(slot, 6)
    return slot


def _count(m: Simulation, slot: str) -> None:
    m.act("no-objection", slot=slot)
    m.count(slot)


def _next(m: Simulation, standing: Standing) -> str:
    return m.open(["i1"], standings={"i1": standing})


def _body(m: Simulation, standing: Standing, **changes: Any) -> dict[str, Any]:
    body = m.open_body(["i1"], standings={"i1": standing})
    body["standings"] = {"i1": {**standing.to_json(), **changes}}
    return body


def contested(played: Played) -> Played:
    """A tie, then a seat that is left, then the release: five openings, one of them void."""
    m = played.m
    m.sign_in(6)
    played.refuse("open", **m.open_body(["i1"], standings={"i1": TIE}))
    m.prepare(["i1"])
    first = m.open(["i1"])
    m.spoil(first)
    m.seal(first, 6)
    m.prepare(["i1"])
    played.refuse("open", **_body(m, TIE))  # not counted yet
    _count(m, first)
    played.refuse("open", **m.open_body(["i1"]))
    for changes in (
        {"names": ["c1", "c9"]},
        {"names": ["c2", "c1"]},
        {"names": ["c1", "others:3"]},
        {"seats": 3},
        {"round": 2},
        {"why": "open"},
        {"names": ["c1", "c2"]},  # another election than this of three
    ):
        played.refuse("open", **_body(m, TIE, **changes))
    other = _body(m, TIE)
    other["standings"]["i2"] = TIE.to_json()
    played.refuse("open", **other)
    m.discuss("i2")
    alone = m.open_body(["i2"])
    played.refuse("open", **{**alone, "standings": {"i2": TIE.to_json()}})
    void = _next(m, TIE)
    m.act("void", slot=void, reason="停电", pen=None)
    m.prepare(["i1"])
    second = _next(m, TIE)
    played.refuse("release", slot=first)
    m.seal(second, 6)
    played.refuse("release", slot=first)
    _count(m, second)
    m.prepare(["i1"])
    played.refuse("open", **_body(m, OPEN, seats=3))
    played.refuse("open", **_body(m, OPEN, round=1))
    third = _next(m, OPEN)
    m.seal(third, 6)
    _count(m, third)
    m.certify(third)
    m.act("release", slot=third)
    m.prepare(["i1"])
    played.refuse("open", **_body(m, Standing(("c2", "c3"), 1, "open", 3)))
    m.act("release", slot=first)
    return played


def elected(played: Played) -> Played:
    """An election whose next round has names from outside, by number of the roster."""
    m = played.m
    slot = _first(m)
    _count(m, slot)
    m.prepare(["i1"])
    plain = Standing(("c2",), 1, "open", 2)
    for names in (
        ["c2", "others:30", "others:3"],
        ["others:3", "c2"],
        ["c2", "others:31"],
        ["c2", "others:0"],
        ["c2", "others:03"],
        ["c2", "others:王某"],
        ["c2", "others:"],
    ):
        played.refuse("open", **_body(m, plain, names=names))
    again = _next(m, WRITTEN)
    m.seal(again, 6)
    _count(m, again)
    m.prepare(["i1"])
    later = Standing(("others:3", "others:4"), 1, "open", 3)  # who was not there comes no more
    played.refuse("open", **_body(m, later))
    _next(m, Standing(("others:3",), 1, "tie", 2))
    return played
