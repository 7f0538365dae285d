"""闭会征求意见: 同意, 不同意 or 弃权 of members between plenums. It appoints nobody.

The standing committee decides afterwards by its own vote; this only records what was said. Where
the share of 不同意 is what the rule calls an objection, a flag remarks it, and whoever is
responsible decides whether the item goes on (blocking shares are local rules).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.rules.confirmation import base_of, conditions
from voting.rules.evaluation import Evaluation
from voting.rules.nomination import rate_base
from voting.rules.rates import hundredths
from voting.rules.reconcile import (
    INVALID,
    figures_of,
    named_counts,
    note_unreturned,
    reconcile_counts,
)
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.reconcile import Figures
    from voting.rules.rule import Rule
    from voting.rules.shapes import Numbers


def evaluate_consultation(rule: Rule, numbers: Numbers, counts: Mapping[str, int]) -> Evaluation:
    """Say what was answered of one item. Errors: as ``evaluate_item``."""
    figures = figures_of(numbers, counts=named_counts(rule, counts))
    steps, decision, reason = conditions(rule, figures)
    notes = note_unreturned(figures)
    if decision is None:
        step, fault = reconcile_counts(figures)
        steps.append(step)
        if fault is None:
            decision = "recorded"
            steps.append(_rate(rule, figures))
            notes.extend(_objection(rule, figures))
        else:
            decision, reason = "uncertified", fault
    return Evaluation(
        rule=rule.id,
        decision=decision,
        reason=reason,
        opened=True,
        figures=figures,
        steps=tuple(steps),
        notes=tuple(notes),
    )


def _rate(rule: Rule, figures: Figures) -> Step:
    base = rate_base(rule.rate_base, figures, figures.entries - figures.counts[INVALID])
    agree, disagree = figures.counts["agree"], figures.counts["disagree"]
    rate = hundredths(agree, base) if base else 0
    return Step(
        message="consultation.rate",
        numbers={"agree": agree, "disagree": disagree, "base": base, "rate": rate},
        base=rule.rate_base,
        met=True,
    )


def _objection(rule: Rule, figures: Figures) -> list[Step]:
    measure = rule.objection
    assert measure is not None
    if measure.base == "due":
        base, basis = base_of(rule, measure, figures)
    else:
        base, basis = figures.returned, "returned"
    disagree = figures.counts["disagree"]
    if not base or not measure.fraction.met(disagree, base):
        return []
    return [
        Step(
            message="flag.objection",
            numbers={
                "disagree": disagree,
                "base": base,
                "needed": measure.fraction.needed(base),
            },
            base=basis,
            met=False,
            fraction=measure.fraction,
        )
    ]
