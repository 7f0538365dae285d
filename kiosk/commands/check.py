"""``piaojue check MEETING``: everything that can be wrong with a draft before the day.

The draft is read as the server will read it, every text that will be printed is held against the
fonts, and what follows from it is said in numbers, so that a secretary sees a slip at his desk
and not in the room. Nothing is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.draft import load
from voting.errors import DraftError, InputError, VerificationError
from voting.meeting.freezing import question
from voting.rules.describe import describe_value
from voting.rules.earlier import DECIDING
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voting.meeting.draft import Draft
    from voting.rules import Rule
    from voting.words import Lang

_PATH = click.Path(path_type=Path)


@click.command("check", help=both_paragraphs("cli.check.help"))
@click.argument("meeting", metavar="MEETING", type=_PATH)
@click.option(
    "--earlier", metavar="PATH", multiple=True, type=_PATH, help=both("cli.verify.earlier")
)
@in_language
def check(lang: Lang, meeting: Path, earlier: tuple[Path, ...]) -> int:
    """Check a draft."""
    _, draft = load(meeting)
    _follow(draft, earlier)
    for line in (*_summary(draft, lang), *_warnings(draft, lang)):
        click.echo(line)
    click.echo(say("cli.check.good", lang))
    return 0


def _follow(draft: Draft, earlier: tuple[Path, ...]) -> None:
    """Follow the gates' references to earlier records. Raises DraftError at their place."""
    from kiosk.commands.opened import read_shelf
    from tally.verify.earlier import check_earlier
    from tally.verify.findings import CheckError

    try:
        check_earlier(draft, draft.items, read_shelf(earlier))
    except CheckError as e:
        raise DraftError(e.error.code, e.place, **e.error.params) from e
    except VerificationError as e:
        raise InputError(e.code, **e.params) from e


def _summary(draft: Draft, lang: Lang) -> Iterator[str]:
    yield say("cli.check.title", lang, title=draft.title, date=draft.date)
    yield say("cli.check.roll", lang, **{cls: draft.due(cls) for cls in _CLASSES})
    for group in draft.groups:
        facts = {"title": group.title, "count": group.count, "series": group.series}
        yield say("cli.check.group", lang, id=group.id, **facts)
    for name, rule in draft.rules.items():
        items = [item.id for item in draft.items if item.rule == name]
        yield say("cli.check.rule", lang, title=rule.title[lang], id=name, items=items)
        due = draft.due(*rule.voters)
        quorum = describe_value("quorum", rule.quorum, lang)
        needed = rule.quorum.fraction.needed(due)
        yield say("cli.check.quorum", lang, due=due, quorum=quorum, needed=needed)
        yield _passes(rule, due, lang)
        floor = max(draft.floor, rule.floor)
        yield say("cli.check.floor", lang, floor=floor, quota=draft.spoil_quota)
    for item in draft.items:
        asked = question(item, draft.rules[item.rule], draft.language)
        yield say("cli.check.item", lang, id=item.id, question=asked, gates=len(item.gates))
    for one in draft.series:
        named = sum(person.series == one.id for person in draft.roll)
        people = named + sum(group.count for group in draft.groups if group.series == one.id)
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
        if rule.superseded is not None:
            yield say("cli.check.warn.superseded", lang, id=name, text=rule.superseded[lang])
        due, floor = draft.due(*rule.voters), max(draft.floor, rule.floor)
        if due < floor:
            yield say("cli.check.warn.floor", lang, id=name, due=due, floor=floor)
        for group in draft.groups if rule.papers == "by-series" else ():
            if group.count < floor:
                facts = {"title": group.title, "count": group.count, "floor": floor}
                yield say("cli.check.warn.group", lang, **facts)
    if bare := _not_recommended(draft):
        yield say("cli.check.warn.recommended", lang, first=bare[0], count=len(bare))
    if draft.slots < 2 * len(draft.items):
        yield say("cli.check.warn.slots", lang, slots=draft.slots, items=len(draft.items))
    if draft.spoil_quota == 0:
        yield say("cli.check.warn.quota", lang)
    if draft.tickets == "server":
        yield say("cli.check.warn.tickets", lang)
    if draft.pages == "server":
        yield say("cli.check.warn.pages", lang)


def _not_recommended(draft: Draft) -> list[str]:
    """Return the items that fill a post and name no recommendation: a promotion has to have one."""
    return [
        item.id
        for item in draft.items
        if item.proposed
        and draft.rules[item.rule].kind in DECIDING
        and all(gate.gate != "recommended" for gate in item.gates)
    ]


_CLASSES = ("member", "alternate", "attendee")


def _passes(rule: Rule, due: int, lang: Lang) -> str:
    """Say how many 同意 or 赞成 pass: of all who are due, or of the fewest who can be present."""
    if rule.passing is None:
        return say("cli.check.pass.none", lang)
    base = due if rule.passing.base == "due" else rule.quorum.fraction.needed(due)
    needed = rule.passing.fraction.needed(base)
    passing = describe_value("pass", rule.passing, lang)
    agree = say(rule.option_word("agree"), lang)
    return say(
        f"cli.check.pass.{rule.passing.base}", lang, agree=agree, passing=passing, needed=needed
    )
