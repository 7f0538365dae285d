"""Frozen meetings that hold contests for ``meeting.json``, and what is wrong in one.

One meeting has names for seats, an election with a roster, a grid and a confirmation; each fault is
one change of it that every reader refuses at the same place.
"""

from __future__ import annotations

from typing import Any, Final

from tests.support.contests import GRID, contest_item, roster_of
from tests.support.drafts import GATES, draft_text, item_of

TEXT: Final = draft_text(
    items=contest_item("i1", "contested", seats=2, more=f"{GATES}\n")
    + item_of(2)
    + contest_item("e", "grassroots-election", seats=2, more='roster = "r1"\n')
    + GRID,
    groups=roster_of(25),
    slots=6,
)


def _contest(item: int, **changes: Any) -> Any:
    def change(value: Any) -> None:
        value["items"][item]["contest"].update(changes)

    return change


def _inner(item: int, part: str, index: int, **changes: Any) -> Any:
    def change(value: Any) -> None:
        value["items"][item]["contest"][part][index].update(changes)

    return change


def _roster(**changes: Any) -> Any:
    def change(value: Any) -> None:
        value["rosters"][0].update(changes)

    return change


def _person(index: int, **changes: Any) -> Any:
    def change(value: Any) -> None:
        value["rosters"][0]["names"][index].update(changes)

    return change


def _labels(first: str, second: str) -> Any:
    """Name two people of the roster; whoever is called 王伟 has the key 水利局."""

    def change(value: Any) -> None:
        for one, name in zip(value["rosters"][0]["names"], (first, second), strict=False):
            one.update(name=name, key="水利局" if name == "王伟" else "")

    return change


FAULTS: Final = {
    "more seats than names": _contest(0, seats=5),
    "no seat": _contest(0, seats=0),
    "a name's id twice": _inner(0, "names", 1, id="c1"),
    "a name twice": _inner(0, "names", 1, name="孙一"),
    "a name that cannot be seen": _inner(0, "names", 1, name="孙\u202e二"),
    "names from outside where the rule has none": _contest(0, write_in={"text": True}),
    "a contest of another kind": _contest(0, type="list"),
    "a confirmation that asks names": lambda value: value["items"][1].update(
        contest=value["items"][0]["contest"]
    ),
    "a candidate beside a contest": lambda value: value["items"][0].update(candidate="孙一"),
    "a roster that is not there": _contest(2, write_in={"roster": "r2"}),
    "a scale that the rule does not have": _inner(3, "subjects", 0, scale="index"),
    "an aspect's id twice": _inner(3, "aspects", 1, id="a1"),
    "a subject twice": _inner(3, "subjects", 1, name="李一"),
    "a grid of nobody": _contest(3, subjects=[]),
    "a roster that no item asks": lambda value: value["rosters"].append(
        {**value["rosters"][0], "id": "r2"}
    ),
    "a roster of nobody": _roster(names=[]),
    "a name that looks as another": _inner(0, "names", 1, name="孙一\ufe00"),
    "a subject with a variation selector": _inner(3, "subjects", 1, name="李一\U000e0101"),
    "an aspect with a variation selector": _inner(3, "aspects", 1, title="德\u180b"),
    "a roster's name with a variation selector": _person(0, name="干部2\ufe0f"),
    "a roster's key with a variation selector": _person(0, key="二\ufe0f"),
    "two labels alike": _labels("王伟(水利局)", "王伟"),
    "two labels alike, the other way round": _labels("王伟", "王伟(水利局)"),
    "a name's id that is a number": _inner(0, "names", 1, id="2"),
    "a subject's id that is a number": _inner(3, "subjects", 1, id="10"),
    "an aspect's id that is a number": _inner(3, "aspects", 1, id="0"),
    "a roster's id that is a number": _roster(id="1"),
    "two people alike": lambda value: value["rosters"][0]["names"].append(
        value["rosters"][0]["names"][0]
    ),
}
