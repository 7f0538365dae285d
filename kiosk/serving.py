"""How every program here listens: limits, no log of requests, a stop that lets others close.

There is no access log: a line with a time for each cast would be an order of casting.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.pages.routes import Pages

HEAD_SECONDS: Final = 15.0
"""How long the head of a request may take to come."""


class Unhurried(H11Protocol):
    """HTTP/1.1 that closes a connection whose request head does not come to its end in time.

    Uvicorn has no such limit; without one a few hundred connections that each send a byte now
    and then keep everybody else out. The body has its own limit (``kiosk.server.api.http``).
    """

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None


LIMITS: Final[dict[str, Any]] = {
    "access_log": False,
    "log_config": None,
    "server_header": False,
    "lifespan": "off",
    "http": Unhurried,
    "ws": "none",
    "h11_max_incomplete_event_size": 16 * 1024,  # bytes of a request's head
    "limit_concurrency": 512,
    "timeout_keep_alive": 30,
    "timeout_graceful_shutdown": 10,
}


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises RefusedError ``port-taken``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as e:
        raise RefusedError("port-taken", host=host, port=port) from e


class Server(uvicorn.Server):
    """Stops when told to and returns, so that workers and database are closed after it.

    Uvicorn's own handlers raise the signal again when it has stopped, which would end the
    process before that.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def until_told(self, listener: socket.socket, pages: Pages | None = None) -> None:
        """Serve until SIGTERM or SIGINT; meanwhile make the font that pages will ask for."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        warming = [asyncio.create_task(pages.warm())] if pages is not None else []
        await self.serve(sockets=[listener])
        await asyncio.gather(*warming, return_exceptions=True)

    def _stop(self) -> None:
        self.should_exit = True
