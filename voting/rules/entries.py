"""Whether one paper ballot that names or ticks people is valid, and what it gives to whom.

More than the limit is invalid (多推无效), as many or fewer is valid (少推有效), the same name
twice is one, and a blank ballot counts as the rule of that vote says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Entry:
    """``reason`` when it is not valid; ``counts_as`` when it names nobody."""

    valid: bool
    reason: str | None
    credits: tuple[str, ...]
    counts_as: str | None


def read_entry(
    marked: Sequence[str], limit: int, *, exact: bool = False, blank: str = "abstain"
) -> Entry:
    """Return what the marked names are worth; with ``exact`` fewer than ``limit`` will not do."""
    names = tuple(dict.fromkeys(marked))
    if not names:
        return Entry(blank != "invalid", "blank" if blank == "invalid" else None, (), blank)
    if len(names) > limit:
        return Entry(False, "overvote", (), None)
    if exact and len(names) < limit:
        return Entry(False, "undervote", (), None)
    return Entry(True, None, names, None)
