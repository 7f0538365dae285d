"""Remove the order of casting from the database's files after a seal.

While a round is open the files tell in which order ballots came: SQLite's WAL by its frames
and the database by the places of its overflow pages, PostgreSQL by ``ctid``, ``xmin`` and the
numbers of its TOAST values. Nothing short of writing the rows anew, sorted, removes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from voting.errors import UnavailableError
from voting.storage.schema import UNORDERED

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

WAIT_SECONDS = 5  # for each table on PostgreSQL: whoever reads after us waits as long
_LOCK_NOT_AVAILABLE: Final = "55P03"
_TABLES: Final = ", ".join(table.name for table in UNORDERED)


async def vacuum(connection: AsyncConnection) -> bool:
    """Write an SQLite file anew in key order and empty its WAL; outside any transaction.

    Returns:
        Whether the WAL was emptied; False while another connection still reads from it.
    """
    await connection.exec_driver_sql("VACUUM")
    busy = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(busy.scalar_one()) == 0


async def copy_sorted(connection: AsyncConnection) -> None:
    """Write PostgreSQL's tables into new files in key order; inside the caller's transaction.

    TRUNCATE gives each table, its indexes and its TOAST table a new file and drops the old
    one at the commit; CLUSTER would keep ``xmin``, which numbers the casts.

    Raises:
        UnavailableError: ``storage-busy``: somebody else still reads one of the tables.
    """
    await _shut_out(connection)
    for table in UNORDERED:
        await connection.execute(
            sa.text(
                f"CREATE TEMPORARY TABLE sorted_{table.name} ON COMMIT DROP AS TABLE {table.name}"
            )
        )
    await connection.execute(sa.text(f"TRUNCATE {_TABLES}"))
    for table in UNORDERED:
        key = ", ".join(column.name for column in table.primary_key)
        await connection.execute(
            sa.text(f"INSERT INTO {table.name} SELECT * FROM sorted_{table.name} ORDER BY {key}")  # noqa: S608
        )


async def wait_for_copy(connection: AsyncConnection) -> None:
    """Let a copy that is under way on PostgreSQL end before a reading fixes what it sees.

    A snapshot from before the commit of a TRUNCATE sees an empty table after it. LOCK takes no
    snapshot, so it comes first; the tables are named in the order in which a copy locks them.
    """
    await connection.execute(sa.text(f"LOCK TABLE {_TABLES} IN ACCESS SHARE MODE"))


async def _shut_out(connection: AsyncConnection) -> None:
    limit = f"SET LOCAL lock_timeout = {int(WAIT_SECONDS * 1000)}"
    await connection.execute(sa.text(limit))
    try:
        await connection.execute(sa.text(f"LOCK TABLE {_TABLES} IN ACCESS EXCLUSIVE MODE"))
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise UnavailableError("storage-busy") from error
