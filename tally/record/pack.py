"""A record as one zip, which has one spelling: sorted paths, stored, one fixed time.

Written and read here, byte by byte (APPNOTE 6.3, docs/spec/record.md): a zip that is read is
written again and compared, so nothing can hide in it: no comment, no extra field, no second entry
of a name, no second directory that another program would read instead.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final

from voting.errors import FormatError, InputError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES: Final = 2**31 - 1
MAX_FILES: Final = 1_000
LOCAL: Final = b"PK\x03\x04"
_CENTRAL: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"
_FIXED: Final = struct.pack("<HHHHH", 20, 0, 0, 0, 33)  # zip 2.0, no flag, stored, 1980-01-01
_SIZES: Final = struct.Struct("<IIIHH")  # CRC-32, compressed, real, length of name, of extra
_HEADER: Final = len(LOCAL) + len(_FIXED) + _SIZES.size
_UNIX: Final = struct.pack("<H", 3 << 8 | 20)
_MODE: Final = 0o100644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """Write files as a zip, by path. Raises InputError ``record-too-large``."""
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BYTES:
        raise InputError("record-too-large")
    parts, directory, at = [], [], 0
    for path in sorted(files):
        data, name = files[path], path.encode("ascii")
        sizes = _SIZES.pack(zlib.crc32(data), len(data), len(data), len(name), 0)
        parts += [LOCAL, _FIXED, sizes, name, data]
        place = struct.pack("<HHHII", 0, 0, 0, _MODE, at)
        directory += [_CENTRAL, _UNIX, _FIXED, sizes, place, name]
        at += _HEADER + len(name) + len(data)
    listed = b"".join(directory)
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(listed), at, 0)
    return b"".join([*parts, listed, _END, end])


def unpack(data: bytes) -> dict[str, bytes]:
    """Read a zip that is exactly what ``pack`` writes.

    Raises:
        FormatError: Not a zip at all.
        VerificationError: ``zip-differs``: it holds something besides the files, or is spelled
            otherwise, as a zip that another program made of the same files.
    """
    if data[:4] != LOCAL:
        raise FormatError("record.zip", "not a zip")
    files: dict[str, bytes] = {}
    at = 0
    while data[at : at + 4] == LOCAL and len(files) < MAX_FILES:
        head = data[at + _HEADER - _SIZES.size : at + _HEADER]
        if len(head) < _SIZES.size:
            break
        _, size, _, length, _ = _SIZES.unpack(head)
        begin = at + _HEADER + length
        name = data[at + _HEADER : begin].decode("ascii", "replace")
        if not name.isascii():
            break
        files[name] = data[begin : begin + size]
        at = begin + size
    if pack(files) != data:
        raise VerificationError("zip-differs")
    return files
