"""The kiosk's grids of grades in Chromium: forty people by six aspects, and two scales apart."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.support import kinds
from tests.support.browser import watch
from tests.support.kinds import look, marked
from tests.support.kiosk_page import (
    TYPE,
    cast,
    kiosk,
    kiosk_room,
    press,
    scan,
    sealed_tracker,
    ticket,
)

CADRES = 40
GRADES = ("excellent", "competent", "basically-competent", "incompetent", "unknown")


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """Forty cadres, six aspects, five grades."""
    folder = tmp_path_factory.mktemp("grid") / "meeting"
    with kiosk_room(folder, ["cadres"], text=kinds.GRID) as s:
        yield s


def mark_grid(page, shift=0, until=CADRES):
    """Mark cadre after cadre, the grades in turn; the marks."""
    marks = {}
    for cadre in range(until):
        for aspect, row in enumerate(page.locator(".aspects .item-row").all()):
            grade = GRADES[(cadre + aspect + shift) % 5]
            row.locator(f'[data-option="{grade}"]').click()
            marks[str(row.get_attribute("data-line"))] = grade
        if cadre < CADRES - 1:
            press(page, "forward")
    return marks


def test_forty_cadres_of_six_aspects(browser, grid):
    page = kiosk(browser, grid)
    scan(page, ticket(0))
    expect(page.locator(".page-number")).to_have_text("第 1/40 页")
    marks = mark_grid(page, until=3)
    expect(page.locator(".counter")).to_have_text("已选 18/240")
    behind = page.locator(".strip-end progress")
    assert [behind.get_attribute(one) for one in ("value", "max")] == ["18", "240"]
    expect(page.locator(".matter")).to_contain_text("年度考核民主测评")
    press(page, "review", "review")
    assert page.locator('[data-key="cast"]').count() == 0
    expect(page.locator(".note.wait")).to_contain_text("222")
    press(page, "open", "ballot")
    expect(page.locator(".page-number")).to_have_text("第 4/40 页")
    for _ in range(3):
        press(page, "back")
    marks = mark_grid(page)
    assert len(marks) == 240
    press(page, "review", "review")
    expect(page.locator(".line")).to_have_count(7)
    # Back while it is being sealed: what was marked before the change is forgotten.
    press(page, "line/cadres/0", "ballot")
    page.locator('[data-line="s1.a1"] [data-option="unknown"]').click()
    marks["s1.a1"] = "unknown"
    press(page, "review", "review")
    look(page)
    for _ in range(5):
        press(page, "leaf-forward")
    expect(page.locator('[data-group="s40"] .cell')).to_have_count(6)
    cast(page)

    assert marked(grid, grid.hall.devices.slots[0]) == [{"cadres": marks}]
    assert page.faults == []
    page.context.close()


def test_a_long_ballot_is_checked_by_several_codes(browser, grid):
    page = kiosk(browser, grid, number=2)
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    faults = watch(phone)
    phone.goto(f"{grid.url}/check")
    phone.wait_for_selector(".fingerprint")
    scan(page, ticket(1))
    mark_grid(page, shift=2)
    press(page, "review", "review")
    sealed_tracker(page)
    press(page, "check", "tracker")
    phone.evaluate(TYPE, code_on(page))
    expect(phone.locator(".tracker")).to_be_visible()
    press(page, "open", "opening")
    look(page)
    while True:
        phone.evaluate(TYPE, code_on(page))
        forward = page.locator('[data-key="code-forward"]')
        if forward.is_disabled():
            break
        expect(phone.locator(".note")).to_contain_text("还要扫")
        forward.click()

    verdict = phone.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "matches")
    expect(phone.locator("td.word")).to_have_count(240)
    expect(phone.locator("td.word").first).to_have_text("基本称职")
    assert faults == page.faults == []
    phone.close()
    page.context.close()


def code_on(page):
    """Read the QR code on the screen with another decoder than ours."""
    picture = Image.open(io.BytesIO(page.locator("canvas").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def test_teams_and_cadres_stand_apart_with_their_own_grades(browser, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["teams", "single"], text=kinds.TEAMS) as s:
        page = kiosk(browser, s, viewport={"width": 800, "height": 1280})
        scan(page, ticket(0))
        scales, words = [], set()
        while True:
            look(page)
            scales.append(page.locator(".matter .seats").inner_text())
            words.add(page.locator("[data-option]").nth(1).inner_text())
            for row in page.locator("[data-line]").all():
                row.locator("[data-option]").nth(1).click()
            forward = page.locator('[data-key="forward"]')
            if forward.is_disabled():
                break
            forward.click()
        assert scales == sorted(scales, key=["领导班子", "干部"].index)
        assert words == {"良好", "称职"}
        press(page, "review", "review")
        look(page)
        cast(page)
        ((teams, single),) = [
            (one["teams"], one["single"]) for one in marked(s, s.hall.devices.slots[0])
        ]
        assert [teams["s1.a1"], teams["s6.a2"], len(single)] == ["good", "competent", 9]
        page.context.close()
