"""A device's page on a real port, for a browser, with a device behind it that a test plays.

With ``PIAOJUE_PICTURES`` naming a folder, ``look`` leaves a picture of every state there.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn

from kiosk.device.page_talk import PageTalk
from tests.support.browser import axe, watch
from voting.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from starlette.applications import Starlette


LAPTOP = {"width": 1366, "height": 768}


def laptop(browser: Browser) -> Iterator[Page]:
    """A page of a laptop's size; the test fails when anything went wrong in it. For a fixture."""
    context = browser.new_context(viewport=LAPTOP, locale="zh-CN", reduced_motion="reduce")
    page = context.new_page()
    faults = watch(page)
    yield page
    context.close()
    assert faults == []


def look(page: Page, name: str) -> None:
    """Every state is one that axe has nothing to say about."""
    assert axe(page) == [], name
    if folder := os.environ.get("PIAOJUE_PICTURES"):
        number = len(list(Path(folder).glob("*.png")))
        page.screenshot(path=Path(folder) / f"{number:02}-{name[:12]}.png")


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """Serve an app on loopback in a thread until the block ends; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="critical", lifespan="off", proxy_headers=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True  # a page always has a request open
            thread.join(10)


@dataclass
class PlayedTrustee:
    """In the place of a ``TrusteeHolder``: its talk says what a test says."""

    enrolled: bool = True
    media: list[str] = field(default_factory=lambda: ["/media/u1/a.key", "/media/u2/a.key"])
    missing: list[str] = field(default_factory=list)
    passphrase: str = "four plain words here"
    open: PageTalk | None = None
    used: list[tuple[str, str]] = field(default_factory=list)

    @property
    def talk(self) -> PageTalk:
        if self.open is None:
            raise RefusedError("locked")
        return self.open

    def state(self) -> dict[str, Any]:
        return {
            "enrolled": self.enrolled,
            "unlocked": self.open is not None,
            "account": None if self.open is None else "trustee:2",
            "media": self.media,
            "missing": self.missing,
            "over": False,
        }

    def unlock(self, passphrase: str) -> None:
        if passphrase != self.passphrase:
            raise RefusedError("wrong-passphrase")
        self.open = PageTalk()
        self.open.tell("enrolled", account="trustee:2")

    def enrol(self, invitation: str, passphrase: str) -> None:
        self.used.append((invitation, passphrase))
        if invitation != "GOOD":
            raise RefusedError("invitation-unknown")
        self.enrolled = True
        self.unlock(self.passphrase)
