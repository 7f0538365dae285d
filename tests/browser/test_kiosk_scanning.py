"""Tickets by camera and by typing scanner, again and again, and what a wipe leaves in memory."""

from __future__ import annotations

import io
import json

import pytest
from playwright.sync_api import expect
from qrcode.main import QRCode

from tests.support.browser import launched
from tests.support.kiosk_page import choose, kiosk, kiosk_room, on, press, scan, ticket
from tests.support.meeting import token_of

CAMERA_SCANS = 20
TYPED_SCANS = 30
LIVE = """() => {
  const stream = document.querySelector("video")?.srcObject;
  return stream?.getTracks().filter((track) => track.readyState === "live").length ?? 0;
}"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory):
    with kiosk_room(tmp_path_factory.mktemp("scans") / "meeting", ["i1", "i2"]) as s:
        yield s


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """Two slips held before the camera in turn, with nothing between them and the next."""
    path = tmp_path_factory.mktemp("film") / "slips.mjpeg"
    path.write_bytes(b"".join(picture(ticket(i)) * 12 for i in (0, 1)))
    return path


def picture(text):
    """A slip at a slight angle on a grey table, as JPEG."""
    from PIL import Image

    code = QRCode(border=4, box_size=7)
    code.add_data(text)
    slip = code.make_image().convert("L").rotate(7, expand=True, fillcolor=150)
    frame = Image.new("L", (640, 480), 150)
    frame.paste(slip, ((640 - slip.width) // 2, (480 - slip.height) // 2))
    out = io.BytesIO()
    frame.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def leave(page):
    press(page, "stop")
    page.locator("dialog .danger").click()
    on(page, "waiting")


def test_twenty_scans_by_camera_and_it_is_dark_over_every_ballot(playwright, chromium, hall, film):
    with launched(playwright, chromium, film=film) as browser:
        page = kiosk(browser, hall, waits=False)
        for _ in range(CAMERA_SCANS):
            on(page, "ballot")
            assert page.locator("video").count() == 0
            assert page.evaluate(LIVE) == 0
            leave(page)
        page.wait_for_function(f"({LIVE})() === 1")
        assert page.faults == []
        page.context.close()


def test_thirty_scans_by_a_scanner_that_types(browser, hall):
    page = kiosk(browser, hall)
    for i in range(TYPED_SCANS):
        scan(page, ticket(i % 6))
        leave(page)
    assert page.faults == []
    page.context.close()


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
