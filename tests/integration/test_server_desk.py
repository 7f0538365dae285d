"""What the console, the hall screen and the observer read, over the web, at every stage."""

from __future__ import annotations

import json

import pytest

from kiosk.server.services import signed_pages
from tests.support.server import PAGE, PRESENT, STAGES, hall, reach, refusal, ticket_json
from tests.unit.test_steps import all_said, rendered
from voting.crypto.hashing import sha256_hex
from voting.words import LANGS

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
SCREENS = ("/api/hall", "/api/observe")


def body(**values):
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


async def look(h, path="/api/overview", account="officer:secretary"):
    async with h.client(account) as client:
        response = await client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("stage", STAGES)
async def test_at_every_stage_everything_said_has_its_sentence(stage, tmp_path):
    async with hall(stage, tmp_path / "m") as h:
        overview = await look(h)
        screens = [await look(h, path, None) for path in SCREENS]

    assert [one["id"] for one in overview["steps"] if one["state"] == "now"]
    for one in all_said([overview, *screens]):
        assert all(rendered(one, lang) for lang in LANGS)


async def test_a_step_that_is_ready_is_one_that_the_server_takes(tmp_path):
    async with hall("keyed", tmp_path / "m") as h:
        (step,) = [one for one in (await look(h))["steps"] if one["ready"]]
        assert step["act"] == "freeze"
        await h.act(step["act"], {})
    async with hall("attended", tmp_path / "n") as h:
        slot = await h.prepare("i1")
        opening = [one for one in (await look(h))["steps"] if one["id"] == "open"]
        assert [one["ready"] for one in opening] == [False, False]  # nobody has acknowledged
        assert [one["items"] for one in (await look(h))["papers"]] == [["i1"], ["i2"]]
        await refusal(h.propose("open", {}), "too-few-acks")
        await h.acknowledge()
        steps = {(one["slot"], one["id"]): one for one in (await look(h))["steps"]}
        assert steps[slot, "open"]["ready"]
        await h.act("open", {})


async def test_the_papers_are_what_prepare_takes(tmp_path):
    async with hall("attended", tmp_path / "m") as h:
        await h.discuss("i1", "i2")
        paper = (await look(h))["papers"][0]
        for index in range(6, 9):
            await h.ticket_act("leftover", paper["slot"], index)
        async with h.client("officer:secretary") as client:
            wish = body(items=paper["items"], series=paper["series"])
            prepared = await client.post("/api/slots/prepare", content=wish)
        after = await look(h)

    assert prepared.json() == {"slot": paper["slot"]}
    assert after["papers"][0]["prepared"]
    assert (after["binding"]["items"], after["binding"]["acks"]) == (paper["items"], [])


async def test_no_name_of_the_roll_is_on_a_public_screen_or_in_the_overview(tmp_path):
    async with hall("counted", tmp_path / "m") as h:
        officers = {one.name for one in h.room.draft.officers} | set(h.room.draft.trustees)
        others = set(PRESENT) - officers
        seen = [json.dumps(await look(h, path, None), ensure_ascii=False) for path in SCREENS]
        overview = json.dumps(await look(h), ensure_ascii=False)

    assert others
    assert [name for name in others if name in overview] == []
    assert [name for name in {*PRESENT, *officers} if any(name in one for one in seen)] == []


async def test_the_roll_has_names_and_who_is_here_in_its_order(tmp_path):
    async with hall("attended", tmp_path / "m") as h:
        await h.room_act("leave", "成员2")
        for account in ("officer:secretary", "officer:recorder"):
            roll = await look(h, "/api/roll", account)
    people = roll["people"]

    assert [one["n"] for one in people] == list(range(1, 11))
    assert people[1] | {"recused": []} == {
        "n": 2,
        "who": "成员2",
        "name": "成员2",
        "key": "",
        "class": "member",
        "post": "常委",
        "series": "A",
        "state": "away",
        "drawn": "A",
        "recused": [],
    }
    assert [one["state"] for one in people[5:8]] == ["present", "expected", "expected"]


async def test_nothing_that_is_read_moves_with_one_cast(tmp_path):
    async with hall("opened", tmp_path / "m") as h:
        paths = [("/api/overview", "officer:secretary"), *((one, None) for one in SCREENS)]
        before = [await look(h, path, account) for path, account in paths]
        await h.vote(0)
        one = [await look(h, path, account) for path, account in paths]
        await h.vote(1, 2, 3, 4, 5)
        all_ = await look(h)

    assert one == before
    assert all_["rounds"][0]["returned"] == 5  # and the sixth is not seen to arrive
    assert not all_["rounds"][0]["exact"]


async def test_leftovers_are_scanned_at_the_table_too_and_a_withdrawal_is_not(tmp_path):
    async with hall("attended", tmp_path / "m") as h:
        slot = (await h.frozen())[0].slots[0]
        answers = []
        for act, index, account in (
            ("leftover", 6, "officer:secretary"),
            ("leftover", 7, "officer:scrutineer-1"),
            ("leftover", 8, "officer:chair"),
            ("withdraw", 0, "officer:secretary"),
        ):
            signed = await h.signed_ticket(act, slot, index)
            async with h.client(account) as client:
                sent = await client.post(
                    "/api/ticket-acts", content=body(**ticket_json(act, slot, signed))
                )
            answers.append(sent.status_code)

    assert answers == [200, 200, 403, 403]


async def test_the_last_call_is_heard_in_the_hall_until_the_box_is_closed(tmp_path):
    async with hall("voted", tmp_path / "m") as h:
        async with h.client("officer:chair") as chair:
            await chair.post("/api/last-call", content=body(slot=h.slot))
        said = (await look(h, "/api/hall", None))["papers"][0]["last_call"]
        await h.seal(h.slot, 6)
        after = (await look(h, "/api/hall", None))["papers"][0]["last_call"]
        async with h.client("officer:chair") as chair:
            late = await chair.post("/api/last-call", content=body(slot=h.slot))

    assert (said, after) == (True, False)
    assert late.json()["code"] == "round-sealed"


async def test_a_kiosk_is_seen_for_a_minute_and_no_time_of_it_is_told(tmp_path):
    async with hall("opened", tmp_path / "m") as h:
        async with h.client("kiosk:1") as kiosk:
            await kiosk.post("/api/kiosk/hello", content=body(build="ab12"))
            await kiosk.post("/api/kiosk/busy", content=body(busy=True))
        first = (await look(h))["kiosks"]
        h.clock.forward(59)
        still = (await look(h))["kiosks"]
        h.clock.forward(1)
        gone = (await look(h))["kiosks"]

    assert first[0] == {
        "account": "kiosk:1",
        "enrolled": True,
        "invited": False,
        "seen": True,
        "busy": True,
        "build": "ab12",
    }
    assert still == first
    assert [one["seen"] for one in gone] == [False] * 4
    assert [one["invited"] for one in gone] == [False, False, False, True]


async def test_trackers_come_with_the_seal_and_words_with_the_release(tmp_path):
    async with hall("voted", tmp_path / "m") as h:
        open_ = (await look(h, "/api/hall", None))["papers"][0]
        await h.seal(h.slot, 6)
        sealed = (await look(h, "/api/hall", None))["papers"][0]
        await h.count(h.slot)
        counted = (await look(h, "/api/hall", None))["papers"][0]
        await h.act("release", {"slot": h.slot}, "chair", "scrutineer-1")
        told = (await look(h, "/api/hall", None))["papers"][0]
        async with h.room.store.reading() as tx:
            trackers = sorted(one[:12] for one in await tx.trackers(h.slot))

    assert (open_["trackers"], sealed["trackers"]) == (None, trackers)
    assert (sealed["returned"], sealed["exact"]) == (6, True)
    assert {**counted, "state": "sealed"} == sealed
    assert told["announcement"]["zh"][1] == (
        "人选1同志，同意4票，不同意1票，弃权1票，同意票超过应到会常委的半数，通过。"
    )
    assert len(told["announcement"]["en"]) == 2


async def test_where_the_rule_tells_only_the_outcome_no_count_is_on_the_screen(tmp_path):
    draft = '[rules.standing-committee]\nvisibility = "outcome"\n'
    async with hall("drafted", tmp_path / "m") as h:
        text = (h.room.folder / "meeting.toml").read_text("utf-8")
        async with h.client("officer:secretary") as client:
            kept = await client.put("/api/draft", content=body(toml=text + draft))
        assert kept.json() == {"saved": "whole", "faults": [], "invitations": {}}
        await reach(h, "drafted", "counted")
        await h.act("release", {"slot": h.slot}, "chair", "scrutineer-1")
        paper = (await look(h, "/api/hall", None))["papers"][0]
        async with h.client() as nobody:
            final = await nobody.get(f"/api/slots/{h.slot}/archive/final")

    assert paper["announcement"]["zh"][1:] == ["人选1同志，通过。"]
    assert final.status_code == 401


@pytest.mark.parametrize(
    ("page", "kind"), [(PAGE, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
async def test_a_signed_page_is_kept_by_its_digest(page, kind, tmp_path):
    async with hall("counted", tmp_path / "m") as h, h.client("officer:recorder") as client:
        for _ in range(2):
            kept = await client.post("/api/pages", content=page)
            assert (kept.status_code, kept.json()) == (201, {"page": sha256_hex(page)})
        shown = await client.get(f"/api/pages/{sha256_hex(page)}")
        other = await client.get(f"/api/pages/{'0' * 64}")
        wrong = await client.get("/api/pages/..%2Fserver.key")
        (stored,) = (h.room.folder / signed_pages.FOLDER).iterdir()

    assert (shown.content, shown.headers["content-type"]) == (page, kind)
    assert (other.json()["code"], wrong.json()["code"]) == ("page-unknown", "not-found")
    assert (stored.name, stored.stat().st_mode & 0o777) == (sha256_hex(page), 0o600)


async def test_what_is_no_page_is_refused(tmp_path):
    async with hall("counted", tmp_path / "m") as h, h.client("officer:secretary") as client:
        html = await client.post("/api/pages", content=b"<html>%PDF-1.7")
        long = await client.post("/api/pages", content=b"%PDF-" + b"\0" * signed_pages.MAX_PAGE)
        assert not (h.room.folder / signed_pages.FOLDER).exists()

    assert (html.status_code, html.json()["code"]) == (400, "page-kind")
    assert (long.status_code, long.json()["code"]) == (413, "body-too-long")


async def test_a_signature_by_pen_needs_the_page_that_it_names(tmp_path):
    async with hall("counted", tmp_path / "m") as h:
        pen = {"page": sha256_hex(PAGE), "confirmed_by": "secretary"}
        wish = {"slot": h.slot, "officer": "teller", "pen": pen}
        await refusal(h.propose("certify", wish), "page-unknown")
        await refusal(h.propose("certify", {**wish, "pen": {**pen, "page": "../x"}}), "malformed")
        await signed_pages.keep(h.room, h.secretary, PAGE)
        await h.act("certify", wish, "secretary")


async def test_the_forms_of_a_round_and_of_the_meeting_are_typeset(tmp_path):
    async with hall("sealed", tmp_path / "m") as h, h.client("officer:teller") as client:
        early = await client.get(f"/api/slots/{h.slot}/forms.pdf")
        whole = await client.get("/api/forms.pdf")
        await h.count(h.slot)
        forms = [
            await client.get(path) for path in (f"/api/slots/{h.slot}/forms.pdf", "/api/forms.pdf")
        ]

    assert (early.json()["code"], whole.json()["code"]) == ("round-sealed", "round-unfinished")
    for one in forms:
        assert one.headers["content-type"] == "application/pdf"
        assert one.content.startswith(b"%PDF-")
    assert forms[0].content != forms[1].content  # the digest is of the outcome, or of the result
