"""``piaojue check MEETING``: everything that can be wrong with a draft before the day.

The draft is read as the server will read it, every text that will be printed is held against the
fonts, and what follows from it is said in numbers, so that a secretary sees a slip at his desk
and not in the room. Nothing is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import in_language
from tally.report.fonts import check_text
from voting.errors import DraftError, InputError
from voting.meeting.draft import read_draft
from voting.meeting.freezing import question
from voting.rules.describe import describe_value
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voting.meeting.draft import Draft
    from voting.rules import Rule
    from voting.words import Lang

DRAFT = "meeting.toml"


@click.command("check", help=say("cli.check.help"))
@click.argument("meeting", metavar="MEETING", type=click.Path(path_type=Path))
@in_language
def check(lang: Lang, meeting: Path) -> int:
    """Check a draft."""
    draft = read_draft(_text(meeting))
    for place, text in printed(draft):
        check_text(text, place)
    for line in (*_summary(draft, lang), *_warnings(draft, lang)):
        click.echo(line)
    click.echo(say("cli.check.good", lang))
    return 0


def printed(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield place and text of everything that a form or a ticket may show."""
    for name in ("title", "body", "number", "secrecy", "retention"):
        yield f"meeting.{name}", getattr(draft, name)
    for i, person in enumerate(draft.roll, 1):
        for name in ("name", "key", "post"):
            yield f"roll[{i}].{name}", getattr(person, name)
    for i, item in enumerate(draft.items, 1):
        for name in ("candidate", "current", "proposed", "removed"):
            yield f"items[{i}].{name}", getattr(item, name)
        yield f"items[{i}].question", question(item, draft.language)
        for j, gate in enumerate(item.gates, 1):
            yield f"items[{i}].gates[{j}].voucher", gate.voucher
    for i, series in enumerate(draft.series, 1):
        yield f"series[{i}].title", series.title
    for i, name in enumerate(draft.trustees, 1):
        yield f"trustees.names[{i}]", name
    for i, officer in enumerate(draft.officers, 1):
        yield f"officers[{i}].name", officer.name


def _summary(draft: Draft, lang: Lang) -> Iterator[str]:
    yield say("cli.check.title", lang, title=draft.title, date=draft.date)
    numbers = {cls: sum(one.cls == cls for one in draft.roll) for cls in _CLASSES}
    yield say("cli.check.roll", lang, **numbers)
    for name, rule in draft.rules.items():
        items = [item.id for item in draft.items if item.rule == name]
        yield say("cli.check.rule", lang, title=rule.title[lang], id=name, items=items)
        due = _due(draft, rule)
        quorum = describe_value("quorum", rule.quorum, lang)
        needed = rule.quorum.fraction.needed(due)
        yield say("cli.check.quorum", lang, due=due, quorum=quorum, needed=needed)
        passing = describe_value("pass", rule.passing, lang)
        yield say(
            f"cli.check.pass.{rule.passing.base}", lang, passing=passing, needed=_pass(rule, due)
        )
        floor = max(draft.floor, rule.floor)
        yield say("cli.check.floor", lang, floor=floor, quota=draft.spoil_quota)
    for item in draft.items:
        asked = question(item, draft.language)
        yield say("cli.check.item", lang, id=item.id, question=asked, gates=len(item.gates))
    for one in draft.series:
        people = sum(person.series == one.id for person in draft.roll)
        yield say("cli.check.series", lang, id=one.id, printed=one.printed, people=people)
    for officer in draft.officers:
        way = say("cli.check.pen" if officer.pen else "cli.check.key", lang)
        yield say(
            "cli.check.officer",
            lang,
            role=say(f"report.role-{officer.role}", lang),
            name=officer.name,
            way=way,
        )
    yield say("cli.check.trustees", lang, names=draft.trustees, threshold=draft.threshold)
    yield say("cli.check.slots", lang, slots=draft.slots)


def _warnings(draft: Draft, lang: Lang) -> Iterator[str]:
    for name, rule in draft.rules.items():
        due, floor = _due(draft, rule), max(draft.floor, rule.floor)
        if due < floor:
            yield say("cli.check.warn.floor", lang, id=name, due=due, floor=floor)
    if draft.slots < 2 * len(draft.items):
        yield say("cli.check.warn.slots", lang, slots=draft.slots, items=len(draft.items))
    if draft.spoil_quota == 0:
        yield say("cli.check.warn.quota", lang)
    if draft.tickets == "server":
        yield say("cli.check.warn.tickets", lang)
    if draft.pages == "server":
        yield say("cli.check.warn.pages", lang)


_CLASSES = ("member", "alternate", "attendee")


def _due(draft: Draft, rule: Rule) -> int:
    return sum(person.cls in rule.voters for person in draft.roll)


def _pass(rule: Rule, due: int) -> int:
    """Return how many 同意 pass: of all who are due, or of the fewest who can be present."""
    base = due if rule.passing.base == "due" else rule.quorum.fraction.needed(due)
    return rule.passing.fraction.needed(base)


def _text(path: Path) -> str:
    if path.is_dir():
        path /= DRAFT
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as e:
        raise DraftError("not-utf8", path.name) from e
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
