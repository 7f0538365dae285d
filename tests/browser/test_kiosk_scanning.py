"""A kiosk without a camera, and what a wipe leaves in memory. Scans by number: test_scans.py."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.support.kiosk_page import choose, kiosk, kiosk_room, on, press, scan, ticket
from tests.support.meeting import token_of


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    with kiosk_room(tmp_path_factory.mktemp("scans") / "meeting", ["i1", "i2"]) as s:
        yield s


def leave(page):
    press(page, "stop")
    page.locator("dialog .danger").click()
    on(page, "waiting")


def test_without_a_camera_the_page_says_what_works(browser, hall):
    page = kiosk(browser, hall)

    expect(page.locator(".camera-trouble")).to_contain_text("手工输入")
    page.context.close()


def test_the_token_is_not_in_the_page_s_memory_after_a_wipe(browser, hall):
    page = kiosk(browser, hall)
    token = token_of("A", 3)
    scan(page, ticket(3))
    choose(page, "i1", "disagree")
    leave(page)
    scan(page, ticket(4))
    leave(page)

    assert token not in heap(page)
    page.context.close()


def heap(page):
    """Every string that is alive in the page."""
    session = page.context.new_cdp_session(page)
    chunks = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: chunks.append(event["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    return "\n".join(json.loads("".join(chunks))["strings"])
