"""How every program here listens: limits, no log of requests, a stop that lets others close.

There is no access log: a line with a time for each cast would be an order of casting.
"""

from __future__ import annotations

import asyncio
import fcntl
import signal
import socket
import sys
import termios
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from kiosk.pages.routes import Pages

    Send = Callable[[Any], Awaitable[None]]
    ASGI = Callable[[Any, Any, Send], Awaitable[None]]

HEAD_SECONDS: Final = 15.0
"""How long the head of a request may take to come."""

UNREAD_SECONDS: Final = 60.0
"""How long a client may take nothing at all of an answer that waits for it."""

PIECE: Final = 64 * 1024
"""Bytes of an answer that are handed on at once; about so many again wait in each buffer."""


def in_pieces(app: ASGI) -> ASGI:
    """Hand on long bodies in pieces, each when the client has taken most of those before.

    A body given to the transport as one would lie there whole, once for each client that asks
    and does not read.
    """

    async def run(scope: Any, receive: Any, send: Send) -> None:
        async def pieces(message: Any) -> None:
            body = message.get("body", b"")
            if message["type"] != "http.response.body" or len(body) <= PIECE:
                await send(message)
                return
            view, last = memoryview(body), (len(body) - 1) // PIECE * PIECE
            for start in range(0, last, PIECE):
                piece = bytes(view[start : start + PIECE])
                await send({**message, "body": piece, "more_body": True})
            await send({**message, "body": bytes(view[last:])})

        await app(scope, receive, pieces)

    return run


class Unhurried(H11Protocol):
    """HTTP/1.1 that closes a connection on which the client lets the server wait for ever.

    Either a request's head does not come to its end in time, or of an answer nothing is taken
    any more; a slow client that goes on reading is not cut. Uvicorn has no such limits; without
    them a few hundred connections that each send a byte now and then, or read nothing, keep
    everybody else out. The body has its own limit (``kiosk.server.api.http``).
    """

    _head: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app = in_pieces(self.app)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(PIECE)  # with TLS it would be eight times as much
        self._wait_for_head()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._wait_for_reader()  # for the rest: nothing more need be written

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait_for_reader()  # the end of an answer is too short to pause for

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_waiting_for_reader()
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

    def _wait_for_reader(self) -> None:
        """Begin to wait anew: something was written, or taken."""
        self._stop_waiting_for_reader()
        if left := _untaken(self.transport):
            self._unread = self.loop.call_later(UNREAD_SECONDS, self._look_at_reader, left)

    def _look_at_reader(self, before: int) -> None:
        self._unread = None
        if _untaken(self.transport) >= before:
            self.transport.abort()
        else:
            self._wait_for_reader()

    def _stop_waiting_for_reader(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def _untaken(transport: asyncio.Transport) -> int:
    """Return the bytes that wait for the client, here and where known in the system's buffer.

    That holds megabytes, and asks for more only when a third of it is free: by our own buffer alone
    a slow client would seem to take nothing for minutes.
    """
    waiting = transport.get_write_buffer_size()
    opened = transport.get_extra_info("socket")
    with suppress(OSError, AttributeError):  # closed, or not to be had on this system
        found = fcntl.ioctl(opened.fileno(), termios.TIOCOUTQ, bytes(4))
        waiting += int.from_bytes(found, sys.byteorder)
    return waiting


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
