"""The inputs of one worked example, read with the place of every fault."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from voting.errors import DraftError

if TYPE_CHECKING:
    from voting.rules.rule import Rule

LAST: Final = dt.date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of one case. A reader raises ``DraftError`` naming the place."""

    data: Any
    place: str
    vote_type: str = ""
    named: Rule | None = None
    """The rule that the case names by ``rule_id``."""

    def has(self, key: str) -> bool:
        """Return whether the key is given."""
        return key in self.data

    def number(
        self, key: str, otherwise: int | None = None, least: int = 0, most: int | None = None
    ) -> int:
        """Return an integer of at least ``least``, at most ``most``."""
        value = self._get(key, otherwise)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and least <= cast("int", value) and (most is None or cast("int", value) <= most):
            return cast("int", value)
        allowed = f"{least}, {least + 1} … {'' if most is None else most}".strip()
        raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=allowed)

    def word(self, key: str, *allowed: str, otherwise: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self._get(key, otherwise)
        if not isinstance(value, str) or value not in allowed:
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=list(allowed))
        return value

    def text(self, key: str) -> str:
        """Return text of any content."""
        value = self._get(key, None)
        if not isinstance(value, str):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="text")
        return value

    def flag(self, key: str, otherwise: bool | None = None) -> bool:
        """Return true or false."""
        value = self._get(key, otherwise)
        if not isinstance(value, bool):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=["true", "false"])
        return value

    def part(self, key: str, otherwise: dict[str, object] | None = None) -> Inputs:
        """Return an object of the inputs."""
        value = self._get(key, otherwise)
        if not isinstance(value, dict):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="{…}")
        return Inputs(value, f"{self.place}.{key}")

    def counts(self, key: str, otherwise: dict[str, object] | None = None) -> dict[str, int]:
        """Return an object of numbers."""
        part = self.part(key, otherwise)
        return {name: part.number(name) for name in part.data}

    def list_of(self, key: str, kind: type, otherwise: list[object] | None = None) -> list[Any]:
        """Return a list whose members are all of one type."""
        value = self._get(key, otherwise)
        if not isinstance(value, list) or not all(type(one) is kind for one in value):
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed=f"[{kind.__name__}]")
        return value

    def pair(self, key: str) -> tuple[int, int]:
        """Return numerator and denominator."""
        value = self.list_of(key, int)
        if len(value) != 2 or value[0] < 0 or value[1] < 1:
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="[num, den]")
        return value[0], value[1]

    def day(self, key: str) -> dt.date:
        """Return a date."""
        return self._date(self._get(key, None), key)

    def days(self, key: str) -> frozenset[dt.date]:
        """Return a list of dates, none when it is not given."""
        return frozenset(self._date(one, key) for one in self.list_of(key, str, []))

    def _date(self, value: object, key: str) -> dt.date:
        try:
            day = dt.date.fromisoformat(cast("str", value))
        except (TypeError, ValueError):
            day = dt.date.max
        if day > LAST or cast("str", value) != day.isoformat():
            raise DraftError("cases-bad-value", f"{self.place}.{key}", allowed="YYYY-MM-DD")
        return day

    def _get(self, key: str, otherwise: object) -> object:
        if key in self.data:
            return self.data[key]
        if otherwise is None:
            raise DraftError("cases-missing-key", f"{self.place}.{key}")
        return otherwise
