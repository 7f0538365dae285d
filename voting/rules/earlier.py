"""What an earlier vote must have been for a gate to count, as pure functions.

The facts of an earlier record come from whoever has verified it (``tally.verify.earlier``); before
that, what a reference says of itself, its dates and how many there are, is judged already when
the draft is read. Nothing here reads a file, and nothing counts as settled because it was not
looked at.

A year ends on the day of the same date: held on 10 March 2024, a recommendation may be used up to
10 March 2025, that day included (一年内有效; the last day is our reading: ADR 190).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import InputError, RefusedError
from voting.rules.contest import best
from voting.rules.lists import check_ratio, listed
from voting.words import Word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from voting.rules.fraction import Fraction
    from voting.rules.gates import Reference
    from voting.rules.values import Ratio, Retry

RECOMMENDING: Final = frozenset({"recommendation", "nomination"})
DECIDING: Final = frozenset({"confirmation", "contested"})
"""Kinds of rules that decide an appointment: what a freeze window shuts, and what a try is."""

_KINDS: Final = {
    "recommended": RECOMMENDING,
    "concentrated": RECOMMENDING,
    "first-round": RECOMMENDING,
    "examined": frozenset({"assessment"}),
    "plenum-consulted": frozenset({"consultation"}),
    "failed": DECIDING,
    "reconsidered": frozenset({"confirmation"}),
}
_UNDECIDED: Final = frozenset({"void", "no_quorum", "uncertified", "sealed_unopened"})
_YEARLY: Final = frozenset({"recommended", "concentrated", "first-round"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a verified record shows of one item.

    Attributes:
        kind: The kind of its rule.
        date: The day of its meeting.
        decision: As evaluated; None for a round that was void.
        post: What the item proposes, as 县水利局局长.
        question: What was asked, word for word.
        names: Who stood there: the candidate, or the names of a contest.
        votes: By name, how many were for him; empty where nothing was opened.
        base: The valid ballots.
        failed: Whoever of ``names`` the vote did not let pass.
    """

    kind: str
    date: str
    decision: str | None
    post: str
    question: str
    names: tuple[str, ...]
    votes: Mapping[str, int]
    base: int
    failed: frozenset[str] = frozenset()


def in_force(held: str, used: str) -> bool:
    """Return whether a recommendation is still good: used within a year, not before it was held."""
    first, day = dt.date.fromisoformat(held), dt.date.fromisoformat(used)
    try:
        last = first.replace(year=first.year + 1)
    except ValueError:  # held on 29 February
        last = dt.date(first.year + 1, 2, 28)
    return first <= day <= last


def check_reference(gate: Reference, today: str) -> None:
    """Check what a reference says of itself on the day of the meeting.

    Raises:
        RefusedError: ``earlier-later``: that meeting comes after this one; ``earlier-expired``:
            a recommendation of more than a year ago.
    """
    if gate.date > today:
        raise RefusedError("earlier-later", date=gate.date)
    if gate.gate in _YEARLY and not in_force(gate.date, today):
        raise RefusedError("earlier-expired", gate=Word(f"gate.{gate.gate}"), date=gate.date)


def check_retry(retry: Retry, failures: Sequence[str | None], *, again_here: bool) -> None:
    """Check that a candidate may be voted on once more for the same post.

    Args:
        failures: Of each earlier failure, which meeting's record shows it.
        again_here: Whether this meeting votes on him for that post a second time, without a
            motion to reconsider.

    Raises:
        RefusedError: ``retry-same-meeting``, ``retry-barred``; InputError ``retry-twice``: one
            failure is counted as two.
    """
    if len(set(failures)) != len(failures):
        raise InputError("retry-twice")
    if again_here and retry.again == "another-meeting":
        raise RefusedError("retry-same-meeting")
    if retry.bar_after and len(failures) >= retry.bar_after:
        raise RefusedError("retry-barred", failures=len(failures))


def check_shown(
    gate: Reference,
    shown: Shown,
    *,
    candidates: Sequence[str],
    post: str,
    concentration: Fraction | None = None,
) -> None:
    """Check that an earlier item shows what the gate claims, for these candidates and this post.

    Raises:
        RefusedError: ``earlier-kind``, ``earlier-date``, ``earlier-not-decided``,
            ``earlier-other-post``, ``earlier-other-name``, ``earlier-not-failed``,
            ``earlier-not-passed``, ``earlier-no-vote``, ``earlier-scattered``.
    """
    named = Word(f"gate.{gate.gate}")
    if shown.kind not in _KINDS[gate.gate]:
        raise RefusedError("earlier-kind", gate=named, kind=Word(f"rule-kind.{shown.kind}"))
    if gate.record is not None and shown.date != gate.date:
        raise RefusedError("earlier-date", date=shown.date, said=gate.date)
    if shown.decision is None or shown.decision in _UNDECIDED:
        raise RefusedError("earlier-not-decided", gate=named)
    if gate.gate == "reconsidered":
        _check_motion(shown, candidates)
        return
    if shown.post != post and gate.gate != "examined":
        raise RefusedError("earlier-other-post", post=shown.post)
    if gate.gate == "first-round":
        return  # who stands in the second is judged by the whole list: ``second_list``
    if gate.gate == "failed":
        if not shown.failed & set(candidates):
            raise RefusedError("earlier-not-failed", names=list(candidates))
        return
    for name in candidates:
        if name not in shown.names:
            raise RefusedError("earlier-other-name", name=name)
        if gate.gate == "recommended" and not shown.votes.get(name):
            raise RefusedError("earlier-no-vote", name=name)
        if gate.gate == "concentrated" and not gate.override:
            _check_concentrated(shown, name, concentration)


def check_examined(shown: Shown, post: str, posts: int, ratio: Ratio) -> None:
    """Check that enough were examined for a post (差额考察): names for posts, as the ratio says.

    Raises:
        RefusedError: ``earlier-other-post``; ``ratio-not-met`` with how many are needed.
    """
    if shown.post != post:
        raise RefusedError("earlier-other-post", post=shown.post)
    check_ratio(posts, len(set(shown.names)), ratio)


def second_list(votes: Mapping[str, int], posts: int, ratio: Ratio) -> tuple[str, ...]:
    """Return who of a first round stands in the second: the best by the ratio, ties and all.

    Nobody without a vote does. In the order of ``votes``, which tells nothing of their number.
    """
    chosen = best({name: count for name, count in votes.items() if count}, listed(posts, ratio))
    return tuple(name for name in votes if name in chosen)


def _check_motion(shown: Shown, candidates: Sequence[str]) -> None:
    if shown.decision != "passed":
        raise RefusedError("earlier-not-passed")
    check_motion_names(candidates, shown.names, shown.question)


def check_motion_names(candidates: Sequence[str], names: Collection[str], question: str) -> None:
    """Check that a motion is about these people: it names one as its candidate.

    Several, who stand in a contest, its question names. Of one person that is not enough: in words
    a name may be part of another's.

    Raises:
        RefusedError: ``earlier-other-name``.
    """
    for name in candidates:
        if name not in names and (len(candidates) == 1 or name not in question):
            raise RefusedError("earlier-other-name", name=name)


def _check_concentrated(shown: Shown, candidate: str, concentration: Fraction | None) -> None:
    votes = shown.votes.get(candidate)
    if votes is None or concentration is None:
        raise RefusedError("earlier-not-decided", gate=Word("gate.concentrated"))
    if not concentration.met(votes, shown.base):
        raise RefusedError(
            "earlier-scattered",
            name=candidate,
            votes=votes,
            base=shown.base,
            needed=concentration.needed(shown.base),
        )
