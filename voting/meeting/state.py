"""What the ledger amounts to: immutable values that ``fold`` makes and everybody reads.

No name is in here. A person is the salted digest of his line on the roll, and what is known
about him is his class, his series of tickets and whether he is in the room; a group that is
counted is a number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from voting.errors import RefusedError
from voting.meeting.ledger import GENESIS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voting.meeting.readings import Masked
    from voting.rules.shapes import Standing


class RoundState(StrEnum):
    """States of a round. *Bound* is not among them: one act binds and opens."""

    OPEN = "open"
    SEALED = "sealed"
    COUNTED = "counted"
    CERTIFIED = "certified"
    VOID = "void"
    UNDER_FLOOR = "under-floor"


ENDS = frozenset({RoundState.CERTIFIED, RoundState.VOID, RoundState.UNDER_FLOOR})
NEXT: Mapping[RoundState, frozenset[RoundState]] = MappingProxyType(
    {
        RoundState.OPEN: frozenset({RoundState.SEALED, RoundState.VOID, RoundState.UNDER_FLOOR}),
        RoundState.SEALED: frozenset({RoundState.COUNTED, RoundState.VOID}),
        RoundState.COUNTED: frozenset({RoundState.CERTIFIED}),
        RoundState.CERTIFIED: frozenset(),
        RoundState.VOID: frozenset(),
        RoundState.UNDER_FLOOR: frozenset(),
    }
)
"""The table of ARCHITECTURE section 4: where each state may go."""

_NOT_IN = {
    RoundState.OPEN: "round-open",
    RoundState.SEALED: "round-sealed",
    RoundState.COUNTED: "round-counted",
    RoundState.CERTIFIED: "round-certified",
    RoundState.VOID: "round-void",
    RoundState.UNDER_FLOOR: "round-under-floor",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """One person who has signed in. ``series`` is None when no ticket is due to him."""

    cls: str
    series: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of a group are in the room, and from which series they drew."""

    cls: str
    series: str
    count: int


@dataclass(frozen=True, slots=True)
class Signed:
    """One officer's certification; ``page`` is the digest of a page signed by pen."""

    officer: str
    outcome: str
    page: str | None
    confirmed_by: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The checkpoint was read aloud because the devices of ``missing`` trustees were lost."""

    checkpoint: str
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One issue-to-certify of a paper, in its slot.

    ``present_at_open`` and ``present_at_seal`` are the members in the room who may vote on
    these items: what quorum is tested on. ``recused`` counts recusals by item, also of those who
    come back to vote. Digests are hex. Fields with None are not known yet.
    """

    slot: str
    number: int
    state: RoundState
    rule: str
    items: tuple[str, ...]
    series: tuple[str, ...]
    election: str
    credentials: str
    issued_by_series: Mapping[str, int]
    due: int
    present_at_open: int
    recused: Mapping[str, int]
    spoiled: frozenset[str] = frozenset()
    present_at_seal: int | None = None
    heads: int | None = None
    returned: int | None = None
    ballots: str | None = None
    sealed_archive: str | None = None
    override: bool = False
    no_objection: bool = False
    compared: Compared | None = None
    checkpoint: str | None = None
    final_archive: str | None = None
    proofs: str | None = None
    shuffles: tuple[tuple[int, str], ...] = ()
    """Owner and SHA-256 of each shuffle, in order; none where nothing had to be shuffled."""
    standings: Mapping[str, Standing] = field(default_factory=dict)
    """By item, who stands and for how many seats; an item that is not in it: as frozen."""
    groups_at_open: Mapping[str, int] = field(default_factory=dict)
    """Of each counted group that votes here, how many of it were in the room."""
    groups_at_seal: Mapping[str, int] = field(default_factory=dict)
    reading: Masked | None = None
    """What two scrutineers read the words of the box as, masked (``voting.meeting.readings``)."""
    signed: tuple[Signed, ...] = ()
    released: bool = False
    """Whether the room may be told what the rule's visibility allows."""
    void_reason: str | None = None
    """What the chair gave, or ``returned-exceeds-issued`` when the rule voided the round."""

    @property
    def issued(self) -> int:
        """Tickets in members' hands that are good for this round: its active credentials."""
        return sum(self.issued_by_series.values())


@dataclass(frozen=True, slots=True)
class State:
    """The meeting after ``height`` lines; ``head`` is the digest of the last one.

    Attributes:
        at: The time of the last act that carries one; None before there is one.
        lists: By series and slot, the committed digest of the public credentials.
        people: Everybody who has signed in by name, by the digest of his line.
        counted: By group, how many of it are in the room; a group that never was has no entry.
        recusals: By item, the lines of those recused.
        steps: By item, how many gates of the room are entered.
        minutes: By item (None: by no item), what the recorder has entered, in order.
        leftovers, withdrawn: By slot, the void credentials with their series.
        rounds: By slot, in the order of opening.
    """

    height: int = 0
    head: str = GENESIS
    at: str | None = None
    frozen: bool = False
    closed: bool = False
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: Mapping[str, Presence] = field(default_factory=dict)
    counted: Mapping[str, Counted] = field(default_factory=dict)
    recusals: Mapping[str, frozenset[str]] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[str | None, tuple[str, ...]] = field(default_factory=dict)
    leftovers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    withdrawn: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    void_series: frozenset[str] = frozenset()
    rounds: Mapping[str, Round] = field(default_factory=dict)
    destroyed: frozenset[int] = frozenset()
    missing: tuple[int, ...] = ()

    @property
    def issued(self) -> bool:
        """Whether tickets were issued: the lists' digests are committed."""
        return bool(self.lists)

    def present(self, cls: str = "member") -> int:
        """Return how many of a class are in the room, by name and by count."""
        named = sum(one.here and one.cls == cls for one in self.people.values())
        return named + sum(one.count for one in self.counted.values() if one.cls == cls)

    def round_at(self, slot: str, *allowed: RoundState) -> Round:
        """Return the round in a slot. Raises RefusedError unless it is in an allowed state."""
        found = self.rounds.get(slot)
        if found is None:
            raise RefusedError("no-round", slot=slot)
        if allowed and found.state not in allowed:
            raise RefusedError(_NOT_IN[found.state], slot=slot)
        return found

    def round_of(self, item: str) -> Round | None:
        """Return the item's first round that is not void, if there is one."""
        for one in self.rounds.values():
            if item in one.items and one.state is not RoundState.VOID:
                return one
        return None

    def rounds_of(self, items: Iterable[str]) -> tuple[Round, ...]:
        """Return the rounds of any of these items that are not void.

        An item has one, or where the groups vote apart one for each part of the series.
        """
        wanted = set(items)
        return tuple(
            one
            for one in self.rounds.values()
            if one.state is not RoundState.VOID and wanted & set(one.items)
        )

    @property
    def spoils(self) -> int:
        """Return how many sealed ballots were opened to check a device, in the whole meeting."""
        return sum(len(one.spoiled) for one in self.rounds.values())

    @property
    def ended(self) -> bool:
        """Whether every round is certified, void or sealed under the floor."""
        return all(one.state in ENDS for one in self.rounds.values())
