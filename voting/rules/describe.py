"""A rule in words: each value, its source with how sure that is, and what a meeting may choose."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from voting.rules.parsing import clauses_of
from voting.rules.step import fraction_text, share_text
from voting.rules.values import Flag, Measure, Ratio, Retry, Scale, Signer, VoterGroup
from voting.words import Word, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voting.rules.rule import Rule
    from voting.words import Lang

_OF_BALLOTS = ("valid", "returned", "issued")
_LISTS = {"options": "option", "gates": "gate", "room-gates": "room-gate"}
_ORDER: Final = (
    "confirmation",
    "contested",
    "consultation",
    "recommendation",
    "nomination",
    "election",
    "assessment",
    "named",
)
OPS: Final = {
    ">": "value.op.above",
    ">=": "value.op.from",
    "<": "value.op.below",
    "<=": "value.op.up-to",
}


def listing(rules: Iterable[Rule], lang: Lang = "zh") -> Iterator[str]:
    """Yield a table of rules with its head: id, title, what passes, who must be present."""
    order = {kind: n for n, kind in enumerate(_ORDER)}
    head = tuple(say(f"rules.list.{name}", lang) for name in ("id", "title", "pass", "quorum"))
    ordered = sorted(rules, key=lambda rule: (order[rule.kind], rule.id))
    rows = [head, *(_row(rule, lang) for rule in ordered)]
    widths = [max(width(row[n]) for row in rows if len(row) > n) for n in range(len(head))]
    for row in rows:
        cells = (text + " " * (widths[n] - width(text)) for n, text in enumerate(row))
        yield "  ".join(cells).rstrip()


def _row(rule: Rule, lang: Lang) -> tuple[str, ...]:
    title = rule.title[lang]
    if rule.superseded is not None:
        title = say("rules.list.superseded", lang, title=title)
    if not rule.votes:
        return rule.id, title, say("rules.list.unballoted", lang)
    apart = [group for group in rule.groups if group.quorum is not None]
    quorum = describe_value("groups" if apart else "quorum", tuple(apart) or rule.quorum, lang)
    return rule.id, title, describe_value("pass", rule.passing, lang), quorum


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal: a character of CJK takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def describe_rule(rule: Rule, lang: Lang = "zh") -> Iterator[str]:
    """Yield the lines of the whole rule; indented lines belong to the clause above them."""
    yield say("rules.show.title", lang, title=rule.title[lang], id=rule.id)
    if rule.superseded is not None:
        yield say("rules.show.superseded", lang, why=rule.superseded[lang])
    yield say("rules.show.voters", lang, members=rule.members[lang])
    for key, clause in clauses_of(rule.kind).items():
        note = rule.notes[key]
        yield ""
        value = _described(rule, key, getattr(rule, clause.field), lang)
        yield say("rules.show.clause", lang, clause=Word(f"clause.{key}"), value=value)
        certainty = Word(f"certainty.{note.source.certainty}")
        source = say("rules.show.source", lang, text=note.source.text, certainty=certainty)
        yield f"    {source}"
        if note.choices and note.why:
            choices = " | ".join(_described(rule, key, choice, lang) for choice in note.choices)
            yield f"    {say('rules.show.choices', lang, key=key, choices=choices)}"
            yield f"    {say('rules.show.why', lang, why=note.why[lang])}"


def describe_value(key: str, value: object, lang: Lang = "zh") -> str:
    """Return the value of a clause, by the file's key, in words."""
    match value:
        case None:
            return say("value.no-pass", lang)
        case ():
            return say("value.nothing", lang)
        case Measure(fraction, base):
            template = "value.measure.inclusive" if fraction.inclusive else "value.measure.strict"
            basis = Word(f"value.rate-base.{base}" if base in _OF_BALLOTS else f"base.{base}")
            return say(template, lang, basis=basis, share=share_text(fraction, lang))
        case Retry(again, bar_after):
            said = say(f"value.retry.{again}", lang)
            if not bar_after:
                return said
            return say("value.retry.barred", lang, again=said, bar_after=bar_after)
        case Signer(role, count):
            return say("value.signer", lang, role=Word(f"role.{role}"), count=count)
        case Ratio(names, per):
            return say("value.ratio", lang, names=names, per=per)
        case Scale():
            return _scale(value, lang)
        case VoterGroup():
            return _group(value, lang)
        case tuple():
            return listed((describe_value(key, part, lang) for part in value), lang)
        case int():
            return _number(key, value, lang)
    if key in _LISTS:
        return say(f"{_LISTS[key]}.{value}", lang)
    return str(value) if key == "thin-reasons" else say(f"value.{key}.{value}", lang)


def flag_text(rule: Rule, flag: Flag, lang: Lang = "zh") -> str:
    """Return the condition of a flag, with the grades as the paper names them."""
    scale = rule.scale(flag.scale)
    grades = [one.title[lang] for one in scale.grades if one.id in flag.grades]
    return say(
        "value.flag",
        lang,
        scale=scale.title[lang],
        grades=listed(grades, lang),
        op=Word(OPS[flag.op]),
        numerator=flag.numerator,
        denominator=flag.denominator,
    )


def _described(rule: Rule, key: str, value: object, lang: Lang) -> str:
    """Return a value in words, where the rule's own words or grades are needed too."""
    if key == "options" and isinstance(value, tuple):
        return listed((Word(rule.option_word(one)) for one in value), lang)
    if key == "flags" and isinstance(value, tuple) and value:
        return listed((flag_text(rule, flag, lang) for flag in value), lang)
    return describe_value(key, value, lang)


def _number(key: str, value: int, lang: Lang) -> str:
    if key == "floor":
        return say("value.floor", lang, floor=value)
    if key == "next-round":
        return say("value.next-round", lang, count=value)
    if not value:
        return say("value.rounds-limit.free", lang)
    return say("value.rounds-limit", lang, count=value)


def _scale(scale: Scale, lang: Lang) -> str:
    titles = {grade.id: grade.title[lang] for grade in scale.grades}
    grades = [
        titles[grade.id]
        if grade.weight is None
        else say("value.grade", lang, title=titles[grade.id], weight=grade.weight)
        for grade in scale.grades
    ]
    return say(
        "value.scale",
        lang,
        title=scale.title[lang],
        grades=listed(grades, lang),
        favourable=listed((titles[one] for one in scale.favourable), lang),
    )


def _group(group: VoterGroup, lang: Lang) -> str:
    title = group.title[lang]
    if group.quorum is not None:
        share = fraction_text(group.quorum, lang)
        return say("value.group.quorum", lang, title=title, share=share)
    if group.quota is not None:
        return say("value.group.quota", lang, title=title, quota=group.quota)
    return say("value.group", lang, title=title)
