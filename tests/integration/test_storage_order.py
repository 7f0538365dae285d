"""The order of casting: in the raw files while a round is open, nowhere after its seal.

Each attack must succeed before the rewrite, or its failure afterwards would show nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random
import sqlite3

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from tests.support.forensics import order_in_file, order_in_wal, orders_in_folder
from tests.support.stores import opened
from voting.errors import UnavailableError
from voting.storage import rewrite

SLOT = "slotAAAAAAAAAA"
BALLOTS = 24


def ballot(number):
    """A ballot of 6 kB, longer than a page; its last bytes are its mark."""
    body = b"".join(hashlib.sha512(b"%d %d" % (number, i)).digest() for i in range(96))
    return hashlib.sha256(body).hexdigest(), f"credential{number:04}", body


def mark(number):
    return ballot(number)[2][-24:]


def casting_order(seed):
    """An order of casting that is neither that of the trackers nor that of the credentials."""
    order = list(range(BALLOTS))
    random.Random(seed).shuffle(order)
    assert order not in (sorted(order), by_tracker())
    return order


def by_tracker():
    return sorted(range(BALLOTS), key=lambda number: ballot(number)[0])


async def cast_all(store, order):
    async with store.transaction() as tx:
        await tx.add_credentials(SLOT, "A", [ballot(number)[1] for number in order])
    for number in order:
        async with store.transaction() as tx:
            await tx.insert_ballot(SLOT, *ballot(number))
    spoiled = [hashlib.sha256(b"spoiled %d" % number).hexdigest() for number in order]
    for tracker in spoiled:
        async with store.transaction() as tx:
            await tx.mark_spoiled(SLOT, tracker)
    return spoiled


async def everything(store):
    async with store.reading() as view:
        rows = (await view.ballots(SLOT), await view.spoiled(SLOT), await view.credentials(SLOT))
    assert [len(found) for found in rows] == [BALLOTS] * 3
    return rows


# -- SQLite ----------------------------------------------------------------------------


async def test_sqlite_files_show_the_order_of_casting_until_the_rewrite(tmp_path):
    database, wal = tmp_path / "meeting.sqlite", tmp_path / "meeting.sqlite-wal"
    order = casting_order(1)
    marks = [mark(n) for n in range(BALLOTS)]
    trackers = [ballot(n)[0].encode() for n in range(BALLOTS)]
    async with opened(tmp_path) as store:
        spoiled = [tracker.encode() for tracker in await cast_all(store, order)]
        before = await everything(store)

        assert order_in_wal(wal, trackers) == [trackers[n] for n in order]
        assert order_in_wal(wal, marks) == [marks[n] for n in order]
        assert order_in_wal(wal, sorted(spoiled)) == spoiled
        with contextlib.closing(sqlite3.connect(database)) as outsider:
            outsider.execute("PRAGMA wal_checkpoint(PASSIVE)")
        assert order_in_file(database, marks) == [marks[n] for n in order]

        await store.rewrite_after_seal()

        assert [path.name for path in tmp_path.iterdir()] == ["meeting.sqlite"]
        assert order_in_file(database, marks) == [marks[n] for n in by_tracker()]
        assert await everything(store) == before


async def test_a_rewritten_sqlite_file_is_the_same_whatever_the_order_of_casting(tmp_path):
    contents = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        async with opened(folder) as store:
            await cast_all(store, casting_order(seed))
            await store.rewrite_after_seal()
        contents.append((folder / "meeting.sqlite").read_bytes())

    assert contents[0] == contents[1]


async def test_a_reader_in_the_way_is_named_and_the_next_try_succeeds(tmp_path, monkeypatch):
    monkeypatch.setattr("voting.storage.store.BUSY_SECONDS", 0.05)
    async with opened(tmp_path) as store:
        await cast_all(store, casting_order(1))
        with contextlib.closing(
            sqlite3.connect(tmp_path / "meeting.sqlite", isolation_level=None)
        ) as outsider:
            outsider.execute("BEGIN")
            outsider.execute("SELECT * FROM ballots").fetchone()
            with pytest.raises(UnavailableError) as busy:
                await store.rewrite_after_seal()

        await store.rewrite_after_seal()

        assert busy.value.code == "storage-busy"
        assert [path.name for path in tmp_path.iterdir()] == ["meeting.sqlite"]


async def test_a_reading_that_outlives_the_rewrite_leaves_no_connection_and_no_wal(tmp_path):
    """Its connection went back to a pool that nobody had any more, and held the files open for
    as long as the program ran; in tests it was a warning long afterwards, in another test."""
    async with opened(tmp_path) as store:
        await cast_all(store, casting_order(1))
        async with store.reading():
            await store.rewrite_after_seal()
            assert (tmp_path / "meeting.sqlite-wal").exists()

        assert [path.name for path in tmp_path.iterdir()] == ["meeting.sqlite"]


async def test_an_acknowledged_sqlite_commit_is_on_the_disk(tmp_path):
    async with opened(tmp_path) as store, store.reading() as view:
        found = [
            await view._connection.scalar(sa.text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]

    full = 2
    assert found == ["wal", full, 1, 1]


# -- PostgreSQL ------------------------------------------------------------------------

# The query that lists the last bytes of every value in the TOAST table, by its number.
TOAST = """SELECT format('SELECT substring(string_agg(chunk_data, '''' ORDER BY chunk_seq)
    FROM 6121) FROM %s GROUP BY chunk_id ORDER BY chunk_id', reltoastrelid::regclass)
    FROM pg_class WHERE relname = 'ballots'"""
FOLDER = "SELECT oid::text FROM pg_database WHERE datname = current_database()"


@pytest.fixture
async def ask(postgres):
    """Ask an empty database as its superuser; ``ask.place`` is its URL."""
    place = postgres.fresh_database()
    engine = create_async_engine(place, isolation_level="AUTOCOMMIT")

    async def ask(query):
        async with engine.connect() as connection:
            return list((await connection.scalars(sa.text(query))).all())

    ask.place = place
    yield ask
    await engine.dispose()


async def test_postgresql_shows_the_order_of_casting_until_the_rewrite(postgres, ask):
    order = casting_order(1)
    marks, trackers = [mark(n) for n in range(BALLOTS)], [ballot(n)[0] for n in range(BALLOTS)]

    async def toast_order():
        return await ask((await ask(TOAST))[0])

    async def raw_orders():
        postgres.sql("CHECKPOINT")
        folder = postgres.folder / "data" / "base" / (await ask(FOLDER))[0]
        return orders_in_folder(folder, marks)

    async with opened(ask.place) as store:
        spoiled = await cast_all(store, order)
        before = await everything(store)

        by_casting = [trackers[n] for n in order]
        assert await ask("SELECT tracker FROM ballots ORDER BY ctid") == by_casting
        assert await ask("SELECT tracker FROM ballots ORDER BY xmin::text::bigint") == by_casting
        assert await ask("SELECT tracker FROM spoiled ORDER BY ctid") == spoiled
        assert await ask("SELECT credential FROM credentials ORDER BY xmax::text::bigint") == [
            ballot(n)[1] for n in order
        ]
        assert await toast_order() == [marks[n] for n in order]
        assert await raw_orders() == [[marks[n] for n in order]]

        await store.rewrite_after_seal()

        assert await ask("SELECT tracker FROM ballots ORDER BY ctid") == sorted(trackers)
        assert await ask("SELECT tracker FROM spoiled ORDER BY ctid") == sorted(spoiled)
        for table in ("ballots", "spoiled", "credentials"):
            assert len(await ask(f"SELECT DISTINCT xmin::text || ' ' || cmin FROM {table}")) == 1
        assert await toast_order() == [marks[n] for n in by_tracker()]
        assert await raw_orders() == [[marks[n] for n in by_tracker()]]
        assert await everything(store) == before


async def two_wait(ask):
    """Return once two connections wait for a lock."""
    while (await ask("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0] < 2:
        pass


async def test_a_reading_that_begins_during_the_rewrite_sees_every_ballot(ask, monkeypatch):
    """TRUNCATE is not for snapshots: one from before its commit sees an empty table after it."""
    copy_sorted, readings = rewrite.copy_sorted, []

    async def look(*first):
        async with reader.reading() as view:
            for one in first:
                await one(view)
            found = await view.ballot_of(SLOT, ballot(0)[1])
            return found is not None, await view.count_ballots(SLOT), len(await view.spoiled(SLOT))

    async def copy_while_read(connection):
        await copy_sorted(connection)
        readings.append(asyncio.create_task(look()))
        readings.append(asyncio.create_task(look(lambda view: view.height())))
        await two_wait(ask)

    async with opened(ask.place) as store, opened(ask.place) as reader:
        await cast_all(store, casting_order(1))
        monkeypatch.setattr(rewrite, "copy_sorted", copy_while_read)
        await store.rewrite_after_seal()

        assert await asyncio.gather(*readings) == [(True, BALLOTS, BALLOTS)] * 2


@pytest.mark.parametrize("table", ["credentials", "ballots", "spoiled"])
async def test_a_reader_of_a_postgresql_table_is_named_and_keeps_nobody_waiting(
    ask, monkeypatch, table
):
    monkeypatch.setattr(rewrite, "WAIT_SECONDS", 0.05)
    outsider = create_async_engine(ask.place)
    async with opened(ask.place) as store:
        await cast_all(store, casting_order(1))
        before = await everything(store)
        async with outsider.connect() as connection:
            await connection.execute(sa.text(f"SELECT * FROM {table}"))  # as a dump does
            async with asyncio.timeout(30):
                with pytest.raises(UnavailableError) as busy:
                    await store.rewrite_after_seal()
            assert await everything(store) == before
        await store.rewrite_after_seal()

        assert busy.value.code == "storage-busy"
        assert await ask("SELECT tracker FROM ballots ORDER BY ctid") == sorted(
            ballot(n)[0] for n in range(BALLOTS)
        )
    await outsider.dispose()


# -- both ------------------------------------------------------------------------------


async def test_rewriting_twice_and_going_on_afterwards_does_no_harm(store):
    await cast_all(store, casting_order(3))
    before = await everything(store)

    await store.rewrite_after_seal()
    await store.rewrite_after_seal()

    assert await everything(store) == before
    async with store.transaction() as tx:
        await tx.add_credentials("slot B", "A", ["c"])
        await tx.insert_ballot("slot B", "t", "c", b"")
    async with store.reading() as view:
        assert await view.count_ballots("slot B") == 1


async def test_nobody_waits_for_ever_for_another_process_that_writes(storage_place, monkeypatch):
    monkeypatch.setattr("voting.storage.store.BUSY_SECONDS", 0.05)

    async def write():
        async with store.transaction():
            pass

    async with opened(storage_place) as store, opened(storage_place) as other:
        async with other.transaction(), asyncio.timeout(30):
            for wait in (store.rewrite_after_seal, write):
                with pytest.raises(UnavailableError) as busy:
                    await wait()
                assert busy.value.code == "storage-unavailable"
        await write()
        await store.rewrite_after_seal()
