"""The rules that a draft may use, and the kinds of gates, as the console's forms need them.

Titles, what an item of each rule asks, and what it must have before the freeze; nothing is decided
by it: whatever a form makes of it, the draft is read by its one reader (``voting.meeting.draft``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voting.rules import list_rules
from voting.rules.gates import MANY, PAPER, RECORD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.rules import Rule
    from voting.words import Lang

Json = dict[str, object]

GATES: Final = (
    "recommended",
    "first-round",
    "concentrated",
    "reserve-list",
    "nominated",
    "examined",
    "department-discussed",
    "consulted",
    "plenum-consulted",
    "opinions",
    "discipline",
    "audit",
    "personal-matters",
    "dossier",
    "complaints",
    "inspection",
    "approval",
    "failed",
    "reconsidered",
)
"""Every kind, in the order in which a candidate comes to them."""


def book_json(own: Mapping[str, Rule]) -> Json:
    """Return the rules of the book and the institution's that are ballots, and the gates."""
    rules = {rule.id: rule for rule in (*list_rules(), *own.values()) if rule.votes}
    return {
        "rules": [_rule_json(rules[name]) for name in sorted(rules)],
        "gates": [
            {"gate": one, "paper": one in PAPER, "record": one in RECORD, "many": one in MANY}
            for one in GATES
        ],
    }


def _rule_json(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "kind": rule.kind,
        "title": _words(rule.title),
        "superseded": rule.superseded is not None,
        "gates": list(rule.gates),
        "scales": [{"id": one.id, "title": _words(one.title)} for one in rule.scales],
        "write_in": rule.write_in,
    }


def _words(title: Mapping[Lang, str]) -> dict[str, str]:
    return {str(lang): text for lang, text in title.items()}
