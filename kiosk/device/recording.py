"""The end on an officer's device: verify the whole record, sign its note, keep a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.files import write_new
from tally.record.layout import note_text
from tally.record.pack import unpack
from tally.verify.unsigned import verify_unsigned

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.device.client import Client
    from kiosk.device.officer import OfficerDevice


def checked_note(client: Client, device: OfficerDevice) -> str:
    """Verify every file of the record on this device; return the text over their digests.

    Raises VerificationError for anything that does not hold, also when it is the record of another
    meeting or ledger than this device has followed; RefusedError ``not-closed``.
    """
    files = unpack(client.get_bytes("/api/record/unsigned"))
    device.check_own_record(files)
    verify_unsigned(files)
    return note_text(files)


def sign_record(client: Client, device: OfficerDevice) -> None:
    """Verify the record (``checked_note``), then sign its note; nothing is signed on a finding."""
    note = checked_note(client, device)
    client.post("/api/record/signature", {"line": device.sign_line(note)})


def save_record(client: Client, path: Path) -> None:
    """Write the complete ``record.zip`` where there is no file yet."""
    write_new(path, client.get_bytes("/api/record.zip"))
