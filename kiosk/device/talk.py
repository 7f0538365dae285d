"""A device's conversation with the person in front of it, in sentences or as JSON lines.

Each event has an id of the catalogue (``device.<event>``) and parameters. On a terminal it is a
sentence; with ``--json`` it is one object a line, for a rehearsal or another program that drives
the device. Answers are lines of standard input. Nothing secret is ever an event's parameter.
"""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.errors import InputError, RefusedError
from voting.protocol import codec
from voting.words import explain, say

if TYPE_CHECKING:
    from voting.errors import PiaojueError
    from voting.words import Lang


@dataclass(frozen=True, slots=True)
class Talk:
    """How a device speaks: language, and whether a program listens."""

    lang: Lang
    as_json: bool = False

    def tell(self, event: str, **params: object) -> None:
        """Say what happened."""
        if self.as_json:
            line = codec.encode({"event": event, **params}).decode()
        else:
            line = say(f"device.{event}", self.lang, **params)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def complain(self, error: PiaojueError) -> None:
        """Say what went wrong."""
        if self.as_json:
            self.tell("error", code=error.code, text=explain(error, self.lang))
        else:
            sys.stdout.write(explain(error, self.lang) + "\n")
            sys.stdout.flush()

    def ask(self, event: str, **params: object) -> str:
        """Say something and wait for a line. Raises RefusedError ``no-answer`` at the end."""
        self.tell(event, **params)
        return self.hear()

    def hear(self) -> str:
        """Wait for a line of standard input."""
        line = sys.stdin.readline()
        if not line:
            raise RefusedError("no-answer")
        return line.strip()

    def passphrase(self, *, new: bool) -> str:
        """Take the passphrase: unseen on a terminal, else the first line of standard input.

        A new one is typed twice on a terminal: with a slip in it the file would never open.

        Raises InputError ``passphrases-differ``.
        """
        if not sys.stdin.isatty():
            return self.hear()
        typed = getpass.getpass(say("device.passphrase", self.lang))
        if new and getpass.getpass(say("device.passphrase-again", self.lang)) != typed:
            raise InputError("passphrases-differ")
        return typed
