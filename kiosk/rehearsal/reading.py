"""What the scrutineers of a rehearsal read words as: what people would who know nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voting.meeting.readings import INVALID, WRITTEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def read_entry(one: Mapping[str, Any]) -> dict[str, object]:
    """Read one text: a name of the roster as its number; several of one name nobody can tell.

    Args:
        one: As an officer's device says what was written (``kiosk.device.certifying``).
    """
    named = one["named"]
    meant = named[0] if len(named) == 1 else INVALID if named or one["stands"] else WRITTEN
    return {"item": one["item"], "ask": one["ask"], "text": one["text"], "as": meant}


def summary(entries: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """Return how many texts there were, and how many were read as what."""
    meant = [one["as"] for one in entries]
    written, invalid = meant.count(WRITTEN), meant.count(INVALID)
    numbers = len(meant) - written - invalid
    return {"texts": len(meant), "numbers": numbers, "written": written, "invalid": invalid}
