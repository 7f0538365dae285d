"""Rates, indexes and weighted scores: for printing. Nothing is ever decided by them.

All exact until the last digit, which is rounded half up: 94.825 prints as 94.83. A printed
30% may stand for 20 of 67 or for 60 of 199; thresholds are tested by integers, never by this.
"""

from __future__ import annotations

from fractions import Fraction as Rational
from typing import TYPE_CHECKING

from voting.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping


def rounded(value: Rational, places: int = 2) -> str:
    """Return a number that is not negative with ``places`` decimals, half rounded up."""
    scale = 10**places
    units = (2 * scale * value.numerator + value.denominator) // (2 * value.denominator)
    head, tail = divmod(units, scale)
    return f"{head}.{tail:0{places}d}" if places else str(head)


def hundredths(count: int, base: int) -> int:
    """Return ``count`` of ``base`` in hundredths of a percent, half rounded up.

    Raises InputError ``empty-base``.
    """
    share = _share(count, base)
    return (20_000 * share.numerator + share.denominator) // (2 * share.denominator)


def rate(count: int, base: int, places: int = 2) -> str:
    """Return ``count`` of ``base`` in percent; ``InputError("empty-base")`` for no base."""
    return rounded(100 * _share(count, base), places)


def index(weights: Mapping[str, int], counts: Mapping[str, int]) -> tuple[str, int]:
    """Return the mean weight of all counted answers to two places, and how many there were.

    Raises:
        InputError: ``no-weight`` for a grade without one, ``empty-base``.
    """
    missing = [name for name in counts if name not in weights]
    if missing:
        raise InputError("no-weight", names=missing)
    answers = sum(counts.values())
    total = sum(weights[name] * count for name, count in counts.items())
    return rounded(_share(total, answers)), answers


def mean_hundredths(answers: Mapping[int, int]) -> int:
    """Return the mean of weights in hundredths, half rounded up; ``answers`` counts each weight.

    Raises InputError ``empty-base``.
    """
    mean = _share(sum(weight * n for weight, n in answers.items()), sum(answers.values()))
    return (200 * mean.numerator + mean.denominator) // (2 * mean.denominator)


def weighted(groups: Mapping[str, tuple[Rational, int, int]]) -> str:
    """Return the sum of weight x votes / valid over the groups, in percent to two places."""
    shares = (weight * _share(votes, valid) for weight, votes, valid in groups.values())
    return rounded(100 * sum(shares, Rational(0)))


def threshold(count: int, base: int, numerator: int, denominator: int, op: str) -> bool:
    """Compare ``count``/``base`` with a fraction by ``>``, ``>=``, ``<`` or ``<=``, in integers."""
    if base < 1 or denominator < 1:
        raise InputError("empty-base")
    left, right = count * denominator, numerator * base
    match op:
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
    raise ValueError(op)


def _share(count: int, base: int) -> Rational:
    if base < 1:
        raise InputError("empty-base")
    return Rational(count, base)
