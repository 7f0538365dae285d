"""The table of a slot's series, and the ways out when the numbers differ."""

from __future__ import annotations

import pytest

from kiosk.server.services.series import table
from tests.support.drafts import GROUPED
from tests.support.meeting import Simulation
from voting.meeting.binding import Paper
from voting.meeting.draft import read_draft

ITEMS = ["i1", "i2"]


@pytest.fixture
def m():
    simulation = Simulation.fresh()  # series A with 9 tickets, reserve R with 9; 7 members
    simulation.sign_in(6)
    return simulation


def rows(m, items, series=("A",)):
    paper = Paper(
        slot=m.slot, round=1, rule="", items=tuple(items), series=tuple(series), recused=0
    )
    return table(m.meeting, m.state, paper)


def row(m, items=ITEMS):
    (only,) = rows(m, items)
    return only


def ways(one):
    return [way["way"] for way in one.to_json()["ways"]]


def test_printed_less_leftovers_less_withdrawn_is_held_against_the_eligible(m):
    m.leftover(m.slot, 8)
    m.leftover(m.slot, 7)
    one = row(m)

    assert (one.printed, one.leftover, one.drawn, one.withdrawn, one.issued) == (9, 2, 7, 0, 7)
    assert (one.signed_in, one.present, one.eligible, one.differs) == (6, 6, 6, 1)
    assert (one.unscanned, one.to_withdraw) == (1, 0)


def test_equal_numbers_need_no_way_out(m):
    m.prepare(ITEMS)
    told = row(m).to_json()

    assert (told["differs"], told["ways"]) == (0, [])
    assert told["said"]["word"] == "desk.series.equal"


def test_a_ticket_too_many_can_be_found_and_a_ticket_too_few_cannot(m):
    assert ways(row(m)) == ["correct", "find", "void-series"]
    m.prepare(ITEMS, drawn=5)
    one = row(m)

    assert one.differs == -1
    assert ways(one) == ["correct", "void-series"]
    assert one.to_json()["said"]["word"] == "desk.series.fewer"


def test_the_reserve_is_a_series_that_nobody_drew_from_and_that_is_not_void(m):
    assert row(m).to_json()["ways"][-1]["reserve"] == "R"
    m.act("void-series", series="R", reason="受潮")

    assert ways(row(m)) == ["correct", "find"]


def test_a_void_series_stands_there_and_offers_nothing(m):
    m.act("void-series", series="A", reason="受潮")
    one = row(m)

    assert (one.void, one.to_json()["ways"]) == (True, [])
    assert one.to_json()["said"]["word"] == "desk.series.void"


def test_who_is_recused_or_went_out_has_a_ticket_to_withdraw(m):
    m.act("recuse", **m.recusal("i1", 0))
    m.act("leave", **m.person(1))
    m.prepare(["i1"], drawn=6)
    assert (row(m, ["i1"]).eligible, row(m, ["i1"]).to_withdraw) == (4, 2)
    m.withdraw(m.slot, 0)
    m.withdraw(m.slot, 1)

    assert (row(m, ["i1"]).to_withdraw, row(m, ["i1"]).differs) == (0, 0)


def test_a_counted_group_has_a_row_and_its_series_is_nobodys_reserve():
    m = Simulation(read_draft(GROUPED))
    m.act("present", group="G", series="G", count=5)
    (one,) = rows(m, ["i1"], ["G"])

    assert (one.series, one.signed_in, one.present, one.eligible) == ("G", 5, 5, 5)
    assert one.reserve == "A"
    m.sign_in(1)
    m.act("void-series", series="R", reason="受潮")
    assert [one.reserve for one in rows(m, ["i1"])] == [None, None]  # and not series H


def test_two_groups_that_draw_from_one_reserve_are_both_in_its_row():
    """The second once took the place of the first, and the console said two tickets too many."""
    m = Simulation(read_draft(GROUPED))
    for group, count in (("G", 3), ("H", 2)):
        m.act("void-series", series=group, reason="受潮")
        m.act("present", group=group, series="R", count=count)
    (one,) = [each for each in rows(m, ["i1"], ["R"]) if each.series == "R"]

    assert (one.present, one.eligible) == (5, 5)
