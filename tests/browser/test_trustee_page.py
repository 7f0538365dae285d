"""A trustee's page: one instruction at a time, its keys, the key file, a program that is gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from kiosk.device.held import HeldClient
from kiosk.device.local import make_local
from kiosk.device.trustee_local import trustee_routes
from tests.support.browser import axe
from tests.support.paged import PlayedTrustee, laptop, look, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from kiosk.device.page_talk import PageTalk

page = pytest.fixture(laptop)

PASSPHRASE = "四个 不相干 的词 在这里"
CODE = "7K2M 9QXA 4TRD VN80"
SLOT = "czGGWXvvgBY76kwNd9stfZ"
FACTS = {"zh": "冻结会议。会议指纹 " + CODE, "en": "Freeze the meeting."}
STEPS = [
    # What the device says or asks (a question ends with "?"), and what then stands on the screen.
    ("ceremony", {"attempt": 1, "threshold": 2, "size": 3}, "等待其他密钥保管人"),
    ("waiting", {"step": "commit", "missing": [1, 3]}, "还在等第 1、3 位的设备"),
    (
        "code?",
        {"code": "62122 65524", "meeting": "1Meeting", "threshold": 2, "size": 3},
        "请大声念出这十位数字",
    ),
    ("keys-made", {"media": 2}, "正在演练解密"),
    ("rehearsed", {}, "演练成功"),
    ("accept?", {"code": CODE, "title": "常委会会议", "text": FACTS}, "请核对会议指纹"),
    ("accepted", {}, "等待开始投票"),
    ("agreed", {"slot": SLOT, "active": 11}, "本轮已核对"),
    ("checking", {"slot": SLOT, "ballots": 500}, "已核对 0 张，共 500 张"),
    ("progress", {"slot": SLOT, "done": 132, "total": 500}, "已核对 132 张，共 500 张"),
    ("checkpoint", {"slot": SLOT, "digest": CODE}, "票箱核对无误"),
    ("cosigners", {"slot": SLOT, "have": 1, "need": 3}, "已有 1 台设备签名，要 3 台"),
    ("compare-aloud?", {"slot": SLOT, "digest": CODE}, "请当众比较"),
    ("decrypted", {"slot": SLOT}, "本机已开箱"),
    ("destroy-early?", {"items": ["i2", "i3"], "absent": []}, "等待下一轮"),
    ("error", {"code": "objection-open", "params": {"slot": SLOT}}, "监票人"),
    ("stopped?", {}, "先停下来"),
    ("destroy?", {"items": [], "absent": ["/media/u2/a.key"]}, "请销毁密钥份额"),
    ("media-again?", {"number": 1}, "还有 1 份密钥文件没有销毁"),
    ("destroying", {}, "份额已从介质上销毁"),
    ("destroy-again?", {"act": "act", "signature": "ab" * 64}, "会议台账还没有写明"),
    ("destroyed-unsaid", {}, "会议台账没有写明"),
    ("destroyed", {}, "可以关机"),
]


@pytest.fixture
def trustee():
    """A device that the test plays, and the address of its page."""
    made = PlayedTrustee()
    app = make_local("trustee", HeldClient("http://127.0.0.1:1"), trustee_routes(made))
    with served(app) as url:
        yield made, f"{url}/trustee"


def say_or_ask(talk: PageTalk, event: str, params: dict[str, Any]) -> None:
    talk.offer(event[:-1], **params) if event.endswith("?") else talk.tell(event, **params)


def unlocked(page: Page, trustee: tuple[PlayedTrustee, str]) -> PageTalk:
    made, url = trustee
    made.unlock(made.passphrase)
    page.goto(url)
    return made.talk


# Each instruction


def test_there_is_one_instruction_at_a_time_in_both_languages(page, trustee):
    talk = unlocked(page, trustee)
    for event, params, shown in STEPS:
        talk.withdraw()
        say_or_ask(talk, event, params)
        expect(page.locator("#now")).to_contain_text(shown)
        assert page.locator("h2").count() == 1
        look(page, f"{event.strip('?')}")
        for button in page.locator("button:visible, summary:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 48, button.inner_text()

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#step")).to_contain_text("You may switch off", ignore_case=True)
    page.locator(".log summary").click()
    expect(page.locator("#log li")).to_have_count(19)
    assert not re.search(
        "[\u4e00-\u9fff]", page.locator("#log").inner_text().replace("常委会会议", "")
    )
    assert axe(page) == []


@pytest.mark.parametrize(
    ("question", "key", "answer"),
    [
        (STEPS[2], "十位数字全部相同", "yes"),
        (STEPS[2], "有不同", "no"),
        (STEPS[5], "完全相同", "yes"),
        (STEPS[5], "不相同", "no"),
        (STEPS[12], "不相同，不开箱", "no"),
        (STEPS[20], "不再试，结束", "no"),
        (STEPS[16], "处理好了，继续", "yes"),
    ],
)
def test_a_key_answers_the_question_it_stands_under(question, key, answer, page, trustee):
    talk = unlocked(page, trustee)
    event, params, _ = question
    say_or_ask(talk, event, params)

    page.get_by_role("button", name=key).click()

    expect(page.locator("#now .keys")).to_have_count(0)
    assert talk.answered() == answer


def test_why_an_answer_was_not_taken_stands_on_the_page_until_the_next_one(page, trustee):
    """It was once told to screen readers only."""
    talk = unlocked(page, trustee)
    say_or_ask(talk, *STEPS[2][:2])
    refusal = '{"code":"not-asked","params":{}}'
    page.route("**/device/talk", lambda one: one.fulfill(status=409, body=refusal))
    key = page.get_by_role("button", name="十位数字全部相同")

    key.click()
    expect(page.locator("#now .note")).to_contain_text("这个问题已经不再问了")
    assert axe(page) == []
    page.unroute("**/device/talk")
    key.click()

    expect(page.locator("#now .note")).to_have_count(0)
    assert talk.answered() == "yes"


def test_destroying_is_asked_twice_and_escape_destroys_nothing(page, trustee):
    talk = unlocked(page, trustee)
    talk.offer("destroy-early", items=["i2"], absent=[])
    page.get_by_role("button", name="不再表决，销毁我的密钥份额").click()
    expect(page.get_by_role("dialog")).to_contain_text("以后也不能了：i2")
    assert axe(page) == []

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="不再表决").press("Enter")
    page.get_by_role("button", name="先不销毁").press("Enter")
    assert talk.answered() is None

    page.get_by_role("button", name="不再表决").press("Enter")
    page.get_by_role("button", name="确定，销毁").press("Enter")
    expect(page.locator("#now .keys")).to_have_count(0)
    assert talk.answered() == "yes"


def test_a_question_that_is_taken_back_leaves_the_screen(page, trustee):
    talk = unlocked(page, trustee)
    talk.tell("decrypted", slot=SLOT)
    talk.offer("destroy-early", items=["i2"], absent=[])
    expect(page.locator("#step")).to_have_text("本轮结束，等待下一轮")

    talk.withdraw()

    expect(page.locator("#step")).to_have_text("本机已开箱")
    expect(page.locator("#now .keys")).to_have_count(0)


def test_the_keyboard_and_a_screen_reader_are_led_to_each_instruction(page, trustee):
    talk = unlocked(page, trustee)
    say_or_ask(talk, *STEPS[2][:2])
    expect(page.locator("#step")).to_be_focused()
    expect(page.locator("#alert")).to_have_text("请大声念出这十位数字")

    page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="十位数字全部相同")).to_be_focused()
    digits = page.get_by_role("list", name="要比较的符号").get_by_role("listitem")
    assert digits.first.get_attribute("aria-label") == "6 2 1 2 2"


# The key file


def test_a_first_start_says_what_is_wrong_and_where(page, trustee):
    made, url = trustee
    made.enrolled = False
    page.goto(url)
    trouble = page.locator(".trouble")
    press = page.get_by_role("button", name="登记").click
    expect(page.get_by_label("邀请码")).to_be_focused()
    assert axe(page) == []

    press()
    expect(trouble).to_have_text("请先输入邀请码。")
    page.get_by_label("邀请码").fill("WRONG")
    page.get_by_label("口令", exact=True).fill("short")
    press()
    expect(trouble).to_contain_text("至少 8 个字符")
    page.get_by_label("口令", exact=True).fill(PASSPHRASE)
    page.get_by_label("再输一次").fill(PASSPHRASE + "。")
    press()
    expect(trouble).to_contain_text("两次输入的口令不同")
    assert made.used == []

    page.get_by_label("再输一次").fill(PASSPHRASE)
    press()
    expect(trouble).to_contain_text("邀请码")
    look(page, "登记有错")
    assert page.get_by_label("口令", exact=True).input_value() == ""
    page.get_by_label("邀请码").fill("GOOD")
    for label in ("口令", "再输一次同样的口令"):
        page.get_by_label(label, exact=True).fill(PASSPHRASE)
    page.keyboard.press("Enter")

    expect(page.locator("#step")).to_have_text("请稍候")
    expect(page.locator("#whose")).to_have_text("第 2 位密钥保管人")
    assert made.used[-1] == ("GOOD", PASSPHRASE)


def test_a_program_started_again_asks_for_the_passphrase_and_goes_on(page, trustee):
    made, _ = trustee
    talk = unlocked(page, trustee)
    talk.tell("accepted")
    expect(page.locator("#step")).to_have_text("已确认，等待开始投票")

    made.open = None
    made.missing = ["/media/u2/a.key"]
    talk.tell("agreed", slot=SLOT, active=1)  # wakes the request that waits

    expect(page.locator("#step")).to_have_text("请输入口令")
    expect(page.locator("#now")).to_contain_text("/media/u2/a.key")
    look(page, "口令")
    page.get_by_label("口令", exact=True).fill("not this one")
    page.keyboard.press("Enter")
    expect(page.locator(".trouble")).to_contain_text("口令不对")
    page.get_by_label("口令", exact=True).fill(made.passphrase)
    page.keyboard.press("Enter")
    expect(page.locator("#step")).to_have_text("请稍候")
    made.talk.tell("agreed", slot=SLOT, active=7)
    expect(page.locator("#step")).to_contain_text("本轮已核对")


def test_a_page_whose_program_is_gone_says_so(page):
    made = PlayedTrustee()
    app = make_local("trustee", HeldClient("http://127.0.0.1:1"), trustee_routes(made))
    with served(app) as url:
        unlocked(page, (made, f"{url}/trustee")).tell("accepted")
        expect(page.locator("#step")).to_have_text("已确认，等待开始投票")

    expect(page.locator("#step")).to_have_text("本机的程序没有回答")
    look(page, "没有回答")
