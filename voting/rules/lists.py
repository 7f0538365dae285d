"""Who may stand: contested means more names than seats, and ratios say how many are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import InputError, RefusedError
from voting.rules.contest import best

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.rules.rule import Rule
    from voting.rules.shapes import NameResult
    from voting.rules.values import Ratio


def check_contest(rule: Rule, names: int, seats: int) -> None:
    """Return when a contest of the rule may be drawn up with so many names for so many seats.

    Raises:
        InputError: ``not-contested`` (差额 means more names than seats), ``seats-exceed-names``.
    """
    if rule.kind == "contested" and names <= seats:
        raise InputError("not-contested", names=names, seats=seats)
    if names < seats:
        raise InputError("seats-exceed-names", names=names, seats=seats)


def check_ratio(posts: int, names: int, ratio: Ratio) -> None:
    """Return when there are as many names for the posts as a ratio asks (差额考察 2:1).

    Raises:
        RefusedError: ``ratio-not-met`` with how many are needed.
    """
    needed = listed(posts, ratio)
    if names < needed:
        raise RefusedError("ratio-not-met", posts=posts, names=names, needed=needed)


def second_list(
    names: Sequence[NameResult], seats: int, ratio: Ratio, order: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return who is on the list of a second recommendation: the best of the first by the ratio.

    All who tie at the cut are on it, nobody without a vote is, and the order tells no votes:
    that of ``order`` (as by 姓氏笔画), or of the first list.
    """
    votes = {one.id: one.votes for one in names if one.votes}
    chosen = best(votes, listed(seats, ratio))
    places = {name: i for i, name in enumerate(order)}
    kept = [one.id for one in names if one.id in chosen]
    return tuple(sorted(kept, key=lambda name: places.get(name, len(places))))


def listed(seats: int, ratio: Ratio) -> int:
    """Return how many names a ratio puts on the list for so many seats, rounded up."""
    return -(-seats * ratio.names // ratio.per)
