"""认读: whom the words mean that voters wrote, as two scrutineers read them and signed.

Where a paper allows names in words, somebody writes 王伟 and the roster has two of that name, or
writes what nobody can read. Neither a program nor one person decides what such words count for:
two scrutineers do, before anybody certifies, in the act ``reading``. It says of every distinct text
of the box, in the order of the counts, what it is read as:

* a number of the roster: that person;
* ``written``: somebody who is not on the roster; the words stand as they are;
* ``invalid``: nobody can tell, or who is meant stands on the paper already. That name is 无效, and
  an entry of which nothing is left is an invalid entry.

Words that *are* a name of the roster are read as a number of that name or as invalid, so that
people of one name never share a line that is nobody's. Names are read entry by entry: number 17
and words that mean 17 are one vote.

Anybody may read the ledger before anything is released. So the act is **masked**: it has no text,
and for each a code that only the counted archive takes the mask from (``blind``). The fold knows no
more than that; ``open_reading`` is the one way from it to a reading, for all who count: server,
officers' devices, verifier, forms (``tally.outcome.reading_in``). The same in JavaScript:
``kiosk/web/src/meeting/readings.js``. Format: docs/spec/ledger.md, *Reading*.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from voting.errors import RefusedError, VerificationError
from voting.meeting.contests import FromRoster, Names
from voting.meeting.questions import asks_of
from voting.meeting.state import RoundState
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.questions import Ask
    from voting.meeting.state import Round, State

WRITTEN: Final = "written"
INVALID: Final = "invalid"
NONCE_BYTES: Final = 16
_PREFIX: Final = b"piaojue/reading/1\n"
_CODES: Final = {INVALID: 0, WRITTEN: 0xFFFF}
"""Of a number of the roster the code is the number; a roster ends long before ``WRITTEN``."""

As = int | str
Key = tuple[str, str]
"""Item and ask."""
Reading = Mapping[Key, Mapping[str, As]]
"""By item and ask, then by text."""
Written = Mapping[Key, Collection[str]]
"""By ask, the distinct texts of a box in its order; no ask without any."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A reading as the ledger has it.

    Attributes:
        nonce: Of this reading alone, hex: another one of the same box has other masks.
        entries: What each text is read as, under its mask; 0 to 65535.
    """

    nonce: str
    entries: tuple[int, ...]

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Masked:
        """Take it out of a ``reading`` act's body."""
        return cls(body["nonce"], tuple(body["entries"]))


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
        VerificationError: ``reading-no-words``: nothing of the round takes any.
    """
    one = state.round_at(body["slot"], RoundState.COUNTED)
    if one.signed or one.released or _went_on(state, one):
        raise RefusedError("reading-late", slot=one.slot)
    if not asks_in_words(meeting, one):
        raise VerificationError("reading-no-words", slot=one.slot)
    masked = replace(one, reading=Masked.of(body))
    return replace(state, rounds={**state.rounds, one.slot: masked})


def mask_reading(
    slot: str, written: Written, meant: Sequence[As], blind: str, rand: Callable[[int], bytes]
) -> dict[str, object]:
    """Return the body of the act that reads the texts of a box as these, one after the other.

    Whether it may be read so, ``open_reading`` tells.

    Args:
        blind: Of the counted archive, 64 hex digits: who does not have it can take no mask off.
        rand: Returns that many uniform bytes, as ``secrets.token_bytes``.

    Raises:
        VerificationError: ``reading-mismatch``: more or fewer than there are texts.
    """
    nonce = rand(NONCE_BYTES).hex()
    masks = list(_masks(written, blind, nonce))
    if len(masks) != len(meant):
        raise VerificationError("reading-mismatch", slot=slot)
    codes = [_CODES[one] if isinstance(one, str) else one for one in meant]
    entries = [code ^ mask for code, (_, _, mask) in zip(codes, masks, strict=True)]
    return {"slot": slot, "nonce": nonce, "entries": entries}


def open_reading(meeting: Meeting, one: Round, written: Written, blind: str) -> Reading:
    """Return what a round's words are read as: all of them, and nothing else.

    Args:
        one: The round with its reading, if it has any.
        written: What was opened of its counted box.
        blind: Of that box's archive, 64 hex digits.

    Raises:
        RefusedError: ``reading-missing``: something was written and nobody read it.
        VerificationError: ``reading-mismatch``: it is of more or of fewer texts;
            ``reading-number``, ``reading-name``: words are read as they may not be.
    """
    if one.reading is None:
        if written:
            raise RefusedError("reading-missing", slot=one.slot)
        return {}
    entries = one.reading.entries
    masks = list(_masks(written, blind, one.reading.nonce))
    if len(masks) != len(entries):
        raise VerificationError("reading-mismatch", slot=one.slot)
    asks = asks_in_words(meeting, one)
    listed = {item: _numbers_by_name(meeting, item) for item, _ in written}
    found: dict[Key, dict[str, As]] = {}
    for number, ((key, text, mask), entry) in enumerate(zip(masks, entries, strict=True), 1):
        meant = _meant(entry ^ mask)
        named = listed[key[0]].get(text, [])
        known = bool(named) or stands_already(meeting, key[0], text)
        _check_as(asks[key], meant, named, number, known=known)
        found.setdefault(key, {})[text] = meant
    return found


def read_names(mark: Sequence[As], reading: Mapping[str, As]) -> list[As]:
    """Return the names of one entry as its words are read: each once, the invalid ones left out."""
    names = [_read_as(one, reading[one]) if isinstance(one, str) else one for one in mark]
    return [name for name in dict.fromkeys(names) if name is not None]


def _read_as(text: str, meant: As) -> As | None:
    return text if meant == WRITTEN else None if meant == INVALID else meant


def _masks(written: Written, blind: str, nonce: str) -> Iterator[tuple[Key, str, int]]:
    """Yield every text with its mask: 16 bits of SHA-256 over what only the box's readers have."""
    for (item, ask), texts in written.items():
        for text in texts:
            named = {"blind": blind, "nonce": nonce, "item": item, "ask": ask, "text": text}
            digest = sha256(_PREFIX + codec.encode(named)).digest()
            yield (item, ask), text, int.from_bytes(digest[:2], "big")


def _meant(code: int) -> As:
    return next((said for said, one in _CODES.items() if one == code), code)


def _check_as(ask: Ask, meant: As, named: list[int], number: int, *, known: bool) -> None:
    if isinstance(meant, int) and meant > len(ask.answers):
        raise VerificationError("reading-number", number=number)
    if known and meant != INVALID and meant not in named:
        raise VerificationError("reading-name", number=number)


def _numbers_by_name(meeting: Meeting, item: str) -> dict[str, list[int]]:
    """Return ``numbers_named`` of every name: a long roster and as many texts are one pass."""
    contest = meeting.items[item].contest
    found: dict[str, list[int]] = {}
    if isinstance(contest, FromRoster):
        for number, one in enumerate(meeting.rosters[contest.roster].names, 1):
            found.setdefault(one.name, []).append(number)
    return found


def _went_on(state: State, one: Round) -> bool:
    """Return whether a later round says who stands after this one, even one that was voided."""
    rounds = list(state.rounds.values())
    after = rounds[rounds.index(one) + 1 :]
    return any(item in later.standings for later in after for item in one.items)
