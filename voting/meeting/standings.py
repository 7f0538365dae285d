"""Later rounds of a contest: who may stand, and when the counts of the earlier may be released.

The rule computes who stands in a next round from what the last one came to. The ledger holds no
totals, so the fold takes what the ``open`` act says if it *can* be so; that it *is* so, every
officer's device has computed before it signs, and the verifier computes again
(``tally.following``).

Once the counts of a round are released there is no later one: whoever votes then would
know how the others stood. So the release is also how a seat is left open (暂缓).

Names are in the frozen order, which tells nothing of their votes, then who was written in. A
revote of a tie asks of some who stood, for some of the seats; a round for open seats likewise, and
its ``round`` is one more.
"""

from __future__ import annotations

from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from voting.errors import RefusedError, VerificationError
from voting.meeting.contests import Names
from voting.meeting.questions import standing_of
from voting.meeting.state import RoundState
from voting.rules.shapes import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.marks import Standings
    from voting.meeting.state import Round, State
    from voting.rules.shapes import Standing

COUNTED = frozenset({RoundState.COUNTED, RoundState.CERTIFIED})


def last_round(state: State, item: str) -> Round | None:
    """Return the item's latest round that is not void, None when it has none."""
    held = state.rounds_of([item])
    return held[-1] if held else None


def is_told(state: State, item: str) -> bool:
    """Return whether counts of the item are released: then it has no later round."""
    return any(one.released for one in state.rounds_of([item]))


def check_standings(
    meeting: Meeting, state: State, items: Sequence[str], standings: Standings
) -> None:
    """Check who an ``open`` act says stands.

    Raises:
        RefusedError: ``standing-other-item``; ``standing-first-round``: the item has no counted
            round, so it is asked as frozen; ``item-open``, ``item-voted``; ``contest-released``.
        VerificationError: ``standing-not-a-contest``, ``standing-unknown-name``,
            ``standing-order``, ``standing-seats``, ``standing-round``.
    """
    for item, standing in standings.items():
        if item not in items:
            raise RefusedError("standing-other-item", item=item)
        contest = meeting.items[item].contest
        if not isinstance(contest, Names):
            raise VerificationError("standing-not-a-contest", item=item)
        last = last_round(state, item)
        if last is None:
            raise RefusedError("standing-first-round", item=item)
        if last.state not in COUNTED:
            code = "item-open" if last.state is RoundState.OPEN else "item-voted"
            raise RefusedError(code, item=item)
        if is_told(state, item):
            raise RefusedError("contest-released", item=item)
        before = last.standings.get(item) or standing_of(meeting, item)
        assert before is not None
        _check_following(meeting, item, before, standing)
    if list(standings) != [item for item in items if item in standings]:
        raise VerificationError("standing-order", item=next(iter(standings)))


def check_release(meeting: Meeting, state: State, one: Round) -> None:
    """Refuse to release a round of a contest while a later one of its items is not over.

    Counts that are known would tell the voters of the next round how the first came out.

    Raises:
        RefusedError: ``release-early``.
    """
    after = list(state.rounds.values())
    for later in after[after.index(one) + 1 :]:
        running = later.state in (RoundState.OPEN, RoundState.SEALED)
        shared = [item for item in one.items if item in later.standings]
        if running and shared and meeting.items[shared[0]].contest is not None:
            raise RefusedError("release-early", slot=one.slot, item=shared[0])


def _outside(meeting: Meeting, item: str, name: str) -> tuple[int, str] | None:
    """Return the place of a name from outside among such names; None when it can not be one."""
    contest = meeting.items[item].contest
    assert isinstance(contest, Names)
    given = name.removeprefix(OUTSIDE)
    if contest.write_in is None or given == name or not given:
        return None
    if contest.write_in.roster is None:
        return (0, given)
    people = len(meeting.rosters[contest.write_in.roster].names)
    good = given.isascii() and given.isdecimal() and given == str(int(given))
    return (int(given), "") if good and 0 < int(given) <= people else None


def _check_following(meeting: Meeting, item: str, before: Standing, standing: Standing) -> None:
    """Check a standing against the one of the round before.

    Who was written in stands after the others: by number of the roster, or by the words.
    """
    kept = [name for name in before.names if name in standing.names]
    added = list(standing.names[len(kept) :])
    if list(standing.names[: len(kept)]) != kept:
        raise VerificationError("standing-order", item=item)
    outside = [_outside(meeting, item, name) for name in added if before.why == "first"]
    for name, number in zip_longest(added, outside):
        if number is None:
            raise VerificationError("standing-unknown-name", item=item, name=name)
    if any(a >= b for a, b in pairwise(one for one in outside if one is not None)):
        raise VerificationError("standing-order", item=item)
    if not 1 <= standing.seats <= before.seats:
        raise VerificationError("standing-seats", item=item, seats=standing.seats)
    if standing.round != before.round + (standing.why == "open"):
        raise VerificationError("standing-round", item=item, round=standing.round)
