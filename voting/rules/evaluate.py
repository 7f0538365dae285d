"""What a frozen rule says of one item: the one door to the evaluators of all kinds."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, cast

from voting.errors import InputError
from voting.rules.confirmation import evaluate_confirmation, evaluate_under_floor
from voting.rules.recommendation import (
    evaluate_recommendation,
    evaluate_recommendation_under_floor,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    plain = {
        field.name: getattr(numbers, field.name)
        for field in dataclasses.fields(numbers)
        if field.name != "groups"
    }
    decides = rule.kind == "confirmation"
    if shape is not None:
        raise InputError("shape-not-of-the-rule", rule=rule.id)
    if counts is None:
        shut = evaluate_under_floor if decides else evaluate_recommendation_under_floor
        return shut(rule, **plain, floor=floor)
    evaluate = evaluate_confirmation if decides else evaluate_recommendation
    return evaluate(rule, **plain, counts=cast("Mapping[str, int]", counts))
