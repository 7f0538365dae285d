"""The meeting and the ledger as a trustee's device was shown them; nothing of it is believed.

``tally.trustee.open_meeting`` decides whether they go on from what the device has seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.device.client import Client

_LINE_BREAK: Final = b"\n"


@dataclass(slots=True)
class Followed:
    """What the server said so far, so that only new lines are asked for."""

    client: Client
    _meeting: bytes = field(default=b"", repr=False)
    _ledger: bytes = field(default=b"", repr=False)

    def fetch(self) -> tuple[bytes, bytes]:
        """Return ``meeting.json`` and the whole ledger."""
        if not self._meeting:
            self._meeting = self.client.get_bytes("/api/meeting")
        path = f"/api/ledger?from={self._ledger.count(_LINE_BREAK)}"
        self._ledger += self.client.get_bytes(path)
        return self._meeting, self._ledger

    def held(self) -> tuple[bytes, bytes]:
        """Return what ``fetch`` returned last, without asking."""
        return self._meeting, self._ledger

    def forget(self) -> None:
        """Ask for everything again next time: what was said did not hold."""
        self._meeting = self._ledger = b""
