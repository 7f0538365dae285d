"""What the items of a round ask, as data for screens: names and seats, a roster, a grid's size.

Everything is frozen or in the ledger, so everybody may see it. Of a roster only its title and its
number of people are told: up to 1,500 names are no line on a screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.server.services.estimate import ITEM
from voting.meeting.contests import FromRoster, Grid
from voting.meeting.draft_contest import contest_of
from voting.meeting.questions import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voting.meeting.contests import Contest
    from voting.meeting.draft import Draft
    from voting.meeting.frozen import Meeting
    from voting.rules import Rule
    from voting.rules.shapes import Standing

Json = dict[str, object]

LISTED: Final = 2
CELL: Final = 3
FOUND: Final = 20
"""Seconds: for a name that is read over, a cell of a grid, a name that has to be searched."""


def contest_json(meeting: Meeting, item: str, standing: Standing | None = None) -> Json | None:
    """Return what an item asks in a round; None where it takes one mark."""
    contest = meeting.items[item].contest
    if isinstance(contest, Grid):
        return {
            "type": "grid",
            "subjects": [one.name for one in contest.subjects],
            "aspects": [one.title for one in contest.aspects],
        }
    if isinstance(contest, FromRoster):
        roster = meeting.rosters[contest.roster]
        return {
            "type": "roster",
            "seats": contest.seats,
            "title": roster.title,
            "people": len(roster.names),
        }
    if contest is None:
        return None
    ids = contest.ids if standing is None else standing.names
    current = {one.id: one.current for one in contest.names}
    return {
        "type": "names",
        "seats": contest.seats if standing is None else standing.seats,
        "names": [
            {"name": name_of(meeting, item, one), "current": current.get(one, "")} for one in ids
        ],
        "why": "first" if standing is None else standing.why,
        "outside": standing is None and contest.write_in is not None,
    }


def contests_json(
    meeting: Meeting, items: Iterable[str], standings: Mapping[str, Standing]
) -> dict[str, Json]:
    """Return what the items ask, by id; of one mark nothing is said."""
    found = {item: contest_json(meeting, item, standings.get(item)) for item in items}
    return {item: one for item, one in found.items() if one is not None}


def seconds_of(meeting: Meeting, items: Iterable[str], standings: Mapping[str, Standing]) -> int:
    """Return how long the marks of a paper's items take."""
    return sum(
        _seconds(meeting.items[item].contest, meeting.rule_of(item), standings.get(item))
        for item in items
    )


def seconds_of_draft(draft: Draft) -> int:
    """Return how long the marks of all items of a draft take."""
    return sum(
        _seconds(contest_of(item, draft.rules[item.rule]), draft.rules[item.rule], None)
        for item in draft.items
    )


def _seconds(contest: Contest | None, rule: Rule, standing: Standing | None) -> int:
    """Return how long an item takes: a mark for each who is asked, else names to be looked over."""
    if contest is None:
        return ITEM
    if isinstance(contest, Grid):
        return CELL * len(contest.subjects) * len(contest.aspects)
    if isinstance(contest, FromRoster):
        return FOUND * contest.seats
    names = len(contest.names) if standing is None else len(standing.names)
    each = rule.kind == "election" or (rule.kind == "contested" and rule.ballot == "each")
    return ITEM * names if each else ITEM + LISTED * names
