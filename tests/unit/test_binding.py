"""Papers, elections, credential lists, marks: pure functions of meeting and state."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support.drafts import draft_text, item_of
from tests.support.meeting import Simulation
from voting.crypto.hashing import sha256_hex
from voting.errors import InputError, VerificationError
from voting.meeting import binding, marks
from voting.meeting.draft import read_draft
from voting.meeting.numbers import numbers
from voting.protocol import codec
from voting.protocol.election import decode_election

ITEMS = ["i1", "i2"]
MARKS = {"i1": "agree", "i2": "abstain"}


@pytest.fixture
def m():
    m = Simulation.fresh()
    m.sign_in(6)
    return m


def papers(m):
    return binding.propose_rounds(m.meeting, m.state)


def test_without_recusals_everything_is_one_paper(m):
    (paper,) = papers(m)
    assert (paper.items, paper.series, paper.round) == (("i1", "i2", "i3"), ("A",), 1)
    assert paper.slot == m.meeting.slots[0]


def test_items_with_recusals_form_a_paper_of_their_own_and_come_first(m):
    m.act("recuse", **m.recusal("i2", 5))
    first, second = papers(m)
    assert (first.items, first.recused) == (("i2",), 1)
    assert (second.items, second.recused) == (("i1", "i3"), 0)
    assert [first.slot, second.slot] == list(m.meeting.slots[:2])


def test_items_with_the_same_recusals_share_a_paper(m):
    m.act("recuse", **m.recusal("i2", 5))
    m.act("recuse", **m.recusal("i3", 5))
    assert [paper.items for paper in papers(m)] == [("i2", "i3"), ("i1",)]


def test_two_rules_are_two_papers():
    text = draft_text(items=item_of(1) + item_of(2, "plenum"))
    m = Simulation(draft=read_draft(text))
    assert [paper.items for paper in papers(m)] == [("i1",), ("i2",)]


def test_items_that_were_voted_on_are_not_proposed_again_but_void_ones_are(m):
    m.prepare(["i1"])
    slot = m.open(["i1"])
    assert papers(m)[0].items == ("i2", "i3")
    m.act("void", slot=slot, reason="x", pen=None)
    assert papers(m)[0].items == ("i1", "i2", "i3")
    assert papers(m)[0].round == 2


def test_no_paper_is_proposed_when_the_slots_are_used_up():
    m = Simulation(draft=read_draft(draft_text(slots=1)))
    m.sign_in(6)
    m.prepare(["i1"])
    m.open(["i1"])
    assert papers(m) == ()
    assert binding.next_slot(m.meeting, m.state) is None


def test_an_election_asks_the_frozen_questions_under_the_slot_s_uuid(m):
    slot = m.meeting.slots[0]
    election = decode_election(binding.round_election(m.meeting, slot, ITEMS, 1))
    assert election.uuid == slot
    assert election.public_key.text == m.meeting.trustees.public_key
    for item, question in zip(ITEMS, election.questions, strict=True):
        assert question.question == m.meeting.items[item].question
        assert question.answers == ("同意", "不同意", "弃权")
        assert (question.minimum, question.maximum) == (1, 1)


def test_an_election_names_meeting_round_and_items(m):
    slot = m.meeting.slots[0]
    raw = {
        binding.round_election(m.meeting, *bound)
        for bound in [
            (slot, ["i1"], 1),
            (slot, ["i1"], 2),
            (slot, ["i2"], 1),
            (m.meeting.slots[1], ["i1"], 1),
        ]
    }
    assert len(raw) == 4
    assert all(m.meeting.fingerprint in json.loads(one)["description"] for one in raw)


def test_active_are_the_tickets_neither_left_over_nor_withdrawn(m):
    slot = m.slot
    m.leftover(slot, 8)
    m.withdraw(slot, 0)
    lists = {"A": m.lists["A"][slot]}
    active = binding.active_credentials(m.state, slot, ["A"], lists)
    assert len(active.elements) == 7
    assert not {m.credential(slot, "A", i) for i in (0, 8)} & set(active.elements)
    assert list(active.elements) == sorted(active.elements)
    assert codec.decode_exact(active.raw, "x") == list(active.elements)


def test_an_invented_list_is_a_finding(m):
    lists = {"A": [*m.lists["A"][m.slot][1:], "f" * 64]}
    with pytest.raises(VerificationError) as caught:
        binding.active_credentials(m.state, m.slot, ["A"], lists)
    assert caught.value.code == "list-mismatch"


def test_the_archive_s_list_is_proved_from_the_ledger():
    m = Simulation.fresh()
    m.sign_in(5)
    m.act("attend", **m.person(5, "R"))
    m.prepare(["i1"], drawn=5)
    for index in range(1, 9):
        m.leftover(m.slot, index, "R")
    m.act("leave", **m.person(4))
    m.withdraw(m.slot, 4)
    lists = {one: m.lists[one][m.slot] for one in ("A", "R")}
    raw = binding.active_credentials(m.state, m.slot, ["A", "R"], lists).raw
    slot = m.open(["i1"], series=["A", "R"])
    assert m.round(slot).issued_by_series == {"A": 4, "R": 1}
    binding.verify_active(m.state, slot, raw)
    elements = json.loads(raw)
    stranger = codec.encode([*elements[:-1], "f" * 64])
    swapped = codec.encode([elements[1], elements[0], *elements[2:]])
    longer = codec.encode([*elements, "f" * 64])
    for wrong in (stranger, swapped, longer, codec.encode(elements[:-1])):
        # Also when the officers and the trustees had signed the digest of the wrong list.
        bound = replace(m.round(slot), credentials=sha256_hex(wrong))
        for one in (m.round(slot), bound):
            state = replace(m.state, rounds={slot: one})
            with pytest.raises(VerificationError) as caught:
                binding.verify_active(state, slot, wrong)
            assert caught.value.code == "credentials-mismatch"


# --- marks ---------------------------------------------------------------------------------------


def test_marks_become_choices_and_come_back(m):
    choices = marks.choices_of(m.meeting, ITEMS, MARKS)
    assert choices == [[1, 0, 0], [0, 0, 1]]
    assert marks.marks_of(m.meeting, ITEMS, choices) == MARKS


def test_nothing_is_sealed_while_an_item_is_unmarked(m):
    with pytest.raises(InputError) as caught:
        marks.choices_of(m.meeting, ITEMS, {"i2": "agree"})
    assert (caught.value.code, caught.value.params["items"]) == ("items-unmarked", ["i1"])


@pytest.mark.parametrize("wrong", [{**MARKS, "i1": "maybe"}, {**MARKS, "i3": "agree"}])
def test_a_mark_that_the_paper_does_not_have_is_refused_and_not_quoted(m, wrong):
    with pytest.raises(InputError) as caught:
        marks.choices_of(m.meeting, ITEMS, wrong)
    assert caught.value.code == "unknown-mark"
    assert "maybe" not in str(caught.value)


@pytest.mark.parametrize("choices", [[[1, 0, 0]], [[1, 0, 0], [1, 1, 0]], [[1, 0, 0], [0, 0, 0]]])
def test_an_opened_ballot_has_one_mark_for_each_item(m, choices):
    with pytest.raises(InputError):
        marks.marks_of(m.meeting, ITEMS, choices)


def test_counts_are_named_and_the_frozen_rule_decides(m):
    m.prepare(["i1", "i2", "i3"])
    slot = m.open(["i1", "i2", "i3"])
    m.spoil(slot)
    m.seal(slot, 6)
    one = m.round(slot)
    counts = marks.counts_of(m.meeting, one.items, [[4, 1, 1], [3, 3, 0], [6, 0, 0]])
    assert counts["i1"] == {"agree": 4, "disagree": 1, "abstain": 1}
    decided = marks.evaluate_round(m.meeting, one, counts)
    assert [decided[item].decision for item in one.items] == ["passed", "not_passed", "passed"]


def test_under_the_floor_the_rule_decides_unopened(m):
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.seal(slot, 3)
    decided = marks.evaluate_round(m.meeting, m.round(slot), None)
    assert (decided["i1"].decision, decided["i1"].opened) == ("not_passed", False)


# --- numbers -------------------------------------------------------------------------------------


def test_returned_is_not_known_before_the_seal(m):
    m.prepare(["i1"])
    slot = m.open(["i1"])
    shown = numbers(m.meeting, m.state, slot)
    assert (shown.due, shown.present, shown.issued, shown.returned) == (7, 6, 6, None)
    m.seal(slot, 6)
    assert numbers(m.meeting, m.state, slot).returned == 6


def test_before_the_opening_the_numbers_are_those_of_the_room(m):
    shown = numbers(m.meeting, m.state)
    assert (shown.due, shown.present, shown.issued, shown.returned) == (7, 6, None, None)
