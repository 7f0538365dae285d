"""The files that ``make web`` built, held in memory and handed out by exact name.

They are read once in a process and compared with the digests of their manifest, so what a page
is made of cannot change while a meeting runs. The *build* is a short code of the manifest:
scrutineers compare it between two tablets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

DIST: Final = Path(__file__).parent.parent / "web" / "dist"
MANIFEST: Final = "manifest.json"
START: Final = "start"
PAGES: Final = ("kiosk", "console", "hall", "observer", "check", "trustee")
"""Pages beside the first one; each is ``/<name>``."""

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """What is sent for one address; ``tag`` is its entity tag, by content."""

    data: bytes
    media_type: str
    tag: str

    @classmethod
    def of(cls, data: bytes, media_type: str) -> File:
        """Return a file tagged by its content."""
        return cls(data, media_type, f'"{sha256_hex(data)[:32]}"')


@dataclass(frozen=True, slots=True)
class Built:
    """The pages by name, everything that they load by file name, and the code of the build."""

    pages: Mapping[str, File]
    assets: Mapping[str, File]
    build: str


def built(folder: Path | None = None) -> Built:
    """Return what was built.

    Raises:
        InputError: ``pages-not-built``: nothing is there, or not exactly what the manifest says.
    """
    return _read(DIST if folder is None else folder)


@cache
def _read(folder: Path) -> Built:
    try:
        manifest = (folder / MANIFEST).read_bytes()
        digests = json.loads(manifest)
        there = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    except (OSError, ValueError) as e:
        raise InputError("pages-not-built") from e
    del there[MANIFEST]
    held = {
        name: sha256_hex(data)
        for name, data in there.items()
        if name in digests or Path(name).suffix in _TYPES
    }
    if digests != held:
        raise InputError("pages-not-built")
    files = {
        name: File.of(data, _TYPES[ending])
        for name, data in sorted(there.items())
        if (ending := Path(name).suffix) in _TYPES
    }
    wanted = {f"{name}.html" for name in (START, *PAGES)}
    if not wanted <= set(files):
        raise InputError("pages-not-built")
    return Built(
        MappingProxyType({name.removesuffix(".html"): files[name] for name in wanted}),
        MappingProxyType({name: file for name, file in files.items() if name not in wanted}),
        code_80bits(sha256_hex(manifest)),
    )
