"""Passwords for browsers, checked by argon2id in threads, two at a time.

Programs have tokens; a browser in the simple mode has a password and a cookie. Each check takes
64 MiB and a tenth of a second on purpose, so a few at once must not take the machine: beyond two
they queue, and beyond eight in the queue whoever comes is told to try later.
"""

from __future__ import annotations

import asyncio
import unicodedata
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from nacl import pwhash
from nacl.exceptions import InvalidkeyError

from voting.errors import RefusedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 200
_PASSES: Final = 2
_MEMORY_BYTES: Final = 64 * 2**20
_AT_ONCE: Final = 2
_WAITING: Final = 8

NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=2,p=1$cGlhb2p1ZS1ub2JvZHkxMg$"
    "Fp7Hc6pL0m3c8cyLxCk8m0lGbcX2tqVXmsA1nZkq4iU"
)
"""What an account without a password is checked against: no password fits, and it takes as long."""


class Passwords:
    """Makes and checks what is stored of passwords. One for each app."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def make(self, password: str) -> str:
        """Return what is stored.

        Raises:
            RefusedError: ``password-too-short``.
            UnavailableError: ``try-later``: too many at once.
        """
        plain = _normal(password)
        if len(plain) < MIN_LENGTH:
            raise RefusedError("password-too-short", minimum=MIN_LENGTH)
        stored = await self._run(pwhash.argon2id.str, plain.encode(), _PASSES, _MEMORY_BYTES)
        return stored.decode("ascii").rstrip("\0")

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one that is stored. Raises UnavailableError ``try-later``."""
        return await self._run(_verify, stored or NOBODY, _normal(password)) and stored is not None

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= _WAITING:
            raise UnavailableError("try-later", seconds=2)
        self._waiting += 1
        try:
            async with self._slots:
                return await asyncio.to_thread(work, *args, **kwargs)
        finally:
            self._waiting -= 1


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _verify(stored: str, password: str) -> bool:
    try:
        return pwhash.argon2id.verify(stored.encode("ascii"), password.encode())
    except InvalidkeyError:
        return False
