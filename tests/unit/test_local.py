"""A device's loopback: its own page and nobody else's, data passed on by name, no token in it."""

from __future__ import annotations

import logging
import stat

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kiosk.device.client import Forwarded
from kiosk.device.kioskfile import KioskFile
from kiosk.device.local import make_local
from kiosk.device.local.kiosk import make_kiosk
from kiosk.device.local.proxy import DOORS
from kiosk.pages.built import built
from kiosk.pages.headers import PAGE_HEADERS
from kiosk.server.app import ROUTES
from tests.support.pages import FILES, dist
from voting.errors import InputError, RefusedError, UnavailableError

__all__ = ["dist"]

TOKEN = "c0ffee" * 10 + "abcd"
OWN = {"sec-fetch-site": "same-origin"}


class Line:
    """Stands for ``Client``: keeps what it is asked."""

    server = "https://192.168.1.10:8420"
    ca = "pem"

    def __init__(self, answer=None):
        self.token = TOKEN
        self.asked = []
        self.answer = answer or Forwarded(409, "application/json", b'{"code":"x","params":{}}')
        self.account = "kiosk:2"

    def forward(self, method, path, body):
        self.asked.append((method, path, body))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def get_bytes(self, path):
        raise UnavailableError("server-silent")

    def enrol(self, code, key=None):
        if code != "GOOD":
            raise RefusedError("invitation-unknown")
        self.token = "new"
        return self.account, "new"


def browser(app, host="127.0.0.1:8421", **headers):
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://127.0.0.1:8421",
        headers={"host": host, **headers},
    )


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def page(line, dist):
    return browser(make_local("kiosk", line), **OWN)


async def test_it_serves_its_own_page_and_the_public_ones_under_the_same_policy(page):
    for path in ("/", "/kiosk", "/hall", "/observer", "/check"):
        response = await page.get(path)

        assert response.text == FILES[f"{path[1:] or 'start'}.html"]
        assert {name: response.headers[name] for name in PAGE_HEADERS} == PAGE_HEADERS
    for path in ("/console", "/trustee"):
        assert (await page.get(path)).status_code == 404
    assert (await page.get("/assets/kiosk.js")).status_code == 200


async def test_it_says_what_it_is(page):
    assert (await page.get("/device/about")).json() == {
        "mode": "installed",
        "page": "kiosk",
        "server": "https://192.168.1.10:8420",
        "pages": ["kiosk", "hall", "observer", "check"],
        "build": built().build,
    }


def test_without_built_pages_it_does_not_begin(line, tmp_path, monkeypatch):
    monkeypatch.setattr("kiosk.pages.built.DIST", tmp_path / "none")

    with pytest.raises(InputError) as caught:
        make_local("kiosk", line)
    assert caught.value.code == "pages-not-built"


# --- who may speak to it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.2:8421", "[::1]:8421", ""]
)
@pytest.mark.parametrize("path", ["/", "/api/state", "/device/about"])
async def test_a_name_that_was_made_to_point_here_is_refused(line, dist, host, path):
    async with browser(make_local("kiosk", line), host, **OWN) as page:
        response = await page.get(path)

    assert (response.status_code, response.json()["code"]) == (403, "wrong-host")
    assert line.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1:8421", "localhost:8421"])
async def test_its_own_two_names_are_taken(line, dist, host):
    async with browser(make_local("kiosk", line), host, **OWN) as page:
        assert (await page.get("/kiosk")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://127.0.0.1:8421"}, True),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": "null"}, False),
        ({"origin": "file://127.0.0.1:8421"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8421"}, False),
        ({}, False),
    ],
)
async def test_only_its_own_page_may_change_anything(line, dist, headers, may):
    async with browser(make_local("kiosk", line), **headers) as page:
        response = await page.post("/api/kiosk/busy", content=b"{}")

    assert (response.status_code == 409) is may
    assert len(line.asked) == may
    if not may:
        assert (response.status_code, response.json()["code"]) == (403, "cross-site")


async def test_another_site_does_not_even_see_what_is_here(line, dist):
    async with browser(make_local("kiosk", line), **{"sec-fetch-site": "cross-site"}) as page:
        assert (await page.get("/api/state")).status_code == 403
    assert line.asked == []


# --- what is passed on ----------------------------------------------------------------------------


async def test_a_request_goes_on_as_it_is_and_its_answer_comes_back_as_it_is(page, line, caplog):
    with caplog.at_level(logging.DEBUG):
        response = await page.post("/api/ticket-acts", content=b"\x00whatever")

    assert line.asked == [("POST", "/api/ticket-acts", b"\x00whatever")]
    assert response.status_code == 409
    assert response.content == b'{"code":"x","params":{}}'
    assert response.headers["cache-control"] == "no-store"
    assert TOKEN not in str(response.headers)
    assert [one for one in caplog.records if one.name.split(".")[0] in ("kiosk", "uvicorn")] == []


async def test_a_query_goes_on_too(page, line):
    await page.get("/api/ledger?from=7")

    assert line.asked == [("GET", "/api/ledger?from=7", None)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/enrol"),
        ("POST", "/api/login"),
        ("POST", "/api/room"),
        ("POST", "/api/proposals"),
        ("DELETE", "/api/proposals/" + "00" * 32),
        ("GET", "/api/proposals"),
        ("GET", "/api/record/unsigned"),
        ("POST", "/api/slots/abc/factors"),
        ("GET", "/api/overview"),
        ("GET", "/api/ledger?from=7%0d%0ax"),
        ("GET", "/api/kiosk/%2e%2e"),
        ("GET", "/api/"),
        ("GET", "/meeting"),
    ],
)
async def test_what_is_not_a_kiosk_s_stays_here(page, line, method, path):
    response = await page.request(method, path)

    assert response.status_code == 404
    assert line.asked == []


async def test_a_secretary_may_begin_a_ceremony_again_and_not_speak_in_it(dist):
    line = Line(Forwarded(200, "application/json", b"{}"))
    async with browser(make_local("console", line), **OWN) as page:
        again = await page.post("/api/ceremony/1/restart", content=b"{}")
        said = await page.post("/api/ceremony/1/commit", content=b"{}")

    assert (again.status_code, said.status_code) == (200, 404)
    assert len(line.asked) == 1


@pytest.mark.parametrize("path", ["/api/%2e/login", "/api/%2e/kiosk/hello", "/api/x/%2e%2e/login"])
async def test_no_door_is_passed_under_another_spelling(dist, path):
    """The line to the server would take the dots out, and the request leave as another one."""
    line = Line()
    async with browser(make_local("console", line), **OWN) as page:
        response = await page.post(path, content=b"{}")

    assert (response.status_code, line.asked) == (404, [])


async def test_a_body_has_the_limit_of_its_door(page, line):
    small = await page.post("/api/ticket-acts", content=b"x" * (64 * 1024 + 1))
    ballot = await page.post("/api/slots/abc/ballots", content=b"x" * (64 * 1024 + 1))

    assert (small.status_code, ballot.status_code) == (413, 409)
    assert len(line.asked) == 1


async def test_a_server_that_is_starting_again_is_silent_and_may_be_asked_again(dist):
    line = Line(UnavailableError("server-silent"))
    async with browser(make_local("kiosk", line), **OWN) as page:
        response = await page.post("/api/kiosk/busy", content=b"{}")

    assert (response.status_code, response.json()) == (
        503,
        {"code": "server-silent", "params": {}},
    )


async def test_an_answer_cannot_become_a_page(dist):
    for kind in ("text/html", "text/html; charset=utf-8", "nonsense\r\nx: y", ""):
        async with browser(make_local("kiosk", Line(Forwarded(200, kind, b"<p>")))) as page:
            response = await page.get("/api/state")

        assert "html" not in response.headers["content-type"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none'; frame")


def test_every_request_that_a_page_may_make_is_one_that_a_server_answers():
    served = [
        (method, route.path.replace("{slot}", "1a").replace("{stage}", "sealed"))
        for route in ROUTES
        for method in route.methods
    ]
    for page in ("kiosk", "trustee"):
        for door in DOORS[page]:
            assert any(door.lets(method, path) for method, path in served), door
    for method, path in served:
        if path.startswith(("/api/enrol", "/api/log")):
            assert not any(door.lets(method, path) for doors in DOORS.values() for door in doors)


async def test_what_the_device_adds_stands_before_the_rest(line, dist):
    async def hello(_request):
        return PlainTextResponse("here")

    app = make_local("console", line, [Route("/device/hello", hello)], about=lambda: {"own": 1})
    async with browser(app) as page:
        assert (await page.get("/device/hello")).text == "here"
        assert (await page.get("/device/about")).json()["own"] == 1
        assert (await page.get("/console")).status_code == 200


# --- a kiosk lets itself in -----------------------------------------------------------------------


async def test_a_kiosk_is_enrolled_by_a_code_and_remembers_it(line, dist, tmp_path):
    path, line.token = tmp_path / "deep" / "kiosk.json", None
    async with browser(make_kiosk(line, path), **OWN) as page:
        assert (await page.get("/device/about")).json()["enrolled"] is False
        wrong = await page.post("/device/enrol", content=b'{"invitation":"BAD"}')
        assert (wrong.status_code, wrong.json()["code"]) == (403, "invitation-unknown")
        assert not path.exists()
        right = await page.post("/device/enrol", content=b'{"invitation":"GOOD"}')
        assert (right.status_code, right.json()) == (201, {"account": "kiosk:2"})
        assert (await page.get("/device/about")).json()["enrolled"] is True

    assert KioskFile.read(path) == KioskFile("new", "pem")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "new" not in repr(KioskFile.read(path))


async def test_somebody_else_s_invitation_makes_no_kiosk(line, dist, tmp_path):
    line.account = "trustee:1"
    async with browser(make_kiosk(line, tmp_path / "k"), **OWN) as page:
        answer = await page.post("/device/enrol", content=b'{"invitation":"GOOD"}')

    assert (answer.status_code, answer.json()["code"]) == (409, "not-a-kiosk")
    assert line.token == TOKEN
    assert not (tmp_path / "k").exists()


async def test_another_page_cannot_enrol_a_kiosk(line, dist, tmp_path):
    async with browser(make_kiosk(line, tmp_path / "k"), origin="http://evil") as page:
        answer = await page.post("/device/enrol", content=b'{"invitation":"GOOD"}')

    assert answer.status_code == 403
    assert not (tmp_path / "k").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"kiosk":1}', b"\xff"])
def test_a_damaged_file_says_what_to_do(tmp_path, content):
    (tmp_path / "k").write_bytes(content)

    with pytest.raises(InputError) as caught:
        KioskFile.read(tmp_path / "k")
    assert caught.value.code == "kioskfile-unreadable"
