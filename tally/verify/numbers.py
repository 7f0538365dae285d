"""V18: the numbers of every round, counted again from the acts and the boxes alone.

This is arithmetic apart from the fold, over the lines as they stand: 发出 (issued) is printed -
leftovers - withdrawn, and in a counted group's series as many as were counted; heads is returned,
the box holds that many ballots, the counts of every question that takes one answer add up to it and
no other answer has more, and a box was counted exactly when there were enough of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.errors import VerificationError
from voting.meeting.binding import standings_of
from voting.meeting.questions import asks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tally.outcome import Totals
    from tally.verify.box import Box
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.rules.shapes import Standing


@dataclass(slots=True)
class _Counted:
    """What the acts say of one slot."""

    out: dict[str, int] = field(default_factory=dict)
    in_hands: dict[str, int] = field(default_factory=dict)
    counted_people: dict[str, int] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    active: int = 0
    expected: int = 0
    heads: int | None = None
    returned: int | None = None
    counted: bool = False
    void: bool = False


def check_numbers(meeting: Meeting, lines: Iterable[Line], boxes: Mapping[str, Box]) -> None:
    """Check every round's numbers.

    Raises:
        VerificationError: ``numbers-issued``, ``numbers-present``, ``numbers-heads``,
            ``numbers-returned``, ``numbers-over``, ``numbers-floor``, ``numbers-counts``, each
            with the ``slot``.
    """
    for slot, one in _rounds(meeting, lines).items():
        if one.active != one.expected:
            raise VerificationError(
                "numbers-issued", slot=slot, issued=one.active, expected=one.expected
            )
        for series, people in one.counted_people.items():
            if people != one.in_hands[series]:
                raise VerificationError(
                    "numbers-present", slot=slot, present=people, issued=one.in_hands[series]
                )
        if one.returned is not None:
            _check_returned(meeting, slot, one, boxes.get(slot))


def _check_returned(meeting: Meeting, slot: str, one: _Counted, box: Box | None) -> None:
    heads, returned = one.heads, one.returned
    assert returned is not None
    if heads != returned:
        raise VerificationError("numbers-heads", slot=slot, heads=heads, returned=returned)
    if box is not None and box.archive is not None and len(box.archive.ballots) != returned:
        found = len(box.archive.ballots)
        raise VerificationError("numbers-returned", slot=slot, found=found, returned=returned)
    if one.counted and returned > one.active:
        raise VerificationError("numbers-over", slot=slot, issued=one.active, returned=returned)
    floor = max((meeting.floor_under(meeting.rule_of(item)) for item in one.items), default=0)
    shut = not one.counted and not one.void and returned <= one.active
    if (one.counted and returned < floor) or (shut and returned >= floor):
        raise VerificationError("numbers-floor", slot=slot, floor=floor, returned=returned)
    stated = None if box is None else box.stated()
    if stated is not None:
        _check_counts(meeting, slot, one, stated)


def _check_counts(meeting: Meeting, slot: str, one: _Counted, stated: Totals) -> None:
    """What exactly one answer was asked of adds up to the ballots; nothing has more than these.

    Of what was shuffled V16 demands an entry for each ballot.
    """
    asks = [ask for item in one.items for ask in asks_of(meeting, item, one.standings.get(item))]
    if len(asks) != len(stated):
        return  # V7 says so: it is another election
    returned = one.returned or 0
    for ask, row in zip(asks, stated, strict=True):
        total = sum(row) if ask.type == "one" else max(row, default=0)
        if total > returned or (ask.type == "one" and total != returned):
            raise VerificationError("numbers-counts", slot=slot, total=total, returned=returned)


def _rounds(meeting: Meeting, lines: Iterable[Line]) -> dict[str, _Counted]:
    by_slot: dict[str, _Counted] = {}
    opened: dict[str, _Counted] = {}
    groups: dict[str, tuple[str, int]] = {}
    for line in lines:
        kind, body = line.act.kind, line.act.body
        if kind in ("present", "correct"):
            counts = [body] if kind == "present" else body["present"]
            groups.update((one["group"], (one["series"], one["count"])) for one in counts)
        if "slot" not in body:
            continue
        one = by_slot.setdefault(body["slot"], _Counted())
        if kind in ("leftover", "withdraw"):
            one.out[body["series"]] = one.out.get(body["series"], 0) + 1
        elif kind == "open":
            opened[body["slot"]] = one
            named = [series for series in body["series"] if series in meeting.series]
            one.in_hands = {
                series: meeting.series[series].printed - one.out.get(series, 0) for series in named
            }
            one.expected = sum(one.in_hands.values())
            own = {group.series for group in meeting.groups.values()}
            one.counted_people = {
                series: sum(count for held, count in groups.values() if held == series)
                for series in named
                if series in own
            }
            one.active = body["active"]
            one.items = tuple(item for item in body["items"] if item in meeting.items)
            one.standings = standings_of(body)
        elif kind == "seal":
            one.heads, one.returned = body["heads"], body["returned"]
        elif kind in ("count", "void"):
            one.counted |= kind == "count"
            one.void |= kind == "void"
    return opened
