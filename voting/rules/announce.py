"""The words that the scrutineer and then the chair read out, made from the evaluation itself.

The same steps that decided give the words, so that nothing can be announced which was not
decided. What the room hears of the counts is the rule's ``visibility``; a box under the floor
has no counts to read. Form F16 of a 票决结果报告单.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.rules.announce_contests import cell_lines, contest_lines
from voting.rules.step import share_text
from voting.words import Word, say

_OF_A_PERSON: Final = frozenset({"confirmation", "recommendation", "consultation"})
"""Kinds whose item is one person, unless it is a motion."""

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.rules.evaluation import Evaluation
    from voting.rules.rule import Rule
    from voting.rules.step import Step
    from voting.rules.values import Measure
    from voting.words import Lang


class Matter(str):
    """The name of an item that is no person: a motion, a post, what is assessed."""

    __slots__ = ()


def announce(
    rule: Rule,
    items: Sequence[tuple[str, Evaluation]],
    lang: Lang = "zh",
    *,
    names: Sequence[Mapping[str, str]] = (),
) -> tuple[str, ...]:
    """Return the sentences for one round: the round's first, then one for each item.

    Args:
        rule: The rule as frozen.
        items: At least one name as printed on the ballot with its evaluation, all of the same
            round, in the order of the ballot; a ``Matter`` where it is nobody's name.
        names: For each item, what the ids of its contest or grid are called.
    """
    first = items[0][1]
    lines = [_round(rule, first, lang)]
    # What is only recorded has no outcome beside its counts.
    shares = first.decision == "recorded"
    if rule.visibility == "withheld" or (rule.visibility == "outcome" and shares):
        lines.append(say("announce.withheld", lang))
    elif first.decision not in ("void", "no_quorum"):
        for i, (name, evaluation) in enumerate(items):
            called = names[i] if i < len(names) else {}
            lines.extend(_item(rule, name, evaluation, called, lang))
    return tuple(lines)


def _round(rule: Rule, evaluation: Evaluation, lang: Lang) -> str:
    share = share_text(rule.quorum.fraction, lang)
    failed = evaluation.steps[-1]
    if evaluation.decision == "no_quorum" and failed.of is not None:
        titles = {group.id: group.title[lang] for group in rule.groups}
        return say("announce.no-group-quorum", lang, of=titles.get(failed.of, failed.of))
    match evaluation.reason:
        case "quorum-at-open" if rule.quorum.fraction.inclusive:
            return say("announce.no-quorum.inclusive", lang, share=share)
        case "quorum-at-open":
            return say("announce.no-quorum.strict", lang, share=share)
        case "quorum-at-seal":
            return say("announce.quorum-lost", lang)
        case "returned-exceeds-issued":
            return say("announce.returned-exceeds-issued", lang)
        case "issued-exceeds-present":
            return say("announce.issued-exceeds-present", lang)
    figures = evaluation.figures
    held = "announce.round.election" if rule.kind == "election" else "announce.round"
    return say(
        held if evaluation.opened else "announce.under-floor",
        lang,
        members=rule.members[lang],
        due=figures.due,
        present=figures.present_at_open,
        issued=figures.issued,
        returned=figures.returned,
        valid=figures.returned,  # a sealed ballot is valid or it is not in the box
    )


def _item(
    rule: Rule, name: str, evaluation: Evaluation, called: Mapping[str, str], lang: Lang
) -> list[str]:
    if not isinstance(name, Matter) and rule.kind in _OF_A_PERSON:
        name = say("announce.person", lang, name=name)
    if evaluation.decision == "seats_open" and not evaluation.opened:
        return [say("announce.cannot-elect", lang, name=name)]
    if not evaluation.opened:
        closed = evaluation.decision == "sealed_unopened"
        return [say("announce.could-pass" if closed else "announce.cannot-pass", lang, name=name)]
    if evaluation.decision == "uncertified":
        return [say("announce.uncertified", lang, name=name)]
    if evaluation.contest is not None:
        return contest_lines(rule, name, evaluation, called, lang)
    if evaluation.cells is not None:
        return cell_lines(rule, evaluation.cells, called, lang)
    if evaluation.decision == "recorded":
        shares = {"name": name, **evaluation.figures.counts}
        asked = rule.kind == "consultation"
        words = say("announce.consulted" if asked else "announce.recommendation", lang, **shares)
        return [words]
    if rule.visibility == "outcome":
        decision = Word(f"decision.{evaluation.decision}")
        return [say("announce.item-outcome", lang, name=name, decision=decision)]
    counts = evaluation.figures.counts
    template = "announce.item-with-deferral" if "defer" in counts else "announce.item"
    verdict = _verdict(rule, evaluation, lang)
    lines = [say(template, lang, name=name, verdict=verdict, **counts)]
    if counts["invalid"]:
        lines.append(say("announce.invalid", lang, name=name, invalid=counts["invalid"]))
    return lines


def _verdict(rule: Rule, evaluation: Evaluation, lang: Lang) -> str:
    measure: Measure = rule.to_defer if evaluation.decision == "deferred" else rule.to_pass
    decided: Step = evaluation.steps[-1]
    basis = say(f"announce.base.{decided.base}", lang, members=rule.members[lang])
    decision = evaluation.decision.replace("_", "-")
    reading = "inclusive" if measure.fraction.inclusive else "strict"
    share = share_text(measure.fraction, lang)
    return say(f"announce.{decision}.{reading}", lang, basis=basis, share=share)
