"""An assessment on the forms: every cell with its counts and shares, 班子 and 干部 apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.meeting.contests import Grid
from voting.meeting.questions import called_of
from voting.rules.step import rate_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.report.data import CellData, GridData, ScaleData
    from voting.meeting.contests import Subject
    from voting.meeting.frozen import Meeting
    from voting.rules.evaluation import Evaluation
    from voting.rules.shapes import Cell
    from voting.rules.values import Scale


def grid_data(meeting: Meeting, item: str, evaluation: Evaluation | None) -> GridData:
    """Return an assessment as the forms print it."""
    rule, lang = meeting.rule_of(item), meeting.language
    contest = meeting.items[item].contest
    assert isinstance(contest, Grid)
    cells = {one.ask: one for one in (evaluation.cells or ())} if evaluation is not None else {}
    used = {one.scale for one in contest.subjects}
    flagged = [] if evaluation is None else [note for note in evaluation.notes if note.of]
    called = {} if evaluation is None else called_of(meeting, item, evaluation)
    return {
        "scales": [
            _scale(meeting, scale, contest, cells) for scale in rule.scales if scale.id in used
        ],
        "flags": [note.text(lang, called) for note in flagged],
    }


def _scale(meeting: Meeting, scale: Scale, grid: Grid, cells: Mapping[str, Cell]) -> ScaleData:
    lang = meeting.language
    subjects = [(n, one) for n, one in enumerate(grid.subjects, 1) if one.scale == scale.id]
    return {
        "title": scale.title[lang],
        "grades": [grade.title[lang] for grade in scale.grades],
        "indexed": any(grade.weight is not None for grade in scale.grades),
        "subjects": [
            {
                "n": n,
                "name": one.name,
                "current": one.current,
                "cells": _cells(scale, grid, one, cells),
            }
            for n, one in subjects
        ],
    }


def _cells(scale: Scale, grid: Grid, subject: Subject, cells: Mapping[str, Cell]) -> list[CellData]:
    rows: list[CellData] = []
    for aspect in grid.aspects:
        cell = cells.get(f"{subject.id}.{aspect.id}")
        if cell is None:
            empty: list[int | None] = [None] * len(scale.grades)
            rows.append(
                {
                    "aspect": aspect.title,
                    "counts": empty,
                    "rates": [""] * len(empty),
                    "base": None,
                    "favourable": "",
                    "index": "",
                    "flagged": False,
                }
            )
            continue
        rates = [cell.rates[grade.id] for grade in scale.grades]
        rows.append(
            {
                "aspect": aspect.title,
                "counts": [cell.counts[grade.id] for grade in scale.grades],
                "rates": ["" if rate is None else rate_text(rate) for rate in rates],
                "base": cell.base,
                "favourable": rate_text(cell.favourable),
                "index": "" if cell.index is None else hundredths_text(cell.index),
                "flagged": bool(cell.flags),
            }
        )
    return rows


def hundredths_text(value: int) -> str:
    """Return hundredths as people read them: 84.25."""
    whole, part = divmod(value, 100)
    return f"{whole}.{part:02d}"
