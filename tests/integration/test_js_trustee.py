"""One meeting with trustees of both kinds, on papers of four kinds, one of them of two rounds.

Two trustees are on the command line, one is the pages' own code under Node
(``tests/web/trustee_driver.mjs``). They go through one key ceremony, read one code aloud, rehearse,
agree to every opening, sign, shuffle, decrypt, and destroy their shares; nobody could tell from the
record which was which. All three must decrypt, so whoever destroyed his share before the last round
would have stopped it. A contested vote, a confirmation, an election with names from outside, and an
assessment: the record is verified, also by the code of an officer's page.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.draft import DRAFT
from kiosk.rehearsal.account import tell
from kiosk.rehearsal.devices import Devices
from kiosk.rehearsal.play import Play
from kiosk.rehearsal.room import Program
from tally.record.layout import LEDGER, NOTE, RESULT, archive_path, note_text, proofs_path
from tally.record.pack import pack, unpack
from tally.verify.record import verify_record
from tests.interop.tool import belenios_oracle
from tests.support.contests import GRID, contest_item, roster_of
from tests.support.drafts import GATES, draft_text, item_of
from tests.support.web import ROOT, node
from voting.meeting.draft import read_draft
from voting.meeting.ledger import decode_ledger
from voting.protocol.archive import read_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGE = "trustee:2"
TEXT = (
    draft_text(
        items=contest_item("i1", "contested", seats=2, more=f"{GATES}\n")
        + item_of(2)
        + contest_item(
            "e",
            "grassroots-election",
            seats=2,
            names=("周一", "周二", "周三"),
            more='roster = "r1"\n',
        )
        + GRID,
        groups=roster_of(25),
        slots=8,
    ).replace("threshold = 2", "threshold = 3")
    + """
[rehearsal]
absent = ["成员7"]
weights.i1 = { "孙一" = 100, "孙二" = 2, "孙三" = 2 }
weights.i2 = { agree = 1 }
weights.e = { "周一" = 60, "周二" = 60, "周三" = 1 }
"""
)
SEED = 1
"""With it one of two seats is filled first, and one of six writes somebody in."""


@dataclass(slots=True)
class Mixed(Devices):
    """The devices of a rehearsal; one trustee's is the page's own code."""

    program: str = ""

    def _device(self, command: str, account: str, codes: dict[str, str], *more: str) -> Program:
        if account != PAGE:
            return Devices._device(self, command, account, codes, *more)
        process = subprocess.Popen(
            [
                *(self.program, str(ROOT / "tests" / "web" / "trustee_driver.mjs")),
                *(self.server, codes[account], str(self.private / "page.key")),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,
            text=True,
        )
        made = Program(account, process)
        made.reader = threading.Thread(target=made._read, daemon=True)
        made.reader.start()
        made.type(secrets.token_hex(16))
        self.stack.callback(made.stop)
        return made


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    program = node()
    if program is None:
        pytest.skip("node or the pages' packages are missing (make web): nobody was mixed")
    folder = tmp_path_factory.mktemp("mixed")
    private, out = folder / "private", folder / "out"
    for place in (private / "meeting", out):
        place.mkdir(parents=True)
    (private / "meeting" / DRAFT).write_text(TEXT, "utf-8")
    with ExitStack() as stack:
        play = Play(read_draft(TEXT), private, out, SEED, lambda *_a, **_k: None, stack)
        play.devices = Mixed(private, stack, program=program)
        path = play.run()
        assert not (private / "page.key").exists(), "the page's key file was not destroyed"
    return unpack(path.read_bytes())


def test_four_kinds_on_papers_of_their_own_and_the_second_round_of_the_contest(record):
    found = [
        (one["round"], item["item"], item["evaluation"]["decision"])
        for one in results(record)
        for item in one["items"]
    ]
    firsts = {item: decision for number, item, decision in found if number == 1}
    assert firsts == {"i1": "next_round", "i2": "passed", "e": "elected", "g": "recorded"}
    ((_, item, decision),) = [one for one in found if one[0] == 2]
    assert item == "i1"
    assert decision in ("elected", "seats_open")


def test_the_record_of_a_mixed_meeting_verifies(record):
    verify_record(record, workers=2).require_valid()


def test_every_trustee_agreed_and_signed_every_round(record):
    opened, counted = bodies(record, "open"), bodies(record, "count")
    assert [sorted(one["standings"]) for one in opened] == [[], [], [], [], ["i1"]]
    for one in opened:
        assert [ack["trustee"] for ack in one["acks"]] == [1, 2, 3]
    for one in counted:
        assert all(f"— trustee:{index} " in one["checkpoint"] for index in (1, 2, 3))


def test_every_share_was_kept_until_the_last_round_was_certified(record):
    order = [line.act.kind for line in decode_ledger(record[LEDGER])]
    assert sorted(one["trustee"] for one in bodies(record, "destroy")) == [1, 2, 3]
    assert order.index("destroy") > max(n for n, kind in enumerate(order) if kind == "certify")


def test_all_decrypted_and_the_independent_tool_accepts_every_archive(record, tmp_path):
    for opened in bodies(record, "open"):
        archive = record[archive_path(opened["slot"])]
        assert [one.owner for one in read_archive(archive).shares] == [1, 2, 3]
        path = tmp_path / f"{opened['slot']}.bel"
        path.write_bytes(archive)
        belenios_oracle(path)


def test_names_from_outside_are_shuffled_and_counted_by_number(record):
    (slot,) = [one["slot"] for one in results(record) if one["items"][0]["item"] == "e"]
    assert [one.owner for one in read_archive(record[archive_path(slot)]).shuffles] == [1, 2, 3]
    (election,) = [item for one in results(record) for item in one["items"] if item["item"] == "e"]
    counts = election["counts"]
    assert sum(counts["others"]["numbers"].values()) == 1
    assert sum(counts["against"].values()) >= 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_account_tells_each_kind(record, lang):
    told = "\n".join(tell(record, lang))
    assert all(name in told for name in ("孙一", "人选2", "周一", "李一"))


def test_an_officers_page_recomputes_what_was_certified_and_writes_the_records_note(
    record, tmp_path
):
    """Every act reviewed as it was proposed; and nothing of a box that was changed by a byte."""
    unsigned = {path: body for path, body in record.items() if path != NOTE}
    write(tmp_path, {**unsigned, "unsigned.zip": pack(unsigned)})
    done = officer_check(tmp_path)
    assert done.returncode == 0, done.stderr
    checked = json.loads(done.stdout)

    trackers = [one[1] for one in checked["said"] if one[0] == "trackers"]
    assert sorted(trackers) == sorted(one["numbers"]["returned"] for one in results(record))
    decided = {(one[0], one[2]) for one in checked["said"] if one[0] != "trackers"}
    assert decided == {
        (item["item"], item["evaluation"]["decision"])
        for one in results(record)
        for item in one["items"]
    }
    assert checked["note"] == note_text(record)

    path = tmp_path / proofs_path(results(record)[0]["slot"])
    path.write_bytes(path.read_bytes() + b" ")
    assert "archive-mismatch" in officer_check(tmp_path).stderr


def results(record: Mapping[str, bytes]) -> list[Any]:
    found: list[Any] = json.loads(record[RESULT])["rounds"]
    return found


def officer_check(folder: Path) -> subprocess.CompletedProcess[str]:
    program = node()
    assert program is not None
    return subprocess.run(
        [program, str(ROOT / "tests" / "web" / "officer_check.mjs"), str(folder), "teller"],
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, body in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)


def bodies(record: dict[str, bytes], kind: str) -> list[Mapping[str, Any]]:
    return [line.act.body for line in decode_ledger(record[LEDGER]) if line.act.kind == kind]
