"""The server's web face: routes, errors, headers; and the room's life from start to stop."""

from __future__ import annotations

import logging
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware

from kiosk.server.api import counts, http, kiosks, officers, records, setup
from kiosk.server.pool import BallotPool
from kiosk.server.security import SecurityHeaders
from kiosk.server.services import attendance, ceremony, freezing
from kiosk.server.services.room import Room
from kiosk.server.settings import load_draft, server_seed
from voting.errors import PiaojueError
from voting.storage import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from kiosk.server.settings import Settings

ROUTES = (
    *setup.routes,
    *officers.routes,
    *kiosks.routes,
    *counts.routes,
    *records.routes,
)


def make_app(room: Room) -> Starlette:
    """Put the web face on a room that is open."""
    app = Starlette(
        routes=list(ROUTES),
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={PiaojueError: http.on_error, Exception: http.on_unexpected},
    )
    app.state.room = room
    return app


@asynccontextmanager
async def open_room(settings: Settings) -> AsyncIterator[Room]:
    """Open a meeting's folder and database; close both at the end.

    After a crash everything that was acknowledged is there again: the fold of the ledger is
    built from its lines, and lines of minutes without an act are dropped.

    Raises:
        DraftError: The folder's draft is faulty.
        UnsupportedError, UnavailableError: The database is of another version, or not there.
    """
    draft = load_draft(settings.folder)
    seed = server_seed(settings.folder)
    store = await Store.open(settings.database or settings.folder)
    pool = BallotPool()
    try:
        await pool.warm()
        room = Room(
            folder=settings.folder,
            store=store,
            draft=draft,
            pool=pool,
            clock=lambda: datetime.now(UTC),
            rand=secrets.token_bytes,
            seed=seed,
        )
        await _begin(room)
        yield room
    finally:
        pool.close()
        await store.close()


async def _begin(room: Room) -> None:
    async with room.store.transaction() as tx:
        if await tx.meta(ceremony.UUID) is None:
            await tx.put_meta(ceremony.UUID, freezing.new_uuid(room).encode())
    view = await room.view()
    attendance.trim_minutes(room.folder, view.height)
    logging.getLogger(__name__).info("room open at height %d", view.height)
