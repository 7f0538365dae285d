"""A whole meeting on the services: names and secrets nowhere, indexes that refold, restarts."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from kiosk.server.services import attendance, ceremony, closing, counting
from tally.record.layout import note_text
from tally.record.pack import unpack
from tally.release import sign_destroy
from tests.support.forensics import order_in_file
from tests.support.meeting import seed_of, token_of
from tests.support.server import (
    Devices,
    hall,
    new_folder,
    opened,
    reach,
    refusal,
    unchanged,
)
from voting.crypto.group import ED25519
from voting.errors import RefusedError, UnavailableError
from voting.meeting import fold, ledger, minutes
from voting.protocol.archive import read_archive
from voting.protocol.ballot import tracker
from voting.protocol.credential import private_credential
from voting.protocol.note import sign_note
from voting.storage.schema import ballots, metadata

if TYPE_CHECKING:
    from pathlib import Path


async def second_paper(h):
    """Member 6 leaves the vote on i2; five vote, one of them after a device check."""
    slot = (await h.frozen())[0].slots[1]
    await attendance.recuse(h.room, h.secretary, "成员6", "i2")
    await h.ticket_act("withdraw", slot, 5)
    await h.open("i2")
    await h.spoil(1)
    await h.vote(0, 1, 2, 3, 4)
    return slot


async def destroy(h, index):
    caller = h.caller(f"trustee:{index}")
    act = await closing.destroy_act(h.room, caller)
    secrets, memory = h.devices.trustees[index - 1]
    meeting, _ = await h.frozen()
    memory, signature = sign_destroy(
        memory, secrets, meeting=meeting.raw, ledger=await h.ledger(), act=act
    )
    h.devices.trustees[index - 1] = secrets, memory
    await closing.destroy(h.room, caller, act, signature)


async def sign_record(h):
    for officer in ("chair", "secretary", "scrutineer-1", "scrutineer-2"):
        files = unpack(await closing.unsigned_record(h.room, h.caller(officer)))
        line = sign_note(note_text(files), officer, seed_of(officer)).line
        await closing.sign_note(h.room, h.caller(officer), line)


def acts():
    """Every step of a whole meeting, each a coroutine function of the hall."""
    for stage, before in (
        ("drafted", None),
        ("keyed", "drafted"),
        ("issued", "keyed"),
        ("attended", "issued"),
        ("opened", "attended"),
        ("voted", "opened"),
    ):
        yield stage, lambda h, stage=stage, before=before: reach(h, before, stage)

    first = lambda h: h.devices.slots[0]  # noqa: E731
    yield "second paper", second_paper
    yield "seal 1", lambda h: h.seal(first(h), 6)
    yield "seal 2", lambda h: h.seal(h.slot, 5)
    yield "count 1", lambda h: h.count(first(h))
    yield "count 2", lambda h: h.count(h.slot)
    yield "certify 1", lambda h: h.certify(first(h))
    yield "certify 2", lambda h: h.certify(h.slot)
    for index in (1, 3):
        yield f"destroy {index}", lambda h, index=index: destroy(h, index)
    yield "close", lambda h: h.act("close", {}, "secretary")
    yield "sign", sign_record


@dataclass(frozen=True)
class Told:
    """Everything that was logged and answered while a meeting was played."""

    folder: Path
    devices: Devices
    answers: list[bytes]
    log: list[logging.LogRecord]


_told: list[Told] = []


async def _play(folder):
    devices, answers, log = Devices(), [], []
    handler, root = logging.Handler(), logging.getLogger()
    handler.emit = log.append
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        async with opened(new_folder(folder), devices) as h:
            for name, act in acts():
                await act(h)
                if name in ("second paper", "close"):
                    answers += await everything_public(h)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    return Told(folder, devices, answers, log)


@pytest.fixture
async def finished(tmp_path, tmp_path_factory):
    """A meeting played to its record, once; every test gets a copy, and what was told."""
    if not _told:
        _told.append(await _play(tmp_path_factory.mktemp("whole") / "m"))
    shutil.copytree(_told[0].folder, tmp_path / "m")
    async with opened(tmp_path / "m", _told[0].devices.copy()) as h:
        yield h, _told[0]


async def everything_public(h):
    """What every kind of caller is told by every GET; an archive's files one by one."""
    paths = ["state", "meeting", "trustees", "ledger", "ceremony", "binding", "proposals"]
    paths += ["kiosk/papers", "destroy", "record/unsigned", "record.zip"]
    paths += [f"ceremony/1/{step}" for step in ("commit", "reveal", "shares", "answer", "trustees")]
    for slot in h.devices.slots:
        paths += [f"slots/{slot}/{one}" for one in ("election", "credentials", "checkpoint")]
        paths += [f"slots/{slot}/archive/{one}" for one in ("sealed", "final", "proofs")]
        paths += [f"slots/{slot}/outcome"]
    said = []
    for account in (None, "officer:secretary", "trustee:1", "kiosk:1"):
        async with h.client(account) as client:
            for path in paths:
                content = (await client.get(f"/api/{path}")).content
                said += unpack(content).values() if content[:2] == b"PK" else [content]
    return said


def secrets_of(h):
    """Every token and every private credential of every ticket, as it might be written."""
    meeting = h.room._view.meeting
    for series in meeting.series.values():
        for index in range(series.printed):
            token = token_of(series.id, index)
            yield str(token)
            for slot in meeting.slots:
                secret = private_credential(token, slot, ED25519)
                yield from (str(secret), f"{secret:064x}")


async def test_no_name_and_no_secret_is_in_the_database_an_answer_or_the_log(finished):
    h, told = finished
    public = {one.name for one in h.room.draft.officers} | set(h.room.draft.trustees)
    names = [one.label for one in h.room.draft.roll if one.label not in public]
    assert names == ["成员4", "成员5", "成员6", "成员7"]
    stored = [path.read_bytes() for path in h.room.folder.glob("meeting.sqlite*")]
    log = "\n".join(one.getMessage() for one in told.log).encode()
    assert b"HTTP Request: GET" in log  # of the test's own client: so the log was listened to

    for name in names:
        forms = [name.encode(), name.encode("unicode_escape"), name.encode("utf-16-le")]
        for place in (*stored, *told.answers, log):
            assert not any(form in place for form in forms)
    minutes = (h.room.folder / attendance.MINUTES).read_bytes()
    assert all(name.encode() in minutes for name in names[:3])
    everything = b"\n".join((*stored, *told.answers, log, minutes))
    for secret in secrets_of(h):
        assert secret.encode() not in everything
    for account, token in h.devices.tokens.items():
        assert token.encode() not in everything, account


async def test_nothing_is_logged_of_any_cast(finished):
    h, told = finished
    trackers = [row.tracker for slot in h.devices.slots for row in await rows_of(h, slot)]
    assert len(trackers) == 11
    servers = [
        one for one in told.log if not one.name.startswith(("httpx2", "httpcore2", "asyncio"))
    ]
    assert [one.getMessage() for one in servers] == ["room open at height 0"]


async def rows_of(h, slot):
    async with h.room.store.reading() as tx:
        return await tx.ballots(slot)


async def test_states_of_credentials_and_spoiled_trackers_are_the_ledgers(finished):
    h, _ = finished
    meeting, state = await h.frozen()
    refolded = fold.fold(meeting, ledger.decode_ledger(await h.ledger()))
    assert refolded == state
    async with h.room.store.reading() as tx:
        for slot in meeting.slots:
            expected = Counter()
            for row in await tx.credentials(slot):
                void = {"leftover": state.leftovers, "withdrawn": state.withdrawn}
                told = [name for name, by in void.items() if row.credential in by.get(slot, {})]
                assert [row.state] == (told or ["active"])
                expected[row.state] += 1
            assert expected["leftover"] == len(state.leftovers.get(slot, {}))
            spoiled = state.rounds[slot].spoiled if slot in state.rounds else frozenset()
            assert set(await tx.spoiled(slot)) == spoiled
    assert len(state.leftovers[h.devices.slots[0]]) == 3
    assert len(state.withdrawn[h.slot]) == 1


async def test_the_archive_of_the_trustees_is_the_box_that_was_sealed(finished):
    h, _ = finished
    _, state = await h.frozen()
    for slot in h.devices.slots:
        sealed, final = await h.archive(slot, "sealed"), await h.archive(slot, "final")
        stored = [row.body for row in await rows_of(h, slot)]
        assert list(read_archive(sealed).ballot_bytes()) == stored
        assert [tracker(one) for one in stored] == sorted(tracker(one) for one in stored)
        assert final.startswith(sealed)
        assert len(stored) == state.rounds[slot].returned


async def test_the_record_waits_for_every_signer_and_is_the_same_at_every_call(finished):
    h, _ = finished
    whole = await closing.record(h.room)
    h.room.record = None
    assert await closing.record(h.room) == whole
    assert set(unpack(whole)) > {"result.note", "ledger.jsonl", "result.json"}
    _, state = await h.frozen()
    assert state.missing == (2,)
    await refusal(h.act("close", {}, "secretary"), "closed")
    await refusal(h.room_act("leave", "成员1"), "closed")


def test_a_ballot_has_no_time_no_device_and_no_sequence():
    """The schema itself: nothing to remember an order or a kiosk by, and no default to add one."""
    columns = {column.name: str(column.type) for column in ballots.columns}
    assert columns == {"slot": "TEXT", "tracker": "TEXT", "credential": "TEXT", "body": "BLOB"}
    assert not any(c.default or c.server_default or c.onupdate for c in ballots.columns)
    for table in metadata.sorted_tables:
        times = (sa.DateTime, sa.Date, sa.Time, sa.TIMESTAMP)
        assert not any(isinstance(column.type, times) for column in table.columns)


@pytest.mark.parametrize("ending", ["seal", "void"])
@pytest.mark.parametrize("order", [(3, 0, 5, 1, 4, 2), (2, 5, 0, 4, 1, 3)])
async def test_after_a_round_s_end_the_service_has_forgotten_the_order_of_casting(
    tmp_path, order, ending
):
    async with hall("opened", tmp_path / "m") as h:
        for index in order:
            await h.cast(await h.ballot(index))
        bodies = [await h.ballot(index) for index in order]
        marks = [body[-90:-6] for body in bodies]  # the ballot's signature
        by_tracker = [body[-90:-6] for body in sorted(bodies, key=tracker)]
        assert by_tracker != marks
        if ending == "seal":
            await h.seal(h.slot, 6)
        else:  # while it is open
            wish = {"slot": h.slot, "reason": "断电", "pen": None}
            await h.act("void", wish, "chair", "scrutineer-2")

        wal = h.room.folder / "meeting.sqlite-wal"
        assert order_in_file(h.room.folder / "meeting.sqlite", marks) == by_tracker
        assert not wal.exists() or not any(mark in wal.read_bytes() for mark in marks)


async def test_a_reader_in_the_way_delays_the_forgetting_and_the_start_makes_up_for_it(
    tmp_path, monkeypatch, caplog
):
    async def busy(_self):
        raise UnavailableError("storage-busy")

    async with hall("voted", tmp_path / "m") as h:
        with monkeypatch.context() as held:
            held.setattr("voting.storage.Store.rewrite_after_seal", busy)
            await h.seal(h.slot, 6)  # the seal is durable, so its signer hears no error
        assert "order of casting is still in the files: storage-busy" in caplog.text
    done = []

    async def rewrite(self):
        done.append(self)

    monkeypatch.setattr("voting.storage.Store.rewrite_after_seal", rewrite)
    async with opened(tmp_path / "m", h.devices):
        assert len(done) == 1


# --- restarts -------------------------------------------------------------------------------------


async def test_a_server_that_starts_again_between_every_two_acts_reaches_the_record(
    tmp_path, storage_place
):
    folder, devices = new_folder(tmp_path / "m"), Devices()
    database = storage_place if "://" in storage_place else None
    for _, act in acts():
        async with opened(folder, devices, database) as h:
            await act(h)
    async with opened(folder, devices, database) as h:
        assert set(unpack(await closing.record(h.room))) > {"result.note"}
        told = (folder / attendance.MINUTES).read_bytes().splitlines()
        minutes.verify_minutes(ledger.decode_ledger(await h.ledger()), told)


async def test_minutes_without_an_act_are_dropped_at_the_start(tmp_path):
    async with hall("attended", tmp_path / "m") as h:
        path = h.room.folder / attendance.MINUTES
        good = path.read_bytes()
    lines = good.splitlines(keepends=True)
    other = lines[2].replace(b'"height":4', b'"height":8')
    assert other != lines[2]
    for torn in (
        good + other,  # the act was never durable
        good + lines[-1],  # the commit failed, and its height went to the same person again
        b"".join(lines[:3]) + other + b"".join(lines[3:]),
        good + other[:40],  # and the power went in the middle of the line
        good + b"\x00\xff\n",
        good + b'{"height":"x"}\n',
    ):
        path.write_bytes(torn)
        async with opened(tmp_path / "m", h.devices):
            assert path.read_bytes() == good
    path.write_bytes(good)
    before = path.stat().st_mtime_ns
    async with opened(tmp_path / "m", h.devices):
        assert path.stat().st_mtime_ns == before


async def test_another_server_key_is_noticed_at_the_start(tmp_path):
    async with hall("issued", tmp_path / "m") as h:
        pass
    (tmp_path / "m" / "server.key").write_bytes(bytes(32))
    with pytest.raises(RefusedError) as caught:
        async with opened(tmp_path / "m", h.devices):
            pass
    assert caught.value.code == "server-key-differs"


async def broken_turn(h):
    async with h.room.turn() as turn:
        await turn.append("room", {"item": "i2", "step": "introduced"})
        raise ZeroDivisionError


async def test_a_refused_act_leaves_the_fold_and_a_broken_commit_too(tmp_path, monkeypatch):
    async with hall("opened", tmp_path / "m") as h:
        folded = []
        real = fold.apply
        monkeypatch.setattr(fold, "apply", lambda *a: folded.append(a) or real(*a))
        await h.room.view()
        folded.clear()
        for _ in range(3):
            await refusal(h.room_act("return", "成员1"), "already-present")
            await refusal(h.cast((await h.sealed(40)).data), "credential-unknown")
        await h.room.view()
        assert len(folded) == 3  # the refused acts: nobody folds the whole ledger again
        await h.room_act("leave", "成员1")
        await h.room_act("return", "成员1")
        assert len(folded) == 5

        async with unchanged(h):
            with pytest.raises(ZeroDivisionError):
                await broken_turn(h)
            assert (await h.room.view()).height == h.room._view.height
        await h.discuss("i2")


async def test_the_view_can_be_asked_for_within_a_turn(tmp_path, storage_place):
    async with hall("opened", tmp_path / "m", storage_place) as h, h.room.turn() as turn:
        height = turn.view.height
        await turn.append("room", {"item": "i2", "step": "introduced"})
        assert turn.view.height == height + 1
        assert (await h.room.view()).height == height  # what is not committed is not seen


async def test_trustees_may_say_everything_again_after_a_lost_answer(tmp_path):
    async with hall("keyed", tmp_path / "m") as h:
        async with unchanged(h):
            for step in ("commit", "reveal", "shares", "answer", "trustees", "rehearsal-answer"):
                for index, body in (await ceremony.read(h.room, 1, step)).items():
                    await ceremony.post(h.room, h.caller(f"trustee:{index}"), 1, step, body)
            await refusal(
                ceremony.post(h.room, h.caller("trustee:1"), 1, "commit", b"other"),
                "message-exists",
            )
            await refusal(ceremony.restart(h.room, h.caller("trustee:1"), 1), "ceremony-over")
        await h.act("freeze", {})
        body = (await ceremony.read(h.room, 1, "commit"))["1"]
        doing = ceremony.post(h.room, h.caller("trustee:1"), 1, "commit", body)
        await refusal(doing, "ceremony-over")


async def test_a_destroy_act_is_of_its_trustee_on_the_head_and_of_now(tmp_path):
    async with hall("counted", tmp_path / "m") as h:
        caller = h.caller("trustee:1")
        await h.certify(h.slot)
        act = await closing.destroy_act(h.room, caller)
        doing = closing.destroy(h.room, h.caller("trustee:2"), act, "00" * 64)
        await refusal(doing, "not-your-role")
        h.clock.forward(121)
        await refusal(closing.destroy(h.room, caller, act, "00" * 64), "ledger-moved")
        await h.room_act("leave", "成员1")
        fresh = await closing.destroy_act(h.room, caller)
        await refusal(closing.destroy(h.room, caller, act, "00" * 64), "ledger-moved")
        await refusal(closing.destroy(h.room, caller, fresh, "00" * 64), "bad-signature")
        await destroy(h, 1)


async def test_a_clock_that_is_put_back_stops_nothing_and_dates_nothing_back(tmp_path):
    """A proposal does not outlive it, and an act has the later of the clock and the last act."""
    async with hall("counted", tmp_path / "m") as h:
        await h.room_act("leave", "成员1")
        last = ledger.decode_ledger(await h.ledger())[-1].act.at
        await h.propose("release", {"slot": h.slot})
        h.clock.forward(-3 * 86_400)
        await h.room_act("return", "成员1")
        await h.certify(h.slot)
        await destroy(h, 1)
        dated = [one.act.at for one in ledger.decode_ledger(await h.ledger()) if one.act.at]
        assert dated == sorted(dated)
        assert dated[-1] == last
        h.clock.forward(3 * 86_400 + 60)
        await destroy(h, 2)
        assert ledger.decode_ledger(await h.ledger())[-1].act.at > last


async def test_counting_again_changes_nothing_and_says_so(tmp_path):
    async with hall("counted", tmp_path / "m") as h, unchanged(h):
        await counting.count(h.room, h.slot)
        line = "— trustee:1 " + "A" * 91 + "="
        doing = counting.post_checkpoint(h.room, h.caller("trustee:1"), h.slot, line)
        await refusal(doing, "round-counted")
        doing = counting.post_factors(h.room, h.caller("trustee:3"), h.slot, b"{}", b"{}")
        await refusal(doing, "round-counted")
