"""The tables and what they can never hold: a time, a device, a sequence next to a ballot."""

from __future__ import annotations

import sqlite3

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from voting.errors import InputError, UnavailableError, UnsupportedError
from voting.storage import Store, Transaction
from voting.storage.schema import ballots, credentials, metadata, spoiled

TEXT, BYTES = "TEXT", "BYTES"
ALLOWED = {
    "ballots": {"slot": TEXT, "tracker": TEXT, "credential": TEXT, "body": BYTES},
    "credentials": {"slot": TEXT, "credential": TEXT, "series": TEXT, "state": TEXT},
    "spoiled": {"slot": TEXT, "tracker": TEXT},
}


def kind(column_type):
    return BYTES if isinstance(column_type, sa.LargeBinary) else str(column_type).split()[0]


def engine_of(place):
    url = place if "://" in place else f"sqlite+aiosqlite:///{place}/meeting.sqlite"
    return create_async_engine(url)


@pytest.mark.parametrize("table", [ballots, credentials, spoiled], ids=lambda table: table.name)
def test_the_declared_tables_have_no_column_of_time_device_or_sequence(table):
    assert {column.name: kind(column.type) for column in table.columns} == ALLOWED[table.name]
    assert not any(column.server_default or column.default for column in table.columns)


@pytest.mark.parametrize("name", ALLOWED)
async def test_the_live_tables_have_no_column_of_time_device_or_sequence(
    store, storage_place, name
):
    engine = engine_of(storage_place)
    async with engine.connect() as connection:
        columns = await connection.run_sync(lambda sync: sa.inspect(sync).get_columns(name))
    await engine.dispose()

    assert {column["name"]: kind(column["type"]) for column in columns} == ALLOWED[name]
    assert not any(
        column.get("default") or column.get("autoincrement") is True for column in columns
    )


async def test_sqlite_keeps_no_hidden_row_number(tmp_path):
    store = await Store.open(tmp_path)
    await store.close()

    with sqlite3.connect(tmp_path / "meeting.sqlite") as connection:
        for name in ALLOWED:
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                connection.execute(f"SELECT rowid FROM {name}")
    connection.close()


async def test_postgresql_keeps_no_sequence_and_no_trigger(postgres):
    place = postgres.fresh_database()
    store = await Store.open(place)
    await store.close()

    engine = engine_of(place)
    async with engine.connect() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM pg_sequence")) == 0
        triggers = sa.text("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
        assert await connection.scalar(triggers) == 0
        assert await connection.scalar(sa.text("SHOW track_commit_timestamp")) == "off"
    await engine.dispose()


def test_nothing_offers_to_change_or_delete_a_ballot():
    offered = {name for name in dir(Transaction) if "ballot" in name and not name.startswith("_")}

    assert offered == {"ballot", "ballot_of", "ballots", "count_ballots", "insert_ballot"}


@pytest.mark.parametrize("version", [b"1", b"3", b""])
async def test_a_database_of_another_version_is_refused(storage_place, version):
    store = await Store.open(storage_place)
    await store.close()
    engine = engine_of(storage_place)
    async with engine.begin() as connection:
        await connection.execute(sa.update(metadata.tables["meta"]).values(value=version))
    await engine.dispose()

    with pytest.raises(UnsupportedError) as refused:
        await Store.open(storage_place)

    assert refused.value.code == "storage-version"
    assert refused.value.params == {"found": version.decode(), "wanted": 2}


async def test_a_database_of_something_else_is_refused_and_left_alone(storage_place):
    engine = engine_of(storage_place)
    async with engine.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE cats (name TEXT)"))

    with pytest.raises(UnsupportedError) as refused:
        await Store.open(storage_place)

    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    await engine.dispose()
    assert refused.value.code == "storage-version"
    assert tables == ["cats"]


async def test_a_folder_that_does_not_exist_is_not_made(tmp_path):
    with pytest.raises(InputError) as refused:
        await Store.open(tmp_path / "mistyped")

    assert refused.value.code == "storage-missing"
    assert not (tmp_path / "mistyped").exists()


async def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "meeting.sqlite").write_bytes(b"not a database" * 1000)

    with pytest.raises(UnavailableError):
        await Store.open(tmp_path)


async def test_a_server_that_does_not_answer_is_unavailable(tmp_path):
    with pytest.raises(UnavailableError) as refused:
        await Store.open(f"postgresql://nobody@/none?host={tmp_path}")

    assert refused.value.code == "storage-unavailable"


async def test_only_the_owner_reads_the_file(tmp_path):
    store = await Store.open(tmp_path)
    await store.close()

    assert (tmp_path / "meeting.sqlite").stat().st_mode & 0o777 == 0o600
