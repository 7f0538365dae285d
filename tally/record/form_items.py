"""One item of a round on the forms: what it asked, what was counted, what the rule said of it.

Every number comes from the evaluation, every name from the frozen meeting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tally.record.form_grids import grid_data
from tally.record.form_names import names_data
from tally.record.form_words import called, title_of
from voting.meeting.contests import Grid
from voting.meeting.questions import standing_of
from voting.rules.step import fraction_text, rate_text
from voting.words import Word, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tally.report.data import ItemData
    from voting.meeting.frozen import Meeting
    from voting.rules import Rule
    from voting.rules.evaluation import Evaluation
    from voting.rules.shapes import Standing
    from voting.words import Lang

SINGLE: Final = frozenset({"confirmation", "recommendation", "consultation"})
"""Kinds whose items take one mark."""


def item_data(
    meeting: Meeting,
    item: str,
    number: int,
    counts: Mapping[str, Any] | None,
    evaluation: Evaluation | None,
    *,
    standing: Standing | None = None,
    parts: Sequence[tuple[str, Evaluation]] = (),
) -> ItemData:
    """Return an item as the forms print it.

    Args:
        number: Of the item in the meeting, from 1.
        counts: As ``marks.counts_of``; None where no box was opened.
        evaluation: None for a round that is void.
        standing: Who stood, where it is not as frozen.
        parts: Of a sum, the title of each group with what it gave.
    """
    frozen, lang = meeting.items[item], meeting.language
    row = counts if counts is not None and frozen.contest is None else {}
    decision = "void" if evaluation is None else evaluation.decision
    asked = standing or standing_of(meeting, item)
    known = {} if evaluation is None else called(meeting, item, evaluation)
    return {
        "n": number,
        "name": title_of(meeting, item),
        "current": frozen.current,
        "proposed": frozen.proposed,
        "removed": frozen.removed,
        "agree": row.get("agree"),
        "disagree": row.get("disagree"),
        "abstain": row.get("abstain"),
        "defer": row.get("defer"),
        "passed": {"passed": True, "not_passed": False}.get(decision),
        "decision_text": _decided(decision, evaluation, lang),
        "base_text": "" if evaluation is None else _basis(meeting, item, evaluation, lang),
        "note": _notes(evaluation, known, lang),
        "names": None if asked is None else names_data(meeting, item, asked, evaluation, parts),
        "grid": grid_data(meeting, item, evaluation) if isinstance(frozen.contest, Grid) else None,
    }


def options_of(meeting: Meeting, rule: Rule) -> list[str]:
    """Return the words on a ballot that has one mark for an item; none of the other kinds."""
    if rule.kind not in SINGLE:
        return []
    return [meeting.word(rule, option) for option in rule.options]


def _decided(decision: str, evaluation: Evaluation | None, lang: Lang) -> str:
    """Return the decision in a word; where nothing is decided, the share."""
    if decision != "recorded" or evaluation is None:
        return say(f"decision.{decision}", lang)
    rate = evaluation.steps[-1].numbers.get("rate")
    return say("forms.recorded", lang) if rate is None else rate_text(rate)


def _favourable(rule: Rule, contest: object, lang: Lang) -> Iterator[str]:
    """Say of each scale of an assessment which grades its 满意率 counts."""
    used = {one.scale for one in contest.subjects} if isinstance(contest, Grid) else set()
    for scale in rule.scales:
        if scale.id in used:
            grades = [one.title[lang] for one in scale.grades if one.id in scale.favourable]
            yield say("forms.favourable", lang, scale=scale.title[lang], grades=grades)


def _basis(meeting: Meeting, item: str, evaluation: Evaluation, lang: Lang) -> str:
    """Return by what the item was decided: the same words for all items on one base.

    Where the counts did not decide, it is what the last step says.
    """
    rule, step = meeting.rule_of(item), evaluation.steps[-1]
    if evaluation.decision == "recorded":
        kept = rule.kind == "assessment" and any(
            grade.unknown for scale in rule.scales for grade in scale.grades
        )
        basis = f"forms.rate-basis.{rule.unknown_base}" if kept else _RATES.get(rule.kind)
        said = say(basis or "forms.rate-basis", lang, basis=Word(f"base.{step.base}"))
        return said + "".join(_favourable(rule, meeting.items[item].contest, lang))
    measured = next(
        (one for one in reversed(evaluation.steps) if one.of and one.fraction is not None), step
    )
    seats = bool(evaluation.names)
    if seats and measured.fraction is None:
        return say("forms.basis.revote", lang)
    shown = measured if seats else step
    decided = seats or evaluation.decision in ("passed", "not_passed")
    if not decided or shown.fraction is None:
        return step.text(lang)
    return say(
        f"forms.basis.{rule.kind}" if seats else "forms.basis",
        lang,
        basis=Word(f"base.{shown.base}"),
        fraction=fraction_text(shown.fraction, lang),
        base=shown.numbers["base"],
        needed=shown.numbers["needed"],
    )


_RATES: Final = {"consultation": "forms.rate-basis.consultation"}


def _notes(evaluation: Evaluation | None, known: Mapping[str, str], lang: Lang) -> str:
    """Return what the reader should know beside; the flags of a grid stand with the grid."""
    if evaluation is None:
        return ""
    notes = [note for note in evaluation.notes if evaluation.cells is None or note.of is None]
    return " ".join(note.text(lang, known) for note in notes)
