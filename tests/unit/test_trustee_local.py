"""A trustee's device behind its page: the passphrase, the conversation, and going on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from kiosk.device import trustee_local
from kiosk.device.keys import DeviceKeys
from kiosk.device.trustee_local import TrusteeHolder, trustee_routes
from kiosk.server.api import http
from voting.errors import PiaojueError, RefusedError, UnavailableError, VerificationError
from voting.protocol import codec

PASSPHRASE = "four plain words here"


@dataclass
class Held:
    """A line that a key file opens; nothing is asked over it here."""

    server: str = "http://127.0.0.1:1"
    fingerprint: str | None = None
    silent: bool = False

    def open(self, keys: DeviceKeys, kind: str) -> tuple[str, str]:
        assert kind == "trustee"
        if self.silent:
            raise UnavailableError("server-silent")
        return "trustee:2", "trustee"


@dataclass
class Device:
    """In the place of ``TrusteeDevice``: does what a test says, in its thread."""

    scenes: list[Any]
    talk: Any = None
    indexes: list[int] = field(default_factory=list)

    def __call__(self, _client, _keys, talk, _rand, *, unattended):
        assert not unattended
        self.talk = talk
        return self

    def run(self, index: int) -> None:
        self.indexes.append(index)
        self.scenes.pop(0)(self.talk)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "key"
    DeviceKeys.create([path], PASSPHRASE)
    return path.read_bytes()


@pytest.fixture
def page(key, tmp_path, monkeypatch):
    """Give a page over a device that plays these scenes."""
    monkeypatch.setattr(trustee_local, "POLL", 0.3)
    monkeypatch.setattr(trustee_local, "_LOOK", 0.01)
    holders = []

    def give(*scenes: Any, files: bool = True, **held: Any) -> Page:
        monkeypatch.setattr(trustee_local, "TrusteeDevice", Device(list(scenes)))
        paths = [tmp_path / "a.key", tmp_path / "b.key"]
        for path in paths if files else ():
            path.write_bytes(key)
        holder = TrusteeHolder(Held(**held), paths)
        holders.append(holder)
        app = Starlette(
            routes=trustee_routes(holder), exception_handlers={PiaojueError: http.on_error}
        )
        transport = httpx2.ASGITransport(app)
        return Page(httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1"), paths)

    yield give
    for holder in holders:
        holder.close()


@dataclass
class Page:
    http: httpx2.AsyncClient
    paths: list[Any]

    async def get(self, path: str, status: int = 200) -> Any:
        response = await self.http.get(path)
        assert response.status_code == status, response.text
        return codec.decode_exact(response.content, "answer")

    async def post(self, path: str, value: object, status: int = 200) -> Any:
        response = await self.http.post(path, content=codec.encode(value))
        assert response.status_code == status, response.text
        return codec.decode_exact(response.content, "answer")

    async def asked(self, event: str) -> dict[str, Any]:
        """Wait for a question."""
        for _ in range(200):
            found = await self.get("/device/talk?after=0")
            if found["asking"] and found["asking"]["event"] == event:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(event)


async def test_the_state_names_the_media_and_which_are_missing(page):
    p = page()
    p.paths[1].unlink()

    state = await p.get("/device/state")

    assert state == {
        "enrolled": True,
        "unlocked": False,
        "account": None,
        "media": [str(path) for path in p.paths],
        "missing": [str(p.paths[1])],
        "over": False,
    }


async def test_a_conversation_from_the_passphrase_to_an_answer(page):
    said = []

    def scene(talk):
        talk.tell("ceremony", attempt=1, threshold=2, size=3)
        said.append(talk.ask("code", code="01234 56789"))
        talk.tell("rehearsed")

    p = page(scene)
    assert (await p.get("/device/talk?after=0", 409))["code"] == "locked"
    wrong = await p.post("/device/unlock", {"passphrase": "not this one"}, 409)
    assert wrong["code"] == "wrong-passphrase"

    state = await p.post("/device/unlock", {"passphrase": PASSPHRASE})
    assert (state["unlocked"], state["account"]) == (True, "trustee:2")
    found = await p.asked("code")
    assert [one["event"] for one in found["events"]] == ["enrolled", "ceremony", "code"]
    assert found["asking"] == found["events"][2]
    assert set(found["asking"]) == {"n", "event", "params"}

    assert await p.post("/device/talk", {"n": found["asking"]["n"], "answer": "yes"}) == {}
    later = await p.get(f"/device/talk?after={found['asking']['n']}")
    assert [one["event"] for one in later["events"]] == ["rehearsed"]
    assert later["asking"] is None
    assert said == ["yes"]


async def test_a_request_for_news_waits_and_then_says_that_there_are_none(page):
    p = page(lambda _talk: None)
    await p.post("/device/unlock", {"passphrase": PASSPHRASE})

    found = await p.get("/device/talk?after=1")

    assert found == {"events": [], "asking": None}


@pytest.mark.parametrize("error", [VerificationError("other-meeting"), KeyError("share")])
async def test_after_an_error_the_person_reads_it_and_goes_on(error, page):
    def breaks(_talk):
        raise error

    p = page(breaks, lambda talk: talk.tell("rehearsed"))
    await p.post("/device/unlock", {"passphrase": PASSPHRASE})

    found = await p.asked("stopped")
    code = "other-meeting" if isinstance(error, PiaojueError) else "internal"
    assert found["events"][-2]["params"]["code"] == code
    assert "share" not in str(found)
    await p.post("/device/talk", {"n": found["asking"]["n"], "answer": "yes"})

    later = await p.get(f"/device/talk?after={found['asking']['n']}")
    assert [one["event"] for one in later["events"]] == ["rehearsed"]


async def test_a_silent_server_leaves_the_device_locked_and_the_passphrase_is_asked_again(page):
    p = page(silent=True)

    assert (await p.post("/device/unlock", {"passphrase": PASSPHRASE}, 503))["code"] == (
        "server-silent"
    )

    assert (await p.get("/device/state"))["unlocked"] is False


async def test_a_first_start_writes_the_key_file_on_both_media(page, monkeypatch):
    used = []
    monkeypatch.setattr(DeviceKeys, "enrol", lambda _self, *args, **_: used.append(args[1]))
    p = page(lambda _talk: None, files=False)
    short = {"invitation": "ABCDE", "passphrase": "short"}
    assert (await p.post("/device/enrol", short, 409))["code"] == "passphrase-too-short"

    state = await p.post("/device/enrol", {"invitation": "ABCDE", "passphrase": PASSPHRASE})

    assert (state["enrolled"], state["unlocked"], state["missing"]) == (True, True, [])
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in p.paths)
    assert used == ["ABCDE"]


async def test_a_refused_invitation_leaves_nothing_unlocked(page, monkeypatch):
    def refuses(self, *_args, **_):
        self.file.destroy()
        raise RefusedError("invitation-unknown")

    monkeypatch.setattr(DeviceKeys, "enrol", refuses)
    p = page(files=False)

    refused = await p.post("/device/enrol", {"invitation": "X", "passphrase": PASSPHRASE}, 403)

    assert refused["code"] == "invitation-unknown"
    assert (await p.get("/device/state"))["enrolled"] is False


async def test_the_device_is_named_by_the_account_and_works_once(page):
    p = page(lambda talk: talk.ask("code", code="0"))
    await p.post("/device/unlock", {"passphrase": PASSPHRASE})
    await p.post("/device/unlock", {"passphrase": PASSPHRASE})
    await p.asked("code")

    assert trustee_local.TrusteeDevice.indexes == [2]


@pytest.mark.parametrize("after", ["-1", "x", "", "9999999999"])
async def test_a_number_that_is_none_is_refused(after, page):
    p = page(lambda _talk: None)
    await p.post("/device/unlock", {"passphrase": PASSPHRASE})

    assert (await p.get(f"/device/talk?after={after}", 400))["code"] == "malformed"
