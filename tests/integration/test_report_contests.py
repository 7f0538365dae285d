"""Contests, grids and entries on the forms, as a reader of the PDF sees them."""

from __future__ import annotations

import pypdfium2
import pytest

from tally.report.report import typeset_report
from tests.support.contest_forms import contest_report, form_round, meeting_of
from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED, roster_item, roster_of
from tests.support.drafts import draft_text
from tests.support.reports import a_round, item, officers
from voting.meeting.questions import asks_of
from voting.rules.shapes import Standing

NUMBERED = {"numbers": {"3": 6, "17": 9}, "none": 2, "invalid": 1, "texts": []}
FREE = NOMINATED.replace("[[series]]", '[rules.nomination]\nwrite-in = "text"\n[[series]]', 1)


def pages(data, lang="zh"):
    document = pypdfium2.PdfDocument(typeset_report(data, lang))
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def first(*rounds, lang="zh"):
    return pages(contest_report(*rounds), lang)[0]


def contested(**changes):
    counts = {"": {"blank": 1, "c1": 20, "c2": 16, "c3": 9, "c4": 10}}
    return form_round(meeting_of(CONTESTED), {"i1": counts}, returned=29, due=29, **changes)


def test_a_contest_prints_every_name_its_rank_and_who_is_chosen():
    text = first(contested())

    assert "票决结果报告单" in text
    assert "1.镇长（应选2名）" in text
    assert "1孙一201产生2孙二162产生3孙三94未产生4孙四103未产生" in text
    assert "弃权1张。" in text
    assert "产生人选：孙一、孙二。" in text
    assert "超过半数同意并在应选名额以内者产生（应到会29名，需15票）" in text


def test_a_tie_and_a_next_round_are_said_with_their_names():
    meeting = meeting_of(CONTESTED)
    tied = {"": {"blank": 0, "c1": 20, "c2": 16, "c3": 16, "c4": 6}}
    short = {"": {"blank": 0, "c1": 20, "c2": 12, "c3": 10, "c4": 8}}

    assert "再次投票：孙二、孙三。" in first(form_round(meeting, {"i1": tied}, returned=29, due=29))
    assert "进入下一轮：孙二、孙三。" in first(
        form_round(meeting, {"i1": short}, returned=29, due=29)
    )


def test_rounds_of_one_contest_stand_one_below_the_other_with_why_they_were_held():
    meeting = meeting_of(CONTESTED)
    who = {"i1": Standing(("c2", "c3"), 1, "open", 2)}
    counts = {"i1": {"": {"blank": 0, "c2": 12, "c3": 17}}}
    second = form_round(meeting, counts, n=2, returned=29, due=29, standings=who)

    text = first(contested(), second)

    assert text.index("应选2名") < text.index("第2轮人选，选1名")
    assert "1孙二122未产生2孙三171产生" in text


def test_an_election_prints_against_abstained_and_who_was_written_in():
    counts = {
        "for": {"c1": 30, "c2": 41, "c3": 12, "c4": 20},
        "against": {"c1": 20, "c2": 10, "c3": 40, "c4": 31},
        "others": {"numbers": {"7": 9}, "none": 45, "invalid": 2, "texts": []},
    }
    text = first(form_round(meeting_of(ELECTED), {"i1": counts}, returned=58))

    assert "选举结果报告单" in text
    assert "发出选票58张" in text
    assert "2孙二411071当选" in text
    assert "5干部7（另选）9——5未当选" in text
    assert "没有另选的45张，另选一栏无效2张。" in text


def test_a_recommendation_prints_shares_with_their_base_and_decides_nothing():
    text = first(form_round(meeting_of(NOMINATED), {"i1": {"": NUMBERED}}, returned=15))

    assert "民主推荐情况汇总表" in text
    assert "财政局局长（限推荐2名）" in text
    assert "1干部3642.86%22干部17964.29%1" in text
    assert "得票率以有效票数为分母。结果供参考，不据此决定。" in text
    assert "当选" not in text


def graded(returned=30):
    meeting = meeting_of(ASSESSED)
    counts = {}
    for ask in asks_of(meeting, "g"):
        counts[ask.id] = dict.fromkeys(ask.ids, 0)
        counts[ask.id][ask.ids[0]] = returned - 12
        counts[ask.id][ask.ids[3]] = 12
    return form_round(meeting, {"g": counts}, returned=returned)


def test_a_grid_prints_counts_shares_base_and_flags_with_teams_and_cadres_apart():
    text = first(graded())

    assert "民主测评情况汇总表" in text
    assert "年度考核民主测评：干部、李一" in text
    assert "年度考核民主测评：领导班子、县政府班子" in text
    assert "德1860.00%00.00%00.00%1240.00%00.00%3060.00%※" in text
    assert "提请复核（供组织研究，不作出结论）" in text
    assert "李一·德：12票，有效30，超过1/3，提请复核。" in text
    assert "以有效票数为分母，“不了解”计入分母" in text

    assert "干部的满意率是优秀、称职合计所占的比例。领导班子的满意率是优秀、良好" in text


def test_forty_people_by_six_items_keep_each_person_on_one_page():
    subjects = "".join(
        f'[[items.subjects]]\nname = "人员{i:02}"\nscale = "cadre"\n' for i in range(40)
    )
    aspects = '["德", "能", "勤", "绩", "廉", "总体评价"]'
    grid = f'[[items]]\nid = "g"\nrule = "assessment"\nquestion = "测评"\naspects = {aspects}\n'
    meeting = meeting_of(draft_text(items=grid + subjects))
    counts = {
        ask.id: {**dict.fromkeys(ask.ids, 0), ask.ids[0]: 20} for ask in asks_of(meeting, "g")
    }

    texts = pages(contest_report(form_round(meeting, {"g": counts}, returned=20)))

    with_rows = [text for text in texts if "分母满意率" in text]
    assert len(with_rows) == len([text for text in texts if "优秀称职" in text])
    assert sum(text.count("总体评价") for text in texts) == 40
    for i in range(40):
        here = [text for text in texts if f"人员{i:02}" in text]
        assert len(here) == 1


def test_a_hundred_and_forty_four_items_all_stand_on_the_form():
    texts = pages(contest_report(a_round(1, [item(n) for n in range(1, 145)])))

    with_items = [text for text in texts if "拟任免职务" in text]
    assert len(with_items) >= 5
    assert "144" in with_items[-1]


def test_words_are_shown_as_two_scrutineers_read_them_with_the_keys_that_signed():
    texts = [{"text": "干部1", "votes": 1}, {"text": "王小明", "votes": 2}]
    counts = {"i1": {"": {**NUMBERED, "texts": texts}}}
    readers = [one for one in officers() if one["role"] == "scrutineer"]
    given = {"reading": {("i1", ""): {"干部1": 1, "王小明": "invalid"}}, "readers": readers}
    last = pages(contest_report(form_round(meeting_of(FREE), counts, returned=15, **given)))[-1]

    assert "干部11名册第1号同名1号干部1" in last
    assert "王小明2名册上没有无效" in last
    assert "由两名监票人认读并签名" in last
    assert last.count("以密钥签名") == len(readers)


def test_without_words_invalid_entries_are_put_before_the_scrutineers_who_sign_by_pen():
    texts = [{"text": "干部1", "votes": 1}, {"text": "王小明", "votes": 2}]
    counts = {"i1": {"": {**NUMBERED, "texts": texts}}}
    last = pages(contest_report(form_round(meeting_of(FREE), counts, returned=15)))[-1]

    assert "监票人审核单" in last
    assert "机器判为无效的1张" in last
    assert "干部11名册第1号同名" in last
    assert "王小明2名册上没有" in last
    assert "以密钥签名" not in last
    for one in officers():
        assert (one["name"] in last) == (one["role"] == "scrutineer")


def test_people_of_one_name_are_told_to_whoever_reads_the_entries():
    roster = roster_of(30).replace('"干部1"', '"王伟"\nkey = "一"', 1)
    roster = roster.replace('"干部2"', '"王伟"\nkey = "二"', 1)
    text = draft_text(items=roster_item("i1"), groups=roster).replace(
        "[[series]]", '[rules.nomination]\nwrite-in = "text"\n[[series]]', 1
    )
    counts = {"i1": {"": {**NUMBERED, "texts": [{"text": "王伟", "votes": 3}]}}}

    last = pages(contest_report(form_round(meeting_of(text), counts, returned=15)))[-1]

    assert "王伟3名册有同名：第1、2号" in last


def test_a_character_that_no_font_has_does_not_stop_the_form():
    counts = {"i1": {"": {**NUMBERED, "texts": [{"text": "王\U0002a6d0", "votes": 1}]}}}
    texts = pages(contest_report(form_round(meeting_of(FREE), counts, returned=15)))

    assert "王[U+2A6D0]" in texts[0]
    assert "王[U+2A6D0]1名册上没有" in texts[-1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plain_round_has_no_page_of_entries(lang):
    assert len(pages(contest_report(contested()), lang)) == 2


def test_a_box_that_was_not_opened_prints_who_stood_and_no_number():
    meeting = meeting_of(CONTESTED)
    changes = {"state": "under-floor", "valid": None}
    text = first(form_round(meeting, {"i1": None}, returned=4, due=29, **changes))

    assert "1孙一——2孙二——" in text
    assert "封存未开" in text or "名额空缺" in text


def test_meetings_of_several_kinds_have_a_title_that_says_so():
    counts = {"i1": {"": NUMBERED}}
    nominated = form_round(meeting_of(NOMINATED), counts, n=2, returned=15)

    text = first(a_round(1, [item(1)]), nominated)

    assert "投票结果报告单" in text
    assert "发出表决票10张" in text
    assert "发出推荐票15张" in text


def test_a_ballot_with_a_fourth_option_has_a_fourth_column():
    deferring = ["同意", "不同意", "弃权", "缓议"]
    text = first(a_round(1, [item(1, 6, defer=3)], options=deferring))

    assert "同意不同意弃权缓议结果" in text
    assert "6403未通过" in text
