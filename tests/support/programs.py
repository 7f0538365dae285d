"""The programs of a meeting as real processes: a server, and devices that serve a page each.

    with ExitStack() as stack:
        server = start_server(stack, folder, "--host", "0.0.0.0", "--name", "127.0.0.1")
        tablet = start_page(stack, "kiosk", server, "--key", str(path))
        page.goto(tablet.url)

Programs that are driven by lines are those of ``kiosk.rehearsal.room``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import TYPE_CHECKING

from kiosk.rehearsal.room import Program
from voting.protocol import codec

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from kiosk.rehearsal.room import Event

PATIENCE = 120.0
PASSPHRASE = "four plain words here"
_URL = re.compile(r"https?://[0-9A-Za-z.:\[\]-]+(?:/[a-z]*)?")


@dataclass
class Server:
    """A server that runs; ``codes`` are the invitations of its first start, by account."""

    program: Program
    url: str
    fingerprint: str | None
    codes: dict[str, str] = field(repr=False)

    @property
    def address(self) -> list[str]:
        """What a device is told on its command line."""
        pin = [] if self.fingerprint is None else ["--fingerprint", self.fingerprint]
        return [self.url, *pin]

    def page(self, name: str) -> str:
        return f"{self.url}/{name}"


def start_server(stack: ExitStack, folder: Path, *options: str) -> Server:
    """Run ``piaojue serve``; without a ``--port`` on any port."""
    port = [] if "--port" in options else ["--port", "0"]
    program = Program.start("server", ["serve", str(folder), "--json", *port, *options])
    stack.callback(program.stop)
    said = program.hear("said", seconds=PATIENCE)
    return Server(program, said["url"], said["fingerprint"], said["invitations"])


@dataclass
class Paged:
    """A device's program and the address of its page."""

    process: subprocess.Popen[str]
    url: str

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


def start_page(stack: ExitStack, command: str, server: Server, *options: str) -> Paged:
    """Run ``piaojue kiosk|officer|trustee`` as a person would, with its page on any port."""
    arguments = [command, *server.address, "--port", "0", *options]
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", *arguments],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    made = Paged(process, "")
    stack.callback(made.stop)
    made.url = _said_address(process)
    return made


def _said_address(process: subprocess.Popen[str]) -> str:
    """Read what a program prints until it says where its page is; then go on reading."""
    found: Queue[str] = Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if match := _URL.search(line):
                found.put(match[0])
        found.put("")

    threading.Thread(target=read, daemon=True).start()
    try:
        url = found.get(timeout=PATIENCE)
    except Empty:
        url = ""
    assert url, "the program did not say where its page is"
    return url


def start_text(stack: ExitStack, command: str, server: Server, account: str, *options: str) -> Text:
    """Run a device that is driven by lines, and enrol it."""
    invitation = ["--invitation", server.codes[account]]
    arguments = [command, *server.address, *invitation, "--text", "--json", *options]
    program = Program.start(account, arguments, PASSPHRASE)
    stack.callback(program.stop)
    program.hear("enrolled", seconds=PATIENCE)
    return Text(program)


@dataclass
class Text:
    """An officer who proposes and signs at a terminal, each act by a word of his own."""

    program: Program

    def propose(self, kind: str, **body: object) -> None:
        self.program.command(f"propose {kind} {codec.encode(body).decode()}")

    def sign(self, kind: str, *parts: str) -> Event:
        """Wait for an act of this kind that has these parts, and sign it."""
        while True:
            asked = self.program.hear("to-sign", seconds=PATIENCE)
            if asked["kind"] == kind and all(part in asked["act"] for part in parts):
                self.program.command("sign")
                return asked
