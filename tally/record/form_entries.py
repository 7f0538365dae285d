"""The entries of a shuffled contest that two scrutineers look at: form F22.

What is not in the one form is 无效 for everybody who reads the record, and nothing here changes a
count. Words that voters wrote are for people to read: whom they mean, where several have the name,
is entered on the form by two, and signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tally.record.form_words import printable, title_of
from voting.meeting.contests import FromRoster, Names
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.report.data import EntriesData, EntryData
    from voting.meeting.frozen import Meeting


def entries_data(
    meeting: Meeting, item: str, number: int, counts: Mapping[str, Any] | None
) -> EntriesData | None:
    """Return the entries of an item that two scrutineers look at; None where there are none."""
    contest = meeting.items[item].contest
    shuffled = [one for one in (counts or {}).values() if isinstance(one, dict) and "texts" in one]
    if contest is None or not shuffled:
        return None
    invalid = sum(one["invalid"] for one in shuffled)
    roster = contest.roster if isinstance(contest, FromRoster) else None
    entries: list[EntryData] = [
        {
            "text": printable(text["text"]),
            "votes": text["votes"],
            "remark": _remark(meeting, contest, roster, text["text"]),
        }
        for one in shuffled
        for text in one["texts"]
    ]
    if not entries and not invalid:
        return None
    return {
        "n": number,
        "title": title_of(meeting, item),
        "invalid": invalid,
        "entries": entries,
    }


def _remark(meeting: Meeting, contest: object, roster: str | None, text: str) -> str:
    """Say whether the words are a name that the paper or the roster has, and how often."""
    if isinstance(contest, Names) and any(one.name == text for one in contest.names):
        return say("forms.entry.stands", meeting.language)
    people = () if roster is None else meeting.rosters[roster].names
    numbers = [i for i, one in enumerate(people, 1) if one.name == text]
    if len(numbers) > 1:
        return say("forms.entry.homonyms", meeting.language, numbers=numbers)
    if numbers:
        return say("forms.entry.listed", meeting.language, number=numbers[0])
    return say("forms.entry.not-listed" if people else "forms.entry.words", meeting.language)
