"""What is read out of a contest or a grid: each name with its votes, then who is chosen.

Names stand in the frozen order, never by votes; who got votes from outside comes after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.rules.shapes import OUTSIDE
from voting.rules.step import rate_text
from voting.words import listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voting.rules.evaluation import Evaluation
    from voting.rules.rule import Rule
    from voting.rules.shapes import Cell, NameResult
    from voting.words import Lang


def contest_lines(
    rule: Rule, name: str, evaluation: Evaluation, called: Mapping[str, str], lang: Lang
) -> list[str]:
    """Return the sentences for one contest; under the visibility ``outcome`` without a count."""
    assert evaluation.contest is not None
    lines = [say("announce.contest", lang, name=name, seats=evaluation.contest.seats)]
    if rule.visibility == "counts":
        lines.extend(_votes(rule, one, called, lang) for one in evaluation.names)
    if evaluation.decision == "recorded":
        return [*lines, say("announce.reference", lang)]
    elected = evaluation.elected()
    said = f"announce.elected.{rule.kind}" if elected else "announce.elected.nobody"
    lines.append(say(said, lang, names=_called(elected, called, lang)))
    return [*lines, *_rest(evaluation, called, lang)]


def cell_lines(
    rule: Rule, cells: Sequence[Cell], called: Mapping[str, str], lang: Lang
) -> list[str]:
    """Return a sentence for each cell of a grid, and that nothing is decided by them."""
    lines = []
    for cell in cells:
        titles = {grade.id: grade.title[lang] for grade in rule.scale(cell.scale).grades}
        counts = [
            say("announce.grade", lang, grade=titles[one], count=cell.counts[one]) for one in titles
        ]
        params = {
            "name": called.get(cell.ask, cell.ask),
            "grades": listed(counts, lang),
            "rate": rate_text(cell.favourable),
        }
        if cell.index is None:
            lines.append(say("announce.cell", lang, **params))
        else:
            whole, part = divmod(cell.index, 100)
            lines.append(say("announce.cell-index", lang, **params, index=f"{whole}.{part:02d}"))
    return [*lines, say("announce.reference", lang)]


def _votes(rule: Rule, one: NameResult, called: Mapping[str, str], lang: Lang) -> str:
    params: dict[str, object] = {"name": _name(one.id, called, lang), **one.counts}
    if one.rate is not None:
        return say("announce.nominated", lang, **params, rate=rate_text(one.rate))
    if one.id.startswith(OUTSIDE):
        return say("announce.written", lang, **params)
    if "abstain" not in one.counts:
        return say("announce.chosen", lang, **params)
    return say("announce.elect" if rule.kind == "election" else "announce.each", lang, **params)


def _rest(evaluation: Evaluation, called: Mapping[str, str], lang: Lang) -> list[str]:
    """Say what becomes of the seats that the round left."""
    following, left = evaluation.next, evaluation.open_seats
    if following is None:
        return [say("announce.open", lang, open=left)] if left else []
    names = _called(following.names, called, lang)
    if following.why == "tie":
        count = len(following.names)
        return [say("announce.tied", lang, names=names, count=count, open=following.seats)]
    return [say("announce.next", lang, names=names, open=following.seats, round=following.round)]


def _called(ids: Iterable[str], called: Mapping[str, str], lang: Lang) -> str:
    return listed((_name(one, called, lang) for one in ids), lang)


def _name(ident: str, called: Mapping[str, str], lang: Lang) -> str:
    name = called.get(ident, ident.removeprefix(OUTSIDE))
    return say("announce.person", lang, name=name)
