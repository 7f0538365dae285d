"""A draft from its file, with every fault that can be seen before the day.

Read as the server will read it, and every text that will be printed held against the fonts. The
check, the rehearsal and the server all come through here: a name that no font can print must not
first be noticed when the count is to be typeset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tally.report.fonts import check_text
from voting.errors import DraftError, InputError
from voting.meeting.draft import Draft, DraftOfficer, Rehearsal, read_draft
from voting.meeting.freezing import question
from voting.rules import read_own

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voting.meeting.draft_contest import DraftContest

DRAFT: Final = "meeting.toml"
RULES: Final = "rules"
"""Beside it, the folder of the institution's own rule files."""


def load(path: Path) -> tuple[str, Draft]:
    """Return the text and the draft of a file, or of a folder's ``meeting.toml``.

    Raises:
        InputError: ``path-unreadable``.
        DraftError: The first fault, at its place; ``glyph-missing`` among them, and those of a
            rule file of the institution.
    """
    if path.is_dir():
        path /= DRAFT
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as e:
        raise DraftError("not-utf8", path.name) from e
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
    draft = read_draft(text, read_own(path.parent / RULES))
    for place, words in printed(draft):
        check_text(words, place)
    return text, draft


def nothing() -> Draft:
    """Return the draft of an empty folder: a secretary, who writes the rest in the console."""
    return Draft(
        title="",
        body="",
        number="",
        date="",
        language="zh",
        secrecy="",
        retention="",
        floor=5,
        spoil_quota=1,
        slots=32,
        pages="installed",
        tickets="apart",
        roll=(),
        groups=(),
        rules={},
        items=(),
        series=(),
        threshold=0,
        trustees=(),
        officers=(DraftOfficer("secretary", "secretary", "", pen=False),),
        rehearsal=Rehearsal(),
    )


def printed(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield place and text of everything that a form or a ticket may show."""
    for name in ("title", "body", "number", "secrecy", "retention"):
        yield f"meeting.{name}", getattr(draft, name)
    for i, person in enumerate(draft.roll, 1):
        for name in ("name", "key", "post"):
            yield f"roll[{i}].{name}", getattr(person, name)
    for i, group in enumerate(draft.groups, 1):
        yield f"groups[{i}].title", group.title
    for i, item in enumerate(draft.items, 1):
        for name in ("candidate", "current", "proposed", "removed"):
            yield f"items[{i}].{name}", getattr(item, name)
        yield f"items[{i}].question", question(item, draft.rules[item.rule], draft.language)
        for j, gate in enumerate(item.gates, 1):
            yield f"items[{i}].gates[{j}].voucher", gate.voucher
        yield from _of_contest(item.contest, f"items[{i}]")
    for i, roster in enumerate(draft.rosters, 1):
        for j, one in enumerate(roster.names, 1):
            yield f"rosters[{i}].names[{j}].name", one.label
            yield f"rosters[{i}].names[{j}].unit", one.unit
    for i, series in enumerate(draft.series, 1):
        yield f"series[{i}].title", series.title
    for i, name in enumerate(draft.trustees, 1):
        yield f"trustees.names[{i}]", name
    for i, officer in enumerate(draft.officers, 1):
        yield f"officers[{i}].name", officer.name


def _of_contest(contest: DraftContest, place: str) -> Iterator[tuple[str, str]]:
    for j, name in enumerate(contest.names, 1):
        yield f"{place}.names[{j}].name", name.name
        yield f"{place}.names[{j}].current", name.current
    for j, subject in enumerate(contest.subjects, 1):
        yield f"{place}.subjects[{j}].name", subject.name
        yield f"{place}.subjects[{j}].current", subject.current
    for aspect in contest.aspects:
        yield f"{place}.aspects", aspect
