"""差额: more names than seats. A majority of the base first, and then the rank among those.

A name needs more than half of the base (due, or present under old election rules) and a place
within the seats. A tie at the last seat elects nobody there: the tied are voted on again. Seats
that nobody won go to a next round with the best of the rest, one name more than open seats
unless the rule gives a number; a tie at that cut takes all of them along. No lot is drawn.

Here is the arithmetic of one round, as worked examples use it. Rules for meetings that hold
contests are not in the book yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.errors import InputError
from voting.rules.fraction import Fraction

if TYPE_CHECKING:
    from collections.abc import Mapping

MAJORITY = Fraction(1, 2, inclusive=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a round came out; every tuple is in the order of names, which tells no votes.

    Attributes:
        elected: Within the seats beyond doubt.
        tied: Equal at the last seat, to be voted on again.
        open_seats: Seats that the round left.
        next_round: Names of a next round, when no tie is to be voted on first.
    """

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    open_seats: int
    next_round: tuple[str, ...]


def rank(
    votes: Mapping[str, int], *, base: int, seats: int, next_round_size: int | None = None
) -> Standing:
    """Return the standing of a round that was valid.

    Raises:
        InputError: ``negative-number``; ``empty-base``.
    """
    if base < 1 or seats < 1:
        raise InputError("empty-base")
    if any(count < 0 for count in votes.values()):
        raise InputError("negative-number", counts=list(votes.values()))
    passing = {name: count for name, count in votes.items() if MAJORITY.met(count, base)}
    within = _best(passing, seats)
    tied: set[str] = set()
    if len(within) > seats:
        cut = min(passing[name] for name in within)
        tied = {name for name in within if passing[name] == cut}
    elected = within - tied
    open_seats = seats - len(elected)
    following: set[str] = set()
    if open_seats and not tied:
        rest = {name: count for name, count in votes.items() if name not in elected}
        following = _best(rest, open_seats + 1 if next_round_size is None else next_round_size)
    return Standing(
        tuple(sorted(elected)), tuple(sorted(tied)), open_seats, tuple(sorted(following))
    )


def _best(votes: Mapping[str, int], size: int) -> set[str]:
    """Return the names with the most votes, and all of those that tie at the cut."""
    if size < 1 or not votes:
        return set()
    counts = sorted(votes.values(), reverse=True)
    cut = counts[min(size, len(counts)) - 1]
    return {name for name, count in votes.items() if count >= cut}
