"""Who may call what: every route of the app stands in this table, or the test fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kiosk.loopback import is_loopback
from kiosk.server.app import ROUTES
from kiosk.server.security import OFFICERS, BackOff
from kiosk.server.services import enrolment
from kiosk.server.services.acts import ROLES
from tests.support.meeting import seed_of
from tests.support.server import hall, refusal, unchanged
from voting.errors import UnavailableError
from voting.meeting import keys

ANY = "anybody who is enrolled"
PUBLIC = "everybody"
SIGNERS = ("chair", "secretary", "scrutineer")
WHO = {
    "POST /api/enrol": PUBLIC,
    "GET /api/ca": PUBLIC,
    "POST /api/login/invite": PUBLIC,
    "POST /api/login": PUBLIC,
    "POST /api/logout": ANY,
    "POST /api/invitations": ("secretary",),
    "GET /api/account": ANY,
    "GET /api/state": PUBLIC,
    "GET /api/meeting": PUBLIC,
    "GET /api/trustees": PUBLIC,
    "GET /api/ledger": PUBLIC,
    "GET /api/slots/{slot}/election": PUBLIC,
    "GET /api/slots/{slot}/credentials": PUBLIC,
    "GET /api/ceremony": ANY,
    "POST /api/ceremony/{attempt}/restart": ("secretary", "trustee"),
    "GET /api/ceremony/{attempt}/{step}": ANY,
    "POST /api/ceremony/{attempt}/{step}": ("trustee",),
    "POST /api/tickets": ("secretary",),
    "POST /api/room": ("secretary",),
    "POST /api/present": ("secretary",),
    "GET /api/minutes": ("recorder", "secretary", "chair"),
    "POST /api/minutes": ("recorder", "secretary"),
    "POST /api/slots/prepare": SIGNERS,
    "GET /api/binding": ANY,
    "POST /api/slots/{slot}/ack": ("trustee",),
    "GET /api/proposals": OFFICERS,
    "POST /api/proposals": ("secretary", "scrutineer"),  # of this kind; each has its own roles
    "DELETE /api/proposals/{act}": OFFICERS,
    "POST /api/proposals/signature": OFFICERS,
    "GET /api/kiosk/papers": ("kiosk",),
    "POST /api/kiosk/busy": ("kiosk",),
    "POST /api/slots/{slot}/ballots": ("kiosk",),
    "POST /api/slots/{slot}/spoil": ("kiosk",),
    "POST /api/ticket-acts": ("kiosk",),
    "GET /api/slots/{slot}/archive/{stage}": PUBLIC,  # the sealed one; see below
    "GET /api/slots/{slot}/checkpoint": ANY,
    "POST /api/slots/{slot}/checkpoint": ("trustee",),
    "GET /api/slots/{slot}/shuffles": ("trustee",),
    "POST /api/slots/{slot}/shuffles": ("trustee",),
    "GET /api/slots/{slot}/shuffles/{owner:int}": ("trustee",),
    "POST /api/slots/{slot}/shuffles/signature": ("trustee",),
    "POST /api/slots/{slot}/factors": ("trustee",),
    "GET /api/slots/{slot}/words": OFFICERS,
    "GET /api/slots/{slot}/outcome": OFFICERS,
    "GET /api/destroy": ("trustee",),
    "POST /api/destroy": ("trustee",),
    "GET /api/record/unsigned": OFFICERS,
    "POST /api/record/signature": OFFICERS,
    "GET /api/record.zip": (*OFFICERS, "trustee"),  # and everybody, see test_server_hall
    "GET /api/overview": OFFICERS,
    "GET /api/roll": ("secretary", "recorder"),
    "POST /api/last-call": ("chair", "secretary"),
    "POST /api/kiosk/hello": ("kiosk",),
    "GET /api/forms.pdf": OFFICERS,
    "GET /api/slots/{slot}/forms.pdf": OFFICERS,
    "POST /api/pages": OFFICERS,
    "GET /api/pages/{page}": OFFICERS,
    "GET /api/draft": ("secretary",),
    "PUT /api/draft": ("secretary",),
    "POST /api/draft/table": ("secretary",),
    "POST /api/draft/part": ("secretary",),
    "GET /api/hall": PUBLIC,
    "GET /api/observe": PUBLIC,
}
ACCOUNTS = {
    "chair": "officer:chair",
    "secretary": "officer:secretary",
    "scrutineer": "officer:scrutineer-1",
    "teller": "officer:teller",
    "recorder": "officer:recorder",
    "trustee": "trustee:1",
    "kiosk": "kiosk:1",
}
PROOF = {"challenge": "1", "response": "1"}
BODIES = {
    "/api/room": {"act": "leave", "who": "无", "series": None, "item": None, "step": None},
    "/api/present": {"group": "无", "series": None, "count": 1},
    "/api/minutes": {"item": None, "what": "remark", "who": "", "text": ""},
    "/api/invitations": {"account": "kiosk:9"},
    "/api/slots/prepare": {"items": ["i1"], "series": ["A"]},
    "/api/slots/{slot}/ack": {"signature": "00" * 64},
    "/api/proposals": {"kind": "freeze", "body": {}},
    "/api/proposals/signature": {"act": "00" * 32, "signature": "00" * 64},
    "/api/kiosk/busy": {"busy": False},
    "/api/slots/{slot}/spoil": {"tracker": "A" * 43},
    "/api/ticket-acts": {"act": "query", "slot": "1" * 22, "credential": "00" * 32, "proof": PROOF},
    "/api/slots/{slot}/checkpoint": {"line": "x"},
    "/api/slots/{slot}/shuffles": {"shuffle": "x", "line": "x"},
    "/api/slots/{slot}/shuffles/signature": {"line": "x"},
    "/api/slots/{slot}/factors": {"share": "x", "proofs": "x"},
    "/api/destroy": {
        "act": '{"kind":"destroy","height":9,"parent":"' + "0" * 64 + '",'
        '"at":"2026-11-21T09:00:00Z","body":{"trustee":1}}',
        "signature": "00" * 64,
    },
    "/api/last-call": {"slot": "1" * 22},
    "/api/kiosk/hello": {"build": ""},
    "/api/draft": {"toml": ""},
    "/api/draft/table": {"kind": "roll", "text": "", "toml": None, "rule": None, "gates": []},
    "/api/draft/part": {"table": "meeting", "value": {}, "toml": None},
    "/api/record/signature": {"line": f"— x {'A' * 91}="},
}


def every_route():
    for route in ROUTES:
        for method in sorted(route.methods - {"HEAD"}):
            yield method, route.path


def test_every_route_is_in_the_table():
    assert {f"{method} {path}" for method, path in every_route()} == set(WHO)


def test_every_route_and_every_kind_is_in_the_specification():
    page = (Path(__file__).parents[2] / "docs" / "spec" / "api.md").read_text("utf-8")

    asked, proposed = (
        part.partition("\n## ")[0] for part in (page.split("## 3.")[1], page.split("## 4.")[1])
    )
    listed = set(re.findall(r"^\| `([A-Z]+ /api[^`]*)`", asked, re.M))
    assert listed == {f"{method} {path.replace(':int', '')}" for method, path in every_route()}
    kinds = dict(re.findall(r"^\| `([a-z-]+)` \| ([a-z, ]+) \|", proposed, re.M))
    assert kinds == {
        kind: "officers" if roles == OFFICERS else ", ".join(roles) for kind, roles in ROLES.items()
    }


async def ask(client, h, method, path):
    """Call a route with something well formed."""
    filled = path.replace("{slot}", h.slot).replace("{attempt}", "1")
    filled = filled.replace("{step}", "commit").replace("{stage}", "sealed")
    filled = filled.replace("{page}", "0" * 64).replace("{owner:int}", "1")
    body = b""
    if method in ("POST", "PUT"):
        body = json.dumps(BODIES.get(path, {}), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"sec-fetch-site": "same-origin"}
    return await client.request(method, filled, content=body, headers=headers)


async def test_without_a_token_only_what_is_public_answers(tmp_path):
    async with hall("voted", tmp_path / "m") as h, h.client() as nobody, h.client() as liar:
        liar.headers["authorization"] = f"Bearer {'ab' * 32}"
        async with unchanged(h):
            for method, path in every_route():
                statuses = {(await ask(one, h, method, path)).status_code for one in (nobody, liar)}
                assert (401 not in statuses) is (WHO[f"{method} {path}"] == PUBLIC), path
                assert WHO[f"{method} {path}"] == PUBLIC or statuses == {401}


@pytest.mark.parametrize("role", ACCOUNTS)
async def test_every_endpoint_knows_its_roles(tmp_path, role):
    async with hall("voted", tmp_path / "m") as h, h.client(ACCOUNTS[role]) as client:
        for method, path in every_route():
            may = WHO[f"{method} {path}"]
            if method == "DELETE":
                continue  # it asks whom the proposal asks: tests/integration
            response = await ask(client, h, method, path)

            allowed = may in (PUBLIC, ANY) or role in may
            if path in ("/api/record/signature", "/api/slots/{slot}/checkpoint") and allowed:
                continue  # well formed, but somebody else's signature: not-your-role as well
            assert (response.status_code != 403) is allowed, (path, response.text)
            if not allowed and path != "/api/enrol":
                assert response.json()["code"] == "not-your-role"


@pytest.mark.parametrize("stage", ["final", "proofs"])
async def test_what_was_opened_goes_to_officers_and_trustees_only(tmp_path, stage):
    async with hall("counted", tmp_path / "m") as h:
        for role, account in (("", None), *ACCOUNTS.items()):
            async with h.client(account) as client:
                response = await client.get(f"/api/slots/{h.slot}/archive/{stage}")
            expected = 401 if account is None else 403 if role == "kiosk" else 200
            assert response.status_code == expected
        async with h.client() as nobody:
            sealed = await nobody.get(f"/api/slots/{h.slot}/archive/sealed")
            assert sealed.content == await h.archive(h.slot, "sealed")
            for stage in ("tally", "election", "x"):
                assert (await nobody.get(f"/api/slots/{h.slot}/archive/{stage}")).status_code == 404


# --- enrolling ------------------------------------------------------------------------------------


async def test_an_invitation_is_good_once_however_it_is_typed(tmp_path):
    async with hall("drafted", tmp_path / "m") as h, h.client() as client:
        code = h.devices.tokens["code"].lower().replace("-", " ")

        async def enrol(code):
            body = json.dumps({"code": code, "key": None}, separators=(",", ":")).encode()
            return await client.post("/api/enrol", content=body)

        first, second, wrong = await enrol(code), await enrol(code), await enrol("0" * 20)

        assert (first.status_code, first.json()["account"]) == (201, "kiosk:4")
        assert (second.status_code, second.json()["code"]) == (403, "invitation-unknown")
        assert wrong.json() == second.json()
        client.headers["authorization"] = f"Bearer {first.json()['token']}"
        assert (await client.get("/api/account")).json() == {"account": "kiosk:4", "role": "kiosk"}


async def test_keys_are_brought_by_officers_who_sign_and_by_nobody_else(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        codes = {}
        async with h.room.store.transaction() as tx:
            for account in ("officer:chair", "officer:teller", "trustee:1", "kiosk:1"):
                codes[account] = account.encode().hex()
                from kiosk.server.security import secret_digest

                await tx.invite_again(account, secret_digest(codes[account]))
        mine, new = keys.public_key(seed_of("chair")), keys.public_key(seed_of("new"))
        secretary = keys.public_key(seed_of("secretary"))
        cases = [
            ("officer:chair", None, "key-wanted"),
            ("officer:chair", new, "key-enrolled"),
            ("officer:chair", "00" * 32, "key-enrolled"),
            ("officer:teller", new, "key-not-wanted"),
            ("trustee:1", new, "key-not-wanted"),
            ("kiosk:1", secretary, "key-not-wanted"),
        ]
        for account, key, code in cases:
            async with unchanged(h):  # the invitation among the rest
                await refusal(enrolment.enrol(h.room, codes[account], key), code)
        assert (await enrolment.enrol(h.room, codes["officer:chair"], mine))[0] == "officer:chair"


async def test_two_officers_never_have_one_key_and_a_weak_key_is_none(tmp_path):
    from tests.support.server import Devices, new_folder, opened

    async with opened(new_folder(tmp_path / "m"), Devices()) as h:
        codes = await enrolment.invite(h.room)
        assert await enrolment.invite(h.room) == {}
        key = keys.public_key(seed_of("x"))
        await enrolment.enrol(h.room, codes["officer:chair"], key)

        async with unchanged(h):
            await refusal(enrolment.enrol(h.room, codes["officer:secretary"], key), "key-in-use")
            for weak in ("00" * 32, "01" + "00" * 31, "ff" * 32):
                doing = enrolment.enrol(h.room, codes["officer:secretary"], weak)
                await refusal(doing, "malformed")


async def test_codes_and_tokens_are_not_in_the_database(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        tokens = list(h.devices.tokens.values())
    stored = b"".join(path.read_bytes() for path in (tmp_path / "m").iterdir())
    assert len(tokens) == 13
    for token in tokens:
        for form in (token, token.lower(), token.replace("-", ""), token.replace("-", "").lower()):
            assert form.encode() not in stored
            assert len(form) < 64 or bytes.fromhex(form) not in stored


def test_who_guesses_waits_longer_and_longer():
    now = 0.0
    back_off = BackOff(lambda: now)
    waited = []
    for _ in range(12):
        back_off.wrong("10.0.0.9")
        try:
            back_off.check("10.0.0.9")
        except UnavailableError as error:
            waited.append(error.params["seconds"])
            now += error.params["seconds"]
        back_off.check("10.0.0.8")

    assert waited == [1, 2, 4, 8, 16, 30, 30]
    back_off.right("10.0.0.9")
    back_off.wrong("10.0.0.9")
    back_off.check("10.0.0.9")
    for number in range(2000):
        back_off.wrong(str(number))
    assert len(back_off._wrong) <= 1000


async def test_a_guesser_is_told_to_wait(tmp_path):
    async with hall("drafted", tmp_path / "m") as h, h.client() as client:
        answers = [
            await client.post("/api/enrol", content=b'{"code":"x","key":null}') for _ in range(8)
        ]

    assert [one.status_code for one in answers] == [403] * 6 + [503] * 2
    assert answers[-1].json() == {"code": "try-later", "params": {"seconds": 1}}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_plain_http_is_served_on_loopback(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_and_nowhere_else(host):
    assert not is_loopback(host)
