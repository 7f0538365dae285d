"""Who is in the room, by class and series; who is recused; who may vote on which items.

The fold knows people only by the salted digest of their lines, one for the whole meeting, so
that nobody can sign in twice and a recused person who leaves is not subtracted twice. Of a group
that is counted and not named it knows a number; nobody in it can be recused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voting.errors import RefusedError
from voting.meeting.state import Counted, Presence, RoundState, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voting.meeting.frozen import Meeting
    from voting.rules import Rule


def attend(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Sign in and draw in one motion; with a void series, draw again from another."""
    line, cls, series = body["line"], body["class"], body["series"]
    _check_series(meeting, state, cls, series)
    known = state.people.get(line)
    if known is None:
        _check_on_roll(meeting, state, cls, line)
    elif not (known.here and known.cls == cls and known.series in state.void_series):
        raise RefusedError("already-present" if known.here else "left-before")
    return _with(state, line, Presence(cls, series, here=True))


def leave(_meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Go out. The ticket stays active in slots not yet opened until it is withdrawn."""
    return _with(state, body["line"], replace(_known(state, body, here=True), here=False))


def come_back(_meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Come in again."""
    return _with(state, body["line"], replace(_known(state, body, here=False), here=True))


def present(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Set how many of a counted group are in the room; each drew one ticket of the series."""
    name, series, count = body["group"], body["series"], body["count"]
    group = meeting.groups.get(name)
    if group is None:
        raise RefusedError("unknown-group", group=name)
    if count > group.count:
        raise RefusedError("group-full", group=name, people=group.count)
    known = state.counted.get(name)
    held = group.series if known is None else known.series
    _check_group_series(meeting, state, held, series)
    now = Counted(group.cls, series, count)
    if now == (known or Counted(group.cls, held, 0)):
        raise RefusedError("count-unchanged", group=name, count=count)
    return replace(state, counted={**state.counted, name: now})


def correct(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Undo wrong sign-ins as if they had not been, sign in who was forgotten, set counts."""
    if not body["leave"] and not body["attend"] and not body["present"]:
        raise RefusedError("empty-correction")
    for one in body["leave"]:
        _known(state, one, here=True)
        people = {line: who for line, who in state.people.items() if line != one["line"]}
        state = replace(state, people=people)
    for one in body["attend"]:
        state = attend(meeting, state, one)
    for one in body["present"]:
        state = present(meeting, state, one)
    return state


def recuse(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Enter a recusal from one item, while no round of it is open or was held.

    Also somebody absent may be recused: the base under recusal counts him.
    """
    recused = _recusable(meeting, state, body)
    if body["line"] in recused:
        raise RefusedError("already-recused", item=body["item"])
    changed = recused | {body["line"]}
    return replace(state, recusals={**state.recusals, body["item"]: changed})


def unrecuse(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Take a recusal back, under the same condition."""
    recused = _recusable(meeting, state, body)
    if body["line"] not in recused:
        raise RefusedError("not-recused", item=body["item"])
    changed = recused - {body["line"]}
    return replace(state, recusals={**state.recusals, body["item"]: changed})


def leaves_vote(rule: Rule) -> bool:
    """Say whether a recused member leaves the vote, or only the deliberation."""
    return rule.recusal_effect == "leaves-vote"


def voters_out(meeting: Meeting, state: State, item: str) -> frozenset[str]:
    """Return the lines of those who must not vote on an item."""
    if not leaves_vote(meeting.rule_of(item)):
        return frozenset()
    return state.recusals.get(item, frozenset())


def eligible(meeting: Meeting, state: State, items: Iterable[str]) -> Counter[str | None]:
    """Count by series those in the room who may vote on all of these items.

    The items are under one rule. Under None stand those who are owed a ticket and have none, or
    one of a void series.
    """
    listed = tuple(items)
    out = frozenset[str]().union(*(voters_out(meeting, state, item) for item in listed))
    voters = meeting.rule_of(listed[0]).voters
    found: Counter[str | None] = Counter(
        None if one.series in state.void_series else one.series
        for line, one in state.people.items()
        if one.here and one.cls in voters and line not in out
    )
    for group in state.counted.values():
        if group.count and group.cls in voters:
            found[None if group.series in state.void_series else group.series] += group.count
    return found


def _recusable(meeting: Meeting, state: State, body: Mapping[str, Any]) -> frozenset[str]:
    item = body["item"]
    if item not in meeting.items:
        raise RefusedError("unknown-item", item=item)
    held = state.round_of(item)
    if held is not None:
        code = "item-open" if held.state is RoundState.OPEN else "item-voted"
        raise RefusedError(code, item=item)
    known = state.people.get(body["line"])
    if known is None:
        _check_on_roll(meeting, state, body["class"], body["line"])
    elif known.cls != body["class"]:
        raise RefusedError("not-signed-in")
    return state.recusals.get(item, frozenset())


def _check_on_roll(meeting: Meeting, state: State, cls: str, line: str) -> None:
    """Refuse one person more than the roll has; the recused are members, present or not."""
    seen = {name for name, one in state.people.items() if one.cls == cls}
    if cls == "member":
        seen = seen.union(*state.recusals.values())
    size = meeting.roll.of_class(cls)
    if len(seen | {line}) > size:
        raise RefusedError("roll-full", cls=cls, on_roll=size)


def _known(state: State, body: Mapping[str, Any], *, here: bool) -> Presence:
    known = state.people.get(body["line"])
    if known is None or (known.cls, known.series) != (body["class"], body["series"]):
        raise RefusedError("not-signed-in")
    if known.here is not here:
        raise RefusedError("not-present" if here else "already-present")
    return known


def _check_series(meeting: Meeting, state: State, cls: str, series: str | None) -> None:
    if series is None:
        return
    if not any(cls in rule.voters for rule in meeting.rules.values()):
        raise RefusedError("no-vote", cls=cls)
    if series not in meeting.series:
        raise RefusedError("unknown-series", series=series)
    if series in state.void_series:
        raise RefusedError("series-void", series=series)
    if meeting.group_of(series) is not None:
        raise RefusedError("counted-series", series=series)


def _check_group_series(meeting: Meeting, state: State, held: str, series: str) -> None:
    """Demand the series that the group holds; once that is void, one that is no group's own."""
    if series not in meeting.series:
        raise RefusedError("unknown-series", series=series)
    if series in state.void_series:
        raise RefusedError("series-void", series=series)
    if series == held:
        return
    if held not in state.void_series or meeting.group_of(series) is not None:
        raise RefusedError("not-own-series", series=series, held=held)


def _with(state: State, line: str, presence: Presence) -> State:
    return replace(state, people={**state.people, line: presence})
