"""Pictures of the pages for the documents: ``make screenshots`` writes docs/images.

The meeting is that of examples/standing-committee.toml, or a test's for other kinds of ballots,
on the real services with a test's keys; the pages stand in Chromium as in the room. Only the
list of forty has more items, made up here.
Every picture has a palette of 8 bits and is at most ``LIMIT`` bytes long, else nothing is written.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from kiosk.device.held import HeldClient
from kiosk.device.local import make_local
from kiosk.device.trustee_local import trustee_routes
from kiosk.server.services import attendance, calls
from kiosk.server.services.casting import election_of
from tests.support import browser as chromium
from tests.support import kinds, kiosk_page
from tests.support.ballots import scalar, seed
from tests.support.desk import desk
from tests.support.meeting import token_of
from tests.support.paged import PlayedTrustee, served
from tests.support.server import Clock, Devices, new_folder, opened, reach
from tests.support.serving import serving_hall
from voting.crypto.group import ED25519
from voting.meeting.draft import read_draft
from voting.protocol.ballot import seal_ballot
from voting.protocol.credential import private_credential
from voting.protocol.election import decode_election
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from playwright.sync_api import Browser, Page, ViewportSize

    from tests.support.server import Hall
    from tests.support.serving import Serving

ROOT = Path(__file__).parents[2]
PLACE = ROOT / "docs" / "images"
EXAMPLE = ROOT / "examples" / "standing-committee.toml"
LIMIT = 150_000
MORNING = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
"""Five past nine in the room."""

TABLET: ViewportSize = {"width": 1280, "height": 800}
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
SCREEN: ViewportSize = {"width": 1920, "height": 1080}
DESK: ViewportSize = {"width": 1366, "height": 1000}
TALL: ViewportSize = {"width": 1366, "height": 1420}
"""A laptop's console, made taller, so that a whole panel is in the picture."""

RECUSED, ITEM = "陈伯钧", "i6"
VOTER = 3
"""The ticket that is scanned at the kiosk; every other is cast by a program."""
OTHERS = ["i1", "i2", "i3", "i4", "i5"]
AGREE, AGAINST, ABSTAIN = (1, 0, 0), (0, 1, 0), (0, 0, 1)
DIFFER = {"i1": {0: AGAINST, 1: ABSTAIN, 5: AGAINST, 8: ABSTAIN}, "i4": {2: AGAINST}}
"""Who does not agree to what, by item and ticket: ten present, so that i1 is not passed."""

SURNAMES = "柏岑程段范傅甘葛龚郝洪纪简江柯蓝黎柳路梅倪潘戚钱秦阮桑石舒宋谈温向萧"
GIVEN = ("若川", "一舟", "望舒", "晴川", "知秋", "云帆", "景明", "听雨", "远山")
OFFICES = ("民政局", "统计局", "水务局", "体育局", "档案馆", "医疗保障局", "信访局", "林业局")


@dataclass
class Studio:
    """The browser, and what has been taken so far."""

    browser: Browser
    folder: Path
    taken: dict[str, bytes] = field(default_factory=dict)

    def page(self, url: str, viewport: ViewportSize, **context: Any) -> Page:
        made = self.browser.new_context(
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **context,
        )
        page = made.new_page()
        page.goto(url)
        return page

    def take(self, page: Page, name: str) -> None:
        """Keep a picture of what stands on the screen now."""
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(400)
        self.taken[name] = in_palette(page.screenshot())


def in_palette(png: bytes) -> bytes:
    """The same picture in at most 256 colours."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


# --- the meeting ----------------------------------------------------------------------------------


@asynccontextmanager
async def meeting(folder: Path, draft: str) -> AsyncIterator[Hall]:
    """The meeting of a draft, frozen, with its tickets printed and nobody signed in."""
    new_folder(folder, draft.replace('pages = "installed"', 'pages = "server"'))
    clock = Clock()
    clock.now = MORNING
    async with opened(folder, Devices(), clock=clock) as h:
        await reach(h, None, "issued")
        yield h


def come(draft: str) -> list[str]:
    """Who comes, in the order of the tickets."""
    read = read_draft(draft)
    return [one.label for one in read.members() if one.label not in read.rehearsal.absent]


async def sign_in(h: Hall, names: Sequence[str]) -> None:
    for name in names:
        await h.room_act("attend", name)


async def open_papers(h: Hall, present: int, recused: int) -> None:
    """Open the paper from which one withdrew, then the one with everything else."""
    frozen, _ = await h.frozen()
    rest = [item for item in frozen.items if item != ITEM]
    for items in ([ITEM], rest):
        if items == [ITEM]:
            await h.ticket_act("withdraw", frozen.slots[0], recused)
        await h.open(*items, drawn=present)


async def vote(h: Hall, number: int, items: Sequence[str], tickets: Sequence[int]) -> None:
    """Cast for these tickets on the paper of this number."""
    slot = h.devices.slots[number]
    election = decode_election(await election_of(h.room, slot))
    for index in tickets:
        ballot = seal_ballot(
            election,
            private_credential(token_of("A", index), election.uuid, ED25519),
            [DIFFER.get(item, {}).get(index, AGREE) for item in items],
            seed=seed(100 * number + index),
            signature_nonce=scalar(9000 + 100 * number + index),
        )
        await h.cast(ballot.data, slot)


async def settle(h: Hall, number: int, heads: int) -> None:
    """From the seal to the release of one paper."""
    slot = h.devices.slots[number]
    await h.seal(slot, heads)
    await h.count(slot)
    await h.certify(slot)
    await h.act("release", {"slot": slot})


# --- the pictures ---------------------------------------------------------------------------------


def held(studio: Studio, stack: ExitStack) -> None:
    """The example: check-in, voting, the hall screen, what is announced, the observer."""
    draft = EXAMPLE.read_text("utf-8")
    names = come(draft)
    recused = names.index(RECUSED)
    s = stack.enter_context(serving_hall(partial(meeting, studio.folder / "held", draft)))
    d = stack.enter_context(desk(s, "secretary", studio.folder))
    d.unlock()

    s.do(lambda h: sign_in(h, names[:8]))
    console = studio.page(d.url, DESK)
    entry(console, "attend")
    expect(console.locator(".people li").first).to_be_visible()
    studio.take(console, "console-attend")

    s.do(lambda h: sign_in(h, names[8:]))
    s.do(lambda h: attendance.recuse(h.room, h.secretary, RECUSED, ITEM))
    s.do(lambda h: open_papers(h, len(names), recused))
    s.do(lambda h: vote(h, 0, [ITEM], [i for i in range(len(names)) if i not in (recused, VOTER)]))
    s.do(lambda h: vote(h, 1, OTHERS, [i for i in range(len(names)) if i not in (VOTER, 9)]))
    hall = studio.page(f"{s.url}/hall", SCREEN)
    expect(hall.locator(".fingerprint")).to_be_visible()

    cast_by_hand(studio, s)
    s.do(lambda h: h.spoil(1))
    entry(console, f"paper:{s.do(slot_of(1))}")
    s.do(lambda h: calls.last_call(h.room, h.secretary, h.devices.slots[1]))
    console.wait_for_timeout(5_000)
    console.get_by_label(say("desk.seal.heads"), exact=True).fill(str(len(names)))
    console.set_viewport_size(TALL)
    console.mouse.move(TALL["width"] - 5, 5)
    console.evaluate("scrollTo(0, 0)")
    studio.take(console, "console-vote")
    studio.take(hall, "hall-open")

    s.do(lambda h: vote(h, 1, OTHERS, [9]))
    s.do(lambda h: settle(h, 0, len(names) - 1))
    s.do(lambda h: settle(h, 1, len(names)))
    hall.wait_for_timeout(6_000)
    studio.take(hall, "hall-result")
    observer = studio.page(f"{s.url}/observer", LAPTOP)
    observer.wait_for_selector(".trackers li")
    studio.take(observer, "observer")


def cast_by_hand(studio: Studio, s: Serving) -> None:
    """One member at a kiosk, on both papers."""
    kiosk = tablet(studio, s)
    kiosk_page.scan(kiosk, kiosk_page.ticket(VOTER))
    kiosk_page.mark_all(kiosk)
    kiosk_page.cast(kiosk, "next")
    kiosk_page.press(kiosk, "onward", "ballot")
    kiosk_page.choose(kiosk, "i1", "disagree")
    for item in OTHERS[1:]:
        kiosk_page.choose(kiosk, item, "agree")
    kiosk_page.choose(kiosk, "i3", "abstain")
    kiosk_page.press(kiosk, "review", "review")
    kiosk_page.sealed_tracker(kiosk)
    studio.take(kiosk, "kiosk-review")
    kiosk_page.cast(kiosk)
    studio.take(kiosk, "kiosk-done")
    kiosk.wait_for_timeout(1_300)
    kiosk_page.press(kiosk, "close", "waiting")
    kiosk.context.close()


def listed(studio: Studio, stack: ExitStack) -> None:
    """Forty items on one tablet: the paged list, half of it marked."""
    draft = EXAMPLE.read_text("utf-8") + "".join(more_items())
    names = come(draft)
    s = stack.enter_context(serving_hall(partial(meeting, studio.folder / "listed", draft)))
    s.do(lambda h: sign_in(h, names))
    s.do(lambda h: attendance.recuse(h.room, h.secretary, RECUSED, ITEM))
    s.do(lambda h: open_papers(h, len(names), names.index(RECUSED)))
    kiosk = tablet(studio, s)
    kiosk_page.scan(kiosk, kiosk_page.ticket(VOTER))
    kiosk_page.mark_all(kiosk)
    kiosk_page.cast(kiosk, "next")
    kiosk_page.press(kiosk, "onward", "ballot")
    for turn in range(3):
        rows = kiosk.locator('[data-option="agree"]')
        marked = rows.count() if turn < 2 else 4
        for row in range(marked):
            option = {(2, 1): "disagree", (2, 2): "abstain"}.get((turn, row), "agree")
            kiosk.locator(f'[data-option="{option}"]').nth(row).click()
        if turn < 2:
            kiosk.locator('[data-key="forward"]').click()
            kiosk.wait_for_timeout(300)
    studio.take(kiosk, "kiosk-list")


def more_items() -> Iterator[str]:
    """Thirty-four more items; nobody of them exists."""
    gates = EXAMPLE.read_text("utf-8").partition("gates = [")[2].partition("]\n")[0]
    for number, surname in enumerate(SURNAMES, start=7):
        name = surname + GIVEN[number % len(GIVEN)]
        office = OFFICES[number % len(OFFICES)]
        yield (
            (
                f'\n[[items]]\nid = "i{number}"\nrule = "standing-committee"\n'
                f'candidate = "{name}"\n'
                f'current = "市{office}副局长"\nproposed = "市{OFFICES[(number + 3) % 8]}局长"\n'
                f"gates = [{gates}]\n"
            )
            .replace("档案馆副局长", "档案馆副馆长")
            .replace("档案馆局长", "档案馆馆长")
        )


def digits(studio: Studio, stack: ExitStack) -> None:
    """A trustee who is asked to read ten digits aloud."""
    device = PlayedTrustee()
    device.unlock(device.passphrase)
    client = HeldClient("http://127.0.0.1:1")
    stack.callback(client.close)
    app = make_local("trustee", client, trustee_routes(device))
    url = stack.enter_context(served(app))
    device.talk.tell("ceremony", attempt=1, threshold=2, size=3)
    device.talk.offer("code", code="42698 20393", meeting="1", threshold=2, size=3)
    page = studio.page(f"{url}/trustee", LAPTOP)
    expect(page.locator(".digits")).to_be_visible()
    studio.take(page, "trustee-code")


def kinds_of_ballots(studio: Studio, stack: ExitStack) -> None:
    """Names up to the seats, a roster of 152, and a grid of forty people."""
    text = kinds.draft_text(items=kinds.TOWN + kinds.NOMINATED, groups=kinds.roster("r1", 153))
    papers = (["mayor", "deputies"], ["finance", "deputy", "listed"])
    s = stack.enter_context(kiosk_page.kiosk_room(studio.folder / "names", *papers, text=text))
    kiosk = tablet(studio, s)
    kiosk_page.scan(kiosk, kiosk_page.ticket(VOTER))
    kiosk.locator('[data-answer="c2"]').click()
    kiosk_page.press(kiosk, "forward")
    for name in ("c1", "c4", "c7", "c9"):
        kiosk.locator(f'[data-answer="{name}"]').click()
    studio.take(kiosk, "kiosk-names")
    kiosk_page.press(kiosk, "review", "review")
    kiosk_page.cast(kiosk, "next")
    kiosk_page.press(kiosk, "onward", "ballot")
    kiosk_page.press(kiosk, "finance/nobody")
    kiosk_page.press(kiosk, "forward")
    for number in ("2", "5", "9"):
        kiosk.locator(f'[data-answer="{number}"]').click()
    kiosk_page.press(kiosk, "keys/surname")
    studio.take(kiosk, "kiosk-roster")

    folder = studio.folder / "grid"
    s = stack.enter_context(kiosk_page.kiosk_room(folder, ["cadres"], text=kinds.GRID))
    kiosk = tablet(studio, s)
    kiosk_page.scan(kiosk, kiosk_page.ticket(VOTER))
    for turn in range(12):
        for row, line in enumerate(
            kiosk.locator(".aspects .item-row").all()[: 4 if turn == 11 else 6]
        ):
            line.locator("[data-option]").nth((turn + row) % 3).click()
        if turn < 11:
            kiosk_page.press(kiosk, "forward")
    studio.take(kiosk, "kiosk-grid")


def tablet(studio: Studio, s: Serving) -> Page:
    token = s.hall.devices.tokens["kiosk:1"]
    headers = {"authorization": f"Bearer {token}"}
    page = studio.page(f"{s.url}/kiosk", TABLET, extra_http_headers=headers)
    kiosk_page.on(page, "waiting")
    page.wait_for_selector("[data-standing]")
    return page


def slot_of(number: int) -> Any:
    async def slot(h: Hall) -> str:
        return h.devices.slots[number]

    return slot


def entry(page: Page, key: str) -> None:
    """Go to an entry of the console's line."""
    page.locator(f'.rail-key[data-key^="{key}"]').first.click()


PICTURES = {"held": held, "listed": listed, "digits": digits, "kinds": kinds_of_ballots}


def main(chosen: Sequence[str]) -> None:
    """Take all pictures, or those of the parts that are named."""
    path = chromium._find() or chromium._install()
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as driver,
        chromium.launched(driver, path) as found,
    ):
        studio = Studio(found, Path(folder))
        for name in chosen or PICTURES:
            with ExitStack() as stack:
                PICTURES[name](studio, stack)
    too_long = {name: len(png) for name, png in studio.taken.items() if len(png) > LIMIT}
    if too_long:
        sys.exit(f"longer than {LIMIT} bytes, nothing was written: {too_long}")
    PLACE.mkdir(exist_ok=True)
    for name, png in studio.taken.items():
        (PLACE / f"{name}.png").write_bytes(png)
        print(f"{name}.png {len(png)}")  # noqa: T201 - a tool


if __name__ == "__main__":
    main(sys.argv[1:])
