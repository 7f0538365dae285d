"""What people and matters are called on the forms.

What voters wrote in words may hold a character that no font has, and nobody must be able to stop a
form with one: it is printed as its code point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.report.fonts import missing_characters
from voting.meeting.questions import called_of, name_of
from voting.words import say

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting
    from voting.rules.evaluation import Evaluation
    from voting.words import Lang


def title_of(meeting: Meeting, item: str) -> str:
    """Return what an item is called: its candidate, the post, or what is asked."""
    frozen = meeting.items[item]
    return frozen.candidate or (frozen.proposed if frozen.contest else "") or frozen.question


def printable(text: str) -> str:
    """Return a voter's words with every character that no font has as its code point."""
    for character in missing_characters(text):
        text = text.replace(character, f"[U+{ord(character):04X}]")
    return text


def called(meeting: Meeting, item: str, evaluation: Evaluation) -> dict[str, str]:
    """Return what the ids of an item's results are called."""
    return {ident: printable(name) for ident, name in called_of(meeting, item, evaluation).items()}


def read_as(meeting: Meeting, item: str, meant: int | str, lang: Lang) -> str:
    """Say what two scrutineers read words as: a number of the roster with its name, or so."""
    if isinstance(meant, str):
        return say(f"reading.{meant}", lang)
    return say("reading.number", lang, number=meant, name=name_of(meeting, item, str(meant)))
