"""常委会票决 and 全委会票决: one item, 同意 against all who are due.

The evaluation is a list of steps, each with its numbers and its base, in this order: quorum
at the opening, quorum at the seal, issued against present, returned against issued, the sum
of the counts, deferral if the ballot offers it, and the pass. The first of the first five
that fails ends it: then nothing was decided. Half is not more than half, and nobody has a
casting vote; what is invalid, abstained or not returned weighs as 不同意 only because the
base is those due, and is reported apart.

Whether those who left the vote stand in the base is frozen with the rule and alone decisive.
The other reading is computed too, and remarked as 口径敏感 when it would decide otherwise.

Specified in docs/spec/rules.md.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from voting.errors import RefusedError
from voting.rules.evaluation import Decision, Evaluation, Reason
from voting.rules.quorum import evaluate_groups, evaluate_quorum
from voting.rules.reconcile import (
    Figures,
    named_counts,
    note_unreturned,
    reconcile_box,
    reconcile_counts,
)
from voting.rules.step import Step

__all__ = [
    "Evaluation",
    "base_of",
    "conditions",
    "evaluate_confirmation",
    "evaluate_under_floor",
    "on_both_bases",
]

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voting.rules.rule import Rule
    from voting.rules.step import StepBase
    from voting.rules.values import Measure, RecusalBase


def evaluate_confirmation(
    rule: Rule,
    *,
    due: int,
    present_at_open: int,
    present_at_seal: int,
    issued: int,
    returned: int,
    recused: int,
    counts: Mapping[str, int],
) -> Evaluation:
    """Decide one item from its opened counts. The numbers are those of :class:`Figures`.

    ``counts`` names options of the rule and ``invalid``; one that is not named is zero.
    ``recused`` matters only where the rule's recusal leaves the vote.

    Raises:
        InputError: numbers that no meeting can have: ``empty-roll``, ``negative-number``,
            ``present-exceeds-due``, ``unknown-option``.
    """
    figures = Figures(
        due=due,
        present_at_open=present_at_open,
        present_at_seal=present_at_seal,
        issued=issued,
        returned=returned,
        recused=recused,
        counts=named_counts(rule, counts),
    )
    return on_both_bases(rule, figures, _evaluate)


def evaluate_under_floor(
    rule: Rule,
    *,
    due: int,
    present_at_open: int,
    present_at_seal: int,
    issued: int,
    returned: int,
    recused: int,
    floor: int,
) -> Evaluation:
    """Decide one item of a box that has fewer ballots than the floor, and stays closed.

    未通过 where 同意 could no longer pass if every ballot said so, otherwise 封存未开. A round
    without quorum, or with more returned than issued, is what it would be above the floor.

    Raises:
        RefusedError: ``not-under-floor``.
        InputError: as :func:`evaluate_confirmation`.
    """
    if returned >= floor:
        raise RefusedError("not-under-floor", returned=returned, floor=floor)
    figures = Figures(
        due=due,
        present_at_open=present_at_open,
        present_at_seal=present_at_seal,
        issued=issued,
        returned=returned,
        recused=recused,
        counts={},
    )
    return on_both_bases(rule, figures, _evaluate_closed)


def on_both_bases(
    rule: Rule, figures: Figures, evaluate: Callable[[Rule, Figures], Evaluation]
) -> Evaluation:
    """Evaluate by the frozen base, and remark it when the other one would decide otherwise."""
    result = evaluate(rule, figures)
    recused, due = figures.recused, figures.due
    if not recused or recused >= due:
        return result
    other: RecusalBase = "unchanged" if rule.recusal_base == "reduced" else "reduced"
    otherwise = evaluate(dataclasses.replace(rule, recusal_base=other), figures)
    if (otherwise.decision, otherwise.elected()) == (result.decision, result.elected()):
        return result
    return dataclasses.replace(result, notes=(*result.notes, _sensitive(result, otherwise)))


def _evaluate_closed(rule: Rule, figures: Figures) -> Evaluation:
    steps, decision, reason = conditions(rule, figures)
    if decision is None:
        returned = figures.returned
        base, basis = base_of(rule, rule.to_pass, figures)
        could = rule.to_pass.fraction.met(returned, base)
        message = "floor.could-pass" if could else "floor.cannot-pass"
        steps.append(_step(message, rule.to_pass, returned, "returned", base, basis))
        decision, reason = ("sealed_unopened" if could else "not_passed"), "under-floor"
    return Evaluation(
        rule=rule.id,
        decision=decision,
        reason=reason,
        opened=False,
        figures=figures,
        steps=tuple(steps),
        notes=tuple(note_unreturned(figures)),
    )


def _evaluate(rule: Rule, figures: Figures) -> Evaluation:
    steps, decision, reason = conditions(rule, figures)
    if decision is None:
        step, fault = reconcile_counts(figures)
        steps.append(step)
        if fault is not None:
            decision, reason = "uncertified", fault
        else:
            decision = _decide(rule, figures, steps)
    return Evaluation(
        rule=rule.id,
        decision=decision,
        reason=reason,
        opened=True,
        figures=figures,
        steps=tuple(steps),
        notes=tuple(note_unreturned(figures)),
    )


def conditions(rule: Rule, figures: Figures) -> tuple[list[Step], Decision | None, Reason | None]:
    """Test what must hold before the counts matter: quorum twice, issued, returned."""
    steps: list[Step] = []
    for sealing in (False, True):
        for step in _quorums(rule, figures, sealing=sealing):
            steps.append(step)
            if not step.met:
                return steps, "no_quorum", "quorum-at-seal" if sealing else "quorum-at-open"
    box, fault = reconcile_box(figures)
    steps.extend(box)
    return steps, "void" if fault else None, fault


def _quorums(rule: Rule, figures: Figures, *, sealing: bool) -> list[Step]:
    whole = evaluate_quorum(
        rule,
        due=figures.due,
        present=figures.present_at_seal if sealing else figures.present_at_open,
        recused=figures.recused,
        sealing=sealing,
    )
    return [whole, *evaluate_groups(rule, figures.groups, sealing=sealing)]


def _decide(rule: Rule, figures: Figures, steps: list[Step]) -> Decision:
    """Test deferral, then the pass. Both at once need more than all who are due."""
    if "defer" in rule.options:
        count = figures.counts["defer"]
        base, basis = base_of(rule, rule.to_defer, figures)
        if rule.to_defer.fraction.met(count, base):
            steps.append(_step("deferral.met", rule.to_defer, count, "defer", base, basis))
            return "deferred"
    agree = figures.counts["agree"]
    base, basis = base_of(rule, rule.to_pass, figures)
    passed = rule.to_pass.fraction.met(agree, base)
    message = "pass.met" if passed else "pass.lacking"
    steps.append(_step(message, rule.to_pass, agree, "agree", base, basis))
    return "passed" if passed else "not_passed"


def base_of(rule: Rule, measure: Measure, figures: Figures) -> tuple[int, StepBase]:
    """Return what a measure of *due* or *present* is taken of, and what it is called."""
    if measure.base == "present":
        return figures.present_at_open, "present"
    base = rule.base_due(figures.due, figures.recused)
    return base, "due" if base == figures.due else "due-less-recused"


def _step(
    message: str, measure: Measure, count: int, name: str, base: int, basis: StepBase
) -> Step:
    numbers = {name: count, "base": base, "needed": measure.fraction.needed(base)}
    met = measure.fraction.met(count, base)
    return Step(message=message, numbers=numbers, base=basis, met=met, fraction=measure.fraction)


def _sensitive(result: Evaluation, otherwise: Evaluation) -> Step:
    """Remark that the reading of the base that was not frozen would decide otherwise."""
    figures = result.figures
    return Step(
        message="note.recusal-base-sensitive",
        numbers={"due": figures.due, "recused": figures.recused},
        base=result.steps[0].base,
        met=False,
        words={
            "decision": f"decision.{result.decision}",
            "other": f"decision.{otherwise.decision}",
        },
    )
