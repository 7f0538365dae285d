"""A contest of three rounds on the real server, with the devices of trustees and officers.

A tie first, then a seat that is left, then the end: each round is proposed by the rule, the counts
of all wait for the last, and no honest device ends the meeting before.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.device.client import Client
from kiosk.device.ending import Ending
from kiosk.device.officer import OfficerDevice
from kiosk.server.services import casting, contests, rounds
from kiosk.server.services.facts import gather
from kiosk.server.services.overview import overview_of
from tests.support.ballots import scalar, seed
from tests.support.contests import CONTESTED
from tests.support.meeting import seed_of, token_of
from tests.support.server import Devices, new_folder, opened, reach, refusal
from tests.support.serving import serving_hall
from voting.crypto.group import ED25519
from voting.errors import PiaojueError, UnavailableError
from voting.meeting.marks import choices_of
from voting.protocol.ballot import seal_ballot
from voting.protocol.credential import private_credential
from voting.protocol.election import decode_election
from voting.rules.shapes import Standing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.server import Hall

ONLY = CONTESTED.replace("spoil-quota = 1", "spoil-quota = 0")
ONLY = ONLY[: ONLY.index('[[items]]\nid = "i2"')] + ONLY[ONLY.index("[[series]]") :]
"""Two seats for four names, and nothing else; seven are due, six come."""
TIED = [["c1", "c2"], ["c1", "c2"], ["c2", "c3"], ["c2", "c3"], ["c1", "c3"], ["c1", "c3"]]
"""Three names have four of seven each, for two seats."""
TIE = Standing(("c1", "c2", "c3"), 2, "tie", 1)
LEFT = [["c1", "c2"]] * 3 + [["c1", "c3"]] * 3
"""The first name is in; the others have three of seven."""
OPEN = Standing(("c2", "c3"), 1, "open", 2)
LAST = [["c2"]] * 5 + [["blank"]]


async def play(h: Hall, chosen: list[list[str]]) -> str:
    """Hold a round from its preparation to its last signature."""
    slot = await h.open("i1")
    meeting, state = await h.frozen()
    election = decode_election(await casting.election_of(h.room, slot))
    for index, names in enumerate(chosen):
        sealed = seal_ballot(
            election,
            private_credential(token_of("A", index), slot, ED25519),
            choices_of(meeting, ["i1"], {"i1": {"": names}}, state.rounds[slot].standings),
            seed=seed(300 * len(state.rounds) + index),
            signature_nonce=scalar(8000 + 300 * len(state.rounds) + index),
        )
        await h.cast(sealed.data, slot)
    await h.seal(slot, len(chosen))
    await h.count(slot)
    await h.certify(slot)
    return slot


_stages: dict[str, tuple[Path, Devices]] = {}


async def _played(folder: Path, stage: str) -> tuple[Path, Devices]:
    """The meeting after a round, played once and copied."""
    order = ("seated", "tied", "left", "last")
    if stage not in _stages:
        if stage == order[0]:
            at, devices = new_folder(folder / stage, ONLY), Devices()
        else:
            before, earlier = await _played(folder, order[order.index(stage) - 1])
            at, devices = folder / stage, earlier.copy()
            shutil.copytree(before, at)
        async with opened(at, devices) as h:
            if stage == order[0]:
                await reach(h, None, "attended")
            else:
                await play(h, {"tied": TIED, "left": LEFT, "last": LAST}[stage])
        _stages[stage] = at, devices
    return _stages[stage]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    yield tmp_path_factory.mktemp("contest")
    _stages.clear()


@pytest.fixture
def after(kept, tmp_path):
    """Open a copy of the meeting as it stands after a round."""

    def there(stage: str) -> Any:
        return _Copy(kept, tmp_path / stage, stage)

    return there


class _Copy:
    """``async with`` of a hall on a copy of a stage."""

    def __init__(self, kept: Path, folder: Path, stage: str) -> None:
        self.kept, self.folder, self.stage = kept, folder, stage

    async def __aenter__(self) -> Hall:
        source, devices = await _played(self.kept, self.stage)
        shutil.copytree(source, self.folder)
        self.inner = opened(self.folder, devices.copy())
        return await self.inner.__aenter__()

    async def __aexit__(self, *error: Any) -> None:
        await self.inner.__aexit__(*error)


async def following(h: Hall) -> dict[str, Standing]:
    meeting, state = await h.frozen()
    async with h.room.store.reading() as tx:
        return await contests.following_now(h.room, tx, meeting, state)


async def told(h: Hall) -> dict[str, Any]:
    return overview_of(await gather(h.room))


def step(overview, name, slot=None):
    (found,) = [one for one in overview["steps"] if (one["id"], one["slot"]) == (name, slot)]
    return found


async def release(h: Hall, slot: str, **more: Any) -> None:
    await h.act("release", {"slot": slot, **more})


async def test_a_tie_is_voted_again_then_the_seat_that_is_left_and_no_round_is_overwritten(after):
    async with after("last") as h:
        _, state = await h.frozen()
        held = list(state.rounds.values())
        assert [one.number for one in held] == [1, 2, 3]
        assert [one.standings.get("i1") for one in held] == [None, TIE, OPEN]
        assert {str(one.state) for one in held} == {"certified"}
        archives = {await h.archive(one.slot, "final") for one in held}
        assert len(archives) == 3
        assert await following(h) == {}


async def test_after_each_round_the_next_is_a_paper_with_who_stands_by_the_rule(after):
    for stage, standing in (("tied", TIE), ("left", OPEN)):
        async with after(stage) as h:
            assert await following(h) == {"i1": standing}
            (paper,) = (await told(h))["papers"]
            asked = paper["contests"]["i1"]
            assert (asked["why"], asked["seats"]) == (standing.why, standing.seats)
            assert len(asked["names"]) == len(standing.names)


async def test_counts_of_every_round_wait_for_the_last(after):
    async with after("left") as h:
        first, second = h.devices.slots
        for slot in (first, second):
            await refusal(release(h, slot), "release-early")
        overview = await told(h)
        assert [one["following"] for one in overview["rounds"]] == [["i1"], ["i1"]]
        waiting = step(overview, "release", second)
        assert (waiting["state"], waiting["ready"]) == ("now", False)
        assert [one["word"] for one in waiting["missing"]] == ["desk.missing.next-round"]

        await h.open("i1")
        await refusal(release(h, first, last=True), "release-early")  # the ledger's own guard
        overview = await told(h)
        words = [one["word"] for one in step(overview, "release", first)["missing"]]
        assert words == ["desk.missing.round-held"]
    async with after("last") as h:
        for slot in h.devices.slots:
            await release(h, slot)
        _, state = await h.frozen()
        assert all(one.released for one in state.rounds.values())


async def test_the_meeting_neither_ends_nor_is_closed_while_a_round_is_to_come(after):
    async with after("tied") as h:
        overview = await told(h)
        assert step(overview, "destroy")["state"] == step(overview, "close")["state"] == "later"
        await refusal(h.propose("close", {}), "contest-unfinished")


async def test_who_says_that_it_was_the_last_round_leaves_the_seat_open_and_may_close(after):
    async with after("left") as h:
        first, second = h.devices.slots
        await release(h, second, last=True)
        assert await following(h) == {}
        overview = await told(h)
        assert overview["papers"] == []
        assert step(overview, "destroy")["state"] == "now"
        assert step(overview, "close")["ready"]
        await refusal(h.prepare("i1"), "item-voted")
        await release(h, first)
        await h.act("close", {}, "secretary")


async def test_only_what_is_plainly_true_gives_a_round_up(after):
    async with after("left") as h:
        for said in (False, "true", 1):
            with pytest.raises(PiaojueError):
                await release(h, h.slot, last=said)
        _, state = await h.frozen()
        assert not any(one.released for one in state.rounds.values())


# --- officers' and trustees' devices --------------------------------------------------------------


class Person:
    """Who is asked nothing that he could agree to."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def offer(self, event: str, **_params: object) -> None:
        self.asked.append(event)

    def answered(self) -> None:
        return None

    def withdraw(self) -> None:
        self.asked.append("taken back")


@contextmanager
def line(s, account):
    client = Client(s.url, s.hall.devices.tokens[account])
    try:
        yield client
    finally:
        client.close()


@contextmanager
def officer(s, name):
    with line(s, f"officer:{name}") as client:
        yield OfficerDevice(client, name, seed_of(name))


def wrong_in(monkeypatch, standing):
    """From now on the server takes this for who stands next."""

    async def otherwise(*_given: object) -> dict[str, Standing]:
        return {"i1": standing}

    monkeypatch.setattr(contests, "following_now", otherwise)


@pytest.mark.parametrize(
    "standing",
    [
        pytest.param(Standing(("c1", "c2", "c4"), 2, "tie", 1), id="somebody else"),
        pytest.param(Standing(("c1", "c2"), 2, "tie", 1), id="one too few"),
        pytest.param(Standing(("c1", "c2", "c3"), 1, "tie", 1), id="a seat too few"),
        pytest.param(Standing(("c1", "c2", "c3"), 2, "open", 2), id="as if seats were left"),
    ],
)
def test_an_officer_s_device_refuses_who_stands_otherwise_than_by_the_rule(
    after, monkeypatch, standing
):
    with serving_hall(lambda: after("tied")) as s:
        wrong_in(monkeypatch, standing)

        async def prepare(h):
            await h.prepare("i1")
            await h.acknowledge()
            await h.propose("open", {})

        s.do(prepare)
        for name in ("secretary", "scrutineer-1"):
            with officer(s, name) as device:
                act, _, _, frozen = device.pending()
                with pytest.raises(PiaojueError) as caught:
                    device.review(act, frozen, "zh")
                assert caught.value.code == "standing-mismatch"
                with pytest.raises(PiaojueError):
                    device.sign()


def test_an_officer_s_device_reads_who_stands_and_what_is_given_up(after):
    with serving_hall(lambda: after("left")) as s, officer(s, "secretary") as device:
        assert device.following() == {"i1": OPEN}
        s.do(lambda h: h.propose("release", {"slot": h.slot, "last": True}))
        act, _, _, frozen = device.pending()
        assert "按规则还有下一轮" in device.review(act, frozen, "zh")


@pytest.mark.parametrize("unattended", [True, False])
def test_a_trustee_keeps_his_share_until_the_last_round_is_held_or_given_up(
    after, unattended, tmp_path
):
    with serving_hall(lambda: after("left")) as s, line(s, "trustee:1") as client:
        person = Person()
        files: Any = type("Files", (), {"paths": (tmp_path,)})
        ending = Ending(client, files, person, None, unattended)  # type: ignore[arg-type]
        assert not ending.may_end(*s.do(lambda h: h.frozen()))
        assert person.asked == []

        s.do(lambda h: release(h, h.slot, last=True))
        assert ending.may_end(*s.do(lambda h: h.frozen())) is unattended
        assert person.asked == ([] if unattended else ["destroy"])


async def test_the_prepared_round_says_to_every_device_who_stands(after):
    async with after("tied") as h:
        await h.prepare("i1")
        bound = rounds.current_binding(h.room, await h.room.view())
        async with h.client("trustee:1") as client:
            answer = json.loads((await client.get("/api/binding")).content)
        assert answer["standings"] == {"i1": TIE.to_json()}
        assert answer["election"] == bound.election.decode()


# --- a box is read once, and nobody waits for it within a transaction -----------------------------


class Busy:
    """A pool whose workers are taken until the test lets them go."""

    def __init__(self, inner):
        self.inner, self.asked, self.free = inner, [], asyncio.Event()

    async def run(self, work, *args, **kwargs):
        self.asked.append(work.__name__)
        await self.free.wait()
        return await self.inner.run(work, *args, **kwargs)


@pytest.mark.parametrize("who", ["hall", "overview", "outcome", "prepare", "release", "certify"])
async def test_a_box_is_read_once_and_nobody_holds_a_connection_or_the_turn_meanwhile(after, who):
    async with after("tied") as h:
        slot, busy = h.slot, Busy(h.room.pool)
        h.room.pool = busy
        wish = {"slot": slot, "officer": "chair", "pen": None}

        async def ask():
            if who == "prepare":
                await rounds.prepare(h.room, h.secretary, ["i1"], ["A"])
            elif who in ("release", "certify"):
                await h.propose(who, wish if who == "certify" else {"slot": slot})
            else:
                path = f"/api/slots/{slot}/outcome" if who == "outcome" else f"/api/{who}"
                async with h.client("officer:chair") as client:
                    return (await client.get(path)).raise_for_status()
            return None

        asking = [asyncio.create_task(ask()) for _ in range(20)]
        pool = h.room.store._engine.pool
        async with asyncio.timeout(20):  # they come to the worker, and leave what they held
            while not busy.asked or pool.checkedout() or h.room._lock.locked():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        asking[0].cancel()  # who began it goes away
        await asyncio.sleep(0)
        busy.free.set()
        answers = await asyncio.gather(*asking[1:], return_exceptions=True)

        assert busy.asked == ["opened_of"]
        if who in ("hall", "overview", "outcome"):
            assert all(one.status_code == 200 for one in answers)
        else:
            assert all(one is None or isinstance(one, PiaojueError) for one in answers)


async def test_a_box_that_could_not_be_read_is_read_when_it_is_asked_for_again(after):
    async with after("tied") as h:
        inner, fail = h.room.pool, [True]

        class Dying:
            async def run(self, work, *args):
                if fail:
                    raise UnavailableError("worker-died")
                return await inner.run(work, *args)

        h.room.pool = Dying()
        await refusal(contests.box(h.room, h.slot), "worker-died")
        fail.clear()
        assert (await contests.box(h.room, h.slot)).totals
