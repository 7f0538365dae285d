"""Browsers' accounts: by invitation, argon2id, one session in a cookie that only our page uses."""

from __future__ import annotations

import asyncio
import json

import pytest

from kiosk.server.app import ROUTES
from kiosk.server.passwords import Passwords
from kiosk.server.security import COOKIE, PASSWORDS, Pace, secret_digest
from kiosk.server.services import enrolment, sessions
from tests.support.drafts import draft_text
from tests.support.meeting import seed_of
from tests.support.server import Devices, hall, new_folder, opened, refusal, unchanged
from voting.errors import RefusedError, UnavailableError
from voting.meeting import keys

OWN = {"sec-fetch-site": "same-origin"}
GOOD = "正确 马 电池 订书钉"
SIMPLE = draft_text().replace("\nfloor =", '\npages = "server"\nfloor =')


def sent(**value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def code_of(response):
    return response.status_code, response.json().get("code")


async def post(client, path, headers=OWN, **value):
    return await client.post(path, content=sent(**value), headers=headers)


@pytest.fixture(autouse=True)
def cheap(request, monkeypatch):
    """Hashing takes a tenth of a second on purpose; one test is enough to pay it."""
    if "stored" not in request.node.name:
        monkeypatch.setattr("kiosk.server.passwords._MEMORY_BYTES", 8192)
        monkeypatch.setattr("kiosk.server.passwords._PASSES", 1)


class Simple:
    """A simple-mode server at its first start, and its invitations."""

    def __init__(self, h, codes):
        self.h, self.codes = h, codes

    def browser(self):
        client = self.h.client()
        client.base_url = "https://hall"  # a Secure cookie goes nowhere else
        return client

    async def log_in(self, client, account, password=GOOD):
        key = None
        if account in ("officer:secretary", "officer:chair"):
            key = keys.public_key(seed_of(account.removeprefix("officer:")))
        return await post(
            client, "/api/login/invite", code=self.codes[account], password=password, key=key
        )


@pytest.fixture
async def simple(tmp_path):
    folder = new_folder(tmp_path / "m", SIMPLE)
    async with opened(folder, Devices()) as h:
        yield Simple(h, await enrolment.invite(h.room))


# --- in by invitation, again by password ----------------------------------------------------------


async def test_an_invitation_becomes_an_account_with_a_session(simple):
    async with simple.browser() as client:
        response = await simple.log_in(client, "officer:secretary")

        assert response.status_code == 201
        assert response.json() == {"account": "officer:secretary", "role": "secretary"}
        cookie = response.headers["set-cookie"]
        name, _, rest = cookie.partition("=")
        assert name == COOKIE == "__Host-piaojue"
        assert set(rest.split("; ")[1:]) == {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"}
        assert (await client.get("/api/account")).json() == response.json()
        assert code_of(await simple.log_in(client, "officer:secretary")) == (
            403,
            "invitation-unknown",
        )


async def test_neither_token_nor_password_nor_code_is_stored(simple):
    async with simple.browser() as client:
        response = await simple.log_in(client, "officer:secretary")
    token = response.headers["set-cookie"].partition("=")[2].partition(";")[0]
    stored = b"".join(path.read_bytes() for path in simple.h.room.folder.iterdir())

    assert len(token) == 64
    assert secret_digest(token) in stored
    assert b"$argon2id$v=19$m=65536,t=2,p=1$" in stored
    for secret in (token, GOOD, simple.codes["officer:secretary"]):
        assert secret.encode() not in stored
    assert bytes.fromhex(token) not in stored


async def test_a_password_lets_in_again_and_ends_the_session_before(simple):
    async with simple.browser() as first, simple.browser() as second, simple.browser() as other:
        await simple.log_in(first, "officer:secretary")
        await simple.log_in(other, "trustee:1")
        wrong = await post(second, "/api/login", account="secretary", password="not it at all")
        assert code_of(wrong) == (403, "login-wrong")
        right = await post(second, "/api/login", account=" secretary ", password=GOOD)
        assert right.json() == {"account": "officer:secretary", "role": "secretary"}

        assert (await second.get("/api/account")).status_code == 200
        assert (await first.get("/api/account")).status_code == 401
        assert (await other.get("/api/account")).json()["account"] == "trustee:1"


async def test_the_same_password_typed_otherwise_is_the_same(simple):
    async with simple.browser() as client:
        await simple.log_in(client, "trustee:1", "cafe\u0301 1234")
        again = await post(client, "/api/login", account="trustee:1", password="caf\u00e9 1234")
        assert again.status_code == 201


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("officer:nobody", GOOD),
        ("officer:chair", GOOD),
        ("officer:chair", ""),
        ("kiosk:1", ""),
        ("secretary", ""),
    ],
)
async def test_nothing_tells_whether_an_account_is_there(simple, account, password):
    async with simple.browser() as client:
        await simple.log_in(client, "officer:secretary")
        answer = await post(client, "/api/login", account=account, password=password)
        assert answer.json() == {"code": "login-wrong", "params": {}}


async def test_a_kiosk_has_no_password_and_everybody_else_has_one(simple):
    async with simple.browser() as client:
        async with unchanged(simple.h):
            short = await simple.log_in(client, "trustee:1", "1234567")
            assert code_of(short) == (409, "password-too-short")
            none = await simple.log_in(client, "trustee:1", None)
            assert code_of(none) == (409, "password-wanted")
            one = await simple.log_in(client, "kiosk:1", GOOD)
            assert code_of(one) == (409, "password-not-wanted")
        assert (await simple.log_in(client, "kiosk:1", None)).json()["role"] == "kiosk"
        assert (await client.get("/api/kiosk/papers")).status_code == 409  # not-frozen: it may ask


async def test_who_signs_by_key_brings_one_and_nobody_else_does(simple):
    async with simple.browser() as client:
        for account, key in (("officer:secretary", None), ("trustee:1", "00" * 32)):
            answer = await post(
                client, "/api/login/invite", code=simple.codes[account], password=GOOD, key=key
            )
            assert answer.json()["code"] in ("key-wanted", "key-not-wanted")
        assert (await simple.log_in(client, "officer:secretary")).status_code == 201


async def test_a_tablet_enrolled_the_evening_before_is_still_there_in_the_meeting(simple):
    """It fell out after fourteen hours, in the middle of a vote, and wanted a new code."""
    async with simple.browser() as client:
        await simple.log_in(client, "kiosk:1", None)
        simple.h.clock.forward(20 * 3600)
        assert (await client.get("/api/account")).status_code == 200


async def test_a_session_ends_after_a_long_day_or_when_one_leaves(simple):
    async with simple.browser() as client:
        await simple.log_in(client, "trustee:1")
        simple.h.clock.forward(sessions.SECONDS - 1)
        assert (await client.get("/api/account")).status_code == 200
        simple.h.clock.forward(1)
        assert (await client.get("/api/account")).status_code == 401
        await post(client, "/api/login", account="trustee:1", password=GOOD)
        out = await post(client, "/api/logout")
        assert "Max-Age=0" in out.headers["set-cookie"]
        rows = (await simple.h.tables())["sessions"]
        assert rows == []
        assert (await client.get("/api/account")).status_code == 401


# --- where the devices are the people's own -------------------------------------------------------


async def test_with_installed_pages_no_browser_votes_signs_or_keeps_a_share(tmp_path):
    folder = new_folder(tmp_path / "m")
    async with opened(folder, Devices()) as h:
        simple = Simple(h, await enrolment.invite(h.room))
        async with simple.browser() as client:
            async with unchanged(h):
                for account in ("officer:secretary", "trustee:1", "kiosk:1"):
                    password = None if account == "kiosk:1" else GOOD
                    answer = await simple.log_in(client, account, password)
                    assert code_of(answer) == (409, "page-installed")
            pen = await simple.log_in(client, "officer:recorder")
            assert pen.status_code == 201


# --- only our own page ----------------------------------------------------------------------------


def changing():
    return sorted(
        (method, route.path)
        for route in ROUTES
        for method in route.methods - {"GET", "HEAD"}
        if route.path != "/api/enrol"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
    ],
)
async def test_a_cookie_is_worth_nothing_to_another_site(simple, headers):
    async with simple.browser() as client:
        await simple.log_in(client, "officer:secretary")
        async with unchanged(simple.h):
            for method, path in changing():
                filled = path.replace("{attempt:int}", "1").replace("{step}", "commit")
                for name in ("slot", "digest", "form", "account", "item", "page"):
                    filled = filled.replace("{" + name + "}", "1" * 22)
                answer = await client.request(method, filled, content=b"{}", headers=headers)
                assert code_of(answer) == (403, "cross-site"), (method, path)


async def test_a_browser_without_fetch_metadata_is_known_by_its_origin(simple):
    async with simple.browser() as client:
        await simple.log_in(client, "officer:secretary")
        headers = {"origin": "https://hall"}
        answer = await post(client, "/api/invitations", headers, account="kiosk:7")
        assert answer.status_code == 201


async def test_a_program_s_token_needs_no_page(tmp_path):
    async with hall("drafted", tmp_path / "m") as h, h.client("officer:secretary") as program:
        answer = await post(program, "/api/invitations", {}, account="kiosk:9")
        assert answer.status_code == 201


async def test_a_token_is_no_cookie_and_a_cookie_no_token(simple):
    async with simple.browser() as client, simple.browser() as other:
        response = await simple.log_in(client, "trustee:1")
        cookie = response.headers["set-cookie"].partition("=")[2].partition(";")[0]
        _, token = await enrolment.enrol(simple.h.room, simple.codes["trustee:2"], None)
        as_bearer = {"authorization": f"Bearer {cookie}"}
        assert (await other.get("/api/account", headers=as_bearer)).status_code == 401
        as_cookie = {"cookie": f"{COOKIE}={token}"}
        assert (await other.get("/api/account", headers=as_cookie)).status_code == 401


# --- guessing, and too much -----------------------------------------------------------------------


async def test_who_guesses_a_password_waits_and_others_do_not(simple, monkeypatch):
    async def never(*_):
        return False

    monkeypatch.setattr(Passwords, "fits", never)
    async with simple.browser() as client:
        seen = [
            code_of(await post(client, "/api/login", account="secretary", password=f"guess {n}"))
            for n in range(8)
        ]
        assert seen == [(403, "login-wrong")] * 6 + [(503, "try-later")] * 2
        other = await post(client, "/api/login", account="chair", password="guess")
        assert code_of(other) == (403, "login-wrong")


async def test_passwords_that_come_at_once_are_not_all_looked_at_as_the_first(simple, monkeypatch):
    checked, looked = [], asyncio.Event()

    async def never(_passwords, _stored, password):
        checked.append(password)
        await looked.wait()
        return False

    monkeypatch.setattr(Passwords, "fits", never)
    async with simple.browser() as client:
        asking = [
            asyncio.create_task(post(client, "/api/login", account="secretary", password=f"{n}"))
            for n in range(12)
        ]
        async with asyncio.timeout(20):
            while len(checked) + sum(one.done() for one in asking) < 12:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        looked.set()
        seen = sorted([code_of(await one) for one in asking])
    assert len(checked) == 6  # as many as one after the other
    assert seen == [(403, "login-wrong")] * 6 + [(503, "try-later")] * 6


async def test_what_was_not_looked_at_or_was_right_is_no_wrong_guess(simple, monkeypatch):
    async with simple.browser() as client:
        await simple.log_in(client, "officer:secretary")

        async def busy(*_):
            raise UnavailableError("try-later", seconds=2)

        with monkeypatch.context() as patch:
            patch.setattr(Passwords, "fits", busy)
            for _ in range(8):
                await post(client, "/api/login", account="secretary", password=GOOD)
        for _ in range(8):
            right = await post(client, "/api/login", account="secretary", password=GOOD)
            assert right.status_code == 201


async def test_a_whole_room_may_enrol_at_once_from_one_address(simple, monkeypatch):
    hashing, go = [], asyncio.Event()

    async def slow(_passwords, password):
        hashing.append(password)
        await go.wait()
        return "$hash"

    monkeypatch.setattr(Passwords, "make", slow)
    async with simple.browser() as client:
        asking = [asyncio.create_task(simple.log_in(client, "trustee:1")) for _ in range(12)]
        async with asyncio.timeout(20):
            while len(hashing) + sum(one.done() for one in asking) < 12:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        go.set()
        seen = sorted([code_of(await one) for one in asking])
    assert len(hashing) == 12  # nobody was told to wait
    assert [status for status, _ in seen] == [201] + [403] * 11


async def test_a_stranger_who_names_ever_other_accounts_is_slowed_down(simple, monkeypatch):
    checked = []

    async def never(*_):
        checked.append(1)
        return False

    monkeypatch.setattr(Passwords, "fits", never)
    monkeypatch.setattr(Passwords, "make", never)
    async with simple.browser() as client:
        client._transport.app.state.password_pace = Pace(lambda: 0.0, **PASSWORDS)
        for n in range(PASSWORDS["burst"]):
            await post(client, "/api/login", account=f"nobody-{n}", password="guess")
        late = await post(client, "/api/login", account="secretary", password=GOOD)
        guessed = await post(client, "/api/login/invite", code="ABCDE", password=GOOD, key=None)
        kiosk = await post(client, "/api/login/invite", code="ABCDE", password=None, key=None)
    assert code_of(late) == code_of(guessed) == (503, "try-later")
    assert code_of(kiosk) == (403, "invitation-unknown")  # there is nothing to hash
    assert len(checked) == PASSWORDS["burst"]


def test_what_is_remembered_of_addresses_is_bounded():
    pace = Pace(lambda: 0.0, burst=1)
    for n in range(1500):
        pace.step(f"10.0.{n // 250}.{n % 250}")
    assert len(pace._left) == 1000


async def test_checks_of_passwords_queue_and_the_queue_is_short(monkeypatch):
    passwords, running, most = Passwords(), 0, 0
    go = asyncio.Event()

    async def work(*_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await go.wait()
        running -= 1
        return False

    monkeypatch.setattr("asyncio.to_thread", work)
    waiting = [asyncio.create_task(passwords.fits(None, "x")) for _ in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError) as caught:
        await passwords.fits(None, "x")
    assert caught.value.code == "try-later"
    go.set()
    assert await asyncio.gather(*waiting) == [False] * 8
    assert most == 2


def test_a_pace_lets_a_burst_through_and_then_so_many_a_second():
    now = 0.0
    pace = Pace(lambda: now, burst=3, each_second=2)

    def steps(account, times):
        done = 0
        for _ in range(times):
            try:
                pace.step(account)
            except UnavailableError:
                break
            done += 1
        return done

    assert steps("kiosk:1", 10) == 3
    assert steps("kiosk:2", 10) == 3
    now = 1.0
    assert steps("kiosk:1", 10) == 2
    now = 100.0
    assert steps("kiosk:1", 10) == 3


async def test_a_kiosk_that_floods_is_told_to_wait(tmp_path):
    async with hall("opened", tmp_path / "m") as h, h.client("kiosk:1") as kiosk:
        path = f"/api/slots/{h.slot}/spoil"
        kiosk._transport.app.state.pace = Pace(lambda: 0.0, burst=2)
        seen = [code_of(await kiosk.post(path, content=b"{}")) for _ in range(3)]
    assert seen == [(400, "malformed")] * 2 + [(503, "try-later")]


# --- new invitations ------------------------------------------------------------------------------


async def test_a_kiosk_may_be_added_or_replaced_at_any_time(tmp_path):
    async with hall("opened", tmp_path / "m") as h:
        code = await sessions.invite(h.room, h.secretary, "kiosk:17")
        assert (await enrolment.enrol(h.room, code, None))[0] == "kiosk:17"
        code = await sessions.invite(h.room, h.secretary, "kiosk:1")
        async with h.client("kiosk:1") as lost:
            assert (await lost.get("/api/account")).status_code == 401
        assert (await enrolment.enrol(h.room, code, None))[0] == "kiosk:1"


@pytest.mark.parametrize(
    "account", ["kiosk:0", "kiosk:01", "kiosk:100", "kiosk:", "kiosk:x", "kiosk:¹", "officer:x", ""]
)
async def test_nobody_else_gets_one(tmp_path, account):
    async with hall("drafted", tmp_path / "m") as h, unchanged(h):
        await refusal(sessions.invite(h.room, h.secretary, account), "account-unknown")


async def test_before_the_freeze_a_lost_device_is_replaced_with_a_new_key(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        code = await sessions.invite(h.room, h.secretary, "officer:chair")
        async with h.client("officer:chair") as lost:
            assert (await lost.get("/api/account")).status_code == 401
        account, _ = await enrolment.enrol(h.room, code, keys.public_key(seed_of("another")))
        assert account == "officer:chair"


@pytest.mark.parametrize("account", ["officer:chair", "officer:secretary", "trustee:1"])
async def test_after_it_nobody_with_a_key_is_replaced(tmp_path, account):
    async with hall("issued", tmp_path / "m") as h:
        async with unchanged(h):
            await refusal(sessions.invite(h.room, h.secretary, account), "invitation-after-freeze")
        code = await sessions.invite(h.room, h.secretary, "officer:teller")  # signs by pen
        assert (await enrolment.enrol(h.room, code, None))[0] == "officer:teller"


async def test_only_the_secretary_invites(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        for one in ("chair", "scrutineer-1", "trustee:1", "kiosk:1"):
            with pytest.raises(RefusedError) as caught:
                await sessions.invite(h.room, h.caller(one), "kiosk:5")
            assert caught.value.code == "not-your-role"


async def test_a_new_invitation_ends_browser_session_and_password(simple):
    async with simple.browser() as client:
        await simple.log_in(client, "trustee:1")
        await sessions.invite(simple.h.room, simple.h.secretary, "trustee:1")
        assert (await client.get("/api/account")).status_code == 401
        again = await post(client, "/api/login", account="trustee:1", password=GOOD)
        assert code_of(again) == (403, "login-wrong")


async def test_nothing_is_frozen_while_an_officer_who_signs_has_no_key(tmp_path):
    async with hall("keyed", tmp_path / "m") as h:
        code = await sessions.invite(h.room, h.secretary, "officer:chair")
        error = await refusal(h.propose("freeze", {}), "officer-key-missing")
        assert error.params == {"officer": "chair"}
        await enrolment.enrol(h.room, code, keys.public_key(seed_of("chair")))
        await h.propose("freeze", {})


async def test_an_account_without_a_password_takes_as_long_and_lets_nobody_in(monkeypatch):
    passwords, checked = Passwords(), []
    known = await passwords.make("a password that fits")
    monkeypatch.setattr("kiosk.server.passwords.NOBODY", known)
    monkeypatch.setattr(
        "kiosk.server.passwords._verify", lambda stored, _: checked.append(stored) or True
    )

    assert await passwords.fits(None, "a password that fits") is False
    assert await passwords.fits(known, "a password that fits") is True
    assert checked == [known, known]
