"""Prime-order groups behind one narrow face; Ed25519 by libsodium is the one that ships.

The only user of libsodium's curve. It calls the functions of PyNaCl's library themselves:
``nacl.bindings`` does the same after looking at types and lengths that are certain here, and that
is a tenth of the time of verifying a ballot (docs/performance.md).

Text becomes an ``Element`` only through ``Group.decode``, which proves that it is canonical and a
member of the prime-order subgroup (the identity is one), so a function that is given an
``Element`` has nothing left to check. Arithmetic is total on members: it may yield the identity
and never raises. Notation is additive: ``k * P``, ``P + Q``, ``-P``; ``k`` is any int, read mod q.

Scalars are Python ints, hence **not constant time**; see docs/adr/0010-group-face.md.

libsodium's traps, all closed here: its multiplication fails on the identity, on a zero
scalar and outside the subgroup; it does not reduce scalars; addition accepts every
curve point; ``is_valid_point`` refuses the identity. Source: docs/spec/group.md.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from nacl import bindings
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]  # compiled, no stubs

from voting.errors import FormatError, ProofError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Term = tuple[int, "Element"]
"""A scalar and the element that it multiplies."""

_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)


class Element(ABC):
    """A member of a prime-order group: immutable, hashable, picklable."""

    __slots__ = ()

    @property
    @abstractmethod
    def text(self) -> str:
        """The canonical text, as hashed and as written in JSON."""

    @property
    @abstractmethod
    def group(self) -> Group: ...

    @abstractmethod
    def __add__(self, other: Element) -> Element: ...

    @abstractmethod
    def __sub__(self, other: Element) -> Element: ...

    @abstractmethod
    def __neg__(self) -> Element: ...

    @abstractmethod
    def __rmul__(self, k: int) -> Element: ...


class Group(ABC):
    """A group of prime order ``order`` with its fixed ``generator``."""

    name: str
    order: int
    generator: Element
    identity: Element

    @abstractmethod
    def decode(self, text: object, place: str = "element", *, multiplier: int = 0) -> Element:
        """Take an element out of a message.

        Args:
            multiplier: A scalar by which the element will be multiplied, if one is known. It
                changes nothing but the cost: a multiplication that proves membership by itself
                is done here, instead of a test, and its product is kept for the one who asks.

        Raises:
            FormatError: Not text, not canonical, or not in the prime-order subgroup.
        """

    @abstractmethod
    def derive_generator(self, i: int) -> Element:
        """Return generator ``i`` (>= -1), of which nobody knows a discrete logarithm."""

    @abstractmethod
    def embed(self, numbers: Sequence[int]) -> Element:
        """Hide 8-bit numbers in an element (``of_ints``), at most 30 of them on Ed25519.

        Raises:
            FormatError: Too many numbers, or one outside 0..255.
            UnsupportedError: The group has no embedding.
        """

    @abstractmethod
    def extract(self, n: int, element: Element) -> list[int]:
        """Read ``n`` numbers back (``to_ints``). Ignores upper bits: compare with ``embed``."""

    @abstractmethod
    def sort_key(self, element: Element) -> bytes | int:
        """The order in which lists of elements are sorted (raw bytes on Ed25519)."""

    def multiply_generator(self, k: int) -> Element:
        return k * self.generator

    def total(self, elements: Iterable[Element]) -> Element:
        return sum(elements, start=self.identity)

    def lincomb(self, terms: Iterable[Term]) -> Element:
        """Return the sum of ``k * P`` over the terms."""
        return self.total(k * element for k, element in terms)

    def check_all(self, equations: Iterable[Iterable[Term]]) -> None:
        """Require that every equation's terms sum to the identity.

        Raises:
            ProofError: Some equation does not hold; ``params['equation']`` is its index.
        """
        for i, terms in enumerate(equations):
            if self.lincomb(terms) != self.identity:
                raise ProofError(equation=i)


_Q = 2**252 + 27742317777372353535851937790883648493
_P = 2**255 - 19
_BYTES = 32
_IDENTITY = (1).to_bytes(_BYTES, "little")
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PADDING_BITS = 14
_MAX_NUMBERS = 30
_NOT_A_MEMBER = "not a canonical element of the prime-order subgroup"


_RAW = ffi.typeof("unsigned char[32]")
bindings.sodium_init()  # importing the bindings did it; more often does no harm


def _add(p: bytes, q: bytes) -> bytes:
    """Add two curve points of any order, 32 bytes each. RuntimeError when one is not on it."""
    out = ffi.new(_RAW)
    if lib.crypto_core_ed25519_add(out, p, q) != 0:
        raise RuntimeError("not a point of the curve")
    return bytes(ffi.buffer(out))


def _multiply(k: int, raw: bytes) -> bytes:
    """Multiply a member by 0 < k < q. RuntimeError when it is not one, or is the identity."""
    out = ffi.new(_RAW)
    if lib.crypto_scalarmult_ed25519_noclamp(out, k.to_bytes(_BYTES, "little"), raw) != 0:
        raise RuntimeError("not in the prime-order subgroup")
    return bytes(ffi.buffer(out))


def _multiply_base(k: int) -> bytes:
    """Multiply the generator by 0 < k < q."""
    out = ffi.new(_RAW)
    if lib.crypto_scalarmult_ed25519_base_noclamp(out, k.to_bytes(_BYTES, "little")) != 0:
        raise RuntimeError("a scalar that is zero")
    return bytes(ffi.buffer(out))


def _is_canonical(raw: bytes) -> bool:
    return int.from_bytes(raw, "little") & ((1 << 255) - 1) < _P


def _is_member(raw: bytes) -> bool:
    """True for canonical encodings of members of the prime-order subgroup."""
    if raw == _IDENTITY:
        return True
    return _is_canonical(raw) and lib.crypto_core_ed25519_is_valid_point(raw) == 1


@dataclass(frozen=True, slots=True)
class _Point(Element):
    """Made only by ``Ed25519`` and by arithmetic, so ``raw`` is always a member."""

    raw: bytes
    product: tuple[int, bytes] | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        return self.raw[::-1].hex()

    @property
    def group(self) -> Group:
        return ED25519

    def __add__(self, other: Element) -> _Point:
        if not isinstance(other, _Point):
            return NotImplemented
        if self.raw == _IDENTITY:
            return other
        if other.raw == _IDENTITY:
            return self
        return _Point(_add(self.raw, other.raw))

    def __sub__(self, other: Element) -> _Point:
        if not isinstance(other, _Point):
            return NotImplemented
        return self + -other

    def __neg__(self) -> _Point:
        if self.raw == _IDENTITY:
            return self
        return _Point(self.raw[:-1] + bytes([self.raw[-1] ^ 0x80]))  # the sign of x

    def __rmul__(self, k: int) -> _Point:
        k %= _Q
        if k == 0 or self.raw == _IDENTITY:
            return _Point(_IDENTITY)
        if k == 1:
            return self
        if k == _Q - 1:
            return -self
        if self.product is not None and self.product[0] == k:
            return _Point(self.product[1])
        if self.raw == _GENERATOR:
            return _Point(_multiply_base(k))
        try:
            return _Point(_multiply(k, self.raw))
        except RuntimeError as e:  # unreachable for members: never let a library error out
            raise FormatError("element", "not in the prime-order subgroup") from e


_GENERATOR = _multiply_base(1)


class Ed25519(Group):
    """The prime-order subgroup of edwards25519, with Belenios' texts.

    An element's text is the 32 bytes of RFC 8032 **reversed**, as 64 lower-case hex digits.
    """

    name = "Ed25519"
    order = _Q
    generator = _Point(_GENERATOR)
    identity = _Point(_IDENTITY)

    def __reduce__(self) -> str:
        return "ED25519"

    def decode(self, text: object, place: str = "element", *, multiplier: int = 0) -> Element:
        if not isinstance(text, str) or not _HEX64.fullmatch(text):
            raise FormatError(place, "not 64 lower-case hex digits")
        raw = bytes.fromhex(text)[::-1]
        if not 0 < multiplier < _Q or raw == _IDENTITY or not _is_canonical(raw):
            if not _is_member(raw):
                raise FormatError(place, _NOT_A_MEMBER)
            return _Point(raw)
        try:  # libsodium tests here what is_valid_point tests
            return _Point(raw, (multiplier, _multiply(multiplier, raw)))
        except RuntimeError as e:
            raise FormatError(place, _NOT_A_MEMBER) from e

    def derive_generator(self, i: int) -> Element:
        return _derive_generator(i)

    def embed(self, numbers: Sequence[int]) -> Element:
        if len(numbers) > _MAX_NUMBERS or not all(0 <= v <= 255 for v in numbers):
            raise FormatError("plaintext", f"not at most {_MAX_NUMBERS} numbers in 0..255")
        y = int.from_bytes(bytes(numbers), "big") << _PADDING_BITS
        while not _is_member(raw := y.to_bytes(_BYTES, "little")):  # about 16 tries
            y += 1
        return _Point(raw)

    def extract(self, n: int, element: Element) -> list[int]:
        if not 0 <= n <= _MAX_NUMBERS:
            raise FormatError("plaintext", f"not at most {_MAX_NUMBERS} numbers")
        number = int.from_bytes(self.sort_key(element), "little") >> _PADDING_BITS
        return list((number % 256**n).to_bytes(n, "big"))

    def sort_key(self, element: Element) -> bytes:
        if not isinstance(element, _Point):
            raise TypeError("an element of another group")
        return element.raw


@cache
def _derive_generator(i: int) -> _Point:
    y = int.from_bytes(hashlib.sha256(f"ggen|{i}".encode()).digest(), "big") >> 2
    while True:
        raw = y.to_bytes(_BYTES, "little")
        try:
            for _ in range(3):  # cofactor 8; addition takes any curve point, multiplication not
                raw = _add(raw, raw)
        except RuntimeError:  # not on the curve
            y += 1
        else:
            return _Point(raw)


ED25519 = Ed25519()
GROUPS: Mapping[str, Group] = MappingProxyType({ED25519.name: ED25519})


def decode_scalar(value: object, order: int, place: str = "scalar") -> int:
    """Take a scalar out of a message: a canonical decimal string below ``order``.

    Raises:
        FormatError: Not a string, a sign, a leading zero, or ``order`` and more.
    """
    # The length is compared first: turning digits into a number costs their square.
    if (
        not isinstance(value, str)
        or len(value) > len(str(order))
        or not _DECIMAL.fullmatch(value)
        or (scalar := int(value)) >= order
    ):
        raise FormatError(place, "not a canonical decimal number below the group's order")
    return scalar
