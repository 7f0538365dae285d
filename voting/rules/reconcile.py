"""The numbers of a round against each other, before anything is decided by them.

issued <= present, returned <= issued, and the counts of every item add up to the returned.
An electronic box makes these checks too, though its tickets should make them needless: they
are where a duplicated ballot would show. What was not returned is 未收回 and never 弃权.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from voting.errors import InputError
from voting.rules.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules.rule import Rule
    from voting.rules.shapes import Counts, GroupNumbers, Numbers

Fault = Literal["issued-exceeds-present", "returned-exceeds-issued", "counts-do-not-add-up"]
INVALID = "invalid"
_WHOLE = ("due", "present_at_open", "present_at_seal", "issued", "returned", "recused")


def number(value: object) -> int:
    """Return a number of people or ballots; InputError ``negative-number`` for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError("negative-number", counts=[str(value)])
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The numbers of one item's round, each with its name.

    Attributes:
        due: Voting members in office (应到).
        present_at_open: Those in the room who may vote on this paper when it opened (实到).
        present_at_seal: The same at the seal.
        issued: Tickets that could vote: drawn less withdrawn (发出).
        returned: Ballots in the box (收回).
        recused: Of those due, who left the vote on this paper (回避).
        counts: Entries by option, and ``invalid`` ones; empty where there are ``asks``.
        groups: Of a rule with a quorum by group, the numbers of each.
        asks: Of a contest or a grid, what was counted by ask and answer (``shapes``).
    """

    due: int
    present_at_open: int
    present_at_seal: int
    issued: int
    returned: int
    recused: int = 0
    counts: Mapping[str, int]
    asks: Counts | None = None
    groups: Mapping[str, GroupNumbers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_whole(self)

    @property
    def unreturned(self) -> int:
        """Return how many tickets were not used, zero in a round that is void."""
        return max(0, self.issued - self.returned)

    @property
    def entries(self) -> int:
        """Return how many entries were counted for the item."""
        return sum(self.counts.values())

    def to_json(self) -> dict[str, object]:
        """Return the figures as ``result.json`` holds them; ``groups`` only where there are."""
        data: dict[str, object] = {
            "due": self.due,
            "present_at_open": self.present_at_open,
            "present_at_seal": self.present_at_seal,
            "issued": self.issued,
            "returned": self.returned,
            "unreturned": self.unreturned,
            "recused": self.recused,
            "counts": dict(self.counts) if self.asks is None else _plain(self.asks),
        }
        if self.groups:
            data["groups"] = {
                name: {
                    "due": one.due,
                    "present_at_open": one.present_at_open,
                    "present_at_seal": one.present_at_seal,
                }
                for name, one in self.groups.items()
            }
        return data


def check_whole(numbers: Figures | Numbers) -> None:
    """Refuse what is no number of people or ballots; InputError ``negative-number``."""
    for name in _WHOLE:
        number(getattr(numbers, name))
    for group in numbers.groups.values():
        for n in (group.due, group.present_at_open, group.present_at_seal):
            number(n)


def figures_of(
    numbers: Numbers, *, counts: Mapping[str, int] | None = None, asks: Counts | None = None
) -> Figures:
    """Return the numbers of a round with its counts: of options, or of asks."""
    return Figures(
        due=numbers.due,
        present_at_open=numbers.present_at_open,
        present_at_seal=numbers.present_at_seal,
        issued=numbers.issued,
        returned=numbers.returned,
        recused=numbers.recused,
        counts=counts or {},
        asks=asks,
        groups=numbers.groups,
    )


def _plain(asks: Counts) -> dict[str, object]:
    return {ask: dict(answers) for ask, answers in asks.items()}


def named_counts(rule: Rule, counts: Mapping[str, int]) -> dict[str, int]:
    """Return a count for every option of the rule and for ``invalid``, in that order.

    Raises:
        InputError: ``unknown-option``; ``negative-number``.
    """
    names = (*rule.options, INVALID)
    unknown = [name for name in counts if name not in names]
    if unknown:
        raise InputError("unknown-option", options=unknown)
    return {name: number(counts.get(name, 0)) for name in names}


def reconcile_box(figures: Figures) -> tuple[list[Step], Fault | None]:
    """Compare issued with present and returned with issued; stop at the first fault."""
    present, issued, returned = figures.present_at_open, figures.issued, figures.returned
    fits = issued <= present
    issue = Step(
        message="reconcile.issued" if fits else "reconcile.issued-exceeds-present",
        numbers={"issued": issued, "present": present},
        base="present",
        met=fits,
    )
    if not fits:
        return [issue], "issued-exceeds-present"
    fits = returned <= issued
    box = Step(
        message="reconcile.returned" if fits else "reconcile.returned-exceeds-issued",
        numbers={"returned": returned, "issued": issued},
        base="issued",
        met=fits,
    )
    return [issue, box], None if fits else "returned-exceeds-issued"


def reconcile_counts(figures: Figures) -> tuple[Step, Fault | None]:
    """Compare the sum of an item's counts with the returned ballots."""
    fits = figures.entries == figures.returned
    step = Step(
        message="reconcile.counts" if fits else "reconcile.counts-do-not-add-up",
        numbers={"entries": figures.entries, "returned": figures.returned},
        base="returned",
        met=fits,
    )
    return step, None if fits else "counts-do-not-add-up"


def note_unreturned(figures: Figures) -> list[Step]:
    """Remark the tickets that were not used; they are nobody's 弃权."""
    if not figures.unreturned:
        return []
    numbers = {"unreturned": figures.unreturned, "issued": figures.issued}
    return [Step(message="note.unreturned", numbers=numbers, base="issued", met=False)]
