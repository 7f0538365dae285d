"""What a valid record with contests should still be read with."""

from __future__ import annotations

import pytest

from tally.outcome import Opened
from tally.verify.remarks import remarks_of
from tests.support.contests import ASSESSED, CONTESTED, NOMINATED
from tests.support.meeting import Simulation
from tests.support.readings import BLIND, body_of, entry
from voting.meeting.draft import read_draft
from voting.words import LANGS

FREE = NOMINATED.replace("[[series]]", '[rules.nomination]\nwrite-in = "text"\n[[series]]', 1)
ONCE = CONTESTED.replace("[[series]]", "[rules.contested]\nrounds-limit = 1\n[[series]]", 1)


def plaintext(*head, tail=b""):
    return list((bytes(head) + tail).ljust(30, b"\0"))


def remarked(text, item, totals, entries=(), read=()):
    m = Simulation(read_draft(text))
    m.sign_in(7)
    m.prepare([item])
    slot = m.open([item])
    m.spoil(slot)
    m.seal(slot, 7)
    m.act("no-objection", slot=slot)
    m.count(slot)
    if read:
        m.act("reading", **body_of(slot, read))
    opened = Opened(totals, BLIND, {0: list(entries)} if entries else {})
    found = remarks_of(m.meeting, m.state, {slot: opened})
    assert all(one.text(lang) for one in found for lang in LANGS)
    return {one.code: one.params for one in found}


def test_a_next_round_that_was_not_held_is_remarked():
    found = remarked(CONTESTED, "i1", ((1, 6, 3, 2, 1),))
    assert found["rounds-left"] == {"items": ["i1"]}


def test_seats_that_stay_open_after_the_last_round_are_remarked():
    found = remarked(ONCE, "i1", ((1, 6, 3, 2, 1),))
    assert found["seats-open"] == {"items": ["i1"]}
    assert "rounds-left" not in found


def test_without_open_seats_nothing_is_remarked():
    found = remarked(CONTESTED, "i1", ((0, 6, 5, 2, 0),))
    assert not {"rounds-left", "seats-open", "for-review"} & set(found)


def test_entries_that_are_no_names_and_words_are_remarked():
    entries = [plaintext(0, 3)] * 4 + [None, plaintext(0, 17, 0, 3)]
    entries.append(plaintext(tail=b"\0\0\0\0" + "王".encode("gb18030")))
    found = remarked(FREE, "i1", ((),), entries, [entry("王", "invalid")])
    assert found["invalid-entries"]["number"] == 3  # the words are nobody's
    assert found["words-public"]["number"] == 1


def test_shares_that_ask_for_review_are_remarked_with_their_number():
    unfit, good = (3, 0, 0, 4, 0), (7, 0, 0, 0, 0)
    found = remarked(ASSESSED, "g", (unfit, good, good, good))
    assert found["for-review"]["item"] == "g"
    assert found["for-review"]["number"] == 2  # too many incompetent, too few competent


@pytest.mark.parametrize("opened", [None, {}])
def test_a_box_that_did_not_verify_is_not_reckoned_with(opened):
    m = Simulation(read_draft(CONTESTED))
    assert {one.code for one in remarks_of(m.meeting, m.state, opened)} == {
        "shares-kept",
        "items-left",
    }
