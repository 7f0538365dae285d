"""What a frozen rule says of one item: the one door to the evaluators of all kinds."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import NoneType
from typing import TYPE_CHECKING, Final, cast

from voting.errors import InputError
from voting.rules.assessment import evaluate_assessment
from voting.rules.confirmation import evaluate_confirmation, evaluate_under_floor
from voting.rules.consultation import evaluate_consultation
from voting.rules.nomination import evaluate_nomination
from voting.rules.recommendation import (
    evaluate_recommendation,
    evaluate_recommendation_under_floor,
)
from voting.rules.reconcile import check_whole
from voting.rules.seats import evaluate_contest, evaluate_contest_under_floor
from voting.rules.shapes import Contest, Grid

if TYPE_CHECKING:
    from voting.rules.evaluation import Evaluation
    from voting.rules.rule import Rule
    from voting.rules.shapes import Counts, Numbers, Shape


def evaluate_item(
    rule: Rule,
    shape: Shape,
    numbers: Numbers,
    counts: Mapping[str, int] | Counts | None,
    *,
    floor: int = 1,
) -> Evaluation:
    """Decide or record one item of a sealed round.

    Args:
        shape: None for a kind of one mark (confirmation, recommendation, consultation), a
            ``Contest`` as *this* round asked it, or a ``Grid``.
        counts: As opened: ``{option: n}`` for a kind of one mark, ``{ask: {answer: n}}`` for the
            others (``voting.rules.shapes``); None for a box under ``floor``, which stays shut.

    Raises:
        InputError: numbers or counts that no round can have: ``empty-roll``, ``negative-number``,
            ``present-exceeds-due``, ``unknown-option``, ``group-numbers-missing``,
            ``shape-not-of-the-rule``.
        RefusedError: ``not-under-floor``.
    """
    _check_shape(rule, shape, counts)
    check_whole(numbers)
    match rule.kind, shape:
        case (("contested" | "election"), Contest()):
            if counts is None:
                return evaluate_contest_under_floor(rule, shape, numbers, floor)
            return evaluate_contest(rule, shape, numbers, cast("Counts", counts))
        case "nomination", Contest() if counts is not None:
            return evaluate_nomination(rule, shape, numbers, cast("Counts", counts))
        case "assessment", Grid() if counts is not None:
            return evaluate_assessment(rule, shape, numbers, cast("Counts", counts))
        case "consultation", None if counts is not None:
            return evaluate_consultation(rule, numbers, cast("Mapping[str, int]", counts))
    return _of_one_mark(rule, shape, numbers, cast("Mapping[str, int] | None", counts), floor)


def _of_one_mark(
    rule: Rule, shape: Shape, numbers: Numbers, counts: Mapping[str, int] | None, floor: int
) -> Evaluation:
    """Decide a kind of one mark; and any kind that decides nothing, of a box that stays shut."""
    plain = {
        field.name: getattr(numbers, field.name)
        for field in dataclasses.fields(numbers)
        if field.name != "groups"
    }
    decides = rule.kind == "confirmation"
    if counts is None:
        shut = evaluate_under_floor if decides else evaluate_recommendation_under_floor
        result = shut(rule, **plain, floor=floor)
        if isinstance(shape, Contest):
            standing = shape.standing
            return dataclasses.replace(result, contest=standing, open_seats=standing.seats)
        return dataclasses.replace(result, cells=()) if isinstance(shape, Grid) else result
    evaluate = evaluate_confirmation if decides else evaluate_recommendation
    return evaluate(rule, **plain, counts=counts)


def _check_shape(rule: Rule, shape: Shape, counts: object) -> None:
    wanted = _SHAPES[rule.kind]
    fits = isinstance(shape, wanted) and (
        not isinstance(shape, Contest) or not shape.roster or rule.kind == "nomination"
    )
    if isinstance(counts, Mapping):
        fits = fits and (shape is None or all(isinstance(row, Mapping) for row in counts.values()))
    elif counts is not None:
        fits = False
    if not fits:
        raise InputError("shape-not-of-the-rule", rule=rule.id)


_SHAPES: Final[dict[str, type | tuple[()]]] = {
    "confirmation": NoneType,
    "recommendation": NoneType,
    "consultation": NoneType,
    "contested": Contest,
    "nomination": Contest,
    "election": Contest,
    "assessment": Grid,
    "named": (),
}
