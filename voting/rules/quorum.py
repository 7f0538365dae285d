"""法定人数: whether enough of those due are present. Attendance, and nothing else.

It is a state and not a moment: tested each time a round opens, and again at its seal. Only
members with a vote count, on both sides; who is on leave stays due, a vacant seat is not due,
and with a recusal that leaves the vote only those still in the room are present.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import InputError
from voting.rules.step import Step

if TYPE_CHECKING:
    from voting.rules.rule import Rule


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


def _base(rule: Rule, *, due: int, present: int, recused: int) -> int:
    if min(due, present, recused) < 0:
        raise InputError("negative-number", due=due, present=present, recused=recused)
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
