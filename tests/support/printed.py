"""Printed tickets, as a reader sees them: the sheets rendered, their QR codes decoded by another
decoder than the pages', and pictures of single codes for a camera.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import zxingcpp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

DPI = 150


def read_sheets(pdf: bytes, counts: Sequence[int]) -> list[list[str]]:
    """What the QR codes say, series after series; a series begins on a sheet of its own.

    Args:
        counts: How many tickets each series has, in the order of the print.
    """
    sheets = iter(pypdfium2.PdfDocument(pdf))
    series = []
    for count in counts:
        found: list[str] = []
        while len(found) < count:
            found += [code.text for code in symbols(render(next(sheets)))]
        assert len(found) == count
        series.append(found)
    return series


def render(sheet: pypdfium2.PdfPage, dpi: int = DPI) -> Image:
    """A sheet as a picture in grey."""
    return sheet.render(scale=dpi / 72, grayscale=True).to_pil()


def symbols(picture: Image) -> list[zxingcpp.Barcode]:
    """Every QR code of a picture."""
    return list(zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode))
