"""What all groups gave an item together, where each was counted apart (民主推荐情况汇总表).

The sum is evaluated as one box of all their ballots, by the same rule, so that shares and flags of
the whole are the rule's too. Every group's own numbers are printed beside it: a sum tells no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tally.outcome import counts_in
from tally.record.form_items import item_data, options_of
from voting.meeting.binding import by_series
from voting.meeting.marks import evaluate_round
from voting.meeting.questions import shape_of
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import GroupNumbers, Numbers
from voting.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tally.outcome import Opened
    from tally.report.data import SumData
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round, State
    from voting.rules.evaluation import Evaluation

    Part = tuple[Round, Mapping[str, Any], Evaluation]


def sums_data(
    meeting: Meeting, state: State, opened: Mapping[str, Opened], numbers: Mapping[str, int]
) -> list[SumData]:
    """Return the sums of the items that more than one group answered apart, by rule."""
    parts = _parts(meeting, state, opened)
    sums: list[SumData] = []
    for rule in meeting.rules.values():
        rows = []
        for item in (one for one in meeting.items if meeting.items[one].rule == rule.id):
            mine = parts.get(item, [])
            whole = _summed(meeting, item, mine) if len(mine) > 1 else None
            if whole is None:
                continue
            counts, evaluation = whole
            titled = [(voters(meeting, one), said) for one, _, said in mine]
            rows.append(item_data(meeting, item, numbers[item], counts, evaluation, parts=titled))
        if rows:
            sums.append(
                {
                    "kind": rule.kind,
                    "rule": rule.title[meeting.language],
                    "options": options_of(meeting, rule),
                    "items": rows,
                }
            )
    return sums


def voters(meeting: Meeting, one: Round) -> str:
    """Return the titles of the series that voted; empty unless the groups vote apart."""
    if not by_series(meeting, one.items):
        return ""
    return listed((meeting.series[series].title for series in one.series), meeting.language)


def added(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of counts of one shape: numbers added, words by their text."""
    total: dict[str, Any] = {}
    for key in dict.fromkeys(key for part in parts for key in part):
        values = [part[key] for part in parts if key in part]
        if isinstance(values[0], int):
            total[key] = sum(values)
        elif isinstance(values[0], list):
            votes = added([{one["text"]: one["votes"] for one in row} for row in values])
            total[key] = [{"text": text, "votes": votes[text]} for text in sorted(votes)]
        else:
            total[key] = added(values)
    return total


def _parts(meeting: Meeting, state: State, opened: Mapping[str, Opened]) -> dict[str, list[Part]]:
    """Return by item the rounds of its groups whose counts were recorded."""
    parts: dict[str, list[Part]] = {}
    for one in state.rounds.values():
        if one.slot not in opened or not by_series(meeting, one.items):
            continue
        counts = counts_in(meeting, one, opened[one.slot])
        for item, evaluation in evaluate_round(meeting, one, counts).items():
            if evaluation.decision == "recorded":
                parts.setdefault(item, []).append((one, counts[item], evaluation))
    return parts


def _summed(
    meeting: Meeting, item: str, parts: Sequence[Part]
) -> tuple[dict[str, Any], Evaluation] | None:
    """Return the added counts and what the rule says of them as one box; None: nothing."""
    rounds = [one for one, _, _ in parts]
    issued = sum(one.issued for one in rounds)
    # The quorum was each round's: here nothing depends on who was in the room when.
    due = max(issued, *(one.due for one in rounds))
    numbers = Numbers(
        due=due,
        present_at_open=due,
        present_at_seal=due,
        issued=issued,
        returned=sum(one.returned or 0 for one in rounds),
        groups=_groups(meeting, rounds),
    )
    counts = added([row for _, row, _ in parts])
    evaluation = evaluate_item(meeting.rule_of(item), shape_of(meeting, item), numbers, counts)
    return (counts, evaluation) if evaluation.decision == "recorded" else None


def _groups(meeting: Meeting, rounds: Iterable[Round]) -> dict[str, GroupNumbers]:
    here = [ident for one in rounds for ident in one.groups_at_open]
    counts = {ident: meeting.groups[ident].count for ident in here}
    return {ident: GroupNumbers(count, count, count) for ident, count in counts.items()}
