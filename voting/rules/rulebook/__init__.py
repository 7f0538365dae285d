"""The rule book that ships, and an institution's own beside a draft: one TOML file per rule.

An institution adds a rule without code: a file in the folder ``rules`` beside ``meeting.toml``,
named after the rule's id. It can not take an id of the book, so that a name always means what the
book says; a rule of its own that differs in one value is a copy under another id.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from voting.errors import DraftError
from voting.rules.rule import parse_rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voting.rules.rule import Rule


def read_rule(text: str, name: str) -> Rule:
    """Read a rule file, ours or an institution's own; ``name`` starts every complaint.

    Raises:
        DraftError: not TOML, or not a rule; its place is file and key.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as e:  # not TOML, or a number or a depth beyond reading
        raise DraftError("rule-not-toml", name, what=str(e)) from e
    return parse_rule(data, name)


def load_rule(rule_id: str, place: str = "rule", own: Mapping[str, Rule] | None = None) -> Rule:
    """Return a rule of the book, or one of ``own``.

    Raises:
        DraftError: ``rule-does-not-exist`` at ``place``, which names those that do.
    """
    rules = {**_book(), **(own or {})}
    if rule_id not in rules:
        raise DraftError("rule-does-not-exist", place, rule=rule_id, rules=list(rules))
    return rules[rule_id]


def read_own(folder: Path) -> dict[str, Rule]:
    """Return the rules of an institution's folder by id; none when there is no such folder.

    A folder without any .toml file is another's that happens to have the name.

    Raises:
        DraftError: a file that is no rule, at its file and key; ``rule-id-not-the-file``,
            ``rule-id-taken``, ``rules-file-unreadable``, ``rules-file-foreign``.
    """
    if not folder.is_dir() or not any(folder.glob("*.toml")):
        return {}
    rules: dict[str, Rule] = {}
    for path in sorted(folder.iterdir()):
        name = f"{folder.name}/{path.name}"
        if path.suffix != ".toml" or not path.is_file():
            raise DraftError("rules-file-foreign", name)
        rules[path.stem] = _own_rule(path, name)
    return rules


def _own_rule(path: Path, name: str) -> Rule:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise DraftError("rules-file-unreadable", name) from e
    rule = read_rule(text, name)
    if rule.id != path.stem:
        raise DraftError("rule-id-not-the-file", f"{name}.id", rule=rule.id)
    if rule.id in _book():
        raise DraftError("rule-id-taken", f"{name}.id", rule=rule.id)
    return rule


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
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
