"""Plain data (TOML, JSON) read strictly: every complaint names its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, get_args

from voting.characters import unseen
from voting.errors import DraftError
from voting.rules.fraction import Fraction
from voting.rules.values import Certainty, Source
from voting.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.words import Lang

CERTAINTIES = get_args(Certainty)
MOST: Final = 1_000_000
"""Of any number of a rule, so that every program that reads it multiplies it exactly."""


def table(
    value: object, place: str, needed: tuple[str, ...], may: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return ``value`` as a mapping that has all of ``needed`` and nothing beyond ``may``."""
    if not isinstance(value, dict):
        raise DraftError("rule-bad-value", place, allowed="table")
    for key in value:
        if key not in needed and key not in may:
            raise DraftError("rule-unknown-key", f"{place}.{key}")
    for key in needed:
        if key not in value:
            raise DraftError("rule-missing-key", f"{place}.{key}")
    return value


def whole(value: object, place: str, least: int) -> int:
    """Return ``value`` as an integer of at least ``least``, at most ``MOST`` (``True`` is none)."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST:
        raise DraftError("rule-bad-value", place, allowed=f"{least}, {least + 1} … {MOST}")
    return value


def line(value: object, place: str) -> str:
    """Return ``value`` as one line of text that is not blank and hides no character."""
    if not isinstance(value, str) or not value.strip():
        raise DraftError("rule-bad-value", place, allowed="text")
    if unseen(value) is not None:
        raise DraftError("rule-bad-value", place, allowed="text")
    return value


def both(value: object, place: str) -> dict[Lang, str]:
    """Return a sentence in both languages."""
    sentences = table(value, place, LANGS)
    return {lang: line(sentences[lang], f"{place}.{lang}") for lang in LANGS}


def fraction(value: Mapping[str, object], place: str) -> Fraction:
    """Return the fraction of a table that has its three keys."""
    numerator = whole(value["numerator"], f"{place}.numerator", 1)
    if value["denominator"] == 0 and type(value["denominator"]) is int:
        raise DraftError("rule-zero-denominator", f"{place}.denominator")
    denominator = whole(value["denominator"], f"{place}.denominator", 1)
    inclusive = value["inclusive"]
    if not isinstance(inclusive, bool):
        raise DraftError("rule-bad-value", f"{place}.inclusive", allowed=["true", "false"])
    if numerator > denominator or (numerator == denominator and not inclusive):
        raise DraftError("rule-fraction-above-one", f"{place}.numerator")
    return Fraction(numerator, denominator, inclusive)


def one_of(value: object, place: str, *allowed: str) -> str:
    """Return ``value`` as one of the words that are allowed there."""
    if not isinstance(value, str) or value not in allowed:
        raise DraftError("rule-bad-value", place, allowed=list(allowed))
    return value


def parse_source(data: object, place: str) -> Source:
    if isinstance(data, dict) and "certainty" not in data:
        raise DraftError("rule-source-without-certainty", place, allowed=list(CERTAINTIES))
    source = table(data, place, ("text", "certainty"))
    certainty = one_of(source["certainty"], f"{place}.certainty", *CERTAINTIES)
    return Source(line(source["text"], f"{place}.text"), cast("Any", certainty))
