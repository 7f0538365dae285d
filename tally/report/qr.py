"""QR symbols (ISO/IEC 18004) as vector drawings.

The matrix is made by the package ``qrcode`` with everything fixed: alphanumeric mode, one
version, one mask. A reader takes any mask; choosing the best of eight costs six times the work
and nothing on paper needs it. Version 2 at level M holds a ticket with the largest modules, which
is what a tablet's fixed camera needs most.
"""

from __future__ import annotations

import re

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

VERSION = 2
SIZE = 17 + 4 * VERSION  # modules on a side, without the quiet zone of 4
CAPACITY = 38  # alphanumeric characters of version 2 at level M
_ALPHANUMERIC = re.compile(rf"[0-9A-Z $%*+\-./:]{{1,{CAPACITY}}}", re.ASCII)
_DARK = re.compile(rb"\x01+")
_MASK = 2


def matrix(payload: str) -> list[list[bool]]:
    """Return the ``SIZE`` rows of the symbol, true where it is dark, without quiet zone.

    Raises:
        ValueError: the payload is not alphanumeric or longer than ``CAPACITY``. It is a ticket's
            secret, so the error does not show it.
    """
    if not _ALPHANUMERIC.fullmatch(payload):
        raise ValueError("the payload does not fit the symbol")
    symbol = QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    symbol.add_data(QRData(payload.encode("ascii"), mode=MODE_ALPHA_NUM))
    symbol.make(fit=False)
    return [[bool(module) for module in row] for row in symbol.modules]


def outline(rows: list[list[bool]]) -> str:
    """Return the dark modules as one SVG path, a module being one unit.

    A run of dark modules is one rectangle, a fiftieth higher than its row: rectangles that only
    touched would show hairlines where a renderer smooths edges.
    """
    return "".join(
        f"M{run.start()} {y}h{run.end() - run.start()}v1.02H{run.start()}z"
        for y, row in enumerate(rows)
        for run in _DARK.finditer(bytes(row))
    )
