"""发出 = 实到, series by series: where a slot stands before its opening, and what can be done.

For each series: printed - leftovers = drawn; - withdrawn = issued; and issued must be the number
of those in the room who may vote. *Drawn* is never typed, so a difference has one of few causes,
and the console offers a way out for each: the attendance is wrong (correct it, two roles, with a
reason), a slip lies somewhere (find and scan it), or it can not be found (void the series and let
everybody draw from a reserve).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.server.services.said import Said, said
from voting.meeting.attendance import eligible
from voting.meeting.binding import by_series
from voting.meeting.tickets import drawn, issued

if TYPE_CHECKING:
    from voting.meeting.binding import Paper
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State


@dataclass(frozen=True, slots=True)
class Row:
    """One series in one slot. ``signed_in`` counts also those who went out since."""

    series: str
    title: str
    printed: int
    leftover: int
    withdrawn: int
    issued: int
    drawn: int
    signed_in: int
    present: int
    eligible: int
    void: bool
    reserve: str | None

    @property
    def differs(self) -> int:
        """Tickets out beyond the people who may vote; below 0 people without a ticket."""
        return self.issued - self.eligible

    @property
    def unscanned(self) -> int:
        """Tickets that nobody signed in for: leftovers to scan, or a sign-in that is missing."""
        return max(0, self.drawn - self.signed_in)

    @property
    def to_withdraw(self) -> int:
        """Tickets of people who signed in and must not vote now, and are still active."""
        return max(0, self.signed_in - self.eligible - self.withdrawn)

    def to_json(self) -> dict[str, object]:
        """Return the row as ``GET /api/overview`` has it."""
        return {
            "series": self.series,
            "title": self.title,
            "printed": self.printed,
            "leftover": self.leftover,
            "withdrawn": self.withdrawn,
            "issued": self.issued,
            "drawn": self.drawn,
            "signed_in": self.signed_in,
            "present": self.present,
            "eligible": self.eligible,
            "differs": self.differs,
            "void": self.void,
            "said": self._said(),
            "ways": self._ways(),
        }

    def _said(self) -> Said:
        numbers = {"series": self.series, "issued": self.issued, "eligible": self.eligible}
        if self.void:
            return said("desk.series.void", series=self.series)
        if not self.differs:
            return said("desk.series.equal", **numbers)
        word = "desk.series.more" if self.differs > 0 else "desk.series.fewer"
        return said(word, **numbers, differs=abs(self.differs))

    def _ways(self) -> list[dict[str, object]]:
        if self.void or not self.differs:
            return []
        ways: list[tuple[str, list[str], str | None]] = [
            ("correct", ["secretary", "scrutineer"], None)
        ]
        if self.differs > 0:
            ways.append(("find", ["secretary", "scrutineer"], None))
        if self.reserve is not None:
            ways.append(("void-series", ["chair", "secretary", "scrutineer"], self.reserve))
        return [{"way": way, "who": who, "reserve": reserve} for way, who, reserve in ways]


def table(meeting: Meeting, state: State, paper: Paper) -> tuple[Row, ...]:
    """Return a row for every series that somebody drew from, in the meeting's order.

    Where the groups vote apart only for those of the paper, which is not opened yet.
    """
    slot, items = paper.slot, paper.items
    apart = by_series(meeting, items)
    voters = eligible(meeting, state, items)
    counted: Counter[str | None] = Counter()
    for group in state.counted.values():  # two groups may draw from one reserve
        counted[group.series] += group.count
    people = counted + Counter(one.series for one in state.people.values())
    here = counted + Counter(one.series for one in state.people.values() if one.here)
    reserves = [
        one
        for one in meeting.series
        if not people[one] and one not in state.void_series and meeting.group_of(one) is None
    ]
    rows = []
    for one, series in meeting.series.items():
        if not people[one] or (apart and one not in paper.series):
            continue
        out, held = drawn(meeting, state, slot, one), issued(meeting, state, slot, one)
        rows.append(
            Row(
                series=one,
                title=series.title,
                printed=series.printed,
                leftover=series.printed - out,
                withdrawn=out - held,
                issued=held,
                drawn=out,
                signed_in=people[one],
                present=here[one],
                eligible=voters[one],
                void=one in state.void_series,
                reserve=reserves[0] if reserves else None,
            )
        )
    return tuple(rows)
