"""An officer at his console: what he presses, by the words on the keys.

Words come from the catalogue, so that a better sentence breaks no test and a lost key does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as TimedOut
from playwright.sync_api import expect

from tests.support.programs import PASSPHRASE
from voting.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

SECONDS = 120_000


@dataclass
class Officer:
    """One officer's page on his own device."""

    page: Page

    def enrol(self, invitation: str) -> None:
        """Come in for the first time."""
        self.page.get_by_label(say("desk.enter.invitation"), exact=True).fill(invitation)
        self.page.get_by_label(say("desk.enter.passphrase"), exact=True).fill(PASSPHRASE)
        self.page.get_by_label(say("desk.enter.again"), exact=True).fill(PASSPHRASE)
        self.press("desk.enter.enrol")
        expect(self.page.get_by_role("navigation", name=say("desk.rail"))).to_be_visible(
            timeout=SECONDS
        )

    # --- finding ----------------------------------------------------------------------------------

    @property
    def panel(self) -> Locator:
        return self.page.locator(".panel-place")

    def go(self, entry: str, **words: object) -> Locator:
        """Choose an entry of the line; return its panel."""
        line = self.page.get_by_role("navigation", name=say("desk.rail"))
        line.get_by_role("button", name=say(f"desk.entry.{entry}", **words)).click(timeout=SECONDS)
        return self.panel

    def paper(self, number: int, items: str) -> Locator:
        return self.go("paper", number=number, items=items)

    def press(self, word: str, **words: object) -> None:
        """Press the key with this word, in the panel or the page."""
        self._click(self.page.get_by_role("button", name=say(word, **words), exact=True))

    def press_here(self, word: str, **words: object) -> None:
        """Press the visible key with this word in the panel."""
        self._click(self.panel.get_by_role("button", name=say(word, **words), exact=True))

    def _click(self, key: Locator) -> None:
        """Click; a key that stays barred says why, and that is on the page."""
        try:
            key.click(timeout=SECONDS)
        except TimedOut as e:
            e.add_note(self.page.locator("body").inner_text())
            raise

    def agree(self, word: str) -> None:
        """Press a key of the dialog that asks."""
        box = self.page.get_by_role("dialog")
        box.get_by_role("button", name=say(word), exact=True).click(timeout=SECONDS)

    def told(self, word: str, **words: object) -> None:
        """Wait for a line above the tray."""
        expect(self.page.locator(".says")).to_contain_text(say(word, **words), timeout=SECONDS)

    # --- acts -------------------------------------------------------------------------------------

    def propose(self, word: str, ask: str | None = None) -> None:
        """Press the key that proposes; agree where it asks."""
        self.press_here(word)
        if ask:
            self.agree(ask)

    def sign(self, kind: str) -> None:
        """Read what stands in the tray, and sign it."""
        tray = self.page.get_by_role("region", name=say("desk.tray"), exact=True)
        waits = say("desk.tray.waits", kind=say(f"desk.act.{kind}"))
        expect(tray.get_by_role("heading")).to_have_text(waits, timeout=SECONDS)
        tray.get_by_role("button", name=say("desk.tray.sign"), exact=True).click(timeout=SECONDS)
        done = self.page.get_by_role("button", name=say("desk.tray.sign"), exact=True)
        expect(done).to_have_count(0, timeout=SECONDS)

    def settled(self) -> None:
        """Wait until nothing waits for signatures."""
        expect(self.page.locator(".tray")).to_contain_text(
            say("desk.tray.nothing"), timeout=SECONDS
        )

    def download(self, word: str, path: Path, *, ask: str | None = None) -> bytes:
        """Press a key that hands out a file; return it."""
        with self.page.expect_download(timeout=SECONDS) as waiting:
            self.press_here(word)
            if ask:
                self.agree(ask)
        waiting.value.save_as(path)
        return path.read_bytes()
