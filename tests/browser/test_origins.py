"""In a real browser: the simple mode's cookie, a device's loopback, pages from elsewhere."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from kiosk.pages.headers import POLICY
from tests.support.browser import browser, chromium, playwright, watch
from tests.support.drafts import draft_text
from tests.support.server import new_folder

__all__ = ["browser", "chromium", "playwright"]

SIMPLE = draft_text().replace("\nfloor =", '\npages = "server"\nfloor =')
POST = """async ([path, body]) => {
  const answer = await fetch(path, { method: "POST", body, credentials: "include" });
  return [answer.status, (await answer.json()).code ?? null];
}"""
ACROSS = """async ([path, body]) => {
  try {
    await fetch(path, { method: "POST", body, mode: "no-cors", credentials: "include" });
    return "sent";
  } catch { return "blocked"; }
}"""


@contextmanager
def program(*arguments):
    """Run a command that says where it is; yield what it says."""
    command = [sys.executable, "-m", "kiosk", *arguments, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@contextmanager
def stranger():
    """Some other page on this machine: the same site as loopback, another origin."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def body(**value):
    return json.dumps(value, separators=(",", ":"))


@pytest.fixture(scope="module", params=["http", "https"])
def simple(request, tmp_path_factory):
    """A server of the simple mode, on loopback in plain text and outside it over TLS."""
    folder = new_folder(tmp_path_factory.mktemp("m"), SIMPLE)
    where = ["--host", "0.0.0.0", "--name", "127.0.0.1"] if request.param == "https" else []
    with program("serve", str(folder), "--port", "0", *where) as said:
        assert said["url"].startswith(request.param)
        yield said


def test_the_session_is_a_cookie_that_no_script_sees_and_no_other_site_sends(simple, browser):
    url = simple["url"]
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    code = simple["invitations"].pop("trustee:1")
    page.goto(url + "/check")
    invite = body(code=code, password="a long enough one", key=None)
    assert page.evaluate(POST, ["/api/login/invite", invite]) == [201, None]
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (
        "__Host-piaojue",
        True,
        True,
        "Strict",
    )
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("async () => (await (await fetch('/api/account')).json()).account") == (
        "trustee:1"
    )
    with stranger() as elsewhere:
        other = context.new_page()
        other.goto(elsewhere)
        other.evaluate(ACROSS, [url + "/api/logout", "{}"])
    assert page.evaluate("async () => (await fetch('/api/account')).status") == 200
    assert page.evaluate(POST, ["/api/logout", "{}"]) == [200, None]
    assert context.cookies() == []
    context.close()


@pytest.fixture(scope="module")
def tablet(tmp_path_factory):
    """A kiosk's program, pinned to a server over TLS, not enrolled."""
    folder = new_folder(tmp_path_factory.mktemp("m"))
    key = tmp_path_factory.mktemp("tablet") / "kiosk.json"
    where = ["--host", "0.0.0.0", "--name", "127.0.0.1"]
    with program("serve", str(folder), "--port", "0", *where) as server:
        line = [server["url"], "--fingerprint", server["fingerprint"]]
        with program("kiosk", *line, "--key", str(key), "--port", "0") as said:
            yield server, said["url"], key


def test_a_tablet_serves_its_own_page_under_the_policy_without_a_complaint(tablet, browser):
    _, url, _ = tablet
    context = browser.new_context()
    page = context.new_page()
    faults, said = watch(page), []
    page.on("console", lambda one: said.append(one.text) if one.type == "warning" else None)
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    response = page.goto(url)
    page.wait_for_load_state("networkidle")

    assert response.headers["content-security-policy"] == POLICY
    assert url.endswith("/kiosk")
    origin = url.removesuffix("/kiosk")
    assert all(one.startswith((origin, "data:", "blob:")) for one in asked)
    assert [one for one in said if "ermissions" in one or "ecurity" in one] == []
    assert faults == []
    assert page.evaluate("isSecureContext && 'mediaDevices' in navigator")
    context.close()


def test_a_tablet_is_enrolled_from_its_page_and_by_nobody_else(tablet, browser):
    server, url, key = tablet
    origin = url.removesuffix("/kiosk")
    code = body(invitation=server["invitations"]["kiosk:1"])
    context = browser.new_context()
    page = context.new_page()
    with stranger() as elsewhere:
        page.goto(elsewhere)
        page.evaluate(ACROSS, [origin + "/device/enrol", code])
        assert "token" not in key.read_text() or json.loads(key.read_text())["token"] == ""
        page.goto(origin + "/check")
        assert page.evaluate(POST, ["/device/enrol", code]) == [201, None]
        assert page.evaluate(
            "async () => (await (await fetch('/api/account')).json()).account"
        ) == ("kiosk:1")
        assert page.evaluate(POST, ["/api/kiosk/busy", body(busy=True)]) == [200, None]
        token = json.loads(key.read_text())["token"]
        assert len(token) == 64
        assert token not in page.content()
        page.goto(elsewhere)
        page.evaluate(ACROSS, [origin + "/api/kiosk/busy", body(busy=False)])
    context.close()


def test_a_name_that_points_to_loopback_gets_nothing(tablet, playwright, chromium):
    _, url, _ = tablet
    port = url.split(":")[2].split("/")[0]
    rule = f"--host-resolver-rules=MAP evil.example 127.0.0.1:{port}"
    found = playwright.chromium.launch(
        executable_path=chromium, args=[rule, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    )
    try:
        page = found.new_page()
        response = page.goto("http://evil.example/kiosk")
        assert response.status == 403
        assert "wrong-host" in response.text()
    finally:
        found.close()
