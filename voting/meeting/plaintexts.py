"""The plaintext of a roster's ask: 30 bytes, and one form only for what they say (PROTOCOL 5.5).

First a place of two bytes for each name that may be given, none where there is no roster: the
roster numbers, big-endian, strictly ascending, then zeros. Where words are allowed the rest holds
names in GB18030, strictly ascending by their bytes, ``、`` between them, then zeros; else zeros.
Numbers and words together are at most the ask's maximum.

Anything else is 无效. That is not strictness for its own sake: plaintexts are published one by one,
and a free order or a byte to spare would be a mark by which a voter shows how he voted. Words are
such a mark by themselves; that is why they are a parameter and off (docs/limitations.md).
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING, Final

from voting.errors import InputError
from voting.protocol.election import MAX_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.meeting.questions import Ask

RosterMark = list[int | str]
"""The numbers ascending, then the names in words; empty for nobody."""

_BETWEEN: Final = "、".encode("gb18030")
_LETTERS: Final = (
    (0x41, 0x5A),
    (0x61, 0x7A),
    (0xB7, 0xB7),  # · within a name
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FA5),
    (0x20000, 0x2A6DF),
)
"""What a name in words may hold: where all versions of GB18030 agree, and nothing unseen."""


def encode_roster(ask: Ask, mark: Sequence[int | str]) -> list[int]:
    """Return the 30 numbers of a ballot that gives these names.

    Args:
        mark: Roster numbers and names in words, in any order.

    Raises:
        InputError: ``roster-mark``: a name twice, or that the ask does not have; too many.
            ``roster-text-long``: the words do not fit. Neither tells what was chosen.
    """
    numbers = sorted(one for one in mark if isinstance(one, int))
    texts = [unicodedata.normalize("NFC", one) for one in mark if isinstance(one, str)]
    words = sorted(one.encode("gb18030", "replace") for one in texts)
    places = _places(ask)
    data = b"".join(one.to_bytes(2, "big") for one in numbers if 0 < one <= len(ask.answers))
    data = data.ljust(2 * places, b"\0") + _BETWEEN.join(words)
    if len(data) > MAX_NUMBERS and ask.text:
        raise InputError("roster-text-long", bytes=MAX_NUMBERS - 2 * places)
    made = list(data.ljust(MAX_NUMBERS, b"\0"))
    if decode_roster(ask, made) != [*numbers, *[one.decode("gb18030") for one in words]]:
        raise InputError("roster-mark")
    return made


def decode_roster(ask: Ask, plaintext: Sequence[int]) -> RosterMark | None:
    """Return what a plaintext says, None when it is not in the one form: 无效."""
    data = bytes(plaintext)
    places = _places(ask)
    numbers = [int.from_bytes(data[i : i + 2], "big") for i in range(0, 2 * places, 2)]
    given = list(itertools.takewhile(bool, numbers))
    rest = data[2 * places :]
    words = _words(rest.rstrip(b"\0")) if ask.text else ([] if not any(rest) else None)
    if len(data) != MAX_NUMBERS or words is None or any(numbers[len(given) :]):
        return None
    ascending = all(a < b for a, b in itertools.pairwise(given))
    if not ascending or any(one > len(ask.answers) for one in given):
        return None
    return [*given, *words] if len(given) + len(words) <= ask.maximum else None


def _places(ask: Ask) -> int:
    return ask.maximum if ask.answers else 0


def _words(data: bytes) -> list[str] | None:
    """Read the names in words; None when they are not as ``encode_roster`` writes them."""
    if not data:
        return []
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    names = text.split("、")
    coded = [name.encode("gb18030") for name in names]
    plain = all(name and all(map(_allowed, name)) for name in names)
    ascending = all(a < b for a, b in itertools.pairwise(coded))
    return names if plain and ascending and _BETWEEN.join(coded) == data else None


def _allowed(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _LETTERS)
