"""The devices of a rehearsal: who has which, and how one asks them all for something.

The server, a device for every officer with a key, one for every trustee, and the kiosks. What is
asked of them is what a person would type; what the room knows comes from the server's public face.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk.device.client import Client
from kiosk.device.kiosk import Kiosk
from kiosk.rehearsal.room import PATIENCE, Program
from voting.errors import UnavailableError
from voting.meeting.ledger import decode_ledger
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import ExitStack
    from pathlib import Path

    from voting.meeting.draft import Draft
    from voting.meeting.ledger import Line

KIOSKS: Final = 2


@dataclass(slots=True)
class Devices:
    """Every program of a rehearsal, stopped by ``stack``; key files lie in ``private``."""

    private: Path
    stack: ExitStack
    server: str = ""
    officers: dict[str, Program] = field(default_factory=dict)
    trustees: list[Program] = field(default_factory=list)
    kiosks: list[Kiosk] = field(default_factory=list)

    def serve(self) -> dict[str, str]:
        """Start the server; return the invitations that it prints, by account."""
        folder = self.private / "meeting"
        server = self._program("server", "serve", str(folder), "--port", "0", "--json")
        ready = server.hear("said")
        self.server = ready["url"]
        codes: dict[str, str] = ready["invitations"]
        return codes

    def enrol(self, draft: Draft, codes: dict[str, str]) -> None:
        """Start a device for every officer with a key and every trustee, and the kiosks."""
        for officer in draft.officers:
            if not officer.pen:
                self.officers[officer.id] = self._device(
                    "officer", f"officer:{officer.id}", codes, "--yes"
                )
        for index in range(1, len(draft.trustees) + 1):
            copy = self.private / f"trustee-{index}.copy"
            program = self._device(
                "trustee", f"trustee:{index}", codes, "--yes", "--copy", str(copy)
            )
            self.trustees.append(program)
        for program in (*self.officers.values(), *self.trustees):
            program.hear("enrolled")
        for number in range(1, KIOSKS + 1):
            client = Client(self.server)
            self.stack.callback(client.close)
            client.enrol(codes[f"kiosk:{number}"])
            self.kiosks.append(Kiosk(client, secrets.token_bytes))

    def meeting(self) -> bytes:
        """Return the frozen ``meeting.json``."""
        return self.kiosks[0].client.get_bytes("/api/meeting")

    def lines(self, start: int = 0) -> tuple[Line, ...]:
        """Return the ledger as it stands, from a height on."""
        return decode_ledger(self.kiosks[0].client.get_bytes(f"/api/ledger?from={start}"))

    def propose(self, officer: str, kind: str, body: Mapping[str, object], *, signers: int) -> None:
        """Propose an act and wait until enough devices have signed and it is in the ledger."""
        before = self._height()
        self.officers[officer].command(f"propose {kind} {codec.encode(dict(body)).decode()}")
        self.wait(
            lambda: self._height() != before,
            self.officers.values(),
            what=f"{kind} ({signers})",
            every=0.05,
        )

    def wait(
        self, reached: Callable[[], bool], on: Iterable[Program], *, what: str, every: float
    ) -> None:
        """Wait for something that these programs bring about, as long as all of them live.

        Args:
            what: Named in the error when it does not come.
            every: Seconds between two looks.
        """
        end = time.monotonic() + PATIENCE
        while not reached():
            spoke = [program.check() for program in on]
            if any(spoke):
                end = time.monotonic() + PATIENCE
            elif time.monotonic() > end:
                raise UnavailableError("program-silent", program=what)
            time.sleep(every)

    def _height(self) -> int:
        height: int = self.kiosks[0].client.get("/api/state")["height"]
        return height

    def _program(self, name: str, *arguments: str, passphrase: str | None = None) -> Program:
        program = Program.start(name, arguments, *([] if passphrase is None else [passphrase]))
        self.stack.callback(program.stop)
        return program

    def _device(self, command: str, account: str, codes: dict[str, str], *more: str) -> Program:
        key = self.private / f"{account.replace(':', '-')}.key"
        return self._program(
            account,
            command,
            self.server,
            "--invitation",
            codes[account],
            "--key",
            str(key),
            "--json",
            *more,
            passphrase=secrets.token_hex(16),
        )
