"""The kiosk's ballots that ask for names and grades, in Chromium, down to what lies in the box."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.support import kinds
from tests.support.kinds import look, marked, untouchable
from tests.support.kiosk_page import cast, kiosk, kiosk_room, on, press, scan, ticket
from tests.support.kiosk_page import sealed_tracker as sealed


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Four papers: two posts to choose for, a word for each name, an election, a recommendation."""
    folder = tmp_path_factory.mktemp("mixed") / "meeting"
    with kiosk_room(folder, *kinds.MIXED_PAPERS, text=kinds.MIXED) as s:
        yield s


@pytest.fixture
def page(browser, mixed):
    page = kiosk(browser, mixed)
    yield page
    page.context.close()
    assert page.faults == []


def touch(page, *answers, item=None):
    """Touch names: of a list by id, of a roster by number."""
    within = f'[data-item="{item}"]' if item else ""
    for answer in answers:
        page.locator(f'.person{within}[data-answer="{answer}"]').click()


def say(page, **words):
    for line, option in words.items():
        page.locator(f'[data-line="{line}"] [data-option="{option}"]').click()


def chosen(page):
    return [
        one.get_attribute("data-answer")
        for one in page.locator('.person[aria-checked="true"]').all()
    ]


def choose_towns(page):
    touch(page, "c2")
    press(page, "forward")
    touch(page, "c9", "c1")
    press(page, "review", "review")


def word_for_each(page):
    say(page, c1="disagree", c2="agree", c3="abstain")
    press(page, "review", "review")


def elect(page):
    say(page, c1="agree", c2="disagree", c3="agree", c4="abstain")
    press(page, "others")
    press(page, "letter/o")
    expect(page.locator(".hits")).to_contain_text("没有找到")
    press(page, "clear")
    press(page, "find-forward")
    touch(page, "12")
    press(page, "onward")
    press(page, "review", "review")


def recommend(page):
    press(page, "finance/nobody")
    press(page, "forward")
    touch(page, "5", "2", item="deputy")
    press(page, "keys/write")
    page.locator('[data-key="write"]').fill("欧阳望舒")
    press(page, "add")
    expect(page.locator(".take-back")).to_have_count(3)
    press(page, "forward")
    touch(page, "c6", "c2", item="listed")
    press(page, "review", "review")


WALKS = (choose_towns, word_for_each, elect, recommend)


def test_papers_of_four_kinds_are_cast_as_they_were_marked(page, mixed):
    before = json.loads(traces(page))
    scan(page, ticket(0))
    for at, walk in enumerate(WALKS):
        walk(page)
        cast(page, "done" if at == 3 else "next")
        if at < 3:
            press(page, "onward", "ballot")
    page.wait_for_timeout(1300)
    page.mouse.click(640, 300)
    on(page, "waiting")

    after = json.loads(traces(page))
    for name in ("local", "session", "cookie", "caches", "databases", "state", "address"):
        assert after[name] == before[name], name
    for trace in ("李慧敏", "欧阳望舒", *kinds.people(9), "disagree"):
        assert trace not in after["page"], trace
    found = {}
    for slot in mixed.hall.devices.slots:
        for one in marked(mixed, slot):
            found |= one
    assert found == {
        "mayor": {"": ["c2"]},
        "deputies": {"": ["c1", "c9"]},
        "bureau": {"c1": "disagree", "c2": "agree", "c3": "abstain"},
        "branch": {"for": ["c1", "c3"], "against": ["c2"], "others": [12]},
        "finance": {"": []},
        "deputy": {"": [2, 5, "欧阳望舒"]},
        "listed": {"": ["c2", "c6"]},
    }


def traces(page):
    """What a browser could keep of a session, the page itself among it."""
    return page.evaluate(
        """async () => JSON.stringify({
          local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie,
          caches: await caches.keys(), databases: await indexedDB.databases(),
          state: history.state, address: location.href, page: document.documentElement.outerHTML,
        })"""
    )


def test_one_name_too_many_is_not_taken_and_a_sentence_says_why(page):
    scan(page, ticket(1))
    assert chosen(page) == []
    expect(page.locator(".counter")).to_have_text("已选 0/1")
    touch(page, "c1", "c2")
    expect(page.locator(".said")).to_contain_text("最多选 1 名")
    assert chosen(page) == ["c1"]
    press(page, "mayor/nobody")
    expect(page.locator(".said")).to_be_empty()
    assert chosen(page) == [""]
    touch(page, "c2")
    assert chosen(page) == ["c2"]
    page.set_viewport_size({"width": 800, "height": 1280})
    press(page, "forward")
    expect(page.locator(".matter")).to_contain_text("可以少选，不能多选")
    touch(page, "c1", "c2", "c3", "c4")
    expect(page.locator(".said")).to_contain_text("最多选 3 名")
    look(page)
    touch(page, "c1", "c2", "c3")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".choose .person")).to_have_count(9)
    names = [one.inner_text().split()[-1] for one in page.locator(".choose .person-name").all()]
    assert names == kinds.people(9)
    press(page, "review", "review")
    assert page.locator('[data-key="cast"]').count() == 0
    press(page, "open", "ballot")
    expect(page.locator(".matter h2")).to_contain_text("青山镇副镇长")


def test_an_election_is_not_overvoted_and_others_want_a_word_against(page):
    scan(page, ticket(2))
    for walk in WALKS[:2]:
        walk(page)
        cast(page, "next")
        press(page, "onward", "ballot")
    say(page, c1="agree", c2="agree", c3="agree", c4="agree")
    expect(page.locator(".said")).to_contain_text("最多 3 名")
    assert page.locator('[data-line="c4"] [aria-checked="true"]').count() == 0
    say(page, c4="abstain", c3="abstain")
    press(page, "others")
    press(page, "find-forward")
    touch(page, "12")
    expect(page.locator(".said")).to_contain_text("不赞成")
    assert chosen(page) == []
    press(page, "onward")
    say(page, c3="disagree")
    press(page, "others")
    assert page.locator(".people").get_by_text(kinds.people(1)[0], exact=True).count() == 0
    press(page, "find-forward")
    touch(page, "12")
    press(page, "onward")
    expect(page.locator(".others-list")).to_contain_text("另选")
    say(page, c3="agree")
    expect(page.locator(".said")).to_be_visible()
    assert page.locator('[data-line="c3"] [data-option="disagree"][aria-checked="true"]').count()


def test_people_are_found_by_pinyin_surname_characters_and_strokes(page):
    scan(page, ticket(3))
    for walk in WALKS[:3]:
        walk(page)
        cast(page, "next")
        press(page, "onward", "ballot")
    expect(page.locator(".people .person")).to_have_count(10)
    for letter in "wjg":
        press(page, f"letter/{letter}")
    found = page.locator(".people .person-name")
    expect(found.first).to_have_text("王建国")
    assert {one.inner_text() for one in found.all()} == {"王建国", "吴建国"}
    press(page, "erase")
    assert page.locator('[data-key="search"]').input_value() == "wj"
    press(page, "keys/surname")
    press(page, "surname/于")
    assert {one.inner_text() for one in found.all()} >= {"于志强(男)", "于志强(女)"}
    page.locator('[data-key="search"]').fill("白水镇")
    expect(page.locator(".people .person-post").first).to_have_text("白水镇")
    press(page, "clear")
    press(page, "order/strokes")
    expect(found.first).to_contain_text("于")
    page.locator(".people .person").first.click()
    expect(page.locator(".counter")).to_have_text("已选 1/1")
    press(page, "find-forward")
    page.locator(".take-back").click()
    expect(page.locator(".counter")).to_have_text("已选 0/1")
    press(page, "keys/write")
    expect(page.locator(".written .note")).to_contain_text("公开")
    page.locator('[data-key="write"]').fill("不 要!")
    press(page, "add")
    expect(page.locator(".said")).to_contain_text("写不进")
    page.set_viewport_size({"width": 800, "height": 1280})
    for tab in ("pinyin", "surname", "characters"):
        press(page, f"keys/{tab}")
        look(page)
    press(page, "order/roster")
    touch(page, "1", "2")
    expect(page.locator(".said")).to_contain_text("最多选 1 名")
    assert untouchable(page) == []


def test_what_is_written_is_said_to_become_public_until_it_is_cast(page):
    scan(page, ticket(3))
    for walk in () if page.locator(".finder").count() else WALKS[:3]:  # cast in the test above
        walk(page)
        cast(page, "next")
        press(page, "onward", "ballot")
    press(page, "keys/write")
    expect(page.locator(".written .note")).to_contain_text("原样公开")
    page.locator('[data-key="write"]').fill("欧阳望舒")
    press(page, "add")
    press(page, "forward")
    press(page, "keys/write")
    page.locator('[data-key="write"]').fill("买买提江吐尔逊尼亚孜阿卜杜拉")
    press(page, "add")
    expect(page.locator(".said")).to_contain_text("太长")
    press(page, "review", "review")
    expect(page.locator(".chosen-name")).to_have_text("欧阳望舒另填，将公开")


def test_a_voter_needs_no_more_than_a_keyboard(page):
    scan(page, ticket(4))

    def reach(key):
        for _ in range(80):
            if page.evaluate("document.activeElement?.dataset?.key") == key:
                return
            page.keyboard.press("Tab")
            page.wait_for_timeout(90)
        raise AssertionError(key)

    reach("mayor/c1")
    page.keyboard.press("Space")
    assert chosen(page) == ["c1"]
    reach("forward")
    page.keyboard.press("Enter")
    reach("deputies/nobody")
    page.keyboard.press("Space")
    reach("review")
    page.keyboard.press("Enter")
    on(page, "review")
    sealed(page)
    reach("cast")
    page.keyboard.press("Enter")
    on(page, "next")


def test_axe_finds_nothing_and_english_is_complete(page):
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    scan(page, ticket(5))
    look(page)
    touch(page, "c1", "c2")
    look(page)
    press(page, "forward")
    press(page, "deputies/nobody")
    press(page, "review", "review")
    expect(page.locator(".line-word").nth(1)).to_contain_text("弃权 (abstain)")
    look(page)
    cast(page, "next")
    press(page, "onward", "ballot")
    look(page)
    word_for_each(page)
    cast(page, "next")
    press(page, "onward", "ballot")
    expect(page.locator(".word-text small").first).to_have_text("for")
    press(page, "others")
    look(page)
    press(page, "onward")
    say(page, c1="agree", c2="disagree", c3="agree", c4="abstain")
    press(page, "review", "review")
    look(page)
    cast(page, "next")
    press(page, "onward", "ballot")
    for tab in ("surname", "characters", "write"):
        press(page, f"keys/{tab}")
        look(page)


def test_a_next_round_asks_of_those_who_stand_and_no_server_can_change_them(browser, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["posts"], text=kinds.FOLLOWED) as s:
        s.do(kinds.first_round)
        slot = s.do(lambda h: h.open("posts"))
        page = kiosk(browser, s)
        scan(page, ticket(0))
        expect(page.locator(".matter")).to_contain_text("第 2 轮")
        expect(page.locator(".choose .person")).to_have_count(2)
        touch(page, "c2", "c3")
        assert chosen(page) == ["c2"]
        press(page, "review", "review")
        cast(page)
        assert marked(s, slot) == [{"posts": {"": ["c2"]}}]
        page.context.close()

        page = kiosk(browser, s, number=2)
        page.route("**/api/kiosk/papers", lambda route: route.fulfill(json=changed(route)))
        scan(page, ticket(1), "notice")
        expect(page.locator(".sentence")).to_contain_text("与冻结的会议不符")
        page.context.close()


def changed(route):
    """What a server would say that has taken a name out of the round."""
    papers = route.fetch().json()
    election = papers[0]["election"]
    name = kinds.people(3)[2]
    assert name in election
    papers[0]["standings"]["posts"]["names"] = ["c2", "c4"]
    papers[0]["election"] = election.replace(name, kinds.people(4)[3])
    return papers
