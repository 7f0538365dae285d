"""What the contests and rosters of ``meeting.json`` say about its rules (docs/spec/meeting.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.errors import FormatError
from voting.meeting.contests import (
    MAX_LISTED,
    MAX_PLACES,
    WRITE_INS,
    FromRoster,
    Grid,
    Names,
    places_of,
)
from voting.protocol.election import MAX_QUESTIONS

if TYPE_CHECKING:
    from voting.meeting.frozen import Item, Meeting
    from voting.rules import Rule

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "contested": (Names,),
    "nomination": (Names, FromRoster),
    "election": (Names,),
    "assessment": (Grid,),
}
"""By kind of rule, which contests its items have; an item of another kind has none."""


def check_contests(meeting: Meeting) -> None:
    """Raise FormatError for the first contest that is not its rule's, or roster that nobody asks.

    Also where a rule is of a kind that is no ballot.
    """
    used: set[str | None] = set()
    for i, item in enumerate(meeting.items.values()):
        _check_item(meeting, item, meeting.rules[item.rule], f"meeting.items[{i}]")
        used.add(_roster_of(item))
    for i, roster in enumerate(meeting.rosters):
        if roster not in used:
            raise FormatError(f"meeting.rosters[{i}]", "a roster that no item asks")


def _check_item(meeting: Meeting, item: Item, rule: Rule, place: str) -> None:
    if not rule.votes:
        raise FormatError(f"{place}.rule", "a rule of votes with a name, which are no ballots")
    contest, types = item.contest, _TYPES.get(rule.kind, ())
    if not isinstance(contest, types or type(None)):
        raise FormatError(f"{place}.contest", f"not what {rule.kind} asks")
    if contest is None:
        return
    if item.candidate:
        raise FormatError(f"{place}.candidate", "a candidate beside a contest")
    if isinstance(contest, Grid):
        scales = {scale.id for scale in rule.scales}
        if unknown := [one.scale for one in contest.subjects if one.scale not in scales]:
            raise FormatError(f"{place}.contest.subjects", f"{unknown[0]} is no scale of the rule")
        if len(contest.subjects) * len(contest.aspects) > MAX_QUESTIONS:
            raise FormatError(f"{place}.contest", f"more than {MAX_QUESTIONS} cells")
        return
    roster = _roster_of(item)
    if roster is not None and roster not in meeting.rosters:
        raise FormatError(f"{place}.contest", f"no roster {roster}")
    if isinstance(contest, FromRoster):
        people = len(meeting.rosters[contest.roster].names)
        if contest.seats > min(people, places_of(text=rule.write_in == "text")):
            raise FormatError(f"{place}.contest.seats", "more seats than can be given")
    else:
        _check_names(contest, rule, place)


def _check_names(contest: Names, rule: Rule, place: str) -> None:
    if rule.kind != "election" and len(contest.names) > MAX_LISTED:
        raise FormatError(f"{place}.contest.names", f"more than {MAX_LISTED} names")
    if contest.write_in is None:
        return
    asked = "text" if contest.write_in.roster is None else "roster"
    more = WRITE_INS.index(asked) > WRITE_INS.index(rule.write_in)
    if rule.kind != "election" or more:
        raise FormatError(f"{place}.contest.write_in", "names from outside are not the rule's")
    if contest.seats > MAX_PLACES:
        raise FormatError(f"{place}.contest.seats", f"more than {MAX_PLACES} names from outside")


def _roster_of(item: Item) -> str | None:
    """Return the roster that an item asks, for its names or for those from outside."""
    contest = item.contest
    if isinstance(contest, FromRoster):
        return contest.roster
    if isinstance(contest, Names) and contest.write_in is not None:
        return contest.write_in.roster
    return None
