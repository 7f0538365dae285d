"""One person's part of an assessment, to be told to him (考核结果告知本人).

The forms are cut, nothing is counted again: rounds, sums and flags in which the person stands, and
of those his lines alone. Whose turn it is to tell him, and whether, the program does not decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.outcome import opened_of
from tally.record.forms import report_data
from tally.record.layout import LEDGER, MEETING, RESULT, archive_path
from tally.report.report import typeset_report
from voting.errors import InputError
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.meeting.questions import APART

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.report.data import ItemData, ReportData
    from voting.words import Lang


def extract_report(files: Mapping[str, bytes], name: str) -> bytes:
    """Typeset what an assessment's record says of one of its subjects.

    Args:
        files: A record's; verify it first.

    Raises:
        InputError: ``not-assessed``: nobody of that name stands in an assessment of the record.
    """
    language = decode_meeting(files[MEETING]).language
    return typeset_report(of_subject(data_of(files), name), language)


def data_of(files: Mapping[str, bytes], lang: Lang | None = None) -> ReportData:
    """Return what the forms of a verified record print; None is the meeting's language."""
    meeting, lines = decode_meeting(files[MEETING]), decode_ledger(files[LEDGER])
    counted = (one.slot for one in fold(meeting, lines).rounds.values() if one.proofs is not None)
    opened = {slot: opened_of(files[archive_path(slot)]) for slot in counted}
    return report_data(meeting, lines, opened, files[RESULT], lang=lang)


def of_subject(data: ReportData, name: str) -> ReportData:
    """Return the forms' data with one subject's lines alone. Raises InputError ``not-assessed``."""
    rounds = [
        {**one, "items": items, "entries": []}
        for one in data["rounds"]
        if (items := _items(one["items"], name))
    ]
    sums = [
        {**one, "items": items} for one in data["sums"] if (items := _items(one["items"], name))
    ]
    if not rounds:
        raise InputError("not-assessed", name=name)
    return {**data, "rounds": rounds, "sums": sums}  # type: ignore[typeddict-item]


def _items(items: list[ItemData], name: str) -> list[ItemData]:
    """Return the items that assess the person, each with his lines and his flags."""
    found: list[ItemData] = []
    for item in items:
        grid = item["grid"]
        scales = [
            {**scale, "subjects": mine}
            for scale in (grid["scales"] if grid is not None else ())
            if (mine := [one for one in scale["subjects"] if one["name"] == name])
        ]
        if grid is not None and scales:
            flags = [one for one in grid["flags"] if one.startswith(f"{name}{APART}")]
            found.append({**item, "grid": {"scales": scales, "flags": flags}})  # type: ignore[typeddict-item]
    return found
