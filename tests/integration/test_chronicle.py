"""全程纪实表: one item from its first vote to the decision, with the numbers of every record."""

from __future__ import annotations

import pypdfium2
import pytest
from click.testing import CliRunner

from kiosk.cli import main
from tally.record.chronicle import chronicle
from tally.record.layout import LEDGER
from tests.support.contest_record import Played
from tests.support.contests import ASSESSED, CONTESTED
from tests.support.drafts import item_of
from tests.support.earlier import FAILED, PASSED, closed, digest_of
from voting.crypto.hashing import code_80bits
from voting.rules.shapes import Standing

FIRST, TODAY = "2026-03-01", "2026-06-01"


def write(folder, files):
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def retry_of(files):
    """An item that failed at an earlier meeting and is put again."""
    told = (
        f'gates = [{{ gate = "failed", record = "{digest_of(files)}", item = "i1", '
        f'date = {FIRST}, voucher = "干部一科" }}, '
    )
    return item_of(1).replace("gates = [", told)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """A record in which a name failed, and one in which it was voted on again."""
    failed = closed(FAILED, date=FIRST, items=item_of(1))
    passed = closed(PASSED, date=TODAY, items=retry_of(failed))
    folder = tmp_path_factory.mktemp("records")
    write(folder / "failed", failed)
    write(folder / "passed", passed)
    return folder, code_80bits(digest_of(failed)), code_80bits(digest_of(passed))


def run(*words):
    return CliRunner().invoke(main, ["chronicle", *map(str, words)])


def test_every_vote_on_the_way_stands_with_the_numbers_of_its_own_record(records, tmp_path):
    folder, first, last = records
    pdf = tmp_path / "sheet.pdf"
    done = run(folder / "passed", "--item", 1, "--earlier", folder / "failed", "--pdf", pdf)

    assert done.exit_code == 0, done.output
    before, after = done.output.split(f"测试常委会　{TODAY}")
    assert f"测试常委会　{FIRST}" in before
    assert "参加 / 应到：6 / 7" in before
    assert "发出 / 收回 / 有效：6 / 6 / 6" in before
    assert "人选1：同意 2、不同意 3、弃权 1；未通过" in before
    assert f"依据（摘要）：{first}" in before
    assert "以往未通过\n　时间：2026-03-01\n　责任人：干部一科" in after
    assert "人选1：同意 4、不同意 1、弃权 1；通过" in after
    assert f"依据（摘要）：{last}" in after
    assert "（2 份）" in after
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "分管副部长" in text
    assert "2026-06-06" in text


def test_the_gates_of_paper_stand_with_their_voucher_and_digest(records):
    folder, _, _ = records
    done = run(folder / "failed", "--item", 1)

    assert done.exit_code == 0, done.output
    assert "组织考察" in done.output
    assert "责任人：" in done.output
    assert "主要负责人末位表态" in done.output


def test_without_the_earlier_record_nothing_is_printed_and_it_is_named(records, tmp_path):
    folder, first, _ = records
    pdf = tmp_path / "sheet.pdf"
    done = run(folder / "passed", "--item", 1, "--pdf", pdf)

    assert done.exit_code == 1
    assert first in done.output
    assert "应到" not in done.output
    assert not pdf.exists()


def test_a_record_that_does_not_verify_gives_no_sheet(records, tmp_path):
    folder, _, _ = records
    forged = tmp_path / "forged"
    for path in (folder / "failed").rglob("*"):
        if path.is_file():
            write(forged, {path.relative_to(folder / "failed").as_posix(): path.read_bytes()})
    lines = (forged / LEDGER).read_bytes().splitlines(keepends=True)
    (forged / LEDGER).write_bytes(b"".join(lines[:-1]))
    done = run(forged, "--item", 1)

    assert done.exit_code == 1
    assert "核验不通过" in done.output
    assert "应到" not in done.output


def test_an_item_that_is_not_there_is_said_with_how_many_there_are(records):
    folder, _, _ = records
    done = run(folder / "failed", "--item", 4)

    assert done.exit_code == 2
    assert "没有第 4 项：本次会议有 1 项" in done.output


def led_to_by(earlier, item, name):
    """The sheet of a name whose gate is an item of an earlier record."""
    told = (
        f'gates = [{{ gate = "failed", record = "{digest_of(earlier)}", item = "{item}", '
        f'date = {FIRST}, voucher = "干部一科" }}, '
    )
    text = item_of(1).replace("gates = [", told).replace("人选1", name)
    last = closed(PASSED, date=TODAY, items=text)
    sheet = chronicle({digest_of(one): one for one in (earlier, last)}, digest_of(last), 1)
    return sheet.parts[0].steps


def test_of_an_earlier_vote_on_many_names_only_who_stands_here_is_shown_round_by_round():
    play = Played(CONTESTED)
    play.round("i1", [{"": ["c1", "c2"]}] * 3 + [{"": ["c1", "c3"]}] * 3)
    open_seat = Standing(("c2", "c3"), 1, "open", 2)
    play.round("i1", [{"": ["c2"]}] * 5 + [{"": ["blank"]}], standings={"i1": open_seat})
    steps = led_to_by(play.files(), "i1", "孙二")

    voted = [one.came for one in steps if one.ballots]
    assert [[line.split("；")[0] for line in came] for came in voted] == [
        ["孙二：同意 3"],
        ["孙二：同意 5"],
    ]


def test_of_an_assessment_the_share_of_each_aspect_is_shown():
    play = Played(ASSESSED)
    grades = {"s1.a1": "excellent", "s1.a2": "incompetent", "s2.a1": "good", "s2.a2": "fair"}
    play.round("g", [grades] * 6)
    steps = led_to_by(play.files(), "g", "李一")

    assert [one.came for one in steps if one.ballots] == [("李一：满意率 德 100.00%、能 0.00%",)]
