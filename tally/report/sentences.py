"""The sentences of the forms, with the places where a person would have filled in a number.

A form on paper has blanks, and a number that was filled in stands on a line. A sentence comes
from the catalogue as one text; here it becomes segments, so that the template can draw the line
under what was filled in and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.words import Word, say

if TYPE_CHECKING:
    from tally.report.data import RoundData
    from voting.words import Lang

Segment = tuple[str, bool]
Segments = list[Segment]
"""A sentence in order; true marks what was filled in."""

_MARK = "\x1f"  # never printed: ``check_data`` would refuse it


def filled(sentence: str, lang: Lang, **params: object) -> Segments:
    """Return the sentence with numbers (and None, as a dash) marked as filled in."""
    marked = {name: _marked(value) for name, value in params.items()}
    parts = say(sentence, lang, **marked).split(_MARK)
    return [(part, number % 2 == 1) for number, part in enumerate(parts) if part]


def overview(one: RoundData, lang: Lang) -> Segments:
    """Return the sentence of F16 on one round's numbers."""
    quorum = say("report.quorum-met" if one["quorum_met"] else "report.quorum-missed", lang)
    numbers: dict[str, object] = {
        "due": one["due"],
        "present": one["present"],
        "issued": one["issued"],
        "returned": one["returned"],
        "quorum": quorum,
        **called(one),
    }
    if one["state"] == "void":
        return filled("report.numbers-void", lang, **numbers)
    if one["valid"] is None:
        return filled("report.numbers-unopened", lang, **numbers)
    numbers |= {"valid": one["valid"], "invalid": one["invalid"]}
    return filled("report.numbers", lang, **numbers)


def attendance(one: RoundData, lang: Lang) -> list[Segments]:
    """Return the sentences of F13."""
    people: dict[str, object] = {
        "due": one["due"],
        "present": one["present"],
        "leave": one["leave"],
        "recused": one["recused"],
    }
    if one["recused"]:
        items = spans(one["recused_items"])
        first = filled("report.attendance-1-items", lang, items=items, **people)
    else:
        first = filled("report.attendance-1", lang, **people)
    met = "report.attendance-2-met" if one["quorum_met"] else "report.attendance-2-missed"
    equal = one["issued"] == one["eligible"]
    compared = "report.attendance-4-equal" if equal else "report.attendance-4-differs"
    return [
        first,
        filled(met, lang, needed=one["needed"], present=one["present"], **called(one))
        + ([(one["quorum_text"], False)] if one["quorum_text"] else []),
        filled(
            "report.attendance-3",
            lang,
            printed=one["printed"],
            issued=one["issued"],
            withdrawn=one["withdrawn"],
            leftover=one["leftover"],
            **called(one),
        ),
        filled(compared, lang, eligible=one["eligible"]),
    ]


def returns(one: RoundData, lang: Lang) -> list[Segments]:
    """Return the sentences of F14; a round voided before it was sealed has no second half."""
    numbers: dict[str, object] = {"issued": one["issued"], "returned": one["returned"]}
    lines = [filled("report.returns-1", lang, **numbers, **called(one))]
    lines.append(filled(_verdict(one), lang, **called(one)))
    if one["heads"] is not None:
        same = one["heads"] == one["returned"]
        compared = "report.returns-3-equal" if same else "report.returns-3-differs"
        lines.append(filled(compared, lang, heads=one["heads"]))
    lines.append(filled("report.returns-4", lang, spoiled=one["spoiled"]))
    return lines


def called(one: RoundData) -> dict[str, object]:
    """Return what papers of the round's kind, and the act itself, are called."""
    kind = one["kind"]
    return {"ballot": Word(f"report.ballot.{kind}"), "act": Word(f"report.act.{kind}")}


def spans(numbers: list[int] | tuple[int, ...]) -> list[str]:
    """Return ``["1–3", "5"]`` for 1, 2, 3, 5; ``say`` joins them with the language's comma."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [f"{a}" if a == b else f"{a}–{b}" for a, b in runs]


def _verdict(one: RoundData) -> str:
    returned = one["returned"]
    if returned is not None and returned > one["issued"]:
        return "report.returns-2-more"
    if one["state"] == "void" or returned is None:
        return "report.returns-2-void"
    return "report.returns-2-equal" if returned == one["issued"] else "report.returns-2-fewer"


def _marked(value: object) -> object:
    if value is None:
        return f"{_MARK}—{_MARK}"
    return f"{_MARK}{value}{_MARK}" if isinstance(value, int) else value
