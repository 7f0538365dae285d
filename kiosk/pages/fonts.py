"""The reports' Chinese font for pages: a subset for what this meeting shows, and the whole.

A bare machine has no Chinese font. The subset holds printable ASCII, every character of the
catalogue, and every character of the meeting; what somebody types besides comes from the whole
font, which a browser fetches only then. A subset takes a second or so and is kept by its set of
characters. Outlines and hints stay as they are, and bounds are not computed again: that is most
of the time.
"""

from __future__ import annotations

import io
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from fontTools import subset
from fontTools.ttLib import TTFont

from kiosk.pages.built import File
from tally.report.fonts import sans_path
from voting.words import LANGS, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASCII: Final = frozenset(map(chr, range(0x20, 0x7F)))
_ALWAYS: Final = frozenset(
    "0123456789…—–‐‑“”‘’·×÷±≤≥≠→←↑↓✓✗●○■□▲△▼▽◆◇①②③④⑤⑥⑦⑧⑨⑩％、。，；：？！（）《》〈〉【】「」　"
)
_ONE_AT_A_TIME: Final = threading.Lock()


def sans(texts: Iterable[str]) -> File:
    """Return the subset for these texts; slow the first time, so not on an event loop."""
    wanted = _catalogue_characters().union(*texts)
    with _ONE_AT_A_TIME:
        return _subset(frozenset(one for one in wanted if one.isprintable()))


@cache
def full() -> File:
    """Return the whole font."""
    return File.of(sans_path().read_bytes(), "font/otf")


@cache
def _catalogue_characters() -> frozenset[str]:
    sentences = (entry[lang] for entry in catalogue().values() for lang in LANGS)
    return frozenset().union(_ASCII, _ALWAYS, *sentences)


@lru_cache(maxsize=4)
def _subset(characters: frozenset[str]) -> File:
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx"]  # nothing is set vertically
    whole = io.BytesIO(sans_path().read_bytes())
    font = TTFont(whole, lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    chooser = subset.Subsetter(options)
    chooser.populate(unicodes=sorted(map(ord, characters)))
    chooser.subset(font)
    font.flavor = "woff"
    made = io.BytesIO()
    font.save(made)
    return File.of(made.getvalue(), "font/woff")
