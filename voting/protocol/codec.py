"""JSON as bytes: Belenios version 1 hashes texts, so one value has one spelling here.

The rules, all of them checked by ``decode_exact`` before any caller sees a value:

* UTF-8, no byte order mark; compact; no escape that is not needed (see ``encode``);
* no object names a key twice; nesting no deeper than ``MAX_DEPTH``;
* numbers are integers that JavaScript holds exactly (|n| < 2**53): no float, no exponent,
  no NaN, no ``-0``. Scalars and group elements are strings and have decoders of their own;
* ``encode(decode_exact(data)) == data``, or the data is refused.

What was hashed or signed is kept and passed on as the bytes that came in. The helpers below
take values out of the decoded object and name the place of a fault, as
``ballot.answers[0].choices[1].alpha``; they never convert, so nothing that passed is later
written differently.

``encode`` spells as the Yojson library does, which the tools of Belenios use: separators
without spaces, non-ASCII characters and ``/`` raw, ``\\b \\f \\n \\r \\t`` short, the other
control characters and U+007F as ``\\u00xx`` in lower case.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

from voting.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH: Final = 16
MAX_BYTES: Final = 64 * 2**20
MAX_INTEGER: Final = 2**53 - 1
MAX_SMALL: Final = 2**30 - 1  # largest weight or count that Belenios writes as a number

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_HEX64 = re.compile(r"[0-9a-f]{64}")
_B64_HASH = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]")
_UUID = re.compile(f"[{BASE58}]{{14,64}}")
_DECIMAL = re.compile(r"[1-9][0-9]{0,39}")
# A whole string, or what is left of one that never ends: always matches at a quote, so that
# the scan is linear whatever the input.
_STRINGS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def encode(value: object) -> bytes:
    """Write a JSON value (no floats) in the one spelling described above."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("\x7f", "\\u007f").encode("utf-8")


def decode_exact(data: bytes, place: str, *, max_bytes: int = MAX_BYTES) -> object:
    """Read bytes that are exactly what ``encode`` would write.

    Objects become dicts in the order of the bytes. Raises FormatError at ``place``.
    """
    if len(data) > max_bytes:
        raise FormatError(place, f"longer than {max_bytes} bytes")
    _check_depth(data, place)
    reader = _Reader(place)
    try:
        text = data.decode("utf-8")
        value: object = json.loads(text, **reader.numbers)
        again = encode(value)
        if again != data:  # a key twice is one reason: what is written again has it once
            json.loads(text, object_pairs_hook=reader.pairs, **reader.numbers)
    except UnicodeError as e:
        raise FormatError(place, "not UTF-8 text") from e
    except (ValueError, RecursionError) as e:
        raise FormatError(place, "not JSON") from e
    if again != data:
        raise FormatError(place, "not in canonical form")
    return value


def fields(value: object, place: str, /, *names: str) -> tuple[object, ...]:
    """Take exactly these fields, in this order, from an object.

    A name that ends in ``?`` may be missing, and its value is then None; when it is there it is
    not null. Raises FormatError when the object has other fields or another order.
    """
    if not isinstance(value, dict):
        raise FormatError(place, "not an object")
    if tuple(value) == names and _all_needed(names):  # nearly always
        return tuple(value.values())
    expected = [
        name.removesuffix("?") for name in names if not name.endswith("?") or name[:-1] in value
    ]
    if list(value) != expected:
        raise FormatError(place, f"expected the fields {', '.join(expected)} in this order")
    for name in names:
        if name.endswith("?") and value.get(name[:-1], "") is None:
            raise FormatError(f"{place}.{name[:-1]}", "null, where the field may be left out")
    return tuple(value.get(name.removesuffix("?")) for name in names)


@cache
def _all_needed(names: tuple[str, ...]) -> bool:
    return not any(name.endswith("?") for name in names)


def text(value: object, place: str, *, max_length: int = 10_000) -> str:
    """Take a string of at most ``max_length`` characters."""
    if not isinstance(value, str):
        raise FormatError(place, "not a string")
    if len(value) > max_length:
        raise FormatError(place, f"longer than {max_length} characters")
    return value


def integer(value: object, place: str, *, low: int = 0, high: int = MAX_INTEGER) -> int:
    """Take a JSON number, ``low <= n <= high``; ``true`` is not a number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise FormatError(place, "not an integer")
    if not low <= value <= high:
        raise FormatError(place, f"not between {low} and {high}")
    return value


def boolean(value: object, place: str) -> bool:
    """Take ``true`` or ``false``."""
    if not isinstance(value, bool):
        raise FormatError(place, "not true or false")
    return value


def array(
    value: object, place: str, *, low: int = 0, high: int = 1_000_000, size: int | None = None
) -> list[object]:
    """Take a list of ``low`` to ``high`` values, or of exactly ``size``."""
    if not isinstance(value, list):
        raise FormatError(place, "not a list")
    if size is not None:
        low = high = size
    if not low <= len(value) <= high:
        wanted = f"{low}" if low == high else f"{low} to {high}"
        raise FormatError(place, f"has {len(value)} entries, expected {wanted}")
    return value


def hex64(value: object, place: str) -> str:
    """Take 64 lower-case hexadecimal digits: a SHA-256, or an Ed25519 key."""
    return _matching(_HEX64, value, place, "64 lower-case hexadecimal digits")


def b64_hash(value: object, place: str) -> str:
    """Take a SHA-256 in Base64 without padding: 43 characters, unused bits zero."""
    return _matching(_B64_HASH, value, place, "a SHA-256 in Base64 without padding")


def uuid(value: object, place: str) -> str:
    """Take an election's identifier: 14 to 64 characters of Base58."""
    return _matching(_UUID, value, place, "14 to 64 Base58 characters")


def draw_base58(rand: Callable[[int], bytes], length: int = 22) -> str:
    """Draw uniform symbols of Base58; 22 of them, as in our identifiers, hold 128 bits and more.

    Args:
        rand: Uniform bytes, as many as it is asked for; it is asked for one at a time.
    """
    symbols: list[str] = []
    while len(symbols) < length:
        number = rand(1)[0]
        if number < 4 * len(BASE58):  # 232 of 256: what is above would favour some symbols
            symbols.append(BASE58[number % len(BASE58)])
    return "".join(symbols)


def weight(value: object, place: str) -> int:
    """Take a weight or count: a number up to 2**30 - 1, beyond it a decimal string."""
    if isinstance(value, str):
        n = int(_matching(_DECIMAL, value, place, "a decimal number"))
        if n <= MAX_SMALL:
            raise FormatError(place, "a small number written as a string")
        return n
    return integer(value, place, low=0, high=MAX_SMALL)


def weight_json(n: int) -> int | str:
    """Write a weight or count; the inverse of ``weight``."""
    return n if n <= MAX_SMALL else str(n)


def _matching(pattern: re.Pattern[str], value: object, place: str, wanted: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise FormatError(place, f"not {wanted}")
    return value


def _check_depth(data: bytes, place: str) -> None:
    """Count brackets outside strings before any recursive parser sees the data."""
    escapes = b"\\" in data  # without them quotes alternate, which is ten times faster
    outside = _STRINGS.sub(b"", data) if escapes else b"".join(data.split(b'"')[::2])
    depth = 0
    for bracket in outside.translate(None, _NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise FormatError(place, f"nested deeper than {MAX_DEPTH}")
        else:
            depth -= 1


class _Reader:
    """The parser's hooks, which know the place for their errors."""

    def __init__(self, place: str) -> None:
        self.place = place

    def pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(pairs)
        if len(result) != len(pairs):
            raise FormatError(self.place, "an object names a key twice")
        return result

    @property
    def numbers(self) -> dict[str, Any]:
        return {
            "parse_int": self.integer,
            "parse_float": self.number,
            "parse_constant": self.number,
        }

    def integer(self, digits: str) -> int:
        if len(digits) > 17 or abs(n := int(digits)) > MAX_INTEGER:
            raise FormatError(self.place, "a number is too large")
        return n

    def number(self, spelled: str) -> NoReturn:
        raise FormatError(self.place, f"a number that is not an integer: {spelled[:20]}")
