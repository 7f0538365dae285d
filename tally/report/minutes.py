"""会议记录 (F19), its part on the vote: the words behind the ledger's digests, to be signed.

Who was there, who introduced, spoke and when, who went out for a recusal and under which base, item
by item, with a line each for chair and recorder to sign. It names people, so it is made from the
files that lie outside the record and is part of nothing: names and ballots do not meet. Whoever
makes it has first held those files against the ledger (``verify_minutes``), so that the words that
two people sign are the ones that were entered in the room.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from voting.meeting.chain import LOCAL
from voting.meeting.minutes import Spoken
from voting.rules.describe import describe_value
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.minutes import Told
    from voting.meeting.roll import Entry
    from voting.words import Lang

Rows = list[tuple[str, str]]
"""What a line is, and its words."""
_SIGN: Final = ("chair", "recorder")


@dataclass(frozen=True, slots=True)
class Section:
    """The meeting, an item, or what is about no item."""

    title: str
    rows: Rows


def minutes_sections(
    meeting: Meeting,
    lines: Sequence[Line],
    roll: Sequence[Entry],
    told: Sequence[Told],
    lang: Lang = "zh",
) -> list[Section]:
    """Return what the minutes say, section by section.

    Args:
        told: The lines of ``minutes.jsonl``, which ``verify_minutes`` held against ``lines``.
    """
    asked = list(enumerate(meeting.items.values(), 1))
    items = [
        Section(f"{n}. {one.question}", list(_of_item(meeting, lines, told, one.id, lang)))
        for n, one in asked
    ]
    remarks = [one for one in told if one.kind == "minute" and one.item is None]
    rest = list(_lines(lines, remarks, lang))
    last = [Section(say("minutes.other", lang), rest)] if rest else []
    return [Section(meeting.title, _head(meeting, lines, roll, told, lang)), *items, *last]


def minutes_text(sections: Sequence[Section], lang: Lang = "zh") -> Iterator[str]:
    """Yield the minutes line by line, to be read on a terminal or kept as a text."""
    for one in sections:
        yield one.title
        yield from (say("minutes.row", lang, what=what, words=words) for what, words in one.rows)
        yield ""
    for role in _SIGN:
        name = say(f"report.role-{role}", lang)
        yield say("minutes.row", lang, what=name, words=say("minutes.to-sign", lang))


def typeset_minutes(
    meeting: Meeting, sections: Sequence[Section], code: str, lang: Lang = "zh"
) -> bytes:
    """Return the minutes as one PDF/A-2u, every page numbered.

    Args:
        code: The 16 symbols of the record's result, printed on every page.
    """
    from tally.report.typeset import compile_pdf

    data = {
        "title": say("minutes.title", lang, body=meeting.body),
        "lang": lang,
        "secrecy": meeting.secrecy,
        "sections": [{"title": one.title, "rows": one.rows} for one in sections],
        "sign": [say(f"report.role-{role}", lang) for role in _SIGN],
        "note": say("minutes.note", lang),
        "code": say("minutes.code", lang, code=code),
    }
    return compile_pdf("minutes", data, date=meeting.date, tagged=True)


def _head(
    meeting: Meeting,
    lines: Sequence[Line],
    roll: Sequence[Entry],
    told: Sequence[Told],
    lang: Lang,
) -> Rows:
    here = _signed_in(lines, told)
    there = [_at(one.person.label, here[one.digest], lang) for one in roll if one.digest in here]
    voting = [one for one in roll if one.person.cls != "attendee"]  # who attends signs nothing
    absent = [one.person.label for one in voting if one.digest not in here]
    rows = [
        ("minutes.when", f"{meeting.date} {meeting.number}".strip()),
        *((f"report.role-{one.role}", one.name) for one in meeting.officers.values()),
        ("minutes.due", str(meeting.roll.due)),
        ("minutes.there", say("minutes.list", lang, names=there)),
        ("minutes.absent", say("minutes.list", lang, names=absent)),
    ]
    bodies = [line.act.body for line in lines if line.act.kind == "present"]
    counted = {body["group"]: body["count"] for body in bodies}
    groups = [(meeting.groups[one].title, str(count)) for one, count in counted.items()]
    came = [one for one in told if one.kind in {"leave", "return", "correct"}]
    named = [(say(what, lang), words) for what, words in rows if words]
    return [*named, *groups, *_lines(lines, came, lang)]


def _signed_in(lines: Sequence[Line], told: Sequence[Told]) -> dict[str, str]:
    """Return by line digest when somebody signed in, as corrections left it."""
    here: dict[str, str] = {}
    for one in told:
        act = lines[one.height].act
        undone = act.kind == "correct" and one.behind.digest in _undone(act.body)
        if undone:
            here.pop(one.behind.digest, None)
        elif act.kind in {"attend", "correct"}:
            here[one.behind.digest] = _clock(lines[one.height])
    return here


def _of_item(
    meeting: Meeting, lines: Sequence[Line], told: Sequence[Told], item: str, lang: Lang
) -> Iterator[tuple[str, str]]:
    mine = [one for one in told if one.item == item]
    yield from _lines(lines, mine, lang)
    if any(one.kind == "recuse" for one in mine):
        rule = meeting.rules[meeting.items[item].rule]
        for clause, value in (
            ("recusal-effect", rule.recusal_effect),
            ("recusal-base", rule.recusal_base),
        ):
            yield say(f"clause.{clause}", lang), describe_value(clause, value, lang)


def _lines(lines: Sequence[Line], told: Sequence[Told], lang: Lang) -> Iterator[tuple[str, str]]:
    for one in told:
        line, behind = lines[one.height], one.behind
        if isinstance(behind, Spoken):
            what = say(f"minutes.what.{behind.what}", lang)
            words = "　".join(part for part in (behind.who, behind.text) if part)
            late = line.act.body["late"]
        else:
            undone = one.kind == "correct" and behind.digest in _undone(line.act.body)
            what = say(f"minutes.act.{'undone' if undone else one.kind}", lang)
            words, late = behind.person.label, False
        said = _at(words, _clock(line), lang)
        yield what, say("minutes.late", lang, words=said) if late else said


def _undone(body: Mapping[str, Any]) -> set[str]:
    return {one["line"] for one in body["leave"]}


def _at(words: str, time: str, lang: Lang) -> str:
    return say("minutes.at", lang, words=words, time=time)


def _clock(line: Line) -> str:
    """Return the hour and minute in the room; every named act bears a time."""
    at = line.act.at
    return "" if at is None else f"{datetime.fromisoformat(at).astimezone(LOCAL):%H:%M}"
