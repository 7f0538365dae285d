"""民主测评, 一报告两评议, 满意度: grades in every cell of a grid. It decides nothing.

A cell has a count for each grade of its scale, the share of each, the share of the favourable
grades (满意率) and, where grades have weights, their mean as an index. 不了解 stays in the base of
the shares or is taken out, as the rule says, and is in no index. A cell without a mark on paper is
弃权 (`abstain`): a valid entry, hence in the base, and in no grade. A flag is a share that asks for
review (提请复核): the organisation judges, the program never acts.

Specified in docs/spec/rules.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.errors import InputError
from voting.rules.confirmation import conditions
from voting.rules.evaluation import Evaluation
from voting.rules.nomination import rate_base
from voting.rules.rates import hundredths, mean_hundredths, threshold
from voting.rules.reconcile import INVALID, figures_of, note_unreturned, number
from voting.rules.shapes import Cell
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.reconcile import Figures
    from voting.rules.rule import Rule
    from voting.rules.shapes import Counts, Grid, Numbers
    from voting.rules.values import Flag, Scale


ABSTAIN: Final = "abstain"
"""A cell of a paper ballot without a mark, where `blank-entry` says so; a kiosk leaves none."""


def evaluate_assessment(rule: Rule, grid: Grid, numbers: Numbers, counts: Counts) -> Evaluation:
    """Say what the grades of a box come to, cell by cell. Errors: as ``evaluate_item``."""
    rows = _rows(rule, grid, counts)
    figures = figures_of(numbers, asks=rows)
    steps, decision, reason = conditions(rule, figures)
    cells: tuple[Cell, ...] = ()
    notes = note_unreturned(figures)
    if decision is None:
        steps.append(_reconciled(rows, numbers.returned))
        if steps[-1].met:
            read = [
                _cell(rule, figures, ask, rule.scale(grid.cells[ask]), rows[ask]) for ask in rows
            ]
            cells = tuple(cell for cell, _ in read)
            notes.extend(note for _, raised in read for note in raised)
            recorded = {"cells": len(cells), "flags": sum(len(cell.flags) for cell in cells)}
            steps.append(
                Step(message="assessment.recorded", numbers=recorded, base=rule.rate_base, met=True)
            )
            decision = "recorded"
        else:
            decision, reason = "uncertified", "counts-do-not-add-up"
    return Evaluation(
        rule=rule.id,
        decision=decision,
        reason=reason,
        opened=True,
        figures=figures,
        steps=tuple(steps),
        notes=tuple(notes),
        cells=cells,
    )


def _rows(rule: Rule, grid: Grid, counts: Counts) -> dict[str, dict[str, int]]:
    unknown = [ask for ask in counts if ask not in grid.cells]
    if unknown:
        raise InputError("unknown-option", options=unknown)
    rows = {}
    for ask, scale_id in grid.cells.items():
        given = counts.get(ask, {})
        names = [grade.id for grade in rule.scale(scale_id).grades]
        apart = [name for name in (ABSTAIN, INVALID) if name not in names]
        unknown = [name for name in given if name not in (*names, *apart)]
        if unknown:
            raise InputError("unknown-option", options=unknown)
        kept = [*names, *(name for name in apart if name in given)]
        rows[ask] = {name: number(given.get(name, 0)) for name in kept}
    return rows


def _reconciled(rows: Mapping[str, Mapping[str, int]], returned: int) -> Step:
    for ask, row in rows.items():
        if (entries := sum(row.values())) != returned:
            return Step(
                message="reconcile.ask-does-not-add-up",
                numbers={"entries": entries, "returned": returned},
                base="returned",
                met=False,
                of=ask,
            )
    numbers = {"asks": len(rows), "returned": returned}
    return Step(message="reconcile.asks", numbers=numbers, base="returned", met=True)


def _cell(
    rule: Rule, figures: Figures, ask: str, scale: Scale, row: Mapping[str, int]
) -> tuple[Cell, list[Step]]:
    unknown = sum(row[grade.id] for grade in scale.grades if grade.unknown)
    valid = sum(row.values()) - row.get(INVALID, 0)
    base = rate_base(rule.rate_base, figures, valid)
    dropped = rule.unknown_base == "dropped"
    if dropped:
        base -= unknown
    rates = {
        grade.id: None if grade.unknown and dropped else _share(row[grade.id], base)
        for grade in scale.grades
    }
    weighed = {grade.weight: 0 for grade in scale.grades if grade.weight is not None}
    for grade in scale.grades:
        if grade.weight is not None:
            weighed[grade.weight] += row[grade.id]
    answers = sum(weighed.values())
    raised = [
        note
        for flag in rule.flags
        if flag.scale == scale.id and (note := _flag(rule, flag, ask, row, base)) is not None
    ]
    cell = Cell(
        ask=ask,
        scale=scale.id,
        counts=row,
        base=base,
        rates=rates,
        favourable=_share(sum(row[name] for name in scale.favourable), base),
        index=mean_hundredths(weighed) if answers else None,
        weighed=answers,
        flags=tuple(flag for flag, _ in raised),
    )
    return cell, [note for _, note in raised]


def _flag(
    rule: Rule, flag: Flag, ask: str, row: Mapping[str, int], base: int
) -> tuple[str, Step] | None:
    count = sum(row[name] for name in flag.grades)
    if base < 1 or not threshold(count, base, flag.numerator, flag.denominator, flag.op):
        return None
    numbers = {
        "count": count,
        "base": base,
        "numerator": flag.numerator,
        "denominator": flag.denominator,
    }
    return flag.id, Step(
        message=_FLAGS[flag.op], numbers=numbers, base=rule.rate_base, met=False, of=ask
    )


def _share(count: int, base: int) -> int:
    return hundredths(count, base) if base > 0 else 0


_FLAGS = {
    ">": "flag.share.above",
    ">=": "flag.share.from",
    "<": "flag.share.below",
    "<=": "flag.share.up-to",
}
