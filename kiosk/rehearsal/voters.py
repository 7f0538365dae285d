"""Simulated members: a ticket in the hand, a mind made up by weights, one visit to a kiosk.

The choices are the only thing that a seed repeats. Tickets are drawn, and kiosks visited, in an
order that comes from the system's own randomness, as are all keys, nonces and sealing seeds.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.errors import VerificationError
from voting.meeting.marks import choices_of, marks_of
from voting.protocol import spoil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kiosk.device.kiosk import Kiosk
    from voting.meeting.draft import Draft
    from voting.meeting.frozen import Meeting
    from voting.protocol.credential import Token


@dataclass(slots=True)
class Voter:
    """A member who came. ``marks`` is what he will choose, by item; ``out`` the slots left.

    ``label`` is his name, or that of his group and a number where people are counted.
    """

    label: str
    token: Token = field(repr=False)
    marks: Mapping[str, str] = field(repr=False)
    out: set[str] = field(default_factory=set)


def decide(draft: Draft, people: Iterable[str], seed: int | None) -> dict[str, dict[str, str]]:
    """Make up every member's mind; by label, the option for each item.

    Args:
        seed: Repeats the choices of an earlier rehearsal; None for new ones.
    """
    rng: random.Random = secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
    return {
        label: {item.id: _choose(rng, draft, item.id) for item in draft.items} for label in people
    }


def visit(
    meeting: Meeting, kiosk: Kiosk, voter: Voter, *, check: bool, saw: Callable[[str], None]
) -> list[str]:
    """Vote on every open paper that the ticket is good for; return the slots.

    Args:
        check: Have the device checked first: seal, have the tracker spoiled, rebuild the ballot
            from what the kiosk then shows, and only then seal again and cast.
        saw: Told the tracker that was checked.
    """
    voted = []
    for election, items in kiosk.papers(meeting):
        if election.uuid in voter.out or not kiosk.holds(voter.token, election.uuid):
            continue
        mine = {item: voter.marks[item] for item in items}
        choices = choices_of(meeting, items, mine)
        if check:
            sealed = kiosk.seal(election, voter.token, choices)
            shown = kiosk.open_spoiled(election, sealed)
            opening = spoil.decode_opening(shown, election)
            spoil.check_opening(election, opening, sealed.tracker)
            if marks_of(meeting, items, opening.choices) != mine:
                raise VerificationError("spoil-choices")
            saw(sealed.tracker)
            check = False
        sealed = kiosk.seal(election, voter.token, choices)
        kiosk.cast(election, sealed)
        if kiosk.counted(voter.token, election.uuid, meeting.fingerprint) != sealed.tracker:
            raise VerificationError("tracker-mismatch")
        voted.append(election.uuid)
    return voted


def _choose(rng: random.Random, draft: Draft, item: str) -> str:
    plan = draft.rehearsal
    options = next(draft.rules[one.rule].options for one in draft.items if one.id == item)
    weights = plan.weights.get(item) or plan.weights.get("default") or dict.fromkeys(options, 1)
    return rng.choices(options, [weights.get(option, 0) for option in options])[0]
