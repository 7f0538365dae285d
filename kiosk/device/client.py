"""How a device speaks to the server: data only, typed errors, one token.

The server's answers are data and nothing else is taken from it: no page, no script, no word for
people. Whatever matters in an answer is checked by the one who asked. The token goes in a header,
never in an address.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import httpx2

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
    from collections.abc import Callable, Mapping

TIMEOUT: Final = 30.0
_SHOWN: Final = 500
_FAMILIES: Final[Mapping[int, type[PiaojueError]]] = {
    400: InputError,
    401: RefusedError,
    403: RefusedError,
    404: RefusedError,
    409: RefusedError,
    413: RefusedError,
    422: VerificationError,
    503: UnavailableError,
}


class Client:
    """One device's line to the server. Close it."""

    def __init__(self, server: str, token: str | None = None) -> None:
        self._token = token
        # No proxy, no redirect, no environment: the server is in the room.
        self._http = httpx2.Client(
            base_url=server, timeout=TIMEOUT, trust_env=False, follow_redirects=False
        )

    def close(self) -> None:
        self._http.close()

    def enrol(self, code: str, key: str | None = None) -> tuple[str, str]:
        """Turn an invitation into an account; return (account, token) and use the token."""
        value = self.post("/api/enrol", {"code": code, "key": key})
        account, token = codec.fields(value, "answer", "account", "token")
        self._token = codec.text(token, "answer.token")
        return codec.text(account, "answer.account"), self._token

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

    def _ask(self, method: str, path: str, body: bytes | None) -> httpx2.Response:
        headers = {} if self._token is None else {"authorization": f"Bearer {self._token}"}
        try:
            response = self._http.request(method, path, content=body, headers=headers)
        except httpx2.HTTPError as e:
            raise UnavailableError("server-silent") from e
        if response.is_success:
            return response
        raise _error(response)


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
