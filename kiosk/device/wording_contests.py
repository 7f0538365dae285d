"""What an item with names or a grid asks, and what it came to, in the words before a signature.

Complete: everybody who stands, every cell and every count is said, because the officer signs for
all of it. The same in JavaScript: ``kiosk/web/src/meeting/wording_contests.js``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.record.form_words import read_as
from voting.meeting.contests import FromRoster, Grid, Names
from voting.meeting.questions import name_of
from voting.rules.step import rate_text
from voting.words import Word, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kiosk.device.certifying import ReadText
    from voting.meeting.frozen import Meeting
    from voting.rules.evaluation import Evaluation
    from voting.rules.shapes import Cell, NameResult, Standing
    from voting.words import Lang


def asked_lines(
    meeting: Meeting, item: str, standing: Standing | None, lang: Lang
) -> Iterator[str]:
    """Say what an item asks beside its question: nothing more where it takes one mark.

    Args:
        standing: Who stands in a later round; None: as frozen.
    """
    contest = meeting.items[item].contest
    if isinstance(contest, Grid):
        subjects = [one.name for one in contest.subjects]
        aspects = [one.title for one in contest.aspects]
        cells = len(subjects) * len(aspects)
        yield say("sign.grid", lang, subjects=subjects, number=len(subjects), cells=cells)
        yield say("sign.grid.aspects", lang, aspects=aspects)
    elif isinstance(contest, FromRoster):
        roster = meeting.rosters[contest.roster]
        words = meeting.rule_of(item).write_in == "text"
        yield say(
            "sign.roster.words" if words else "sign.roster",
            lang,
            title=roster.title,
            number=len(roster.names),
            seats=contest.seats,
        )
    elif isinstance(contest, Names):
        names = standing.names if standing is not None else contest.ids
        said = "sign.names" if standing is None else f"sign.names.{standing.why}"
        yield say(
            said,
            lang,
            seats=contest.seats if standing is None else standing.seats,
            number=len(names),
            names=[name_of(meeting, item, one) for one in names],
        )
        if standing is None and contest.write_in is not None:
            yield from _outside(meeting, contest, lang)


def _outside(meeting: Meeting, contest: Names, lang: Lang) -> Iterator[str]:
    assert contest.write_in is not None
    if contest.write_in.roster is None:
        yield say("sign.outside.words", lang)
    else:
        yield say("sign.outside", lang, title=meeting.rosters[contest.write_in.roster].title)


def roster_lines(meeting: Meeting, lang: Lang) -> Iterator[str]:
    """Say which rosters are frozen: how many people, and who is the first and the last."""
    for one in meeting.rosters.values():
        yield say(
            "sign.freeze.roster",
            lang,
            title=one.title,
            number=len(one.names),
            first=one.names[0].label,
            last=one.names[-1].label,
        )


def counted_lines(meeting: Meeting, item: str, evaluation: Evaluation, lang: Lang) -> Iterator[str]:
    """Say everything that was counted of a contest or a grid, and who goes to a next round."""
    for one in evaluation.names:
        yield _name(meeting, item, one, lang)
    for ask, row in (evaluation.figures.asks or {}).items():
        if "texts" in row:
            said = "sign.counted.others" if ask else "sign.counted.roster"
            yield say(said, lang, none=row["none"], invalid=row["invalid"])
        elif "blank" in row:
            yield say("sign.counted.blank", lang, blank=row["blank"])
    for cell in evaluation.cells or ():
        yield _cell(meeting, item, cell, lang)
    if evaluation.next is not None:
        names = [name_of(meeting, item, one) for one in evaluation.next.names]
        why, seats = evaluation.next.why, evaluation.next.seats
        yield say(f"sign.counted.{why}", lang, seats=seats, names=names)


def reading_lines(meeting: Meeting, read: Sequence[ReadText], lang: Lang) -> Iterator[str]:
    """Say of a reading whom every text is read as, below the question that it answers."""
    before = None
    for one in read:
        if one.item != before:
            question = meeting.items[one.item].question
            yield say("sign.item", lang, item=one.item, question=question)
        before = one.item
        said = read_as(meeting, one.item, one.meant, lang)
        yield say("sign.reading.entry", lang, text=one.text, votes=one.votes, meant=said)


def _name(meeting: Meeting, item: str, one: NameResult, lang: Lang) -> str:
    rule = meeting.rule_of(item)
    kind = "nomination" if rule.kind == "nomination" else "decided"
    options = {option: Word(rule.option_word(option)) for option in one.counts}
    counts = [say("sign.count", lang, option=options[o], count=n) for o, n in one.counts.items()]
    params: dict[str, object] = {"name": name_of(meeting, item, one.id), "counts": counts}
    if one.result == "recorded":
        params["rate"] = "" if one.rate is None else rate_text(one.rate)
    else:
        params["result"] = Word(f"forms.result.{rule.kind}.{one.result}")
    return say(f"sign.counted.{kind}", lang, **params)


def _cell(meeting: Meeting, item: str, cell: Cell, lang: Lang) -> str:
    contest = meeting.items[item].contest
    assert isinstance(contest, Grid)
    subject, aspect = _of_cell(contest)[cell.ask]
    grades = {one.id: one.title[lang] for one in meeting.rule_of(item).scale(cell.scale).grades}
    counts = [say("sign.count", lang, option=grades[o], count=n) for o, n in cell.counts.items()]
    said = "sign.counted.cell.flagged" if cell.flags else "sign.counted.cell"
    return say(
        said,
        lang,
        subject=subject,
        aspect=aspect,
        counts=counts,
        favourable=rate_text(cell.favourable),
    )


def _of_cell(grid: Grid) -> Mapping[str, tuple[str, str]]:
    return {
        f"{subject.id}.{aspect.id}": (subject.name, aspect.title)
        for subject in grid.subjects
        for aspect in grid.aspects
    }
