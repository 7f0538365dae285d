"""A meeting at a stage behind a real port, for a browser: the server runs in a thread.

    with serving("opened", tmp_path / "meeting") as s:
        page.goto(s.url + "/kiosk")
        s.do(lambda h: h.vote(0, 1))     # what people elsewhere in the room do meanwhile

Everything is as ``piaojue serve`` has it, on the machine's loopback and with the same limits.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn

from kiosk.commands.serve import LIMITS
from kiosk.server.app import make_app
from tests.support.server import hall

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from pathlib import Path

    from tests.support.server import Hall


@dataclass
class Serving:
    """A running server, and the hall that it serves."""

    url: str
    hall: Hall
    loop: asyncio.AbstractEventLoop

    def do(self, what: Callable[[Hall], Awaitable[Any]]) -> Any:
        """Do something in the hall, on the server's own loop; return what it returns."""

        async def run() -> Any:
            return await what(self.hall)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(60)


def serving(stage: str, folder: Path, place: str | None = None) -> AbstractContextManager[Serving]:
    """Serve a meeting at a stage (``tests.support.server``) until the block ends."""
    return serving_hall(lambda: hall(stage, folder, place))


@contextmanager
def serving_hall(make: Callable[[], AbstractAsyncContextManager[Hall]]) -> Iterator[Serving]:
    """Serve a hall that is made on the server's own loop."""
    ready: list[Serving] = []
    started, stop = threading.Event(), asyncio.Event()
    failed: list[BaseException] = []

    async def live() -> None:
        async with make() as h:
            with socket.create_server(("127.0.0.1", 0)) as listening:
                url = f"http://127.0.0.1:{listening.getsockname()[1]}"
                server = uvicorn.Server(uvicorn.Config(make_app(h.room), **LIMITS))
                server.capture_signals = _nothing  # type: ignore[method-assign]
                ready.append(Serving(url, h, asyncio.get_running_loop()))
                serve = asyncio.create_task(server.serve(sockets=[listening]))
                while not server.started and not serve.done():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                started.set()
                await stop.wait()
                server.should_exit = True
                await serve

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:
            failed.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="serving", daemon=True)
    thread.start()
    started.wait(900)  # hundreds of voters take minutes on a busy machine
    if failed:
        raise failed[0]
    try:
        yield ready[0]
    finally:
        ready[0].loop.call_soon_threadsafe(stop.set)
        thread.join(30)
    if failed:
        raise failed[0]


@contextmanager
def _nothing() -> Iterator[None]:
    yield
