"""The kiosk's page in Chromium: a vote from scan to wipe, and every way in which it goes wrong."""

from __future__ import annotations

import io
import json
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.support.browser import axe, watch
from tests.support.kiosk_page import (
    TYPE,
    cast,
    choose,
    kiosk,
    kiosk_room,
    mark_all,
    on,
    press,
    ready,
    scan,
    sealed_tracker,
    ticket,
)
from tests.support.meeting import token_of
from voting.crypto.group import ED25519
from voting.protocol.ballot import decode_ballot, verify_ballot
from voting.protocol.credential import format_token, private_credential
from voting.protocol.election import decode_election

FIVE_MINUTES = 300_000


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """Two papers open: i1 by itself, then i2 to i9, which are paged. Tickets 0 to 5 are good."""
    folder = tmp_path_factory.mktemp("kiosk") / "meeting"
    with kiosk_room(folder, ["i1"], [f"i{i}" for i in range(2, 10)]) as s:
        yield s


@pytest.fixture
def page(browser, hall):
    page = kiosk(browser, hall)
    yield page
    page.context.close()
    assert page.faults == []


def stored(s, slot=None):
    """Trackers in the box of a slot."""

    async def ask(h):
        async with h.room.store.reading() as tx:
            return sorted(body.tracker for body in await tx.ballots(slot or h.devices.slots[0]))

    return s.do(ask)


def election(s, slot):
    async def ask(h):
        async with h.room.store.reading() as tx:
            return await tx.archive(slot, "election")

    return decode_election(s.do(ask))


def traces(page):
    """Everything that a browser could keep of a session."""
    return page.evaluate(
        """async () => JSON.stringify({
          local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie,
          caches: await caches.keys(), databases: await indexedDB.databases(),
          history: history.length, state: history.state, address: location.href,
          name: window.name, page: document.documentElement.outerHTML, title: document.title,
        })"""
    )


def outgoing(page):
    """Collect every byte that leaves the page from now on."""
    sent = []
    page.on(
        "request",
        lambda r: sent.append(
            r.method.encode()
            + r.url.encode()
            + json.dumps(r.headers).encode()
            + (r.post_data_buffer or b"")
        ),
    )
    return sent


def test_a_ticket_votes_on_every_paper_and_nothing_of_it_stays(page, hall):
    sent = outgoing(page)
    before = json.loads(traces(page))
    scan(page, ticket(0))
    expect(page.locator(".paper-number")).to_have_text("第 1/2 张")
    choose(page, "i1", "disagree")
    press(page, "review", "review")
    expect(page.locator('[data-item="i1"]')).to_have_attribute("data-choice", "disagree")
    first = cast(page, "next")
    press(page, "onward", "ballot")
    expect(page.locator(".counter")).to_have_text("已选 0/8")
    mark_all(page, "abstain")
    second = cast(page)

    shown = page.locator("[data-screen=done] [data-tracker]").all()
    assert [one.get_attribute("data-tracker") for one in shown] == [first, second]
    for slot, tracker in zip(hall.hall.devices.slots, (first, second), strict=True):
        assert [one for one in stored(hall, slot) if one.startswith(tracker)]

    page.wait_for_timeout(1300)
    page.mouse.click(640, 300)
    on(page, "waiting")
    after = traces(page)
    kept = json.loads(after)
    for name in ("local", "session", "cookie", "caches", "databases", "state", "address", "name"):
        assert kept[name] == before[name], name
    for trace in (first, second, "disagree", "abstain", token_of("A", 0)):
        assert trace not in after

    token = token_of("A", 0)
    secrets = [token, token.lower(), format_token(token), "同意", "agree", "abstain", 'choices":[[']
    for slot in hall.hall.devices.slots:
        secret = private_credential(token, slot, ED25519)
        secrets += [str(secret), f"{secret:064x}", secret.to_bytes(32, "little").hex()]
    for body in sent:
        for one in secrets:
            assert one.encode() not in body
    assert set(re.findall(rb"https?://[^/\"]+", b"".join(sent))) == {hall.url.encode()}


def test_what_was_cast_is_a_ballot_that_python_verifies(page, hall):
    bodies = []
    page.on("request", lambda r: r.url.endswith("/ballots") and bodies.append(r.post_data_buffer))
    scan(page, ticket(1))
    mark_all(page)
    cast(page, "next")

    asked = election(hall, hall.hall.devices.slots[0])
    verify_ballot(asked, decode_ballot(bodies[0], asked))
    press(page, "onward", "ballot")
    mark_all(page, "disagree")
    cast(page)


def test_an_open_item_is_named_in_the_review_and_cannot_be_sealed(browser, tmp_path):
    with kiosk_room(tmp_path / "meeting", [f"i{i}" for i in range(1, 10)]) as s:
        page = kiosk(browser, s, viewport={"width": 1024, "height": 768})
        scan(page, ticket(0))
        rows = page.locator(".item-row").count()
        assert 6 <= rows <= 8
        choose(page, "i1", "agree")
        press(page, "review", "review")

        assert page.locator('[data-key="cast"]').count() == 0
        assert page.locator(".line.open").count() == 8
        page.locator('[data-item="i9"] button').click()
        on(page, "ballot")
        expect(page.locator('[data-item="i9"]')).to_be_visible()
        assert page.faults == []
        page.context.close()


def test_a_checked_ballot_is_void_and_the_ticket_stays_good(page, hall):
    scan(page, ticket(2))
    mark_all(page)
    tracker = sealed_tracker(page)
    press(page, "check", "tracker")
    assert not [one for one in stored(hall) if one.startswith(tracker)]
    press(page, "open", "opening")

    state = hall.do(lambda h: h.frozen())[1]
    assert [
        one for one in state.rounds[hall.hall.devices.slots[0]].spoiled if one.startswith(tracker)
    ]
    press(page, "onward", "ballot")
    assert page.locator('[aria-checked="true"]').count() == 0
    mark_all(page)
    again = cast(page, "next")
    assert again != tracker


def test_the_opening_is_not_shown_before_the_mark_is_durable(page):
    page.route("**/spoil", lambda route: route.abort())
    scan(page, ticket(5))
    mark_all(page)
    sealed_tracker(page)
    press(page, "check", "tracker")
    press(page, "open", "marking")
    page.wait_for_timeout(1500)

    assert page.locator("canvas").count() == 0
    page.unroute("**/spoil")
    on(page, "opening")


def test_a_network_lost_after_the_seal_neither_loses_nor_doubles(page, hall):
    bodies = []

    def lose(route):
        bodies.append(route.request.post_data_buffer)
        if len(bodies) == 1:
            route.fetch()  # it arrives; its answer does not
        route.abort() if len(bodies) < 3 else route.continue_()

    before = len(stored(hall))
    scan(page, ticket(3))
    mark_all(page)
    page.route("**/ballots", lose)
    cast(page, "next")

    assert len(bodies) == 3
    assert len(set(bodies)) == 1
    assert len(stored(hall)) == before + 1


def test_a_page_reloaded_before_the_answer_learns_that_it_counted(browser, hall):
    page = kiosk(browser, hall)
    page.route("**/ballots", lambda route: (route.fetch(), route.abort()))
    scan(page, ticket(4))
    mark_all(page)
    tracker = sealed_tracker(page)
    press(page, "cast", "casting")
    page.wait_for_timeout(1000)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    on(page, "waiting")

    other = kiosk(browser, hall, number=2)
    scan(other, ticket(4))
    expect(other.locator(".paper-number")).to_have_text("第 2/2 张")
    mark_all(other)
    cast(other)
    other.wait_for_timeout(1300)
    other.keyboard.press("a")
    on(other, "waiting")
    scan(other, ticket(4), "standing")
    expect(other.locator(".standing")).to_contain_text(f"{tracker[:4]} {tracker[4:8]}")
    other.context.close()
    page.context.close()


def test_reload_during_a_ballot_waits_again_with_nothing_cast(page, hall):
    before = stored(hall)
    scan(page, ticket(5))
    mark_all(page)
    sealed_tracker(page)
    page.reload()
    on(page, "waiting")

    assert stored(hall) == before
    assert "i1" not in page.locator("body").inner_html()


def test_back_shows_nothing_again(page):
    scan(page, ticket(5))
    mark_all(page)
    page.evaluate("history.back()")
    page.wait_for_timeout(500)
    on(page, "review")
    page.evaluate("history.back()")
    page.wait_for_timeout(500)
    on(page, "review")
    press(page, "edit", "ballot")
    press(page, "stop")
    page.get_by_role("button", name="清除并离开").click()
    on(page, "waiting")
    for _ in range(3):
        page.evaluate("history.back()")
        page.wait_for_timeout(200)
    on(page, "waiting")


def test_a_second_tab_is_refused(page, hall):
    other = page.context.new_page()
    other.goto(f"{hall.url}/kiosk")

    on(other, "stopped")
    expect(other.locator(".sentence")).to_contain_text("另一个窗口")


def test_nobody_there_warns_and_wipes(browser, hall):
    page = kiosk(browser, hall)
    before = stored(hall)
    page.clock.install()
    page.reload()
    ready(page)
    page.clock.run_for(1000)
    scan(page, ticket(5))
    mark_all(page)
    page.clock.run_for(FIVE_MINUTES - 1000)
    assert page.locator("#idle").count() == 0
    page.clock.run_for(2000)
    expect(page.locator("#idle")).to_be_visible()
    page.locator("#idle button").click()
    expect(page.locator("#idle")).to_have_count(0)
    on(page, "review")
    page.clock.run_for(FIVE_MINUTES + 31_000)

    on(page, "waiting")
    assert stored(hall) == before
    assert page.faults == []
    page.context.close()


def test_staff_cover_wipes_first_and_the_code_returns_to_service(page):
    page.get_by_role("button", name="设置工作人员密码").click()
    page.get_by_label("工作人员密码").fill("4711")
    page.get_by_role("button", name="保存").click()
    on(page, "waiting")
    scan(page, ticket(5))
    choose(page, "i1", "agree")
    page.locator(".mark").hover()
    page.mouse.down()
    page.wait_for_timeout(3300)
    page.mouse.up()

    on(page, "covered")
    assert page.locator("[data-item]").count() == 0
    page.keyboard.type("1234")
    page.keyboard.press("Enter")
    expect(page.locator(".note.bad")).to_be_visible()
    page.keyboard.type("4711")
    page.keyboard.press("Enter")
    on(page, "waiting")


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("HTTP://EXAMPLE.COM/", "这不是投票码"),
        ("PJ1:4W262TBH", "只读到半个投票码"),
        ("PJ1:4W262TBHF9ZHA62A08JXZEHXA870", "读得不对"),
    ],
)
def test_a_code_that_is_no_ticket_gets_a_sentence(page, code, sentence):
    scan(page, code, "waiting")

    expect(page.locator(".notice-place")).to_contain_text(sentence)


def test_other_tickets_get_a_sentence(page):
    for one, sentence in (
        (ticket(0, "another meeting"), "可能是另一次会议的"),
        (ticket(7), "登记为剩余"),
    ):
        scan(page, one, "notice")
        expect(page.locator(".sentence")).to_contain_text(sentence)
        press(page, "close", "waiting")


def test_a_ticket_typed_by_hand_says_which_group_is_wrong(page):
    text = format_token(token_of("A", 5)).replace("-", "")
    wrong = text[:9] + ("0" if text[9] != "0" else "1") + text[10:]
    press(page, "type", "typing")
    for symbol in wrong:
        page.get_by_role("button", name=symbol, exact=True).click()
    press(page, "go")
    expect(page.locator(".note.bad")).to_contain_text("第 3 组")
    for symbol in text[8:12]:
        page.keyboard.press(symbol)
    press(page, "go", "ballot")


def test_a_second_device_rebuilds_what_the_kiosk_sealed(browser, hall):
    page = kiosk(browser, hall, number=2)
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    faults = watch(phone)
    phone.goto(f"{hall.url}/check")
    expect(phone.locator(".fingerprint")).to_contain_text(hall.do(lambda h: h.frozen())[0].code)
    scan(page, ticket(5))
    choose(page, "i1", "disagree")
    press(page, "review", "review")
    sealed_tracker(page)
    press(page, "check", "tracker")
    phone.evaluate(TYPE, qr_on(page))
    expect(phone.locator(".tracker")).to_be_visible()
    press(page, "open", "opening")
    phone.evaluate(TYPE, qr_on(page))

    verdict = phone.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "matches")
    expect(phone.locator('[data-item="i1"] .word')).to_have_text("不同意")
    assert axe(phone) == []
    assert faults == page.faults == []
    phone.close()
    page.context.close()


def test_an_opening_of_other_choices_does_not_match(browser, hall):
    page = kiosk(browser, hall, number=2)
    phone = browser.new_page()
    phone.goto(f"{hall.url}/check")
    phone.wait_for_selector(".fingerprint")
    scan(page, ticket(5))
    mark_all(page)
    sealed_tracker(page)
    press(page, "check", "tracker")
    phone.evaluate(TYPE, "PJ1:4W262TBHF9ZHA62A08JXZEHXA87D")
    expect(phone.locator(".note.bad")).to_contain_text("第一个码")
    phone.evaluate(TYPE, qr_on(page))
    expect(phone.locator(".tracker")).to_be_visible()
    press(page, "open", "opening")
    phone.evaluate(TYPE, qr_on(page).replace("[[1,0,0]]", "[[0,1,0]]"))

    expect(phone.locator("[data-verdict]")).to_have_attribute("data-verdict", "differs")
    phone.close()
    page.context.close()


def qr_on(page):
    """Read the QR code on the screen with another decoder than ours."""
    picture = Image.open(io.BytesIO(page.locator("canvas").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def test_axe_finds_nothing_and_english_is_complete(page):
    def look():
        page.wait_for_timeout(200)
        assert axe(page) == []

    look()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    look()
    press(page, "type", "typing")
    look()
    page.keyboard.press("Escape")
    on(page, "waiting")
    scan(page, ticket(5))
    look()
    press(page, "review", "review")
    look()
    press(page, "open", "ballot")
    mark_all(page)
    sealed_tracker(page)
    look()
    press(page, "check", "tracker")
    look()
    press(page, "back", "review")
    press(page, "edit", "ballot")


def test_a_language_that_comes_late_does_not_change_the_next_voter_s_screen(page):
    held = []
    page.route("**/words/en.json", lambda route: held.append(route))
    with page.expect_request("**/words/en.json"):
        page.get_by_role("button", name="English").click()
    scan(page, ticket(5))
    press(page, "stop")
    page.get_by_role("button", name="清除并离开").click()
    on(page, "waiting")
    with page.expect_response("**/words/en.json"):
        held[0].continue_()
    scan(page, ticket(5))

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator('[data-option="agree"]').first).to_have_text("同意")


def test_the_camera_is_dark_while_a_ballot_is_open(page):
    page.evaluate(
        """() => {
          window.tracks = [];
          const media = navigator.mediaDevices;
          const ask = media.getUserMedia.bind(media);
          media.getUserMedia = async (what) => {
            const canvas = document.createElement("canvas");
            const stream = canvas.captureStream();
            window.tracks.push(...stream.getTracks());
            return stream;
          };
        }"""
    )
    for _ in range(3):
        press(page, "type", "typing")
        page.keyboard.press("Escape")
        on(page, "waiting")
    live = "() => window.tracks.filter((one) => one.readyState === 'live').length"
    page.wait_for_function(f"({live})() === 1")
    scan(page, ticket(5))

    assert page.evaluate(live) == 0
