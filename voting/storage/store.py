"""The database of one meeting: opened, changed by one transaction at a time, rewritten.

A transaction that changes something runs alone: inside this process by a lock, between
processes by SQLite's BEGIN IMMEDIATE or PostgreSQL's advisory lock. So a service may read the
ledger, fold it, decide and write, and nothing moves under it. When ``transaction()`` has ended
without an error, what it wrote is durable; only then may anybody be told.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from voting.errors import InputError, UnavailableError, UnsupportedError
from voting.storage import rewrite
from voting.storage.reading import Reading
from voting.storage.schema import SCHEMA_KEY, SCHEMA_VERSION, meta, metadata
from voting.storage.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
    from sqlalchemy.pool import ConnectionPoolEntry

FILE_NAME = "meeting.sqlite"
BUSY_SECONDS = 20  # how long anybody waits for a lock of another process
_ONE_LOCK = 0x5049414F  # the database's one advisory lock, "PIAO"

_SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the disk before it is answered
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)


class Store:
    """One meeting's database. Close it; use it from one event loop."""

    def __init__(self, engine: AsyncEngine, folder: Path | None) -> None:
        self._engine = engine
        self._folder = folder  # None on PostgreSQL
        self._alone = asyncio.Lock()

    @classmethod
    async def open(cls, where: str | Path) -> Store:
        """Open the database, and make its tables when it is empty.

        Args:
            where: The meeting's folder, which must exist, or a ``postgresql://`` URL.

        Raises:
            InputError: ``storage-missing``: there is no such folder.
            UnsupportedError: ``storage-version``: it was made by another version.
            UnavailableError: The database does not answer.
        """
        folder = None if "://" in str(where) else Path(where)
        store = cls(_postgres(str(where)) if folder is None else _sqlite(folder), folder)
        try:
            async with store._transaction("IMMEDIATE") as connection:
                await _make_or_check_schema(connection)
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Run one change alone; commit at the end, roll back on any error.

        Raises:
            UnavailableError: ``storage-unavailable``: the database did not answer; unless
                the answer to the commit was lost, nothing was changed.
        """
        async with self._alone, self._transaction("IMMEDIATE") as connection:
            yield Transaction(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reading]:
        """Look at one moment, beside whatever is being changed."""
        async with self._transaction("DEFERRED") as connection:
            yield Reading(connection)

    async def rewrite_after_seal(self) -> None:
        """Write ballots, credentials and spoiled trackers anew, each in sorted order.

        Afterwards the database's files hold nothing of the order of casting. Call it after
        the seal is committed, and again at start-up: a second time does no harm.

        Raises:
            UnavailableError: ``storage-busy``: somebody else reads the file or the tables;
                ``storage-unavailable``: somebody else writes. Try again.
        """
        if self._folder is None:
            async with self._alone, self._transaction("IMMEDIATE") as connection:
                await rewrite.copy_sorted(connection)
            return
        async with self._alone:
            async with self._connection(sqlite_begin=None) as connection:
                emptied = await rewrite.vacuum(connection)
            # The last connection to close removes the WAL and its index from the disk.
            await self._engine.dispose()
        if not emptied:
            raise UnavailableError("storage-busy")

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        writes = begin == "IMMEDIATE"
        if self._folder is not None:
            options: dict[str, object] = {"sqlite_begin": begin}
        elif writes:
            options = {"isolation_level": "READ COMMITTED"}  # sees what came before the lock
        else:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        async with self._connection(**options) as connection, connection.begin():
            if writes and self._folder is None:
                lock = sa.select(sa.func.pg_advisory_xact_lock(_ONE_LOCK))
                await connection.execute(lock)
            elif self._folder is None:
                await rewrite.wait_for_copy(connection)
            yield connection

    @asynccontextmanager
    async def _connection(self, **options: object) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            pool = self._engine.pool
            try:
                connection = await stack.enter_async_context(self._engine.connect())
            except Exception as error:  # drivers fail to connect with errors of many families
                raise UnavailableError("storage-unavailable") from error
            try:
                yield await connection.execution_options(**options)
            except sa.exc.SQLAlchemyError as error:  # no library's error leaves this room
                raise UnavailableError("storage-unavailable") from error
            finally:
                if self._engine.pool is not pool:  # no pool would ever close it, nor its WAL
                    await connection.invalidate()


def _sqlite(folder: Path) -> AsyncEngine:
    if not folder.is_dir():
        raise InputError("storage-missing", folder=str(folder))
    path = folder / FILE_NAME
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    url = sa.URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, hide_parameters=True)
    sa.event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    cursor = connection.cursor()
    for setting in _SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    if kind := connection.get_execution_options().get("sqlite_begin"):
        connection.exec_driver_sql(f"BEGIN {kind}")


def _postgres(where: str) -> AsyncEngine:
    try:
        url = sa.make_url(where)
    except sa.exc.ArgumentError as error:
        raise InputError("storage-url") from error
    if url.get_backend_name() != "postgresql":
        raise UnsupportedError("storage-url")
    settings = {"synchronous_commit": "on", "lock_timeout": str(int(BUSY_SECONDS * 1000))}
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        hide_parameters=True,
        connect_args={"server_settings": settings},
    )


async def _make_or_check_schema(connection: AsyncConnection) -> None:
    tables = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    if not tables:
        await connection.run_sync(metadata.create_all)
        row = {"name": SCHEMA_KEY, "value": str(SCHEMA_VERSION).encode()}
        await connection.execute(sa.insert(meta), row)
        return
    found = None
    if meta.name in tables:
        query = sa.select(meta.c.value).where(meta.c.name == SCHEMA_KEY)
        found = await connection.scalar(query)
    if found != str(SCHEMA_VERSION).encode():
        made_by = found.decode(errors="replace") if found is not None else "?"
        raise UnsupportedError("storage-version", found=made_by, wanted=SCHEMA_VERSION)
