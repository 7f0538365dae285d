"""The console in Chromium: an officer's own device beside a real server, with real keys."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.support.browser import axe, watch
from tests.support.desk import PASSPHRASE, desk
from tests.support.serving import serving

SIZE = {"width": 1366, "height": 768}


@contextmanager
def consoles(browser, folder, stage, *officers):
    """Serve a meeting at a stage; yield it and an open console for each officer."""
    with ExitStack() as stack:
        s = stack.enter_context(serving(stage, folder / "meeting"))
        pages, faults = [], []
        for officer in officers:
            d = stack.enter_context(desk(s, officer, folder))
            d.unlock()
            context = browser.new_context(viewport=SIZE, locale="zh-CN")
            stack.callback(context.close)
            page = context.new_page()
            faults.append(watch(page))
            page.goto(d.url)
            page.wait_for_selector(".rail-key")
            pages.append(page)
        yield s, *pages
        assert [fault for each in faults for fault in each] == []


def entry(page, name):
    """Go to an entry of the line."""
    page.locator(f'.rail-key[data-key^="{name}"]').first.click()
    return page.locator(".panel-place")


def agree(page, label):
    """Press a key of the dialog that asks."""
    page.locator("dialog").get_by_role("button", name=label).click()


def sign(*pages):
    for page in pages:
        key = page.get_by_role("button", name="核对无误，签署")
        key.click()
        expect(key).to_have_count(0)


def test_an_officer_opens_his_key_with_his_passphrase(browser, tmp_path):
    with serving("keyed", tmp_path / "meeting") as s, desk(s, "secretary", tmp_path) as d:
        page = browser.new_context(viewport=SIZE).new_page()
        faults = watch(page)
        page.goto(d.url)
        page.wait_for_selector("h2")
        assert axe(page) == []

        page.get_by_label("口令").fill("wrong wrong wrong")
        page.get_by_role("button", name="进入").click()
        expect(page.locator(".note.bad")).to_contain_text("口令不对")
        page.get_by_label("口令").fill(PASSPHRASE)
        page.get_by_role("button", name="进入").click()

        expect(page.locator(".bar .who")).to_have_text("会议秘书 工作人员1")
        page.context.close()
        assert faults == []


def test_somebody_invited_again_enrols_in_a_page_of_the_server(browser, tmp_path):
    with consoles(browser, tmp_path, "drafted", "secretary") as (s, page):
        s.hall.room.draft = replace(s.hall.room.draft, pages="server")
        place = entry(page, "enrol")
        row = place.get_by_role("row", name="主持人")
        row.get_by_role("button", name="重发邀请码").click()
        agree(page, "重发邀请码")
        code = page.locator(".invitations .code").inner_text()
        agree(page, "已经交好")

        chair = browser.new_context(viewport=SIZE).new_page()
        faults = watch(chair)
        chair.goto(f"{s.url}/console")
        chair.get_by_label("邀请码").fill(code)
        chair.get_by_label("口令", exact=True).fill(PASSPHRASE)
        chair.get_by_label("再输一次口令").fill(PASSPHRASE + "x")
        chair.get_by_role("button", name="登记").click()
        expect(chair.locator(".note.bad")).to_contain_text("两次输入的口令不同")
        chair.get_by_label("再输一次口令").fill(PASSPHRASE)
        chair.get_by_role("button", name="登记").click()
        expect(chair.locator(".bar .who")).to_have_text("主持人 成员1")
        assert chair.evaluate("document.cookie") == ""

        chair.reload()
        chair.get_by_label("口令").fill(PASSPHRASE)
        chair.get_by_role("button", name="进入").click()
        expect(chair.locator(".bar .who")).to_have_text("主持人 成员1")
        chair.context.close()
        assert faults == []


def test_a_console_that_cannot_be_drawn_says_why_and_is_drawn_when_somebody_tries_again(
    browser, tmp_path
):
    """Where the session had ended and nothing answered, it once stood still without a word."""
    with consoles(browser, tmp_path, "keyed", "secretary") as (_, page):
        ended = '{"code":"not-enrolled","params":{}}'
        page.route("**/device/about", lambda one: one.abort())
        page.route("**/api/overview", lambda one: one.fulfill(status=401, body=ended))

        expect(page.get_by_role("heading", name="页面没有打开")).to_be_visible()
        expect(page.get_by_role("alert").filter(has_text="服务端没有回应")).to_be_visible()
        assert axe(page) == []
        again = page.get_by_role("button", name="再试一次")
        again.click()
        expect(again).to_be_focused()
        page.unroute_all()
        again.click()

        expect(page.locator(".bar .who")).to_have_text("会议秘书 工作人员1")


@pytest.mark.parametrize("stage", ["keyed", "attended", "counted"])
def test_axe_finds_nothing_in_any_panel(browser, tmp_path, stage):
    with consoles(browser, tmp_path, stage, "secretary") as (_, page):
        keys = page.locator(".rail-key")
        for index in range(keys.count()):
            keys.nth(index).click()
            page.wait_for_load_state("networkidle")
            assert axe(page) == [], keys.nth(index).get_attribute("data-key")
        page.get_by_role("button", name="English").click()
        page.wait_for_selector("html[lang=en] .rail-key")
        assert axe(page) == []


def test_two_officers_freeze_on_their_own_devices(browser, tmp_path):
    with consoles(browser, tmp_path, "keyed", "secretary", "scrutineer-1") as (s, page, other):
        entry(page, "freeze").get_by_role("button", name="提出冻结").click()
        expect(page.locator("dialog")).to_contain_text("不能撤回")
        agree(page, "提出冻结")
        expect(page.locator(".tray-act")).to_contain_text("冻结会议。会议指纹")
        sign(page, other)

        code = s.do(lambda h: h.frozen())[0].code
        expect(page.locator(".fingerprint .code")).to_have_text(code)
        expect(other.locator(".fingerprint .code")).to_have_text(code)


def test_an_act_that_is_not_agreed_to_in_the_dialog_is_not_proposed(browser, tmp_path):
    with consoles(browser, tmp_path, "keyed", "secretary") as (s, page):
        entry(page, "freeze").get_by_role("button", name="提出冻结").click()
        agree(page, "先不办")

        assert s.hall.room.proposal is None


def test_what_is_withdrawn_leaves_the_tray(browser, tmp_path):
    with consoles(browser, tmp_path, "keyed", "secretary") as (s, page):
        entry(page, "freeze").get_by_role("button", name="提出冻结").click()
        agree(page, "提出冻结")
        page.get_by_role("button", name="撤回").click()

        expect(page.locator(".tray")).to_contain_text("现在没有等待签署的事项")
        assert s.hall.room.proposal is None


def test_somebody_signs_in_and_draws_with_one_key_found_by_name(browser, tmp_path):
    with consoles(browser, tmp_path, "attended", "secretary") as (s, page):
        place = entry(page, "attend")
        place.get_by_role("searchbox").fill("成员7")
        expect(place.locator(".person")).to_have_count(1)
        place.get_by_role("button", name="签到并抽码").click()

        expect(page.locator(".says")).to_contain_text("成员7 已签到")
        expect(page.locator(".attendance")).to_contain_text("实到 7")
        assert s.do(lambda h: h.frozen())[1].present() == 7


def test_a_poll_never_takes_what_is_being_typed(browser, tmp_path):
    with consoles(browser, tmp_path, "attended", "secretary") as (s, page):
        place = entry(page, "attend")
        place.get_by_role("searchbox").fill("成员")
        s.do(lambda h: h.room_act("attend", "成员7"))
        expect(page.locator(".attendance")).to_contain_text("实到 7")

        expect(place.get_by_role("searchbox")).to_have_value("成员")
        expect(place.get_by_role("searchbox")).to_be_focused()


def test_a_recusal_makes_a_paper_of_its_own_that_comes_first(browser, tmp_path):
    with consoles(browser, tmp_path, "attended", "secretary") as (_, page):
        place = entry(page, "attend")
        place.locator("summary", has_text="登记回避").click()
        place.get_by_label("回避的成员").select_option("成员4")
        place.get_by_label("第 2 项 人选2").check()
        place.get_by_role("button", name="登记回避").click()

        expect(page.locator(".rail-title", has_text="第 1 张票（第 2 项）")).to_be_visible()
        expect(page.locator(".rail-title", has_text="第 2 张票（第 1 项）")).to_be_visible()


def test_a_paper_is_prepared_and_opened_after_its_leftovers(browser, tmp_path):
    officers = ("secretary", "scrutineer-1")
    with consoles(browser, tmp_path, "attended", *officers) as (s, page, other):
        place = entry(page, "paper")
        expect(place.get_by_role("button", name="编定本票")).to_be_disabled()
        for index in (6, 7, 8):
            place.get_by_label("扫描枪扫到这里").fill(ticket("A", index))
            place.get_by_role("button", name="作废这张").click()
            expect(place.locator(".leftovers .note.good")).to_contain_text(f"第 {index - 5} 张")
        expect(place.get_by_role("button", name="编定本票")).to_be_disabled()
        s.do(lambda h: h.discuss("i1", "i2"))
        place.get_by_role("button", name="编定本票").click()
        expect(place.locator(".acks")).to_contain_text("已有 0 台，要 3 台")
        s.do(lambda h: h.acknowledge())
        place.get_by_role("button", name="提出开始投票").click()
        agree(page, "提出开始投票")
        sign(page, other)

        expect(place.locator("[data-part=voting]")).to_contain_text("收回（分段显示）")


def test_a_wrong_ticket_says_what_to_do(browser, tmp_path):
    with consoles(browser, tmp_path, "attended", "secretary") as (_, page):
        place = entry(page, "paper")
        place.get_by_label("扫描枪扫到这里").fill("https://example.org")
        place.get_by_role("button", name="作废这张").click()

        expect(place.locator(".leftovers .note.bad")).to_be_visible()
        expect(place.get_by_label("扫描枪扫到这里")).to_have_value("")


def test_a_box_is_sealed_only_with_the_heads_that_were_counted(browser, tmp_path):
    officers = ("secretary", "scrutineer-1", "scrutineer-2")
    with consoles(browser, tmp_path, "voted", *officers) as (s, page, other, third):
        place = entry(page, "paper")
        heads = place.get_by_label("清点投完票的人数")
        heads.fill("5")
        place.get_by_role("button", name="提出封箱").click()
        agree(page, "提出封箱")
        expect(page.locator(".says")).to_contain_text("不一致，不能封箱")
        expect(place).not_to_contain_text("追踪码 6 个")
        heads.fill("6")
        place.get_by_role("button", name="提出封箱").click()
        agree(page, "提出封箱")
        sign(page, other)
        expect(place).to_contain_text("追踪码 6 个")
        entry(other, "paper").get_by_role("button", name="提出“无异议”").click()
        sign(other, third)

        expect(page.locator("[data-part=counting]")).to_contain_text("监票人已签：无异议")
        assert s.do(lambda h: h.frozen())[1].rounds[s.hall.slot].no_objection


def test_a_busy_kiosk_bars_the_seal_until_it_is_overridden(browser, tmp_path):
    with consoles(browser, tmp_path, "voted", "secretary") as (s, page):
        s.hall.room.busy.add("kiosk:1")
        place = entry(page, "paper")
        key = place.get_by_role("button", name="提出封箱")
        expect(key).to_be_disabled()
        expect(place.locator(".barred")).to_contain_text("1 号终端有人正在投票")

        place.get_by_label("照常封箱").check()
        expect(key).to_be_enabled()


def test_a_round_is_voided_by_chair_and_scrutineer_with_a_reason(browser, tmp_path):
    with consoles(browser, tmp_path, "voted", "chair", "scrutineer-1") as (s, page, other):
        place = entry(page, "paper")
        place.locator("summary", has_text="本轮作废").click()
        place.get_by_role("button", name="提出作废").click()
        expect(page.locator(".says")).to_contain_text("请写明理由")
        place.get_by_label("理由").fill("票面有误")
        place.get_by_role("button", name="提出作废").click()
        expect(page.locator("dialog")).to_contain_text("票面有误")
        agree(page, "提出作废")
        sign(page, other)

        expect(page.locator(".rail")).to_contain_text("本轮作废")
        assert s.do(lambda h: h.frozen())[1].rounds[s.hall.slot].void_reason == "票面有误"


def test_a_series_with_a_lost_slip_is_voided_and_the_reserve_takes_its_place(browser, tmp_path):
    officers = ("secretary", "scrutineer-1")
    with consoles(browser, tmp_path, "attended", *officers) as (s, page, other):
        place = entry(page, "paper")
        place.locator("summary", has_text="剩余的都扫完了还对不上").first.click()
        place.get_by_role("button", name="提出作废这个票组").first.click()
        expect(page.locator("dialog")).to_contain_text("作废票组 A")
        agree(page, "提出作废这个票组")
        sign(page, other)

        expect(place.get_by_role("button", name="编定本票")).to_be_disabled()
        assert s.do(lambda h: h.frozen())[1].void_series == {"A"}


def test_a_pen_signature_is_taken_in_with_its_page_and_the_others_sign_by_key(browser, tmp_path):
    officers = ("secretary", "scrutineer-1")
    with consoles(browser, tmp_path, "counted", *officers) as (s, page, other):
        place = entry(page, "paper")
        expect(place.locator(".outcome")).to_contain_text("通过")
        image = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
        file = {"name": "qianzi.png", "mimeType": "image/png", "buffer": image}
        place.locator("[data-part=signing] input[type=file]").set_input_files(file)
        place.get_by_role("button", name="证明是本人所签").click()
        agree(page, "证明是本人所签")
        sign(page)
        expect(place.locator("[data-part=signing]")).to_contain_text("已手签，页面已存")

        entry(other, "paper").get_by_role("button", name="用密钥签署结果").click()
        expect(other.locator(".tray-act")).to_contain_text("人选1")
        sign(other)
        signed = s.do(lambda h: h.frozen())[1].rounds[s.hall.slot].signed
        assert [one.officer for one in signed] == ["teller", "scrutineer-1"]


def test_the_chair_is_offered_nothing_that_his_role_may_not_do(browser, tmp_path):
    with consoles(browser, tmp_path, "voted", "chair") as (_, page):
        place = entry(page, "paper")

        expect(place.get_by_role("button", name="提醒")).to_be_visible()
        expect(place.get_by_role("button", name="提出封箱")).to_have_count(0)
        attendance = entry(page, "attend")
        expect(attendance.get_by_role("button", name="签到并抽码")).to_have_count(0)


def test_a_pasted_roll_is_previewed_with_its_faults_by_row(browser, tmp_path):
    with consoles(browser, tmp_path, "drafted", "secretary") as (_, page):
        place = entry(page, "draft")
        place.get_by_role("tab", name="名册", exact=True).click()
        area = place.get_by_label("粘贴到这里")
        area.fill("姓名\t职务\t类别\n周志远\t市委书记\t成员\n孙文博\t副主任\t旁听")
        place.get_by_role("button", name="预览").click()

        expect(place.locator(".note.bad")).to_contain_text("第 3 行 类别：不认识的类别“旁听”")
        expect(place.locator("tr.bad")).to_contain_text("孙文博")


def test_the_fields_and_the_text_are_one_draft(browser, tmp_path):
    with consoles(browser, tmp_path, "drafted", "secretary") as (s, page):
        place = entry(page, "draft")
        place.get_by_label("会议名称").fill("改过的会议")
        place.get_by_role("button", name="保存").click()
        expect(page.locator(".says")).to_contain_text("已保存")
        place.get_by_role("tab", name="文本（TOML）").click()
        text = place.get_by_label("会议草案全文")
        expect(text).to_have_value(re.compile("改过的会议"))
        text.fill(text.input_value().replace("改过的会议", ""))
        place.get_by_role("button", name="保存").click()

        expect(place.locator(".faults")).to_contain_text("会议名称 不能为空")
        assert s.hall.room.draft.title == "改过的会议"


def test_a_silent_server_is_said_and_what_stands_there_stays(browser, tmp_path):
    with consoles(browser, tmp_path, "attended", "secretary") as (_, page):
        entry(page, "room").get_by_role("button", name="登记", exact=True).click()
        expect(page.locator(".says")).to_contain_text("请选择是哪几项")
        page.route("**/api/overview", lambda route: route.abort())
        expect(page.locator(".silence")).to_contain_text("没有回应")
        expect(page.locator(".attendance")).to_contain_text("实到 6")
        page.unroute("**/api/overview")

        expect(page.locator(".silence")).to_be_hidden()
        expect(page.locator(".says")).to_contain_text("请选择是哪几项")  # it was not done


def test_an_answer_that_never_comes_is_a_silent_server_and_is_asked_for_again(browser, tmp_path):
    """On a bad line a request hangs for minutes; the console stood still and said nothing."""
    with consoles(browser, tmp_path, "attended", "secretary") as (_, page):
        page.route("**/api/overview", lambda _route: None)
        expect(page.locator(".silence")).to_contain_text("没有回应")
        page.unroute("**/api/overview")

        expect(page.locator(".silence")).to_be_hidden()


def ticket(series, index):
    """What is printed on a ticket of the hall."""
    from tests.support.meeting import token_of
    from voting.protocol.credential import format_token

    return format_token(token_of(series, index))
