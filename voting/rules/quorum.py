"""法定人数: whether enough of those due are present. Attendance, and nothing else.

It is a state and not a moment: tested each time a round opens, and again at its seal. Only
members with a vote count, on both sides; who is on leave stays due, a vacant seat is not due,
and with a recusal that leaves the vote only those still in the room are present.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import InputError
from voting.rules.reconcile import number
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.rule import Rule
    from voting.rules.shapes import GroupNumbers


def evaluate_quorum(
    rule: Rule, *, due: int, present: int, recused: int = 0, sealing: bool = False
) -> Step:
    """Test the rule's quorum.

    Args:
        due: Voting members in office (应到).
        present: Of them, those in the room who may vote on this paper (实到).
        recused: Of those due, how many leave the vote on this paper; in the base or not, as
            the frozen rule says.
        sealing: The test at the seal, and not at the opening.

    Raises:
        InputError: ``empty-roll``; ``negative-number``; ``present-exceeds-due``.
    """
    base = _base(rule, due=due, present=present, recused=recused)
    fraction = rule.quorum.fraction
    met = fraction.met(present, base)
    return Step(
        message=_MESSAGES[sealing, met],
        numbers={"present": present, "base": base, "needed": fraction.needed(base)},
        base="due" if base == due else "due-less-recused",
        met=met,
        fraction=fraction,
    )


def evaluate_groups(
    rule: Rule, groups: Mapping[str, GroupNumbers], *, sealing: bool = False
) -> list[Step]:
    """Test the quorum of every group that the rule gives one, each of its own due (公推直选).

    Raises:
        InputError: ``group-numbers-missing``; as :func:`evaluate_quorum`.
    """
    steps = []
    for group in rule.groups:
        if group.quorum is None:
            continue
        if group.id not in groups:
            raise InputError("group-numbers-missing", group=group.id)
        numbers = groups[group.id]
        due = numbers.due
        present = numbers.present_at_seal if sealing else numbers.present_at_open
        number(due), number(present)
        if due < 1:
            raise InputError("empty-roll")
        if present > due:
            raise InputError("present-exceeds-due", present=present, due=due)
        met = group.quorum.met(present, due)
        steps.append(
            Step(
                message=_GROUP_MESSAGES[sealing, met],
                numbers={"present": present, "base": due, "needed": group.quorum.needed(due)},
                base="due",
                met=met,
                fraction=group.quorum,
                of=group.id,
            )
        )
    return steps


def _base(rule: Rule, *, due: int, present: int, recused: int) -> int:
    for one in (due, present, recused):
        number(one)
    base = rule.base_due(due, recused)
    if base < 1:
        raise InputError("empty-roll")
    in_room = due - recused if rule.recusal_effect == "leaves-vote" else due
    if present > in_room:
        raise InputError("present-exceeds-due", present=present, due=in_room)
    return base


_MESSAGES = {
    (False, True): "quorum.open.met",
    (False, False): "quorum.open.lacking",
    (True, True): "quorum.seal.met",
    (True, False): "quorum.seal.lacking",
}
_GROUP_MESSAGES = {
    (False, True): "quorum.group.open.met",
    (False, False): "quorum.group.open.lacking",
    (True, True): "quorum.group.seal.met",
    (True, False): "quorum.group.seal.lacking",
}
