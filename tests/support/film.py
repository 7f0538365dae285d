"""What a kiosk's camera sees: printed tickets, held before it one after another.

A film is in MJPEG, JPEG pictures one after another, which Chromium shows for ever, thirty a
second. The slips are cut out of the sheets that the printer gets, and held a little askew.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdfium2
from PIL import Image

from tally.report.tickets import typeset_tickets
from tests.support.printed import render, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voting.protocol.credential import Token

FRAME = (1280, 720)
TABLE = 120  # the grey of what lies behind the slip
HELD, AWAY = 24, 6  # frames that a slip is before the camera, and that none is
AROUND = 0.45  # of the code's side, that is seen of the slip around it


def write_film(path: Path, tokens: Sequence[Token]) -> Path:
    """Write a film in which each of these tickets is held before the camera in turn."""
    empty = _jpeg(Image.new("L", FRAME, TABLE))
    with path.open("wb") as file:
        for index, slip in enumerate(slips(tokens)):
            file.write(_jpeg(_frame(slip, angle=(-8, 5, 12, -3)[index % 4])) * HELD)
            file.write(empty * AWAY)
    return path


def slips(tokens: Sequence[Token]) -> list[Image.Image]:
    """The printed tickets, each cut out around its code."""
    sheets = typeset_tickets(list(tokens), title="测试会议", series="常委", date="2026-11-21")
    found = []
    for sheet in pypdfium2.PdfDocument(sheets):
        picture = render(sheet, dpi=200)
        found += [picture.crop(_around(code)) for code in symbols(picture)]
    assert len(found) == len(tokens)
    return found


def _around(code: Any) -> tuple[int, int, int, int]:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
    xs, ys = [one.x for one in corners], [one.y for one in corners]
    more = round(AROUND * (max(xs) - min(xs)))
    return min(xs) - more, min(ys) - more, max(xs) + more, max(ys) + more


def _frame(slip: Image.Image, angle: int) -> Image.Image:
    """A slip over the table, so large that its code fills about a third of the height."""
    side = round(FRAME[1] * 0.7)
    held = slip.resize((side, side)).rotate(angle, expand=True, fillcolor=TABLE)
    frame = Image.new("L", FRAME, TABLE)
    frame.paste(held, ((FRAME[0] - held.width) // 2, (FRAME[1] - held.height) // 2))
    return frame


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=75)
    return out.getvalue()
