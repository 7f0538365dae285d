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


def sign_record(client: Client, device: OfficerDevice) -> None:
    """Verify every file of the record on this device, then sign the note over their digests.

    Raises VerificationError for anything that does not hold, also when it is the record of another
    meeting or ledger than this device has followed; then nothing is signed.
    """
    files = unpack(client.get_bytes("/api/record/unsigned"))
    device.check_own_record(files)
    verify_unsigned(files)
    client.post("/api/record/signature", {"line": device.sign_line(note_text(files))})


def save_record(client: Client, path: Path) -> None:
    """Write the complete ``record.zip`` where there is no file yet."""
    write_new(path, client.get_bytes("/api/record.zip"))
