"""What somebody who holds a database's raw files can learn about the order of its rows.

Each attack takes marks, byte strings of which every row has one, and returns them in the order
that the files give away. An attack that finds no mark returns nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

WAL_HEADER, FRAME_HEADER = 32, 24  # SQLite's file format, "The WAL File Format"


def order_in_wal(wal: Path, marks: Sequence[bytes]) -> list[bytes]:
    """Order marks by the first frame of SQLite's write-ahead log that shows each."""
    return _first_seen(wal_pages(wal), marks)


def order_in_file(database: Path, marks: Sequence[bytes]) -> list[bytes]:
    """Order marks by their first place in a file, which is the order of its pages."""
    content = database.read_bytes()
    return sorted((mark for mark in marks if mark in content), key=content.index)


def orders_in_folder(folder: Path, marks: Sequence[bytes]) -> list[list[bytes]]:
    """Order marks by place within each file below a folder that shows any."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [order for order in (order_in_file(path, marks) for path in files) if order]


def wal_pages(wal: Path) -> Iterator[bytes]:
    """Yield the page of every frame, in the order in which they were written."""
    content = wal.read_bytes() if wal.exists() else b""
    size = int.from_bytes(content[8:12], "big")
    for start in range(WAL_HEADER + FRAME_HEADER, len(content), FRAME_HEADER + size):
        yield content[start : start + size]


def _first_seen(pages: Iterable[bytes], marks: Sequence[bytes]) -> list[bytes]:
    found: list[bytes] = []
    for page in pages:
        found += [mark for mark in marks if mark not in found and mark in page]
    return found
