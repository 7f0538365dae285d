"""The server's stop: the database is closed first, and no job of a worker holds it up."""

from __future__ import annotations

import asyncio
import time

import pytest

from kiosk.server.app import open_room
from kiosk.server.pool import BallotPool
from kiosk.server.settings import Settings
from tests.support.server import new_folder
from voting.errors import UnavailableError


def long_job(begun, ended):
    begun.touch()
    time.sleep(10)
    ended.touch()


async def test_a_job_under_way_is_ended_and_the_wal_is_gone_before(tmp_path, monkeypatch):
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    close, wal, left = BallotPool.close, tmp_path / "m" / "meeting.sqlite-wal", []

    def watch(pool):
        left.append(wal.exists())
        close(pool)

    monkeypatch.setattr(BallotPool, "close", watch)
    async with open_room(Settings(new_folder(tmp_path / "m"))) as room:
        pool = room.pool
        job = asyncio.create_task(pool.run(long_job, begun, ended))
        while not begun.exists():
            await room.view()
        assert wal.exists()
    assert left == [False]
    for answer in (job, pool.run(time.time)):  # a pool that is closed starts no new workers
        with pytest.raises(UnavailableError) as caught:
            await answer
        assert caught.value.code == "worker-died"
    assert not ended.exists()
