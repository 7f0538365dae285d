"""What a rule says of one item's numbers: a decision, and the steps that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from voting.rules.reconcile import Figures
    from voting.rules.shapes import Cell, NameResult, Standing
    from voting.rules.step import Step

Decision = Literal[
    "passed",
    "not_passed",
    "deferred",
    "recorded",
    "elected",
    "next_round",
    "tied_revote",
    "seats_open",
    "no_quorum",
    "void",
    "uncertified",
    "sealed_unopened",
]
Reason = Literal[
    "quorum-at-open",
    "quorum-at-seal",
    "issued-exceeds-present",
    "returned-exceeds-issued",
    "counts-do-not-add-up",
    "write-ins-exceed-disagree",
    "under-floor",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a rule says of one item's numbers.

    Attributes:
        rule: Id of the rule.
        decision: ``void`` asks for another vote, ``uncertified`` for another count;
            ``sealed_unopened`` is 封存未开; ``recorded`` decides nothing, as a recommendation.
            Of a contest: ``elected`` when every seat is filled, ``tied_revote`` or ``next_round``
            when ``next`` says who stands then, ``seats_open`` when nobody stands any more.
        reason: Why nothing was decided on the counts, else ``None``.
        opened: Whether the box was opened; ``False`` only under the floor.
        steps: What was tested, in order; the last one decided.
        notes: What the reader should know beside it, flags among them; never decisive.
        contest: What the round asked, of a contest; the rest of a contest is empty without it.
        names: What it says of each name, in the frozen order; of a roster, of all who were named.
        open_seats: Seats that this round left.
        next: What the next round asks, if there is to be one.
        cells: Of an assessment, each cell in the order of the paper; else None.
    """

    rule: str
    decision: Decision
    reason: Reason | None
    opened: bool
    figures: Figures
    steps: tuple[Step, ...]
    notes: tuple[Step, ...]
    contest: Standing | None = None
    names: tuple[NameResult, ...] = ()
    open_seats: int = 0
    next: Standing | None = None
    cells: tuple[Cell, ...] | None = None

    def elected(self) -> tuple[str, ...]:
        """Return the ids of those who were elected, in the frozen order."""
        return tuple(one.id for one in self.names if one.result == "elected")

    def to_json(self) -> dict[str, object]:
        """Return the evaluation as ``result.json`` holds it, keys in this order."""
        data: dict[str, object] = {
            "rule": self.rule,
            "decision": self.decision,
            "reason": self.reason,
            "opened": self.opened,
            "figures": self.figures.to_json(),
            "steps": [step.to_json() for step in self.steps],
            "notes": [note.to_json() for note in self.notes],
        }
        if self.contest is not None:
            data["contest"] = self.contest.to_json()
            data["names"] = [one.to_json() for one in self.names]
            data["open_seats"] = self.open_seats
            data["next"] = None if self.next is None else self.next.to_json()
        if self.cells is not None:
            data["cells"] = [one.to_json() for one in self.cells]
        return data
