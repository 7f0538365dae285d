"""全程纪实表 (F20), its part on the votes: one sheet for one item, to be signed in turn.

It is made from verified records (``tally.record.chronicle``), lies in none, and changes none. The
lines for signatures and for the two reports are filled in by pen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voting.words import Lang

_COLUMNS: Final = ("what", "when", "present", "ballots", "came", "who", "basis")
_SIGNERS: Final = ("recorder", "cadres", "supervision", "deputy")
"""记录人、干部科科长、干部监督科科长、分管副部长依次签字."""
_LEVELS: Final = ("charge", "head", "unit")
"""选任工作部门分管负责人、主要领导、选任责任单位领导三级签字."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the sheet. Empty texts are printed as empty cells.

    Attributes:
        what: The gate, what the room did, or the vote with its round.
        when: A day, or a day and a time in the room.
        present: Who was there of who was due.
        ballots: Issued, returned, valid.
        came: What was counted and decided, a line for each name.
        who: Who answers for it.
        basis: 16 symbols of a paper's digest, or of a record's result.
    """

    what: str
    when: str = ""
    present: str = ""
    ballots: str = ""
    came: tuple[str, ...] = ()
    who: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one meeting had to do with it."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Chronicle:
    """One item's way to its decision. ``names`` stand in it; dates are ``YYYY-MM-DD``."""

    names: tuple[str, ...]
    question: str
    current: str
    proposed: str
    removed: str
    body: str
    date: str
    secrecy: str
    first_report: str
    parts: tuple[Part, ...]
    code: str


def chronicle_text(sheet: Chronicle, lang: Lang = "zh") -> Iterator[str]:
    """Yield the sheet line by line, to be read on a terminal."""
    yield say("chronicle.title", lang)
    for what, words in _head(sheet, lang):
        yield say("minutes.row", lang, what=what, words=words)
    for part in sheet.parts:
        yield ""
        yield part.title
        for number, step in enumerate(part.steps, 1):
            yield f"{number}. {step.what}"
            yield from _cells(step, lang)


def typeset_chronicle(sheet: Chronicle, lang: Lang = "zh") -> bytes:
    """Return the sheet as one PDF/A-2u, every page numbered and with the result's code.

    Raises DraftError for a character that no font has.
    """
    from tally.report.typeset import compile_pdf

    data = {
        "title": say("chronicle.title", lang),
        "lang": lang,
        "secrecy": sheet.secrecy,
        "head": _head(sheet, lang),
        "columns": [say(f"chronicle.column.{name}", lang) for name in _COLUMNS],
        "parts": [
            {
                "title": part.title,
                "steps": [[list(_cell(step, name)) for name in _COLUMNS] for step in part.steps],
            }
            for part in sheet.parts
        ],
        "sign": [
            [say(f"chronicle.sign.{name}", lang) for name in row] for row in (_SIGNERS, _LEVELS)
        ],
        "when": say("report.sign-here", lang),
        "reports": [
            say("chronicle.first-report", lang, date=sheet.first_report),
            say("chronicle.second-report", lang),
        ],
        "note": say("chronicle.note", lang),
        "code": say("minutes.code", lang, code=sheet.code),
    }
    return compile_pdf("chronicle", data, date=sheet.date, tagged=True)


def _head(sheet: Chronicle, lang: Lang) -> list[tuple[str, str]]:
    posts = [
        say(f"report.{word}", lang, post=post)
        for word, post in (("appointment", sheet.proposed), ("removal", sheet.removed))
        if post
    ]
    names = say("chronicle.names", lang, names=sheet.names) if sheet.names else sheet.question
    rows = [
        ("chronicle.who", names),
        ("report.column-current", sheet.current),
        ("report.column-proposed", say("chronicle.names", lang, names=posts) if posts else ""),
        ("chronicle.decided-by", f"{sheet.body} {sheet.date}"),
    ]
    return [(say(what, lang), words) for what, words in rows if words]


def _cells(step: Step, lang: Lang) -> Iterator[str]:
    for name in _COLUMNS[1:]:
        label = say(f"chronicle.column.{name}", lang)
        for words in _cell(step, name):
            yield say("minutes.row", lang, what=label, words=words)


def _cell(step: Step, name: str) -> tuple[str, ...]:
    value = getattr(step, name)
    return value if isinstance(value, tuple) else (value,) if value else ()
