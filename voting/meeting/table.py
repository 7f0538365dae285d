"""A TOML table read strictly: every key is known, every type is right, every fault has a place.

Rows are counted from 1, as people count them: the third ``[[roll]]`` is ``roll[3]``. Texts are
brought to NFC, and refused when they hold what no form can print.
"""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from typing import TYPE_CHECKING, Any, TypeVar

from voting.characters import is_number, unseen, unseen_in_name
from voting.errors import DraftError, FormatError
from voting.meeting import shape

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_REQUIRED: Any = object()
_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}", re.ASCII)
_HAN_SPACE = re.compile(r"[\u2e80-\U0003ffff]\s+|\s+[\u2e80-\U0003ffff]")


def read_toml(text: str) -> dict[str, Any]:
    """Read a TOML text; DraftError ``not-toml`` for what is none, or nested thousands deep."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise DraftError("not-toml", "TOML", what=str(e)) from e
    except RecursionError as e:
        raise DraftError("not-toml", "TOML", what="[[[…") from e


class Table:
    """One table. ``finish`` refuses the keys that nobody asked for."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise DraftError("wrong-type", place, expected="table")
        self._left: dict[str, object] = dict(value)
        self.place = place

    def at(self, key: str) -> str:
        """Return the place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def text(self, key: str, default: str = _REQUIRED) -> str:
        """Take a text; a required one is not empty."""
        value = self._take(key, default, str, "text")
        text = clean(value, self.at(key))
        if default is _REQUIRED and not text:
            raise DraftError("empty-text", self.at(key))
        return text

    def name(self, key: str, default: str = _REQUIRED) -> str:
        """Take a person's name: without the space that some forms put between two characters.

        Nor a variation selector, with which it would be another name that looks the same.
        """
        text = self.distinguishing(key, default)
        if _HAN_SPACE.search(text):
            raise DraftError("space-in-name", self.at(key), name=text)
        return text

    def distinguishing(self, key: str, default: str = _REQUIRED) -> str:
        """Take a text by which people tell one from another: without variation selectors."""
        text = self.text(key, default)
        _refuse(unseen_in_name(text), self.at(key))
        return text

    def identifier(self, key: str, default: str = _REQUIRED) -> str:
        """Take an id of ASCII letters, digits, dots and dashes; a default may be empty."""
        if key not in self._left and default is not _REQUIRED:
            return default
        text: str = self._take(key, default, str, "text")
        if _ID.fullmatch(text) is None:
            raise DraftError("bad-id", self.at(key))
        if is_number(text):
            raise DraftError("id-number", self.at(key), id=text)
        return text

    def number(self, key: str, default: int = _REQUIRED, *, low: int, high: int) -> int:
        """Take a whole number between the two."""
        value: int = self._take(key, default, int, "number")
        if not low <= value <= high:
            raise DraftError("out-of-range", self.at(key), low=low, high=high)
        return value

    def flag(self, key: str, default: bool = _REQUIRED) -> bool:
        """Take true or false."""
        value: bool = self._take(key, default, bool, "true-false")
        return value

    def choice(self, key: str, choices: tuple[T, ...], default: T = _REQUIRED) -> T:
        """Take one of some words."""
        value: T = self._take(key, default, str, "text")
        if value not in choices:
            raise DraftError("not-a-choice", self.at(key), choices=list(choices))
        return value

    def date(self, key: str) -> str:
        """Take a day of the calendar, as TOML's date or as a text; ``2026-11-21`` is returned.

        In the years that a frozen meeting takes (``shape.date``).
        """
        value = self._left.pop(key, None)
        if value is None:
            raise DraftError("missing-key", self.at(key))
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            value = value.isoformat()
        try:
            day: str = shape.date(value, self.at(key))
        except FormatError as e:
            raise DraftError("bad-date", self.at(key)) from e
        return day

    def names(
        self, key: str, default: list[str] = _REQUIRED, *, distinguishing: bool = False
    ) -> tuple[str, ...]:
        """Take a list of texts; ``distinguishing``: without variation selectors."""
        value = self._take(key, default, list, "list")
        for i, one in enumerate(value, 1):
            if not isinstance(one, str):
                raise DraftError("wrong-type", f"{self.at(key)}[{i}]", expected="text")
            if distinguishing:
                _refuse(unseen_in_name(one), f"{self.at(key)}[{i}]")
        return tuple(clean(one, f"{self.at(key)}[{i}]") for i, one in enumerate(value, 1))

    def rows(self, key: str, read: Callable[[Table], T], *, required: bool = True) -> tuple[T, ...]:
        """Take a list of tables and read each to its end."""
        value = self._take(key, _REQUIRED if required else [], list, "list")
        result = []
        for i, one in enumerate(value, 1):
            row = Table(one, f"{self.at(key)}[{i}]")
            result.append(read(row))
            row.finish()
        return tuple(result)

    def table(self, key: str, *, required: bool = True) -> Table:
        """Take a table."""
        return Table(self._take(key, _REQUIRED if required else {}, dict, "table"), self.at(key))

    def left(self) -> tuple[str, ...]:
        """Return the keys that are left, for a table whose keys are data."""
        return tuple(self._left)

    def plain(self) -> dict[str, object]:
        """Take all that is left as it is."""
        taken, self._left = self._left, {}
        return taken

    def finish(self) -> None:
        """Refuse what is left."""
        for key in self._left:
            raise DraftError("unknown-key", self.at(key))

    def _take(self, key: str, default: Any, kind: type, expected: str) -> Any:
        if key not in self._left:
            if default is _REQUIRED:
                raise DraftError("missing-key", self.at(key))
            return default
        value = self._left.pop(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise DraftError("wrong-type", self.at(key), expected=expected)
        return value


def clean(text: str, place: str) -> str:
    """Return a text in NFC without blanks around it; refuse characters that no form prints."""
    text = unicodedata.normalize("NFC", text).strip()
    _refuse(unseen(text), place)
    if len(text) > 500:
        raise DraftError("too-long", place, limit=500)
    return text


def _refuse(character: str | None, place: str) -> None:
    """Raise DraftError ``bad-character`` for a character, if there is one."""
    if character is not None:
        raise DraftError("bad-character", place, character=f"U+{ord(character):04X}")
