"""Sentences as data: an id of the catalogue and what fills it, for a page to say.

The server sends no sentence. A *said* is ``{"word", "params"}``; a param is a text, a number, a
said, or a list of these. The page says it in its reader's language, as ``voting.words.say`` would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.words import LANGS, Word, catalogue, explain, placeholders

if TYPE_CHECKING:
    from voting.errors import PiaojueError
    from voting.rules.fraction import Fraction
    from voting.rules.step import Step

Said = dict[str, object]


def said(word: str, /, **params: object) -> Said:
    """Return a sentence as data."""
    return {"word": word, "params": {name: _plain(value) for name, value in params.items()}}


def said_error(error: PiaojueError) -> Said:
    """Return what ``voting.words.explain`` says of an error, without the place of a draft's."""
    params = {"code": error.code, **error.params}
    params.pop("place", None)
    given = frozenset(params)
    kinds = [vars(kind)["code"] for kind in type(error).__mro__ if "code" in vars(kind)]
    for code in (error.code, *kinds):
        entry = catalogue().get(f"error.{code}")
        if entry is not None and placeholders(entry[LANGS[0]]) <= given:
            return said(f"error.{code}", **params)
    raise LookupError(explain(error))


def said_step(word: str, step: Step, **params: object) -> Said:
    """Return a step of an evaluation under another sentence: its numbers, base and fraction."""
    words: dict[str, object] = {"basis": Word(f"base.{step.base}")}
    if step.fraction is not None:
        words["fraction"] = said_fraction(step.fraction)
    return said(word, **step.numbers, **words, **params)


def said_fraction(fraction: Fraction) -> Said:
    """Return 三分之二以上 or 超过三分之二 as data."""
    name = f"share.{fraction.numerator}-{fraction.denominator}"
    share = (
        said(name)
        if name in catalogue()
        else said("share.other", numerator=fraction.numerator, denominator=fraction.denominator)
    )
    return said("fraction.inclusive" if fraction.inclusive else "fraction.strict", share=share)


def _plain(value: object) -> object:
    if isinstance(value, Word):
        return said(value)
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, dict)) else str(value)
