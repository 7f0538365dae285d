"""会议推荐 by post: names from a list or a roster, as many as there are posts. It decides nothing.

Nobody wins and nobody is nominated by it (推荐票不等同于选举票): a name has votes, a rank and a
share of a base that is named. Where the first of all has too small a share, a flag remarks that the
recommendation is scattered and a second round may be held. Who is on the list of a second round
is computed from the first by the rule's ratio (``voting.rules.lists.second_list``).

Specified in docs/spec/rules.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.rules.confirmation import conditions
from voting.rules.counting import read_chosen, read_roster
from voting.rules.evaluation import Evaluation
from voting.rules.rates import hundredths
from voting.rules.reconcile import figures_of, note_unreturned
from voting.rules.shapes import NameResult
from voting.rules.step import Step

if TYPE_CHECKING:
    from voting.rules.counting import Counted
    from voting.rules.reconcile import Figures
    from voting.rules.rule import Rule
    from voting.rules.shapes import Contest, Counts, Numbers
    from voting.rules.values import Base


def evaluate_nomination(
    rule: Rule, contest: Contest, numbers: Numbers, counts: Counts
) -> Evaluation:
    """Say what a box of recommendations comes to. Errors: as ``evaluate_item``."""
    standing = contest.standing
    if contest.roster:
        counted = read_roster(counts, standing.seats, numbers.returned)
    else:
        most = min(standing.seats, len(standing.names))
        counted = read_chosen(counts, standing.names, most, numbers.returned)
    figures = figures_of(numbers, asks=counted.asks)
    steps, decision, reason = conditions(rule, figures)
    names: tuple[NameResult, ...] = ()
    notes = note_unreturned(figures)
    if decision is None:
        steps.extend(counted.steps)
        if counted.fits:
            names = _results(rule, figures, counted)
            base = rate_base(rule.rate_base, figures, counted.valid)
            recorded = {"names": len(names), "base": base}
            steps.append(
                Step(message="nomination.recorded", numbers=recorded, base=rule.rate_base, met=True)
            )
            notes.extend(_scattered(rule, figures, counted))
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
        contest=standing,
        names=names,
        open_seats=standing.seats,
    )


def rate_base(name: Base, figures: Figures, valid: int) -> int:
    """Return the number that a share is taken of."""
    return {"valid": valid, "returned": figures.returned, "issued": figures.issued}[name]


def _results(rule: Rule, figures: Figures, counted: Counted) -> tuple[NameResult, ...]:
    base = rate_base(rule.rate_base, figures, counted.valid)
    votes = {name: row["agree"] for name, row in counted.names.items()}
    ordered = sorted(votes.values(), reverse=True)
    return tuple(
        NameResult(
            id=name,
            votes=n,
            rank=1 + ordered.index(n),
            result="recorded",
            counts={"agree": n},
            rate=hundredths(n, base) if base else 0,
        )
        for name, n in votes.items()
    )


def _scattered(rule: Rule, figures: Figures, counted: Counted) -> list[Step]:
    """Remark that even the first has less than the rule calls concentrated."""
    measure = rule.scatter
    assert measure is not None
    base = rate_base(measure.base, figures, counted.valid)
    top = max((row["agree"] for row in counted.names.values()), default=0)
    if not base or measure.fraction.met(top, base):
        return []
    return [
        Step(
            message="flag.scattered",
            numbers={"votes": top, "base": base, "needed": measure.fraction.needed(base)},
            base=measure.base,
            met=False,
            fraction=measure.fraction,
        )
    ]
