"""The shapes of our own messages: small checks that are put together like the messages.

A ``Check`` takes a decoded JSON value and its place, and returns the value unchanged or raises
``FormatError`` there. Nothing is converted, so what passed is written again as the same bytes.
The frozen meeting and every act's body are described with these (docs/spec/meeting.md,
docs/spec/ledger.md).
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable
from typing import Any, Final

from voting.characters import is_number, unseen, unseen_in_name
from voting.errors import FormatError
from voting.protocol import codec

Check = Callable[[object, str], Any]

MAX_TEXT: Final = 2_000
_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}", re.ASCII)
_UUID22 = re.compile(f"[{codec.BASE58}]{{22}}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_DATE = re.compile(r"2\d{3}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(.{10})T(?:[01]\d|2[0-3])(?::[0-5]\d){2}Z", re.ASCII)

hex64: Final[Check] = codec.hex64
boolean: Final[Check] = codec.boolean


def uuid22(value: object, place: str) -> Any:
    """Take a slot's or a meeting's identifier: 22 symbols of Base58."""
    return _matching(_UUID22, value, place, "22 Base58 symbols")


def identifier(value: object, place: str) -> Any:
    """Take an id: 1 to 40 ASCII letters, digits, dots, dashes, underscores; never a number."""
    ident = _matching(_ID, value, place, "an id of ASCII letters and digits")
    if is_number(ident):
        raise FormatError(place, "an id that is a number")
    return ident


def nonce(value: object, place: str) -> Any:
    """Take 16 random bytes: 32 lower-case hexadecimal digits."""
    return _matching(_NONCE, value, place, "32 lower-case hexadecimal digits")


def signature(value: object, place: str) -> Any:
    """Take an Ed25519 signature: 128 lower-case hexadecimal digits."""
    return _matching(_SIGNATURE, value, place, "128 lower-case hexadecimal digits")


def tracker(value: object, place: str) -> Any:
    """Take a ballot's tracker: 43 symbols of Base64."""
    return codec.b64_hash(value, place)


def date(value: object, place: str) -> Any:
    """Take a day of the calendar in the years 2000 to 2999, as 2026-11-21."""
    text = _matching(_DATE, value, place, "a date of the years 2000 to 2999, as 2026-11-21")
    try:
        datetime.date.fromisoformat(text)
    except ValueError as e:
        raise FormatError(place, "no such day") from e
    return text


def time(value: object, place: str) -> Any:
    """Take a second of such a day in UTC, as 2026-11-21T09:30:05Z: never 24:00 or 23:59:60."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise FormatError(place, "not a time as 2026-11-21T09:30:05Z")
    date(found[1], place)
    return value


def words(value: object, place: str) -> Any:
    """Take a text that says something: not empty, as ``prose`` else."""
    if value == "":
        raise FormatError(place, "empty")
    return prose(value, place)


def prose(value: object, place: str) -> Any:
    """Take a text that may be empty: at most 2,000 characters, none of them unseen.

    A control or format character makes a text read as another (``voting.characters``).
    """
    text = codec.text(value, place, max_length=MAX_TEXT)
    if unseen(text) is not None:
        raise FormatError(place, "has a control or format character")
    return text


def name(value: object, place: str) -> Any:
    """Take a name that tells somebody from others: as ``words``, without variation selectors."""
    return called(words(value, place), place)


def called(value: object, place: str) -> Any:
    """Take a name that may be empty."""
    text = prose(value, place)
    if unseen_in_name(text) is not None:
        raise FormatError(place, "has a variation selector")
    return text


def long_text(value: object, place: str) -> Any:
    """Take a text with lines, as a note is."""
    return codec.text(value, place, max_length=20_000)


def count(low: int = 0, high: int = 100_000) -> Check:
    """Take a whole number between the two."""
    return lambda value, place: codec.integer(value, place, low=low, high=high)


def one_of(*names: str) -> Check:
    """Take one of these words."""

    def check(value: object, place: str) -> Any:
        if not isinstance(value, str) or value not in names:
            raise FormatError(place, f"not one of {', '.join(names)}")
        return value

    return check


def optional(inner: Check) -> Check:
    """Take null or what ``inner`` takes."""
    return lambda value, place: None if value is None else inner(value, place)


def either(number: Check, text: Check) -> Check:
    """Take a text as ``text`` does, and what is none as ``number`` does."""
    return lambda value, place: (text if isinstance(value, str) else number)(value, place)


def sequence(inner: Check, *, low: int = 0, high: int = 100_000) -> Check:
    """Take a list, every entry as ``inner``."""

    def check(value: object, place: str) -> Any:
        for i, entry in enumerate(codec.array(value, place, low=low, high=high)):
            inner(entry, f"{place}[{i}]")
        return value

    return check


def ascending(inner: Check) -> Check:
    """Take a list that is strictly ascending, so that a set has one spelling."""

    def check(value: object, place: str) -> Any:
        listed = sequence(inner)(value, place)
        if any(a >= b for a, b in itertools.pairwise(listed)):
            raise FormatError(place, "not strictly ascending")
        return listed

    return check


def distinct(inner: Check, *, low: int = 0) -> Check:
    """Take a list of strings or numbers, none of them twice."""

    def check(value: object, place: str) -> Any:
        listed = sequence(inner, low=low)(value, place)
        if len(set(listed)) != len(listed):
            raise FormatError(place, "names something twice")
        return listed

    return check


def mapping(key: Check, inner: Check) -> Check:
    """Take an object whose keys are data."""

    def check(value: object, place: str) -> Any:
        if not isinstance(value, dict):
            raise FormatError(place, "not an object")
        for name, entry in value.items():
            key(name, f"{place} key")
            inner(entry, f"{place}.{name}")
        return value

    return check


def record(**checks: Check) -> Check:
    """Take an object with exactly these fields in this order.

    A field whose name ends in ``?`` may be left out (``codec.fields``).
    """

    def check(value: object, place: str) -> Any:
        for (name, inner), entry in zip(
            checks.items(), codec.fields(value, place, *checks), strict=True
        ):
            if entry is not None or not name.endswith("?"):
                inner(entry, f"{place}.{name.removesuffix('?')}")
        return value

    return check


def unique(values: list[str], place: str) -> None:
    """Raise FormatError when a value stands twice in the list."""
    if len(set(values)) != len(values):
        raise FormatError(place, "names something twice")


def _matching(pattern: re.Pattern[str], value: object, place: str, wanted: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise FormatError(place, f"not {wanted}")
    return value
