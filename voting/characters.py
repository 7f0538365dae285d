"""Which characters our texts may hold, and which ids may be a key: by tables that are written down.

The tables of a runtime grow with its version of Unicode: two verifiers would judge one meeting
differently, and a page would refuse what its server froze. So nothing here asks the runtime what a
character is. ``kiosk/web/src/characters.js`` has the same ranges; a test compares them.

Refused everywhere (``UNSEEN``) is what leaves no ink or turns a line around, so that two texts
read alike and are not: controls, format characters, line and paragraph separators, fillers and
other default-ignorable characters, the empty Braille cell; surrogates and private use, which no
two machines show alike; noncharacters; and planes 4 to 16, where nothing is assigned. Unassigned
places of planes 0 to 3 are taken: a rare surname may stand there in the next version of Unicode.
Spaces (Zs) are no matter of this table. Of names, variation selectors are refused besides: with one
after it a name is another text and looks the same.
"""

from __future__ import annotations

import re
from typing import Final

UNSEEN: Final = (
    (0x0000, 0x001F),  # controls
    (0x007F, 0x009F),
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x0600, 0x0605),  # Arabic format characters
    (0x061C, 0x061C),
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180E, 0x180E),
    (0x200B, 0x200F),  # zero width, direction
    (0x2028, 0x202E),  # separators, direction
    (0x2060, 0x206F),
    (0x2800, 0x2800),  # empty Braille cell
    (0x3164, 0x3164),  # Hangul fillers
    (0xD800, 0xF8FF),  # surrogates, private use
    (0xFDD0, 0xFDEF),  # noncharacters
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x110BD, 0x110BD),  # Kaithi number signs
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),  # Egyptian format characters
    (0x1BCA0, 0x1BCA3),  # shorthand, music
    (0x1D173, 0x1D17A),
    (0x1FFFE, 0x1FFFF),
    (0x2FFFE, 0x2FFFF),
    (0x3FFFE, 0xE00FF),  # noncharacters, unassigned planes, tags
    (0xE01F0, 0x10FFFF),  # the rest of plane 14, private use
)
"""Code points that no text holds, first and last of each range."""
SELECTORS: Final = (
    (0x180B, 0x180D),  # Mongolian
    (0x180F, 0x180F),
    (0xFE00, 0xFE0F),
    (0xE0100, 0xE01EF),
)
"""Variation selectors: no name holds them."""


def _any_of(ranges: tuple[tuple[int, int], ...]) -> re.Pattern[str]:
    return re.compile(f"[{''.join(f'{chr(a)}-{chr(b)}' for a, b in ranges)}]")


_UNSEEN = _any_of(UNSEEN)
_IN_NAMES = _any_of(UNSEEN + SELECTORS)
_NUMBER = re.compile(r"0|[1-9][0-9]*", re.ASCII)


def unseen(text: str) -> str | None:
    """Return the first character that no text holds, None when there is none."""
    found = _UNSEEN.search(text)
    return None if found is None else found[0]


def unseen_in_name(text: str) -> str | None:
    """Return the first character that no name holds, None when there is none."""
    found = _IN_NAMES.search(text)
    return None if found is None else found[0]


def is_number(ident: str) -> bool:
    """Return whether an id is written as a number, as ``5`` or ``2026``.

    JavaScript puts such keys of an object first, in the order of their numbers: a program that
    reads the object could not write the same bytes again. So no id is one.
    """
    return _NUMBER.fullmatch(ident) is not None
