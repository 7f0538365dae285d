"""The console in Chromium: drafts of every kind of item, and a contest's last round."""

from __future__ import annotations

import tomllib
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import expect

from kiosk.server.services import drafting
from tests.support import kinds
from tests.support.browser import axe, watch
from tests.support.contests import ELECTED, GRID
from tests.support.desk import desk
from tests.support.drafts import GATES
from tests.support.kiosk_page import kiosk_room
from tests.support.serving import serving
from voting.meeting.draft import read_draft

SIZE = {"width": 1366, "height": 900}
MORE = (
    f'{{ gate = "failed", record = "{"cd" * 32}", item = "i1", date = 2026-05-01,'
    ' voucher = "干部科" }',
    f'{{ gate = "audit", digest = "{"ef" * 32}", voucher = "审计局" }}',
    f'{{ gate = "nominated", digest = "{"12" * 32}", voucher = "组织部" }}',
)
EVERYTHING = ELECTED.replace(
    "[[rosters]]",
    f"""
[[items]]
id = "i7"
rule = "standing-committee"
candidate = "周远山"
proposed = "水利局局长"
{GATES.removesuffix("]")}, {", ".join(MORE)}]
{GRID}
[[relations]]
who = "成员4"
of = "周远山"
kin = "affine"

[chain]
windows = [{{ from = 2026-01-01, until = 2026-02-01, why = "机构变动" }}]

[[rosters]]""",
    1,
)
"""An election with a roster, a confirmation with gates of three more kinds, a grid, relations."""


@contextmanager
def consoles(browser, s, folder, *officers):
    """An open console for each officer of a meeting that is served."""
    with ExitStack() as stack:
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
        yield pages
        assert [fault for each in faults for fault in each] == []


@pytest.fixture(scope="module")
def drafted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drafted")
    with serving("drafted", folder / "meeting") as s:
        yield s, folder


@pytest.fixture
def draft(browser, drafted):
    """The draft's panel of a meeting whose draft is a given text, and what the server has of it."""
    s, folder = drafted
    with ExitStack() as stack:

        def opened(text):
            s.do(lambda h: drafting.put(h.room, h.secretary, text))
            (page,) = stack.enter_context(consoles(browser, s, folder, "secretary"))
            page.locator('.rail-key[data-key^="draft"]').first.click()
            place = page.locator(".panel-place")
            return page, place, lambda: s.do(lambda h: drafting.read(h.room, h.secretary))

        yield opened


def tab(place, name):
    place.get_by_role("tab", name=name, exact=True).click()


def saved(page, word="已保存"):
    expect(page.locator(".says")).to_contain_text(word)
    page.wait_for_timeout(100)


def keep(page, within, word="已保存"):
    within.get_by_role("button", name="保存", exact=True).click()
    saved(page, word)


def form(place):
    return place.locator(".card", has=place.page.get_by_role("heading", name="表决事项"))


def add(place, rule):
    tab(place, "表决事项")
    place.get_by_role("button", name="增加一项").click()
    form(place).get_by_label("按什么规则表决").select_option(label=rule)
    return form(place)


def test_a_secretary_writes_a_contest_an_election_and_a_grid_with_a_roster(draft):
    page, place, _ = draft(kinds.FOLLOWED)
    made = add(place, "差额票决（常委会）")
    made.get_by_label("职位（拟任职务）").fill("青山镇镇长")
    made.get_by_label("人选", exact=True).fill("孙 立国\t青山镇副书记\n李慧敏\t民政局副局长")
    keep(page, made, "已暂存")
    expect(place.locator(".faults")).to_contain_text("第 2 行 上会材料")

    tab(place, "干部名册")
    fresh = place.locator("details", has_text="新的名册")
    fresh.get_by_label("名册名称").fill("党员名册")
    people = [f"{name} 第一党小组" for name in kinds.people(24)]
    fresh.get_by_label("粘贴到这里").fill("\n".join([*people, "于志强 男", "于志强"]))
    fresh.get_by_label("名册名称").focus()
    expect(fresh.locator(".note.bad")).to_contain_text("于志强")
    fresh.get_by_label("粘贴到这里").fill("\n".join([*people, "于志强 男", "于志强 女"]))
    fresh.get_by_label("名册名称").focus()
    expect(fresh.locator(".note.good")).to_contain_text("读到 26 人")
    keep(page, fresh, "已暂存")

    made = add(place, "基层组织选举")
    made.get_by_label("选举什么").fill("支部委员会委员")
    made.get_by_label("应选名额").fill("2")
    made.get_by_label("人选", exact=True).fill("张一\n王二\n李三")
    made.get_by_label("从哪份名册").select_option(label="党员名册（26 人）")
    keep(page, made, "已暂存")

    made = add(place, "民主测评")
    made.get_by_label("票面文字").fill("年度考核民主测评")
    made.get_by_label("测评对象").fill("李一 县长\n县政府班子 县政府 领导班子")
    made.get_by_label("测评内容").fill("德、能、勤、绩、廉")
    keep(page, made, "已暂存")
    assert axe(page) == []

    tab(place, "上会材料")
    for name in ("组织考察", "部务会讨论", "酝酿无分歧", "有关意见齐备"):
        gate = place.locator("section .gate", has_text=name)
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": name.encode()}
        gate.locator("input[type=file]").set_input_files(file)
        gate.get_by_label("由谁负责").fill("组织部")
        expect(gate.locator(".code")).to_be_visible()
    place.get_by_role("button", name="填入所有要求它的事项").click()
    saved(page)
    assert axe(page) == []

    (_, town, branch, year) = draft_of(page)
    assert (town.contest.seats, [one.name for one in town.contest.names]) == (
        1,
        ["孙立国", "李慧敏"],
    )
    assert town.contest.names[0].current == "青山镇副书记"
    assert len(town.gates) == 4
    assert (branch.contest.seats, branch.contest.roster) == (2, "r1")
    assert [one.scale for one in year.contest.subjects] == ["cadre", "team"]
    assert year.contest.aspects == ("德", "能", "勤", "绩", "廉")


def draft_of(page):
    """The items of the draft as its text has it."""
    tab(page.locator(".panel-place"), "文本（TOML）")
    text = page.get_by_label("会议草案全文").input_value()
    return read_draft(text).items


def test_a_draft_with_every_part_comes_out_of_each_form_as_it_went_in(draft):
    page, place, held = draft(EVERYTHING)
    before = tomllib.loads(held()["toml"])
    assert held()["faults"] == []

    for row in range(1, 4):
        tab(place, "表决事项")
        place.get_by_role("button", name="修改", exact=True).nth(row - 1).click()
        keep(page, form(place))
    tab(place, "上会材料")
    card = place.locator("details", has_text="周远山")
    card.locator("summary").click()
    expect(card.locator("fieldset.gate")).to_have_count(7)
    assert axe(page) == []
    keep(page, card)
    tab(place, "干部名册")
    roster = place.locator("details", has_text="干部名册").first
    roster.locator("summary").click()
    keep(page, roster)

    after = held()
    assert after["faults"] == []
    assert drafting._json(tomllib.loads(after["toml"])) == drafting._json(before)


def test_an_item_may_rest_on_an_earlier_record_or_on_an_item_of_this_meeting(draft):
    page, place, _ = draft(EVERYTHING)
    tab(place, "上会材料")
    card = place.locator("details", has_text="周远山")
    card.locator("summary").click()
    card.get_by_label("再加一种依据").select_option(label="民主推荐")
    gate = card.locator("fieldset.gate", has_text="民主推荐")
    gate.get_by_label("以前一次会议的表决").check()
    file = {"name": "result.json", "mimeType": "application/json", "buffer": b"{}"}
    gate.locator("input[type=file]").set_input_files(file)
    gate.get_by_label("那次会议的哪一项").fill("i2")
    gate.get_by_label("那次会议的日期").fill("2026-03-05")
    gate.get_by_label("由谁负责").fill("干部科")
    expect(gate.locator(".code")).to_be_visible()
    keep(page, card)

    last = draft_of(page)[1].gates[-1]
    assert (last.gate, last.item, last.date) == ("recommended", "i2", "2026-03-05")
    assert last.record.startswith("44136fa355b3678a")


def test_a_fault_in_a_name_leads_to_the_form_of_its_item(draft):
    _, place, _ = draft(EVERYTHING.replace('name = "孙三"', 'name = "孙二"', 1))
    expect(place.locator(".faults")).to_contain_text("表决事项第 1 行 人选第 3 行")
    place.locator(".fault").first.click()
    expect(form(place).get_by_label("选举什么")).to_have_value("镇长")


def test_the_chair_says_in_plain_words_that_a_contest_had_its_last_round(browser, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["posts"], text=kinds.FOLLOWED) as s:
        s.do(kinds.first_round)
        slot = s.hall.slot
        officers = ("secretary", "scrutineer-1")
        with consoles(browser, s, tmp_path, *officers) as (page, other):
            page.locator(".rail-key", has_text="第 1 张票").first.click()
            signing = page.locator("[data-part=signing]")
            expect(signing).to_contain_text("按规则还有下一轮：县水利局副局长")
            assert axe(page) == []
            signing.get_by_role("button", name="不再进行下一轮，公布结果").click()
            expect(page.locator("dialog")).to_contain_text("名额空缺")
            page.locator("dialog").get_by_role("button", name="不再进行下一轮").click()
            expect(page.locator(".tray-act")).to_contain_text("按规则还有下一轮；公布以后不再进行")
            for one in (page, other):
                key = one.get_by_role("button", name="核对无误，签署")
                key.click()
                expect(key).to_have_count(0)
            expect(signing).to_contain_text("结果已经公布")
            expect(page.locator(".rail-key", has_text="第 2 张票")).to_have_count(0)
        _, state = s.do(lambda h: h.frozen())
        assert state.rounds[slot].released
