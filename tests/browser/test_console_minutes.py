"""The recorder's page in Chromium: the minutes, and the gates of the room that go with them."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.test_console_page import consoles, entry


def enter(place, what, item, who=None):
    """Enter something into the minutes for one item."""
    place.get_by_label("登记什么").select_option(label=what)
    if who:
        place.get_by_label("姓名").fill(who)
    place.get_by_label(item).check()
    place.get_by_role("button", name="登记", exact=True).click()


def test_the_recorder_s_lines_pass_the_gates_and_late_ones_say_so(browser, tmp_path):
    with consoles(browser, tmp_path, "opened", "recorder") as (s, page):
        place = entry(page, "room")
        for item, what in (("第 1 项 人选1", "发言"), ("第 2 项 人选2", "介绍人")):
            enter(place, what, item, "成员5")
            expect(page.locator(".says")).to_contain_text("已登记 1 项")

        expect(place.locator(".item").nth(0)).to_contain_text("事后补记")
        expect(place.locator(".item").nth(1)).not_to_contain_text("事后补记")
        assert s.do(lambda h: h.frozen())[1].steps["i2"] == 1


def test_a_gate_is_entered_however_late_the_page_hears_of_the_one_before(browser, tmp_path):
    """The page decided by its copy of the ledger, which lagged: a gate was left out in silence,
    and no paper could be prepared any more. It happened in the room of ``test_meeting``."""
    with consoles(browser, tmp_path, "opened", "recorder") as (s, page):
        place = entry(page, "room")
        expect(place.locator(".item").nth(1)).to_contain_text("逐个介绍")
        page.route("**/api/ledger*", lambda _route: None)
        enter(place, "介绍人", "第 2 项 人选2", "成员5")
        expect(page.locator(".says")).to_contain_text("已登记 1 项")
        enter(place, "讨论结束", "第 2 项 人选2")
        page.unroute("**/api/ledger*")  # lets go what was held

        expect(place.locator(".item").nth(1)).to_contain_text("✓ 充分讨论")
        assert s.do(lambda h: h.frozen())[1].steps["i2"] == 2


def test_a_gate_before_its_turn_is_refused_with_what_comes_first(browser, tmp_path):
    with consoles(browser, tmp_path, "opened", "recorder") as (s, page):
        place = entry(page, "room")
        enter(place, "主要负责人最后表态", "第 2 项 人选2", "成员5")

        expect(page.locator(".says")).to_contain_text("第 2 项现在不能登记“主要负责人末位表态”")
        expect(place.locator(".item").nth(1)).to_contain_text("还没有记录")
        assert "i2" not in s.do(lambda h: h.frozen())[1].steps

        place.get_by_role("button", name="都不选").click()
        enter(place, "讨论结束", "第 1 项 人选1")  # over long ago: nothing is sent, and it is said
        expect(page.locator(".says")).to_contain_text("不用再登记")


def test_what_broke_off_in_the_middle_is_gone_on_with_and_nothing_is_entered_twice(
    browser, tmp_path
):
    with consoles(browser, tmp_path, "opened", "recorder") as (_, page):
        place, sent = entry(page, "room"), []

        def second_fails(route):
            if route.request.method == "POST":
                sent.append(route)
            if len(sent) == 2:
                route.abort()
            else:
                route.continue_()

        page.route("**/api/minutes", second_fails)
        place.get_by_label("第 1 项 人选1").check()
        enter(place, "发言", "第 2 项 人选2", "成员5")
        expect(page.locator(".says")).to_contain_text("没有回应")
        expect(place.get_by_label("第 1 项 人选1")).not_to_be_checked()
        expect(place.get_by_label("第 2 项 人选2")).to_be_checked()
        page.unroute("**/api/minutes")
        place.get_by_role("button", name="登记", exact=True).click()

        expect(page.locator(".says")).to_contain_text("已登记 1 项")
        expect(place.locator(".item .lines li")).to_have_count(2)
