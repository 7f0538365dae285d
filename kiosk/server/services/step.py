"""One step of the meeting, as the console shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.server.services.said import Said

FINAL = frozenset({"freeze", "open", "seal", "release", "close", "void"})
"""Acts that nothing undoes: a page says so and asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``id`` has the sentence ``desk.step.<id>``.

    Attributes:
        slot: Of the round that the step belongs to; None for the whole meeting.
        state: ``now``: what it waits for is done.
        ready: Its act can be proposed now; False for a step that ends with no act.
        missing: What is lacking before the step is done.
        who: Roles that act; ``member`` and ``trustee`` among them.
        act: The kind of act that ends it.
    """

    id: str
    slot: str | None
    state: Literal["done", "now", "later"]
    ready: bool
    missing: tuple[Said, ...]
    who: tuple[str, ...]
    act: str | None

    def to_json(self) -> dict[str, object]:
        """Return the step as ``GET /api/overview`` has it."""
        return {
            "id": self.id,
            "slot": self.slot,
            "state": self.state,
            "ready": self.ready,
            "missing": list(self.missing),
            "who": list(self.who),
            "act": self.act,
            "final": self.act in FINAL or self.id == "destroy",
        }


def step(
    name: str,
    *who: str,
    done: bool,
    due: bool,
    missing: Iterable[Said | None] = (),
    act: str | None = None,
    ready: bool | None = None,
    slot: str | None = None,
) -> Step:
    """Return a step.

    Args:
        due: Whether what it waits for is done.
        missing: What is lacking of a step that is due; None is left out.
        ready: Whether its act can be proposed when the step is due; by default when nothing
            is missing.
    """
    lacking = tuple(one for one in missing if one is not None) if due and not done else ()
    may = not lacking if ready is None else ready
    state: Literal["done", "now", "later"] = "done" if done else "now" if due else "later"
    return Step(
        id=name,
        slot=slot,
        state=state,
        ready=act is not None and state == "now" and may,
        missing=lacking,
        who=who,
        act=act,
    )
