"""The Chinese fonts that everything is printed with, and which characters they lack.

A PDF with a missing glyph shows an empty box where a person's name should be, so names are
checked when they are entered, and again before anything is typeset. Coverage is read from the
fonts' own character maps (OpenType ``cmap``, formats 4 and 12), so that the check and the
printer can not differ. Text falls back from one of the two fonts to the other.

Characters that leave no ink (``voting.characters``) count as missing: in a name they are an
accident or a trick, two names that look the same and are not.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn
import typst

from voting.characters import unseen
from voting.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def missing_characters(text: str) -> list[str]:
    """Return the characters of ``text`` that can not be printed, each once, in order."""
    if text.isascii() and text.isprintable():
        return []  # both fonts have all of these
    covered = coverage()
    return [
        character
        for character in dict.fromkeys(text)
        if ord(character) not in covered or unseen(character) is not None
    ]


def check_text(text: str, place: str) -> None:
    """Demand that every character of ``text`` can be printed.

    Raises:
        DraftError: ``glyph-missing`` at ``place``, with the first such character and its
            ``codepoint`` as ``U+4DAE``.
    """
    for character in missing_characters(text):
        shown = character if character.isprintable() else ""
        codepoint = f"U+{ord(character):04X}"
        raise DraftError("glyph-missing", place, character=shown, codepoint=codepoint)


@cache
def coverage() -> frozenset[int]:
    """Return the code points that at least one of the two fonts can print."""
    return frozenset(point for path in _paths() for point in _mapped(path.read_bytes()))


@cache
def typst_fonts() -> typst.Fonts:
    """Return the fonts as typst holds them; built once per process (about 0.1 s)."""
    folder = str(_paths()[0].parent)
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def sans_path() -> Path:
    """Return the file of the sans serif font, for pages."""
    return _paths()[1]


def _paths() -> tuple[Path, Path]:
    return pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path()


def _mapped(font: bytes) -> Iterator[int]:
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    for number in range(count):
        platform, _, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * number)
        (form,) = struct.unpack_from(">H", cmap, offset)
        if platform in {0, 3} and form == 12:
            yield from _segments_12(cmap[offset:])
        elif platform in {0, 3} and form == 4:
            yield from _segments_4(cmap[offset:])


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return font[offset : offset + length]
    raise ValueError(f"the font has no table {tag!r}")


def _segments_12(table: bytes) -> Iterator[int]:
    (count,) = struct.unpack_from(">L", table, 12)
    for start, end, glyph in struct.iter_unpack(">LLL", table[16 : 16 + 12 * count]):
        yield from range(start if glyph else start + 1, end + 1)  # glyph 0 is the empty box


def _segments_4(table: bytes) -> Iterator[int]:
    half = struct.unpack_from(">H", table, 6)[0] // 2

    def column(number: int) -> tuple[int, ...]:
        at = 14 + 2 * half * number + (2 if number else 0)  # a pad after the first column
        return struct.unpack_from(f">{half}H", table, at)

    ends, starts, deltas, offsets = (column(number) for number in range(4))
    base = 16 + 6 * half
    for number, (start, end, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point
            if offset:
                at = base + 2 * number + offset + 2 * (point - start)
                (glyph,) = struct.unpack_from(">H", table, at)
            if (glyph + delta if glyph or not offset else 0) & 0xFFFF:
                yield point
