"""A record as one zip, which has one spelling: sorted paths, stored, one fixed time.

A zip that is read is written again and compared byte for byte, so nothing can hide in it: no
comment, no extra field, no second entry of a name, no path that leaves the folder.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from voting.errors import FormatError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES: Final = 2 * 2**30
MAX_FILES: Final = 1_000
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644 << 16


def pack(files: Mapping[str, bytes]) -> bytes:
    """Write files as a zip, by path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for path in sorted(files):
            info = zipfile.ZipInfo(path, _TIME)
            info.create_system = 3
            info.external_attr = _MODE
            made.writestr(info, files[path])
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Read a zip that is exactly what ``pack`` writes.

    Raises:
        FormatError: Not a zip, or one of too many files.
        VerificationError: ``zip-differs``: it holds something besides the files, or is spelled
            otherwise.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given:
            names = given.namelist()
            if len(names) > MAX_FILES or sum(one.file_size for one in given.infolist()) > MAX_BYTES:
                raise FormatError("record.zip", "too many files, or too large")
            if any(one.compress_type != zipfile.ZIP_STORED for one in given.infolist()):
                raise VerificationError("zip-differs")
            files = {name: given.read(name) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as e:
        raise FormatError("record.zip", "not a zip that can be read") from e
    if pack(files) != data:
        raise VerificationError("zip-differs")
    return files
