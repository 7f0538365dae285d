"""What an item asks when it is not one mark for one person: names for seats, or a grid of cells.

Plain shapes: a rule knows ids and numbers, nothing of a meeting, a ballot or a person. The counts
that belong to a shape are ``{ask id: {answer id: n}}`` (docs/spec/rules.md, section 4):

* names, chosen: ``{"": {"blank": n, name: n, …}}``
* names, a word for each: ``{name: {"agree": n, "disagree": n, "abstain": n}}``
* an election of more names than seats: ``{"for": {name: n}, "against": {name: n}}``
* a roster: ``{"": {"numbers": {"17": n}, "none": n, "invalid": n, "texts": [{"text", "votes"}]}}``;
  ``none`` and ``invalid`` are whole ballots. The names from outside of an election are counted
  likewise, under ``others``
* a grid: ``{cell: {grade: n}}``, and perhaps ``abstain`` and ``invalid``, of paper
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from voting.rules.values import WriteIn

Why = Literal["first", "tie", "open"]
NameDecision = Literal["elected", "tied", "next", "out", "recorded"]
Counts = Mapping[str, Mapping[str, object]]
OUTSIDE = "others:"
"""Before a roster number or a text, the id of a name from outside: ``others:17``."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one round of a contest asks.

    Attributes:
        names: Who stands, by id, in the frozen order; none where a roster is asked.
        seats: How many are to be chosen.
        why: ``first``; ``tie``: those who were equal at the last seat; ``open``: seats are left.
        round: 1, and one more for every round for open seats; a revote of a tie adds none.
    """

    names: tuple[str, ...]
    seats: int
    why: Why = "first"
    round: int = 1

    def to_json(self) -> dict[str, object]:
        """Return the standing as results and acts hold it, keys in this order."""
        return {
            "names": list(self.names),
            "seats": self.seats,
            "why": self.why,
            "round": self.round,
        }


@dataclass(frozen=True, slots=True)
class Contest:
    """Names for seats. ``roster``: a list of up to 1,500 people is asked by number."""

    standing: Standing
    write_in: WriteIn = "none"
    roster: bool = False

    @property
    def each(self) -> bool:
        """Whether no name can displace another, so that an election asks of each by itself."""
        return len(self.standing.names) <= self.standing.seats


@dataclass(frozen=True, slots=True)
class Grid:
    """The scale, by id, of every cell, by the cell's ask id, in the order of the paper."""

    cells: Mapping[str, str]


Shape = Contest | Grid | None
"""None for the kinds that take one mark of the rule's options."""


@dataclass(frozen=True, slots=True)
class GroupNumbers:
    """Of one group of a rule that counts quorum by group: who is due, who is in the room."""

    due: int
    present_at_open: int
    present_at_seal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of one item's round, before any count. See ``reconcile.Figures``.

    Attributes:
        groups: By group id; all groups of the rule's ``groups`` that have a quorum.
    """

    due: int
    present_at_open: int
    present_at_seal: int
    issued: int
    returned: int
    recused: int = 0
    groups: Mapping[str, GroupNumbers] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameResult:
    """What a round says of one name.

    Attributes:
        votes: What it ranks by: 同意, 赞成 or 推荐.
        rank: 1 for the most; equal votes have one rank.
        counts: All that was counted of it, by option.
        rate: The share of ``votes`` in hundredths of a percent, where the rule prints one.
    """

    id: str
    votes: int
    rank: int
    result: NameDecision
    counts: Mapping[str, int]
    rate: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the name's part of ``result.json``, keys in this order."""
        return {
            "id": self.id,
            "votes": self.votes,
            "rank": self.rank,
            "result": self.result,
            "counts": dict(self.counts),
            "rate": self.rate,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a round says of one cell of a grid.

    Attributes:
        ask: The cell's id.
        base: What ``rates`` and ``favourable`` are taken of.
        rates: By grade, its share in hundredths of a percent; of a grade outside the base, None.
        favourable: The share of the scale's favourable grades (满意率), likewise.
        index: The mean weight in hundredths, None where no grade has a weight or nobody answered.
        weighed: How many answers the index is the mean of.
        flags: Ids of the flags that this cell raises; they ask for review and never act.
    """

    ask: str
    scale: str
    counts: Mapping[str, int]
    base: int
    rates: Mapping[str, int | None]
    favourable: int
    index: int | None
    weighed: int
    flags: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the cell's part of ``result.json``, keys in this order."""
        return {
            "ask": self.ask,
            "scale": self.scale,
            "counts": dict(self.counts),
            "base": self.base,
            "rates": dict(self.rates),
            "favourable": self.favourable,
            "index": self.index,
            "weighed": self.weighed,
            "flags": list(self.flags),
        }
