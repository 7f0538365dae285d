"""A contest on the forms: each name with its votes, then who is chosen and who goes on.

Names stand in the frozen order, who got votes from outside after them. Of a box that was not
opened, or whose counts are not confirmed, who stood is told without a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tally.record.form_words import called, printable
from voting.meeting.contests import FromRoster, Names
from voting.meeting.questions import name_of
from voting.rules.shapes import OUTSIDE
from voting.rules.step import rate_text
from voting.words import listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tally.report.data import NameData, NamesData
    from voting.meeting.frozen import Meeting
    from voting.rules import Rule
    from voting.rules.evaluation import Evaluation
    from voting.rules.shapes import NameResult, Standing
    from voting.words import Lang

_RESULTS: Final = frozenset({"elected", "tied", "next", "out"})


def names_data(
    meeting: Meeting,
    item: str,
    asked: Standing,
    evaluation: Evaluation | None,
    parts: Sequence[tuple[str, Evaluation]],
) -> NamesData:
    """Return a contest as the forms print it; the arguments are ``form_items.item_data``'s."""
    rule, lang = meeting.rule_of(item), meeting.language
    found = () if evaluation is None else evaluation.names
    decides = rule.kind in ("contested", "election")
    words = _WORDS[: 3 if _said(rule, asked) else 1]
    columns = [say(rule.option_word(one), lang) for one in words]
    if set(words) <= set(rule.options):
        columns = [meeting.word(rule, one) for one in words]
    rows = [
        _name(meeting, item, one, words, parts) for one in (found or _unopened(asked, evaluation))
    ]
    return {
        "seats": asked.seats,
        "asked": ""
        if asked.why == "first"
        else say(f"forms.asked.{asked.why}", lang, seats=asked.seats, round=asked.round),
        "columns": columns,
        "parts": [title for title, _ in parts],
        "rows": rows,
        "decides": decides,
        "rated": any(row["rate"] for row in rows),
        "lines": [] if evaluation is None else list(_lines(meeting, item, rule, evaluation, lang)),
    }


_WORDS: Final = ("agree", "disagree", "abstain")


def _said(rule: Rule, asked: Standing) -> bool:
    """Whether 不同意 and 弃权 are counted of each name."""
    return rule.kind == "election" or (rule.kind == "contested" and rule.ballot == "each")


def _unopened(asked: Standing, evaluation: Evaluation | None) -> tuple[str, ...]:
    """Return who stood where nothing is said of anybody; of an opened roster nobody was named."""
    recorded = evaluation is not None and evaluation.decision == "recorded"
    return () if recorded else asked.names


def _name(
    meeting: Meeting,
    item: str,
    one: NameResult | str,
    words: Sequence[str],
    parts: Sequence[tuple[str, Evaluation]],
) -> NameData:
    ident = one if isinstance(one, str) else one.id
    outside = ident.startswith(OUTSIDE)
    current = _current(meeting, item, ident)
    if outside:
        current = say("forms.outside", meeting.language, unit=current).strip()
    data: NameData = {
        "name": printable(name_of(meeting, item, ident)),
        "current": current,
        "counts": [None] * len(words),
        "parts": [],
        "rate": "",
        "rank": None,
        "result": "",
        "chosen": False,
    }
    if isinstance(one, str):
        return data
    data["counts"] = [one.counts.get(word) for word in words]
    data["parts"] = [_votes(evaluation, ident) for _, evaluation in parts]
    data["rate"] = "" if one.rate is None else rate_text(one.rate)
    data["rank"] = one.rank
    if one.result in _RESULTS:
        kind = meeting.rule_of(item).kind
        data["result"] = say(f"forms.result.{kind}.{one.result}", meeting.language)
        data["chosen"] = one.result == "elected"
    return data


def _votes(evaluation: Evaluation, ident: str) -> int:
    """Return a group's votes for a name; who is not among those of a roster had none."""
    return next((one.votes for one in evaluation.names if one.id == ident), 0)


def _current(meeting: Meeting, item: str, ident: str) -> str:
    """Return the post or the unit of a name, as the contest or the roster has it."""
    contest = meeting.items[item].contest
    if isinstance(contest, Names):
        own = next((one for one in contest.names if one.id == ident), None)
        if own is not None:
            return own.current
        roster = None if contest.write_in is None else contest.write_in.roster
    else:
        roster = contest.roster if isinstance(contest, FromRoster) else None
    given = ident.removeprefix(OUTSIDE)
    if roster is None or not given.isdecimal():
        return ""
    people = meeting.rosters[roster].names
    return people[int(given) - 1].unit if 0 < int(given) <= len(people) else ""


def _lines(
    meeting: Meeting, item: str, rule: Rule, evaluation: Evaluation, lang: Lang
) -> Iterable[str]:
    """Say what is no name's: the empty and the invalid, who is chosen, who goes on."""
    for ask, row in (evaluation.figures.asks or {}).items():
        if "texts" in row:
            kind = "others" if ask else "roster"
            yield say(f"forms.{kind}", lang, none=row["none"], invalid=row["invalid"])
        elif "blank" in row:
            yield say(f"forms.blank.{rule.kind}", lang, blank=row["blank"])
    if evaluation.decision == "recorded" or not evaluation.names:
        return

    def named(ids: Iterable[str]) -> str:
        return listed((printable(name_of(meeting, item, one)) for one in ids), lang)

    chosen = evaluation.elected()
    yield evaluation.steps[-1].text(lang, called(meeting, item, evaluation))
    if chosen:
        yield say(f"forms.chosen.{rule.kind}", lang, names=named(chosen))
    if evaluation.next is not None:
        following = evaluation.next
        yield say(f"forms.next.{following.why}", lang, names=named(following.names))
