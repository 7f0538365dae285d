"""What an officer's device says of contests and grids before he signs: all of it."""

from __future__ import annotations

import pytest

from kiosk.device.wording import act_text
from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED
from tests.support.meeting import Simulation
from voting.meeting.draft import read_draft
from voting.rules.shapes import Standing

FREE = NOMINATED.replace("[[series]]", '[rules.nomination]\nwrite-in = "text"\n[[series]]', 1)
SHORT = {"": {"blank": 1, "c1": 6, "c2": 3, "c3": 2, "c4": 1}}
"""Of seven: one elected, two go on."""


def frozen_text(text, lang="zh"):
    m = Simulation(read_draft(text), issued=False)
    return act_text(m.meeting, m.state, m.propose("freeze", meeting=m.meeting.fingerprint), lang)


def counted(text, counts, lang="zh", returned=7):
    """What is read before the first officer certifies."""
    item = next(iter(counts))
    m = Simulation(read_draft(text))
    m.sign_in(7)
    m.prepare([item])
    slot = m.open([item])
    m.spoil(slot)
    m.seal(slot, returned)
    m.act("no-objection", slot=slot)
    m.count(slot)
    act = m.propose("certify", **m.certify_body(slot, "scrutineer-1"))
    return act_text(m.meeting, m.state, act, lang, counts=counts)


def test_a_freeze_names_everybody_who_stands_and_how_many_are_chosen():
    assert "应选 2 名，人选 4 名：孙一、孙二、孙三、孙四" in frozen_text(CONTESTED)
    assert "2 to choose, from 4: 孙一, 孙二" in frozen_text(CONTESTED, "en")


def test_a_freeze_says_what_rosters_there_are_and_what_they_are_asked_for():
    nominated, free, elected = (frozen_text(one) for one in (NOMINATED, FREE, ELECTED))
    assert "从“干部名册”（30 人）中推荐，不超过 2 名\n" in nominated
    assert "名册“干部名册”：30 人，第一名 干部1，最后一名 干部30" in nominated
    assert "所填文字将公开" in free
    assert "不赞成的可以另选他人：从“干部名册”中选" in elected


def test_a_freeze_says_the_size_of_a_grid_its_subjects_and_its_items():
    text = frozen_text(ASSESSED)
    assert "测评对象 2 个，共 4 格：李一、县政府班子" in text
    assert "项目：德、能" in text


def test_an_opening_says_who_stands_in_this_round():
    m = Simulation(read_draft(CONTESTED))
    m.sign_in(7)
    m.prepare(["i1"])
    first = m.propose("open", **m.open_body(["i1"]))
    slot = m.open(["i1"])
    assert "应选 2 名，人选 4 名" in act_text(m.meeting, m.state, first, "zh")
    m.spoil(slot)
    m.seal(slot, 7)
    m.finish(slot)
    m.prepare(["i1"])
    who = {"i1": Standing(("c2", "c3"), 1, "open", 2)}
    second = m.propose("open", **m.open_body(["i1"], standings=who))
    m.append(m.sign(second))
    text = act_text(m.meeting, m.state, second, "zh")
    assert "下一轮，选 1 名，人选 2 名：孙二、孙三" in text
    assert "孙一" not in text


def test_what_is_certified_is_every_name_s_count_and_who_goes_on():
    text = counted(CONTESTED, {"i1": SHORT})
    for line in ("孙一：同意 6。产生", "孙二：同意 3。进入下一轮", "孙四：同意 1。未产生"):
        assert line in text
    assert "谁也没有选的 1 张" in text
    assert "名额未满，下一轮选 1 名：孙二、孙三" in text


def test_what_is_certified_of_an_election_has_all_three_words_and_who_was_written_in():
    others = {"numbers": {"7": 2}, "none": 4, "invalid": 1, "texts": []}
    counts = {
        "for": {"c1": 5, "c2": 4, "c3": 1, "c4": 1},
        "against": {"c1": 1, "c2": 2, "c3": 3, "c4": 0},
        "others": others,
    }
    text = counted(ELECTED, {"i1": counts})
    assert "孙一：赞成 5、不赞成 1、弃权 1。当选" in text
    assert "干部7：赞成 2。未当选" in text
    assert "没有另选的 4 张，另选一栏无效 1 张" in text


def test_what_is_certified_of_a_roster_has_the_shares_and_the_invalid():
    row = {"numbers": {"3": 5, "17": 2}, "none": 1, "invalid": 1, "texts": []}
    text = counted(NOMINATED, {"i1": {"": row}})
    assert "干部3：推荐 5，得票率 83.33%" in text
    assert "谁也没有写的 1 张，无效 1 张" in text


@pytest.mark.parametrize(("lang", "line"), [("zh", "李一，德：优秀 3、"), ("en", "for review")])
def test_what_is_certified_of_a_grid_is_every_cell_with_its_grades(lang, line):
    cadre = {"excellent": 3, "competent": 0, "basically-competent": 0, "incompetent": 4}
    team = {"excellent": 7, "good": 0, "fair": 0, "poor": 0, "unknown": 0}
    cell = {**cadre, "unknown": 0}
    text = counted(
        ASSESSED, {"g": {"s1.a1": cell, "s1.a2": cell, "s2.a1": team, "s2.a2": team}}, lang
    )
    assert line in text
    assert len([one for one in text.splitlines() if one.startswith("    ")]) == 4
