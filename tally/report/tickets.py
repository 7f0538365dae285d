"""Sheets of tickets: A4, eight slips to a sheet, each folded with its QR inside.

A slip shows the meeting, the series and how to use it, the same on every slip, and one secret:
the token, as QR and in groups with check symbols for typing. It names no person and bears no
number, so nobody who sees a slip drawn can find it again in a list. Its header stays visible
when it is folded; a printed pattern on the flap keeps the symbol from showing through.

The bytes returned are as secret as the tokens. They go to the printer or to one download.
"""

from __future__ import annotations

from hashlib import shake_128
from typing import TYPE_CHECKING

from tally.report import qr
from tally.report.fonts import check_text
from tally.report.typeset import compile_pdf, day_of
from voting.protocol.credential import format_token, qr_payload
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.protocol.credential import Token
    from voting.words import Lang

PER_SHEET = 8
_LINE_POINTS = 250  # a slip of 95 mm less its margins


def typeset_tickets(
    tokens: Sequence[Token], *, title: str, series: str, date: str, lang: Lang = "zh"
) -> bytes:
    """Return the sheets of one series as a PDF; the rest as ``typeset_all``."""
    return typeset_all([(series, tokens)], title=title, date=date, lang=lang)


def typeset_all(
    series: Sequence[tuple[str, Sequence[Token]]], *, title: str, date: str, lang: Lang = "zh"
) -> bytes:
    """Return the sheets of several series as one PDF, each series on sheets of its own.

    Args:
        series: Each series' name as people see it, and its secret tokens as
            ``voting.protocol.credential`` makes them, no two the same; they stay in this order.
        title: The meeting's title.
        date: The meeting's day, ``YYYY-MM-DD``.
    Raises:
        DraftError: ``glyph-missing`` in ``title`` or a series' name; a bad ``date``.
        ValueError: no token, or one token twice.
    """
    tokens = [token for _, part in series for token in part]
    if not tokens or not all(part for _, part in series) or len(set(tokens)) != len(tokens):
        raise ValueError("tickets need tokens, each another")
    for name, _ in series:
        check_text(name, "series")
    when = day_of(date)
    data = {
        "title": title,
        "title-size": _fitting(title, 10.5),
        "modules": qr.SIZE,
        "pattern": qr.outline(_pattern()),
        "words": {
            "ticket": say("tickets.ticket", lang),
            "date": say("report.date", lang, year=when.year, month=when.month, day=when.day),
            "by-hand": say("tickets.by-hand", lang),
            "keep": say("tickets.keep", lang),
            "fold": say("tickets.fold", lang),
            "use": [say("tickets.use-1", lang), say("tickets.use-2", lang)],
        },
        "parts": [
            {
                "series": name,
                "slips": [
                    {"symbol": qr.outline(qr.symbol(qr_payload(token))), "lines": _lines(token)}
                    for token in part
                ],
            }
            for name, part in series
        ],
    }
    return compile_pdf("tickets", data, date=date, tagged=False)


def _lines(token: Token) -> list[str]:
    groups = format_token(token).split("-")
    half = (len(groups) + 1) // 2
    return ["-".join(groups[:half]), "-".join(groups[half:])]


def _fitting(line: str, size: float) -> float:
    """Return the size in points at which the line fits a slip; at the least 6.5, on two lines."""
    ems = sum(1.0 if ord(character) > 0x2000 else 0.58 for character in line)
    return max(6.5, min(size, _LINE_POINTS / ems)) if ems else size


def _pattern() -> str:
    """Return the same noise for every slip, to print where the folded symbol comes to lie."""
    noise = shake_128(b"piaojue/tickets/pattern").digest(qr.SIZE * qr.SIZE)
    bits = "".join(str(byte & 1) for byte in noise)
    return "".join(bits[at : at + qr.SIZE] + "0" for at in range(0, len(bits), qr.SIZE))
