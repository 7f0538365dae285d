"""Gates of an item and of the room."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voting.errors import PiaojueError
from voting.rules import load_rule
from voting.rules.gates import PAPER, Gate, Reference, check_gates, check_room
from voting.rules.parsing import GATES as RULE_GATES
from voting.words import explain, say

RULE = load_rule("standing-committee")
DIGEST = "ab" * 32
ALL = [Gate(kind, DIGEST, "组织部") for kind in RULE.gates]
ROOM = list(RULE.room_gates)


def refused(check, *args):
    with pytest.raises(PiaojueError) as caught:
        check(*args)
    return caught.value


def test_an_item_with_every_gate_may_be_frozen():
    check_gates(ALL, RULE.gates)
    check_gates([*ALL, Gate("recommended", DIGEST, "组织部")], RULE.gates)


@pytest.mark.parametrize("kind", sorted(PAPER))
def test_every_kind_of_paper_may_be_added_and_demanded_by_a_rule_and_has_a_name(kind):
    """What keeps an item from the meeting (2019) is a kind of its own."""
    check_gates([Gate(kind, DIGEST, "组织部")], [kind])

    assert kind in RULE_GATES
    assert say(f"gate.{kind}")
    assert refused(check_gates, [], [kind]).code == "gate-missing"


@pytest.mark.parametrize("missing", RULE.gates)
def test_a_missing_gate_is_named(missing):
    error = refused(check_gates, [gate for gate in ALL if gate.gate != missing], RULE.gates)

    assert error.code == "gate-missing"
    assert error.params["gates"] == [f"gate.{missing}"]
    assert "gate." not in explain(error)


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        (Gate("examined", DIGEST, "x"), "gate-twice"),
        (Gate("recommended", DIGEST.upper(), "x"), "gate-digest"),
        (Gate("recommended", DIGEST[1:], "x"), "gate-digest"),
        (Gate("recommended", DIGEST, " "), "gate-voucher"),
    ],
)
def test_a_gate_that_vouches_for_nothing_is_refused(gate, code):
    assert refused(check_gates, [*ALL, gate], RULE.gates).code == code


def test_the_room_opens_after_introduction_discussion_and_the_principal_last():
    check_room(ROOM, RULE.room_gates)
    assert ROOM == ["introduced", "discussed", "principal-last"]


def test_a_step_of_the_room_that_did_not_happen_is_named():
    error = refused(check_room, ["introduced", "discussed"], RULE.room_gates)

    assert error.code == "room-gate-missing"
    assert "主要负责人末位表态" in explain(error)


def test_the_principal_does_not_speak_before_the_discussion():
    steps = ["introduced", "principal-last", "discussed"]

    assert refused(check_room, steps, RULE.room_gates).code == "room-gate-order"


REFERENCE = Reference("recommended", DIGEST, "i1", "2026-05-01", "干部一科")


def test_an_earlier_record_settles_a_gate_as_a_paper_does():
    check_gates([*ALL, REFERENCE], [*RULE.gates, "recommended"])


OTHER = "cd" * 32
ASKED = Gate("opinions", DIGEST, "纪委")
SIGNED = Gate("nominated", DIGEST, "干部一科")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (REFERENCE, replace(REFERENCE, record=OTHER)),  # the meeting, then the plenum: 三推荐
        (REFERENCE, Gate("recommended", DIGEST, "干部一科")),
        (SIGNED, replace(SIGNED, digest=OTHER)),
        (ASKED, Gate("opinions", OTHER, "检察院")),
        (replace(REFERENCE, gate="failed"), replace(REFERENCE, gate="failed", record=OTHER)),
    ],
)
def test_recommendations_forms_opinions_and_failures_may_be_several(first, second):
    check_gates([first, second], [])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (REFERENCE, replace(REFERENCE, voucher="别人")),
        (SIGNED, SIGNED),
        (ASKED, Gate("opinions", DIGEST, "检察院")),
        (Gate("audit", DIGEST, "x"), Gate("audit", OTHER, "x")),
    ],
)
def test_one_paper_settles_a_gate_once_and_any_other_gate_is_there_once(first, second):
    assert refused(check_gates, [first, second], []).code == "gate-twice"


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        (Gate("failed", DIGEST, "x"), "gate-needs-record"),
        (Gate("promised", DIGEST, "x"), "unknown-gate"),
        (Reference("opinions", DIGEST, "i1", "2026-05-01", "x"), "gate-needs-paper"),
        (Reference("recommended", None, "i1", "2026-05-01", "x"), "gate-needs-record"),
        (Reference("recommended", "ab", "i1", "2026-05-01", "x"), "gate-digest"),
        (Reference("recommended", DIGEST, "i1", "2026-05-01", ""), "gate-voucher"),
        (Reference("recommended", DIGEST, "i1", "2026-05-01", "x", "因为"), "gate-override"),
        (Reference("concentrated", DIGEST, "i1", "2026-05-01", "x", "\u3000"), "gate-override"),
    ],
)
def test_a_reference_of_another_form_is_refused(gate, code):
    error = refused(check_gates, [gate], [])

    assert error.code == code
    assert "gate." not in explain(error)
