"""Every byte that a browser sends: a relay between it and a server, in plain TCP.

What leaves a page is what arrives here, whoever in it sent it: the page, its Worker, a beacon, a
socket. Secrets are looked for in every form in which they could be written down.
"""

from __future__ import annotations

import base64
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = 65_536
TELLING = 8  # base64 of fewer symbols stands in other base64 by chance


@dataclass
class Wire:
    """A relay that runs; ``sent`` is what came from the browser, by connection."""

    url: str
    sent: list[bytearray] = field(default_factory=list)
    open: list[socket.socket] = field(default_factory=list, repr=False)
    pumps: list[threading.Thread] = field(default_factory=list, repr=False)

    def bytes(self) -> bytes:
        return b"\n".join(map(bytes, self.sent))

    def relay(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what either side says; keep what the client says."""
        self.sent.append(kept := bytearray())
        self.open += [client, server]
        for way in ((client, server, kept), (server, client, None)):
            pump = threading.Thread(target=_pump, args=way, daemon=True)
            self.pumps.append(pump)
            pump.start()

    def close(self) -> None:
        for one in self.open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for pump in self.pumps:
            pump.join(10)
        for one in self.open:
            one.close()


@contextmanager
def tapped(url: str) -> Iterator[Wire]:
    """Relay to a server and keep what goes there, until the block ends."""
    place = urlsplit(url)
    assert place.hostname
    assert place.port
    target = (place.hostname, place.port)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def accept() -> None:
            with suppress(OSError):  # the block has ended
                while True:
                    client, _ = listening.accept()
                    wire.relay(client, socket.create_connection(target))

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield wire
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join(10)
        wire.close()


def _pump(source: socket.socket, sink: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while data := source.recv(LINE):
            if kept is not None:
                kept += data
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def traces(text: str) -> set[bytes]:
    """The forms of a text, as it stands and with its case changed."""
    found = set()
    for one in {text, text.lower(), text.upper()}:
        raw = one.encode()
        found |= {raw, quote(one).encode(), one.encode("utf-16-le"), *_packed(raw)}
        found.add(one[::-1].encode())
        found.add(",".join(str(byte) for byte in raw).encode())
    return found


def secrets_of(number: int, length: int) -> set[bytes]:
    """The forms of a number of so many bytes: raw, hex, base64, decimal, either way round."""
    found = {str(number).encode(), f"{number:x}".encode(), f"{number:X}".encode()}
    for order in ("little", "big"):
        raw = number.to_bytes(length, order)  # type: ignore[arg-type]
        found |= {raw, *_packed(raw), str(int.from_bytes(raw, "big")).encode()}
        found.add(",".join(str(byte) for byte in raw).encode())
    return found


def _packed(raw: bytes) -> set[bytes]:
    """Hex and base64; for base64 the part that stays the same wherever the bytes begin."""
    found = {raw.hex().encode(), raw.hex().upper().encode()}
    for before in range(3):
        coded = base64.b64encode(bytes(before) + raw)
        inner = coded[4 if before else 0 : 4 * ((before + len(raw)) // 3)]
        if len(inner) >= TELLING:
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found
