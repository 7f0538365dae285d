"""The named minutes: held against the ledger, item by item, with two lines to sign."""

from __future__ import annotations

import pypdfium2
import pytest
from click.testing import CliRunner

from kiosk.cli import main
from tally.report.minutes import minutes_sections, typeset_minutes
from tests.support.meeting import Simulation
from tests.support.record import closed_meeting, closed_record
from voting.meeting.minutes import Spoken, decode_minutes_line, minutes_line, named_lines
from voting.meeting.roll import encode_roll


def names_of(sim, spoken=()):
    """The lines of ``minutes.jsonl`` of a meeting that went on, as the server keeps them."""
    behind = {one.digest: one for one in (*sim.roll, *spoken)}
    return [
        minutes_line(line, behind[digest]) for line in sim.lines for digest in named_lines(line.act)
    ]


@pytest.fixture
def folders(tmp_path):
    """A record, and the folder of its meeting with the files that name people."""
    record, names = tmp_path / "record", tmp_path / "meeting"
    names.mkdir()
    for path, data in closed_record().items():
        (record / path).parent.mkdir(parents=True, exist_ok=True)
        (record / path).write_bytes(data)
    sim = closed_meeting().sim
    (names / "roll.jsonl").write_bytes(encode_roll(sim.roll))
    (names / "minutes.jsonl").write_bytes(b"".join(one + b"\n" for one in names_of(sim)))
    return record, names


def run(record, names, *more):
    words = ["minutes", str(record), "--names", str(names), *map(str, more)]
    return CliRunner().invoke(main, words)


def test_who_was_there_and_who_was_recused_from_which_item_under_which_base(folders, tmp_path):
    done = run(*folders, "--pdf", tmp_path / "minutes.pdf")

    assert done.exit_code == 0, done.output
    said = done.output.split("\n3. ")[1]
    assert "登记回避：成员" in said
    assert "回避后的应到：应到不变" in said
    assert "登记回避" not in done.output.split("\n3. ")[0]
    assert done.output.rstrip().splitlines()[-3].startswith("　主持人：（签字）")
    page = pypdfium2.PdfDocument(tmp_path / "minutes.pdf")[0].get_textpage().get_text_range()
    assert "成员1（" in "".join(page.split())


@pytest.mark.parametrize("change", ["line", "gone", "roll"])
def test_minutes_that_are_not_the_ledger_s_are_refused(folders, change):
    record, names = folders
    told = (names / "minutes.jsonl").read_bytes()
    if change == "line":
        (names / "minutes.jsonl").write_bytes(told.replace("成员1".encode(), "成员9".encode(), 1))
    elif change == "gone":
        (names / "minutes.jsonl").write_bytes(told[: told[:-1].rindex(b"\n") + 1])
    else:
        roll = encode_roll(closed_meeting().sim.roll)
        (names / "roll.jsonl").write_bytes(roll.replace("成员1".encode(), "成员9".encode(), 1))

    assert run(record, names).exit_code == 1
    assert run(record, names / "none").exit_code == 2


def test_what_was_said_stands_in_order_and_what_came_late_is_marked():
    sim = Simulation.fresh()
    sim.sign_in(6)
    words = [
        ("introducer", "工作人员3", ""),
        ("speaker", "成员4", "同意"),
        ("remark", "", "停电一次"),
    ]
    spoken = [Spoken(*one, bytes([n]) * 16) for n, one in enumerate(words)]
    for n, one in enumerate(spoken):
        if n == 2:
            sim.prepare(["i1"])
            sim.open(["i1"])
        body = {"item": "i1", "what": one.what, "line": one.digest, "late": n == 2}
        sim.act("minute", **body)
    told = [decode_minutes_line(one) for one in names_of(sim, spoken)]

    head, first, *_ = minutes_sections(sim.meeting, sim.lines, sim.roll, told)

    assert [what for what, _ in first.rows] == ["介绍", "发言", "备注"]
    assert [words.endswith("事后补记") for _, words in first.rows] == [False, False, True]
    assert "成员4　同意" in first.rows[1][1]
    assert dict(head.rows)["没有签到"] == "成员7"
    assert typeset_minutes(sim.meeting, [head, first], "X" * 16).startswith(b"%PDF")
