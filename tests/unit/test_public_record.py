"""Whom the record is handed to: to all only when the room may know every count in it."""

from __future__ import annotations

from kiosk.server.services import closing
from kiosk.server.services.room import EMPTY, View
from tests.support.drafts import SMALL
from tests.support.meeting import Simulation
from voting.meeting.draft import read_draft


def view(m):
    return View(m.meeting, m.state, m.state.head, m.state.height)


def held(m, *, release):
    """A whole meeting of one paper; before the close it is nobody's."""
    m.sign_in(6)
    m.prepare(list(m.meeting.items))
    slot = m.open(list(m.meeting.items))
    m.spoil(slot)
    m.seal(slot, returned=6)
    m.finish(slot)
    if release:
        m.act("release", slot=slot)
    assert not closing.is_public(view(m))
    m.close()
    return m


def test_before_the_close_there_is_no_record():
    assert not closing.is_public(EMPTY)


def test_a_record_whose_counts_were_all_released_is_anybodys():
    assert closing.is_public(view(held(Simulation.fresh(), release=True)))


def test_a_count_that_was_not_released_keeps_the_record_with_officers_and_trustees():
    assert not closing.is_public(view(held(Simulation.fresh(), release=False)))


def test_so_does_a_rule_that_tells_the_room_the_outcome_alone():
    text = SMALL + '\n[rules.standing-committee]\nvisibility = "outcome"\n'

    assert not closing.is_public(view(held(Simulation(read_draft(text)), release=True)))
