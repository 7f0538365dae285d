"""会议推荐: one name of a directed list, 推荐 or 不推荐. It decides nothing: it is for reference.

There is no pass rule, no rank and no winner; the share that is printed is of a base that the rule
names, and nothing is compared with it. What must hold before the counts mean something is the
same as for a vote that decides: quorum at the opening and at the seal, issued against present,
returned against issued, the sum of the counts.

Where the groups vote on papers of their own (``papers`` is ``by-series``), due and present are
those of the whole meeting, because quorum belongs to the meeting; issued and returned are of the
paper. Specified in docs/spec/rules.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import RefusedError
from voting.rules.confirmation import conditions
from voting.rules.evaluation import Evaluation
from voting.rules.nomination import rate_base
from voting.rules.rates import hundredths
from voting.rules.reconcile import Figures, named_counts, note_unreturned, reconcile_counts
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.evaluation import Decision, Reason
    from voting.rules.rule import Rule


def evaluate_recommendation(
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
    """Say what one name's opened counts come to. The numbers are those of :class:`Figures`.

    Raises:
        InputError: numbers that no meeting can have, as ``evaluate_confirmation``.
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
    steps, decision, reason = conditions(rule, figures)
    if decision is None:
        step, fault = reconcile_counts(figures)
        steps.append(step)
        if fault is not None:
            decision, reason = "uncertified", fault
        else:
            decision = "recorded"
            steps.append(_rate(rule, figures))
    return _evaluation(rule, figures, steps, decision, reason, opened=True)


def evaluate_recommendation_under_floor(
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
    """Say what a box comes to that has fewer ballots than the floor: it stays shut.

    Raises:
        RefusedError: ``not-under-floor``.
        InputError: as :func:`evaluate_recommendation`.
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
    steps, decision, reason = conditions(rule, figures)
    if decision is None:
        numbers = {"returned": returned, "floor": floor}
        steps.append(Step(message="floor.shut", numbers=numbers, base="returned", met=False))
        decision, reason = "sealed_unopened", "under-floor"
    return _evaluation(rule, figures, steps, decision, reason, opened=False)


def _rate(rule: Rule, figures: Figures) -> Step:
    """Return the share of 推荐 in the base that the rule names; nothing hangs on it."""
    valid = figures.entries - figures.counts["invalid"]
    base = rate_base(rule.rate_base, figures, valid)
    agree = figures.counts["agree"]
    rate = hundredths(agree, base) if base else 0
    return Step(
        message="recommendation.rate",
        numbers={"agree": agree, "base": base, "rate": rate},
        base=rule.rate_base,
        met=True,
    )


def _evaluation(
    rule: Rule,
    figures: Figures,
    steps: list[Step],
    decision: Decision,
    reason: Reason | None,
    *,
    opened: bool,
) -> Evaluation:
    return Evaluation(
        rule=rule.id,
        decision=decision,
        reason=reason,
        opened=opened,
        figures=figures,
        steps=tuple(steps),
        notes=tuple(note_unreturned(figures)),
    )
