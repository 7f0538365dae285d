"""Tickets read again and again: by camera from the printed slip, by a scanner that types, and by a
kiosk whose server dies between the seal and the answer.
"""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from kiosk.device.kioskfile import KioskFile
from tests.support.browser import launched, watch
from tests.support.film import write_film
from tests.support.kiosk_page import (
    cast,
    kiosk,
    kiosk_room,
    mark_all,
    on,
    press,
    sealed_tracker,
    ticket,
)
from tests.support.meeting import token_of
from tests.support.programs import start_page, start_server
from tests.support.room import step_away, type_code
from tests.support.server import hall as hall_at
from tests.support.server import opened

CAMERA_SCANS, TYPED_SCANS = 20, 30
HOLDERS = 6
TRACKS = """
  window.tracks = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (what) => {
    const stream = await ask(what);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  window.live = () => window.tracks.filter((one) => one.readyState === "live").length;
"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    """One paper of two items; tickets 0 to 5 are held, 7 was left over."""
    with kiosk_room(tmp_path_factory.mktemp("scans") / "meeting", ["i1", "i2"]) as s:
        yield s


def leave(page, *, waits=True):
    press(page, "stop")
    page.locator('dialog [value="stop"], dialog .danger').click()
    if waits:
        on(page, "waiting")


def test_twenty_printed_slips_by_camera_and_it_is_dark_over_every_ballot(
    playwright, chromium, hall, tmp_path
):
    film = write_film(tmp_path / "slips.mjpeg", [token_of("A", i) for i in (0, 1)])
    credentials = set()
    with launched(playwright, chromium, film=film) as browser:
        page = kiosk(browser, hall, waits=False, script=TRACKS)
        page.on("request", lambda one: credentials.add(credential_in(one)))
        for turn in range(CAMERA_SCANS):
            on(page, "ballot")
            assert page.evaluate("window.live()") == 0
            assert page.evaluate("window.tracks.length") == turn + 1
            if turn % 5 == 0:  # neither does it come back on the way to the box
                mark_all(page)
                sealed_tracker(page)
                assert page.evaluate("window.live()") == 0
                press(page, "edit", "ballot")
            leave(page, waits=False)  # the next slip may be read before anybody could look
            page.wait_for_function("(made) => window.tracks.length > made", arg=turn + 1)
        assert page.faults == []
        page.context.close()
    assert len(credentials - {None}) == 2  # the film begins anew; who was read last is passed over


def credential_in(request):
    """What a request asks about, where it asks about a ticket."""
    body = request.post_data_json if request.url.endswith("/api/ticket-acts") else None
    return body and body["credential"]


def test_thirty_codes_by_a_scanner_that_types_and_a_wrong_one_spoils_no_ticket(browser, hall):
    page = kiosk(browser, hall)
    wrong = [
        ("HTTPS://EXAMPLE.COM/", "这不是投票码"),
        (ticket(0)[:17], "只读到半个投票码"),
        (ticket(0)[:-1] + ("A" if ticket(0)[-1] != "A" else "B"), "读得不对"),
        (ticket(0, "another meeting"), "可能是另一次会议的"),
        (ticket(7), "登记为剩余"),
    ]
    for turn in range(TYPED_SCANS):
        if turn % 3 == 1:
            code, sentence = wrong[turn // 3 % len(wrong)]
            type_code(page, code)
            refused(page, sentence)
        else:
            type_code(page, ticket(turn % HOLDERS))
            on(page, "ballot")
            leave(page)

    type_code(page, ticket(0))
    on(page, "ballot")
    mark_all(page)
    tracker = cast(page)
    step_away(page)
    type_code(page, ticket(0))
    on(page, "standing")
    expect(page.locator(".standing [data-tracker]")).to_have_attribute("data-tracker", tracker)
    assert page.faults == []
    page.context.close()


def refused(page, sentence):
    """A sentence stands there, on the waiting screen or on one of its own, which is closed."""
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    if page.locator('[data-screen="notice"]').count():
        press(page, "close", "waiting")


@pytest.mark.parametrize("arrives", [True, False], ids=["after the ballot", "before the ballot"])
def test_a_server_killed_between_seal_and_answer_counts_a_ballot_once(browser, tmp_path, arrives):
    folder = tmp_path / "meeting"
    devices = elsewhere(opened_round(folder))
    sent = []
    with ExitStack() as stack:
        server = start_server(stack, folder)
        key = tmp_path / "kiosk.json"
        KioskFile(devices.tokens["kiosk:1"]).write(key)
        tablet = start_page(stack, "kiosk", server, "--key", str(key))
        page = browser.new_page()
        faults = watch(page)
        page.goto(tablet.url)
        on(page, "waiting")
        page.wait_for_selector('[data-standing="open"]')

        def die(route):
            sent.append(route.request.post_data_buffer)
            if len(sent) > 1:
                return route.continue_()
            if arrives:
                route.fetch()
            os.kill(server.program.process.pid, signal.SIGKILL)
            server.program.process.wait()
            return route.abort()

        page.route("**/ballots", die)
        type_code(page, ticket(0))
        on(page, "ballot")
        mark_all(page)
        tracker = sealed_tracker(page)
        press(page, "cast", "casting")
        page.wait_for_timeout(500)
        start_server(stack, folder, "--port", server.url.rpartition(":")[2])
        on(page, "done")
        page.close()

    assert faults == []
    assert len(sent) >= 2
    assert len(set(sent)) == 1
    assert elsewhere(trackers(folder, devices)) == [tracker]


def elsewhere(doing):
    """Run in a thread of its own: the browser's driver has a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, doing).result()


async def opened_round(folder):
    async with hall_at("opened", folder) as h:
        return h.devices


async def trackers(folder, devices):
    """What the box holds, as kiosks show it."""
    async with opened(folder, devices) as h, h.room.store.reading() as tx:
        return [body.tracker[:12] for body in await tx.ballots(h.slot)]
