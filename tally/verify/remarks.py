"""What a valid record should still be read with: nothing wrong, and not to be passed over.

A record is valid though a trustee's device did not report its share destroyed, a comparison
aloud stood in for a lost device, or officers sealed while a kiosk was busy. All of it stands in
the ledger; here it is said in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tally.verify.remarks_contests import contest_remarks
from voting.meeting.binding import items_left
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State
    from voting.words import Lang


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence: its id in the catalogue, ``remark.…``, and what stands in it."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Lang = "zh") -> str:
        """Return the sentence."""
        return say(f"remark.{self.code}", lang, **self.params)


def remarks_of(
    meeting: Meeting, state: State, opened: Mapping[str, Opened] | None = None
) -> tuple[Remark, ...]:
    """Return the remarks on a folded meeting.

    Args:
        opened: By slot, for every round that was counted; None where a box did not verify.
    """
    counted = () if opened is None else contest_remarks(meeting, state, opened)
    return (*_remarks(meeting, state), *(Remark(code, params) for code, params in counted))


def _remarks(meeting: Meeting, state: State) -> Iterator[Remark]:
    kept = [i for i in range(1, len(meeting.trustees.names) + 1) if i not in state.destroyed]
    if kept:
        yield Remark("shares-kept", {"trustees": kept, "threshold": meeting.trustees.threshold})
    for slot, one in state.rounds.items():
        if one.compared is not None:
            yield Remark("compared", {"slot": slot[:8], "missing": one.compared.missing})
        if one.override:
            yield Remark("override", {"slot": slot[:8]})
        by_pen = [signed.officer for signed in one.signed if signed.page is not None]
        if by_pen:
            names = [meeting.officers[officer].name for officer in by_pen]
            yield Remark("by-pen", {"slot": slot[:8], "officers": names})
    if left := items_left(meeting, state):
        yield Remark("items-left", {"items": left})
    if meeting.mode.pages == "server":
        yield Remark("pages-by-server")
    if meeting.mode.tickets == "server":
        yield Remark("tickets-by-server")
