"""What everybody may see: the hall screen and the observer's page, before and after the seal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import axe, watch
from tests.support.serving import serving


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    page = context.new_page()
    faults = watch(page)
    yield page
    context.close()
    assert faults == []


def frozen(s):
    return s.do(lambda h: h.frozen())[0]


def english(page):
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("stage", ["drafted", "attended", "opened", "sealed", "counted"])
def test_axe_finds_nothing(page, tmp_path, stage):
    with serving(stage, tmp_path / "meeting") as s:
        for name in ("", "hall", "observer"):
            page.goto(f"{s.url}/{name}")
            page.wait_for_selector("h1")
            page.wait_for_timeout(300)
            assert axe(page) == []
        if stage == "counted":
            english(page)
            assert axe(page) == []


def test_the_screen_shows_the_fingerprint_and_the_candidates(page, tmp_path):
    with serving("opened", tmp_path / "meeting") as s:
        page.goto(f"{s.url}/hall")

        expect(page.locator(".fingerprint")).to_have_text(frozen(s).code)
        expect(page.locator(".items")).to_contain_text(frozen(s).items["i1"].candidate)


def test_nothing_on_the_screen_moves_with_a_cast(page, tmp_path):
    with serving("opened", tmp_path / "meeting") as s:
        page.goto(f"{s.url}/hall")
        before = page.locator(".paper").inner_text()

        s.do(lambda h: h.vote(0))
        page.wait_for_timeout(4500)  # two looks at the server

        assert page.locator(".paper").inner_text() == before


def test_trackers_come_with_the_seal_and_counts_do_not(page, tmp_path):
    with serving("counted", tmp_path / "meeting") as s:
        page.goto(f"{s.url}/hall")

        listed = page.locator(".trackers li")
        expect(listed).to_have_count(6)
        assert listed.all_inner_texts() == sorted(listed.all_inner_texts())
        assert "4 票" not in page.locator("body").inner_text()


def test_a_lost_server_is_said_and_found_again(page, tmp_path):
    with serving("attended", tmp_path / "meeting") as s:
        page.goto(f"{s.url}/hall")
        page.wait_for_selector(".fingerprint")
        page.route("**/api/hall", lambda route: route.abort())
        expect(page.locator(".note.bad")).to_be_visible()
        page.unroute("**/api/hall")
        expect(page.locator(".note.bad")).to_have_count(0)


def test_an_observer_compares_a_fingerprint_and_finds_a_tracker(page, tmp_path):
    with serving("sealed", tmp_path / "meeting") as s:
        page.goto(f"{s.url}/observer")
        expect(page.locator(".big")).to_have_text(frozen(s).code)

        page.locator("#compare").fill("AAAA")
        expect(page.locator(".note.bad")).to_be_visible()
        page.locator("#compare").fill(frozen(s).code.replace(" ", "").lower())
        expect(page.locator(".note.good")).to_be_visible()

        one = page.locator(".trackers .code").first.inner_text()
        assert re.fullmatch(r"\S{4} \S{4} \S{4}", one)  # as the kiosk showed it to the voter
        page.locator("#find").fill(one)
        expect(page.locator(".trackers li")).to_have_count(1)


def test_an_observer_sees_no_past_rewritten(page, tmp_path):
    with serving("attended", tmp_path / "meeting") as s:
        page.goto(f"{s.url}/observer")
        page.wait_for_selector(".acts")
        other = '{"act":{"kind":"close","height":0,"parent":"","at":null,"body":{}}}\n'
        page.route("**/api/ledger*", lambda route: route.fulfill(status=200, body=other))

        expect(page.get_by_role("alert").filter(has_text="报告监票人").first).to_be_visible()
