"""``minutes.jsonl`` on a disk that fails: what was told stays, and what was damaged is kept."""

from __future__ import annotations

import contextlib
import json
import resource

import pytest

from kiosk import files
from kiosk.server.services import attendance, recorder
from tests.support.server import hall, opened
from voting.meeting import ledger, minutes


class RolledBackError(Exception):
    """Something went wrong after the line of minutes and before the commit."""


async def roll_back_a_leave(h, who):
    with contextlib.suppress(RolledBackError):
        async with h.room.turn() as turn:
            line = await turn.append("leave", attendance.presence(h.room, turn, who))
            attendance.write_minutes(h.room, turn, line)
            raise RolledBackError


async def verify(h):
    told = (h.room.folder / attendance.MINUTES).read_bytes().splitlines()
    minutes.verify_minutes(ledger.decode_ledger(await h.ledger()), told)


def damaged(folder):
    return sorted(path.name for path in folder.glob(f"{attendance.MINUTES}.*"))


async def test_a_full_disk_leaves_no_half_line_and_the_next_lines_live_on(tmp_path, monkeypatch):
    def append(path, data):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + len(data) // 2, hard))
        try:
            files.append(path, data)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    async with hall("attended", tmp_path / "m") as h:
        with monkeypatch.context() as full:
            full.setattr(attendance, "append", append)
            with pytest.raises(OSError, match="large"):
                await h.room_act("leave", "成员1")
        for who in ("成员1", "成员2"):
            await h.room_act("leave", who)
        await verify(h)
    async with opened(tmp_path / "m", h.devices) as h:
        await verify(h)


async def test_one_bad_line_takes_no_later_one_away_and_the_old_file_is_kept(tmp_path, caplog):
    async with hall("attended", tmp_path / "m") as h:
        path = h.room.folder / attendance.MINUTES
        good = path.read_bytes().splitlines(keepends=True)
    for number in (1, 2):
        glued = [good[0], good[1][:30] + good[2], *good[3:]]
        path.write_bytes(b"".join(glued))
        for _ in range(2):  # a second start finds nothing to drop
            async with opened(tmp_path / "m", h.devices):
                assert path.read_bytes() == b"".join([good[0], *good[3:]])
                assert len(damaged(path.parent)) == number
    aside = path.with_name("minutes.jsonl.damaged-2")
    assert damaged(path.parent) == ["minutes.jsonl.damaged-1", aside.name]
    assert (aside.read_bytes(), aside.stat().st_mode & 0o777) == (b"".join(glued), 0o600)
    assert "minutes.jsonl lacks lines of the ledger's named acts: 2" in caplog.text
    assert f"kept as {aside.name}" in caplog.text
    assert "成员" not in caplog.text


async def test_minutes_that_are_gone_are_told(tmp_path, caplog):
    async with hall("attended", tmp_path / "m") as h:
        (h.room.folder / attendance.MINUTES).unlink()
    async with opened(tmp_path / "m", h.devices):
        assert "minutes.jsonl lacks lines of the ledger's named acts: 6" in caplog.text


@pytest.mark.parametrize("then", ["leave", "recuse"])
async def test_an_act_that_was_rolled_back_is_not_listed_beside_the_one_that_took_its_place(
    tmp_path, then
):
    async with hall("attended", tmp_path / "m") as h:
        before = await recorder.listed(h.room, h.secretary)
        await roll_back_a_leave(h, "成员1")
        assert await recorder.listed(h.room, h.secretary) == before
        if then == "leave":
            await h.room_act("leave", "成员1")
        else:
            await attendance.recuse(h.room, h.secretary, "成员1", "i2")
        *old, new = await recorder.listed(h.room, h.secretary)
        assert (old, new["kind"], new["who"]) == (before, then, "成员1")
    async with opened(tmp_path / "m", h.devices) as h:
        await verify(h)
        path = tmp_path / "m" / attendance.MINUTES
        assert json.loads(path.read_bytes().splitlines()[-1])["kind"] == then
        assert damaged(path.parent) == []


async def test_a_correction_that_was_rolled_back_half_written_takes_nobody_away(tmp_path):
    """Its people are written again in another order, so a line may come before its place."""
    people = ["成员1", "成员2"]

    def wish(who):
        return {"leave": who, "attend": [], "present": [], "reason": "漏记"}

    async with hall("attended", tmp_path / "m") as h:
        path = h.room.folder / attendance.MINUTES
        before = path.read_bytes()
        await h.act("correct", wish(people))
        told = path.read_bytes()
    lines = told.removeprefix(before).splitlines(keepends=True)
    path.write_bytes(before + lines[1] + lines[0][:40] + b"\n" + b"".join(lines))
    async with opened(tmp_path / "m", h.devices) as h:
        assert path.read_bytes() == told
        await verify(h)
