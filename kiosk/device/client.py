"""How a device speaks to the server: data only, typed errors, one token.

The server's answers are data and nothing else is taken from it: no page, no script, no word for
people. Whatever matters in an answer is checked by the one who asked. The token goes in a header,
never in an address, and only to a server whose certificate was made by the pinned authority; in
plain text only to this machine itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpx2

from kiosk import pinned
from kiosk.loopback import is_loopback
from voting.errors import (
    ConflictError,
    FormatError,
    InputError,
    PiaojueError,
    RefusedError,
    UnavailableError,
    VerificationError,
)
from voting.protocol import codec

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

TIMEOUT: Final = 30.0
_SHOWN: Final = 500
_FAMILIES: Final[Mapping[int, type[PiaojueError]]] = {
    400: InputError,
    401: RefusedError,
    403: RefusedError,
    404: RefusedError,
    405: RefusedError,
    408: RefusedError,
    409: RefusedError,
    413: RefusedError,
    422: VerificationError,
    503: UnavailableError,
}


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An answer that is passed on as it came, whatever it says."""

    status: int
    media_type: str
    body: bytes


class Client:
    """One device's line to the server. Close it.

    Attributes:
        server: Its address.
        ca: The pinned authority as PEM; empty on loopback.
        token: What this device is known by; None before it is enrolled or unlocked.
    """

    def __init__(self, server: str, token: str | None = None, *, ca: str = "") -> None:
        """Raises what ``check_address`` raises, and FormatError when ``ca`` is no certificate."""
        check_address(server, ca)
        self.server = server
        self.ca = ca
        self.token = token
        self._http = _line(server, pinned.trusting(ca) if ca else None)

    def close(self) -> None:
        self._http.close()

    def enrol(self, code: str, key: str | None = None) -> tuple[str, str]:
        """Turn an invitation into an account; return (account, token) and use the token."""
        value = self.post("/api/enrol", {"code": code, "key": key})
        account, token = codec.fields(value, "answer", "account", "token")
        self.token = codec.text(token, "answer.token")
        return codec.text(account, "answer.account"), self.token

    def get(self, path: str) -> Any:
        """Ask for canonical JSON."""
        return codec.decode_exact(self.get_bytes(path), "answer")

    def get_bytes(self, path: str) -> bytes:
        """Ask for bytes that are hashed or signed as they are."""
        return self._ask("GET", path, None).content

    def post(self, path: str, value: object) -> Any:
        """Send canonical JSON, and take some back."""
        return self.post_bytes(path, codec.encode(value))

    def post_bytes(self, path: str, body: bytes) -> Any:
        """Send bytes as they are."""
        return codec.decode_exact(self._ask("POST", path, body).content, "answer")

    def delete(self, path: str) -> None:
        """Withdraw what this path names."""
        self._ask("DELETE", path, None)

    def forward(self, method: str, path: str, body: bytes | None) -> Forwarded:
        """Pass a request on for a page; an error of the server's is an answer like others."""
        response = self._send(method, path, body)
        kind = response.headers.get("content-type", "")
        return Forwarded(response.status_code, kind, response.content)

    def _ask(self, method: str, path: str, body: bytes | None) -> httpx2.Response:
        response = self._send(method, path, body)
        if response.is_success:
            return response
        raise _error(response)

    def _send(self, method: str, path: str, body: bytes | None) -> httpx2.Response:
        headers = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        return _request(self._http, method, path, body, headers)


def connect(
    server: str, token: str | None = None, *, fingerprint: str | None = None, ca: str = ""
) -> Client:
    """Return a line to a server whose authority was compared by people once.

    Args:
        fingerprint: As the server shows it; needed the first time.
        ca: What was pinned before. With another fingerprint it is fetched and compared anew.

    Raises:
        RefusedError: ``server-not-pinned`` (neither is given), ``server-in-clear``.
        VerificationError: ``fingerprint-differs``; nothing was sent to that server.
        UnavailableError: ``server-silent``.
    """
    if server.startswith("https://") and fingerprint is not None:
        wanted = pinned.read_fingerprint(fingerprint)
        if not ca or pinned.fingerprint(ca) != wanted:
            ca = _fetch_authority(server, wanted)
    return Client(server, token, ca=ca if server.startswith("https://") else "")


def check_address(server: str, ca: str) -> None:
    """Refuse plain text to another machine, and TLS to nobody in particular.

    Raises:
        RefusedError: ``server-not-pinned``, ``server-in-clear``.
        InputError: ``server-address``: not the address of a server.
    """
    try:
        url = httpx2.URL(server)
    except (httpx2.InvalidURL, TypeError) as e:
        raise InputError("server-address", server=server) from e
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise InputError("server-address", server=server)
    if url.scheme == "http" and not is_loopback(url.host):
        raise RefusedError("server-in-clear", server=server)
    if url.scheme == "https" and not ca:
        raise RefusedError("server-not-pinned", server=server)


def _fetch_authority(server: str, wanted: str) -> str:
    """Ask the server, whoever it is, for its authority; return it only if it is the wanted one."""
    with _line(server, pinned.unverified()) as asking:
        response = _request(asking, "GET", "/api/ca", None, {})
    pem = response.text if len(response.content) <= pinned.MAX_PEM else ""
    try:
        found = pinned.fingerprint(pem) if response.is_success else ""
    except FormatError:
        found = ""
    if found != wanted:
        raise VerificationError("fingerprint-differs", wanted=wanted, found=found or "–")
    return pinned.alone(pem)


def _line(server: str, context: ssl.SSLContext | None) -> httpx2.Client:
    # No proxy, no redirect, no environment: the server is in the room.
    return httpx2.Client(
        base_url=server,
        verify=context if context is not None else True,
        timeout=TIMEOUT,
        trust_env=False,
        follow_redirects=False,
    )


def _request(
    line: httpx2.Client, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> httpx2.Response:
    try:
        return line.request(method, path, content=body, headers=headers)
    except httpx2.HTTPError as e:
        raise pinned.finding(e) or UnavailableError("server-silent") from e


def patiently(ask: Callable[[], Any], *, seconds: float = 60.0, pause: float = 0.25) -> Any:
    """Ask again while the server is silent: it may be starting again. Only for what may repeat."""
    end = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except UnavailableError:
            if time.monotonic() >= end:
                raise
            time.sleep(pause)


def _error(response: httpx2.Response) -> PiaojueError:
    """Make the error that the server named, in the family of its status."""
    try:
        value = codec.decode_exact(response.content, "error")
        code, params = codec.fields(value, "error", "code", "params")
        name = codec.text(code, "error.code", max_length=100)
    except FormatError:
        return UnavailableError("server-answer", status=response.status_code)
    family = _FAMILIES.get(response.status_code, UnavailableError)
    if name in ("conflict", "ledger-moved"):
        family = ConflictError
    named = params if isinstance(params, dict) else {}
    return family(
        printable(name), **{printable(key): _printable(one) for key, one in named.items()}
    )


def printable(text: object) -> str:
    """Return what a server said as one harmless line: it must not draw on a person's screen."""
    return "".join(one if one.isprintable() else "?" for one in str(text)[:_SHOWN])


def _printable(value: object) -> object:
    if isinstance(value, list):
        return [_printable(one) for one in value[:_SHOWN]]
    return value if value is None or isinstance(value, (bool, int)) else printable(value)
