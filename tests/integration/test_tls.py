"""The pinned line, over real TLS: nothing is sent to a server whose fingerprint nobody compared."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kiosk import pinned
from kiosk.device.client import Client, connect
from kiosk.device.keys import DeviceKeys
from kiosk.server import tls
from kiosk.serving import LIMITS, Server, Unhurried, listening
from tests.support.server import new_folder
from voting.errors import InputError, PiaojueError, RefusedError, VerificationError
from voting.words import explain

TOKEN = "ab" * 32


def refuses(code, kind, doing, *args, **named):
    with pytest.raises(PiaojueError) as caught:
        doing(*args, **named)
    assert (caught.value.code, type(caught.value)) == (code, kind)
    return caught.value


class Seen:
    """A server in a thread that writes down what reaches it."""

    def __init__(self, folder):
        self.folder = folder
        self.heads = []
        self.url = ""

    def app(self):
        async def ca(_request):
            return PlainTextResponse((self.folder / tls.CA).read_text())

        async def anything(request):
            self.heads.append((request.url.path, request.headers.get("authorization")))
            return PlainTextResponse('{"account":"kiosk:1","token":"' + TOKEN + '"}')

        return Starlette(
            routes=[
                Route("/api/ca", ca),
                Route("/{path:path}", anything, methods=["GET", "POST"]),
            ]
        )


@contextmanager
def serving(folder, port=0):
    seen = Seen(folder)
    listener = listening("127.0.0.1", port)
    seen.port = listener.getsockname()[1]
    seen.url = f"https://127.0.0.1:{seen.port}"
    config = uvicorn.Config(
        seen.app(), ssl_certfile=folder / tls.LEAF, ssl_keyfile=folder / tls.LEAF_KEY, **LIMITS
    )
    server = Server(config)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
    )
    thread.start()
    try:
        yield seen
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def code(folder):
    return tls.prepare(folder, ["127.0.0.1", "localhost"])


# --- the server's files ---------------------------------------------------------------------------


def test_the_authority_is_made_once_and_the_leaf_at_every_start(folder, code):
    before = {name: (folder / name).read_bytes() for name in (tls.CA, tls.CA_KEY, tls.LEAF)}

    assert tls.prepare(folder, ["127.0.0.1"]) == code
    after = {name: (folder / name).read_bytes() for name in before}
    assert {name for name in before if before[name] != after[name]} == {tls.LEAF}
    for name in (tls.CA, tls.CA_KEY, tls.LEAF, tls.LEAF_KEY):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert re.fullmatch(r"([0-9A-Z]{4} ){3}[0-9A-Z]{4}", code)


def test_certificates_outlive_a_clock_that_is_wrong_by_years(folder, code):
    from cryptography import x509

    for name in (tls.CA, tls.LEAF):
        made = x509.load_pem_x509_certificate((folder / name).read_bytes())
        assert made.not_valid_before_utc == datetime(2020, 1, 1, tzinfo=UTC)
        assert made.not_valid_after_utc == datetime(2056, 1, 1, tzinfo=UTC)
    leaf = x509.load_pem_x509_certificate((folder / tls.LEAF).read_bytes())
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("name", [tls.CA, tls.CA_KEY])
@pytest.mark.parametrize("how", ["lost", "nonsense", "another"])
def test_an_authority_that_does_not_fit_is_refused_and_left_alone(folder, code, name, how):
    (folder / "other").mkdir()
    if how == "another":
        tls.prepare(folder / "other", ["x"])
        shutil.copy(folder / "other" / name, folder / name)
    elif how == "nonsense":
        (folder / name).write_text("nonsense")
    else:
        (folder / name).unlink()
    refuses("ca-unreadable", RefusedError, tls.prepare, folder, ["127.0.0.1"])


@pytest.mark.parametrize("name", ["", "a b", "名", "x/y", "*.example"])
def test_a_name_that_is_none_is_refused(folder, name):
    refuses("bad-host-name", InputError, tls.prepare, folder, [name])


def test_what_tablets_are_told_is_an_address_of_the_room():
    known = tls.machine_names()

    assert {"localhost", "127.0.0.1"} <= set(known)
    assert tls.room_address(["localhost", "127.0.0.1", "::1", "laptop", "10.1.2.3"]) == "10.1.2.3"
    assert tls.room_address(["localhost", "127.0.0.1", "laptop"]) == "laptop"
    assert tls.room_address(["localhost"]) == "localhost"


# --- devices --------------------------------------------------------------------------------------


def test_a_device_pins_once_and_then_trusts_that_authority_alone(folder, code):
    with serving(folder) as server:
        client = connect(server.url, TOKEN, fingerprint=code.lower().replace(" ", "-"))
        client.get("/api/account")
        client.close()
        again = connect(server.url, TOKEN, ca=client.ca)
        again.get("/api/account")
        again.close()
        port = server.port
        assert server.heads == [("/api/account", f"Bearer {TOKEN}")] * 2
    tls.prepare(folder, ["10.9.9.9"])  # started again, and its address is not in the new leaf
    with serving(folder, port) as server:
        again = connect(server.url, TOKEN, ca=client.ca)
        again.get("/api/account")
        again.close()


def test_a_wrong_fingerprint_is_refused_before_anything_is_sent(folder, code):
    wrong = "0000 0000 0000 0000"
    with serving(folder) as server:
        error = refuses(
            "fingerprint-differs", VerificationError, connect, server.url, TOKEN, fingerprint=wrong
        )
        assert server.heads == []
    assert error.params == {"wanted": wrong, "found": code}
    for lang in ("zh", "en"):
        assert code in explain(error, lang)


def test_a_server_with_another_authority_is_refused_before_anything_is_sent(folder, code, tmp_path):
    ca = (folder / tls.CA).read_text()
    other = tmp_path / "other"
    other.mkdir()
    tls.prepare(other, ["127.0.0.1"])
    with serving(other) as server:
        client = connect(server.url, TOKEN, ca=ca)
        refuses("server-other", VerificationError, client.get, "/api/account")
        refuses("server-other", VerificationError, client.forward, "POST", "/api/x", b"body")
        client.close()
        assert server.heads == []


def test_a_liar_who_shows_the_right_authority_cannot_answer_for_it(folder, code, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    tls.prepare(other, ["127.0.0.1"])
    shutil.copy(folder / tls.CA, other / tls.CA)  # what it shows at /api/ca
    with serving(other) as server:
        client = connect(server.url, TOKEN, fingerprint=code)
        refuses("server-other", VerificationError, client.get, "/api/account")
        client.close()
        assert server.heads == []


def test_a_second_authority_behind_the_right_one_is_not_trusted(folder, tmp_path):
    """Whoever stands in between can send the right certificate, which is public, and his own."""
    other = tmp_path / "other"
    other.mkdir()
    code = ""
    while (
        not code or b"=" not in (folder / tls.CA).read_bytes()
    ):  # what follows padding is not read
        (folder / tls.CA).unlink(missing_ok=True)
        (folder / tls.CA_KEY).unlink(missing_ok=True)
        code = tls.prepare(folder, ["localhost", "127.0.0.1"])
    tls.prepare(other, ["localhost", "127.0.0.1"])
    right = (folder / tls.CA).read_text()
    both = right + (other / tls.CA).read_text()
    assert pinned.fingerprint(both) == code
    assert len(pinned.trusting(both).get_ca_certs()) == 1

    (other / tls.CA).write_text(both)
    with serving(other) as seen:
        client = connect(seen.url, TOKEN, fingerprint=code)
        refuses("server-other", VerificationError, client.get, "/api/account")
        client.close()
        assert client.ca.strip() == right.strip()
        assert seen.heads == []


def test_a_clock_that_is_far_off_gets_words_that_name_it(folder, monkeypatch):
    monkeypatch.setattr(tls, "_FROM", datetime(2050, 1, 1, tzinfo=UTC))
    code = tls.prepare(folder, ["127.0.0.1"])
    with serving(folder) as server:
        client = connect(server.url, TOKEN, fingerprint=code)
        error = refuses("clock-wrong", VerificationError, client.get, "/api/account")
        client.close()
        assert server.heads == []
    assert "日期" in explain(error, "zh")


@pytest.mark.parametrize(
    ("server", "code", "kind"),
    [
        ("https://192.168.1.10:8420", "server-not-pinned", RefusedError),
        ("http://192.168.1.10:8420", "server-in-clear", RefusedError),
        ("http://piaojue.lan", "server-in-clear", RefusedError),
        ("192.168.1.10:8420", "server-address", InputError),
        ("ftp://127.0.0.1", "server-address", InputError),
        ("https://", "server-address", InputError),
        ("https://someone@127.0.0.1", "server-address", InputError),
        ("", "server-address", InputError),
    ],
)
def test_where_nothing_may_be_sent(server, code, kind):
    refuses(code, kind, connect, server, TOKEN)
    refuses(code, kind, Client, server, TOKEN)


@pytest.mark.parametrize("text", ["", "7K2M 9QXA 4TRD", "7K2M 9QXA 4TRD VN80 1", "票票票票" * 4])
def test_what_is_no_fingerprint_is_told_so(text):
    refuses("fingerprint-malformed", InputError, pinned.read_fingerprint, text)


def test_a_key_file_remembers_the_authority_under_its_passphrase(folder, code, tmp_path):
    path = tmp_path / "key"
    with serving(folder) as server:
        keys = DeviceKeys.create([path], "correct horse")
        keys.enrol(server.url, "CODE", fingerprint=code)
        opened = DeviceKeys.open([path], "correct horse")
        client = opened.connect(server.url)
        client.get("/api/account")
        client.close()
    assert opened.ca == (folder / tls.CA).read_text()
    assert server.heads[-1] == ("/api/account", f"Bearer {TOKEN}")
    assert b"CERTIFICATE" not in path.read_bytes()


def test_a_wrong_fingerprint_leaves_no_key_file(folder, code, tmp_path):
    path = tmp_path / "key"
    with serving(folder) as server:
        keys = DeviceKeys.create([path], "correct horse")
        refuses(
            "fingerprint-differs",
            VerificationError,
            keys.enrol,
            server.url,
            "CODE",
            fingerprint="0" * 16,
        )
        assert server.heads == []
    assert not path.exists()


# --- a slow head ----------------------------------------------------------------------------------


def test_a_head_that_does_not_come_is_given_up_and_a_request_is_not(folder, code, monkeypatch):
    monkeypatch.setattr("kiosk.serving.HEAD_SECONDS", 0.3)
    with serving(folder) as server:
        silent = socket.create_connection(("127.0.0.1", server.port))
        slow = pinned.unverified().wrap_socket(silent)
        slow.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ")
        slow.settimeout(10)
        with suppress(ConnectionError, ssl.SSLError):  # the end of it, as the system likes
            assert slow.recv(100) == b""
        slow.close()
        client = connect(server.url, TOKEN, fingerprint=code)
        for _ in range(3):
            client.get("/api/account")
        client.close()
    assert Unhurried is LIMITS["http"]


# --- the command ----------------------------------------------------------------------------------


def test_serve_outside_loopback_makes_and_shows_its_certificate(tmp_path):
    folder = new_folder(tmp_path / "m")
    command = [sys.executable, "-m", "kiosk", "serve", str(folder), "--port", "0", "--json"]
    with subprocess.Popen(
        [*command, "--host", "0.0.0.0", "--name", "127.0.0.1"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    ) as process:
        try:
            said = json.loads(process.stdout.readline())
            assert said["url"].startswith("https://127.0.0.1:")
            assert said["fingerprint"] == pinned.fingerprint((folder / tls.CA).read_text())
            client = connect(said["url"], fingerprint=said["fingerprint"])
            account, _ = client.enrol(said["invitations"]["kiosk:1"])
            assert account == "kiosk:1"
            client.close()
            with pytest.raises(httpx2.HTTPError):
                httpx2.get(said["url"].replace("https", "http") + "/api/state", trust_env=False)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
