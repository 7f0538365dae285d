"""A device's conversation through a page: events to show, and the answers that come back.

The device runs in a thread of its own and speaks here; the page asks for what is new (``after``).
Events are numbered from 1. One that replaces another, such as how far a check has got, takes its
place, so the list stays as short as a log that people read. The same conversation in JavaScript,
with every event and its parameters, is ``kiosk/web/src/trustee/talk.js``.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.errors import PiaojueError

PASSING: Final = frozenset({"progress", "waiting", "cosigners"})
"""Events of which only the newest is kept."""

MAX_ANSWER: Final = 100


@dataclass(slots=True)
class PageTalk:
    """Thread-safe: the device in one thread, the page's requests in another."""

    _events: list[dict[str, Any]] = field(default_factory=list)
    _asking: dict[str, Any] | None = None
    _last: int = 0
    _answer: str | None = None
    _closed: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    # --- the device -------------------------------------------------------------------------------

    def tell(self, event: str, **params: object) -> None:
        """Say what happened."""
        with self._changed:
            self._say(event, params)

    def complain(self, error: PiaojueError) -> None:
        """Say what went wrong; the page has the sentence."""
        self.tell("error", code=error.code, params=plain(error.params))

    def ask(self, event: str, **params: object) -> str:
        """Ask, and wait until the page answers. Raises RefusedError ``no-answer`` once closed."""
        with self._changed:
            self._asking = self._say(event, params)
            self._answer = None
            self._changed.wait_for(lambda: self._answer is not None or self._closed)
            text, self._answer = self._answer, None
        if text is None:
            raise RefusedError("no-answer")
        return text

    def offer(self, event: str, **params: object) -> None:
        """Ask what may be answered later, or never."""
        with self._changed:
            self._asking = self._say(event, params)
            self._answer = None

    def answered(self) -> str | None:
        """Return what was answered to the offer: once, then None again."""
        with self._changed:
            text, self._answer = self._answer, None
            return text

    def withdraw(self) -> None:
        """Take back what was offered."""
        with self._changed:
            self._asking = self._answer = None

    # --- the page ---------------------------------------------------------------------------------

    def since(self, after: int) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Return the events later than number ``after``, and the question that is open."""
        with self._changed:
            return [one for one in self._events if one["n"] > after], self._asking

    def answer(self, n: int, text: str) -> None:
        """Answer question ``n``. Raises RefusedError ``not-asked``: nobody asks that now."""
        with self._changed:
            if self._asking is None or self._asking["n"] != n:
                raise RefusedError("not-asked")
            self._asking, self._answer = None, text[:MAX_ANSWER]
            self._changed.notify_all()

    def close(self) -> None:
        """End the conversation: who waits for an answer gets none."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _say(self, event: str, params: dict[str, object]) -> dict[str, Any]:
        self._last += 1
        said = {"n": self._last, "event": event, "params": plain(params)}
        if event in PASSING:
            self._events = [one for one in self._events if one["event"] != event]
        self._events.append(said)
        return said


def plain(params: dict[str, Any]) -> dict[str, Any]:
    """Return parameters as JSON has them: no tuples, no sets, nothing but texts and numbers."""
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, (set, frozenset)):
        value = sorted(value)
    if isinstance(value, (list, tuple)):
        return _listed(value)
    return value if value is None or isinstance(value, (bool, int)) else str(value)


def _listed(values: Sequence[object]) -> list[object]:
    return [_plain(value) for value in values]
