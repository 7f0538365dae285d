"""What the console does in Chromium when the server falls silent in the middle of something."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_console_page import consoles, entry


def test_recusals_that_broke_off_are_gone_on_with_by_pressing_again(browser, tmp_path):
    with consoles(browser, tmp_path, "attended", "secretary") as (s, page):
        sent = []

        def second_fails(route):
            sent.append(route)
            if len(sent) == 2:
                route.abort()
            else:
                route.continue_()

        page.route("**/api/room", second_fails)
        place = entry(page, "attend")
        place.locator("summary", has_text="登记回避").click()
        place.get_by_label("回避的成员").select_option("成员2")
        for item in ("第 1 项 人选1", "第 2 项 人选2"):
            place.get_by_label(item).check()
        place.get_by_role("button", name="登记回避").click()
        expect(page.locator(".says")).to_contain_text("没有回应")
        place.get_by_role("button", name="登记回避").click()

        expect(page.locator(".says")).to_contain_text("成员2")
        recusals = s.do(lambda h: h.frozen())[1].recusals
        assert {item: len(who) for item, who in recusals.items()} == {"i1": 1, "i2": 1}


def test_an_invitation_is_shown_though_the_draft_can_not_be_read_back(browser, tmp_path):
    """The server tells a code once; the page read the draft first, and could lose the code."""
    with consoles(browser, tmp_path, "drafted", "secretary") as (_, page):
        place = entry(page, "draft")
        place.get_by_role("tab", name="文本（TOML）").click()
        text = place.get_by_label("会议草案全文")
        recorder = '[[officers]]\nrole = "recorder"\n'
        text.fill(text.input_value().replace(recorder, f'{recorder}id = "another"\n'))

        def unread(route):
            if route.request.method == "GET":
                route.abort()
            else:
                route.continue_()

        page.route("**/api/draft", unread)
        place.get_by_role("button", name="保存").click()

        expect(page.locator("dialog .invitations li")).to_have_count(1)
