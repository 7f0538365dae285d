"""The console in Chromium: two scrutineers read names in words, and sign what both were shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kiosk.server.services import readings
from tests.browser.test_console_contests import consoles
from tests.support.browser import axe
from tests.support.serving import serving_hall
from tests.support.words_server import unread

SHOWN = (
    "“干部丙”（1 处）：3 号 干部丙",
    "“张三”（1 处）：2 号 干部乙",
    "“王伟”（2 处）：7 号 王伟(水利局)",
)


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("words")
    with serving_hall(lambda: unread(folder / "meeting")) as s:
        yield s, folder


async def said(h):
    return await readings.entries(h.room, h.slot)


def entry(part, text):
    return part.locator("fieldset.reading", has_text=f"“{text}”")


def test_names_in_words_are_read_by_two_who_both_see_the_whole_list(browser, counted):
    s, folder = counted
    with consoles(browser, s, folder, "scrutineer-1", "scrutineer-2") as (first, second):
        first.locator(".rail-key", has_text="第 1 张票").first.click()
        part = first.locator("[data-part=counting]")
        propose = part.get_by_role("button", name="提出认读")
        expect(propose).to_be_disabled()  # one of that name is proposed, of two nobody is
        expect(part).to_contain_text("还有 2 种写法没有定")
        expect(entry(part, "干部丙").locator("input:checked")).to_have_attribute("data-as", "3")
        assert axe(first) == []

        namesakes = entry(part, "王伟")
        expect(namesakes).to_contain_text("名册有同名")
        expect(namesakes.locator("input[type=radio]")).to_have_count(3)  # no "written" for him
        namesakes.get_by_label("7 号 王伟(水利局)").check()
        stranger = entry(part, "张三")
        stranger.get_by_label("在名册中查找").fill("gan bu yi")
        stranger.get_by_role("button", name="2 号 干部乙").click()
        expect(stranger.locator("input:checked")).to_have_attribute("data-as", "2")
        propose.click()

        for page in (first, second):
            for line in SHOWN:
                expect(page.locator(".tray-act")).to_contain_text(line)
            page.locator(".tray").get_by_role("button", name="签署").click()
        expect(part).to_contain_text("两位监票人已认读")
        expect(part.locator("table")).to_contain_text("王伟(水利局)")
        assert {one["text"]: one["as"] for one in s.do(said)} == {"干部丙": 3, "张三": 2, "王伟": 7}
