"""The tables of the first form, in the order of the rounds, as the templates draw them.

Items of one mark stand in one table as long as their ballots have the same words; a contest has a
table of its names, an assessment one for each scale. Every cell arrives as a text.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

from tally.report.sentences import spans
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tally.report.data import (
        CellData,
        EntriesData,
        GridData,
        ItemData,
        NameData,
        NamesData,
        ReportData,
        RoundData,
        ScaleData,
        SumData,
    )
    from voting.words import Lang

Table = dict[str, object]

_SINGLE: Final = frozenset({"confirmation", "recommendation", "consultation"})
_MARKS: Final = ("agree", "disagree", "abstain", "defer")
_LAST: Final = {"confirmation": "decision", "consultation": "consulted"}
WIDE = 5
"""Grades from which on their columns are set narrower."""


def sections(data: ReportData, lang: Lang) -> list[Table]:
    """Return the tables of all rounds, then those of all groups together."""
    tables: list[Table] = []
    parts = [*data["rounds"], *data["sums"]]
    for (single, _), group in groupby(parts, key=_like):
        if single:
            tables.append(_marks(list(group), lang))
        else:
            tables += [table for one in group for table in _of_round(one, lang)]
    return tables


def entries(one: EntriesData, lang: Lang) -> Table:
    """Return the entries of an item that two scrutineers look at (F22).

    What moved them they write by hand, if they must say: nothing signed has it.
    """
    heads = ("text", "votes", "machine", "people", "why")
    return {
        "title": say("report.entries-item", lang, n=one["n"], name=one["title"]),
        "invalid": say("report.entries-invalid", lang, invalid=one["invalid"]),
        "heads": [say(f"report.entry-{head}", lang) for head in heads],
        "rows": [
            [row["text"], str(row["votes"]), row["remark"], row["read"], ""]
            for row in one["entries"]
        ],
    }


def items_title(one: RoundData, lang: Lang) -> str:
    """Return which items a round is about, and who voted where groups vote apart."""
    title = say("report.items", lang, items=spans([item["n"] for item in one["items"]]))
    if one["voters"]:
        return say("report.voters-items", lang, voters=one["voters"], items=title)
    return title


def _like(one: RoundData | SumData) -> tuple[bool, tuple[str, ...]]:
    """Rounds that are alike stand in one table."""
    single = one["kind"] in _SINGLE
    return single, (*one["options"], one["kind"]) if single else ()


def _band(one: RoundData | SumData, lang: Lang) -> Table:
    """Return the line above the rows of a round, or of what all groups gave together."""
    if "slot" not in one:
        title = say("report.sums", lang)
        return {"round": title, "items-title": "", "slot": "", "state": ""}
    held = cast("RoundData", one)
    return {
        "round": say("report.round", lang, n=held["n"]),
        "items-title": items_title(held, lang),
        "slot": say("report.slot", lang, slot=held["slot"][:8]),
        "state": say(f"report.state-{held['state']}", lang),
    }


def _marks(parts: Sequence[RoundData | SumData], lang: Lang) -> Table:
    first = parts[0]
    marks = _MARKS[: len(first["options"])]
    last = _LAST.get(first["kind"], "rate")
    heads = [say(f"report.column-{name}", lang) for name in ("n", "name", "current", "proposed")]
    return {
        "type": "marks",
        "heads": [*heads, *first["options"], say(f"report.column-{last}", lang)],
        "marks": len(marks),
        "rounds": [
            {**_band(one, lang), "items": [_marked(item, marks, lang) for item in one["items"]]}
            for one in parts
        ],
    }


def _marked(item: ItemData, marks: Sequence[str], lang: Lang) -> Table:
    posts = []
    if item["proposed"] and item["removed"]:
        posts.append(say("report.appointment", lang, post=item["proposed"]))
    elif item["proposed"]:
        posts.append(item["proposed"])
    if item["removed"]:
        posts.append(say("report.removal", lang, post=item["removed"]))
    counts: dict[str, int | None] = {
        "agree": item["agree"],
        "disagree": item["disagree"],
        "abstain": item["abstain"],
        "defer": item["defer"],
    }
    return {
        "n": str(item["n"]),
        "name": item["name"],
        "current": item["current"],
        "proposed": posts,
        "counts": [_count(counts[mark]) for mark in marks],
        "decision": item["decision_text"],
        "passed": item["passed"] is True,
    }


def _of_round(one: RoundData | SumData, lang: Lang) -> Iterator[Table]:
    """Return the tables of a round of contests or grids, its band above the first."""
    band: Table | None = _band(one, lang)
    for item in one["items"]:
        if item["names"] is not None:
            tables = [_names(item, item["names"], lang)]
        else:
            assert item["grid"] is not None
            tables = list(_grid(item, item["grid"], lang))
        for table in tables:
            yield {**table, "band": band}
            band = None


# --- names ---------------------------------------------------------------------------------------


def _names(item: ItemData, names: NamesData, lang: Lang) -> Table:
    parts = names["parts"]
    many = len(names["columns"]) == 1
    heads = [say("report.column-n", lang), say("report.column-name", lang)]
    posts = any(row["current"] for row in names["rows"])
    heads += [say("report.column-unit", lang)] if posts else []
    heads += parts
    heads += [say("report.column-total", lang)] if parts and many else names["columns"]
    tail = [name for name, shown in _tail(names) if shown]
    rows = [_row(n, row, posts, tail) for n, row in enumerate(names["rows"], 1)]
    return {
        "type": "names",
        "title": _contest_title(item, names, lang),
        "heads": [*heads, *[say(f"report.column-{name}", lang) for name in tail]],
        "posts": posts,
        "numbers": len(parts) + len(names["columns"]),
        "tail": tail,
        "rows": rows,
        "chosen": [row["chosen"] for row in names["rows"]],
        "empty": say("report.nobody-named", lang),
        "lines": [line for line in (*names["lines"], _undecided(item, names)) if line],
    }


def _tail(names: NamesData) -> tuple[tuple[str, bool], ...]:
    ranked = any(row["rank"] is not None for row in names["rows"])
    return ("rate", names["rated"]), ("rank", ranked), ("result", names["decides"])


def _contest_title(item: ItemData, names: NamesData, lang: Lang) -> str:
    params = {"n": item["n"], "name": item["name"]}
    if names["asked"]:
        return say("report.contest-asked", lang, asked=names["asked"], **params)
    asked = "report.contest" if names["decides"] else "report.contest-recommended"
    return say(asked, lang, seats=names["seats"], **params)


def _undecided(item: ItemData, names: NamesData) -> str:
    """Return the decision of a contest that says nothing of its names: void, shut, no quorum."""
    counted = any(row["rank"] is not None for row in names["rows"])
    return "" if counted or not names["rows"] else item["decision_text"]


def _row(n: int, row: NameData, posts: bool, tail: Sequence[str]) -> list[str]:
    said = {
        "rate": row["rate"],
        "rank": _count(row["rank"]),
        "result": row["result"] or "—",
    }
    numbers = [_count(count) for count in (*row["parts"], *row["counts"])]
    who = [row["name"], row["current"]] if posts else [row["name"]]
    return [str(n), *who, *numbers, *[said[name] for name in tail]]


# --- grids ---------------------------------------------------------------------------------------


def _grid(item: ItemData, grid: GridData, lang: Lang) -> Iterator[Table]:
    for number, scale in enumerate(grid["scales"], 1):
        last = number == len(grid["scales"])
        yield {**_scale(item, scale, lang), "flags": grid["flags"] if last else []}


def _scale(item: ItemData, scale: ScaleData, lang: Lang) -> Table:
    """Return a scale's table; one subject, or one aspect, is told in the title."""
    subjects = scale["subjects"]
    aspects = [cell["aspect"] for cell in subjects[0]["cells"]]
    alone, single = len(subjects) == 1, len(aspects) == 1
    title = say("report.grid", lang, n=item["n"], name=item["name"], scale=scale["title"])
    about = [subjects[0]["name"]] if alone else []
    about += aspects if single and not alone else []
    heads = [] if alone else [say("report.column-n", lang), say("report.column-subject", lang)]
    heads += [] if single and not alone else [say("report.column-aspect", lang)]
    tail = ["base", "favourable", *(["index"] if scale["indexed"] else [])]
    return {
        "type": "grid",
        "title": say("report.names", lang, names=[title, *about]),
        "heads": [
            *heads,
            *scale["grades"],
            *[say(f"report.column-{name}", lang) for name in tail],
            say("report.flag", lang),
        ],
        "subject": not alone,
        "aspect": not single or alone,
        "narrow": len(scale["grades"]) > WIDE,
        "grades": len(scale["grades"]),
        "indexed": scale["indexed"],
        "subjects": [
            {
                "n": str(one["n"]),
                "name": one["name"],
                "current": one["current"],
                "rows": [_cell(cell, scale["indexed"]) for cell in one["cells"]],
            }
            for one in subjects
        ],
    }


def _cell(cell: CellData, indexed: bool) -> Table:
    pairs = zip(cell["counts"], cell["rates"], strict=True)
    tail = [_count(cell["base"]), cell["favourable"] or "—"]
    return {
        "aspect": cell["aspect"],
        "grades": [[_count(count), rate] for count, rate in pairs],
        "tail": [*tail, *([cell["index"] or "—"] if indexed else [])],
        "flagged": cell["flagged"],
    }


def _count(number: int | None) -> str:
    return "—" if number is None else str(number)
