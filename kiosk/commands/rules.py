"""``piaojue rules``: list the rule book, show a rule with its sources, run worked examples.

Exit codes: 0 done and all cases pass, 1 a case differs, 2 the input cannot be used.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

import click

from kiosk.commands.shared import both, both_paragraphs
from kiosk.draft import RULES
from voting.errors import DraftError, InputError
from voting.rules import list_rules, load_rule, read_own, read_rule
from voting.rules.cases import read_cases, run_cases
from voting.rules.describe import describe_rule, headline
from voting.words import LANGS, explain, say

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
    for rule in list_rules():
        click.echo(headline(rule, lang))
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
    outcomes = run_cases(read_cases(_text(cases), cases.name), cases.name, own)
    for outcome in outcomes:
        for difference in outcome.differences:
            params = {
                "key": difference.key,
                "expected": _shown(difference.expected),
                "got": _shown(difference.got),
            }
            click.echo(say("rules.check.differs", lang, id=outcome.id, **params))
    elsewhere = [outcome for outcome in outcomes if outcome.status == "elsewhere"]
    if elsewhere:
        click.echo(say("rules.check.elsewhere", lang, **_apart(elsewhere)))
    unsupported = [outcome for outcome in outcomes if outcome.status == "unsupported"]
    if unsupported:
        click.echo(say("rules.check.unsupported", lang, **_apart(unsupported)))
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    passed = sum(outcome.status == "passed" for outcome in outcomes)
    click.echo(say("rules.check.totals", lang, passed=passed, failed=failed))
    return 1 if failed else 0


def _apart(outcomes: list[Outcome]) -> dict[str, object]:
    return {"count": len(outcomes), "kinds": {outcome.family for outcome in outcomes}}


def _rule(rule_id: str) -> Rule:
    if rule_id.endswith(".toml"):
        return read_rule(_text(Path(rule_id)), Path(rule_id).name)
    return load_rule(rule_id, "ID")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise DraftError("rules-file-unreadable", str(path)) from e


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
