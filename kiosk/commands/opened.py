"""What the verifying commands read: a box, a record, records that came before, doubts beside it."""

from __future__ import annotations

import mmap
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from tally.record.layout import LEDGER, MEETING, RESULT
from tally.record.read import read_record
from tally.verify.earlier import Shelf
from voting.errors import InputError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_BELENIOS: Final = b"BELENIOS\0"
_ALIKE: Final = str.maketrans("OIL", "011", " -\t")
_CODE: Final = 16
_HEX: Final = 64
MAX_NOTE: Final = 64 * 1024


@contextmanager
def mapped(path: Path) -> Iterator[bytes | mmap.mmap]:
    """Map the file, so that a large box is read ballot by ballot and never held whole."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            empty = file.seek(0, os.SEEK_END) == 0  # nothing cannot be mapped
            data = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as e:
            raise InputError("path-unreadable", path=str(path)) from e
        if isinstance(data, mmap.mmap):
            stack.enter_context(data)
        yield data


def is_archive(path: Path) -> bool:
    """Return whether a path is a bare box, whatever its name."""
    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            begin = file.read(len(_BELENIOS))
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
    return begin == _BELENIOS or path.suffix == ".bel"


def read_shelf(paths: Iterable[Path]) -> Shelf:
    """Read earlier records: each path is a record, its zip, or a folder that holds some.

    What is there and cannot be read as one is put on the shelf without files: it is a finding of
    V22, which names it, and stops no other check.

    Raises:
        InputError: ``path-unreadable``, ``not-a-record``: a path with no record in it.
    """
    return Shelf(found for path in paths for found in _records(path))


def doubts_beside(path: Path) -> tuple[Path, ...]:
    """Return the notes of doubt beside a record: ``NAME.doubt-….note``, in order of names."""
    name = path.resolve().name.removesuffix(".zip")
    try:
        return tuple(sorted(path.resolve().parent.glob(f"{_literal(name)}.doubt-*.note")))
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e


def read_note(path: Path) -> bytes:
    """Return the bytes of a note. Raises InputError ``path-unreadable``."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_NOTE + 1)
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e


def normal(text: str) -> str:
    """Take a fingerprint as people write it: 16 symbols, or the 64 digits of the whole.

    Raises InputError ``expect-malformed``.
    """
    if len(text.strip()) == _HEX:
        return text.strip().lower()
    bare = text.upper().translate(_ALIKE)
    if len(bare) != _CODE or not (bare.isascii() and bare.isalnum()):
        raise InputError("expect-malformed")
    return bare


def _records(path: Path) -> Iterator[tuple[str, Mapping[str, bytes] | None]]:
    if not path.is_dir() or _is_record(path):
        yield _record(path)
        return
    try:
        inner = [one for one in sorted(path.iterdir()) if one.suffix == ".zip" or _is_record(one)]
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
    if not inner:
        raise InputError("not-a-record", path=str(path))
    for one in inner:
        try:
            yield _record(one)
        except InputError:
            yield str(one), None


def _record(path: Path) -> tuple[str, Mapping[str, bytes] | None]:
    try:
        return str(path), read_record(path)
    except VerificationError:
        return str(path), None


def _is_record(path: Path) -> bool:
    return any((path / name).is_file() for name in (MEETING, LEDGER, RESULT))


def _literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
