"""The rule book that ships: one TOML file per rule, each value with its source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from voting.errors import DraftError
from voting.rules.rule import parse_rule

if TYPE_CHECKING:
    from voting.rules.rule import Rule


def read_rule(text: str, name: str) -> Rule:
    """Read a rule file, ours or an institution's own; ``name`` starts every complaint.

    Raises:
        DraftError: not TOML, or not a rule; its place is file and key.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise DraftError("rule-not-toml", name, what=str(e)) from e
    return parse_rule(data, name)


def load_rule(rule_id: str, place: str = "rule") -> Rule:
    """Return a rule of the book.

    Raises:
        DraftError: ``rule-does-not-exist`` at ``place``, which names those that do.
    """
    rules = _book()
    if rule_id not in rules:
        raise DraftError("rule-does-not-exist", place, rule=rule_id, rules=list(rules))
    return rules[rule_id]


def list_rules() -> tuple[Rule, ...]:
    """Return the rules of the book by id."""
    return tuple(_book().values())


@cache
def _book() -> dict[str, Rule]:
    names = sorted(file.name for file in files(__package__).iterdir())
    rules = (
        read_rule(files(__package__).joinpath(name).read_text("utf-8"), name)
        for name in names
        if name.endswith(".toml")
    )
    return {rule.id: rule for rule in rules}
