"""The real server, killed in the middle of casts: what it acknowledged is counted.

The folder is brought to an open round by the services; then ``piaojue serve`` runs as a process,
kiosks cast at once, it is killed with SIGKILL, started again, and the meeting goes on to the
seal and the count with everything that was answered.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.support.server import hall, opened
from voting.protocol.archive import read_archive
from voting.protocol.ballot import tracker

ROOT = Path(__file__).parents[2]
LIFE = 30  # seconds that anything here may take on a slow machine


@pytest.fixture
def serve(tmp_path):
    """Start ``piaojue serve`` on the folder; give (process, url)."""
    running = []

    def serve():
        command = [sys.executable, "-m", "kiosk", "serve", tmp_path / "m", "--port", "0", "--json"]
        with (tmp_path / f"log{len(running)}").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log)
        running.append(process)
        ready = json.loads(process.stdout.readline())
        assert ready["invitations"] == {}  # a restart hands out nothing
        return process, ready["url"]

    yield serve
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


async def cast_all(url, tokens, path, bodies, answered):
    """Cast every ballot at once by two kiosks; note each tracker when its answer has come."""

    async def cast(token, body):
        headers = {"authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=LIFE) as client:
            try:
                response = await client.post(path, content=body)
            except httpx2.HTTPError:
                return
            assert response.status_code in (200, 201), response.text
            answered.append(response.json()["tracker"])

    await asyncio.gather(*(cast(tokens[i % 2], body) for i, body in enumerate(bodies)))


async def test_a_killed_server_loses_no_ballot_that_it_acknowledged(tmp_path, serve):
    async with hall("opened", tmp_path / "m") as h:
        slot, devices = h.slot, h.devices
        bodies = [await h.ballot(index) for index in range(6)]
    tokens = [devices.tokens[f"kiosk:{number}"] for number in (1, 2)]
    path, answered = f"/api/slots/{slot}/ballots", []

    process, url = serve()
    workers = children_of(process.pid)
    casts = asyncio.create_task(cast_all(url, tokens, path, bodies, answered))
    while len(answered) < 2:
        assert not casts.done()
        await asyncio.sleep(0.001)
    process.kill()
    await casts
    assert process.wait(LIFE) == -signal.SIGKILL
    before = list(answered)
    assert len(before) >= 2
    assert workers
    await asyncio.wait_for(ended(workers), LIFE)

    process, url = serve()
    async with httpx2.AsyncClient(base_url=url, timeout=LIFE) as observer:
        state = (await observer.get("/api/state")).json()
        assert state["rounds"][0]["state"] == "open"
    await cast_all(url, tokens, path, bodies, answered)  # the same bytes, also those answered
    assert set(before) <= set(answered)
    process.terminate()
    assert process.wait(LIFE) == 0
    assert (tmp_path / "log1").read_text() == ""  # no line of any cast, and an orderly stop
    assert not list((tmp_path / "m").glob("*-wal"))

    async with opened(tmp_path / "m", devices) as h:
        await h.seal(slot, 6)
        await h.count(slot)
        box = read_archive(await h.archive(slot, "final"))
        assert {tracker(one) for one in box.ballot_bytes()} == {tracker(one) for one in bodies}
        assert set(before) <= {tracker(one) for one in box.ballot_bytes()}


def children_of(pid):
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in tasks.read_text().split()]


async def ended(pids):
    """Wait until these processes run no more; a zombie that nobody reaps does not run."""

    def runs(pid):
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    while any(runs(pid) for pid in pids):  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def test_a_server_told_to_stop_answers_what_it_has_begun(tmp_path, serve):
    async with hall("opened", tmp_path / "m") as h:
        path, body = f"/api/slots/{h.slot}/ballots", await h.ballot(0)
        token = h.devices.tokens["kiosk:1"]
    process, url = serve()
    answered = []
    casting = asyncio.create_task(cast_all(url, [token, token], path, [body], answered))
    await asyncio.sleep(0.02)
    os.kill(process.pid, signal.SIGTERM)
    await casting

    assert process.wait(LIFE) == 0
    async with opened(tmp_path / "m", h.devices) as again, again.room.store.reading() as tx:
        assert set(answered) <= set(await tx.trackers(again.slot))
