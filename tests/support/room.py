"""A meeting room with real programs: who sits where, and each one's page in one Chromium.

Every page has a context of its own, as on a device of its own, and is watched for faults. The
server speaks TLS, and every device pins it by the fingerprint that it was started with.
"""

from __future__ import annotations

import io
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.support import kiosk_page
from tests.support.browser import watch
from tests.support.console_page import SECONDS, Officer
from tests.support.programs import PASSPHRASE, start_page, start_server, start_text
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from playwright.sync_api import Browser, Page, ViewportSize

    from kiosk.rehearsal.room import Program
    from tests.support.programs import Server, Text

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 1280, "height": 800}
SCREEN: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Room:
    """The server and everybody's device; all stop with ``stack``."""

    browser: Browser
    folder: Path
    stack: ExitStack
    server: Server = field(init=False)
    faults: dict[str, list[str]] = field(default_factory=dict)
    starting: dict[str, Future[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.threads = self.stack.enter_context(ThreadPoolExecutor(4))

    def serve(self, draft: bytes) -> None:
        """Start the server of a meeting, on every address of this machine."""
        place = self.folder / "meeting"
        place.mkdir()
        (place / "meeting.toml").write_bytes(draft)
        self.server = start_server(self.stack, place, "--host", "0.0.0.0", "--name", "127.0.0.1")

    def start(self, name: str, how: Callable[..., Any], *given: Any) -> None:
        """Begin to start a program; whoever needs it waits for it."""
        self.starting[name] = self.threads.submit(how, *given)

    def ready(self, name: str) -> Any:
        """Wait for what was started under this name."""
        return self.starting.pop(name).result()

    def page(self, name: str, url: str, viewport: ViewportSize = LAPTOP) -> Page:
        context = self.browser.new_context(
            viewport=viewport,
            locale="zh-CN",
            ignore_https_errors=True,  # the hall screen's browser has accepted the certificate
        )
        self.stack.callback(context.close)
        page = context.new_page()
        self.faults[name] = watch(page)
        page.goto(url)
        return page

    def public(self, name: str, viewport: ViewportSize = LAPTOP) -> Page:
        """A page that the server itself has for everybody."""
        return self.page(name, f"{self.server.url}/{name}", viewport)

    def officer(self, name: str) -> Officer:
        """An officer with the console on his own laptop, enrolled; his program has been started."""
        officer = Officer(self.page(name, self.ready(name)))
        officer.enrol(self.server.codes[f"officer:{name}"])
        return officer

    def officer_at_terminal(self, name: str) -> Text:
        key = str(self.folder / f"{name}.key")
        return start_text(self.stack, "officer", self.server, f"officer:{name}", "--key", key)

    def trustee(self, index: int) -> Page:
        """A trustee's page, enrolled."""
        name = f"trustee-{index}"
        page = self.page(name, self.ready(name))
        invitation = self.server.codes[f"trustee:{index}"]
        page.get_by_label(say("keeper.field.invitation")).fill(invitation)
        page.get_by_label(say("keeper.field.passphrase"), exact=True).fill(PASSPHRASE)
        page.get_by_label(say("keeper.field.again")).fill(PASSPHRASE)
        page.get_by_role("button", name=say("keeper.enrol.key"), exact=True).click()
        return page

    def trustee_at_terminal(self, index: int) -> Program:
        """A trustee's program that agrees to what it has verified."""
        names = [str(self.folder / f"trustee-{index}.{one}") for one in ("key", "copy")]
        options = ["--key", names[0], "--copy", names[1], "--yes"]
        return start_text(self.stack, "trustee", self.server, f"trustee:{index}", *options).program

    def kiosk(self, number: int) -> Page:
        """A tablet, let in by its one-time code."""
        name = f"kiosk-{number}"
        page = self.page(name, self.ready(name), TABLET)
        kiosk_page.on(page, "enrol")
        page.get_by_label(say("kiosk.enrol.invitation")).fill(self.server.codes[f"kiosk:{number}"])
        page.get_by_label(say("kiosk.enrol.staff")).fill("4711")
        page.get_by_role("button", name=say("kiosk.enrol.go"), exact=True).click()
        kiosk_page.on(page, "waiting")
        return page

    def program(self, command: str, name: str) -> str:
        """Start the program of a device that has a page; return the page's address."""
        key = str(self.folder / f"{name}.key")
        copy = ["--copy", str(self.folder / f"{name}.copy")] if command == "trustee" else []
        return start_page(self.stack, command, self.server, "--key", key, *copy).url


def instruction(page: Page, name: str, key: str | None = None) -> None:
    """Wait for an instruction on a trustee's page; press the key that answers it."""
    expect(page.locator("#step")).to_have_text(say(f"keeper.{name}.title"), timeout=SECONDS)
    if key:
        page.get_by_role("button", name=say(f"keeper.{name}.{key}"), exact=True).click()


def type_code(page: Page, text: str) -> None:
    """A scanner that types: real keys, 4 ms apart by their own times, then Enter.

    The times are given along, because on a busy machine it is the driver that is slow.
    """
    session = page.context.new_cdp_session(page)
    began = time.time()
    for number, symbol in enumerate(text):
        key = {"key": symbol, "text": symbol, "timestamp": began + 0.004 * number}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    late = {"text": "\r", "timestamp": began + 0.004 * len(text)}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter, **late})
    session.detach()


def withdraw(page: Page, ticket: str) -> None:
    """A recused member takes his own ticket out of the paper from which he is recused."""
    page.get_by_role("button", name=say("kiosk.waiting.leave"), exact=True).click()
    kiosk_page.on(page, "leaving")
    type_code(page, ticket)
    kiosk_page.on(page, "choosing")
    kiosk_page.press(page, "choice/0", "confirming")
    kiosk_page.press(page, "send", "left")
    step_away(page)


def vote(
    page: Page, ticket: str, option: str, papers: int, checker: Page | None = None
) -> list[str]:
    """Vote on every paper of a ticket; return the trackers that the kiosk showed.

    Args:
        option: What is chosen for every item.
        checker: A checking page on another device: the first ballot is not cast but checked there,
            and then made again.
    """
    kiosk_page.on(page, "waiting")
    type_code(page, ticket)
    kiosk_page.on(page, "ballot")
    trackers = []
    for number in range(1, papers + 1):
        kiosk_page.mark_all(page, option)
        if checker and number == 1:
            check_device(page, checker, option)
            kiosk_page.mark_all(page, option)
        last = number == papers
        trackers.append(kiosk_page.cast(page, "done" if last else "next"))
        if not last:
            kiosk_page.press(page, "onward", "ballot")
    step_away(page)
    return trackers


def check_device(page: Page, checker: Page, option: str) -> None:
    """Have the ballot in the review opened on another device, which rebuilds it."""
    kiosk_page.sealed_tracker(page)
    kiosk_page.press(page, "check", "tracker")
    type_code(checker, _qr_on(page))
    expect(checker.locator(".tracker")).to_be_visible(timeout=SECONDS)
    kiosk_page.press(page, "open", "opening")
    type_code(checker, _qr_on(page))
    verdict = checker.locator("[data-verdict]")
    expect(verdict).to_have_attribute("data-verdict", "matches", timeout=SECONDS)
    words = set(checker.locator("[data-item] .word").all_inner_texts())
    assert words == {say(f"option.{option}")}
    kiosk_page.press(page, "onward", "ballot")


def step_away(page: Page) -> None:
    """The end screen takes no touch at first; then any wipes it."""
    page.wait_for_timeout(1300)
    kiosk_page.press(page, "close", "waiting")


def _qr_on(page: Page) -> str:
    """Read the code on the screen with another decoder than the pages'."""
    picture = Image.open(io.BytesIO(page.locator("canvas").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)
