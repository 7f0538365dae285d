"""One step of an evaluation: what was compared, by which numbers, and how it came out.

A step holds ids and integers only. It is stored in ``result.json`` as it is, and the sentence
that people read is made from it, in either language, by :meth:`Step.text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from voting.words import Word, catalogue, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.fraction import Fraction
    from voting.words import Lang

StepBase = Literal["due", "due-less-recused", "present", "issued", "returned", "valid", "seats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``message`` is an id of the catalogue; ``numbers`` are the integers that it names.

    Attributes:
        base: The name of the number that a fraction was taken of, or that bounded the count.
        fraction: The fraction compared with, if one was.
        met: Whether the step holds; for a note, whether there is nothing to remark.
        words: Further ids for the sentence, as a decision's.
        of: Whom or what of the item it is about: a name, a cell, a group.
    """

    message: str
    numbers: Mapping[str, int]
    base: StepBase
    met: bool
    fraction: Fraction | None = None
    words: Mapping[str, str] | None = None
    of: str | None = None

    def text(self, lang: Lang = "zh", names: Mapping[str, str] | None = None) -> str:
        """Return the sentence for people; ``names`` says what the ids of ``of`` are called."""
        params: dict[str, object] = {**self.numbers, "basis": Word(f"base.{self.base}")}
        if self.of is not None:
            params["of"] = (names or {}).get(self.of, self.of)
        if self.fraction is not None:
            params["fraction"] = fraction_text(self.fraction, lang)
        if "rate" in self.numbers:  # in hundredths of a percent, so that no float is stored
            params["rate"] = rate_text(self.numbers["rate"])
        for name, word in (self.words or {}).items():
            params[name] = Word(word)
        return say(self.message, lang, **params)

    def to_json(self) -> dict[str, object]:
        """Return the step as ``result.json`` holds it, keys in this order."""
        data: dict[str, object] = {
            "message": self.message,
            "numbers": dict(self.numbers),
            "base": self.base,
            "met": self.met,
        }
        if self.fraction is not None:
            part = self.fraction
            data["fraction"] = [part.numerator, part.denominator]
            data["inclusive"] = part.inclusive
        if self.words is not None:
            data["words"] = dict(self.words)
        if self.of is not None:
            data["of"] = self.of
        return data


def rate_text(hundredths: int) -> str:
    """Return hundredths of a percent as people read them: 33.33%."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}%"


def share_text(fraction: Fraction, lang: Lang = "zh") -> str:
    """Return 三分之二, 半数, … for the usual shares, and figures for any other."""
    name = f"share.{fraction.numerator}-{fraction.denominator}"
    if name in catalogue():
        return say(name, lang)
    numerator, denominator = fraction.numerator, fraction.denominator
    return say("share.other", lang, numerator=numerator, denominator=denominator)


def fraction_text(fraction: Fraction, lang: Lang = "zh") -> str:
    """Return 三分之二以上 or 超过三分之二."""
    name = "fraction.inclusive" if fraction.inclusive else "fraction.strict"
    return say(name, lang, share=share_text(fraction, lang))
