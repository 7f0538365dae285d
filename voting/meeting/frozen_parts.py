"""What one field of ``meeting.json`` says about another (docs/spec/meeting.md, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.errors import FormatError
from voting.meeting import shape
from voting.meeting.frozen_contests import check_contests
from voting.rules.values import OPTIONS

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting

KEY_ROLES: Final[frozenset[str]] = frozenset({"secretary", "scrutineer"})
"""Roles that sign by key only; the others may sign by pen."""


def check_parts(meeting: Meeting) -> None:
    """Raise FormatError for the first part that does not fit the others."""
    used = list(dict.fromkeys(item.rule for item in meeting.items.values()))
    if sorted(used) != list(meeting.rules):
        raise FormatError("meeting.rules", "not exactly the rules of the items, sorted by id")
    _check_options(meeting)
    check_contests(meeting)
    _check_groups(meeting)
    if meeting.uuid in meeting.slots:
        raise FormatError("meeting.slots", "a slot with the meeting's own uuid")
    trustees = meeting.trustees
    n = len(trustees.names)
    if not 2 <= trustees.threshold <= n < 2 * trustees.threshold:
        raise FormatError("meeting.trustees", "threshold t of n needs 2 <= t <= n < 2t")
    if len(trustees.note_keys) != n:
        raise FormatError("meeting.trustees.note_keys", "not one key for each trustee")
    _check_officers(meeting)


def _check_groups(meeting: Meeting) -> None:
    groups = list(meeting.groups.values())
    if meeting.roll.due != meeting.roll.members + sum(one.count for one in groups):
        raise FormatError("meeting.roll", "due is not the number of members, named and counted")
    for rule in meeting.rules.values():
        for wanted in rule.groups:
            held = meeting.groups.get(wanted.id)
            if held is None or wanted.quota not in (None, held.count):
                raise FormatError("meeting.groups", f"no group {wanted.id} as {rule.id} wants it")
    shape.unique([one.series for one in groups], "meeting.groups")
    for one in groups:
        series = meeting.series.get(one.series)
        if series is None or series.printed < one.count:
            raise FormatError("meeting.groups", f"{one.id} has no ticket for everybody")


def _check_options(meeting: Meeting) -> None:
    """Every option that the rules use has its word, or one for each rule where they differ."""
    wanted: list[str] = []
    for option in OPTIONS:
        using = [rule for rule in meeting.rules.values() if option in rule.options]
        apart = [f"{rule.id}.{option}" for rule in using]
        if len({meeting.options.get(one) for one in apart} - {None}) > 1:
            wanted += apart
        elif using:
            wanted.append(option)
    if list(meeting.options) != wanted:
        raise FormatError("meeting.options", "not exactly the options of the rules, in order")
    for rule in meeting.rules.values():
        words = [meeting.word(rule, option) for option in rule.options]
        shape.unique(words, "meeting.options")


def _check_officers(meeting: Meeting) -> None:
    roles = [officer.role for officer in meeting.officers.values()]
    if roles.count("secretary") != 1 or roles.count("chair") != 1 or "scrutineer" not in roles:
        raise FormatError("meeting.officers", "needs one secretary, one chair and a scrutineer")
    for officer in meeting.officers.values():
        if officer.role in KEY_ROLES and officer.key is None:
            raise FormatError("meeting.officers", f"{officer.id} must sign by key")
        if officer.id == "server" or officer.id.startswith("trustee"):
            raise FormatError("meeting.officers", f"{officer.id} is a reserved id")
    others = {officer.key for officer in meeting.officers.values()}
    if meeting.server in others | set(meeting.trustees.note_keys):
        raise FormatError("meeting.server", "the server holds somebody else's key")
