"""The whole meeting of the example, in a browser: real programs, real keys, everybody at once.

Two kiosks, the consoles of secretary and first scrutineer, two trustees' pages, an observer, the
hall screen and a checking device stand open all the time; the chair, the second scrutineer and
the third trustee sit at terminals. Tickets are printed by the secretary's page and read back from
the rendered sheets; what is pressed is what people press.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.interop.tool import belenios_oracle, tool
from tests.support.console_page import SECONDS
from tests.support.printed import read_sheets
from tests.support.room import PHONE, SCREEN, Room, instruction, vote, withdraw
from voting.meeting.draft import read_draft
from voting.words import say

if TYPE_CHECKING:
    from playwright.sync_api import Browser

EXAMPLE = Path(__file__).parents[2] / "examples" / "standing-committee.toml"
CHOICES = ["agree"] * 8 + ["disagree", "abstain"]
"""What each member who came chooses for every item, in the order in which they vote."""
OUT, OUT_OF = "陈伯钧", "i6"


@pytest.fixture(scope="module", autouse=True)
def oracle():
    return tool("3.0")


@dataclass
class Meeting:
    """The people of one meeting, and what they do, part by part."""

    room: Room
    tickets: dict[str, str] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)
    trackers: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.draft = read_draft(EXAMPLE.read_text("utf-8"))
        absent = self.draft.rehearsal.absent
        self.members = [one.label for one in self.draft.members() if one.label not in absent]
        self.names = [one.candidate for one in self.draft.items]

    def sit_down(self):
        room = self.room
        room.serve(EXAMPLE.read_bytes())
        self.hall = room.public("hall", SCREEN)
        self.observer = room.public("observer")
        self.phone = room.public("check", PHONE)
        for name in ("secretary", "scrutineer-1"):
            room.start(name, room.program, "officer", name)
        for name in ("chair", "scrutineer-2"):
            room.start(name, room.officer_at_terminal, name)
        room.start("trustee-3", room.trustee_at_terminal, 3)
        for kind in ("trustee", "kiosk"):
            for name in (f"{kind}-1", f"{kind}-2"):
                room.start(name, room.program, kind, name)
        self.secretary, self.scrutineer = room.officer("secretary"), room.officer("scrutineer-1")
        self.trustees = [room.trustee(1), room.trustee(2)]
        self.kiosks = [room.kiosk(1), room.kiosk(2)]
        self.chair, self.second = room.ready("chair"), room.ready("scrutineer-2")
        self.third = room.ready("trustee-3")

    def make_the_key(self):
        heard = [self.third.hear("code")["code"]]
        for page in self.trustees:
            instruction(page, "code")
            heard.append(" ".join(page.locator(".digits li").all_inner_texts()))
        assert len(set(heard)) == 1
        self.third.type("yes")
        for page in self.trustees:
            instruction(page, "code", "yes")
        for page in self.trustees:
            instruction(page, "rehearsed")

    def freeze(self):
        self.secretary.go("freeze")
        self.secretary.propose("desk.freeze.propose", ask="desk.freeze.propose")
        self._both_sign("freeze")
        code = self.secretary.page.locator(".fingerprint .code").inner_text()
        for page in (self.hall, self.observer, self.phone, *self.kiosks):
            expect(page.locator("body")).to_contain_text(code, timeout=SECONDS)
        for page in self.trustees:
            instruction(page, "accept")
            assert page.locator("#now .symbols li").all_inner_texts() == code.split()
            instruction(page, "accept", "yes")
        return code

    def print_tickets(self):
        self.secretary.go("issue")
        path = self.room.folder / "tickets.pdf"
        sheets = self.secretary.download("desk.issue.make", path, ask="desk.issue.make")
        drawn, _reserve = read_sheets(sheets, [one.printed for one in self.draft.series])
        self.tickets = dict(zip(self.members, drawn, strict=False))
        self.leftovers = drawn[len(self.members) :]

    def check_in(self):
        panel = self.secretary.go("attend")
        for name in self.members:
            panel.get_by_role("searchbox").fill(name)
            self.secretary.press("desk.attend.draw")
            self.secretary.told("desk.attend.done.attend", name=name)
        panel.locator("summary", has_text=say("desk.recusal.enter")).click()
        panel.get_by_label(say("desk.recusal.who")).select_option(OUT)
        panel.get_by_label(say("desk.recusal.item", n=6, candidate=self.names[5])).check()
        self.secretary.press("desk.recusal.enter")
        self.secretary.told("desk.recusal.done", name=OUT)

    def introduce(self):
        panel = self.secretary.go("room")
        for what, who in (
            ("introducer", "欧阳静"),
            ("discussed", ""),
            ("principal-last", "周志远"),
        ):
            kinds = panel.get_by_label(say("desk.minutes.what"), exact=True)
            kinds.select_option(label=say(f"desk.minutes.what.{what}"))
            if who:
                panel.get_by_label(say("desk.minutes.who"), exact=True).fill(who)
            self.secretary.press("desk.minutes.all")
            self.secretary.press("desk.minutes.enter")
            self.secretary.told("desk.minutes.done", number=len(self.names))

    def void_leftovers(self):
        panel = self.secretary.paper(1, "6")
        for number, text in enumerate(self.leftovers, 1):
            panel.get_by_label(say("desk.leftovers.scan")).fill(text)
            self.secretary.press("desk.leftovers.void")
            done = say("desk.leftovers.done", number=number)
            expect(panel).to_contain_text(done, timeout=SECONDS)

    def open(self, number, items):
        self.secretary.paper(number, items)
        self.secretary.press("desk.prepare")
        self.secretary.propose("desk.open", ask="desk.open")
        self._both_sign("open")

    def vote(self):
        for turn, (name, option) in enumerate(zip(self.members, CHOICES, strict=True)):
            page = self.kiosks[turn % 2]
            checker = self.phone if turn == 0 else None
            papers = 1 if name == OUT else 2
            self.trackers += vote(page, self.tickets[name], option, papers, checker)

    def seal(self, number, items, heads):
        panel = self.secretary.paper(number, items)
        panel.get_by_label(say("desk.seal.heads"), exact=True).fill(str(heads))
        self.secretary.propose("desk.seal.propose", ask="desk.seal.propose")
        self._both_sign("seal")
        self.scrutineer.paper(number, items)
        self.scrutineer.propose("desk.no-objection")
        self.scrutineer.sign("no-objection")
        self.second.sign("no-objection")
        self.scrutineer.settled()

    def certify(self, number, items, slot):
        panel = self.secretary.paper(number, items)
        form = self.room.folder / f"signed-{number}.pdf"
        assert self.secretary.download("desk.forms.get", form).startswith(b"%PDF")
        signing = panel.locator("[data-part=signing]")
        signing.get_by_label(say("desk.pen.page")).set_input_files(form)
        self.secretary.propose("desk.pen.confirm", ask="desk.pen.confirm")
        self.secretary.sign("certify")
        self.secretary.settled()
        self.scrutineer.paper(number, items)
        self.scrutineer.propose("desk.certify.key")
        self.scrutineer.sign("certify")
        self.scrutineer.settled()
        for officer, device in (("scrutineer-2", self.second), ("chair", self.chair)):
            device.propose("certify", slot=slot, officer=officer, pen=None)
            device.sign("certify", officer, slot)
        expect(panel).to_contain_text(say("desk.certify.done"), timeout=SECONDS)

    def release(self, number, items):
        self.secretary.paper(number, items)
        self.secretary.propose("desk.release", ask="desk.release")
        self._both_sign("release")

    def end(self):
        for page in self.trustees:
            instruction(page, "destroy", "yes")
            page.get_by_role("button", name=say("keeper.sure.yes"), exact=True).click()
            instruction(page, "destroyed")
        self.third.hear("destroyed")
        self.secretary.go("end")
        self.secretary.propose("desk.end.close.propose", ask="desk.end.close.propose")
        self.secretary.sign("close")
        for officer in (self.secretary, self.scrutineer):
            officer.go("end")
            officer.press("desk.record.sign")
            officer.told("desk.record.signed")
        for device in (self.chair, self.second):
            device.program.command("sign-record")
        path = self.room.folder / "record.zip"
        self.secretary.download("desk.record.download", path)
        return path

    def slots(self):
        """The open rounds, as everybody can ask."""
        text = self.hall.evaluate("fetch('/api/state').then((answer) => answer.text())")
        return [one["slot"] for one in json.loads(text)["rounds"]]

    def _both_sign(self, kind):
        self.secretary.sign(kind)
        self.scrutineer.sign(kind)
        self.secretary.settled()


def test_the_example_is_held_in_a_browser_and_its_record_verifies(browser: Browser, tmp_path):
    papers = ((1, "6", 9), (2, "1–5", 10))
    with ExitStack() as stack:
        meeting = Meeting(Room(browser, tmp_path, stack))
        meeting.sit_down()
        meeting.make_the_key()
        code = meeting.freeze()
        meeting.print_tickets()
        meeting.check_in()
        meeting.introduce()
        withdraw(meeting.kiosks[1], meeting.tickets[OUT])
        meeting.void_leftovers()
        for number, items, _ in papers:
            meeting.open(number, items)
        meeting.vote()
        for number, items, heads in papers:
            meeting.seal(number, items, heads)
        shown_to_the_observer(meeting)
        slots = meeting.slots()
        for (number, items, _), slot in zip(papers, slots, strict=True):
            meeting.certify(number, items, slot)
        expect(meeting.hall.locator(".announcement")).to_have_count(0)
        for number, items, _ in papers:
            meeting.release(number, items)
            shown_in_the_hall(meeting, number)
        record = meeting.end()
        assert {name: found for name, found in meeting.room.faults.items() if found} == {}

    assert verified(record, code)
    for archive in archives(record, tmp_path):
        belenios_oracle(archive)
    assert not list(tmp_path.glob("trustee-*"))


def shown_to_the_observer(meeting):
    """Every tracker that a kiosk showed stands on the observer's page, and no other."""
    shown = meeting.observer.locator(".trackers .code")
    expect(shown).to_have_count(len(meeting.trackers), timeout=SECONDS)
    found = [one.replace(" ", "") for one in shown.all_inner_texts()]
    assert sorted(found) == sorted(meeting.trackers)


def shown_in_the_hall(meeting, number):
    """The words to be read out, with the counts of what people pressed."""
    names, out = (meeting.names[5:], 1) if number == 1 else (meeting.names[:5], 0)
    announced = meeting.hall.locator(".announcement")
    for name in names:
        agree = CHOICES.count("agree") - out
        person = say("announce.person", name=name)
        words = {"name": person, "agree": agree, "disagree": 1, "abstain": 1, "verdict": ""}
        expect(announced).to_contain_text(say("announce.item", **words), timeout=SECONDS)


def verified(record, code):
    """What ``piaojue verify`` says, as a person runs it with the fingerprint on his form."""
    command = [sys.executable, "-m", "kiosk", "verify", str(record), "--expect", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0


def archives(record, folder):
    """Each round's archive, alone in a folder, as the independent tool wants it."""
    with zipfile.ZipFile(record) as file:
        names = [name for name in file.namelist() if name.endswith(".bel")]
        assert len(names) == 2
        return [Path(file.extract(name, folder / str(n))) for n, name in enumerate(names)]
