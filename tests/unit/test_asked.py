"""What screens say an item asks, the papers of next rounds, and how long marking takes."""

from __future__ import annotations

import pytest

from kiosk.server.services.asked import contest_json, contests_json, seconds_of, seconds_of_draft
from kiosk.server.services.estimate import ITEM
from kiosk.server.services.facts import Facts
from kiosk.server.services.hall import _paper
from kiosk.server.services.overview import overview_of
from kiosk.server.services.pasting import merged_items
from kiosk.server.services.room import View
from tests.support.contests import ASSESSED, CONTESTED, ELECTED, NOMINATED
from tests.support.meeting import Simulation
from voting.meeting.draft import read_draft
from voting.rules.shapes import Standing

EACH = CONTESTED.replace("[[series]]", '[rules.contested]\nballot = "each"\n[[series]]', 1)
SECOND = Standing(("c2", "c3"), 1, "open", 2)


def meeting_of(text):
    return Simulation(read_draft(text), issued=False).meeting


def test_an_item_of_one_mark_asks_nothing_more():
    assert contest_json(meeting_of(CONTESTED), "i2") is None
    assert list(contests_json(meeting_of(CONTESTED), ("i1", "i2"), {})) == ["i1"]


def test_names_come_with_their_seats_and_a_later_round_with_who_stands_in_it():
    meeting = meeting_of(CONTESTED)
    first, second = contest_json(meeting, "i1"), contest_json(meeting, "i1", SECOND)
    assert (first["seats"], first["why"], len(first["names"])) == (2, "first", 4)
    assert (second["seats"], second["why"]) == (1, "open")
    assert [one["name"] for one in second["names"]] == ["孙二", "孙三"]


def test_names_from_outside_are_asked_for_in_the_first_round_alone():
    meeting = meeting_of(ELECTED)
    assert contest_json(meeting, "i1")["outside"]
    assert not contest_json(meeting, "i1", SECOND)["outside"]


def test_of_a_roster_only_its_size_is_told_and_of_a_grid_who_and_what():
    assert contest_json(meeting_of(NOMINATED), "i1") == {
        "type": "roster",
        "seats": 2,
        "title": "干部名册",
        "people": 30,
    }
    grid = contest_json(meeting_of(ASSESSED), "g")
    assert grid == {"type": "grid", "subjects": ["李一", "县政府班子"], "aspects": ["德", "能"]}


def sealed_contest():
    m = Simulation(read_draft(CONTESTED))
    m.sign_in(7)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.spoil(slot)
    m.seal(slot, 7)
    m.finish(slot)
    return m


def look(m, **changes):
    view = View(m.meeting, m.state, m.state.head, m.state.height)
    returned = {slot: one.returned or 0 for slot, one in m.state.rounds.items()}
    return Facts(view=view, draft=m.draft, returned=returned, **changes)


def test_a_next_round_is_a_paper_to_come_with_who_stands():
    m = sealed_contest()
    told = overview_of(look(m, following={"i1": SECOND}))
    (next_one,) = [one for one in told["papers"] if "i1" in one["items"]]
    assert next_one["contests"]["i1"]["why"] == "open"
    assert [one["name"] for one in next_one["contests"]["i1"]["names"]] == ["孙二", "孙三"]
    assert len(told["rounds"][0]["contests"]["i1"]["names"]) == 4


def test_without_a_next_round_none_is_listed():
    told = overview_of(look(sealed_contest()))
    assert not [one for one in told["papers"] if "i1" in one["items"]]


def test_the_hall_shows_who_stands_in_the_round_that_is_open():
    m = sealed_contest()
    m.prepare(["i1"])
    slot = m.open(["i1"], standings={"i1": SECOND})
    (item,) = _paper(look(m), m.meeting, m.round(slot), 2)["items"]
    assert [one["name"] for one in item["contest"]["names"]] == ["孙二", "孙三"]
    assert item["candidate"] == ""


def test_a_word_for_each_name_takes_longer_than_a_choice():
    assert seconds_of(meeting_of(CONTESTED), ["i1"], {}) < seconds_of(meeting_of(EACH), ["i1"], {})


def test_marking_grows_with_cells_and_shrinks_with_who_still_stands():
    assert seconds_of(meeting_of(ASSESSED), ["g"], {}) == 4 * 3
    meeting = meeting_of(EACH)
    assert seconds_of(meeting, ["i1"], {}) == 4 * ITEM
    assert seconds_of(meeting, ["i1"], {"i1": SECOND}) == 2 * ITEM


@pytest.mark.parametrize("text", [CONTESTED, ELECTED, NOMINATED, ASSESSED])
def test_a_draft_takes_as_long_as_the_meeting_that_is_frozen_of_it(text):
    draft, meeting = read_draft(text), meeting_of(text)
    assert seconds_of_draft(draft) == seconds_of(meeting, list(meeting.items), {})


def test_a_pasted_table_of_people_takes_no_contest_out_of_the_draft():
    contest = {"id": "i1", "rule": "contested", "seats": 1, "names": [{"name": "孙一"}]}
    made = merged_items([{"candidate": "丙", "proposed": "书记"}], [contest], "plenum", [])
    assert made[1] == contest
    assert made[0]["id"] == "i2"
