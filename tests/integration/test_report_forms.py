"""The forms as a reader of the PDF sees them, and the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from tally.report.report import typeset_report
from tests.support.reports import a_round, item, officers, report
from voting.crypto.hashing import code_80bits
from voting.errors import DraftError
from voting.words import say


def pages(data, lang="zh"):
    document = pypdfium2.PdfDocument(typeset_report(data, lang))
    return [page.get_textpage().get_text_range() for page in document]


def squeezed(text):
    return "".join(text.split())


def unopened(n, decision):
    return item(n, None, decision_text=decision)


def test_the_first_form_says_who_met_the_numbers_and_each_decision():
    first = squeezed(pages(report())[0])

    assert "中共××市委常委会票决结果报告单" in first
    assert "密级机密" in first
    assert "保管期限永久" in first
    assert "应到会12名，实到会10名，到会人数符合规定。发出表决票10张，收回10张" in first
    assert "李建国" in first
    assert "640未通过" in first
    assert "未通过：李建国。" in first
    assert "周㛃" in first
    assert "回避：1名（第6项）。" in first
    assert "已计票，待签署" in first


def test_the_first_form_prints_the_digests_in_full_and_as_codes_to_compare():
    data = report()
    first = pages(data)[0]

    archives = [one["archive"] for one in data["rounds"]]
    for digest in (data["digests"]["result"], data["digests"]["meeting"], *archives):
        assert digest in squeezed(first)
        assert code_80bits(digest) in first


def test_every_page_has_its_round_its_number_and_the_code_of_the_result():
    data = report()
    texts = pages(data)

    assert len(texts) == 3
    for number, text in enumerate(texts, start=1):
        assert say("report.page", page=number, pages=3) in text
        assert code_80bits(data["digests"]["result"]) in text
    assert "第1–2轮" in texts[0]
    assert "第2轮" in texts[2]
    assert "第1轮" not in texts[2]


def test_each_round_has_its_report_of_attendance_and_of_returns():
    second = squeezed(pages(report())[2])

    assert "应到会成员12名，实到10名，请假2名，回避1名（第6项）" in second
    assert "印制投票码16张，发出表决票9张，当场退出1张，剩余6张" in second
    assert "发出票数与实到有表决权人数（9名）相符" in second
    assert "收回票数等于发出票数，本次表决有效" in second
    assert "完成投票9人，与收回票数相符" in second


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"returned": 9, "heads": 9}, "收回票数少于发出票数，本次表决有效；未收回的票不计为弃权"),
        ({"returned": 11, "state": "void", "valid": None}, "收回票数多于发出票数，本次表决无效"),
        ({"eligible": 11}, "发出票数与实到有表决权人数（11名）不相符"),
        ({"quorum_met": False, "present": 7}, "未达到规定，不能进行表决"),
        ({"heads": 9}, "完成投票9人，与收回票数不相符"),
    ],
)
def test_numbers_that_differ_are_said_to_differ(changes, sentence):
    texts = pages(report([a_round(1, [item(1)], **changes)]))

    assert sentence in squeezed(texts[1])


def test_sixty_items_break_over_pages_under_a_repeated_header():
    texts = pages(report([a_round(1, [item(n) for n in range(1, 61)])]))
    with_items = [text for text in texts if "拟任免职务" in text]

    assert len(with_items) >= 3
    assert all("序号" in text and "不同意" in text for text in with_items)
    signed = next(text for text in texts if say("report.in-force")[:12] in text)
    assert "需7票" in signed  # signatures never stand on a page of their own


def test_an_unopened_box_shows_no_count():
    sealed = a_round(
        1, [unopened(1, "封存未开")], state="under-floor", returned=4, heads=4, valid=None
    )

    first = squeezed(pages(report([sealed]))[0])

    assert "收回4张，票箱未开启" in first
    assert "———封存未开" in first


def test_a_void_round_shows_its_reason_and_no_count():
    changes = {"returned": None, "heads": None, "valid": None, "archive": ""}
    void = a_round(1, [unopened(1, "作废")], state="void", reason="投票终端故障。", **changes)

    first, second = (squeezed(text) for text in pages(report([void])))

    assert "作废原因：投票终端故障。该轮选票封存" in first
    assert "———作废" in first
    assert "本轮作废，不开启票箱" in second


def test_who_signs_by_key_is_marked_and_who_signs_by_pen_has_a_line():
    first = pages(report())[0]

    for officer in officers():
        assert officer["name"] in first
        if officer["key"]:
            assert code_80bits(officer["key"]) in first
    assert first.count(say("report.key") + "　") == 2


def test_the_same_forms_have_english_labels():
    texts = pages(report(), "en")

    assert "Report of the vote" in texts[0]
    assert f"page 1 of {len(texts)}" in texts[0]
    assert "Report of attendance and tickets" in texts[-1]


def test_the_same_data_give_the_same_bytes_in_another_process(tmp_path):
    program = (
        "import hashlib; from tally.report.report import typeset_report;"
        "from tests.support.reports import report;"
        "print(hashlib.sha256(typeset_report(report())).hexdigest())"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Shanghai",
        "HOME": str(tmp_path),
    }
    other = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=Path(__file__).parents[2],
    )

    first, again = typeset_report(report()), typeset_report(report())

    assert first == again
    assert other.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_the_file_says_that_it_is_pdf_a_2u():
    pdf = typeset_report(report())

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in pdf


def test_what_a_person_typed_is_printed_and_never_run():
    trick = "#panic() *a* $x$ @b <c> \\u{41}"

    assert squeezed(trick) in squeezed(pages(report([a_round(1, [item(1, current=trick)])]))[0])


def test_a_missing_glyph_stops_the_form_and_is_named_with_its_place():
    with pytest.raises(DraftError) as caught:
        typeset_report(report([a_round(1, [item(1, name="赵༄")])]))

    assert caught.value.code == "glyph-missing"
    assert caught.value.place == "sections[0].rounds[0].items[0].name"
    assert caught.value.params["codepoint"] == "U+0F04"
