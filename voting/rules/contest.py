"""差额 and 选举: names for seats. What passes first, and then the rank among those.

A name needs the rule's share of the base (more than half of due, or of present under old election
rules) and a place within the seats. A tie at the last seat elects nobody there: the tied are voted
on again, and then the most votes win or must pass as well, as the rule's ``ties`` says. Seats that
nobody won go to a next round with the best of the rest, so many names more than open seats as the
rule says; a tie at that cut takes all of them along. No lot is drawn, and no seat is filled because
a name is left over. A round for open seats is one round more; a revote of a tie is of its round.

Here is what one round decides from who has how many votes, for both kinds; what the votes of a
name are is read by ``voting.rules.counting``. Specified in docs/spec/rules.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import InputError
from voting.rules.confirmation import base_of
from voting.rules.fraction import Fraction
from voting.rules.shapes import NameResult, Standing
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.evaluation import Decision
    from voting.rules.reconcile import Figures
    from voting.rules.rule import Rule
    from voting.rules.shapes import NameDecision

MAJORITY: Final = Fraction(1, 2, inclusive=False)


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a round came out; every tuple is in the order of names, which tells no votes.

    Attributes:
        elected: Within the seats beyond doubt.
        tied: Equal at the last seat, to be voted on again.
        open_seats: Seats that the round left.
        next_round: Names of a next round, when no tie is to be voted on first.
    """

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    open_seats: int
    next_round: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the round decided of its seats, and the steps that show it."""

    decision: Decision
    steps: tuple[Step, ...]
    names: tuple[NameResult, ...]
    open_seats: int
    next: Standing | None


def rank(
    votes: Mapping[str, int],
    *,
    base: int,
    seats: int,
    next_round_size: int | None = None,
    share: Fraction | None = MAJORITY,
) -> Ranking:
    """Return the ranking of a round that was valid.

    Args:
        next_round_size: Names of a next round; one more than open seats when not given.
        share: What a name must have of the base; None: at least one vote.

    Raises:
        InputError: ``negative-number``; ``empty-base``.
    """
    if base < 1 or seats < 1:
        raise InputError("empty-base")
    if any(count < 0 for count in votes.values()):
        raise InputError("negative-number", counts=list(votes.values()))
    passing = {name: n for name, n in votes.items() if (share.met(n, base) if share else n > 0)}
    within = best(passing, seats)
    tied: set[str] = set()
    if len(within) > seats:
        cut = min(passing[name] for name in within)
        tied = {name for name in within if passing[name] == cut}
    elected = within - tied
    open_seats = seats - len(elected)
    following: set[str] = set()
    if open_seats and not tied:
        rest = {name: count for name, count in votes.items() if name not in elected}
        following = best(rest, open_seats + 1 if next_round_size is None else next_round_size)
    return Ranking(
        tuple(sorted(elected)), tuple(sorted(tied)), open_seats, tuple(sorted(following))
    )


def best(votes: Mapping[str, int], size: int) -> set[str]:
    """Return the names with the most votes, and all of those that tie at the cut."""
    if size < 1 or not votes:
        return set()
    counts = sorted(votes.values(), reverse=True)
    cut = counts[min(size, len(counts)) - 1]
    return {name for name, count in votes.items() if count >= cut}


def fill_seats(
    rule: Rule,
    standing: Standing,
    figures: Figures,
    counts: Mapping[str, Mapping[str, int]],
) -> Outcome:
    """Decide the seats of one round.

    Args:
        counts: By name, all who got votes from outside after those who stand; ``agree`` ranks.
    """
    base, basis = base_of(rule, rule.to_pass, figures)
    most_win = standing.why == "tie" and rule.ties == "revote-most"
    share = None if most_win else rule.to_pass.fraction
    votes = {name: row["agree"] for name, row in counts.items()}
    found = rank(votes, base=base, seats=standing.seats, share=share)
    steps = []
    for name, n in votes.items():
        if share is None:
            revote = {"agree": n, "seats": standing.seats}
            steps.append(
                Step(message="contest.revote", numbers=revote, base="seats", met=n > 0, of=name)
            )
            continue
        met = share.met(n, base)
        numbers = {"agree": n, "base": base, "needed": share.needed(base)}
        message = "contest.name.met" if met else "contest.name.lacking"
        steps.append(
            Step(message=message, numbers=numbers, base=basis, met=met, fraction=share, of=name)
        )
    decision, following, last = _settle(rule, standing, votes, found)
    steps.append(last)
    results: dict[str, NameDecision] = dict.fromkeys(votes, "out")
    if following is not None:
        word: NameDecision = "tied" if following.why == "tie" else "next"
        results.update(dict.fromkeys(following.names, word))
    results.update(dict.fromkeys(found.elected, "elected"))
    names = [
        NameResult(
            id=name,
            votes=votes[name],
            rank=1 + sum(other > votes[name] for other in votes.values()),
            result=results[name],
            counts=row,
        )
        for name, row in counts.items()
    ]
    return Outcome(
        decision=decision,
        steps=tuple(steps),
        names=tuple(names),
        open_seats=found.open_seats,
        next=following,
    )


def _settle(
    rule: Rule, standing: Standing, votes: Mapping[str, int], found: Ranking
) -> tuple[Decision, Standing | None, Step]:
    """Say what becomes of the seats that the ranking left."""
    seats, left = standing.seats, found.open_seats
    numbers = {"seats": seats, "elected": seats - left, "open": left}
    if not left:
        return (
            "elected",
            None,
            Step(message="contest.filled", numbers=numbers, base="seats", met=True),
        )
    if found.tied:
        tied = tuple(name for name in votes if name in found.tied)
        again = Standing(tied, left, "tie", standing.round)
        numbers["names"] = len(tied)
        return (
            "tied_revote",
            again,
            Step(message="contest.tied", numbers=numbers, base="seats", met=False),
        )
    rest = {name: n for name, n in votes.items() if name not in found.elected}
    if not rest:
        return (
            "seats_open",
            None,
            Step(message="contest.nobody-left", numbers=numbers, base="seats", met=False),
        )
    if rule.rounds_limit and standing.round >= rule.rounds_limit:
        numbers["rounds"] = standing.round
        return (
            "seats_open",
            None,
            Step(message="contest.rounds-spent", numbers=numbers, base="seats", met=False),
        )
    following = best(rest, left + rule.next_round)
    names = tuple(name for name in votes if name in following)
    numbers["names"] = len(names)
    numbers["round"] = standing.round + 1
    step = Step(message="contest.next-round", numbers=numbers, base="seats", met=False)
    return "next_round", Standing(names, left, "open", standing.round + 1), step
