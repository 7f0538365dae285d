"""Answers that nobody reads: they take little, and do not last; a slow reader is not cut."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from typing import ClassVar

import pytest
import uvicorn
from uvicorn.server import ServerState

import kiosk.serving
from kiosk.server import tls
from kiosk.serving import LIMITS, PIECE, Server, Unhurried, listening

BODY = bytes(range(256)) * (32 * 1024)  # 8 MiB
CLIENTS = 10


async def app(_scope, _receive, send):
    headers = [(b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


class Watched(Unhurried):
    """Keeps the transports, to look at what lies in them."""

    made: ClassVar[list] = []

    def connection_made(self, transport):
        super().connection_made(transport)
        self.made.append(transport)


@contextmanager
def serving(folder=None):
    Watched.made = []
    options = {**LIMITS, "http": Watched, "timeout_keep_alive": 1}
    if folder is not None:
        tls.prepare(folder, ["127.0.0.1"])
        options |= {"ssl_certfile": folder / tls.LEAF, "ssl_keyfile": folder / tls.LEAF_KEY}
    listener = listening("127.0.0.1", 0)
    server = Server(uvicorn.Config(app, **options))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[listener]),))
    thread.start()
    try:
        yield listener.getsockname()[1], server
    finally:
        server.force_exit = server.should_exit = True
        thread.join()
        listener.close()


async def ask(port, context=None):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, limit=4096)
    writer.write(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
    await writer.drain()
    return reader, writer


async def gone(server, within=10):
    end = time.monotonic() + within
    while server.server_state.connections and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return not server.server_state.connections


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.mark.parametrize("secure", [False, True])
def test_an_answer_that_nobody_reads_takes_little_and_its_connection_ends(
    tmp_path, monkeypatch, secure
):
    monkeypatch.setattr(kiosk.serving, "UNREAD_SECONDS", 1.0)

    async def crowd(port, server):
        context = trusting() if secure else None
        asked = [await ask(port, context) for _ in range(CLIENTS)]
        await asyncio.sleep(0.5)
        assert len(Watched.made) == CLIENTS
        held = [inner(one).get_write_buffer_size() for one in Watched.made]
        assert 0 < max(held) <= 4 * PIECE  # and not the eight megabytes
        ended = await gone(server)
        for _, writer in asked:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        return ended

    with serving(tmp_path if secure else None) as (port, server):
        assert asyncio.run(crowd(port, server))


def inner(transport):
    """Return the transport under TLS, where what was encrypted waits."""
    protocol = getattr(transport, "_ssl_protocol", None)
    return transport if protocol is None else protocol._transport


@pytest.mark.parametrize("secure", [False, True])
def test_a_client_that_reads_slowly_gets_all_of_it(tmp_path, monkeypatch, secure):
    monkeypatch.setattr(kiosk.serving, "UNREAD_SECONDS", 0.4)

    async def slowly(port):
        reader, writer = await ask(port, trusting() if secure else None)
        head = await reader.readuntil(b"\r\n\r\n")
        found = bytearray()
        begun = time.monotonic()
        while piece := await reader.read(256 * 1024):
            found += piece
            if time.monotonic() - begun < 1.5:  # many times as long as nothing may be taken
                await asyncio.sleep(0.15)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return head, bytes(found)

    with serving(tmp_path if secure else None) as (port, _):
        head, found = asyncio.run(slowly(port))
    assert head.startswith(b"HTTP/1.1 200")
    assert found == BODY


@pytest.mark.parametrize("resumed", [False, True])
def test_the_end_of_an_answer_that_lies_there_keeps_no_connection(monkeypatch, resumed):
    """Too short to pause for: the connection would wait for its reader before it closes."""
    monkeypatch.setattr(kiosk.serving, "UNREAD_SECONDS", 0.3)
    aborted = []

    class Transport(asyncio.Transport):
        def get_write_buffer_size(self):
            return 1000

        def set_write_buffer_limits(self, high=None, low=None):
            pass

        def is_closing(self):
            return False

        def close(self):
            pass

        def abort(self):
            aborted.append(True)

    async def run():
        config = uvicorn.Config(app, **LIMITS)
        config.load()
        protocol = Unhurried(config=config, server_state=ServerState(), app_state={})
        protocol.connection_made(Transport())
        protocol.data_received(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        while protocol._unread is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
        if resumed:  # the client took most of it, and no more
            protocol.resume_writing()
        await asyncio.sleep(0.5)
        protocol.connection_lost(None)

    Transport.write = lambda self, data: None
    asyncio.run(run())
    assert aborted == [True]
