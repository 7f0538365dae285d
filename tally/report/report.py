"""The forms of a meeting: 票决结果报告单 (F16), and for every round 到会和发票报告单 (F13) and
收票报告单 (F14) (docs/spec/forms.md, version 1).

Typeset after ``result.json`` is written and before anybody certifies: the page prints the digest
of ``result.json`` and leaves lines for those who sign by pen; those who sign by key are named as
such, and their signatures are in the record. So the same record always gives the same bytes.

Everything in the data is printed as it is given, nothing is computed but comparisons of two
printed numbers (*equal*, *fewer*, *more*); what the rule said arrives as words. No name of a
voter is in it: who was on leave or recused stands in the minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.report.sentences import attendance, overview, returns, spans
from tally.report.typeset import compile_pdf, day_of
from voting.crypto.hashing import code_80bits
from voting.words import say

if TYPE_CHECKING:
    from tally.report.data import ItemData, MeetingData, OfficerData, ReportData, RoundData
    from voting.words import Lang

_ON_FIRST = ("teller", "scrutineer", "chair", "recorder")  # order of the signatures on F16
_IN_HEAD = ("chair", "scrutineer", "teller", "recorder", "secretary")
_ON_ROUND = ("scrutineer", "teller")
_LABELS = (
    "report.attendance-title",
    "report.returns-title",
    "report.secrecy",
    "report.retention",
    "report.meeting",
    "report.number",
    "report.day",
    "report.place",
    "report.officers",
    "report.code",
    "report.column-n",
    "report.column-name",
    "report.column-current",
    "report.column-proposed",
    "report.notes",
    "report.signatures",
    "report.pen",
    "report.key",
    "report.sign-here",
    "report.time",
    "report.in-force",
    "report.digests",
)


_COUNTS = ("column-agree", "column-disagree", "column-abstain")
"""Columns whose heads are the words that stood on the ballot."""


def typeset_report(report_data: ReportData, lang: Lang = "zh") -> bytes:
    """Return the forms as one PDF/A-2u; the same data give the same bytes.

    Raises:
        DraftError: ``glyph-missing`` or ``date``, at its place in the printed data.
    """
    meeting, rounds = report_data["meeting"], report_data["rounds"]
    when = day_of(meeting["date"])
    code = code_80bits(report_data["digests"]["result"])
    data: dict[str, object] = {
        "title": say("report.headline", lang, body=meeting["body"], form=_form(meeting, lang)),
        "lang": lang,
        "words": {
            **{name.removeprefix("report."): say(name, lang) for name in _LABELS},
            **dict(zip(_COUNTS, meeting["options"], strict=True)),
            "column-decision": _last_column(meeting, lang),
        },
        "page": say("report.page", lang, page="\t", pages="\t").split("\t"),
        "meeting": {
            **meeting,
            "date": say("report.date", lang, year=when.year, month=when.month, day=when.day),
        },
        "people": [_person(officer, lang) for officer in _ordered(report_data, _ON_FIRST)],
        "counters": [_person(officer, lang) for officer in _ordered(report_data, _ON_ROUND)],
        "rounds": [_round(one, lang) for one in rounds],
        "sums": _sums(report_data, lang),
        "staff": _staff(report_data, lang),
        "round-mark": say("report.round", lang, n=spans([one["n"] for one in rounds])),
        "notes": _notes(rounds, lang),
        "code": code,
        "digests": _digests(report_data, lang),
    }
    return compile_pdf("report", data, date=meeting["date"], tagged=True)


def _form(meeting: MeetingData, lang: Lang) -> str:
    decided = meeting["kind"] == "confirmation"
    return say("report.title" if decided else "report.title-recommendation", lang)


def _last_column(meeting: MeetingData, lang: Lang) -> str:
    decided = meeting["kind"] == "confirmation"
    return say("report.column-decision" if decided else "report.column-rate", lang)


def _sums(report_data: ReportData, lang: Lang) -> list[dict[str, object]]:
    """Return the last part of the table: all groups together, if they voted apart."""
    if not report_data["sums"]:
        return []
    items = [_item(item, lang) for item in report_data["sums"]]
    title = say("report.sums", lang)
    return [{"round": title, "items-title": "", "slot": "", "state": "", "items": items}]


def _ordered(report_data: ReportData, roles: tuple[str, ...]) -> list[OfficerData]:
    return [one for role in roles for one in report_data["officers"] if one["role"] == role]


def _person(officer: OfficerData, lang: Lang) -> dict[str, object]:
    key = officer["key"]
    role = say(f"report.role-{officer['role']}", lang)
    return {
        "role": role,
        "sign": say("report.sign-pen", lang, role=role),
        "name": officer["name"],
        "key": code_80bits(key) if key else None,
    }


def _round(one: RoundData, lang: Lang) -> dict[str, object]:
    numbers = [item["n"] for item in one["items"]]
    return {
        "round": say("report.round", lang, n=one["n"]),
        "heading": _heading(one, spans(numbers), lang),
        "slot": say("report.slot", lang, slot=one["slot"][:8]),
        "items-title": _items_title(one, spans(numbers), lang),
        "state": say(f"report.state-{one['state']}", lang),
        "overview": overview(one, lang),
        "attendance": attendance(one, lang),
        "returns": returns(one, lang),
        "items": [_item(item, lang) for item in one["items"]],
    }


def _heading(one: RoundData, items: list[str], lang: Lang) -> str:
    if one["voters"]:
        return say("report.round-voters", lang, n=one["n"], voters=one["voters"], items=items)
    return say("report.round-items", lang, n=one["n"], items=items)


def _items_title(one: RoundData, items: list[str], lang: Lang) -> str:
    title = say("report.items", lang, items=items)
    if one["voters"]:
        return say("report.voters-items", lang, voters=one["voters"], items=title)
    return title


def _item(item: ItemData, lang: Lang) -> dict[str, object]:
    posts = []
    if item["proposed"] and item["removed"]:
        posts.append(say("report.appointment", lang, post=item["proposed"]))
    elif item["proposed"]:
        posts.append(item["proposed"])
    if item["removed"]:
        posts.append(say("report.removal", lang, post=item["removed"]))
    return {
        "n": str(item["n"]),
        "name": item["name"],
        "current": item["current"],
        "proposed": posts,
        "counts": [_count(item["agree"]), _count(item["disagree"]), _count(item["abstain"])],
        "decision": item["decision_text"],
        "passed": item["passed"] is True,
    }


def _notes(rounds: list[RoundData], lang: Lang) -> list[dict[str, str]]:
    """Return what stands below the table, each line once, with the rounds it speaks of."""
    lines: dict[str, list[int]] = {}
    for one in rounds:
        for line in _lines(one, lang):
            lines.setdefault(line, []).append(one["n"])
    return [
        {"line": line, "rounds": _unless_all(numbers, rounds, lang)}
        for line, numbers in lines.items()
    ]


def _unless_all(numbers: list[int], rounds: list[RoundData], lang: Lang) -> str:
    return "" if len(numbers) == len(rounds) else say("report.round", lang, n=spans(numbers))


def _lines(one: RoundData, lang: Lang) -> list[str]:
    texts: dict[str, list[int]] = {}
    for item in one["items"]:
        for text in (item["base_text"], item["note"]):
            if text:
                texts.setdefault(text, []).append(item["n"])
    whole = len(one["items"])
    lines = [
        text
        if len(numbers) == whole
        else say("report.for-items", lang, items=spans(numbers), text=text)
        for text, numbers in texts.items()
    ]
    failed = [item["name"] for item in one["items"] if item["passed"] is False]
    if failed:
        lines.append(say("report.not-passed", lang, names=failed))
    if one["recused"]:
        items = spans(one["recused_items"])
        lines.append(say("report.recused", lang, count=one["recused"], items=items))
    if one["reason"]:
        lines.append(say("report.void-reason", lang, reason=one["reason"].rstrip("。.")))
    return lines


def _staff(report_data: ReportData, lang: Lang) -> list[dict[str, str]]:
    names: dict[str, list[str]] = {}
    for officer in _ordered(report_data, _IN_HEAD):
        names.setdefault(officer["role"], []).append(officer["name"])
    return [
        {"role": say(f"report.role-{role}", lang), "names": say("report.names", lang, names=who)}
        for role, who in names.items()
    ]


def _digests(report_data: ReportData, lang: Lang) -> list[dict[str, str]]:
    digests = report_data["digests"]
    rows = [
        (say(f"report.digest-{digests['of']}", lang), digests["result"]),
        (say("report.digest-meeting", lang), digests["meeting"]),
    ]
    rows += [
        (say("report.digest-archive", lang, n=one["n"]), one["archive"])
        for one in report_data["rounds"]
        if one["archive"]
    ]
    return [{"what": what, "code": code_80bits(value), "hex": value} for what, value in rows]


def _count(number: int | None) -> str:
    return "—" if number is None else str(number)
