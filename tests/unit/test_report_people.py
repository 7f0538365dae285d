"""Whom the forms count, and what of them one person is told."""

from __future__ import annotations

import pytest

from tally.record.extract import of_subject
from tally.record.forms import report_data
from tests.support.contest_forms import contest_report, form_round, meeting_of
from tests.support.contests import ASSESSED
from tests.support.drafts import draft_text, item_of
from tests.support.meeting import Simulation
from voting.errors import InputError
from voting.meeting.draft import read_draft
from voting.meeting.questions import APART, asks_of

ALTERNATES = "".join(
    f'[[roll]]\nname = "候补{n}"\nclass = "alternate"\nseries = "A"\n' for n in (1, 2)
)


def test_alternates_who_vote_are_present_as_they_are_due():
    text = draft_text(items=item_of(1, "consultation"), printed=11)
    m = Simulation(draft=read_draft(text.replace("[[items]]", f"{ALTERNATES}[[items]]", 1)))
    m.sign_in(6)
    m.act("attend", **m.person(0, cls="alternate"))
    m.prepare(["i1"], drawn=7)
    slot = m.open(["i1"])
    m.act("void", slot=slot, reason="停电", pen=None)

    (one,) = report_data(m.meeting, m.lines, {}, b"result")["rounds"]

    assert (one["due"], one["present"], one["leave"], one["eligible"]) == (9, 7, 2, 7)


def assessed():
    """A round of the grid in which the last grade of each cell has them all."""
    meeting = meeting_of(ASSESSED)
    (item,) = meeting.items
    counts = {
        ask.id: dict.fromkeys(ask.ids, 0) | {ask.ids[-2]: 30} for ask in asks_of(meeting, item)
    }
    return contest_report(form_round(meeting, {item: counts}, returned=30))


def test_one_person_is_told_his_own_lines_and_flags_and_no_other_s():
    whole = assessed()
    everybody = [
        one["name"]
        for scale in whole["rounds"][0]["items"][0]["grid"]["scales"]
        for one in scale["subjects"]
    ]

    told = of_subject(whole, everybody[-1])["rounds"][0]["items"][0]["grid"]

    assert [one["name"] for scale in told["scales"] for one in scale["subjects"]] == everybody[-1:]
    flags = whole["rounds"][0]["items"][0]["grid"]["flags"]
    assert told["flags"] == [one for one in flags if one.split(APART)[0] == everybody[-1]]
    assert 0 < len(told["flags"]) < len(flags)


def test_who_is_not_assessed_is_told_nothing():
    with pytest.raises(InputError, match="not-assessed"):
        of_subject(assessed(), "无此人")
