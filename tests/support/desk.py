"""An officer's own device and its page, beside a meeting of ``tests.support.serving``.

with desk(s, "secretary", tmp_path) as d:
    page.goto(d.url)          # the console, on this device's loopback
    d.unlock()                # as if the passphrase had been typed before
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn

from kiosk.device.held import HeldClient
from kiosk.device.keys import DeviceKeys
from kiosk.device.local import make_local
from kiosk.device.officer_local import OfficerHolder
from kiosk.device.officer_routes import officer_routes
from kiosk.device.seen import OfficerKeys
from kiosk.serving import LIMITS
from tests.support.meeting import seed_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.applications import Starlette

    from tests.support.serving import Serving

PASSPHRASE = "four plain words here"


@dataclass
class Desk:
    """An officer's device that runs; ``url`` is its console."""

    url: str
    holder: OfficerHolder

    def unlock(self) -> None:
        self.holder.unlock(PASSPHRASE)


@contextmanager
def desk(s: Serving, officer: str, folder: Path, *, enrolled: bool = True) -> Iterator[Desk]:
    """Run an officer's device; one that has enrolled has the hall's key and token of him."""
    path = folder / f"{officer}.key"
    if enrolled and not path.exists():
        pen = {one.id: one.pen for one in s.hall.room.draft.officers}[officer]
        keys = DeviceKeys.create(
            [path], PASSPHRASE, OfficerKeys(None if pen else seed_of(officer)).encode()
        )
        keys.token = s.hall.devices.tokens[f"officer:{officer}"]
        keys._store()
    client = HeldClient(s.url)
    holder = OfficerHolder(client, path)
    try:
        with on_loopback(make_local("console", client, officer_routes(holder))) as url:
            yield Desk(f"{url}/console", holder)
    finally:
        client.close()


@contextmanager
def on_loopback(app: Starlette) -> Iterator[str]:
    """Serve an app in a thread until the block ends; yield its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, proxy_headers=False, **LIMITS))
    server.capture_signals = _nothing  # type: ignore[method-assign]
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()


@contextmanager
def _nothing() -> Iterator[None]:
    yield
