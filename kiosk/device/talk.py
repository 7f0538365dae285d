"""A device's conversation with the person in front of it.

Each event has an id of the catalogue (``device.<event>``) and parameters. ``TerminalTalk`` says a
sentence, or with ``--json`` one object a line, for a rehearsal or another program that drives the
device; ``kiosk.device.page_talk`` gives the events to a page. Nothing secret is ever an event's
parameter. A parameter that differs by language is a mapping from ``zh`` and ``en``.

At most one question is open. ``ask`` waits for its answer. ``offer`` does not: the device goes on
with its work and looks for the answer (``answered``) when it could act on it.
"""

from __future__ import annotations

import getpass
import queue
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from voting.errors import InputError, RefusedError
from voting.protocol import codec
from voting.words import LANGS, explain, say

if TYPE_CHECKING:
    from voting.errors import PiaojueError
    from voting.words import Lang


class Talk(Protocol):
    """How a device speaks."""

    def tell(self, event: str, **params: object) -> None:
        """Say what happened."""

    def complain(self, error: PiaojueError) -> None:
        """Say what went wrong."""

    def ask(self, event: str, **params: object) -> str:
        """Ask and wait for an answer. Raises RefusedError ``no-answer`` when there will be none.

        A question that was offered is taken back.
        """

    def offer(self, event: str, **params: object) -> None:
        """Ask what may be answered later, or never; it takes the place of one offered before."""

    def answered(self) -> str | None:
        """Return what was answered to the question that was offered: once, then None again."""

    def withdraw(self) -> None:
        """Take back what was offered."""


@dataclass(slots=True)
class TerminalTalk:
    """Sentences on standard output, answers from standard input; or JSON lines for a program."""

    lang: Lang
    as_json: bool = False
    _lines: queue.Queue[str] | None = field(default=None, repr=False)
    _offered: bool = False

    def tell(self, event: str, **params: object) -> None:
        """Say what happened."""
        said = {name: in_language(value, self.lang) for name, value in params.items()}
        if self.as_json:
            line = codec.encode({"event": event, **said}).decode()
        else:
            line = say(f"device.{event}", self.lang, **said)
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
        self.withdraw()
        self.tell(event, **params)
        return self.hear()

    def offer(self, event: str, **params: object) -> None:
        """Say something; the next line is its answer, whenever that comes."""
        self.withdraw()
        if self._lines is None:
            self._lines = queue.Queue()
            threading.Thread(target=_read, args=(self._lines,), daemon=True).start()
        self.tell(event, **params)
        self._offered = True

    def answered(self) -> str | None:
        """Return the line that was typed since the offer, if one was."""
        if not self._offered or self._lines is None:
            return None
        try:
            line = self._lines.get_nowait()
        except queue.Empty:
            return None
        self._offered = False
        return self._answer(line)

    def withdraw(self) -> None:
        """Take back what was offered; what was typed for it is no answer to anything else."""
        if self._offered and self._lines is not None:
            while not self._lines.empty():
                self._lines.get_nowait()
        self._offered = False

    def hear(self) -> str:
        """Wait for a line of standard input."""
        return self._answer(sys.stdin.readline() if self._lines is None else self._lines.get())

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

    def _answer(self, line: str) -> str:
        if not line:
            if self._lines is not None:
                self._lines.put("")  # the end stays the end
            raise RefusedError("no-answer")
        return line.strip()


def in_language(value: object, lang: Lang) -> object:
    """Return a parameter as readers of this language see it."""
    if isinstance(value, dict) and tuple(value) == LANGS:
        return value[lang]
    return value


def _read(lines: queue.Queue[str]) -> None:
    """Pass on every line, and an empty one at the end."""
    for line in sys.stdin:
        lines.put(line)
    lines.put("")
