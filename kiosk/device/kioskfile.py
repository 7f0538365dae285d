"""What a tablet remembers between two starts: its token, and the authority that it pinned.

In the clear, readable by the kiosk's account only (0600). A kiosk starts by itself in a room
where nobody has its passphrase; its token lets it cast ballots that tickets sign and report
itself busy, and nothing else. Who takes the file gets no choice and no vote from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.files import replace
from voting.errors import FormatError, InputError
from voting.protocol import codec

if TYPE_CHECKING:
    from pathlib import Path

_PLACE = "kioskfile"


@dataclass(frozen=True, slots=True)
class KioskFile:
    """``token`` is empty before the kiosk is enrolled; ``ca`` is PEM, empty on loopback."""

    token: str = field(default="", repr=False)
    ca: str = ""

    @classmethod
    def read(cls, path: Path) -> KioskFile:
        """Read it; where there is none, an empty one.

        Raises:
            InputError: ``kioskfile-unreadable``; it may be deleted, and the kiosk enrolled anew.
        """
        try:
            value = codec.decode_exact(path.read_bytes(), _PLACE)
            _, token, ca = codec.fields(value, _PLACE, "piaojue-kiosk-1", "token", "ca")
            return cls(codec.text(token, _PLACE), codec.text(ca, _PLACE, max_length=8192))
        except FileNotFoundError:
            return cls()
        except (OSError, FormatError) as e:
            raise InputError("kioskfile-unreadable", path=str(path)) from e

    def write(self, path: Path) -> None:
        """Keep it, readable by nobody else. Raises InputError ``path-unwritable``."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            value = {"piaojue-kiosk-1": None, "token": self.token, "ca": self.ca}
            replace(path, codec.encode(value))
        except OSError as e:
            raise InputError("path-unwritable", path=str(path)) from e
