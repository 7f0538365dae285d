"""The record before its note is signed: what an officer's device checks, and typesets again.

It stands apart from ``tally.verify.record`` because that needs neither fonts nor a typesetter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tally.record.contents import remake_record
from tally.verify.record import verify_record
from voting.errors import VerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping


def verify_unsigned(files: Mapping[str, bytes]) -> None:
    """Check a record that an officer is asked to sign: all checks but the note's, and the pages.

    ``README.txt`` and ``report.pdf`` are made again and compared: their digests get his signature.

    Raises:
        VerificationError: ``not-valid``; ``record-remade`` with the ``path`` that differs.
    """
    verify_record(files, signed=False).require_valid()
    remade = remake_record(files)
    for path, data in remade.items():
        if files.get(path) != data:
            raise VerificationError("record-remade", path=path)
