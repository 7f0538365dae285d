"""The forms of a meeting: 票决结果报告单 (F16) or the summary of its kind of vote (F17, F18), for
every round 到会和发票报告单 (F13) and 收票报告单 (F14), and where voters entered words or
something that is no name, 监票人审核单 (F22) (docs/spec/forms.md, version 1).

Typeset after ``result.json`` is written and before anybody certifies: the page prints the digest
of ``result.json`` and leaves lines for those who sign by pen; those who sign by key are named as
such, and their signatures are in the record. So the same record always gives the same bytes.

Everything in the data is printed as it is given, nothing is computed but comparisons of two
printed numbers (*equal*, *fewer*, *more*); what the rule said arrives as words. No name of a
voter is in it: who was on leave or recused stands in the minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tally.report.sentences import attendance, overview, returns, spans
from tally.report.tables import entries, items_title, sections
from tally.report.typeset import compile_pdf, day_of
from voting.crypto.hashing import code_80bits
from voting.words import say

if TYPE_CHECKING:
    from tally.report.data import OfficerData, ReportData, RoundData
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
    "report.entries-title",
    "report.flags",
    "report.notes",
    "report.signatures",
    "report.pen",
    "report.key",
    "report.sign-here",
    "report.time",
    "report.in-force",
    "report.digests",
)


def typeset_report(report_data: ReportData, lang: Lang = "zh") -> bytes:
    """Return the forms as one PDF/A-2u; the same data give the same bytes.

    Raises:
        DraftError: ``glyph-missing`` or ``date``, at its place in the printed data.
    """
    meeting, rounds = report_data["meeting"], report_data["rounds"]
    when = day_of(meeting["date"])
    code = code_80bits(report_data["digests"]["result"])
    data: dict[str, object] = {
        "title": say("report.headline", lang, body=meeting["body"], form=_form(rounds, lang)),
        "lang": lang,
        "words": {name.removeprefix("report."): say(name, lang) for name in _LABELS},
        "page": say("report.page", lang, page="\t", pages="\t").split("\t"),
        "meeting": {
            **meeting,
            "date": say("report.date", lang, year=when.year, month=when.month, day=when.day),
        },
        "people": [_person(officer, lang) for officer in _ordered(report_data, _ON_FIRST)],
        "counters": [_person(officer, lang) for officer in _ordered(report_data, _ON_ROUND)],
        "rounds": [
            {**_round(one, lang), "readers": _readers(report_data, one, lang)} for one in rounds
        ],
        "sections": sections(report_data, lang),
        "staff": _staff(report_data, lang),
        "round-mark": say("report.round", lang, n=spans([one["n"] for one in rounds])),
        "notes": _notes(rounds, lang),
        "code": code,
        "digests": _digests(report_data, lang),
    }
    date = meeting["date"]
    return compile_pdf("report", data, date=date, tagged=True, parts=("tables",))


def _form(rounds: list[RoundData], lang: Lang) -> str:
    """Return the name of the first form: that of the kind of vote, where all are of one."""
    kinds = {_FORMS.get(one["kind"], one["kind"]) for one in rounds}
    kind = kinds.pop() if len(kinds) == 1 else "mixed"
    titles = list(dict.fromkeys(one["rule"] for one in rounds))
    return say(f"report.title.{kind}", lang, rule=say("report.names", lang, names=titles))


_FORMS: Final = {"contested": "confirmation"}
"""Kinds that have another kind's form."""


def _ordered(report_data: ReportData, roles: tuple[str, ...]) -> list[OfficerData]:
    return [one for role in roles for one in report_data["officers"] if one["role"] == role]


def _readers(report_data: ReportData, one: RoundData, lang: Lang) -> list[dict[str, object]]:
    """Return who read the words of a round, with the keys that signed it.

    Where there were none, but invalid entries, the scrutineers sign the form by pen.
    """
    if one["readers"]:
        return [_person(officer, lang) for officer in one["readers"]]
    officers = _ordered(report_data, ("scrutineer",))
    return [{**_person(officer, lang), "key": None} for officer in officers]


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
        "items-title": items_title(one, lang),
        "state": say(f"report.state-{one['state']}", lang),
        "overview": overview(one, lang),
        "attendance": attendance(one, lang),
        "returns": returns(one, lang),
        "entries": [entries(item, lang) for item in one["entries"]],
        "entries-what": say(f"report.entries-{'read' if one['readers'] else 'what'}", lang),
    }


def _heading(one: RoundData, items: list[str], lang: Lang) -> str:
    if one["voters"]:
        return say("report.round-voters", lang, n=one["n"], voters=one["voters"], items=items)
    return say("report.round-items", lang, n=one["n"], items=items)


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
