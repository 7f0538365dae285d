"""A rule in words: each value, its source with how sure that is, and what a meeting may choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.rules.parsing import clauses_of
from voting.rules.step import share_text
from voting.rules.values import Measure, Retry, Signer
from voting.words import Word, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voting.rules.rule import Rule
    from voting.words import Lang

_LISTS = {"options": "option", "gates": "gate", "room-gates": "room-gate"}


def headline(rule: Rule, lang: Lang = "zh") -> str:
    """Return one line: id, title, what passes, the quorum."""
    quorum = describe_value("quorum", rule.quorum, lang)
    passing = describe_value("pass", rule.passing, lang)
    text = {"id": rule.id, "title": rule.title[lang], "pass": passing, "quorum": quorum}
    return say("rules.list.item", lang, **text)


def describe_rule(rule: Rule, lang: Lang = "zh") -> Iterator[str]:
    """Yield the lines of the whole rule; indented lines belong to the clause above them."""
    yield say("rules.show.title", lang, title=rule.title[lang], id=rule.id)
    for key, clause in clauses_of(rule.kind).items():
        note = rule.notes[key]
        value = describe_value(key, getattr(rule, clause.field), lang)
        if key == "options":
            value = listed((Word(rule.option_word(one)) for one in rule.options), lang)
        yield ""
        yield say("rules.show.clause", lang, clause=Word(f"clause.{key}"), value=value)
        certainty = Word(f"certainty.{note.source.certainty}")
        source = say("rules.show.source", lang, text=note.source.text, certainty=certainty)
        yield f"    {source}"
        if note.choices and note.why:
            choices = " | ".join(describe_value(key, choice, lang) for choice in note.choices)
            yield f"    {say('rules.show.choices', lang, key=key, choices=choices)}"
            yield f"    {say('rules.show.why', lang, why=note.why[lang])}"


def describe_value(key: str, value: object, lang: Lang = "zh") -> str:
    """Return the value of a clause, by the file's key, in words."""
    match value:
        case None:
            return say("value.no-pass", lang)
        case Measure(fraction, base):
            template = "value.measure.inclusive" if fraction.inclusive else "value.measure.strict"
            basis = Word(f"base.{base}")
            return say(template, lang, basis=basis, share=share_text(fraction, lang))
        case Retry(again, bar_after):
            said = say(f"value.retry.{again}", lang)
            if not bar_after:
                return said
            return say("value.retry.barred", lang, again=said, bar_after=bar_after)
        case Signer(role, count):
            return say("value.signer", lang, role=Word(f"role.{role}"), count=count)
        case tuple():
            return listed((describe_value(key, part, lang) for part in value), lang)
        case int():
            return say("value.floor", lang, floor=value)
    if key in _LISTS:
        return say(f"{_LISTS[key]}.{value}", lang)
    return say(f"value.{key}.{value}", lang)
