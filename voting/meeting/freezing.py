"""From a draft and the day's keys to the bytes of ``meeting.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.errors import RefusedError
from voting.meeting.contests import contest_json, roster_json
from voting.meeting.draft_contest import contest_of
from voting.meeting.frozen import decode_meeting
from voting.meeting.frozen_chain import gate_json
from voting.meeting.roll import roll_digest
from voting.protocol import codec
from voting.rules.values import CLASSES, OPTIONS
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.meeting.draft import Draft, DraftItem, DraftOfficer, DraftSeries
    from voting.meeting.frozen import Group
    from voting.meeting.roll import Entry
    from voting.rules import Rule
    from voting.words import Lang


_TO_POST: Final = {"election": "elected", "nomination": "nominated"}
"""What a post is to somebody under a kind of rule; under the others he is proposed for it."""


def freeze(
    draft: Draft,
    *,
    uuid: str,
    slots: Sequence[str],
    roll: Sequence[Entry],
    certificates: str,
    public_key: str,
    note_keys: Sequence[str],
    officer_keys: Mapping[str, str],
    server: str,
) -> bytes:
    """Return ``meeting.json``, which reads back by ``decode_meeting``.

    Args:
        uuid: 22 fresh Base58 symbols.
        slots: ``draft.slots`` of them, as many.
        roll: The draft's roll with its salts (``voting.meeting.roll.salted``).
        certificates: SHA-256 of ``trustees.json``, hex.
        public_key: The election key's text.
        note_keys: The trustees' Ed25519 keys, in the order of the draft's names.
        officer_keys: By officer's id, the key enrolled; none for who signs by pen.
        server: The server's Ed25519 key.

    Raises:
        RefusedError: ``officer-key-missing``, ``officer-key-not-asked``, ``not-these-slots``.
        FormatError: A key or an id is not well formed.
    """
    if len(slots) != draft.slots:
        raise RefusedError("not-these-slots", slots=len(slots), wanted=draft.slots)
    _check_officer_keys(draft, officer_keys)
    lang: Lang = draft.language
    raw = codec.encode(
        {
            "version": 1,
            "uuid": uuid,
            "title": draft.title,
            "body": draft.body,
            "number": draft.number,
            "date": draft.date,
            "language": lang,
            "secrecy": draft.secrecy,
            "retention": draft.retention,
            "roll": _roll(roll, draft.groups),
            "groups": [_group(one) for one in draft.groups],
            "floor": draft.floor,
            "spoil_quota": draft.spoil_quota,
            "options": _options(draft, lang),
            "rules": {name: rule.to_json() for name, rule in sorted(draft.rules.items())},
            "items": [_item(item, draft.rules[item.rule], lang) for item in draft.items],
            "rosters": [roster_json(one) for one in draft.rosters],
            "chain": draft.chain.to_json(),
            "slots": list(slots),
            "series": [_series(one, draft.groups, lang) for one in draft.series],
            "trustees": {
                "threshold": draft.threshold,
                "names": list(draft.trustees),
                "certificates": certificates,
                "public_key": public_key,
                "note_keys": list(note_keys),
            },
            "officers": [_officer(one, officer_keys.get(one.id)) for one in draft.officers],
            "server": server,
            "mode": {"pages": draft.pages, "tickets": draft.tickets},
        }
    )
    decode_meeting(raw)
    return raw


def question(item: DraftItem, rule: Rule, lang: Lang) -> str:
    """Return what the ballot asks of an item: its own words, or composed from its fields."""
    if item.question:
        return item.question
    matters = [
        say(f"question.{name}", lang, post=post)
        for name, post in (
            ("current", item.current),
            (_TO_POST.get(rule.kind, "proposed"), item.proposed),
            ("removed", item.removed),
        )
        if post
    ]
    if item.candidate:
        return say("question.item", lang, candidate=item.candidate, matters=matters)
    return say("question.contest", lang, matters=matters)


def _options(draft: Draft, lang: Lang) -> dict[str, str]:
    """Return the words on the ballots; where rules differ in one, ``RULE.option`` for each."""
    rules = [rule for _, rule in sorted(draft.rules.items())]
    words: dict[str, str] = {}
    for option in OPTIONS:
        using = [rule for rule in rules if option in rule.options]
        said = [say(rule.option_word(option), lang) for rule in using]
        if len(set(said)) == 1:
            words[option] = said[0]
        else:
            words |= {f"{rule.id}.{option}": word for rule, word in zip(using, said, strict=True)}
    return words


def _check_officer_keys(draft: Draft, officer_keys: Mapping[str, str]) -> None:
    for officer in draft.officers:
        if not officer.pen and officer.id not in officer_keys:
            raise RefusedError("officer-key-missing", officer=officer.id)
    by_key = {one.id for one in draft.officers if not one.pen}
    if not set(officer_keys) <= by_key:
        raise RefusedError("officer-key-not-asked", officers=sorted(set(officer_keys) - by_key))


def _roll(roll: Sequence[Entry], groups: Sequence[Group]) -> dict[str, object]:
    sizes = {cls: sum(one.person.cls == cls for one in roll) for cls in CLASSES}
    return {
        "digest": roll_digest(roll),
        "due": sizes["member"] + sum(one.count for one in groups),
        "members": sizes["member"],
        "alternates": sizes["alternate"],
        "attendees": sizes["attendee"],
    }


def _group(one: Group) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "class": one.cls,
        "series": one.series,
        "count": one.count,
    }


def _officer(one: DraftOfficer, key: str | None) -> dict[str, object]:
    return {"id": one.id, "role": one.role, "name": one.name, "key": key}


def _item(item: DraftItem, rule: Rule, lang: Lang) -> dict[str, object]:
    contest = contest_of(item, rule)
    return {
        "id": item.id,
        "rule": item.rule,
        "question": question(item, rule, lang),
        "candidate": item.candidate,
        "current": item.current,
        "proposed": item.proposed,
        "removed": item.removed,
        "gates": [gate_json(gate) for gate in item.gates],
        "contest": None if contest is None else contest_json(contest),
    }


def _series(one: DraftSeries, groups: Sequence[Group], lang: Lang) -> dict[str, object]:
    """A series without a title has its group's, or the catalogue's."""
    own = next((group.title for group in groups if group.series == one.id), "")
    title = one.title or own or say("series.default-title", lang)
    return {"id": one.id, "title": title, "printed": one.printed}
