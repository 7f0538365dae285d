"""Remarks on what contests and assessments came to: nothing wrong, and people go on with it.

Seats that are left, next rounds that were given up, entries that are invalid, words that two people
have read, shares that ask for review: the verifier computed all of it from the boxes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.following import following
from tally.outcome import counts_in, written_in
from voting.meeting.marks import evaluate_round
from voting.meeting.standings import last_round

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round, State

Found = tuple[str, dict[str, object]]
"""The code of a remark, and what stands in it."""


def contest_remarks(
    meeting: Meeting, state: State, opened: Mapping[str, Opened]
) -> Iterator[Found]:
    """Yield the remarks in the order of the rounds, last those of the whole meeting."""
    open_seats = []
    for slot, box in opened.items():
        one = state.rounds[slot]
        counts = counts_in(meeting, one, box)
        yield from _entries(one, counts)
        written = written_in(meeting, one, box).values()
        if words := sum(sum(texts.values()) for texts in written):
            yield "words-public", {"slot": slot[:8], "number": words}
        for item, evaluation in evaluate_round(meeting, one, counts).items():
            asking = sum(note.message.startswith("flag.") for note in evaluation.notes)
            if asking:
                yield "for-review", {"slot": slot[:8], "item": item, "number": asking}
            if evaluation.decision == "seats_open" and last_round(state, item) is one:
                open_seats.append(item)
    if open_seats:
        yield "seats-open", {"items": open_seats}
    if waiting := list(following(meeting, state, opened)):
        yield "rounds-left", {"items": waiting}


def _entries(one: Round, counts: Mapping[str, Mapping[str, object]]) -> Iterator[Found]:
    """Of shuffled contests: how many entries are no names, or as two people read them."""
    shuffled = [
        row
        for by_ask in counts.values()
        for row in by_ask.values()
        if isinstance(row, dict) and "texts" in row
    ]
    invalid = sum(row["invalid"] for row in shuffled)
    if invalid:
        yield "invalid-entries", {"slot": one.slot[:8], "number": invalid}
