"""Names in words on the real server: nothing is decided before two scrutineers have read them."""

from __future__ import annotations

import json
import shutil
from secrets import token_bytes

from kiosk.server.services import counting, readings
from kiosk.server.services.facts import gather
from kiosk.server.services.overview import overview_of
from kiosk.server.services.steps import meeting_steps
from tests.support.server import opened, refusal
from tests.support.words_server import MARKS, unread
from voting.meeting.readings import mask_reading
from voting.protocol import codec

READ = [3, "written", "invalid"]
"""Of 干部丙, 张三 and 王伟."""
WORDS = {text for mark in MARKS for text in mark if isinstance(text, str)}


async def steps_of(h):
    facts = await gather(h.room)
    return {one.id: one.state for one in meeting_steps(facts) if one.slot == h.slot}


async def reading_of(h):
    (one,) = overview_of(await gather(h.room))["rounds"]
    return one["reading"]


async def test_a_box_with_words_is_read_by_two_before_anybody_certifies(tmp_path):
    async with unread(tmp_path / "m") as h:
        slot = h.slot
        assert await reading_of(h) == "due"
        steps = await steps_of(h)
        assert (steps["count"], steps["read"]) == ("done", "now")
        assert (steps["decide"], steps["certify"], steps["release"]) == ("later",) * 3

        found = await readings.entries(h.room, slot)
        assert [(one["text"], one["votes"], one["named"], one["as"]) for one in found] == [
            ("干部丙", 1, [3], None),
            ("张三", 1, [], None),
            ("王伟", 2, [6, 7], None),
        ]
        wish = {"slot": slot, "officer": "scrutineer-1", "pen": None}
        await refusal(h.propose("certify", wish, "scrutineer-1"), "reading-missing")
        for more in ({}, {"last": True}):
            await refusal(h.propose("release", {"slot": slot, **more}), "reading-missing")
        for wrong, code in (
            (READ[:2], "reading-mismatch"),
            ([*READ, "invalid"], "reading-mismatch"),
            ([3, 8, "invalid"], "reading-number"),
            ([3, "written", "written"], "reading-name"),
            ([3, "written", 0], "malformed"),
            ([], "malformed"),
        ):
            wish_ = {"slot": slot, "read": wrong}
            await refusal(h.propose("reading", wish_, "scrutineer-1"), code)
        good = {"slot": slot, "read": READ}
        await refusal(h.propose("reading", good, "secretary"), "not-your-role")

        await h.propose("reading", good, "scrutineer-2")
        assert not await h.sign("scrutineer-2", "scrutineer-2")
        assert await h.sign("scrutineer-1")

        assert await reading_of(h) == "done"
        steps = await steps_of(h)
        assert (steps["read"], steps["decide"], steps["certify"]) == ("done", "now", "now")
        meeting, state = await h.frozen()
        outcome = json.loads(await counting.outcome(h.room, meeting, state.rounds[slot]))
        assert outcome["items"][0]["counts"][""] == {
            "numbers": {"1": 2, "3": 2},
            "none": 1,
            "invalid": 0,
            "texts": [{"text": "张三", "votes": 1}],
        }
        assert [one["as"] for one in await readings.entries(h.room, slot)] == [
            3,
            "written",
            "invalid",
        ]
        await h.act("certify", wish, "scrutineer-1")
        await refusal(h.propose("reading", good, "scrutineer-1"), "reading-late")
        shutil.copytree(tmp_path / "m", tmp_path / "again")
    async with opened(tmp_path / "again", h.devices) as h:
        assert await reading_of(h) == "done"  # from the ledger alone


async def test_nobody_without_the_box_learns_from_the_ledger_what_was_written_or_who_was_named(
    tmp_path,
):
    """Anybody in the room's network may ask for it, before any release and for ever after."""
    async with unread(tmp_path / "m") as h:
        good = {"slot": h.slot, "read": READ}
        bodies = []
        for _ in range(2):
            await h.act("reading", good, "scrutineer-1", "scrutineer-2")
            async with h.client(None) as client:
                answer = await client.get("/api/ledger")
                words = await client.get(f"/api/slots/{h.slot}/words")
                archive = await client.get(f"/api/slots/{h.slot}/archive/final")
            assert (answer.status_code, words.status_code, archive.status_code) == (200, 401, 401)
            bodies.append(json.loads(answer.content.splitlines()[-1])["act"]["body"])
        ledger = answer.content.decode()
        meeting, _ = await h.frozen()

    names = {one.name for roster in meeting.rosters.values() for one in roster.names}
    assert [text for text in WORDS | names if text in ledger or text in json.dumps(bodies)] == []
    assert "written" not in ledger
    assert "invalid" not in ledger
    assert [list(body) for body in bodies] == [["slot", "nonce", "entries"]] * 2
    assert [len(body["entries"]) for body in bodies] == [len(WORDS)] * 2
    first, second = bodies
    assert first["nonce"] != second["nonce"]
    assert first["entries"] != second["entries"]  # though both say the same


async def test_a_reading_of_1500_texts_can_be_posted_and_is_a_line(tmp_path):
    """A request to the server has 64 KiB; a line of the ledger a mebibyte."""
    async with unread(tmp_path / "m") as h:
        wish = {"kind": "reading", "body": {"slot": h.slot, "read": ["written"] * 1_500}}
        async with h.client("officer:scrutineer-1") as client:
            answer = await client.post("/api/proposals", content=codec.encode(wish))

    assert (answer.status_code, answer.json()["code"]) == (422, "reading-mismatch")  # was read
    written = {("i1", ""): [f"某某{number:04}" for number in range(1_500)]}
    body = mask_reading(h.slot, written, wish["body"]["read"], "b1" * 32, token_bytes)
    assert len(codec.encode(body)) < 12_000
