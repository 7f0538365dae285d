"""Pages signed by pen, as they were scanned: kept by their SHA-256, which the ledger names.

Whoever signs by pen does so on the printed forms; the page is scanned or photographed, and the
*certify* or *void* act names its digest. So a page has to be here before such an act is proposed:
a digest of nothing would be a signature that nobody can look at. What a page shows is not read;
that it is a PDF, a PNG or a JPEG is seen from how it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.files import make_folder, replace
from kiosk.server.security import OFFICERS
from voting.crypto.hashing import sha256_hex
from voting.errors import InputError, RefusedError

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room

FOLDER: Final = "pages"
MAX_PAGE: Final = 16 * 2**20
_KINDS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


async def keep(room: Room, caller: Caller, body: bytes) -> str:
    """Store a page durably; return its SHA-256. The same page again is the same page.

    Raises:
        InputError: ``page-kind``: neither PDF nor PNG nor JPEG.
    """
    caller.must_be(*OFFICERS)
    kind_of(body)
    digest = sha256_hex(body)
    folder = room.folder / FOLDER
    make_folder(folder)
    if not (folder / digest).exists():
        replace(folder / digest, body)
    return digest


async def page(room: Room, caller: Caller, digest: str) -> tuple[bytes, str]:
    """Return a page and its media type. Raises RefusedError ``page-unknown``."""
    caller.must_be(*OFFICERS)
    must_be_here(room, digest)
    body = (room.folder / FOLDER / digest).read_bytes()
    return body, kind_of(body)


def must_be_here(room: Room, digest: str) -> None:
    """Raise RefusedError ``page-unknown`` unless the page was stored.

    Args:
        digest: 64 hex digits; the caller has checked that they are.
    """
    if not (room.folder / FOLDER / digest).is_file():
        raise RefusedError("page-unknown")


def kind_of(body: bytes) -> str:
    """Return the media type by how the bytes begin. Raises InputError ``page-kind``."""
    for magic, kind in _KINDS:
        if body.startswith(magic):
            return kind
    raise InputError("page-kind")
