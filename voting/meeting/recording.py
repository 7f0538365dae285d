"""What the recorder enters for an item: who introduced, spoke, went out for a recusal, came back.

The ledger holds the kind of line, and a digest of its words under a salt of its own: a line of
the minutes can be linked to nothing else, and its words are in ``minutes.jsonl`` alone. Whatever
is entered once the item has a round is marked late (事后补记), by the fold and not by a hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State


def minute(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Enter one line of the minutes. Only a remark may be about no item."""
    item, what = body["item"], body["what"]
    if (item is None and what != "remark") or (item is not None and item not in meeting.items):
        raise RefusedError("unknown-item", item=item)
    if body["late"] is not is_late(state, item):
        raise RefusedError("late-differs", item=item, late=is_late(state, item))
    entered = state.minutes.get(item, ())
    if not body["late"]:
        _check_order(entered, item, what)
    if what == "recused-in" and entered.count("recused-in") >= entered.count("recused-out"):
        raise RefusedError("minute-order", item=item, what=what)
    return replace(state, minutes={**state.minutes, item: (*entered, what)})


def is_late(state: State, item: str | None) -> bool:
    """Tell whether a line about an item comes after the vote on it was opened (事后补记)."""
    return item is not None and state.round_of(item) is not None


def _check_order(entered: tuple[str, ...], item: str | None, what: str) -> None:
    """The principal speaks last, and once; what was forgotten is a remark, or comes late."""
    if "principal-last" in entered and what in {"introducer", "speaker", "principal-last"}:
        raise RefusedError("minute-order", item=item, what=what)
