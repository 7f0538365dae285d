"""What a device keeps under its passphrase: the server's token and authority, and its own keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.device.client import connect
from kiosk.device.keyfile import KeyFile
from kiosk.pinned import MAX_PEM
from voting.errors import PiaojueError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kiosk.device.client import Client


@dataclass(slots=True)
class DeviceKeys:
    """An opened key file of an officer's or a trustee's device.

    Attributes:
        token: What the server knows this device by.
        held: The device's own secrets and memory, as text: ``kiosk.device.seen`` for an officer,
            ``tally.memory`` for a trustee; empty before there are any.
    """

    file: KeyFile = field(repr=False)
    token: str = field(repr=False)
    held: str = field(repr=False)
    ca: str = field(default="", repr=False)

    @classmethod
    def create(cls, paths: Sequence[Path], passphrase: str, held: str = "") -> DeviceKeys:
        """Make a new key file on every medium; ``enrol`` follows."""
        return cls(KeyFile.create(paths, passphrase, _encode("", held)), "", held)

    @classmethod
    def open(cls, paths: Sequence[Path], passphrase: str, *, hold: bool = True) -> DeviceKeys:
        """Open one that is there. Arguments and errors are those of ``KeyFile.open``."""
        file = KeyFile.open(paths, passphrase, hold=hold)
        value = codec.decode_exact(file.payload, "keyfile")
        pinned = ("ca",) if isinstance(value, dict) and "ca" in value else ()
        token, held, *ca = codec.fields(value, "keyfile", "token", "held", *pinned)
        return cls(
            file,
            codec.text(token, "keyfile.token"),
            codec.text(held, "keyfile.held", max_length=codec.MAX_BYTES),
            codec.text(ca[0], "keyfile.ca", max_length=MAX_PEM) if ca else "",
        )

    def enrol(
        self,
        server: str,
        invitation: str,
        key: str | None = None,
        *,
        fingerprint: str | None = None,
    ) -> None:
        """Use up an invitation, and keep the token that it gives.

        Args:
            key: An officer's public key in hex.
            fingerprint: The server's, as it shows it; not needed on loopback.

        Raises what ``connect`` raises, and RefusedError; then the file that was made for it is
        erased.
        """
        client = None
        try:
            client = connect(server, fingerprint=fingerprint, ca=self.ca)
            self.token = client.enrol(invitation, key)[1]
        except PiaojueError:
            self.file.destroy()
            raise
        finally:
            if client is not None:
                client.close()
        self.ca = client.ca
        self._store()

    def connect(self, server: str, fingerprint: str | None = None) -> Client:
        """Return a line to the server with this device's token; a new authority is remembered."""
        client = connect(server, self.token, fingerprint=fingerprint, ca=self.ca)
        if client.ca and client.ca != self.ca:
            self.ca = client.ca
            self._store()
        return client

    def keep(self, held: str) -> None:
        """Store the device's secret durably; only then may what follows from it be sent."""
        if held != self.held:
            self.file.store(_encode(self.token, held, self.ca))
            self.held = held

    def _store(self) -> None:
        self.file.store(_encode(self.token, self.held, self.ca))


def _encode(token: str, held: str, ca: str = "") -> bytes:
    return codec.encode({"token": token, "held": held, **({"ca": ca} if ca else {})})
