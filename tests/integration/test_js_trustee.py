"""One meeting with trustees of both kinds: two on the command line, one of the pages' own code.

They go through one key ceremony, read one code aloud, rehearse, agree to an opening, sign one
checkpoint, decrypt, and destroy their shares; nobody could tell from the record which was which.
The second device is the page's, under Node (``tests/web/trustee_driver.mjs``).
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
from kiosk.rehearsal.devices import Devices
from kiosk.rehearsal.play import Play
from kiosk.rehearsal.room import Program
from tally.record.layout import LEDGER, NOTE, RESULT, archive_path, note_text, proofs_path
from tally.record.pack import pack, unpack
from tally.verify.record import verify_record
from tests.interop.tool import belenios_oracle
from tests.support.drafts import draft_text, item_of
from tests.support.web import ROOT, node
from voting.meeting.draft import read_draft
from voting.meeting.ledger import decode_ledger
from voting.protocol.archive import read_archive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGE = "trustee:2"
TEXT = draft_text(items=item_of(1), quota=0).replace(
    "threshold = 2", "threshold = 3"
)  # all decrypt


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
        play = Play(read_draft(TEXT), private, out, 7, lambda *_a, **_k: None, stack)
        play.devices = Mixed(private, stack, program=program)
        path = play.run()
        assert not (private / "page.key").exists(), "the page's key file was not destroyed"
    return unpack(path.read_bytes())


def test_the_record_of_a_mixed_meeting_verifies(record):
    verify_record(record).require_valid()


def test_every_trustee_agreed_signed_and_destroyed(record):
    (opened,) = bodies(record, "open")
    (counted,) = bodies(record, "count")
    assert [ack["trustee"] for ack in opened["acks"]] == [1, 2, 3]
    assert all(f"— trustee:{index} " in counted["checkpoint"] for index in (1, 2, 3))
    assert sorted(one["trustee"] for one in bodies(record, "destroy")) == [1, 2, 3]


def test_all_decrypted_and_the_independent_tool_accepts_the_archive(record, tmp_path):
    (opened,) = bodies(record, "open")
    archive = record[archive_path(opened["slot"])]
    assert [one.owner for one in read_archive(archive).shares] == [1, 2, 3]
    path = tmp_path / "paper.bel"
    path.write_bytes(archive)
    belenios_oracle(path)


def test_an_officers_page_recomputes_what_was_certified_and_writes_the_records_note(
    record, tmp_path
):
    """Every act reviewed as it was proposed; and nothing of a box that was changed by a byte."""
    unsigned = {path: body for path, body in record.items() if path != NOTE}
    write(tmp_path, {**unsigned, "unsigned.zip": pack(unsigned)})
    done = officer_check(tmp_path)
    assert done.returncode == 0, done.stderr
    checked = json.loads(done.stdout)

    (one,) = json.loads(record[RESULT])["rounds"]
    (item,) = one["items"]
    decided = [
        item["item"],
        list(map(list, item["counts"].items())),
        item["evaluation"]["decision"],
    ]
    certified = len(bodies(record, "certify"))
    assert checked["said"] == [["trackers", one["numbers"]["returned"]], *[decided] * certified]
    assert checked["note"] == note_text(record)

    path = tmp_path / proofs_path(one["slot"])
    path.write_bytes(path.read_bytes() + b" ")
    assert "archive-mismatch" in officer_check(tmp_path).stderr


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
