"""The recorder's minutes, groups that are counted, and the release of a result, over the web."""

from __future__ import annotations

import dataclasses
import json

import pytest

from kiosk.server.services import attendance, counting, rounds
from tests.support.drafts import draft_text, group_of, item_of
from tests.support.server import DRAFT, hall, new_folder, opened, reach, refusal, unchanged
from tests.support.server import Devices as EmptyDevices
from voting.meeting import ledger, minutes

GROUPED = draft_text(items=item_of(1) + item_of(2), groups=group_of("G", 6, 8))


@pytest.fixture
def here(tmp_path):
    return lambda stage: hall(stage, tmp_path / "m")


async def post(h, account, path, **body):
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    async with h.client(account) as client:
        return await client.post(path, content=raw)


async def enter(h, what, who="成员1", text="", item="i1", account="officer:recorder"):
    return await post(h, account, "/api/minutes", item=item, what=what, who=who, text=text)


# --- minutes --------------------------------------------------------------------------------------


async def test_the_recorder_s_lines_are_kept_with_names_in_order_and_the_late_ones_marked(here):
    async with here("attended") as h:
        await attendance.recuse(h.room, h.secretary, "成员6", "i1")
        for what, who in (
            ("introducer", "工作人员2"),
            ("recused-out", "成员6"),
            ("speaker", "成员2"),
            ("speaker", "外单位某同志"),
            ("recused-in", "成员6"),
            ("principal-last", "成员1"),
        ):
            answer = await enter(h, what, who)
            assert (answer.status_code, answer.json()) == (201, {"late": False})
        await attendance.recuse(h.room, h.secretary, "成员6", "i1", back=True)
        await h.open("i1")
        late = await enter(h, "speaker", "成员3", "同意", account="officer:secretary")
        assert late.json() == {"late": True}
        await enter(h, "remark", "", "休会十分钟", item=None)

        async with h.client("officer:chair") as chair:
            listed = (await chair.get("/api/minutes")).json()["lines"]
        spoken = [one for one in listed if one["kind"] == "minute"]
        assert [(one["what"], one["who"]) for one in spoken[2:4]] == [
            ("speaker", "成员2"),
            ("speaker", "外单位某同志"),
        ]
        assert [one["late"] for one in spoken] == [False] * 6 + [True, False]
        assert (spoken[-1]["item"], spoken[-1]["text"]) == (None, "休会十分钟")
        assert [one["who"] for one in listed if one["kind"] == "recuse"] == ["成员6"]
        told = (h.room.folder / attendance.MINUTES).read_bytes().splitlines()
        minutes.verify_minutes(ledger.decode_ledger(await h.ledger()), told)


async def test_neither_name_nor_word_of_the_minutes_stands_in_the_ledger(here):
    async with here("attended") as h:
        for _ in range(2):
            await enter(h, "speaker", "成员2", "不同意某某")
        lines = await h.ledger()
        assert "成员2".encode() not in lines
        assert "不同意".encode() not in lines
        digests = [one.act.body["line"] for one in ledger.decode_ledger(lines)[-2:]]
        assert len(set(digests)) == 2  # the same words twice are not seen to be the same


async def test_only_who_is_recused_goes_out(here):
    async with here("attended") as h, unchanged(h):
        answer = await enter(h, "recused-out", "成员5")
        assert (answer.status_code, answer.json()["code"]) == (409, "not-recused")
        answer = await enter(h, "recused-out", "路人")
        assert answer.json()["code"] == "unknown-person"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"what": "speaker", "who": ""}, "empty-minute"),
        ({"what": "remark", "who": "成员1", "text": " "}, "empty-minute"),
        ({"what": "speaker", "who": "成\u200b员"}, "bad-character"),
        ({"what": "sang"}, "malformed"),
        ({"what": "speaker", "item": None}, "unknown-item"),
        ({"what": "speaker", "item": "i9"}, "unknown-item"),
    ],
)
async def test_a_line_that_says_nothing_is_refused(here, body, code):
    async with here("attended") as h, unchanged(h):
        assert (await enter(h, **body)).json()["code"] == code


async def test_a_line_of_the_recorder_s_without_its_act_is_dropped_at_the_start(tmp_path):
    async with hall("attended", tmp_path / "m") as h:
        await enter(h, "speaker", "成员2")
        path = h.room.folder / attendance.MINUTES
        kept = path.read_bytes()
        orphan = kept.splitlines()[-1]
        path.write_bytes(kept + orphan.replace("成员2".encode(), "成员3".encode()) + b"\n{")
        devices = h.devices
    async with opened(tmp_path / "m", devices) as h:
        assert (h.room.folder / attendance.MINUTES).read_bytes() == kept
        async with h.client("officer:recorder") as recorder:
            assert (await recorder.get("/api/minutes")).json()["lines"][-1]["who"] == "成员2"


# --- groups ---------------------------------------------------------------------------------------


async def grouped(folder):
    """A frozen meeting whose series G belongs to six people who are counted."""
    assert DRAFT != GROUPED
    return new_folder(folder, GROUPED)


async def test_a_group_is_counted_and_drawn_with_those_who_are_named(tmp_path):
    async with opened(await grouped(tmp_path / "m"), EmptyDevices()) as h:
        await reach(h, None, "attended")
        answer = await post(h, "officer:secretary", "/api/present", group="G", series=None, count=7)
        assert answer.json()["code"] == "group-full"
        answer = await post(h, "officer:secretary", "/api/present", group="G", series=None, count=5)
        assert answer.status_code == 200
        _, state = await h.frozen()
        assert (state.present(), state.counted["G"].series) == (11, "G")
        await h.discuss("i1")
        slot = (await h.frozen())[0].slots[0]
        for index in (6, 7, 8):
            await h.ticket_act("leftover", slot, index)
        preparing = rounds.prepare(h.room, h.secretary, ["i1"], ["A", "G"])
        error = await refusal(preparing, "issued-mismatch")
        assert error.params["series"] == "G"
        fix = {"leave": [], "attend": [], "reason": "数错"}
        fix["present"] = [{"group": "G", "series": None, "count": 6}]
        fix = {name: fix[name] for name in ("leave", "attend", "present", "reason")}
        await h.act("correct", fix)
        for index in (6, 7):
            await h.ticket_act("leftover", slot, index, "G")
        bound = await rounds.prepare(h.room, h.secretary, ["i1"], ["A", "G"])
        assert len(bound.credentials.elements) == 12


# --- release --------------------------------------------------------------------------------------


async def opened_things(h, account):
    async with h.client(account) as client:
        return [
            (await client.get(f"/api/slots/{h.slot}/{path}")).status_code
            for path in ("archive/final", "archive/proofs", "outcome")
        ]


async def test_counts_are_the_room_s_only_once_two_roles_released_them(here):
    async with here("counted") as h:
        assert await opened_things(h, None) == [401] * 3
        assert await opened_things(h, "kiosk:1") == [403] * 3
        await h.propose("release", {"slot": h.slot})
        async with unchanged(h):
            assert not await h.sign("secretary")
        assert await opened_things(h, None) == [401] * 3
        assert await h.sign("scrutineer-1")
        assert await opened_things(h, None) == [200] * 3
        assert await opened_things(h, "kiosk:1") == [200] * 3
        async with unchanged(h):
            await refusal(h.propose("release", {"slot": h.slot}), "already-released")


async def test_where_the_room_hears_the_outcome_alone_counts_stay_with_the_officers(here):
    async with here("counted") as h:
        await h.act("release", {"slot": h.slot})
        view = await h.room.view()
        meeting, _ = view.frozen()
        assert counting.is_public(view, h.slot)
        rules = {
            name: dataclasses.replace(rule, visibility="outcome")
            for name, rule in meeting.rules.items()
        }
        other = dataclasses.replace(view, meeting=dataclasses.replace(meeting, rules=rules))
        assert not counting.is_public(other, h.slot)
        assert not counting.is_public(view, meeting.slots[1])


async def test_a_teller_releases_nothing_and_nobody_before_the_count(here):
    async with here("sealed") as h, unchanged(h):
        await refusal(h.propose("release", {"slot": h.slot}, "teller"), "not-your-role")
        await refusal(h.propose("release", {"slot": h.slot}), "round-sealed")
