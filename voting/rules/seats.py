"""差额票决 and 选举 from the counts of one round to a decision, with what must hold before.

A contested vote is counted by names chosen, or by a word for each name; an election by a word for
each name while no name can displace another, and by 赞成 and 不赞成 when there are more names than
seats. Of an election a name from outside ranks with the others, under the id ``others:…``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from voting.errors import InputError, RefusedError
from voting.rules.confirmation import base_of, conditions, on_both_bases
from voting.rules.contest import fill_seats
from voting.rules.counting import OTHERS, read_chosen, read_for_against, read_words
from voting.rules.evaluation import Evaluation
from voting.rules.reconcile import figures_of, note_unreturned
from voting.rules.step import Step

if TYPE_CHECKING:
    from voting.rules.counting import Counted
    from voting.rules.evaluation import Decision, Reason
    from voting.rules.reconcile import Figures
    from voting.rules.rule import Rule
    from voting.rules.shapes import Contest, Counts, Numbers


def evaluate_contest(rule: Rule, contest: Contest, numbers: Numbers, counts: Counts) -> Evaluation:
    """Decide one round of a contested vote or an election. Errors: as ``evaluate_item``."""
    counted = _read(rule, contest, numbers, counts)
    figures = figures_of(numbers, asks=counted.asks)
    return on_both_bases(
        rule, figures, lambda rule, figures: _evaluate(rule, contest, figures, counted)
    )


def evaluate_contest_under_floor(
    rule: Rule, contest: Contest, numbers: Numbers, floor: int
) -> Evaluation:
    """Decide a round whose box stays shut: seats stay open where nobody could have passed.

    Raises:
        RefusedError: ``not-under-floor``.
    """
    if numbers.returned >= floor:
        raise RefusedError("not-under-floor", returned=numbers.returned, floor=floor)
    figures = figures_of(numbers, asks={})
    return on_both_bases(rule, figures, lambda rule, figures: _shut(rule, contest, figures))


def _read(rule: Rule, contest: Contest, numbers: Numbers, counts: Counts) -> Counted:
    standing, returned = contest.standing, numbers.returned
    if rule.kind == "contested" and rule.ballot == "choose":
        most = min(standing.seats, len(standing.names))
        return read_chosen(counts, standing.names, most, returned)
    if contest.write_in == "none" and OTHERS in counts:
        raise InputError("unknown-option", options=[OTHERS])
    if rule.kind == "contested" or contest.each:
        return read_words(counts, standing.names, returned)
    return read_for_against(counts, standing.names, standing.seats, returned)


def _evaluate(rule: Rule, contest: Contest, figures: Figures, counted: Counted) -> Evaluation:
    steps, decision, reason = conditions(rule, figures)
    result = _evaluation(rule, contest, figures, steps, decision, reason)
    if decision is not None:
        return result
    steps.extend(counted.steps)
    if not counted.fits:
        written = counted.steps[-1].message == "reconcile.write-ins-exceed"
        reason = "write-ins-exceed-disagree" if written else "counts-do-not-add-up"
        return _evaluation(rule, contest, figures, steps, "uncertified", reason)
    outside = {name: {"agree": n} for name, n in counted.outside.items()}
    outcome = fill_seats(rule, contest.standing, figures, {**counted.names, **outside})
    return dataclasses.replace(
        result,
        decision=outcome.decision,
        steps=(*steps, *outcome.steps),
        names=outcome.names,
        open_seats=outcome.open_seats,
        next=outcome.next,
    )


def _shut(rule: Rule, contest: Contest, figures: Figures) -> Evaluation:
    steps, decision, reason = conditions(rule, figures)
    if decision is None:
        returned = figures.returned
        base, basis = base_of(rule, rule.to_pass, figures)
        share = rule.to_pass.fraction
        most_win = contest.standing.why == "tie" and rule.ties == "revote-most"
        could = returned > 0 if most_win else share.met(returned, base)
        steps.append(
            Step(
                message="floor.could-elect" if could else "floor.cannot-elect",
                numbers={"returned": returned, "base": base, "needed": share.needed(base)},
                base=basis,
                met=could,
                fraction=share,
            )
        )
        decision, reason = ("sealed_unopened" if could else "seats_open"), "under-floor"
    return dataclasses.replace(
        _evaluation(rule, contest, figures, steps, decision, reason), opened=False
    )


def _evaluation(
    rule: Rule,
    contest: Contest,
    figures: Figures,
    steps: list[Step],
    decision: Decision | None,
    reason: Reason | None,
) -> Evaluation:
    """Return an evaluation that filled no seat."""
    return Evaluation(
        rule=rule.id,
        decision=decision or "uncertified",
        reason=reason,
        opened=True,
        figures=figures,
        steps=tuple(steps),
        notes=tuple(note_unreturned(figures)),
        contest=contest.standing,
        open_seats=contest.standing.seats,
    )
