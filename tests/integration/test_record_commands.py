"""``piaojue verify``, ``report``, ``check`` and ``tickets`` as people and scripts call them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from tally.record.layout import LEDGER, MEETING, NOTE, REPORT, RESULT
from tally.record.pack import pack
from tests.support.drafts import SMALL, draft_text
from tests.support.record import (
    COUNTED,
    VOIDED,
    bel,
    changed,
    closed_meeting,
    closed_record,
    slot_of,
)
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.meeting.ledger import decode_ledger, encode_ledger
from voting.meeting.slips import decode_public_parts
from voting.protocol import codec

SAMPLES = Path(__file__).parent.parent / "samples"
EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def piaojue(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def written(place, files):
    for path, data in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(data)
    return place


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return written(tmp_path_factory.mktemp("record"), closed_record())


# --- verify --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "word"), [("zh", "记录有效"), ("en", "the record is valid")])
def test_a_valid_record_is_told_in_both_languages(record, lang, word):
    run = piaojue("verify", record, "--lang", lang)

    assert run.exit_code == 0
    assert word in run.stdout.splitlines()[-1]
    assert [line.split()[1] for line in run.stdout.splitlines() if line.startswith("  ✓ V")] == [
        "V1",
        "V2",
        "V3",
        "V4",
        "V5",
        "V17",
        "V18",
        "V19",
        "V20",
        "V21",
        "V22",
    ]


def test_the_fingerprints_come_first(record):
    lines = piaojue("verify", record).stdout.splitlines()

    assert "手签" in lines[0]
    assert closed_meeting().sim.meeting.code in lines[1]
    assert code_80bits(sha256_hex(closed_record()[RESULT])) in lines[2]


def test_a_zip_verifies_as_its_folder_does(record, tmp_path):
    (tmp_path / "record.zip").write_bytes(pack(closed_record()))

    one, other = piaojue("verify", record), piaojue("verify", tmp_path / "record.zip")
    assert (one.exit_code, one.stdout) == (other.exit_code, other.stdout)


@pytest.mark.parametrize(
    "spelled",
    [
        lambda: closed_meeting().sim.meeting.code,
        lambda: code_80bits(sha256_hex(closed_record()[RESULT])).lower().replace(" ", ""),
        lambda: closed_meeting().sim.meeting.code.replace("0", "o").replace("1", "l"),
        lambda: closed_meeting().sim.meeting.fingerprint,
        lambda: sha256_hex(closed_record()[RESULT]).upper(),
    ],
)
def test_an_expected_fingerprint_is_compared(record, spelled):
    run = piaojue("verify", record, "--expect", spelled(), "--json")

    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["expected"] is True


def test_the_record_of_another_meeting_is_not_what_was_expected(record):
    run = piaojue("verify", record, "--expect", "0000 0000 0000 0000")

    assert run.exit_code == 1
    assert "指纹不符" in run.stdout.splitlines()[-1]


@pytest.mark.parametrize("given", ["", "ABCD", "0000 0000 0000 000!", "零" * 16])
def test_what_is_no_fingerprint_is_not_compared(record, given):
    run = piaojue("verify", record, "--expect", given)

    assert (run.exit_code, run.stdout) == (2, "")


def test_a_forged_record_is_told_check_by_check(tmp_path):
    forged = changed(RESULT, closed_record()[RESULT] + b" ")
    run = piaojue("verify", written(tmp_path, forged))

    assert run.exit_code == 1
    assert "✗ V19" in run.stdout
    assert "[result.json]" in run.stdout
    assert "V19" in run.stdout.splitlines()[-1]
    assert "Traceback" not in run.output


def test_a_hostile_record_does_not_write_on_the_screen(tmp_path):
    """A key of a rule once cleared the screen and wrote a verdict of its own."""
    files = closed_record()
    meeting = json.loads(files[MEETING])
    next(iter(meeting["rules"].values()))["\x1b[2J\x1b[H核验通过：记录有效\x1b[8m"] = 1
    forged = written(tmp_path / "r", {**files, MEETING: codec.encode(meeting)})

    run = CliRunner().invoke(main, ["verify", str(forged)], color=True)

    assert run.exit_code == 1
    assert "\x1b" not in run.output
    assert "?[2J?[H核验通过" in run.output


def test_json_says_everything(tmp_path):
    forged = changed(bel(VOIDED), closed_record()[bel(VOIDED)][:-512])
    run = piaojue("verify", written(tmp_path, forged), "--json", "--lang", "en")
    said = json.loads(run.stdout)

    assert run.exit_code == 1
    assert run.stdout.count("\n") == 1
    assert (said["kind"], said["valid"], said["expected"]) == ("record", False, None)
    assert said["fingerprints"]["meeting"]["code"] == closed_meeting().sim.meeting.code
    (wrong,) = [one for one in said["checks"] if one["status"] == "failed"]
    assert (wrong["check"], wrong["slot"], wrong["code"]) == (
        "V6",
        slot_of(VOIDED),
        "archive-truncated",
    )
    assert wrong["reason"]
    assert said["remarks"]


def test_an_unsigned_record_is_not_valid(tmp_path):
    unsigned = {path: data for path, data in closed_record().items() if path != NOTE}

    assert piaojue("verify", written(tmp_path, unsigned)).exit_code == 1


def test_a_record_of_garbage_is_not_valid_and_no_accident(tmp_path):
    run = piaojue("verify", written(tmp_path, dict.fromkeys(closed_record(), b"\xff\x00")))

    assert run.exit_code == 1
    assert run.exception is None or isinstance(run.exception, SystemExit)


def test_a_zip_that_was_changed_is_not_valid(tmp_path):
    data = pack(closed_record())
    (tmp_path / "record.zip").write_bytes(data[:500] + b"?" + data[501:])
    run = piaojue("verify", tmp_path / "record.zip", "--json")

    assert run.exit_code == 1
    assert json.loads(run.stdout)["checks"][0]["code"] == "zip-differs"


@pytest.mark.parametrize("make", [lambda _: None, lambda p: p.write_text("x"), lambda p: p.mkdir()])
def test_what_cannot_be_read_has_no_verdict(tmp_path, make):
    make(tmp_path / "given")
    run = piaojue("verify", tmp_path / "given")

    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.count("\n") == 1


def test_a_bare_archive_verifies_at_any_stage(tmp_path):
    for number, stage in ((COUNTED, "result"), (VOIDED, "closed")):
        path = tmp_path / "x.bel"
        path.write_bytes(closed_record()[bel(number)])
        said = json.loads(piaojue("verify", path, "--json").stdout)
        assert (said["kind"], said["valid"], said["stage"], said["ballots"]) == (
            "archive",
            True,
            stage,
            6,
        )
    path.write_bytes(closed_record()[bel(COUNTED)][:-1])
    assert piaojue("verify", path).exit_code == 1


def test_an_archive_that_is_refused_by_name_has_no_verdict():
    run = piaojue("verify", next(SAMPLES.glob("unsupported/**/*.bel")))

    assert run.exit_code == 2
    assert "✓" not in run.stdout


def test_a_damaged_first_record_of_an_archive_is_a_finding(tmp_path):
    (tmp_path / "x.bel").write_bytes(b"b" + closed_record()[bel(COUNTED)][1:])

    assert piaojue("verify", tmp_path / "x.bel").exit_code == 1


def test_a_verifier_needs_no_typesetter_no_database_and_no_web():
    code = "import sys, kiosk.commands.verify as v; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}

    assert loaded.isdisjoint({"typst", "sqlalchemy", "starlette", "httpx2", "rich", "uvicorn"})


# --- report --------------------------------------------------------------------------------------


def test_the_forms_are_typeset_again_and_are_the_same(record, tmp_path):
    run = piaojue("report", record, "--out", tmp_path / "again.pdf")

    assert run.exit_code == 0, run.output
    assert (tmp_path / "again.pdf").read_bytes() == closed_record()[REPORT]


def test_other_forms_are_told(tmp_path):
    place = written(tmp_path, {**closed_record(), REPORT: b"%PDF-other"})

    assert piaojue("report", place).exit_code == 1


def test_no_file_is_overwritten(record, tmp_path):
    (tmp_path / "mine.pdf").write_text("mine")
    run = piaojue("report", record, "--out", tmp_path / "mine.pdf")

    assert run.exit_code == 2
    assert (tmp_path / "mine.pdf").read_text() == "mine"
    assert piaojue("report", record, "--out", tmp_path / "no" / "such.pdf").exit_code == 2


def test_no_forms_come_of_a_ledger_that_goes_on(tmp_path):
    lines = decode_ledger(closed_record()[LEDGER])
    place = written(tmp_path, {**closed_record(), LEDGER: encode_ledger(lines[:-1])})

    assert piaojue("report", place).exit_code == 1


# --- tickets -------------------------------------------------------------------------------------


def test_tickets_are_made_for_a_frozen_meeting(record, tmp_path):
    run = piaojue("tickets", record, "--out", tmp_path / "out", "--count", 18)

    assert run.exit_code == 0, run.output
    assert closed_meeting().sim.meeting.code in run.stdout
    made = sorted((tmp_path / "out").iterdir())
    assert [path.name for path in made] == ["public.json", "tickets-A.pdf", "tickets-R.pdf"]
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    parts = decode_public_parts((tmp_path / "out" / "public.json").read_bytes())
    assert [(one.id, one.printed) for one in parts.series] == [("A", 9), ("R", 9)]


def test_tickets_are_never_made_over_others(record, tmp_path):
    (tmp_path / "tickets-R.pdf").write_text("drawn already")
    run = piaojue("tickets", record / MEETING, "--out", tmp_path)

    assert run.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["tickets-R.pdf"]


@pytest.mark.parametrize("words", [["--count", "17"], []])
def test_nothing_is_made_for_another_number_or_no_meeting(record, tmp_path, words):
    source = record if words else record / RESULT
    run = piaojue("tickets", source, "--out", tmp_path / "out", *words)

    assert run.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_no_meeting_no_tickets(tmp_path):
    assert piaojue("tickets", tmp_path, "--out", tmp_path / "out").exit_code == 2
    assert piaojue("tickets", "http://127.0.0.1:9", "--out", tmp_path / "out").exit_code == 2


# --- check ---------------------------------------------------------------------------------------


def draft(tmp_path, text):
    (tmp_path / "meeting.toml").write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_is_good(lang):
    run = piaojue("check", EXAMPLES / "standing-committee.toml", "--lang", lang)

    assert run.exit_code == 0, run.output
    assert re.search(r"(至少|at least) 8\b", run.stdout)  # of 12, for quorum
    assert re.search(r"(至少|at least) 7\b", run.stdout)  # to pass


def test_a_draft_is_checked_in_its_folder(tmp_path):
    assert piaojue("check", draft(tmp_path, SMALL)).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('title = "测试会议"', 'title = "测试会议"\nbogus = 1', "meeting.bogus"),
        ('name = "成员3"\npost', 'name = "成员2"\npost', "roll[3].name"),
        ("threshold = 2", "threshold = 1", "trustees.threshold"),
        ('rule = "standing-committee"', 'rule = "no-such"', "items[1].rule"),
        ('candidate = "人选1"', 'candidate = "成员2"', "officers[3].name"),
        ('candidate = "人选2"', 'candidate = "\U0003134f"', "items[2].candidate"),
        ('post = "常委"', 'post = "\ue000"', "roll[1].post"),
        ('proposed = "局长"', 'proposed = "局长\u200b"', "items[1].proposed"),
    ],
)
def test_a_fault_is_one_line_that_names_its_place(tmp_path, old, new, place):
    assert old in SMALL
    run = piaojue("check", draft(tmp_path, SMALL.replace(old, new, 1)))

    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.count("\n") == 1
    assert place in run.stderr


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda text: text.replace("floor = 5", "floor = 9"), "开箱下限 9"),
        (lambda text: text.replace("slots = 4", 'slots = 6\ntickets = "server"'), "投票码由服务端"),
        (lambda text: text.replace("slots = 4", 'slots = 6\npages = "server"'), "页面由服务端"),
        (lambda _text: draft_text(quota=0), "验票次数"),
        (lambda text: text, "票次"),
    ],
)
def test_what_may_be_a_slip_is_a_warning(tmp_path, change, word):
    run = piaojue("check", draft(tmp_path, change(SMALL)))
    warnings = [line for line in run.stdout.splitlines() if line.startswith("注意")]

    assert run.exit_code == 0
    assert any(word in line for line in warnings)


def test_a_rule_that_is_no_longer_in_force_is_told_before_the_meeting():
    run = piaojue("check", EXAMPLES / "grassroots-election-1990.toml")

    assert run.exit_code == 0
    assert "grassroots-election-1990 已经失效" in run.stdout
    assert "请用规则 grassroots-election" in run.stdout


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")

    assert piaojue("check", tmp_path / "x.toml").exit_code == 2
    assert piaojue("check", tmp_path / "none.toml").exit_code == 2
