"""What a voter is told when it does not go on: withdrawn, used elsewhere, sealed, no answer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kiosk.server.services import attendance, calls
from tests.support.browser import axe, watch
from tests.support.kiosk_page import (
    cast,
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
from voting.protocol.credential import private_credential, public_credential


@pytest.fixture
def watched(browser):
    """Open kiosks' pages; whatever went wrong in one fails the test."""
    pages = []

    def enter(s, **more):
        pages.append(kiosk(browser, s, **more))
        return pages[-1]

    yield enter
    for page in pages:
        page.context.close()
        assert page.faults == []


def credential(index, slot):
    return public_credential(private_credential(token_of("A", index), slot, ED25519), ED25519).text


def withdrawn(s):
    state = s.do(lambda h: h.frozen())[1]
    return {slot: set(of) for slot, of in state.withdrawn.items()}


def test_a_recused_member_withdraws_alone_from_one_paper(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", items=2) as s:
        s.do(lambda h: attendance.recuse(h.room, h.secretary, "成员6", "i2"))
        page = watched(s)
        scan(page, ticket(5), "notice")
        expect(page.locator(".sentence")).to_contain_text("没有开放的票")
        press(page, "close", "waiting")
        page.get_by_role("button", name="退出表决").click()
        on(page, "leaving")
        scan(page, ticket(5), "choosing")
        expect(page.locator(".choice").first).to_contain_text("人选2")
        press(page, "choice/0", "confirming")
        assert withdrawn(s) == {}
        press(page, "send", "left")

        slot = s.do(lambda h: h.frozen())[0].slots[0]
        assert withdrawn(s) == {slot: {credential(5, slot)}}


def test_a_leaver_withdraws_from_every_slot_to_come_and_no_other(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"], items=2) as s:
        page = watched(s)
        page.get_by_role("button", name="退出表决").click()
        on(page, "leaving")
        scan(page, ticket(4), "choosing")
        press(page, "choice/0", "confirming")
        press(page, "send", "left")

        slots = s.do(lambda h: h.frozen())[0].slots
        assert withdrawn(s) == {slot: {credential(4, slot)} for slot in slots[1:]}


def test_a_ticket_used_elsewhere_meanwhile_says_whom_to_tell(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:
        page = watched(s)
        scan(page, ticket(0))
        mark_all(page)
        sealed_tracker(page)
        s.do(lambda h: h.vote(0))
        press(page, "cast", "notice")

        expect(page.locator(".sentence")).to_have_attribute("data-code", "credential-used")
        expect(page.locator("main")).to_contain_text("监票人")


def test_a_box_sealed_over_an_open_ballot_says_that_it_does_not_count(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:
        page = watched(s)
        scan(page, ticket(5))
        mark_all(page)
        sealed_tracker(page)
        slot = s.hall.slot
        s.do(lambda h: h.vote(0, 1, 2, 3, 4))
        s.do(lambda h: h.spoil(1))
        wish = {"slot": slot, "heads": 5, "override": True}
        s.do(lambda h: h.act("seal", wish))
        on(page, "review")  # nothing pushed touches an open ballot
        press(page, "cast", "notice")
        expect(page.locator(".sentence")).to_contain_text("没有计入")
        press(page, "close", "waiting")

        scan(page, ticket(5), "standing")
        expect(page.locator(".standing")).to_contain_text("没有计入")
        page.locator('[data-key="close"]').click()
        on(page, "waiting")
        scan(page, ticket(0), "standing")
        expect(page.locator('[data-counted="true"]')).to_have_count(1)


def test_a_server_that_restarts_loses_no_session(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:
        page = watched(s)
        page.route("**/api/**", lambda route: route.abort())
        scan(page, ticket(0), "reading")
        page.wait_for_timeout(1500)
        page.unroute_all(behavior="ignoreErrors")
        on(page, "ballot")
        mark_all(page)
        tries = []

        def half(route):
            tries.append(route.request.post_data_buffer)
            answer = route.fetch()
            if len(tries) == 1:
                route.fulfill(response=answer, body=answer.body()[:9])
            elif len(tries) == 2:
                route.fulfill(status=502, body="<html>")
            else:
                route.fulfill(response=answer)

        page.route("**/ballots", half)
        cast(page)

        assert len(tries) == 3
        assert len(set(tries)) == 1


def test_no_ticket_is_taken_for_a_meeting_that_the_waiting_screen_has_not_shown(watched, tmp_path):
    """A server that keeps silent while people look could name a meeting of its own to a voter."""
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:
        page = watched(s)
        busy = []

        def begins(route):
            if "true" in route.request.post_data:
                busy.append(1)
            route.continue_()

        page.route("**/api/kiosk/busy", begins)
        page.route("**/api/state", lambda route: route.continue_() if busy else route.abort())
        # One word about a ballot at a time: the first has to be answered for the next to be sent.
        with page.expect_response("**/api/kiosk/busy"):
            page.reload()
        on(page, "waiting")
        scan(page, ticket(0), "notice")
        expect(page.locator(".sentence")).to_have_attribute("data-code", "meeting-not-shown")

        page.locator('[data-key="close"]').click()
        ready(page)
        scan(page, ticket(0))


def test_an_election_that_is_not_the_frozen_one_is_refused(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:

        def other(route):
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("人选1", "人选9"))

        page = watched(s, waits=False)
        page.route("**/api/kiosk/papers", other)
        page.wait_for_selector("[data-standing]")
        scan(page, ticket(0), "notice")

        expect(page.locator(".sentence")).to_have_attribute("data-code", "election-mismatch")


def test_the_device_check_is_hidden_only_where_the_quota_is_nothing(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"], quota=0) as s:
        page = watched(s)
        scan(page, ticket(0))
        mark_all(page)
        sealed_tracker(page)

        assert page.locator('[data-key="check"]').count() == 0


def test_last_call_is_seen_while_waiting_and_touches_no_ballot(watched, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:
        page, other = watched(s), watched(s, number=2)
        scan(other, ticket(0))
        before = other.locator("body").inner_html()
        s.do(lambda h: calls.last_call(h.room, h.secretary, h.slot))

        expect(page.locator('[data-standing="last-call"]')).to_be_visible()
        assert other.locator("body").inner_html() == before


def test_a_kiosk_is_let_in_by_its_code_and_a_wrong_one_is_said(browser, tmp_path):
    with kiosk_room(tmp_path / "meeting", ["i1"]) as s:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        faults = watch(page)
        page.goto(f"{s.url}/kiosk")
        on(page, "enrol")
        assert axe(page) == []
        page.get_by_label("邀请码").fill("WRONG-CODE")
        press(page, "go")
        expect(page.locator(".note.bad")).to_be_visible()
        page.get_by_label("邀请码").fill(s.hall.devices.tokens["code"])
        page.get_by_label("工作人员密码").fill("471100")
        page.wait_for_timeout(1200)
        press(page, "go", "waiting")
        expect(page.locator(".build")).to_contain_text("终端 4")
        ready(page)
        scan(page, ticket(0))
        page.reload()
        on(page, "waiting")

        assert "471100" not in page.evaluate("JSON.stringify({...localStorage})")
        assert faults == []
        context.close()
