"""Who is calling, and what every answer carries.

A device is let in once, by an invitation code that was printed at the server's first start and
is good for one enrolment; from then on it shows a random token. The server keeps only SHA-256
of codes (100 bits) and tokens (256 bits), both uniform, so a copy of the database lets nobody
in. A token names an account (``officer:secretary``, ``trustee:2``, ``kiosk:1``) and nothing
else: what an account may do is decided in ``kiosk.server.services``, never here and never in a
page. Acts are signed besides, by keys that the server does not have.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_SYMBOLS: Final = 20

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
    symbols = [_ALPHABET[byte % 32] for byte in rand(_CODE_SYMBOLS)]
    return "-".join("".join(symbols[i : i + 5]) for i in range(0, _CODE_SYMBOLS, 5))


def new_token(rand: Callable[[int], bytes]) -> str:
    """Return a session token: 64 hex digits, 256 bits."""
    return rand(32).hex()


def secret_digest(secret: str) -> bytes:
    """Return the 32 bytes stored of a code or token; case, spaces and dashes do not matter."""
    plain = "".join(secret.split()).replace("-", "").upper()
    return hashlib.sha256(b"piaojue/account/1\n" + plain.encode()).digest()


class SecurityHeaders:
    """ASGI middleware: the same headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                extra = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message["headers"] = [*message.get("headers", ()), *extra]
            await send(message)

        await self.app(scope, receive, send_with_headers)
