"""A voter's marks, a ballot's choices, a round's counts: one order, three forms.

A mark is one option for one item. Every item of the round has exactly one; an item without a
mark can not be sealed, and nothing here turns silence into an abstention.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.errors import InputError
from voting.rules.confirmation import Evaluation, evaluate_confirmation, evaluate_under_floor
from voting.rules.recommendation import (
    evaluate_recommendation,
    evaluate_recommendation_under_floor,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round

Marks = dict[str, str]
"""Option id by item id, as ``{"i1": "agree"}``. Never logged, never stored."""


def choices_of(meeting: Meeting, items: Sequence[str], marks: Mapping[str, str]) -> list[list[int]]:
    """Return the choices that a ballot seals: for each item 1 at its option, 0 elsewhere.

    Raises:
        InputError: ``items-unmarked`` with ``items``; ``unknown-mark`` for an item or option
            that the paper does not have. Neither tells an option.
    """
    missing = [item for item in items if item not in marks]
    if missing:
        raise InputError("items-unmarked", items=missing)
    choices = []
    for item in items:
        options = meeting.rule_of(item).options
        if marks[item] not in options:
            raise InputError("unknown-mark", item=item)
        choices.append([int(option == marks[item]) for option in options])
    foreign = [item for item in marks if item not in items]
    if foreign:
        raise InputError("unknown-mark", item=foreign[0])
    return choices


def marks_of(meeting: Meeting, items: Sequence[str], choices: Sequence[Sequence[int]]) -> Marks:
    """Return the marks of an opened ballot: the inverse of ``choices_of``.

    Raises InputError ``unknown-mark`` when an item has not exactly one option.
    """
    if len(choices) != len(items):
        raise InputError("unknown-mark", item=items[-1])
    marks: Marks = {}
    for item, row in zip(items, choices, strict=True):
        options = meeting.rule_of(item).options
        if len(row) != len(options) or sorted(row) != [0] * (len(options) - 1) + [1]:
            raise InputError("unknown-mark", item=item)
        marks[item] = options[list(row).index(1)]
    return marks


def counts_of(
    meeting: Meeting, items: Sequence[str], totals: Sequence[Sequence[int]]
) -> dict[str, dict[str, int]]:
    """Return the opened totals of a round by item and option, in their orders.

    Args:
        totals: Belenios' result: for each question one number per answer.
    """
    return {
        item: dict(zip(meeting.rule_of(item).options, row, strict=True))
        for item, row in zip(items, totals, strict=True)
    }


def evaluate_round(
    meeting: Meeting, one: Round, counts: Mapping[str, Mapping[str, int]] | None
) -> dict[str, Evaluation]:
    """Return what the frozen rule says of every item of a sealed or counted round.

    Args:
        counts: By item, as ``counts_of``; None for a round that ended under the floor.
    """
    assert one.present_at_seal is not None
    assert one.returned is not None
    rule = meeting.rules[one.rule]
    evaluate, evaluate_shut = _EVALUATE[rule.kind]
    evaluations = {}
    for item in one.items:
        figures = {
            "due": one.due,
            "present_at_open": one.present_at_open,
            "present_at_seal": one.present_at_seal,
            "issued": one.issued,
            "returned": one.returned,
            "recused": one.recused[item],
        }
        if counts is None:
            floor = meeting.floor_under(rule)
            evaluations[item] = evaluate_shut(rule, **figures, floor=floor)
        else:
            evaluations[item] = evaluate(rule, **figures, counts=counts[item])
    return evaluations


_EVALUATE: Final = {
    "confirmation": (evaluate_confirmation, evaluate_under_floor),
    "recommendation": (evaluate_recommendation, evaluate_recommendation_under_floor),
}
