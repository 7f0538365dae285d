"""What a device keeps under its passphrase: the server's token, and its own keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.device.client import Client
from kiosk.device.keyfile import KeyFile
from voting.errors import PiaojueError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(slots=True)
class DeviceKeys:
    """An opened key file of an officer's or a trustee's device.

    Attributes:
        token: What the server knows this device by.
        held: The device's own secret, as text: an officer's seed in hex, a trustee's keys and
            memory; empty before there are any.
    """

    file: KeyFile = field(repr=False)
    token: str = field(repr=False)
    held: str = field(repr=False)

    @classmethod
    def create(cls, paths: Sequence[Path], passphrase: str, held: str = "") -> DeviceKeys:
        """Make a new key file on every medium; ``enrol`` follows."""
        return cls(KeyFile.create(paths, passphrase, _encode("", held)), "", held)

    @classmethod
    def open(cls, paths: Sequence[Path], passphrase: str) -> DeviceKeys:
        """Open one that is there. Raises what ``KeyFile.open`` raises."""
        file = KeyFile.open(paths, passphrase)
        value = codec.decode_exact(file.payload, "keyfile")
        token, held = codec.fields(value, "keyfile", "token", "held")
        return cls(
            file,
            codec.text(token, "keyfile.token"),
            codec.text(held, "keyfile.held", max_length=codec.MAX_BYTES),
        )

    def enrol(self, server: str, invitation: str, key: str | None = None) -> None:
        """Use up an invitation, and keep the token that it gives.

        Args:
            key: An officer's public key in hex.

        Raises RefusedError; then the file that was made for it is erased.
        """
        client = Client(server)
        try:
            self.token = client.enrol(invitation, key)[1]
        except PiaojueError:
            self.file.destroy()
            raise
        finally:
            client.close()
        self.file.store(_encode(self.token, self.held))

    def keep(self, held: str) -> None:
        """Store the device's secret durably; only then may what follows from it be sent."""
        if held != self.held:
            self.file.store(_encode(self.token, held))
            self.held = held


def _encode(token: str, held: str) -> bytes:
    return codec.encode({"token": token, "held": held})
