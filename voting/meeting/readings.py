"""认读: whom the words mean that voters wrote, as two scrutineers read them and signed.

Where a paper allows names in words, somebody writes 王伟 and the roster has two of that name, or
writes what nobody can read. Neither a program nor one person decides what such words count for:
two scrutineers do, before anybody certifies, in the act ``reading``. It has every distinct text of
the box once, in the order of the counts, and what it is read as:

* a number of the roster: that person;
* ``written``: somebody who is not on the roster; the words stand as they are;
* ``invalid``: nobody can tell, or who is meant stands on the paper already. That name is 无效, and
  an entry of which nothing is left is an invalid entry.

Words that *are* a name of the roster are read as a number of that name or as invalid, so that
people of one name never share a line that is nobody's. Names are read entry by entry: number 17
and words that mean 17 are one vote.

The fold has no totals. That the texts are exactly the box's, ``require`` demands of whoever has
the opened box: the server, every officer's device and the verifier (``tally.outcome``). The same
in JavaScript: ``kiosk/web/src/meeting/readings.js``. Format: docs/spec/ledger.md, *Reading*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from voting.errors import RefusedError, VerificationError
from voting.meeting.contests import FromRoster, Names
from voting.meeting.questions import asks_of
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.questions import Ask
    from voting.meeting.state import Round, State

WRITTEN: Final = "written"
INVALID: Final = "invalid"

As = int | str
Key = tuple[str, str]
"""Item and ask."""
Reading = Mapping[Key, Mapping[str, As]]
"""By item and ask, then by text."""


def asks_in_words(meeting: Meeting, one: Round) -> dict[Key, Ask]:
    """Return the asks of a round that take names in words, in the order of the counts."""
    return {
        (item, ask.id): ask
        for item in one.items
        for ask in asks_of(meeting, item, one.standings.get(item))
        if ask.text
    }


def takes_words(meeting: Meeting, item: str) -> bool:
    """Return whether the first round of an item takes names in words."""
    return any(ask.text for ask in asks_of(meeting, item))


def numbers_named(meeting: Meeting, item: str, text: str) -> list[int]:
    """Return the numbers of everybody on the item's roster whose name these words are."""
    contest = meeting.items[item].contest
    if not isinstance(contest, FromRoster):
        return []
    people = meeting.rosters[contest.roster].names
    return [number for number, one in enumerate(people, 1) if one.name == text]


def stands_already(meeting: Meeting, item: str, text: str) -> bool:
    """Return whether the paper has this name: then the words beside it are no name from outside."""
    contest = meeting.items[item].contest
    return isinstance(contest, Names) and any(one.name == text for one in contest.names)


def read(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Take in a reading; it stands in the place of an earlier one until something followed of it.

    Raises:
        RefusedError: ``reading-late``: somebody certified, or the round was released, or a next
            round of one of its items was opened.
        VerificationError: ``reading-unknown-ask``, ``reading-order``, ``reading-number``,
            ``reading-name``.
    """
    one = state.round_at(body["slot"], RoundState.COUNTED)
    if one.signed or one.released or _went_on(state, one):
        raise RefusedError("reading-late", slot=one.slot)
    asks = asks_in_words(meeting, one)
    places = list(asks)
    order: list[tuple[int, str]] = []
    for number, entry in enumerate(body["entries"], 1):
        key = (entry["item"], entry["ask"])
        if key not in asks:
            raise VerificationError("reading-unknown-ask", slot=one.slot, number=number)
        _check_as(meeting, asks[key], entry, number)
        order.append((places.index(key), entry["text"]))
    if any(a >= b for a, b in pairwise(order)):
        raise VerificationError("reading-order", slot=one.slot)
    return replace(state, rounds={**state.rounds, one.slot: replace(one, reading=reading_of(body))})


def reading_of(body: Mapping[str, Any]) -> Reading:
    """Return what a ``reading`` act says."""
    found: dict[Key, dict[str, As]] = {}
    for entry in body["entries"]:
        found.setdefault((entry["item"], entry["ask"]), {})[entry["text"]] = entry["as"]
    return found


def require(slot: str, given: Reading | None, written: Mapping[Key, Iterable[str]]) -> None:
    """Demand that what was written in a counted box is read, all of it and nothing else.

    Args:
        written: By ask, the distinct texts of the box; no ask without any.

    Raises:
        RefusedError: ``reading-missing``.
        VerificationError: ``reading-mismatch``.
    """
    if given is None and written:
        raise RefusedError("reading-missing", slot=slot)
    said, wanted = (
        {key: list(texts) for key, texts in of.items()} for of in (given or {}, written)
    )
    if said != wanted:
        raise VerificationError("reading-mismatch", slot=slot)


def read_names(mark: Sequence[As], reading: Mapping[str, As]) -> list[As]:
    """Return the names of one entry as its words are read: each once, the invalid ones left out."""
    names = [_read_as(one, reading[one]) if isinstance(one, str) else one for one in mark]
    return [name for name in dict.fromkeys(names) if name is not None]


def _read_as(text: str, meant: As) -> As | None:
    return text if meant == WRITTEN else None if meant == INVALID else meant


def _check_as(meeting: Meeting, ask: Ask, entry: Mapping[str, Any], number: int) -> None:
    item, text, meant = entry["item"], entry["text"], entry["as"]
    if isinstance(meant, int) and meant > len(ask.answers):
        raise VerificationError("reading-number", number=number)
    named = numbers_named(meeting, item, text)
    known = bool(named) or stands_already(meeting, item, text)
    if known and meant != INVALID and meant not in named:
        raise VerificationError("reading-name", number=number)


def _went_on(state: State, one: Round) -> bool:
    """Return whether a later round says who stands after this one, even one that was voided."""
    rounds = list(state.rounds.values())
    after = rounds[rounds.index(one) + 1 :]
    return any(item in later.standings for later in after for item in one.items)
