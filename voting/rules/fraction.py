"""A share of a whole, tested by integers alone: no float, no rounded percentage.

“三分之二以上” includes the two thirds themselves and “超过三分之二” does not, so every fraction
says which of the two it is. Due 30 and present 20 split them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fraction:
    """``numerator``/``denominator`` of a base: above none of it, and never more than all."""

    numerator: int
    denominator: int
    inclusive: bool

    def __post_init__(self) -> None:
        if not 0 < self.numerator < self.denominator + self.inclusive:
            raise ValueError(f"{self.numerator}/{self.denominator} is not a share of a whole")

    def met(self, count: int, base: int) -> bool:
        """Return whether ``count`` of ``base`` reaches the fraction."""
        have, want = self.denominator * count, self.numerator * base
        return have >= want if self.inclusive else have > want

    def needed(self, base: int) -> int:
        """Return the smallest count that meets it."""
        if self.inclusive:
            return -(-self.numerator * base // self.denominator)
        return self.numerator * base // self.denominator + 1
