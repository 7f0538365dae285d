"""The server's web face: routes, errors, headers; and the room's life from start to stop."""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from kiosk.server.api import (
    accounts,
    counts,
    desk,
    drafts,
    http,
    kiosks,
    officers,
    pages,
    records,
    screens,
    setup,
)
from kiosk.server.passwords import Passwords
from kiosk.server.pool import BallotPool
from kiosk.server.security import PASSWORDS, BackOff, Pace
from kiosk.server.services import acts, attendance, ceremony, drafting
from kiosk.server.services.room import Room
from kiosk.server.settings import load_draft, server_seed
from voting.errors import PiaojueError, RefusedError
from voting.meeting import keys
from voting.meeting.ledger import decode_line
from voting.protocol import codec
from voting.storage import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from kiosk.server.settings import Settings

ROUTES = (
    *setup.routes,
    *accounts.routes,
    *officers.routes,
    *kiosks.routes,
    *counts.routes,
    *records.routes,
    *desk.routes,
    *drafts.routes,
    *screens.routes,
)


def make_app(room: Room) -> Starlette:
    """Put the web face on a room that is open."""
    shown = pages.pages_of(room)
    app = Starlette(
        routes=[*ROUTES, *shown.routes()],
        middleware=[Middleware(http.Guard)],
        exception_handlers={PiaojueError: http.on_error, HTTPException: http.on_no_route},
    )
    app.router.redirect_slashes = False  # its redirect would repeat whatever Host it was sent
    app.state.room = room
    app.state.pages = shown
    app.state.back_off = BackOff(time.monotonic)
    app.state.pace = Pace(time.monotonic)
    app.state.password_pace = Pace(time.monotonic, **PASSWORDS)
    app.state.passwords = Passwords()
    return app


@asynccontextmanager
async def open_room(
    settings: Settings,
    *,
    pool: BallotPool | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Room]:
    """Open a meeting's folder and database; close both at the end.

    Args:
        pool: Workers to share; by default some of its own, warmed here.
        clock: What says the time, aware.

    After a crash everything that was acknowledged is there again: the fold of the ledger is
    built from its lines, lines of minutes without an act are dropped, and the order of casting
    is taken out of the files once more, because the crash may have come before it was.

    Raises:
        DraftError: The folder's draft is faulty.
        RefusedError: ``server-key-differs``: the folder's key is not the one that was frozen.
        UnsupportedError, UnavailableError: The database is of another version, or not there.
    """
    # At a lower level the driver would write down every statement with its values.
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)
    draft = load_draft(settings.folder)
    seed = server_seed(settings.folder)
    store = await Store.open(settings.database or settings.folder)
    workers = pool or BallotPool()
    try:
        await workers.warm()
        room = Room(
            folder=settings.folder,
            store=store,
            draft=draft,
            pool=workers,
            clock=clock,
            rand=secrets.token_bytes,
            seed=seed,
        )
        await _begin(room)
        yield room
    finally:
        await store.close()  # first: it removes the WAL, and nothing may keep us from that
        if pool is None:
            workers.close()


async def _begin(room: Room) -> None:
    async with room.store.transaction() as tx:
        if await tx.meta(ceremony.UUID) is None:
            await tx.put_meta(ceremony.UUID, codec.draw_base58(room.rand).encode())
    view = await room.view()
    if view.meeting is None:
        await drafting.settle(room)
    else:
        if keys.public_key(room.seed) != view.meeting.server:
            raise RefusedError("server-key-differs")
        async with room.store.reading() as tx:
            lines = [decode_line(raw) for raw in await tx.ledger()]
        attendance.trim_minutes(room.folder, lines)
        await acts.forget_order(room)
    logging.getLogger(__name__).info("room open at height %d", view.height)
