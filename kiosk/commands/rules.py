"""``piaojue rules``: list the rule book, show a rule with its sources, run worked examples.

Exit codes: 0 done and all cases pass, 1 a case differs, 2 the input, or that of a case, cannot be
used.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast, get_args

import click

from kiosk.commands.shared import both, both_paragraphs
from kiosk.draft import RULES
from voting.errors import DraftError, InputError
from voting.rules import list_rules, load_rule, read_own, read_rule
from voting.rules.cases import Status, read_cases, run_cases, unread
from voting.rules.describe import describe_rule, listing
from voting.words import LANGS, explain, harmless, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from voting.rules import Rule
    from voting.rules.cases import Outcome
    from voting.words import Lang

Params = ParamSpec("Params")


@click.group("rules", help=both_paragraphs("rules.help.group"))
def rules() -> None:
    """Hold the three commands below."""


def _in_language(
    command: Callable[Concatenate[Lang, Params], int],
) -> Callable[Params, None]:
    """Give a command ``--lang``, the exit code it returns, and one line for bad input."""

    @click.option("--lang", type=click.Choice(LANGS), default="zh", help=both("rules.help.lang"))
    @functools.wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> None:
        lang = cast("Lang", kwargs.pop("lang"))
        try:
            code = command(lang, *args, **kwargs)
        except InputError as e:
            click.echo(explain(e, lang), err=True)
            code = 2
        sys.exit(code)

    return run


@rules.command("list", help=both_paragraphs("rules.help.list"))
@_in_language
def list_command(lang: Lang) -> int:
    for line in listing(list_rules(), lang):
        click.echo(line)
    return 0


@rules.command("show", help=both_paragraphs("rules.help.show"))
@click.argument("rule_id", metavar="ID")
@_in_language
def show_command(lang: Lang, rule_id: str) -> int:
    for line in describe_rule(_rule(rule_id), lang):
        click.echo(line)
    return 0


@rules.command("check", help=both_paragraphs("rules.help.check"))
@click.argument("cases", metavar="CASES.json", type=click.Path(path_type=Path))
@_in_language
def check_command(lang: Lang, cases: Path) -> int:
    own = read_own(cases.parent / RULES)
    read = read_cases(_text(cases), cases.name)
    outcomes = run_cases(read, cases.name, own)
    for outcome in outcomes:
        _tell(outcome, lang)
    if keys := unread(read):
        _print(say("rules.check.unread", lang, keys=list(keys)))
    by_status = {
        status: [one for one in outcomes if one.status == status] for status in get_args(Status)
    }
    for status in ("elsewhere", "unsupported"):
        if apart := by_status[status]:
            kinds = sorted({one.family for one in apart})
            ids = [one.id for one in apart]
            _print(say(f"rules.check.{status}", lang, count=len(ids), kinds=kinds, ids=ids))
    if unusable := by_status["unusable"]:
        click.echo(say("rules.check.unusable", lang, count=len(unusable)))
    passed, failed = len(by_status["passed"]), len(by_status["failed"])
    click.echo(say("rules.check.totals", lang, passed=passed, failed=failed))
    return 2 if unusable else int(failed > 0)


def _tell(outcome: Outcome, lang: Lang) -> None:
    """Say where a case came out otherwise, or why nothing came out."""
    if outcome.fault is not None:
        why = explain(outcome.fault, lang)
        unusable = outcome.status == "unusable"
        line = why if unusable else say("rules.check.impossible", lang, id=outcome.id, why=why)
        _print(line, err=unusable)
        return
    for difference in outcome.differences:
        params = {
            "key": difference.key,
            "expected": _shown(difference.expected),
            "got": _shown(difference.got),
        }
        _print(say("rules.check.differs", lang, id=outcome.id, **params))


def _print(text: str, *, err: bool = False) -> None:
    """Print a line of words from a file: no control character of it reaches the terminal."""
    click.echo(harmless(text), err=err)


def _rule(rule_id: str) -> Rule:
    if rule_id.endswith(".toml"):
        return read_rule(_text(Path(rule_id)), Path(rule_id).name)
    return load_rule(rule_id, "ID")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise DraftError("rules-file-unreadable", str(path)) from e


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
