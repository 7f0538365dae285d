"""Rounds of contests and grids as the forms print them, evaluated by the rules of the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tally.record.form_entries import entries_data
from tally.record.form_items import item_data
from tests.support.meeting import make_meeting
from tests.support.reports import a_round, report
from voting.meeting.draft import read_draft
from voting.meeting.questions import shape_of
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tally.report.data import ItemData, ReportData, RoundData
    from voting.meeting.frozen import Meeting
    from voting.meeting.readings import Reading
    from voting.rules.evaluation import Evaluation
    from voting.rules.shapes import Standing


def meeting_of(text: str) -> Meeting:
    """The frozen meeting of a draft."""
    return make_meeting(read_draft(text))[0]


def evaluated(
    meeting: Meeting,
    item: str,
    counts: Mapping[str, Any] | None,
    *,
    returned: int,
    standing: Standing | None = None,
    due: int = 60,
) -> Evaluation:
    """What the item's rule says of counts, with everybody due in the room."""
    numbers = Numbers(
        due=due, present_at_open=due, present_at_seal=due, issued=returned, returned=returned
    )
    shape = shape_of(meeting, item, standing)
    return evaluate_item(meeting.rule_of(item), shape, numbers, counts, floor=returned + 1)


def form_item(
    meeting: Meeting,
    item: str,
    counts: Mapping[str, Any] | None,
    *,
    returned: int,
    standing: Standing | None = None,
    due: int = 60,
) -> ItemData:
    """The item as the forms print it."""
    said = evaluated(meeting, item, counts, returned=returned, standing=standing, due=due)
    number = list(meeting.items).index(item) + 1
    return item_data(meeting, item, number, counts, said, standing=standing)


def form_round(
    meeting: Meeting,
    counts: Mapping[str, Mapping[str, Any]],
    *,
    n: int = 1,
    returned: int,
    standings: Mapping[str, Standing] | None = None,
    due: int = 60,
    reading: Reading | None = None,
    **changes: object,
) -> RoundData:
    """A round over the items that were counted."""
    rule = meeting.rule_of(next(iter(counts)))
    numbers = {item: i for i, item in enumerate(meeting.items, 1)}
    items = [
        form_item(
            meeting,
            item,
            row,
            returned=returned,
            standing=(standings or {}).get(item),
            due=due,
        )
        for item, row in counts.items()
    ]
    found = [
        entries_data(meeting, item, numbers[item], row, reading) for item, row in counts.items()
    ]
    values: dict[str, object] = {
        "kind": rule.kind,
        "rule": rule.title["zh"],
        "options": [],
        "due": due,
        "present": due,
        "leave": 0,
        "eligible": due,
        "needed": due * 2 // 3,
        "issued": returned,
        "printed": due,
        "leftover": due - returned,
        "returned": returned,
        "heads": returned,
        "valid": returned,
        "entries": [one for one in found if one is not None],
    }
    return a_round(n, items, **{**values, **changes})


def contest_report(*rounds: RoundData, **changes: object) -> ReportData:
    """The whole of a meeting's forms."""
    return {**report(list(rounds)), **changes}  # type: ignore[typeddict-item]
