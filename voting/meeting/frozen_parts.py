"""What one field of ``meeting.json`` says about another (docs/spec/meeting.md, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.errors import FormatError
from voting.meeting import shape
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
    if len({rule.kind for rule in meeting.rules.values()}) > 1:
        raise FormatError("meeting.rules", "of two kinds: a ballot has one word for an option")
    _check_options(meeting)
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
    shape.unique([one.series for one in groups], "meeting.groups")
    for one in groups:
        series = meeting.series.get(one.series)
        if series is None or series.printed < one.count:
            raise FormatError("meeting.groups", f"{one.id} has no ticket for everybody")


def _check_options(meeting: Meeting) -> None:
    used = {option for rule in meeting.rules.values() for option in rule.options}
    if list(meeting.options) != [option for option in OPTIONS if option in used]:
        raise FormatError("meeting.options", "not exactly the options of the rules, in order")
    shape.unique(list(meeting.options.values()), "meeting.options")


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
