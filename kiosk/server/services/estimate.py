"""How long the casting will take, and how many tablets it wants.

A voter goes to a free kiosk once, and one scan leads through every open paper. So his visit is

    SCAN + papers x PAPER + items x ITEM      seconds

and the room needs as many visits in a row as fall to the busiest kiosk: voters / kiosks, rounded
up. The constants are for members over fifty who see the page for the first time, and who know
the items, which were introduced and discussed before:

* SCAN 20: walking up, unfolding the slip, holding it before the camera, and the end screen;
* PAPER 20: looking through the review, the large key, sealing and the answer;
* ITEM 6: finding the name and the post again, and one touch.

They are round numbers for planning, not measured promises: people differ more than tablets do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCAN: Final = 20
PAPER: Final = 20
ITEM: Final = 6
LIMIT: Final = 20 * 60
"""Seconds in which the casting should be over; after that a room grows restless."""
MOST: Final = 99
"""Kiosks that can be enrolled."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``minutes`` is None without a kiosk; ``advised`` the kiosks that finish within ``LIMIT``."""

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


def estimate(*, voters: int, items: int, papers: int, kiosks: int) -> Estimate:
    """Return how long ``voters`` take at ``kiosks`` for all items of all papers.

    ``seconds`` is one visit. Nothing to vote on, or nobody to vote, takes no time and no kiosk.
    """
    visit = SCAN + papers * PAPER + items * ITEM if papers and voters else 0
    minutes = -(-_total(voters, kiosks, visit) // 60) if kiosks else None
    advised = next((n for n in range(1, MOST) if _total(voters, n, visit) <= LIMIT), MOST)
    return Estimate(voters, items, papers, kiosks, visit, minutes, advised if visit else 0)


def _total(voters: int, kiosks: int, visit: int) -> int:
    return -(-voters // kiosks) * visit
