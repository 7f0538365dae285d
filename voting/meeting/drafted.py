"""What has to fit together in a draft, each fault with its own code and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.errors import DraftError, InputError, RefusedError
from voting.meeting.draft_chain import check_chain, standing
from voting.meeting.draft_contest import check_contests, takes_words, weighable
from voting.rules.gates import check_gates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voting.meeting.draft import Draft
    from voting.meeting.roll import Person


def check_parts(draft: Draft) -> None:
    """Raise DraftError for the first part of a draft that does not fit the others."""
    _check_roll(draft)
    _check_series(draft)
    _check_alternates(draft)
    _check_items(draft)
    check_contests(draft)
    _check_rule_groups(draft)
    _check_trustees(draft)
    _check_officers(draft)
    check_chain(draft)
    _check_rehearsal(draft)


def _check_roll(draft: Draft) -> None:
    seen: dict[str, int] = {}
    named: dict[str, int] = {}
    for i, person in enumerate(draft.roll, 1):
        other = seen.setdefault(person.label, i)
        unkeyed = named.setdefault(person.name, i)
        if other != i or (unkeyed != i and not (person.key and draft.roll[unkeyed - 1].key)):
            raise DraftError(
                "name-twice", f"roll[{i}].name", name=person.name, row=min(other, unkeyed)
            )
    if not draft.due("member"):
        raise DraftError("zero-due", "roll")


def _check_series(draft: Draft) -> None:
    _unique([one.id for one in draft.series], "series")
    known = {one.id for one in draft.series}
    for i, person in enumerate(draft.roll, 1):
        if person.series is not None and person.series not in known:
            raise DraftError("unknown-series", f"roll[{i}].series", series=person.series)
    _unique([one.id for one in draft.groups], "groups")
    _unique([one.series for one in draft.groups], "groups", code="series-twice")
    for i, group in enumerate(draft.groups, 1):
        if group.series not in known:
            raise DraftError("unknown-series", f"groups[{i}].series", series=group.series)
    counted = {group.series: group.count for group in draft.groups}
    for i, person in enumerate(draft.roll, 1):
        if person.series in counted:
            raise DraftError("counted-series", f"roll[{i}].series", series=person.series)
    for i, one in enumerate(draft.series, 1):
        named = sum(person.series == one.id for person in draft.roll)
        needed = counted.get(one.id, named)
        if one.printed < needed:
            raise DraftError("too-few-tickets", f"series[{i}].printed", people=needed)


def _check_alternates(draft: Draft) -> None:
    """Alternates draw a ticket where a rule lets them vote, out of a series of their own where
    another one does not: its papers leave that series out."""
    voting = ["alternate" in rule.voters for rule in draft.rules.values()]
    members = {person.series for person in draft.members()}
    for i, person in enumerate(draft.roll, 1):
        if person.cls != "alternate":
            continue
        if any(voting) != (person.series is not None):
            code = "missing-key" if any(voting) else "no-vote"
            raise DraftError(code, f"roll[{i}].series", cls=person.cls)
        if not all(voting) and person.series in members:
            raise DraftError("series-shared", f"roll[{i}].series", series=person.series)


def _check_items(draft: Draft) -> None:
    if not draft.items:
        raise DraftError("no-items", "items")
    _unique([one.id for one in draft.items], "items")
    for i, item in enumerate(draft.items, 1):
        place = f"items[{i}]"
        if not (item.proposed or item.removed or item.question):
            raise DraftError("missing-key", f"{place}.proposed")
        try:
            check_gates(item.gates, draft.rules[item.rule].gates)
        except (RefusedError, InputError) as e:
            raise DraftError(e.code, f"{place}.gates", **e.params) from e


def _check_rule_groups(draft: Draft) -> None:
    """A rule that names groups, with a quorum or a number each, wants the meeting to have them."""
    held = {one.id: one for one in draft.groups}
    for i, item in enumerate(draft.items, 1):
        rule = draft.rules[item.rule]
        for wanted in rule.groups:
            group = held.get(wanted.id)
            if group is None:
                place = f"items[{i}].rule"
                raise DraftError("rule-group-missing", place, rule=rule.id, group=wanted.id)
            if wanted.quota not in (None, group.count):
                row = list(held).index(wanted.id) + 1
                place = f"groups[{row}].count"
                raise DraftError("rule-group-quota", place, group=wanted.id, quota=wanted.quota)


def _check_trustees(draft: Draft) -> None:
    n, t = len(draft.trustees), draft.threshold
    if t < 2 or 2 * t <= n or t > n:
        raise DraftError("bad-threshold", "trustees.threshold", threshold=t, trustees=n)
    _unique(draft.trustees, "trustees.names", code="trustee-twice")


def _check_officers(draft: Draft) -> None:
    _unique([one.id for one in draft.officers], "officers")
    people = {person.label: person for person in draft.roll}
    candidates = {name for item in draft.items for name in standing(item)}
    holders: dict[str, str] = {}
    for i, officer in enumerate(draft.officers, 1):
        place = f"officers[{i}].name"
        person = people.get(officer.name)
        if person is None:
            raise DraftError("unknown-officer", place, name=officer.name)
        if officer.id == "server" or officer.id.startswith("trustee"):
            raise DraftError("reserved-id", f"officers[{i}].id", id=officer.id)
        held = holders.setdefault(officer.name, officer.id)
        if held != officer.id and {held, officer.id} != {"secretary", "recorder"}:
            raise DraftError("two-offices", place, name=officer.name, other=held)
        if officer.role == "scrutineer":
            _check_scrutineer(draft, person, candidates, place)
    _check_roles(draft)


def _check_scrutineer(draft: Draft, person: Person, candidates: set[str], place: str) -> None:
    """A scrutineer is a voting member and no candidate; with counted groups he may only attend.

    Whoever votes among people who are counted is not named, and so could hold no office.
    """
    if {person.label, person.name} & candidates:
        raise DraftError("scrutineer-candidate", place, name=person.label)
    if person.cls != "member" and not draft.groups:
        raise DraftError("scrutineer-not-member", place, name=person.label)


def _check_roles(draft: Draft) -> None:
    roles = [officer.role for officer in draft.officers]
    for role in ("chair", "secretary"):
        if roles.count(role) != 1:
            raise DraftError("one-officer", "officers", role=role, found=roles.count(role))
    needed: dict[str, int] = {"scrutineer": 1}
    for rule in draft.rules.values():
        for signer in rule.signers:
            needed[signer.role] = max(needed.get(signer.role, 0), signer.count)
    for role, count in needed.items():
        have = sum(one == role for one in roles)
        if have < count:
            raise DraftError("too-few-officers", "officers", role=role, needed=count, found=have)
    readers = roles.count("scrutineer")
    for i, item in enumerate(draft.items, 1):
        if readers < 2 and takes_words(item, draft.rules[item.rule]):
            raise DraftError("too-few-readers", "officers", item=i, found=readers)


def _check_rehearsal(draft: Draft) -> None:
    members = {person.label for person in draft.members()}
    everybody = {person.label for person in draft.roll}
    items = {item.id for item in draft.items}
    plan = draft.rehearsal
    for name in plan.absent:
        if name not in everybody:
            raise DraftError("unknown-person", "rehearsal.absent", name=name)
    groups = {one.id: one.count for one in draft.groups}
    for group, count in plan.away.items():
        if count > groups.get(group, 0):
            raise DraftError("unknown-group", f"rehearsal.away.{group}", group=group)
    for item, names in plan.recused.items():
        if item not in items:
            raise DraftError("unknown-item", f"rehearsal.recused.{item}", item=item)
        for name in names:
            if name not in members:
                raise DraftError("unknown-person", f"rehearsal.recused.{item}", name=name)
    for item, weights in plan.weights.items():
        if item not in items and item != "default":
            raise DraftError("unknown-item", f"rehearsal.weights.{item}", item=item)
        known = weighable(draft, item, weights)
        for option in weights:
            if option not in known:
                raise DraftError("unknown-key", f"rehearsal.weights.{item}.{option}")
        if not any(weights.values()):
            raise DraftError("weights-zero", f"rehearsal.weights.{item}")


def _unique(values: Iterable[str], place: str, *, code: str = "id-twice") -> None:
    seen: set[str] = set()
    for i, value in enumerate(values, 1):
        if value in seen:
            raise DraftError(code, f"{place}[{i}]", id=value)
        seen.add(value)
