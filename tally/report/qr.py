"""QR symbols (ISO/IEC 18004) as vector drawings.

Symbols are drawn by the package ``qrcode`` with everything fixed: alphanumeric mode, one
version, one level, one mask. A reader takes any mask. Version 2 at level M holds a ticket with
the largest modules, which is what a tablet's fixed camera needs most.

With version, level and mask fixed, every module is a sum over GF(2) of the message's bits and a
constant: error correction is linear, the rest does not depend on the message. So ``qrcode``
draws one symbol for every bit of the message once (0.3 s), and a thousand others are sums of
these, ten times faster than drawn one by one. A test compares them with ``qrcode``'s own.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, MODE_ALPHA_NUM, QRData

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 2
SIZE = 17 + 4 * VERSION  # modules on a side, without the quiet zone of 4
STRIDE = SIZE + 1  # a row in ``symbol``'s answer: its modules and a "0"
CAPACITY = 38  # alphanumeric characters of version 2 at level M
_MASK = 2
_CHARACTERS: str = ALPHA_NUM.decode("ascii")
_ALPHANUMERIC = re.compile(rf"[{re.escape(_CHARACTERS)}]{{1,{CAPACITY}}}")
_DARK = re.compile("1+")


def symbol(payload: str) -> str:
    """Return the symbol as ``SIZE`` rows of ``STRIDE`` characters, "1" where it is dark.

    Raises:
        ValueError: the payload is not alphanumeric or longer than ``CAPACITY``. It is a ticket's
            secret, so the error does not show it.
    """
    if not _ALPHANUMERIC.fullmatch(payload):
        raise ValueError("the payload does not fit the symbol")
    modules, changes = _linear(len(payload))
    for value, of_bits in zip(_values(payload), changes, strict=True):
        for bit, change in enumerate(of_bits):
            if value >> bit & 1:
                modules ^= change
    return f"{modules:0{SIZE * STRIDE}b}"


def outline(modules: str) -> str:
    """Return the dark modules of ``symbol``'s answer as one SVG path, a module being one unit.

    A run of dark modules is one rectangle, a fiftieth higher than its row: rectangles that only
    touched would show hairlines where a renderer smooths edges.
    """
    return "".join([_rectangle(*run.span()) for run in _DARK.finditer(modules)])


def draw(payload: str) -> str:
    """Return what ``symbol`` returns, drawn by ``qrcode`` for this payload alone."""
    code = QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    code.add_data(QRData(payload.encode("ascii"), mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    rows = ("".join("1" if dark else "0" for dark in row) for row in code.modules)
    return "0".join(rows) + "0"


@cache
def _linear(length: int) -> tuple[int, list[list[int]]]:
    """Return the symbol of zeros, and what each bit of each pair of characters changes in it."""
    zeros = "0" * length
    base = int(draw(zeros), 2)
    changes = []
    for at in range(0, length, 2):
        pair = zeros[at : at + 2]
        texts = (_text(1 << bit, len(pair)) for bit in range(11 if len(pair) == 2 else 6))
        changed = (zeros[:at] + text + zeros[at + len(pair) :] for text in texts)
        changes.append([int(draw(payload), 2) ^ base for payload in changed])
    return base, changes


def _values(payload: str) -> Iterator[int]:
    """Number the message's pairs of characters as the alphanumeric mode does."""
    for at in range(0, len(payload), 2):
        value = 0
        for character in payload[at : at + 2]:
            value = 45 * value + _CHARACTERS.index(character)
        yield value


def _text(value: int, length: int) -> str:
    return (_CHARACTERS[value // 45] + _CHARACTERS[value % 45])[-length:]


@lru_cache(maxsize=SIZE * STRIDE * SIZE)
def _rectangle(start: int, end: int) -> str:
    y, x = divmod(start, STRIDE)
    return f"M{x} {y}h{end - start}v1.02H{x}z"
