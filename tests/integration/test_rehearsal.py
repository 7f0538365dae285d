"""piaojue rehearse: the whole story, through the real programs, once for all tests here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.rehearsal.minds import make_minds
from tally.record.layout import LEDGER, MEETING, RESULT, archive_path
from tally.record.pack import unpack
from tests.interop.tool import belenios_oracle
from voting.meeting.draft import read_draft

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "standing-committee.toml"


def piaojue(*arguments, **options):
    command = [sys.executable, "-m", "kiosk", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False, **options
    )


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    out = tmp_path_factory.mktemp("rehearsal") / "out"
    done = piaojue("rehearse", EXAMPLE, "--out", out, "--seed", "7")
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done.stdout


@pytest.fixture(scope="session")
def record(played):
    return unpack((played[0] / "record.zip").read_bytes())


def test_the_account_tells_attendance_tickets_decisions_and_where_to_look(played):
    out, said = played
    for words in ("应到会12人，实到10人", "发出9张", "发出10张", "陈思远", "会议指纹", "结果摘要"):
        assert words in said
    assert f"piaojue verify {out / 'record'}" in said


def test_the_folder_and_its_zip_verify(played):
    out, _ = played
    for path in (out / "record", out / "record.zip"):
        assert piaojue("verify", path).returncode == 0


def test_every_paper_is_accepted_by_the_independent_tool(record, tmp_path):
    result = json.loads(record[RESULT])
    slots = [one["slot"] for one in result["rounds"]]
    assert len(slots) == 2
    for slot in slots:
        path = tmp_path / f"{slot}.bel"
        path.write_bytes(record[archive_path(slot)])
        belenios_oracle(path)


def test_the_recused_member_withdrew_from_the_one_paper(record):
    by_items = {
        tuple(item["item"] for item in one["items"]): one["numbers"]
        for one in json.loads(record[RESULT])["rounds"]
    }
    assert by_items[("i6",)]["issued"] == 9
    assert by_items[("i1", "i2", "i3", "i4", "i5")]["issued"] == 10


def test_a_device_was_checked_before_the_seal(record):
    rounds = json.loads(record[RESULT])["rounds"]
    assert sum(one["numbers"]["spoiled"] for one in rounds) == 1


def test_nobody_who_only_attended_is_named_anywhere_in_the_record(record):
    draft = read_draft(EXAMPLE.read_text("utf-8"))
    named = {one.name for one in draft.officers} | set(draft.trustees)
    named |= {item.candidate for item in draft.items}
    silent = [one.name for one in draft.roll if one.name not in named]
    assert len(silent) >= 8
    for path, body in record.items():
        for name in silent:
            assert name.encode() not in body, path


def test_every_printed_file_of_tickets_is_readable_by_its_owner_only(played):
    for path in played[0].glob("tickets-*.pdf"):
        assert path.stat().st_mode & 0o077 == 0


def test_nothing_private_is_left_in_the_folder(played):
    names = sorted(path.name for path in played[0].iterdir())
    assert names == [
        "forms-to-sign.pdf",
        "record",
        "record.zip",
        "tickets-A.pdf",
        "tickets-R.pdf",
    ]


def test_a_seed_repeats_the_choices_and_another_gives_others(record):
    draft = read_draft(EXAMPLE.read_text("utf-8"))
    here = [one for one in draft.members() if one.label not in draft.rehearsal.absent]
    labels = [person.label for person in draft.members()]
    made = make_minds(draft, labels, 7)
    assert made == make_minds(draft, labels, 7)
    minds, others = (
        {who: one.single for who, one in make_minds(draft, labels, seed).items()} for seed in (7, 8)
    )
    assert minds != others
    out = draft.rehearsal.recused
    for one in json.loads(record[RESULT])["rounds"]:
        for item in one["items"]:
            voters = [who.label for who in here if who.label not in out.get(item["item"], ())]
            expected = [minds[who][item["item"]] for who in voters]
            for option, count in item["counts"].items():
                assert count == expected.count(option)


def test_a_faulty_draft_is_one_line_that_names_the_place_and_nothing_is_written(tmp_path):
    draft = tmp_path / "meeting.toml"
    draft.write_text(EXAMPLE.read_text("utf-8").replace("threshold = 2", "threshold = 1"), "utf-8")

    done = piaojue("rehearse", draft, "--out", tmp_path / "out")

    assert done.returncode == 2
    assert done.stderr.startswith("trustees.threshold")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_peoples_files_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("not ours")

    done = piaojue("rehearse", EXAMPLE, "--out", tmp_path)

    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_ledger_of_the_record_holds_no_time_where_it_would_point_at_a_person(record):
    acts = [json.loads(line)["act"] for line in record[LEDGER].splitlines()]
    assert {act["kind"] for act in acts if act["at"] is None} == {"leftover", "withdraw", "spoil"}
    assert json.loads(record[MEETING])["title"]
