"""What every answer is like: codes without text, headers, limits, no trace of what was sent."""

from __future__ import annotations

import asyncio
import json
import logging

import httpx2
import pytest

from kiosk.server.api import http
from kiosk.server.security import HEADERS
from kiosk.server.services import casting, proposals, rounds
from tests.support.server import hall, ticket_json, tickets, unchanged
from voting.errors import ConflictError, FaultyTrusteeError, RefusedError, UnavailableError
from voting.protocol.ballot import size_limit, tracker
from voting.protocol.election import decode_election


def body_of(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def is_error(response, status, code):
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert list(response.json()) == ["code", "params"]
    assert response.headers["content-type"] == "application/json"
    return response.json()["params"]


async def test_a_ballot_over_the_limit_of_its_election_is_not_read_to_its_end(tmp_path):
    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        path = f"/api/slots/{h.slot}/ballots"
        limit = size_limit(decode_election(await casting.election_of(h.room, h.slot)))
        sent = 0

        async def endless():
            nonlocal sent
            while True:
                sent += 1024
                yield b"x" * 1024

        async with unchanged(h):
            is_error(await kiosk.post(path, content=b"x" * limit), 400, "malformed")
            response = await kiosk.post(path, content=b"x" * (limit + 1))
            assert is_error(response, 413, "body-too-long") == {"limit": limit}
            is_error(await kiosk.post(path, content=endless()), 413, "body-too-long")
        assert limit < sent <= limit + 2048
        assert len(await h.ballot(0)) <= limit < 3 * len(await h.ballot(0))


@pytest.mark.parametrize("attempt", ["1" * 5000, "-1", "x", "１"])
async def test_an_attempt_that_nobody_counts_to_is_not_found(tmp_path, attempt):
    # Python refuses to read a number of more than 4,300 digits; that was once answered 500.
    async with hall("opened", tmp_path / "m") as h, h.client("trustee:1") as trustee:
        is_error(await trustee.get(f"/api/ceremony/{attempt}/commit"), 404, "not-found")


@pytest.mark.parametrize("path", ["/api/kiosk/busy", "/api/ticket-acts"])
async def test_other_requests_have_their_limit_too(tmp_path, path):
    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        response = await kiosk.post(path, content=b"x" * (http.MAX_BODY + 1))
        is_error(response, 413, "body-too-long")


async def test_tickets_and_messages_of_the_ceremony_have_limits_of_their_own(tmp_path, monkeypatch):
    async with hall("keyed", tmp_path / "m") as h:
        async with h.client("trustee:1") as trustee:
            path = "/api/ceremony/1/commit"
            is_error(await trustee.post(path, content=b"x" * 300_000), 413, "body-too-long")
        await h.act("freeze", {})
        body = await tickets(h)
        async with h.client("officer:secretary") as secretary:
            with monkeypatch.context() as small:
                small.setattr("kiosk.server.services.freezing.MAX_TICKETS", len(body) - 1)
                is_error(await secretary.post("/api/tickets", content=body), 413, "body-too-long")
            assert (await secretary.post("/api/tickets", content=body)).status_code == 201


async def test_a_body_that_trickles_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(http, "BODY_SECONDS", 0.05)

    async def trickle():
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        is_error(await kiosk.post("/api/kiosk/busy", content=trickle()), 408, "body-too-slow")


async def test_casting_over_http(tmp_path):
    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        path, body = f"/api/slots/{h.slot}/ballots", await h.ballot(0)

        first, again = await kiosk.post(path, content=body), await kiosk.post(path, content=body)

        assert (first.status_code, again.status_code) == (201, 200)
        assert first.content == again.content == body_of({"tracker": tracker(body)})
        other = await kiosk.post(path, content=await h.ballot(0, number=1))
        is_error(other, 409, "credential-used")
        broken = await h.ballot(1, number=2)
        end = broken.rindex(b'"}}}')
        broken = broken[: end - 1] + bytes([broken[end - 1] ^ 1]) + broken[end:]
        is_error(await kiosk.post(path, content=broken), 422, "ballot-signature")
        signed = ticket_json("query", h.slot, await h.signed_ticket("query", h.slot, 0))
        counted = await kiosk.post("/api/ticket-acts", content=body_of(signed))
        assert counted.json() == {"counted": True, "tracker": tracker(body)}


async def test_a_malformed_request_is_told_its_place_and_nothing_it_sent(tmp_path):
    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        for content, place in (
            (b'{"busy":"SECRET"}', "body.busy"),
            (b'{"SECRET":true}', "body"),
            (b'{"busy": true}', "body"),
            (b'{"busy":true,"busy":true}', "body"),
            (b'{"busy":true,"SECRET":1}', "body"),
            (b"\xff", "body"),
            (b"[" * 60_000, "body"),
            (b"", "body"),
        ):
            response = await kiosk.post("/api/kiosk/busy", content=content)
            assert is_error(response, 400, "malformed") == {"place": place}
            assert "SECRET" not in response.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not-found"),
        ("GET", "/api/state/", 404, "not-found"),
        ("GET", "/api/../meeting.toml", 404, "not-found"),
        ("GET", "/api/ledger?from=x", 404, "not-found"),
        ("GET", "/api/ledger?from=9999999999", 404, "not-found"),
        ("GET", "/api/slots/%00/election", 404, "not-found"),
        ("GET", "/api/slots/%F0%9F%98%80/credentials", 404, "not-found"),
        ("GET", "/api/slots/11111111111111111111zz/election", 409, "no-round"),
        ("POST", "/api/state", 405, "method-not-allowed"),
        ("OPTIONS", "/api/state", 405, "method-not-allowed"),
        ("PUT", "/api/enrol", 405, "method-not-allowed"),
    ],
)
async def test_what_nobody_serves_is_an_answer_like_others(tmp_path, method, path, status, code):
    async with hall("opened", tmp_path / "m") as h, h.client() as client:
        response = await client.request(method, path)
        is_error(response, status, code)
        assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_head_is_get_without_the_body_and_nothing_is_cached_or_shared(tmp_path):
    async with hall("opened", tmp_path / "m") as h, h.client() as client:
        response = await client.head("/api/state")
        assert response.status_code == 200
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        assert "access-control-allow-origin" not in response.headers
        assert "set-cookie" not in response.headers


async def test_what_nobody_meant_tells_nothing_and_logs_no_text(tmp_path, monkeypatch, caplog):
    async def fail(*_):
        raise KeyError("SECRET")

    monkeypatch.setattr(rounds, "open_papers", fail)
    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        response = await kiosk.get("/api/kiosk/papers")

    assert is_error(response, 500, "internal") == {}
    assert "SECRET" not in response.text + caplog.text
    assert "KeyError" in caplog.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_a_client_that_goes_away_leaves_no_line(tmp_path, caplog):
    from kiosk.server.app import make_app

    async with hall("opened", tmp_path / "m") as h:
        token = h.devices.tokens["kiosk:1"]
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"/api/slots/{h.slot}/ballots",
            "headers": [(b"authorization", f"Bearer {token}".encode())],
            "query_string": b"",
        }
        came = iter([{"type": "http.request", "body": b"{", "more_body": True}])

        async def receive():
            return next(came, {"type": "http.disconnect"})

        async def send(message):
            raise AssertionError(message)

        with caplog.at_level(logging.DEBUG):
            await make_app(h.room)(scope, receive, send)
        assert not h.room.in_flight

    assert [one for one in caplog.records if one.name.startswith("kiosk")] == []


@pytest.mark.parametrize(
    ("error", "status", "params"),
    [
        (RefusedError("round-open", slot="s"), 409, {"slot": "s"}),
        (RefusedError("x", expected=["a", "b"], some=frozenset({2, 1})), 409, None),
        (ConflictError("ledger-moved", expected=3), 409, {"expected": 3}),
        (FaultyTrusteeError(2), 422, {"trustee": 2}),
        (UnavailableError("storage-unavailable"), 503, {}),
    ],
)
async def test_families_of_errors_have_their_status_and_lists_stay_lists(error, status, params):
    response = await http.on_error(None, error)

    assert response.status_code == status
    if params is None:
        params = {"expected": ["a", "b"], "some": [1, 2]}
    assert json.loads(response.body) == {"code": error.code, "params": params}


async def test_the_devices_client_understands_every_family(tmp_path):
    from kiosk.device.client import _error

    for error in (
        RefusedError("credential-used", slot="s"),
        ConflictError("ledger-moved", expected=3),
        UnavailableError("try-later", seconds=2),
    ):
        made = await http.on_error(None, error)
        said = _error(httpx2.Response(made.status_code, content=bytes(made.body)))
        assert (type(said), said.code, said.params) == (type(error), error.code, error.params)


# --- what may be known while a round is open ------------------------------------------------------


async def test_the_public_state_moves_in_steps_and_never_shows_the_last_one(tmp_path):
    async with hall("opened", tmp_path / "m") as h, h.client() as observer:
        seen = []
        for index in range(6):
            await h.cast(await h.ballot(index))
            state = (await observer.get("/api/state")).json()
            seen.append(state["rounds"][0]["returned"])
        assert seen == [0, 0, 0, 0, 5, 5]
        before = await observer.get("/api/state")
        await h.propose("seal", {"slot": h.slot, "heads": 6, "override": False})
        assert (await observer.get("/api/state")).content == before.content
        await proposals.withdraw(h.room, h.secretary, h.room.proposal.digest)
        await h.seal(h.slot, 6)
        assert (await observer.get("/api/state")).json()["rounds"][0]["returned"] == 6


@pytest.mark.parametrize("issued", [5, 6, 10, 11, 300])
def test_no_step_is_smaller_than_five_and_the_last_ballot_is_never_seen(issued):
    shown = [rounds.in_steps(stored, issued) for stored in range(issued + 1)]

    changes = [n for n in range(1, issued + 1) if shown[n] != shown[n - 1]]
    assert issued not in changes
    assert all(b - a >= max(5, issued // 5) for a, b in zip([0, *changes], changes, strict=False))
    assert all(shown[n] <= n for n in range(issued + 1))


async def test_a_draft_says_only_that_it_is_one(tmp_path):
    async with hall("keyed", tmp_path / "m") as h, h.client() as observer:
        assert (await observer.get("/api/state")).json() == {
            "stage": "draft",
            "meeting": None,
            "head": "0" * 64,
            "height": 0,
            "rounds": [],
        }
        is_error(await observer.get("/api/meeting"), 409, "not-frozen")
