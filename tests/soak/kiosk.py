"""One kiosk's page, hundreds of voters: ``python -m tests.soak.kiosk [--casts 500]``.

Every cast is a ticket scanned by typing, a paper marked, reviewed, sealed and cast, and the end
screen wiped, on one page that is never loaded again. Fails when the last voters wait half as
long again as the first ones, or when the page grows: memory after a collection of garbage,
elements, listeners.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from kiosk.server.services import attendance
from tests.support.browser import launched
from tests.support.drafts import draft_text, item_of
from tests.support.kiosk_page import cast, kiosk, mark_all, on, scan, ticket
from tests.support.server import Devices, new_folder, opened, reach
from tests.support.serving import serving_hall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.sync_api import Page

    from tests.support.server import Hall
    from tests.support.serving import Serving

SLOWER = 1.5
GROWTH = 1.25
ITEMS = 10


@contextmanager
def full_room(folder: Path, voters: int) -> Iterator[Serving]:
    """A meeting of so many members, all of whom have a ticket, with one paper open."""
    items = "".join(item_of(i) for i in range(1, ITEMS + 1))
    draft = draft_text(members=voters, printed=voters, items=items, quota=0)
    text = draft.replace("slots = 4\n", 'slots = 4\npages = "server"\n')

    @asynccontextmanager
    async def make() -> AsyncIterator[Hall]:
        new_folder(folder, text)
        async with opened(folder, Devices()) as h:
            await reach(h, None, "issued")
            for number in range(1, voters + 1):
                await attendance.move(h.room, h.secretary, "attend", f"成员{number}")
            await h.open(*(f"i{i}" for i in range(1, ITEMS + 1)), drawn=voters)
            yield h

    with serving_hall(make) as s:
        yield s


def size(page: Page) -> dict[str, float]:
    """What the page holds, after a collection of garbage."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {
        one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
    }
    session.detach()
    return {name: metrics[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def said(text: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def soak(page: Page, casts: int) -> list[str]:
    """Vote so many times; return what went wrong."""
    times: list[float] = []
    first: dict[str, float] = {}
    settled = max(10, casts // 10)
    for number in range(casts):
        began = time.perf_counter()
        scan(page, ticket(number))
        mark_all(page, ("agree", "disagree", "abstain")[number % 3])
        cast(page)
        times.append(time.perf_counter() - began)
        page.wait_for_timeout(1250)
        page.mouse.click(640, 300)
        on(page, "waiting")
        if number + 1 == settled:
            first = size(page)
        if (number + 1) % 50 == 0:
            said(f"{number + 1}: {median(times[-50:]):.2f} s")
    last = size(page)
    slow = median(times[-settled:]) / median(times[:settled])
    said(f"time x {slow:.2f}; " + "; ".join(f"{k} {first[k]:.0f} -> {last[k]:.0f}" for k in last))
    faults = [f"{name} grew" for name in last if last[name] > first[name] * GROWTH]
    return faults + ([f"slower by {slow:.2f}"] if slow > SLOWER else []) + page.faults  # type: ignore[attr-defined]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--casts", type=int, default=500)
    casts = parser.parse_args().casts
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        said("no Chromium on this machine")
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        full_room(Path(folder) / "meeting", casts) as s,
        sync_playwright() as driver,
        launched(driver, path) as browser,
    ):
        faults = soak(kiosk(browser, s), casts)
    said("\n".join(faults) or f"{casts} casts: no slower, no larger")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
