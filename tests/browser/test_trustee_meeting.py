"""A whole meeting with one trustee at a page and two at a terminal, to the destroyed share.

The page is served by the program on the trustee's laptop, or by the server and computes itself.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from playwright.sync_api import expect

from kiosk.rehearsal.devices import Devices
from kiosk.rehearsal.play import Play
from kiosk.rehearsal.room import Program
from tests.support.drafts import draft_text, item_of
from tests.support.paged import laptop, look
from voting.meeting.draft import read_draft

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

PASSPHRASE = "四个 不相干 的词 在这里"
INDEX = 3

page = pytest.fixture(laptop)


@dataclass
class Trustee:
    """One trustee at his page, asked for what a rehearsal asks of a program.

    ``program`` is the one on his laptop; without it the page computes.
    """

    page: Page
    program: Program | None
    seen: list[str] = field(default_factory=list)

    def heading(self, *titles: str) -> str:
        """Wait for one of these instructions."""
        pattern = re.compile("|".join(re.escape(one) for one in titles))
        expect(self.page.locator("#step")).to_have_text(pattern)
        title = self.page.locator("#step").inner_text()
        if title not in self.seen:
            self.seen.append(title)
            look(self.page, title)
        return title

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    # --- as kiosk.rehearsal asks a program --------------------------------------------------------

    def hear(self, event: str) -> dict[str, Any]:
        if event == "code":
            self.heading("请大声念出这十位数字")
            return {"code": " ".join(self.page.locator(".digits li").all_inner_texts())}
        if event == "rehearsed":
            self.heading("演练成功")
        if event == "agreed":
            if self.program is None and "请输入口令" not in self.seen:
                self.come_back()
            if self.heading("请核对会议指纹", "本轮已核对").startswith("请"):
                self.press("完全相同")
            self.heading("本轮已核对")
        if event == "destroyed":
            self.heading("请销毁密钥份额")
            self.press("销毁我的密钥份额")
            look(self.page, "确定销毁")
            self.press("确定，销毁")
            if self.program is None:
                self.heading("请销毁您另存的两份密钥文件")
                self.press("两份都已销毁")
            self.heading("份额已销毁，可以关机")
        return {}

    def type(self, line: str) -> None:
        assert line == "yes"
        self.press("十位数字全部相同")
        if self.program is None:
            self.save_copies()

    def check(self) -> None:
        """Between two looks of the room, see what the page says."""
        assert self.program is None or self.program.process.poll() is None
        title = self.page.locator("#step").inner_text()
        assert title != "先停下来"
        if title not in self.seen:
            self.seen.append(title)
            look(self.page, title)

    # --- only where the page computes -------------------------------------------------------------

    def save_copies(self) -> None:
        """Save both copies of the key file; nothing in them can be read."""
        for number in (1, 2):
            self.heading(f"请另存密钥文件，第 {number} 份")
            with self.page.expect_download() as saved:
                self.press("存这一份")
            text = saved.value.path().read_text("utf-8")
            assert text.startswith('{"keyfile":1,')
            assert "share" not in text
        self.heading("两份都存好了吗？")
        self.press("两处都有了")

    def come_back(self) -> None:
        """Load the page again: it knows its key file, and asks for the passphrase."""
        self.page.reload()
        self.heading("请输入口令")
        self.page.get_by_label("口令", exact=True).fill(PASSPHRASE)
        self.press("打开")


@dataclass(slots=True)
class Room(Devices):
    """The devices of a rehearsal, of which the last trustee's has a page."""

    seat: Any = None

    def _device(self, command: str, account: str, codes: dict[str, str], *more: str) -> Any:
        if account != f"trustee:{INDEX}":
            return Devices._device(self, command, account, codes, *more)
        return self.seat(self, codes[account])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_program(room: Room, folder: Path, port: int) -> tuple[Program, str]:
    """Start the trustee's program as a person does; return its page's address."""
    paths = ["--key", str(folder / "u1.key"), "--copy", str(folder / "u2.key")]
    program = Program.start("trustee", ["trustee", room.server, *paths, "--port", str(port)])
    room.stack.callback(program.stop)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx2.get(f"{url}/device/state", trust_env=False)
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            break
    return program, f"{url}/trustee"


@pytest.mark.parametrize("pages", ["installed", "server"])
def test_a_page_and_two_terminals_hold_a_meeting_to_its_end(pages, page, tmp_path):
    text = draft_text(items=item_of(1)).replace("floor = 5", f'floor = 5\npages = "{pages}"', 1)
    private, out = tmp_path / "private", tmp_path / "out"
    (private / "meeting").mkdir(parents=True)
    (private / "meeting" / "meeting.toml").write_text(text, "utf-8")
    out.mkdir()
    trustees: list[Trustee] = []

    def sit_down(room: Room, invitation: str) -> Trustee:
        program, url = None, f"{room.server}/trustee"
        if pages == "installed":
            program, url = start_program(room, tmp_path, free_port())
        page.goto(url)
        one = Trustee(page, program)
        one.heading("登记这台设备")
        page.get_by_label("邀请码").fill(invitation)
        page.get_by_label("口令", exact=True).fill(PASSPHRASE)
        page.get_by_label("再输一次").fill(PASSPHRASE)
        one.press("登记")
        one.heading("等待其他", "请大声念出")
        trustees.append(one)
        return one

    with ExitStack() as stack:
        play = Play(read_draft(text), private, out, 1, lambda *_a, **_k: None, stack)
        play.devices = Room(private, stack, seat=sit_down)
        play.run()

    (one,) = trustees
    assert one.seen[-1] == "份额已销毁，可以关机"
    assert not list(tmp_path.glob("u?.key"))
    assert (out / "record.zip").exists()
