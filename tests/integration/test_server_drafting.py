"""The draft written in the console: from an empty folder to a meeting that freezes."""

from __future__ import annotations

import json
import tomllib
from contextlib import asynccontextmanager

import pytest

from kiosk.server.services import ceremony, drafting, enrolment
from tests.support.drafts import OFFICERS
from tests.support.meeting import seed_of
from tests.support.server import (
    DRAFT,
    Devices,
    hall,
    opened,
    reach,
    refusal,
    unchanged,
)
from voting.errors import UnavailableError
from voting.meeting import keys

ROLL = "姓名\t职务\t类别\n" + "".join(f"成员{n}\t常委\t\n" for n in range(1, 8))
STAFF = "".join(f"工作人员{n}\t\t列席\n" for n in range(1, 4))
ITEMS = "姓名\t现任职务\t拟任\n唐一诺\t副局长\t局长\n贺云飞\t书记\t局长\n"
KINDS = ("examined", "department-discussed", "consulted", "opinions")
GATES = [{"gate": kind, "digest": "ab" * 32, "voucher": "组织部"} for kind in KINDS]


def paste(kind, text, toml, *, rule=None, gates=()):
    return {"kind": kind, "text": text, "toml": toml, "rule": rule, "gates": list(gates)}


async def ask(h, method, path, value=None, account="officer:secretary"):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
    async with h.client(account) as client:
        return await client.request(method, path, content=text.encode())


@pytest.fixture
async def empty(tmp_path):
    """An empty folder whose secretary has enrolled."""
    (tmp_path / "m").mkdir()
    async with opened(tmp_path / "m", Devices()) as h:
        codes = await enrolment.invite(h.room)
        key = keys.public_key(seed_of("secretary"))
        _, h.devices.tokens["officer:secretary"] = await enrolment.enrol(
            h.room, codes["officer:secretary"], key
        )
        yield h, codes


async def test_an_empty_folder_invites_a_secretary_and_tablets_and_nobody_else(empty):
    h, codes = empty
    draft = (await ask(h, "GET", "/api/draft")).json()
    overview = (await ask(h, "GET", "/api/overview")).json()
    now = {one["id"]: one for one in overview["steps"] if one["state"] == "now"}

    assert [one for one in codes if not one.startswith("kiosk:")] == ["officer:secretary"]
    assert draft["toml"] == ""
    assert (draft["tables"], draft["frozen"]) == ({}, False)
    assert list(now) == ["draft"]
    assert now["draft"]["missing"][0]["word"] == "desk.missing.draft"
    assert (await ask(h, "GET", "/api/hall", account=None)).json()["stage"] == "draft"
    await refusal(h.propose("freeze", {}), "not-rehearsed")


async def test_a_meeting_is_pasted_part_by_part_and_taken_up_when_it_is_whole(empty):
    h, _ = empty
    head = {"title": "会", "body": "常委会", "date": "2026-11-21", "tickets": "server"}
    parts = {
        "meeting": head,
        "trustees": {"threshold": 2, "names": ["成员2", "成员3", "工作人员3"]},
        "officers": tomllib.loads(OFFICERS)["officers"],
    }
    toml = None
    for table, value in parts.items():
        wish = {"table": table, "value": value, "toml": toml}
        toml = (await ask(h, "POST", "/api/draft/part", wish)).json()["toml"]
    half = (await ask(h, "PUT", "/api/draft", {"toml": toml})).json()
    assert (half["saved"], half["invitations"]) == ("unfinished", {})
    assert {one["table"] for one in half["faults"]} == {"roll", "items"}
    assert (await ask(h, "GET", "/api/draft")).json()["toml"] == toml

    roll = (await ask(h, "POST", "/api/draft/table", paste("roll", ROLL + STAFF, None))).json()
    assert (len(roll["rows"]), roll["faults"]) == (10, [])
    wish = paste("items", ITEMS, roll["toml"], rule="standing-committee", gates=GATES)
    items = (await ask(h, "POST", "/api/draft/table", wish)).json()
    whole = (await ask(h, "PUT", "/api/draft", {"toml": items["toml"]})).json()

    assert (whole["saved"], whole["faults"]) == ("whole", [])
    assert set(whole["invitations"]) == {
        "officer:chair",
        "officer:scrutineer-1",
        "officer:scrutineer-2",
        "officer:teller",
        "officer:recorder",
        "trustee:1",
        "trustee:2",
        "trustee:3",
    }
    assert not (h.room.folder / drafting.UNFINISHED).exists()
    assert [one.candidate for one in h.room.draft.items] == ["唐一诺", "贺云飞"]
    account, _ = await enrolment.enrol(h.room, whole["invitations"]["trustee:2"], None)
    assert account == "trustee:2"
    again = (await ask(h, "PUT", "/api/draft", {"toml": items["toml"]})).json()
    assert again["invitations"] == {}


async def test_recusals_are_proposed_to_who_holds_the_roll_and_to_nobody_else(tmp_path):
    relation = '[[relations]]\nwho = "成员5"\nof = "人选1"\nkin = "affine"\nnote = "内弟"\n'
    async with hall("drafted", tmp_path / "m") as h:
        put = (await ask(h, "PUT", "/api/draft", {"toml": f"{DRAFT}\n{relation}"})).json()
        roll = (await ask(h, "GET", "/api/roll")).json()
        overview = (await ask(h, "GET", "/api/overview")).text

    assert put["saved"] == "whole"
    assert roll["proposals"] == [
        {"item": "i1", "who": "成员5", "kin": "affine", "must": True, "note": "内弟"}
    ]
    assert all(one["recused"] == [] for one in roll["people"])
    assert "内弟" not in overview


async def test_a_draft_with_faults_survives_a_restart_beside_the_one_that_holds(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        faulty = DRAFT.replace('"成员5"', '"成 员5"')
        put = (await ask(h, "PUT", "/api/draft", {"toml": faulty})).json()
        devices = h.devices
    async with opened(tmp_path / "m", devices) as h:
        draft = (await ask(h, "GET", "/api/draft")).json()
        roll = (await ask(h, "GET", "/api/roll")).json()
        overview = (await ask(h, "GET", "/api/overview")).json()

    assert put["saved"] == "unfinished"
    assert (draft["toml"], draft["faults"]) == (faulty, put["faults"])
    assert (draft["faults"][0]["place"], draft["faults"][0]["row"]) == ("roll[5].name", 5)
    assert roll["people"][4]["name"] == "成员5"
    assert overview["steps"][0]["state"] == "now"  # it is not frozen behind the secretary's back


async def test_a_faulty_paste_is_told_by_row_and_column_and_stores_nothing(tmp_path):
    async with hall("drafted", tmp_path / "m") as h, unchanged(h):
        text = "姓名\t类别\t性别\n王伟\t来宾\t男\n\t\t\n\t列席\t女\n"
        told = (await ask(h, "POST", "/api/draft/table", paste("roll", text, None))).json()
        empty = await ask(h, "POST", "/api/draft/table", paste("roll", " ", None))
        assert (h.room.folder / "meeting.toml").read_text("utf-8") == DRAFT

    assert [(one["row"], one["column"]) for one in told["faults"]] == [(2, "类别"), (4, "姓名")]
    assert told["ignored"] == ["性别"]
    assert (empty.status_code, empty.json()["code"]) == (400, "paste-empty")


async def test_who_is_no_longer_in_the_draft_is_let_out_and_may_come_back(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        recorder = DRAFT[DRAFT.rindex("[[officers]]") :]
        assert 'role = "recorder"' in recorder
        without = DRAFT.replace(recorder, "")
        assert (await ask(h, "GET", "/api/roll", account="officer:recorder")).status_code == 200
        await ask(h, "PUT", "/api/draft", {"toml": without})
        out = await ask(h, "GET", "/api/roll", account="officer:recorder")
        back = (await ask(h, "PUT", "/api/draft", {"toml": DRAFT})).json()["invitations"]

        assert out.status_code == 401
        assert list(back) == ["officer:recorder"]
        account, _ = await enrolment.enrol(h.room, back["officer:recorder"], None)
        assert account == "officer:recorder"


async def test_other_trustees_begin_the_ceremony_again_until_the_key_is_made(tmp_path):
    other = DRAFT.replace("threshold = 2", "threshold = 3")
    async with hall("drafted", tmp_path / "m") as h:
        await ceremony.post(h.room, h.caller("trustee:1"), 1, "commit", b"{}")
        assert (await ask(h, "PUT", "/api/draft", {"toml": other})).json()["saved"] == "whole"
        status = await ceremony.status(h.room)
    assert (status["attempt"], status["threshold"]) == (2, 3)

    async with hall("keyed", tmp_path / "n") as h, unchanged(h):
        late = await ask(h, "PUT", "/api/draft", {"toml": other})
        named = DRAFT.replace('body = "测试常委会"', 'body = "常委会"')
        assert (await ask(h, "PUT", "/api/draft", {"toml": named})).json()["saved"] == "whole"
    assert late.json()["code"] == "ceremony-complete"


async def test_after_the_freeze_the_draft_is_read_and_never_changed(tmp_path):
    async with hall("keyed", tmp_path / "m") as h:
        await h.propose("freeze", {})
        waiting = await ask(h, "PUT", "/api/draft", {"toml": DRAFT})
        await h.sign("secretary", "scrutineer-1")
        late = await ask(h, "PUT", "/api/draft", {"toml": "x"})
        read = (await ask(h, "GET", "/api/draft")).json()
        assert not (h.room.folder / drafting.UNFINISHED).exists()

    assert waiting.json()["code"] == "proposal-pending"  # it names the draft that was signed
    assert late.json()["code"] == "already-frozen"
    assert (read["frozen"], read["toml"]) == (True, DRAFT)


async def test_a_meeting_written_in_the_console_goes_on_to_its_end(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        changed = DRAFT.replace("floor = 5", "floor = 4")
        await ask(h, "PUT", "/api/draft", {"toml": changed})
        await reach(h, "drafted", "opened")
        meeting, _ = await h.frozen()

    assert meeting.floor == 4


# --- a commit that fails, a crash ----------------------------------------------------------------

RECORDER = DRAFT[DRAFT.rindex("[[officers]]") :]
SMALLER = DRAFT.replace(RECORDER, "").replace("threshold = 2", "threshold = 3")


async def cut_short(h, monkeypatch, toml):
    """Put a draft whose commit fails."""
    transaction = h.room.store.transaction

    @asynccontextmanager
    async def failing():
        async with transaction() as tx:
            yield tx
            raise UnavailableError("storage-unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(h.room.store, "transaction", failing)
        answer = await ask(h, "PUT", "/api/draft", {"toml": toml})
    assert answer.json()["code"] == "storage-unavailable"
    assert "recorder" not in (h.room.folder / "meeting.toml").read_text("utf-8")


async def settled(h):
    """Whether the recorder is out, and whose ceremony is held."""
    answer = await ask(h, "GET", "/api/roll", account="officer:recorder")
    status = await ceremony.status(h.room)
    return answer.status_code, status["attempt"], status["threshold"]


async def test_a_draft_whose_commit_failed_is_taken_up_whole_when_it_is_put_again(
    tmp_path, monkeypatch
):
    async with hall("drafted", tmp_path / "m") as h:
        await ceremony.post(h.room, h.caller("trustee:1"), 1, "commit", b"{}")
        await cut_short(h, monkeypatch, SMALLER)
        before = await settled(h)
        again = await ask(h, "PUT", "/api/draft", {"toml": SMALLER})
        after = await settled(h)

    assert before == (200, 1, 2)  # nothing of it holds yet
    assert again.json()["saved"] == "whole"
    assert after == (401, 2, 3)


async def test_a_crash_before_the_commit_of_a_draft_is_mended_at_the_next_start(
    tmp_path, monkeypatch
):
    async with hall("drafted", tmp_path / "m") as h:
        await ceremony.post(h.room, h.caller("trustee:1"), 1, "commit", b"{}")
        await cut_short(h, monkeypatch, SMALLER)
        devices = h.devices
    async with opened(tmp_path / "m", devices) as h:
        assert await settled(h) == (401, 2, 3)
        codes = await enrolment.invite(h.room)
        assert (await ask(h, "GET", "/api/roll")).status_code == 200
    async with opened(tmp_path / "m", devices) as h:
        assert await settled(h) == (401, 2, 3)  # once, not at every start
    assert codes == {}


async def test_tablets_beyond_the_usual_ones_stay_whatever_draft_is_put(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        invited = (await ask(h, "POST", "/api/invitations", {"account": "kiosk:9"})).json()
        await ask(h, "PUT", "/api/draft", {"toml": SMALLER})
        account, _ = await enrolment.enrol(h.room, invited["code"], None)
    assert account == "kiosk:9"


def two(first, second):
    """A draft of whose two pen signers the ids are given."""
    found = DRAFT.replace('role = "teller"', f'role = "teller"\nid = "{first}"')
    return found.replace('role = "recorder"', f'role = "recorder"\nid = "{second}"')


async def test_whoever_has_another_role_in_the_draft_loses_the_old_one(tmp_path):
    async with hall("drafted", tmp_path / "m") as h:
        one = (await ask(h, "PUT", "/api/draft", {"toml": two("a", "b")})).json()["invitations"]
        _, token = await enrolment.enrol(h.room, one["officer:b"], None)
        h.devices.tokens["officer:b"] = token
        assert (await ask(h, "GET", "/api/account", account="officer:b")).status_code == 200
        changed = (await ask(h, "PUT", "/api/draft", {"toml": two("b", "a")})).json()
        out = await ask(h, "GET", "/api/account", account="officer:b")
        _, token = await enrolment.enrol(h.room, changed["invitations"]["officer:b"], None)
        h.devices.tokens["officer:b"] = token
        back = (await ask(h, "GET", "/api/account", account="officer:b")).json()
        devices, other = h.devices, two("a", "b")
        (h.room.folder / "meeting.toml").write_text(other, "utf-8")
    async with opened(tmp_path / "m", devices) as h:
        codes = await enrolment.invite(h.room)

    assert sorted(changed["invitations"]) == ["officer:a", "officer:b"]
    assert (out.status_code, back["role"]) == (401, "teller")
    assert sorted(codes) == ["officer:a", "officer:b"]  # changed by hand, told at the start
