"""Reading a record from a folder or a zip: every file that is there, whatever its name.

What the files say is not looked at. A folder of a record holds plain files and one folder more,
``papers``; a link, a device, another folder could be read otherwise by another program, and are
refused here. A file that does not belong is given back like any other: V1 names it.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

from tally.record.layout import LEDGER, MEETING, NOTE, RESULT
from tally.record.pack import LOCAL, MAX_BYTES, MAX_FILES, unpack
from voting.errors import InputError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAPERS: Final = "papers"


def read_record(path: Path) -> dict[str, bytes]:
    """Return the files of a record by path, with ``/`` between folder and name.

    Raises:
        InputError: ``path-unreadable``; ``not-a-record``: no folder that has one of a record's
            files, and no zip; ``record-too-large``.
        VerificationError: ``record-entry``: a link, another folder, or a name that is not plain
            ASCII; ``zip-differs``.
    """
    try:
        if path.is_dir():
            return _folder(path)
        if path.stat().st_size > MAX_BYTES + 2**20:
            raise InputError("record-too-large")
        data = path.read_bytes()
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
    if not data.startswith(LOCAL):
        raise InputError("not-a-record", path=str(path))
    return unpack(data)


def _folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for name, path in _entries(folder):
        total += path.stat().st_size
        if total > MAX_BYTES or len(files) >= MAX_FILES:
            raise InputError("record-too-large")
        files[name] = path.read_bytes()
    if not {MEETING, LEDGER, RESULT, NOTE} & files.keys():
        raise InputError("not-a-record", path=str(folder))
    return files


def _entries(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()):
        mode = path.lstat().st_mode
        name = prefix + path.name
        if name == PAPERS and stat.S_ISDIR(mode):
            yield from _entries(path, f"{PAPERS}/")
        elif stat.S_ISREG(mode) and name.isascii() and name.isprintable():
            yield name, path
        else:
            raise VerificationError("record-entry", path=ascii(name)[1:-1])
