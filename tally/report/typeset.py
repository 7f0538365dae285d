"""One way from a template and data to a PDF, the same bytes every time, and no file.

Templates are ``templates/*.typ``; data reaches them as one JSON text in ``sys.inputs.data``,
never as markup, so nothing that a person typed can be read as a command. The compiler gets
template, data and fonts from memory and gives the PDF back in memory: a sheet of tickets never
lies in a file of ours. The format is PDF/A-2u (ISO 19005-2): fonts inside, every character
extractable, no missing glyph. Repeatable because nothing but the arguments enters: the
document's date is an argument, and system fonts are off.
"""

from __future__ import annotations

import json
import re
from datetime import date as Date  # noqa: N812 - `date` is the argument's name here
from importlib.resources import files
from typing import TYPE_CHECKING

import typst

from tally.report.fonts import check_text, typst_fonts
from voting.errors import DraftError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def compile_pdf(
    template: str,
    data: Mapping[str, object],
    *,
    date: str,
    tagged: bool,
    parts: tuple[str, ...] = (),
) -> bytes:
    """Typeset ``templates/<template>.typ`` with ``data`` and return the PDF/A-2u.

    Args:
        parts: Templates that define what this one uses, before it.
        date: The document's date, ``YYYY-MM-DD``; the only date in the file.
        tagged: Whether to write the structure that screen readers use; larger by half.
    Raises:
        DraftError: a character in ``data`` that no font has, or a date that is none.
    """
    day = day_of(date)
    check_data(data)
    folder = files(__package__).joinpath("templates")
    source = b"\n".join(
        folder.joinpath(f"{name}.typ").read_bytes() for name in ("base", *parts, template)
    )
    inputs = {"data": json.dumps({**data, "day": [day.year, day.month, day.day]})}
    try:
        return typst.compile(
            source,
            font_paths=typst_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=["a-2u"],
            pdf_tags=tagged,
        )
    except typst.TypstError:
        # Its text may quote the data, and the data may hold tokens.
        raise RuntimeError(f"the template {template} could not be typeset") from None


def check_data(data: object, place: str = "") -> None:
    """Demand that every text in ``data`` can be printed (``fonts.check_text``)."""
    if isinstance(data, str):
        check_text(data, place)
    elif isinstance(data, dict):
        for name, value in data.items():
            check_data(value, f"{place}.{name}" if place else str(name))
    elif isinstance(data, (list, tuple)):
        for number, value in enumerate(data):
            check_data(value, f"{place}[{number}]")


def day_of(text: str) -> Date:
    """Read ``YYYY-MM-DD``; ``DraftError`` (``date``) when it is none."""
    if not _DAY.fullmatch(text):  # fromisoformat would take other spellings too
        raise DraftError("date", "date", value=text)
    try:
        return Date.fromisoformat(text)
    except ValueError:
        raise DraftError("date", "date", value=text) from None
