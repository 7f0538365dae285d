"""Belenios' finite-field groups behind the ``Group`` face: integers modulo p, for tests only.

The independent tool of Debian 12 knows these groups and enforces ballots, and a second
group shows that nothing above ``voting.crypto.group`` assumes Ed25519. ``data/groups.json`` has the
constants of the two that belenios-tool 2.0 knows.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voting.crypto.group import Element, Group
from voting.errors import FormatError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONSTANTS = json.loads((Path(__file__).parent / "data" / "groups.json").read_text())


@dataclass(frozen=True, slots=True)
class Residue(Element):
    name: str
    value: int

    @property
    def text(self) -> str:
        return str(self.value)

    @property
    def group(self) -> FiniteField:
        return FINITE_FIELDS[self.name]

    def _with(self, value: int) -> Residue:
        return Residue(self.name, value)

    def __add__(self, other: Element) -> Residue:
        if not isinstance(other, Residue) or other.name != self.name:
            return NotImplemented
        return self._with(self.value * other.value % self.group.modulus)

    def __sub__(self, other: Element) -> Residue:
        return self + -other

    def __neg__(self) -> Residue:
        return self._with(pow(self.value, -1, self.group.modulus))

    def __rmul__(self, k: int) -> Residue:
        group = self.group
        return self._with(pow(self.value, k % group.order, group.modulus))


class FiniteField(Group):
    def __init__(self, name: str) -> None:
        constants = _CONSTANTS[name]
        self.name = name
        self.modulus = int(constants["p"])
        self.order = int(constants["q"])
        self.generator = Residue(name, int(constants["g"]))
        self.identity = Residue(name, 1)
        self._embeds = "of_ints" in constants

    def _is_member(self, value: int) -> bool:
        return 0 < value < self.modulus and pow(value, self.order, self.modulus) == 1

    def decode(self, text: object, place: str = "element", *, multiplier: int = 0) -> Residue:
        canonical = (
            isinstance(text, str)
            and len(text) <= len(str(self.modulus))
            and text.isascii()
            and text.isdigit()
            and str(int(text)) == text
        )
        if not canonical or not self._is_member(int(text)):
            raise FormatError(place, "not a canonical element of the subgroup")
        return Residue(self.name, int(text))

    def derive_generator(self, i: int) -> Residue:
        number = int.from_bytes(hashlib.sha256(f"ggen|{i}".encode()).digest(), "big")
        exponent = (self.modulus - 1) // self.order
        return Residue(self.name, pow(number, exponent, self.modulus))

    def embed(self, numbers: Sequence[int]) -> Residue:
        if not self._embeds:
            raise UnsupportedError(kind="embedding")
        if not all(0 <= v <= 255 for v in numbers):
            raise FormatError("plaintext", "not numbers in 0..255")
        value = int.from_bytes(bytes(numbers), "big") << 8
        while not self._is_member(value):
            value += 1
        return Residue(self.name, value)

    def extract(self, n: int, element: Element) -> list[int]:
        if not self._embeds:
            raise UnsupportedError(kind="embedding")
        return list(((self.sort_key(element) >> 8) % 256**n).to_bytes(n, "big"))

    def sort_key(self, element: Element) -> int:
        if not isinstance(element, Residue):
            raise TypeError("an element of another group")
        return element.value


FINITE_FIELDS = {name: FiniteField(name) for name in _CONSTANTS}
BELENIOS_2048 = FINITE_FIELDS["BELENIOS-2048"]
RFC_3526_2048 = FINITE_FIELDS["RFC-3526-2048"]
