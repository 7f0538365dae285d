"""The entries of a shuffled contest that two scrutineers look at: form F22.

What is not in the one form is 无效 for everybody who reads the record. Words that voters wrote two
scrutineers have read, in an act that they signed (``voting.meeting.readings``): the form shows
each text as it was written, what the roster has of it, and what it is read as.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tally.record.form_words import printable, read_as, title_of
from voting.meeting.contests import FromRoster
from voting.meeting.readings import numbers_named, stands_already
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.report.data import EntriesData, EntryData
    from voting.meeting.frozen import Meeting
    from voting.meeting.readings import Reading


def entries_data(
    meeting: Meeting,
    item: str,
    number: int,
    written: Mapping[str, Any] | None,
    reading: Reading | None = None,
) -> EntriesData | None:
    """Return the entries of an item that two scrutineers look at; None where there are none.

    Args:
        written: The item's counts, its words as they were written (``tally.outcome.as_written``).
    """
    asks = {ask: one for ask, one in (written or {}).items() if _shuffled(one)}
    if meeting.items[item].contest is None or not asks:
        return None
    invalid = sum(one["invalid"] for one in asks.values())
    entries: list[EntryData] = [
        {
            "text": printable(row["text"]),
            "votes": row["votes"],
            "remark": _remark(meeting, item, row["text"]),
            "read": _read(meeting, item, (reading or {}).get((item, ask), {}).get(row["text"])),
        }
        for ask, one in asks.items()
        for row in one["texts"]
    ]
    if not entries and not invalid:
        return None
    return {
        "n": number,
        "title": title_of(meeting, item),
        "invalid": invalid,
        "entries": entries,
    }


def _shuffled(one: object) -> bool:
    return isinstance(one, dict) and "texts" in one


def _read(meeting: Meeting, item: str, meant: int | str | None) -> str:
    return "" if meant is None else printable(read_as(meeting, item, meant, meeting.language))


def _remark(meeting: Meeting, item: str, text: str) -> str:
    """Say whether the words are a name that the paper or the roster has, and how often."""
    if stands_already(meeting, item, text):
        return say("forms.entry.stands", meeting.language)
    numbers = numbers_named(meeting, item, text)
    if len(numbers) > 1:
        return say("forms.entry.homonyms", meeting.language, numbers=numbers)
    if numbers:
        return say("forms.entry.listed", meeting.language, number=numbers[0])
    listed = isinstance(meeting.items[item].contest, FromRoster)
    return say("forms.entry.not-listed" if listed else "forms.entry.words", meeting.language)
