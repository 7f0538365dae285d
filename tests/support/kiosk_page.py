"""A kiosk's page in a real browser: a hall with open papers behind it, and a voter's hands.

    with kiosk_room(folder, ["i1"], ["i2", "i3"]) as s:
        page = kiosk(browser, s)
        scan(page, ticket(0))
        mark_all(page)

Scanned codes arrive as keys, as from a scanner that types. The pages come from the server, with
the token of a kiosk's account in a header, as the program on a tablet adds it.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.support.browser import watch
from tests.support.drafts import draft_text, item_of
from tests.support.meeting import token_of
from tests.support.server import Devices, new_folder, opened, reach
from tests.support.serving import serving_hall
from voting.protocol.credential import qr_payload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.support.server import Hall
    from tests.support.serving import Serving

TYPE = """(text) => {
  for (const key of [...text, "Enter"]) {
    const target = document.activeElement ?? document.body;
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


@contextmanager
def kiosk_room(
    folder: Path, *papers: Sequence[str], items: int = 0, quota: int = 1, text: str = ""
) -> Iterator[Serving]:
    """Serve a meeting whose pages come from the server, with these papers open, in this order.

    Args:
        text: The draft; without it as many confirmations as the papers have, or ``items``.
    """
    count = items or sum(len(one) for one in papers)
    text = text or draft_text(items="".join(item_of(i) for i in range(1, count + 1)), quota=quota)
    draft = re.sub(r"^(slots = \d+)$", r'\1\npages = "server"', text, count=1, flags=re.M)

    @asynccontextmanager
    async def make() -> AsyncIterator[Hall]:
        new_folder(folder, draft)
        async with opened(folder, Devices()) as h:
            await reach(h, None, "attended")
            for paper in papers:
                await h.open(*paper)
            yield h

    with serving_hall(make) as s:
        yield s


def ticket(index: int, series: str = "A") -> str:
    """What the QR code of a ticket says."""
    return qr_payload(token_of(series, index))


def kiosk(
    browser: Browser,
    s: Serving,
    number: int = 1,
    *,
    waits: bool = True,
    script: str = "",
    **context: Any,
) -> Page:
    """Open the page of a kiosk.

    Args:
        waits: Until it waits itself, which it may not before a slip.
        script: Run in the page before its own, to watch what it does.
    """
    token = s.hall.devices.tokens[f"kiosk:{number}"]
    viewport = context.pop("viewport", {"width": 1280, "height": 800})
    made = browser.new_context(
        viewport=viewport,
        locale="zh-CN",
        extra_http_headers={"authorization": f"Bearer {token}"},
        **context,
    )
    if script:
        made.add_init_script(script)
    page = made.new_page()
    page.faults = watch(page)  # type: ignore[attr-defined]
    page.goto(f"{s.url}/kiosk")
    if waits:
        ready(page)
    return page


def on(page: Page, screen: str) -> None:
    """Wait until a screen is there."""
    expect(page.locator(f'[data-screen="{screen}"]')).to_be_visible()


def ready(page: Page) -> None:
    """Wait until a kiosk shows the meeting's fingerprint: before that it takes no ticket."""
    on(page, "waiting")
    expect(page.locator("[data-fingerprint]")).to_be_visible()


def scan(page: Page, text: str, then: str = "ballot") -> None:
    """Let a scanner type a code, and wait for what it leads to."""
    page.evaluate(TYPE, text)
    on(page, then)


def choose(page: Page, item: str, option: str) -> None:
    """Press a word key of an item on the screen."""
    page.locator(f'[data-item="{item}"] [data-option="{option}"]').click()


def mark_all(page: Page, option: str = "agree") -> None:
    """Mark every item of the paper, page by page, and go to the review."""
    while True:
        for key in page.locator(f'[data-option="{option}"]').all():
            key.click()
        forward = page.locator('[data-key="forward"]')
        if forward.count() == 0 or forward.is_disabled():
            break
        forward.click()
    press(page, "review", "review")


def press(page: Page, key: str, then: str | None = None) -> None:
    """Press a key of the page by its id."""
    page.locator(f'[data-key="{key}"]').click()
    if then:
        on(page, then)


def sealed_tracker(page: Page) -> str:
    """The 12 symbols that the review shows once the ballot is sealed."""
    shown = page.locator(".commitment [data-tracker]")
    expect(shown).to_be_visible()
    return str(shown.get_attribute("data-tracker"))


def cast(page: Page, then: str = "done") -> str:
    """Cast what is marked; return its tracker's 12 symbols."""
    tracker = sealed_tracker(page)
    press(page, "cast", then)
    return tracker
