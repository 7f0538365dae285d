"""An act in the words of the person who is asked to sign it.

What is said here was checked by this device before (``officer``, ``trustee``); it is made from the
frozen meeting and the state that the act leads to, never from a sentence of the server's. Numbers
that only people can check, heads and who is in the room, are therefore in every text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.device.wording_contests import (
    asked_lines,
    counted_lines,
    reading_lines,
    roster_lines,
)
from voting.crypto.hashing import code_80bits
from voting.meeting.marks import evaluate_round
from voting.meeting.rounds import checkpoint_of
from voting.words import Word, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kiosk.device.certifying import ReadText
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act
    from voting.meeting.state import Round, State
    from voting.rules.shapes import Standing
    from voting.words import Lang

Counts = dict[str, dict[str, Any]]
"""By item, as ``marks.counts_of`` gives them."""

ROUND_ACTS = frozenset(
    {"open", "seal", "no-objection", "compared", "reading", "certify", "release", "void"}
)


def act_text(
    meeting: Meeting,
    after: State,
    act: Act,
    lang: Lang,
    *,
    counts: Counts | None = None,
    trackers: Sequence[str] = (),
    ended: Sequence[str] = (),
    read: Sequence[ReadText] = (),
) -> str:
    """Return what an act says and does, line by line.

    Args:
        after: The state that the act leads to.
        counts: What this device read out of the verified archive; for ``certify`` only.
        trackers: Of the sealed box as this device read it; for ``no-objection`` only.
        ended: Items whose next round is given up by it; for ``release`` only.
        read: What every text of the box is read as, opened with the verified archive; for
            ``reading`` only.
    """
    if act.kind == "freeze":
        lines = [*_meeting(meeting, lang)]
    elif act.kind in ROUND_ACTS:
        one = after.rounds[act.body["slot"]]
        lines = [*_round(meeting, after, one, act, lang)]
        if counts is not None:
            lines += _decisions(meeting, one, counts, lang)
        lines += reading_lines(meeting, read, lang)
        lines += [say("sign.tracker", lang, tracker=tracker) for tracker in trackers]
        lines += [say("sign.release.ends", lang, item=item) for item in ended]
    else:
        named = f"{act.kind}-missing" if act.body.get("missing") else act.kind
        lines = [say(f"sign.{named}", lang, **_plain(act))]
    return "\n".join([*lines, say("sign.at", lang, at=act.at)])


def meeting_text(meeting: Meeting, lang: Lang) -> str:
    """Return the main facts of a meeting about to be frozen, its fingerprint first."""
    return "\n".join(_meeting(meeting, lang))


def key_code(key: str) -> str:
    """Return an officer's public key (64 hex digits) as people compare it: its first 80 bits."""
    return code_80bits(key)


def _meeting(meeting: Meeting, lang: Lang) -> Iterator[str]:
    yield say("sign.freeze", lang, code=meeting.code)
    yield say(
        "sign.freeze.title",
        lang,
        title=meeting.title,
        body=meeting.body,
        number=meeting.number,
        date=meeting.date,
    )
    roll = meeting.roll
    yield say(
        "sign.freeze.roll",
        lang,
        due=roll.due,
        alternates=roll.alternates,
        attendees=roll.attendees,
        floor=meeting.floor,
        quota=meeting.spoil_quota,
    )
    for one in meeting.groups.values():
        title, count, series = one.title, one.count, one.series
        yield say("sign.freeze.group", lang, title=title, count=count, series=series)
    yield say("sign.freeze.items", lang, number=len(meeting.items))
    yield from _questions(meeting, tuple(meeting.items), lang, {})
    yield from roster_lines(meeting, lang)
    for rule in meeting.rules.values():
        due = meeting.due_under(rule)
        yield say("sign.freeze.rule", lang, title=rule.title[lang], id=rule.id, due=due)
    printed = [f"{one.title} {one.printed}" for one in meeting.series.values()]
    yield say("sign.freeze.series", lang, series=printed)
    for officer in meeting.officers.values():
        key = say("sign.pen", lang) if officer.key is None else key_code(officer.key)
        role = say(f"role.{officer.role}", lang)
        yield say("sign.freeze.officer", lang, role=role, name=officer.name, key=key)
    names, threshold = meeting.trustees.names, meeting.trustees.threshold
    yield say("sign.freeze.trustees", lang, names=names, size=len(names), threshold=threshold)


def _questions(
    meeting: Meeting,
    items: Sequence[str],
    lang: Lang,
    standings: Mapping[str, Standing] | None = None,
) -> Iterator[str]:
    """Say what is asked; with ``standings``, even an empty one, who stands and for what."""
    for item in items:
        yield say("sign.item", lang, item=item, question=meeting.items[item].question)
        if standings is not None:
            yield from asked_lines(meeting, item, standings.get(item), lang)


def _round(meeting: Meeting, after: State, one: Round, act: Act, lang: Lang) -> Iterator[str]:
    slot, body = one.slot[:8], act.body
    match act.kind:
        case "open":
            yield say(
                "sign.open",
                lang,
                slot=slot,
                round=one.number,
                series=one.series,
                due=one.due,
                present=one.present_at_open,
                issued=one.issued,
            )
        case "seal":
            yield say(
                "sign.seal",
                lang,
                slot=slot,
                heads=one.heads,
                returned=one.returned,
                issued=one.issued,
                present=one.present_at_seal,
                spoiled=after.spoils,
            )
            if one.override:
                yield say("sign.seal.override", lang)
            yield say(f"sign.seal.{one.state}", lang)
        case "no-objection":
            code = code_80bits(checkpoint_of(meeting, one).digest)
            yield say("sign.no-objection", lang, slot=slot, returned=one.returned, code=code)
        case "compared":
            code = code_80bits(body["checkpoint"])
            yield say("sign.compared", lang, slot=slot, code=code, missing=body["missing"])
        case "reading":
            yield say("sign.reading", lang, slot=slot, number=len(body["entries"]))
        case "release":
            visibility = Word(f"value.visibility.{meeting.rules[one.rule].visibility}")
            yield say("sign.release", lang, slot=slot, visibility=visibility)
        case "void":
            yield say("sign.void", lang, slot=slot, reason=body["reason"])
            yield from _pen(body["pen"], lang)
        case "certify":
            name = meeting.officers[body["officer"]].name
            code = code_80bits(body["outcome"])
            yield say("sign.certify", lang, slot=slot, name=name, code=code)
            yield from _pen(body["pen"], lang)
    if act.kind not in ("certify", "reading"):
        standings = one.standings if act.kind == "open" else None
        yield from _questions(meeting, one.items, lang, standings)


def _decisions(meeting: Meeting, one: Round, counts: Counts, lang: Lang) -> Iterator[str]:
    for item, evaluation in evaluate_round(meeting, one, counts).items():
        question = meeting.items[item].question
        decision = Word(f"decision.{evaluation.decision}")
        if meeting.items[item].contest is not None:
            yield say("sign.outcome", lang, item=item, question=question, decision=decision)
            yield from counted_lines(meeting, item, evaluation, lang)
            continue
        rule = meeting.rule_of(item)
        words = [f"{meeting.word(rule, option)} {n}" for option, n in counts[item].items()]
        yield say(
            "sign.decision", lang, item=item, question=question, counts=words, decision=decision
        )


def _pen(pen: Mapping[str, str] | None, lang: Lang) -> Iterator[str]:
    if pen is not None:
        yield say("sign.by-pen", lang, page=code_80bits(pen["page"]))


def _plain(act: Act) -> dict[str, object]:
    """Return the parameters of an act that is about no round."""
    body = act.body
    if act.kind == "correct":
        return {
            "leave": len(body["leave"]),
            "attend": len(body["attend"]),
            "present": [f"{one['group']} {one['count']}" for one in body["present"]] or "0",
            "reason": body["reason"],
        }
    return dict(body)
