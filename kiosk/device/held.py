"""The line to the server of a device whose page is open before its key file is.

Token and pinned authority lie in the key file. Until that is open, and again when it is closed,
nothing can be asked: the page shows where the passphrase goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.device.client import Client, printable
from voting.errors import PiaojueError, RefusedError

if TYPE_CHECKING:
    import httpx2

    from kiosk.device.keys import DeviceKeys


class HeldClient(Client):
    """A ``Client`` that is lent another one's line. Close it.

    Attributes:
        fingerprint: What the server's authority is to be, if the person gave it.
    """

    def __init__(self, server: str, fingerprint: str | None = None) -> None:
        self.server = server
        self.fingerprint = fingerprint
        self.ca = ""
        self.token = None
        self._line: Client | None = None

    def close(self) -> None:
        line, self._line = self._line, None
        self.ca, self.token = "", None
        if line is not None:
            line.close()

    def open(self, keys: DeviceKeys, kind: str) -> tuple[str, str]:
        """Take the line that an opened key file gives; return its account and role.

        Raises RefusedError ``not-your-role`` when that is no ``officer`` or ``trustee`` as
        wanted, and what ``DeviceKeys.connect`` raises; then this stays closed.
        """
        line = keys.connect(self.server, self.fingerprint)
        try:
            value = line.get("/api/account")
            account, role = printable(value["account"]), printable(value["role"])
            if account.partition(":")[0] != kind:
                raise RefusedError("not-your-role", role=account)
        except PiaojueError:
            line.close()
            raise
        self._line, self.ca, self.token = line, line.ca, line.token
        return account, role

    def _send(self, method: str, path: str, body: bytes | None) -> httpx2.Response:
        if self._line is None:
            raise RefusedError("locked")
        return self._line._send(method, path, body)
