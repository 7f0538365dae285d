"""Simulated members: a ticket in the hand, a mind made up by weights, one visit to a kiosk.

The choices are the only thing that a seed repeats. Tickets are drawn, and kiosks visited, in an
order that comes from the system's own randomness, as are all keys, nonces and sealing seeds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.errors import VerificationError
from voting.meeting.marks import choices_of, marks_of
from voting.protocol import spoil

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.device.kiosk import Kiosk
    from kiosk.rehearsal.minds import Mind
    from voting.meeting.frozen import Meeting
    from voting.protocol.credential import Token


@dataclass(slots=True)
class Voter:
    """A member who came. ``mind`` is what he will choose; ``out`` the slots left.

    ``label`` is his name, or that of his group and a number where people are counted.
    """

    label: str
    token: Token = field(repr=False)
    mind: Mind = field(repr=False)
    out: set[str] = field(default_factory=set)


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
    for paper in kiosk.papers(meeting):
        election, items = paper.election, paper.items
        if election.uuid in voter.out or not kiosk.holds(voter.token, election.uuid):
            continue
        mine = voter.mind.marks(meeting, items, paper.standings)
        choices = choices_of(meeting, items, mine, paper.standings)
        if check:
            sealed = kiosk.seal(election, voter.token, choices)
            shown = kiosk.open_spoiled(election, sealed)
            opening = spoil.decode_opening(shown, election)
            spoil.check_opening(election, opening, sealed.tracker)
            if marks_of(meeting, items, opening.choices, paper.standings) != mine:
                raise VerificationError("spoil-choices")
            saw(sealed.tracker)
            check = False
        sealed = kiosk.seal(election, voter.token, choices)
        kiosk.cast(election, sealed)
        if kiosk.counted(voter.token, election.uuid, meeting.fingerprint) != sealed.tracker:
            raise VerificationError("tracker-mismatch")
        voted.append(election.uuid)
    return voted
