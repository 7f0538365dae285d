"""Names in words on the real server: nothing is decided before two scrutineers have read them."""

from __future__ import annotations

import json
import shutil

from kiosk.server.services import counting, readings
from kiosk.server.services.facts import gather
from kiosk.server.services.overview import overview_of
from kiosk.server.services.steps import meeting_steps
from tests.support.readings import entry
from tests.support.server import opened, refusal
from tests.support.words_server import unread

READ = [entry("干部丙", 3), entry("张三", "written"), entry("王伟", "invalid")]


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
        wrong = {"slot": slot, "entries": READ[:2]}
        await refusal(h.propose("reading", wrong, "scrutineer-1"), "reading-mismatch")
        good = {"slot": slot, "entries": READ}
        await refusal(h.propose("reading", good, "secretary"), "not-your-role")

        await h.propose("reading", good, "scrutineer-2")
        assert not await h.sign("scrutineer-2", "scrutineer-2")
        assert await h.sign("scrutineer-1")

        assert await reading_of(h) == "done"
        steps = await steps_of(h)
        assert (steps["read"], steps["decide"], steps["certify"]) == ("done", "now", "now")
        meeting, state = await h.frozen()
        async with h.room.store.reading() as tx:
            outcome = json.loads(await counting.outcome(tx, meeting, state.rounds[slot]))
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
        again = {"slot": slot, "entries": READ}
        await refusal(h.propose("reading", again, "scrutineer-1"), "reading-late")
        shutil.copytree(tmp_path / "m", tmp_path / "again")
    async with opened(tmp_path / "again", h.devices) as h:
        assert await reading_of(h) == "done"  # from the ledger alone
