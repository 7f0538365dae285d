"""Who is calling, and what every answer carries.

A device is let in once, by an invitation code that was printed at the server's first start and
is good for one enrolment; from then on it shows a random token, a browser in a cookie that no
script can read. The server keeps only SHA-256
of codes (100 bits) and tokens (256 bits), both uniform, so a copy of the database lets nobody
in. A token names an account (``officer:secretary``, ``trustee:2``, ``kiosk:1``) and nothing
else: what an account may do is decided in ``kiosk.server.services``, never here and never in a
page. Acts are signed besides, by keys that the server does not have.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.crypto.hashing import ALPHABET
from voting.errors import RefusedError, UnavailableError
from voting.rules.values import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

_CODE_SYMBOLS: Final = 20
_REMEMBERED: Final = 1000  # addresses or accounts; the one that came longest ago is forgotten

PASSWORDS: Final = {"burst": 20, "each_second": 1}
"""Checks of passwords for one address: argon2id costs a stranger nothing and the server much."""

COOKIE: Final = "__Host-piaojue"
COOKIE_RULES: Final = "Path=/; Secure; HttpOnly; SameSite=Strict"

OFFICERS: Final = ROLES
"""The roles of officers, as ``Caller.role`` has them."""

HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """An enrolled device.

    Attributes:
        account: ``officer:<id>``, ``trustee:<index>`` or ``kiosk:<number>``.
        role: An officer's role, ``trustee`` or ``kiosk``.
    """

    account: str
    role: str

    @property
    def name(self) -> str:
        """What stands after the colon: an officer's id, a trustee's index, a kiosk's number."""
        return self.account.partition(":")[2]

    def must_be(self, *roles: str) -> None:
        """Raise ``RefusedError`` ``not-your-role`` unless the caller has one of the roles."""
        if self.role not in roles:
            raise RefusedError("not-your-role", role=self.role)


def new_invitation(rand: Callable[[int], bytes]) -> str:
    """Return a code of 20 symbols (100 bits), in groups of five."""
    symbols = [ALPHABET[byte % 32] for byte in rand(_CODE_SYMBOLS)]
    return "-".join("".join(symbols[i : i + 5]) for i in range(0, _CODE_SYMBOLS, 5))


def new_token(rand: Callable[[int], bytes]) -> str:
    """Return a session token: 64 hex digits, 256 bits."""
    return rand(32).hex()


def secret_digest(secret: str) -> bytes:
    """Return the 32 bytes stored of a code or token; case, spaces and dashes do not matter."""
    plain = "".join(secret.split()).replace("-", "").upper()
    return hashlib.sha256(b"piaojue/account/1\n" + plain.encode()).digest()


class Pace:
    """Lets an account do something so often and no oftener: a burst, then so many a second.

    What a kiosk asks is counted by account, because in a room all kiosks may have one address: far
    above what people do, it stops a program with a kiosk's token from taking the machine. Checks
    of passwords are counted by address (``PASSWORDS``), whatever accounts are named. In memory.
    """

    def __init__(
        self, now: Callable[[], float], *, burst: int = 300, each_second: int = 60
    ) -> None:
        self._now = now
        self._burst = burst
        self._rate = each_second
        self._left: dict[str, tuple[float, float]] = {}

    def step(self, account: str) -> None:
        """Count one more. Raises UnavailableError ``try-later`` when it is too often."""
        now = self._now()
        left, before = self._left.pop(account, (float(self._burst), now))
        left = min(self._burst, left + (now - before) * self._rate)
        late = left < 1
        self._left[account] = (left if late else left - 1), now
        if len(self._left) > _REMEMBERED:
            del self._left[next(iter(self._left))]
        if late:
            raise UnavailableError("try-later", seconds=1)


class BackOff:
    """Makes whoever guesses wait: after five wrong codes, 1 s, 2 s, 4 s … up to half a minute.

    By address, and for a password by address and account, in memory. A code has 100 bits, so
    this guards the server's time; a password has fewer, and this guards it.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._wrong: dict[str, tuple[int, float]] = {}

    def check(self, address: str) -> None:
        """Raise UnavailableError ``try-later`` while this address has to wait."""
        _, until = self._wrong.get(address, (0, 0.0))
        if (left := until - self._now()) > 0:
            raise UnavailableError("try-later", seconds=math.ceil(left))

    def wrong(self, address: str) -> None:
        """Note a wrong code."""
        count = self._wrong.pop(address, (0, 0.0))[0] + 1
        pause = min(2.0 ** (count - 6), 30.0) if count > 5 else 0.0
        self._wrong[address] = (count, self._now() + pause)
        if len(self._wrong) > _REMEMBERED:
            del self._wrong[next(iter(self._wrong))]

    def take_back(self, address: str) -> None:
        """Forget one wrong code that was noted before it was looked at, and was none."""
        count, until = self._wrong.pop(address, (0, 0.0))
        if count > 1:
            self._wrong[address] = (count - 1, until if count > 6 else 0.0)

    def right(self, address: str) -> None:
        """Forget the wrong codes of an address that had a right one."""
        self._wrong.pop(address, None)
