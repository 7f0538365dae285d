"""The counts of a contest, read strictly and held against the ballots that were returned.

Each reader takes ``{ask: {answer: n}}`` as opened and returns what was counted of each name, with
the checks that must hold of totals alone: nobody has more votes than there are ballots, and all
votes together are no more than the ballots could hold. What no total can show (that one ballot
wrote in a name without a 不赞成) stands in the limitations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.errors import InputError
from voting.rules.reconcile import INVALID, number
from voting.rules.shapes import OUTSIDE
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.rules.shapes import Counts

BLANK = "blank"
CHOSEN = ""
FOR, AGAINST, OTHERS = "for", "against", "others"
WORDS = ("agree", "disagree", "abstain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a box said of a contest.

    Attributes:
        asks: The counts, complete and in the order of the paper, as results hold them.
        names: By name, its counts by option; of a roster, whoever was named, in its order.
        outside: By id, the votes of names from outside.
        valid: Ballots that are not invalid.
        steps: The checks; the last one failed when ``fits`` is false.
    """

    asks: Counts
    names: Mapping[str, Mapping[str, int]]
    outside: Mapping[str, int]
    valid: int
    steps: tuple[Step, ...]

    @property
    def fits(self) -> bool:
        """Whether the counts belong to the ballots."""
        return self.steps[-1].met


def read_chosen(counts: Counts, names: Sequence[str], most: int, returned: int) -> Counted:
    """Read one ask of names to choose from: at least one and at most ``most``, or blank."""
    _only(counts, (CHOSEN,))
    given = counts.get(CHOSEN, {})
    _only(given, (BLANK, *names, INVALID))
    row = {name: number(given.get(name, 0)) for name in (BLANK, *names)}
    if INVALID in given:
        row[INVALID] = number(given[INVALID])
    valid = returned - row.get(INVALID, 0)
    votes = {name: row[name] for name in names}
    step = _choices(sum(votes.values()), max(votes.values(), default=0), valid - row[BLANK], most)
    return Counted(
        asks={CHOSEN: row},
        names={name: {"agree": votes[name]} for name in names},
        outside={},
        valid=valid,
        steps=(step,),
    )


def read_roster(counts: Counts, most: int, returned: int) -> Counted:
    """Read one ask of roster numbers (and of texts, where the rule has them)."""
    _only(counts, (CHOSEN,))
    row, votes = _numbers(counts.get(CHOSEN, {}))
    none, invalid = number(row["none"]), number(row[INVALID])
    valid = returned - invalid
    step = _choices(sum(votes.values()), max(votes.values(), default=0), valid - none, most)
    return Counted(
        asks={CHOSEN: row},
        names={name: {"agree": n} for name, n in votes.items()},
        outside={},
        valid=valid,
        steps=(step,),
    )


def read_words(counts: Counts, names: Sequence[str], returned: int) -> Counted:
    """Read one ask for each name, answered by one word."""
    _only(counts, (*names, OTHERS))
    asks: dict[str, Mapping[str, object]] = {}
    rows: dict[str, dict[str, int]] = {}
    for name in names:
        given = counts.get(name, {})
        _only(given, (*WORDS, INVALID))
        kept = WORDS if INVALID not in given else (*WORDS, INVALID)
        rows[name] = {word: number(given.get(word, 0)) for word in kept}
        asks[name] = rows[name]
    wrong = [name for name in names if sum(rows[name].values()) != returned]
    if wrong:
        entries = sum(rows[wrong[0]].values())
        return _counted(asks, rows, {}, returned, [_unequal(wrong[0], entries, returned)])
    numbers = {"asks": len(rows), "returned": returned}
    steps = [Step(message="reconcile.asks", numbers=numbers, base="returned", met=True)]
    outside = _outside(counts, asks)
    if OTHERS in counts:
        steps.extend(_too_many(asks[OTHERS], outside, returned))
    if OTHERS in counts and steps[-1].met:
        against = sum(row["disagree"] for row in rows.values())
        steps.append(_written(sum(outside.values()), against))
    return _counted(asks, rows, outside, returned, steps)


def read_for_against(counts: Counts, names: Sequence[str], seats: int, returned: int) -> Counted:
    """Read an election of more names than seats: 赞成 of some, 不赞成 of some.

    Who is in neither abstained: that number must not be negative.
    """
    _only(counts, (FOR, AGAINST, OTHERS))
    sides = []
    for side in (FOR, AGAINST):
        given = counts.get(side, {})
        _only(given, names)
        sides.append({name: number(given.get(name, 0)) for name in names})
    agree, disagree = sides
    asks: dict[str, Mapping[str, object]] = {FOR: agree, AGAINST: disagree}
    rows = {
        name: {
            "agree": agree[name],
            "disagree": disagree[name],
            "abstain": returned - agree[name] - disagree[name],
        }
        for name in names
    }
    wrong = [name for name in names if rows[name]["abstain"] < 0]
    if wrong:
        row = rows[wrong[0]]
        entries = row["agree"] + row["disagree"]
        del row["abstain"]
        return _counted(asks, rows, {}, returned, [_unequal(wrong[0], entries, returned)])
    outside = _outside(counts, asks)
    marked = sum(agree.values()) + sum(outside.values())
    steps = [_held(marked, seats, returned)]
    if OTHERS in counts and steps[-1].met:
        steps.extend(_too_many(asks[OTHERS], outside, returned))
    if OTHERS in counts and steps[-1].met:
        steps.append(_written(sum(outside.values()), sum(disagree.values())))
    return _counted(asks, rows, outside, returned, steps)


def _counted(
    asks: Counts,
    rows: Mapping[str, Mapping[str, int]],
    outside: Mapping[str, int],
    returned: int,
    steps: list[Step],
) -> Counted:
    return Counted(asks=asks, names=rows, outside=outside, valid=returned, steps=tuple(steps))


def _outside(counts: Counts, asks: dict[str, Mapping[str, object]]) -> dict[str, int]:
    if OTHERS not in counts:
        return {}
    asks[OTHERS], votes = _numbers(counts[OTHERS])
    return {f"{OUTSIDE}{name}": n for name, n in votes.items()}


def _numbers(given: Mapping[str, object]) -> tuple[dict[str, object], dict[str, int]]:
    """Return the ask as results hold it, and the votes by roster number, then by text."""
    _only(given, ("numbers", "none", INVALID, "texts"))
    numbers, texts = given.get("numbers", {}), given.get("texts", [])
    if not isinstance(numbers, dict) or not isinstance(texts, list):
        raise InputError("unknown-option", options=["numbers", "texts"])
    if not all(name.isdecimal() and name == str(int(name)) for name in numbers):
        raise InputError("unknown-option", options=sorted(numbers))
    ordered = {name: number(numbers[name]) for name in sorted(numbers, key=int)}
    votes = {name: n for name, n in ordered.items() if n}
    rows: list[object] = []
    for one in texts:
        if not isinstance(one, dict) or sorted(one) != ["text", "votes"]:
            raise InputError("unknown-option", options=["texts"])
        rows.append({"text": str(one["text"]), "votes": number(one["votes"])})
        if str(one["text"]) in votes:
            raise InputError("unknown-option", options=["texts"])
        votes[str(one["text"])] = number(one["votes"])
    none, invalid = number(given.get("none", 0)), number(given.get(INVALID, 0))
    row = {"numbers": ordered, "none": none, INVALID: invalid, "texts": rows}
    return row, votes


def _choices(chosen: int, top: int, ballots: int, most: int) -> Step:
    """Hold the names that were chosen against the ballots that chose: one to ``most`` on each."""
    fits = 0 <= ballots <= chosen <= most * ballots and top <= ballots
    return Step(
        message="reconcile.choices" if fits else "reconcile.choices-do-not-fit",
        numbers={"chosen": chosen, "ballots": max(ballots, 0), "most": most, "top": top},
        base="returned",
        met=fits,
    )


def _held(marked: int, seats: int, returned: int) -> Step:
    fits = marked <= seats * returned
    return Step(
        message="reconcile.seats" if fits else "reconcile.seats-exceeded",
        numbers={"marked": marked, "seats": seats, "returned": returned},
        base="returned",
        met=fits,
    )


def _too_many(row: Mapping[str, object], outside: Mapping[str, int], returned: int) -> list[Step]:
    """Return the failing step of names from outside that need more ballots than were returned.

    A ballot names nobody, or is invalid, or names somebody at most once.
    """
    none, invalid = number(row["none"]), number(row[INVALID])
    top = max(outside.values(), default=0)
    if top + none + invalid <= returned:
        return []
    numbers = {"top": top, "none": none, "invalid": invalid, "returned": returned}
    return [Step(message="reconcile.outside-exceed", numbers=numbers, base="returned", met=False)]


def _written(written: int, against: int) -> Step:
    """另选他人 is only for who said 不赞成, so that in total it can not be more."""
    fits = written <= against
    return Step(
        message="reconcile.write-ins" if fits else "reconcile.write-ins-exceed",
        numbers={"written": written, "disagree": against},
        base="returned",
        met=fits,
    )


def _unequal(name: str, entries: int, returned: int) -> Step:
    return Step(
        message="reconcile.ask-does-not-add-up",
        numbers={"entries": entries, "returned": returned},
        base="returned",
        met=False,
        of=name,
    )


def _only(given: Mapping[str, object], names: Sequence[str]) -> None:
    unknown = [name for name in given if name not in names]
    if unknown:
        raise InputError("unknown-option", options=unknown)
