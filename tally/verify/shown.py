"""What a verified record shows of an item: who stood, how many were for whom, what was decided.

Of a recommendation and of an examination's assessment, every item on the same post counts. Read
from ``result.json`` (docs/spec/record.md) and the names in ``meeting.json``. Where groups voted
apart, an item has a round for each and their counts are added; rounds that were void show nothing;
of a contest's rounds the last one says how it ended, and whoever was out in any of them failed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from voting.errors import RefusedError
from voting.meeting.draft_chain import post_of, standing
from voting.rules.earlier import RECOMMENDING, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Item, Meeting

Votes = dict[str, int]
"""By name, how many were for him."""


def shown_of(meeting: Meeting, result: bytes, item: str) -> Shown:
    """Return what a record shows of one item; of a recommendation, of all its items on that post.

    So too of an assessment that names a post: who was examined for it may stand on several grids.

    Args:
        result: ``result.json``, verified.

    Raises:
        RefusedError: ``earlier-item``: the record has no such item.
    """
    asked = meeting.items.get(item)
    if asked is None:
        raise RefusedError("earlier-item", item=item)
    kind = meeting.rules[asked.rule].kind
    rounds = _rounds(result, item)
    votes: Votes = {}
    names: list[str] = []
    for one in _together(meeting, asked):
        names += standing(one)
        for held in _rounds(result, one.id):
            for name, count in _names(meeting, one, held).items():
                votes[name] = votes.get(name, 0) + count
    return Shown(
        kind=kind,
        date=meeting.date,
        decision=_decision([one["decision"] for one in rounds]),
        post=post_of(asked),
        question=asked.question,
        names=tuple(names) or tuple(votes),
        votes=votes,
        base=sum(_base(one) for one in rounds),
        failed=frozenset(name for one in rounds for name in _failed(asked, one)),
    )


def _together(meeting: Meeting, item: Item) -> list[Item]:
    """Return the item; of a recommendation or an examination, every item on the same post."""
    kind = meeting.rules[item.rule].kind
    kinds = RECOMMENDING if kind in RECOMMENDING else {kind}
    if kind not in RECOMMENDING and not (kind == "assessment" and post_of(item)):
        return [item]
    return [
        one
        for one in meeting.items.values()
        if post_of(one) == post_of(item) and meeting.rules[one.rule].kind in kinds
    ]


def _rounds(result: bytes, item: str) -> list[Mapping[str, Any]]:
    """Return the evaluations of an item's rounds that were not void, in the order of opening."""
    return [
        one["evaluation"]
        for outcome in json.loads(result)["rounds"]
        for one in outcome["items"]
        if one["item"] == item and one["evaluation"] is not None
    ]


def _decision(decisions: list[str]) -> str | None:
    """Return the last round's decision; of groups apart, one that was recorded is enough."""
    if "recorded" in decisions:
        return "recorded"
    return decisions[-1] if decisions else None


def _names(meeting: Meeting, item: Item, evaluation: Mapping[str, Any]) -> Votes:
    if not evaluation["opened"]:
        return {}
    if item.contest is None:
        return {item.candidate: evaluation["figures"]["counts"].get("agree", 0)}
    said = {one.id: one.name for one in getattr(item.contest, "names", ())}
    roster = meeting.rosters.get(getattr(item.contest, "roster", ""))
    if roster is not None:
        said = {str(number): one.label for number, one in enumerate(roster.names, 1)}
    return {said.get(one["id"], one["id"]): one["votes"] for one in evaluation.get("names", ())}


def _base(evaluation: Mapping[str, Any]) -> int:
    """Return the valid ballots of a round that was opened."""
    if not evaluation["opened"]:
        return 0
    figures = evaluation["figures"]
    counts = figures["counts"]  # of a recommendation for a post they are by ask
    asked = [counts, counts.get("")]
    invalid: int = sum(one.get("invalid", 0) for one in asked if isinstance(one, dict))
    return int(figures["returned"]) - invalid


def _failed(item: Item, evaluation: Mapping[str, Any]) -> set[str]:
    if item.contest is None:
        return {item.candidate} if evaluation["decision"] == "not_passed" else set()
    said = {one.id: one.name for one in getattr(item.contest, "names", ())}
    out = [one["id"] for one in evaluation.get("names", ()) if one["result"] == "out"]
    return {said[ident] for ident in out if ident in said}
