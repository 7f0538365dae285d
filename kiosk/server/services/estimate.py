"""How long the casting will take, and how many tablets it wants.

A voter goes to a free kiosk once, and one scan leads through every open paper. So his visit is

    SCAN + papers x PAPER + marking           seconds

and the room needs as many visits in a row as fall to the busiest kiosk: voters / kiosks, rounded
up. The constants are for members over fifty who see the page for the first time, and who know
the items, which were introduced and discussed before:

* SCAN 20: walking up, unfolding the slip, holding it before the camera, and the end screen;
* PAPER 20: looking through the review, the large key, sealing and the answer;
* ITEM 6: finding the name and the post again, and one touch: the marking of an item of one mark.
  What names, rosters and grids take is counted in ``asked``.

They are round numbers for planning, not measured promises: people differ more than tablets do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SCAN: Final = 20
PAPER: Final = 20
ITEM: Final = 6
LIMIT: Final = 20 * 60
"""Seconds in which the casting should be over; after that a room grows restless."""
MOST: Final = 99
"""Kiosks that can be enrolled."""


@dataclass(frozen=True, slots=True)
class Load:
    """People with the same tickets: each votes on all of these papers at one visit.

    ``marking`` is in seconds; None: every item takes one mark.
    """

    voters: int
    items: int
    papers: int
    marking: int | None = None

    @property
    def visit(self) -> int:
        """Seconds of one visit; no paper, no visit."""
        marking = self.items * ITEM if self.marking is None else self.marking
        return SCAN + self.papers * PAPER + marking if self.papers else 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` is a visit, the mean where people have different papers.

    ``minutes`` is None without a kiosk; ``advised`` are the kiosks that finish within ``LIMIT``.
    ``items`` and ``papers`` are the most that anybody has.
    """

    voters: int
    items: int
    papers: int
    kiosks: int
    seconds: int
    minutes: int | None
    advised: int

    def to_json(self) -> dict[str, object]:
        """Return the fields in this order."""
        return {name: getattr(self, name) for name in self.__slots__}


def estimate(loads: Iterable[Load], *, kiosks: int) -> Estimate:
    """Return how long everybody takes at ``kiosks``.

    Nothing to vote on, or nobody to vote, takes no time and no kiosk.
    """
    busy = [one for one in loads if one.voters and one.papers]
    voters = sum(one.voters for one in busy)
    visit = -(-sum(one.voters * one.visit for one in busy) // voters) if voters else 0
    advised = next((n for n in range(1, MOST) if _total(voters, n, visit) <= LIMIT), MOST)
    return Estimate(
        voters=voters,
        items=max((one.items for one in busy), default=0),
        papers=max((one.papers for one in busy), default=0),
        kiosks=kiosks,
        seconds=visit,
        minutes=-(-_total(voters, kiosks, visit) // 60) if kiosks else None,
        advised=advised if visit else 0,
    )


def _total(voters: int, kiosks: int, visit: int) -> int:
    return -(-voters // kiosks) * visit
