"""What the console's page may ask of an officer's device: nothing is signed that was not shown."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from starlette.applications import Starlette

from kiosk.device import officer_local
from kiosk.device.keys import DeviceKeys
from kiosk.device.officer import OfficerDevice
from kiosk.device.officer_local import OfficerHolder
from kiosk.device.officer_routes import officer_routes
from kiosk.device.seen import OfficerKeys, Seen
from kiosk.server.api import http
from tally.record.pack import pack
from tests.support.meeting import Simulation, seed_of
from tests.support.record import closed_meeting, closed_record
from tests.support.trustees import refuses
from tests.unit.test_officer_device import Server
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError, RefusedError, UnavailableError, VerificationError
from voting.meeting.ledger import encode_act
from voting.meeting.slips import decode_public_parts
from voting.protocol import codec

if TYPE_CHECKING:
    from pathlib import Path

PASSPHRASE = "four plain words here"


@dataclass
class Held(Server):
    """The simulated server, behind a line that a key file opens."""

    officer: str = "secretary"
    server: str = "http://127.0.0.1:1"
    fingerprint: str | None = None
    token: str | None = None

    def open(self, keys: DeviceKeys, kind: str) -> tuple[str, str]:
        assert kind == "officer"
        self.token = keys.token
        return f"officer:{self.officer}", self.officer.partition("-")[0]

    def close(self) -> None:
        self.token = None

    def get_bytes(self, path: str) -> bytes:
        if self.token is None:
            raise RefusedError("locked")
        return super().get_bytes(path)


@dataclass
class Page:
    """The page's requests."""

    holder: OfficerHolder
    http: httpx2.AsyncClient

    async def get(self, path: str, status: int = 200) -> Any:
        return self._read(await self.http.get(path), status)

    async def post(self, path: str, value: object, status: int = 200) -> Any:
        return self._read(await self.http.post(path, content=codec.encode(value)), status)

    async def pending(self, lang: str = "zh") -> Any:
        while (found := await self.get(f"/device/pending?lang={lang}")) and found["mine"]:
            if found["text"] or found["problem"]:
                break
        return found

    @staticmethod
    def _read(response: httpx2.Response, status: int) -> Any:
        assert response.status_code == status, response.text
        return codec.decode_exact(response.content, "answer")


def page_of(holder: OfficerHolder) -> Page:
    app = Starlette(routes=officer_routes(holder), exception_handlers={PiaojueError: http.on_error})
    transport = httpx2.ASGITransport(app)
    return Page(holder, httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1"))


def keyfile(path: Path, officer: str, *, pen: bool = False) -> Path:
    DeviceKeys.create([path], PASSPHRASE, OfficerKeys(None if pen else seed_of(officer)).encode())
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return {
        "secretary": keyfile(folder / "secretary", "secretary"),
        "scrutineer-1": keyfile(folder / "scrutineer-1", "scrutineer-1"),
        "recorder": keyfile(folder / "recorder", "recorder", pen=True),
    }


@pytest.fixture
def unlocked(made, tmp_path):
    """Open an officer's device over a simulation."""

    def give(sim: Simulation, officer: str = "secretary", **server: Any) -> tuple[Page, Held]:
        path = tmp_path / officer
        path.write_bytes(made[officer].read_bytes())
        held = Held(sim, officer=officer, **server)
        page = page_of(OfficerHolder(held, path))
        page.holder.unlock(PASSPHRASE)
        return page, held

    return give


@pytest.fixture
def open_sim() -> Simulation:
    sim = Simulation.fresh()
    sim.sign_in(6)
    sim.prepare(["i1"])
    return sim


def opening(sim: Simulation):
    return sim.propose("open", **sim.open_body(["i1"]))


def digest_of(act) -> str:
    return sha256_hex(encode_act(act))


# The key file


async def test_the_page_learns_whose_device_it_is_only_when_it_is_open(made, tmp_path):
    path = tmp_path / "key"
    held = Held(Simulation.fresh())
    page = page_of(OfficerHolder(held, path))
    closed = {"enrolled": False, "unlocked": False, "account": None, "key_code": None}
    assert await page.get("/device/state") == closed

    path.write_bytes(made["secretary"].read_bytes())
    refused = await page.post("/device/unlock", {"passphrase": "something else"}, 409)
    assert refused["code"] == "wrong-passphrase"
    opened = await page.post("/device/unlock", {"passphrase": PASSPHRASE})

    assert (opened["unlocked"], opened["account"]) == (True, "officer:secretary")
    assert len(opened["key_code"]) == 19
    assert await page.post("/device/lock", {}) == {**closed, "enrolled": True}
    assert held.token is None


async def test_a_first_start_makes_the_key_here_and_sends_only_its_public_half(
    tmp_path, monkeypatch
):
    sent = []
    monkeypatch.setattr(DeviceKeys, "enrol", lambda _self, *args, **_: sent.append(args))
    path = tmp_path / "key"
    page = page_of(OfficerHolder(Held(Simulation.fresh()), path))
    given = {"invitation": "ABCDE", "passphrase": PASSPHRASE, "pen": False}

    state = await page.post("/device/enrol", given)

    ((_, invitation, public),) = sent
    assert (state["enrolled"], state["unlocked"], invitation) == (True, True, "ABCDE")
    held = OfficerKeys.decode(DeviceKeys.open([path], PASSPHRASE).held)
    assert held.seed is not None
    assert held.seed.hex() != public


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/device/pending", None),
        ("post", "/device/propose", {"kind": "close", "body": {}}),
        ("post", "/device/withdraw", {"act": "0" * 64}),
        ("post", "/device/sign", {"act": "0" * 64}),
        ("get", "/device/record", None),
        ("post", "/device/record/sign", {}),
        ("post", "/device/tickets", {"passphrase": None}),
    ],
)
async def test_nothing_is_done_while_the_key_file_is_closed(method, path, body, tmp_path):
    page = page_of(OfficerHolder(Held(Simulation.fresh()), tmp_path / "key"))

    refused = await (page.get(path, 409) if body is None else page.post(path, body, 409))

    assert refused == {"code": "locked", "params": {}}


# Signing


async def test_what_was_shown_is_signed_and_shown_in_either_language(unlocked, open_sim):
    page, server = unlocked(open_sim)
    assert await page.get("/device/pending") is None
    server.act = opening(open_sim)

    shown = await page.pending()
    english = await page.pending("en")
    assert set(shown) == {"act", "kind", "text", "places", "signed", "mine", "problem"}
    assert (shown["act"], shown["kind"], shown["mine"]) == (digest_of(server.act), "open", True)
    assert open_sim.meeting.items["i1"].question in shown["text"]
    assert english["text"].startswith("Open round 1")

    assert await page.post("/device/sign", {"act": shown["act"]}) == {"complete": False}
    assert [value["act"] for value in server.posted] == [shown["act"]]


async def test_what_is_proposed_and_withdrawn_here_goes_through_the_device(unlocked, open_sim):
    """Of a reading the server is sent no text; 1,500 of them fit."""
    page, server = unlocked(open_sim)
    one = {"item": "i1", "ask": "", "text": "一二三四五六七八九十一二", "as": "written"}
    body = {"slot": open_sim.slot, "entries": [one] * 1_500}

    await page.post("/device/propose", {"kind": "no-objection", "body": {"slot": open_sim.slot}})
    await page.post("/device/propose", {"kind": "reading", "body": body})
    act = server.act = opening(open_sim)
    refused = await page.post("/device/withdraw", {"act": "0" * 64}, 409)
    assert (refused["code"], server.act) == ("no-proposal", act)
    await page.post("/device/withdraw", {"act": digest_of(act)})

    first, second = server.posted
    assert first == {"kind": "no-objection", "body": {"slot": open_sim.slot}}
    assert second["body"] == {"slot": open_sim.slot, "read": ["written"] * 1_500}
    assert server.act is None


async def test_an_act_that_was_not_shown_is_not_signed(unlocked, open_sim):
    page, server = unlocked(open_sim)
    server.act = opening(open_sim)

    refused = await page.post("/device/sign", {"act": digest_of(server.act)}, 409)

    assert refused["code"] == "act-not-shown"
    assert server.posted == []


async def test_an_act_put_in_the_place_of_the_shown_one_is_not_signed(unlocked, open_sim):
    page, server = unlocked(open_sim)
    server.act = opening(open_sim)
    shown = await page.pending()
    other = open_sim.propose("void-series", series="A", reason="x")
    server.act = other

    refused = await page.post("/device/sign", {"act": digest_of(other)}, 409)
    assert refused["code"] == "act-not-shown"
    await page.pending()
    refused = await page.post("/device/sign", {"act": shown["act"]}, 409)

    assert refused["code"] == "act-not-shown"
    assert server.posted == []


async def test_an_act_that_does_not_follow_is_shown_as_a_problem_and_not_signed(unlocked, open_sim):
    page, server = unlocked(open_sim)
    body = open_sim.open_body(["i1"])
    server.act = open_sim.propose("open", **{**body, "active": body["active"] - 1})

    shown = await page.pending()

    assert shown["text"] is None
    assert shown["problem"]["code"]
    refused = await page.post("/device/sign", {"act": shown["act"]}, 409)
    assert refused["code"] == "act-not-shown"


async def test_who_is_not_asked_sees_that_something_waits_and_can_sign_nothing(unlocked, open_sim):
    page, server = unlocked(open_sim, "recorder")
    server.act = opening(open_sim)

    # A pen-signing recorder has no key in this meeting's officers either.
    shown = await page.get("/device/pending")

    assert (shown["mine"], shown["text"]) == (False, None)


async def test_while_a_box_is_being_verified_the_page_is_told_so(unlocked, open_sim, monkeypatch):
    """A certified box may take a minute; the page asks again."""
    monkeypatch.setattr(officer_local, "SOON", 0.01)
    going = threading.Event()
    review = OfficerDevice.review
    monkeypatch.setattr(OfficerDevice, "review", lambda *args: (going.wait(10), review(*args))[1])
    page, server = unlocked(open_sim)
    server.act = opening(open_sim)

    early = await page.get("/device/pending")
    assert (early["mine"], early["text"], early["problem"]) == (True, None, None)
    refused = page.post("/device/sign", {"act": early["act"]}, 409)
    going.set()
    assert (await refused)["code"] == "act-not-shown"  # not even when it is ready meanwhile

    assert (await page.pending())["text"]


async def test_a_review_that_comes_after_the_next_one_s_takes_nothing_from_it(
    unlocked, open_sim, monkeypatch
):
    """A lock is handed over in any order: a withdrawn act, reviewed late, once barred the next."""
    started: list[threading.Thread] = []
    monkeypatch.setattr(officer_local, "SOON", 0.01)
    monkeypatch.setattr(threading.Thread, "start", lambda one: started.append(one))
    page, server = unlocked(open_sim)
    holder = page.holder
    server.act = opening(open_sim)
    holder.pending("zh")
    act = server.act = open_sim.propose("void-series", series="A", reason="x")
    holder.pending("zh")
    monkeypatch.undo()
    withdrawn, waits = started

    waits.run()
    withdrawn.run()

    shown = holder.pending("zh")
    assert (shown["act"], bool(shown["text"])) == (digest_of(act), True)
    assert holder.sign(digest_of(act)) is False
    assert len(server.posted) == 1


async def test_a_silent_server_during_a_review_is_asked_again(unlocked, open_sim, monkeypatch):
    calls = []
    refresh = OfficerDevice.refresh

    def once_silent(device):
        calls.append(1)
        if len(calls) == 1:
            raise UnavailableError("server-silent")
        return refresh(device)

    page, server = unlocked(open_sim)
    server.act = opening(open_sim)
    monkeypatch.setattr(OfficerDevice, "refresh", once_silent)

    assert (await page.pending())["text"]


# What was seen before


def test_a_device_started_again_refuses_another_ledger_than_it_saw(open_sim):
    kept: list[Seen] = []
    first = OfficerDevice(Server(open_sim), "secretary", seed_of("secretary"), keep=kept.append)
    first.refresh()
    assert (kept[-1].height, kept[-1].head) == (open_sim.state.height, open_sim.state.head)

    shorter = replace_lines(open_sim, open_sim.lines[:-1])
    again = OfficerDevice(Server(shorter), "secretary", seed_of("secretary"), seen=kept[-1])

    refuses(VerificationError, "ledger-rewritten", again.refresh)
    on = OfficerDevice(Server(open_sim), "secretary", seed_of("secretary"), seen=kept[-1])
    assert on.refresh().height == open_sim.state.height


def replace_lines(sim, lines):
    other = Simulation.fresh()
    other.lines = list(lines)
    return other


def test_a_device_started_again_refuses_another_meeting_than_it_saw(open_sim):
    seen = Seen("ab" * 32)
    device = OfficerDevice(Server(open_sim), "secretary", seed_of("secretary"), seen=seen)

    refuses(VerificationError, "other-meeting", device.refresh)


async def test_what_was_seen_lies_in_the_key_file_before_anything_is_signed(
    unlocked, open_sim, tmp_path
):
    page, server = unlocked(open_sim)
    server.act = opening(open_sim)

    await page.pending()

    held = OfficerKeys.decode(DeviceKeys.open([tmp_path / "secretary"], PASSPHRASE).held)
    assert (held.seen.height, held.seen.head) == (open_sim.state.height, open_sim.state.head)
    assert held.seen.meeting == open_sim.meeting.fingerprint
    assert held.seed == seed_of("secretary")


# The record


async def test_the_record_is_verified_and_signed_on_the_device(unlocked):
    unsigned = {path: data for path, data in closed_record().items() if path != "result.note"}
    page, server = unlocked(closed_meeting().sim, files={"/api/record/unsigned": pack(unsigned)})

    assert await page.get("/device/record") is None
    assert await page.post("/device/record/sign", {}) == {}
    assert server.posted[0]["line"] in closed_record()["result.note"].decode()


async def test_a_record_that_is_not_what_was_followed_is_a_problem_and_not_signed(unlocked):
    files = {**closed_record(), "ledger.jsonl": closed_record()["ledger.jsonl"] + b"\n"}
    page, server = unlocked(closed_meeting().sim, files={"/api/record/unsigned": pack(files)})

    assert (await page.get("/device/record"))["code"] == "other-ledger"
    assert (await page.post("/device/record/sign", {}, 422))["code"] == "other-ledger"
    assert server.posted == []


# Tickets


@dataclass
class Taking(Held):
    """Takes tickets in, as the server does."""

    answer_lost: bool = False
    other: bool = False

    def post_bytes(self, path: str, body: bytes) -> Any:
        super().post_bytes(path, body)
        parts = decode_public_parts(body)
        issue = parts.issue_body(made=self.sim.meeting.mode.tickets)
        if self.other:
            issue = self.sim.issue_body()
        self.sim.act("issue", **issue)
        if self.answer_lost:
            raise UnavailableError("server-silent")
        return {}


@pytest.fixture
def issuing(made, tmp_path):
    def give(officer: str = "secretary", **changes: Any) -> tuple[Page, Taking]:
        sim = Simulation(issued=False)
        sim.act("freeze", meeting=sim.meeting.fingerprint)
        path = tmp_path / officer
        path.write_bytes(made[officer].read_bytes())
        held = Taking(sim, officer=officer, **changes)
        page = page_of(OfficerHolder(held, path))
        page.holder.unlock(PASSPHRASE)
        return page, held

    return give


@pytest.mark.parametrize("lost", [False, True])
async def test_tickets_are_made_here_and_only_their_public_parts_leave(lost, issuing, tmp_path):
    page, server = issuing(answer_lost=lost)
    before = set(tmp_path.iterdir())

    made = await page.http.post("/device/tickets", content=codec.encode({"passphrase": PASSPHRASE}))

    assert made.status_code == 200
    assert made.content.startswith(b"%PDF")
    assert len(server.posted) == 1
    assert set(tmp_path.iterdir()) == before
    again = await page.post("/device/tickets", {"passphrase": None}, 409)
    assert again["code"] == "already-issued"


async def test_tickets_that_the_server_put_in_the_place_of_ours_are_not_printed(issuing):
    page, _ = issuing(other=True)

    found = await page.post("/device/tickets", {"passphrase": None}, 422)

    assert found["code"] == "issued-otherwise"


async def test_only_the_secretary_makes_tickets_and_a_wrong_passphrase_makes_none(issuing):
    page, server = issuing("scrutineer-1")
    assert (await page.post("/device/tickets", {"passphrase": None}, 403))[
        "code"
    ] == "not-your-role"
    assert server.posted == []

    page, server = issuing()
    refused = await page.post("/device/tickets", {"passphrase": "another one"}, 409)
    assert refused["code"] == "wrong-passphrase"
    assert server.posted == []


def test_seen_keys_come_back_as_they_were_kept():
    held = OfficerKeys(seed_of("x"), Seen("ab" * 32, 7, "cd" * 32))

    assert OfficerKeys.decode(held.encode()) == held
    pen = replace(held, seed=None)
    assert OfficerKeys.decode(pen.encode()) == pen
