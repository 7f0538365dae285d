"""The programs of a rehearsal as processes, driven by their own commands.

Each program prints one JSON object a line (``--json``) and reads commands from standard input,
as a person would type them. Passphrases go in on the first line of standard input; key files lie
in a private folder that is removed at the end.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from voting.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE: Final = 300.0
"""Seconds without a word before a program is given up; hundreds of ballots take a slow machine
minutes between two words."""

Event = dict[str, Any]


@dataclass(slots=True)
class Program:
    """One running program. ``heard`` holds what it said that nobody has asked for yet."""

    name: str
    process: subprocess.Popen[str]
    events: queue.Queue[Event | None] = field(default_factory=queue.Queue)
    heard: list[Event] = field(default_factory=list)
    reader: threading.Thread | None = None

    @classmethod
    def start(cls, name: str, arguments: Sequence[str], *first_lines: str) -> Program:
        """Start ``piaojue`` with these arguments and type the first lines."""
        process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-m", "kiosk", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        made = cls(name, process)
        made.reader = threading.Thread(target=made._read, daemon=True)
        made.reader.start()
        for line in first_lines:
            made.type(line)
        return made

    def type(self, line: str) -> None:
        """Type one line."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except OSError as e:
            raise UnavailableError("program-ended", program=self.name) from e

    def command(self, line: str) -> None:
        """Type a command and wait for its answer.

        Raises:
            RefusedError: The program answered with an error; its code is kept.
        """
        self.type(line)
        answer = self.hear("ok", "error")
        if answer["event"] == "error":
            raise RefusedError(answer["code"], program=self.name, text=answer["text"])

    def hear(self, *events: str, seconds: float = PATIENCE) -> Event:
        """Wait until the program says one of these; other events are kept for later.

        Args:
            seconds: How long it may be silent. Whatever it says, as how far it has come, is a
                sign of life.

        Raises:
            RefusedError: It said ``error`` and nobody waited for that.
            UnavailableError: It ended, or said nothing in time.
        """
        for i, event in enumerate(self.heard):
            if event["event"] in events:
                return self.heard.pop(i)
        while True:
            try:
                said = self.events.get(timeout=seconds)
            except queue.Empty as e:
                raise UnavailableError("program-silent", program=self.name) from e
            if said is not None and said["event"] in events:
                return said
            self._keep(said)

    def check(self) -> bool:
        """Raise if the program has said ``error`` or has ended; keep everything else.

        Returns: Whether it has said anything since the last look.
        """
        spoke = False
        while True:
            try:
                said = self.events.get_nowait()
            except queue.Empty:
                return spoke
            self._keep(said)
            spoke = True

    def _keep(self, said: Event | None) -> None:
        """Keep an event that nobody waited for, unless it is bad news."""
        if said is None:
            raise UnavailableError("program-ended", program=self.name)
        if said["event"] == "error":
            raise RefusedError(said["code"], program=self.name, text=said["text"])
        self.heard.append(said)

    def stop(self) -> None:
        """End the program, gently first."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        assert self.reader is not None
        self.reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                value = json.loads(line)
            except ValueError:
                continue
            self.events.put(value if "event" in value else {"event": "said", **value})
        self.events.put(None)
