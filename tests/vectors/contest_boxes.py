"""Boxes of every kind of vote, drawn the same every time, and what the rules say of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from voting.rules import load_rule
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import Contest, Grid, GroupNumbers, Numbers, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voting.rules import Rule
    from voting.rules.shapes import Shape

NAMES = ("c1", "c2", "c3", "c4", "c5")
WORDS = ("agree", "disagree", "abstain")
BOXES = 14


class Draw:
    """Numbers that only look random."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._at = 0

    def below(self, bound: int) -> int:
        self._at += 1
        digest = hashlib.sha256(f"{self._label} {self._at}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % bound

    def some(self, names: tuple[str, ...], most: int) -> list[str]:
        """Up to ``most`` of the names, those in front more often."""
        weights = [i for i, _ in enumerate(names) for _ in range(len(names) - i)]
        picked = {weights[self.below(len(weights))] for _ in range(most)}
        return [names[i] for i in sorted(picked)]


def _cases() -> Iterator[tuple[str, Rule, Shape]]:
    yield "confirmation", load_rule("plenum"), None
    yield "recommendation", load_rule("recommendation"), None
    yield "consultation", load_rule("consultation"), None
    contested = load_rule("contested")
    each = contested.choose({"ballot": "each"})
    most = contested.choose({"ties": "revote-most"})
    first = Standing(NAMES, 2)
    yield "choose", contested, Contest(first)
    yield "choose last", contested, Contest(Standing(NAMES[:3], 1, "open", 2))
    yield "choose tie", most, Contest(Standing(NAMES[:2], 1, "tie", 1))
    yield "each", each, Contest(first)
    yield "each of the last two", each, Contest(Standing(NAMES[:2], 2, "open", 2))
    election = load_rule("grassroots-election")
    yield "elect", election, Contest(first, "roster")
    yield "elect alone", election, Contest(first)
    yield "elect equal", election, Contest(Standing(NAMES[:2], 2), "roster")
    yield "elect tie", election, Contest(Standing(NAMES[:3], 1, "tie", 2))
    yield "elect by present", load_rule("direct-election"), Contest(first, "roster")
    nomination = load_rule("nomination")
    yield "nominate", nomination, Contest(Standing(NAMES, 2))
    yield "nominate by number", nomination, Contest(Standing((), 2), "roster", roster=True)
    yield "nominate by word", nomination, Contest(Standing((), 2), "text", roster=True)
    for rule in (load_rule("assessment"), load_rule("review")):
        cells = {f"s{i}.a{j}": one.id for i, one in enumerate(rule.scales, 1) for j in (1, 2)}
        yield f"grade {rule.id}", rule, Grid(cells)
    dropped = load_rule("assessment").choose({"unknown-base": "dropped"})
    yield "grade of those who know", dropped, Grid({"s1.a1": "cadre"})


def _by_hand() -> Iterator[tuple[str, Rule, Shape, list[dict[str, Any]]]]:
    """Boxes of ten ballots that no draw makes: more than was returned, and paper without marks."""
    election, against = load_rule("grassroots-election"), dict.fromkeys(NAMES[:3], 10)
    others = [
        _nobody(),
        {**_nobody(), "numbers": {"17": 10}},
        {**_nobody(), "numbers": {"17": 11}},
        {**_nobody(), "texts": [{"text": "王某", "votes": 11}]},
        {**_nobody(), "numbers": {"17": 4}, "none": 5, "invalid": 2},
        {**_nobody(), "none": 4, "invalid": 7},
    ]
    words = {name: {"agree": 0, "disagree": 10, "abstain": 0} for name in NAMES[:3]}
    yield (
        "elect from outside, each",
        election,
        Contest(Standing(NAMES[:3], 3), "text"),
        [{**words, "others": one} for one in others],
    )
    sides = {"for": {**dict.fromkeys(NAMES[:4], 0), "c4": 3}, "against": {**against, "c4": 0}}
    yield (
        "elect from outside",
        election,
        Contest(Standing(NAMES[:4], 3), "text"),
        [{**sides, "others": one} for one in others],
    )
    grades = dict.fromkeys((one.id for one in load_rule("assessment").scale("cadre").grades), 0)
    yield (
        "grade with rows without a mark",
        load_rule("assessment"),
        Grid({"s1.a1": "cadre"}),
        [{"s1.a1": {**grades, "excellent": n, "abstain": 10 - n}} for n in (0, 6, 8, 10)],
    )


def evaluations() -> list[dict[str, Any]]:
    """Return for each case its rule and shape, and boxes with their evaluations."""
    tests = []
    for name, rule, shape in _cases():
        draw = Draw(name)
        boxes = []
        for _ in range(BOXES):
            numbers = _numbers(rule, draw)
            counts = _counts(rule, shape, numbers.returned, draw)
            boxes.append(_box(rule, shape, numbers, counts))
        tests.append(_test(name, rule, shape, boxes))
    ten = Numbers(due=12, present_at_open=10, present_at_seal=10, issued=10, returned=10)
    for name, rule, shape, given in _by_hand():
        tests.append(_test(name, rule, shape, [_box(rule, shape, ten, one) for one in given]))
    return tests


def _box(rule: Rule, shape: Shape, numbers: Numbers, counts: dict[str, Any]) -> dict[str, Any]:
    made = evaluate_item(rule, shape, numbers, counts).to_json()
    del made["steps"], made["notes"]
    return {"numbers": _numbers_json(numbers), "counts": counts, "says": made}


def _test(name: str, rule: Rule, shape: Shape, boxes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "evaluate",
        "id": name,
        "rule": _bare(rule.to_json()),
        "shape": _shape_json(shape),
        "boxes": boxes,
    }


def _numbers(rule: Rule, draw: Draw) -> Numbers:
    due, recused = 5 + draw.below(9), draw.below(8) // 7
    present = due - recused - draw.below(12) // 8
    issued = present + draw.below(20) // 19
    returned = issued - draw.below(9) // 7 + draw.below(20) // 19
    groups = {
        one.id: GroupNumbers(10, 8 + draw.below(3), 8 + draw.below(3))
        for one in rule.groups
        if one.quorum is not None
    }
    return Numbers(
        due=due,
        present_at_open=present,
        present_at_seal=present - draw.below(20) // 18,
        issued=issued,
        returned=returned,
        recused=recused,
        groups=groups,
    )


def _counts(rule: Rule, shape: Shape, returned: int, draw: Draw) -> dict[str, Any]:
    ballots = [_ballot(rule, shape, draw) for _ in range(returned)]
    counts = _empty(rule, shape)
    for ballot in ballots:
        for ask, chosen in ballot.items():
            for one in chosen:
                _add(counts if ask is None else counts[ask], one)
    if not draw.below(12):  # a ballot more than there is
        _add(counts if shape is None else next(iter(counts.values())), _first(counts, shape))
    if "others" in counts or (isinstance(shape, Contest) and shape.roster):
        row = counts.get("others") or counts[""]
        row["numbers"] = {k: row["numbers"][k] for k in sorted(row["numbers"], key=int)}
        row["texts"].sort(key=lambda one: one["text"])
    return counts


def _ballot(rule: Rule, shape: Shape, draw: Draw) -> dict[str | None, list[str]]:
    """What one ballot adds, by ask; by None where there are no asks."""
    if shape is None:
        return {None: [rule.options[min(draw.below(7) // 3, len(rule.options) - 1)]]}
    if isinstance(shape, Grid):
        found = {}
        for ask, scale in shape.cells.items():
            grades = rule.scale(scale).grades
            found[ask] = [grades[draw.below(len(grades) + 3) % len(grades)].id]
        return found  # type: ignore[return-value]
    names, seats = shape.standing.names, shape.standing.seats
    if shape.roster:
        return {"": _people(shape, draw, seats)}
    if rule.kind == "nomination" or (rule.kind == "contested" and rule.ballot == "choose"):
        chosen = draw.some(names, min(seats, len(names)))
        return {"": chosen if draw.below(9) else ["blank"]}
    given: dict[str | None, list[str]] = {}
    if rule.kind == "contested" or shape.each:
        given = {name: [WORDS[draw.below(8) // 4 + draw.below(8) // 7]] for name in names}
        against = sum(words == ["disagree"] for words in given.values())
    else:
        agreed = draw.some(names, seats) if draw.below(6) else []
        rest = [name for name in names if name not in agreed]
        given = {"for": agreed, "against": [name for name in rest if draw.below(2)]}
        against = len(given["against"])
    if shape.write_in != "none":
        most = min(against, seats - len(given.get("for", ())), 1) + draw.below(30) // 29
        given["others"] = _people(shape, draw, max(most, 0))
    return given


def _people(shape: Contest, draw: Draw, most: int) -> list[str]:
    kind = draw.below(12)
    if kind < 2 or not most:
        return ["none" if kind else "invalid"]
    listed = [str(2 + draw.below(12)) for _ in range(1 + draw.below(most))]
    if shape.write_in == "text" and not draw.below(4):
        listed[0] = "王李张"[draw.below(3)]
    return list(dict.fromkeys(listed))


def _empty(rule: Rule, shape: Shape) -> dict[str, Any]:
    if shape is None:
        return dict.fromkeys(rule.options, 0)
    if isinstance(shape, Grid):
        return {
            ask: {grade.id: 0 for grade in rule.scale(scale).grades}
            for ask, scale in shape.cells.items()
        }
    names = shape.standing.names
    if shape.roster:
        return {"": _nobody()}
    if rule.kind == "nomination" or (rule.kind == "contested" and rule.ballot == "choose"):
        return {"": dict.fromkeys(("blank", *names), 0)}
    if rule.kind == "contested" or shape.each:
        counts: dict[str, Any] = {name: dict.fromkeys(WORDS, 0) for name in names}
    else:
        counts = {side: dict.fromkeys(names, 0) for side in ("for", "against")}
    return counts if shape.write_in == "none" else {**counts, "others": _nobody()}


def _nobody() -> dict[str, Any]:
    return {"numbers": {}, "none": 0, "invalid": 0, "texts": []}


def _add(row: dict[str, Any], one: str) -> None:
    if one in row and one not in ("numbers", "texts"):
        row[one] += 1
    elif one.isdecimal():
        row["numbers"][one] = row["numbers"].get(one, 0) + 1
    else:
        found = next((text for text in row["texts"] if text["text"] == one), None)
        if found is None:
            row["texts"].append({"text": one, "votes": 1})
        else:
            found["votes"] += 1


def _first(counts: dict[str, Any], shape: Shape) -> str:
    row = counts if shape is None else next(iter(counts.values()))
    return "5" if "numbers" in row else next(iter(row))


def _numbers_json(numbers: Numbers) -> dict[str, Any]:
    return {
        "due": numbers.due,
        "presentAtOpen": numbers.present_at_open,
        "presentAtSeal": numbers.present_at_seal,
        "issued": numbers.issued,
        "returned": numbers.returned,
        "recused": numbers.recused,
        "groups": {
            name: {
                "due": one.due,
                "presentAtOpen": one.present_at_open,
                "presentAtSeal": one.present_at_seal,
            }
            for name, one in numbers.groups.items()
        },
    }


def _shape_json(shape: Shape) -> dict[str, Any] | None:
    if isinstance(shape, Contest):
        standing = shape.standing.to_json()
        return {"standing": standing, "writeIn": shape.write_in, "roster": shape.roster}
    return None if shape is None else {"cells": dict(shape.cells)}


def _bare(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule with short sources and without choices: the file would hold little else."""
    source = {"text": "x", "certainty": "design"}
    return {
        key: {"value": part["value"], "source": source}
        if isinstance(part, dict) and "value" in part
        else part
        for key, part in rule.items()
    }
