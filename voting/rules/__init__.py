"""What a vote decides, by integers, from a rule that is data with its sources.

``load_rule`` gives a rule of the book, ``read_own`` those of an institution;
``evaluate.evaluate_item`` what a rule says of given numbers, step by step; ``announce`` the words
that are read out.
"""

from __future__ import annotations

from voting.rules.fraction import Fraction
from voting.rules.rule import Rule
from voting.rules.rulebook import list_rules, load_rule, read_own, read_rule
from voting.rules.values import Measure, Note, Retry, Signer, Source

__all__ = [
    "Fraction",
    "Measure",
    "Note",
    "Retry",
    "Rule",
    "Signer",
    "Source",
    "list_rules",
    "load_rule",
    "read_own",
    "read_rule",
]
