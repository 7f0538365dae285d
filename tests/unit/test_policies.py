"""The worked examples that are behaviour: each is shown somewhere; those of no other file, here."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest

from tests.rules.policies import NOTES, SHOWN
from tests.support.drafts import GATES, SMALL, draft_text, item_of
from tests.support.meeting import Simulation
from tests.support.refusals import refused
from tests.support.rounds import grade, numbers
from voting.errors import DraftError, PiaojueError
from voting.meeting.bodies import BODIES
from voting.meeting.draft import read_draft
from voting.meeting.ledger import required_signers
from voting.meeting.marks import choices_of
from voting.meeting.state import RoundState
from voting.rules import list_rules, load_rule, read_rule
from voting.rules.entries import read_entry
from voting.rules.gates import Gate, check_gates

TESTS = Path(__file__).parent.parent
CASES = json.loads((TESTS / "rules" / "cases.json").read_text("utf-8"))["cases"]
BEHAVIOUR = {
    one["id"]: one
    for one in CASES
    if one["rule"] == "sequence" or one["rule"].startswith("policy:")
}


@cache
def names_in(path):
    tree = ast.parse((TESTS / f"{path}.py").read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if hasattr(node, "name")}


def test_every_case_that_is_behaviour_is_shown_and_none_is_invented():
    assert len(BEHAVIOUR) == 74
    assert set(SHOWN) == set(BEHAVIOUR)
    assert set(NOTES) <= set(BEHAVIOUR)


@pytest.mark.parametrize("case", SHOWN)
def test_every_test_that_shows_a_case_is_there(case):
    assert SHOWN[case]
    for place in SHOWN[case]:
        path, name = place.split("::")
        assert name.startswith("test_")
        assert name in names_in(path), place


# --- a meeting -----------------------------------------------------------------------------------


def simulation(present=6):
    """Seven are due, so five make the quorum."""
    m = Simulation.fresh()
    m.sign_in(present)
    return m


def test_quorum_is_tested_at_every_opening_and_what_is_sealed_stands():
    m = simulation(5)
    m.prepare(["i1"])
    first = m.open(["i1"])
    m.seal(first, 5)
    sealed = m.round(first)
    m.act("leave", **m.person(4))
    m.prepare(["i2"], drawn=5)
    m.withdraw(m.slot, 4)

    assert refused(m, "open", **m.open_body(["i2"])).code == "no-quorum"
    assert m.round(first) == sealed


def test_a_latecomer_brings_the_quorum_and_the_round_opens():
    m = simulation(4)
    m.discuss("i1")
    assert refused(m, "open", **m.open_body(["i1"])).code == "no-quorum"
    m.act("attend", **m.person(4))
    m.prepare(["i1"])

    assert m.round(m.open(["i1"])).state is RoundState.OPEN


def test_a_round_that_lost_its_quorum_is_voided_by_chair_and_scrutineer_alone():
    m = simulation(5)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.act("leave", **m.person(4))
    assert refused(m, "seal", **m.seal_body(slot, 4)).code == "quorum-lost"
    act = m.propose("void", slot=slot, reason="人数不足", pen=None)
    asked = [
        {m.meeting.officers[one].role for one in place if one in m.meeting.officers}
        for place in required_signers(m.meeting, act)
    ]

    assert asked[:2] == [{"chair"}, {"scrutineer"}]
    m.append(m.sign(act))
    assert m.round(slot).state is RoundState.VOID


def test_who_is_not_in_the_room_has_no_way_to_vote():
    m = simulation(6)
    m.prepare(["i1"])

    assert not {"proxy", "opinion", "vote-for"} & set(BODIES)
    assert m.round(m.open(["i1"])).issued == 6  # the seventh's ticket is a leftover
    assert refused(m, "attend", **m.person(5)).code == "already-present"


def test_a_recused_member_votes_on_every_other_item():
    m = simulation(6)
    m.act("recuse", **m.recusal("i3", 5))
    m.prepare(["i1", "i2"])

    assert m.round(m.open(["i1", "i2"])).issued == 6
    m.prepare(["i3"])
    m.withdraw(m.slot, 5)
    assert m.round(m.open(["i3"])).issued == 5


def test_printed_is_issued_and_voided():
    m = simulation(6)
    m.discuss("i1")
    m.leftover(m.slot, 6)
    m.leftover(m.slot, 7)

    assert refused(m, "open", **m.open_body(["i1"])).code == "issued-mismatch"  # one is missing
    m.leftover(m.slot, 8)
    assert m.round(m.open(["i1"])).issued == m.meeting.series["A"].printed - 3


def test_a_ticket_of_another_meeting_is_a_stranger():
    m = simulation(6)
    slot = m.meeting.slots[0]
    known = {key for slots in m.lists.values() for one in slots.values() for key in one}

    assert m.credential(slot, "A", 0) in known
    assert m.credential(slot, "another meeting's", 0) not in known


# --- the draft and the ballot --------------------------------------------------------------------


def fault(text):
    with pytest.raises(DraftError) as caught:
        read_draft(text)
    return caught.value


def test_a_teller_is_staff_and_a_scrutineer_votes():
    teller = next(one for one in read_draft(SMALL).officers if one.role == "teller")
    staff = {one.name for one in read_draft(SMALL).roll if one.cls == "attendee"}

    assert teller.name in staff
    assert fault(SMALL.replace('"成员2"\n\n', '"工作人员2"\n\n')).code in {
        "scrutineer-not-member",
        "two-offices",
    }


def test_a_confirmation_takes_no_name_from_outside():
    m = simulation()

    assert {rule.write_in for rule in list_rules() if rule.kind == "confirmation"} == {"none"}
    with pytest.raises(PiaojueError) as caught:
        choices_of(m.meeting, ["i1"], {"i1": "外人"})
    assert caught.value.code == "unknown-mark"


def test_a_written_name_without_a_mark_is_the_rule_s_business():
    assert read_entry([], 1, blank="abstain").counts_as == "abstain"
    assert read_entry([], 1, blank="invalid").counts_as == "invalid"


def test_names_stand_in_the_order_in_which_they_were_written():
    rows = "".join(
        f'[[items.names]]\nname = "{name}"\n' for name in ("丁一", "王二", "马三", "卫四")
    )
    items = f'[[items]]\nrule = "contested"\nproposed = "镇长"\nseats = 1\n{GATES}\n{rows}'
    draft = read_draft(draft_text(items=items))

    assert [one.name for one in draft.items[0].contest.names] == ["丁一", "王二", "马三", "卫四"]


def test_nothing_in_a_draft_can_preselect_a_name():
    marked = item_of(1).replace("candidate =", "preselected = true\ncandidate =")

    assert fault(draft_text(items=marked)).code == "unknown-key"


def test_a_homonym_is_never_assigned_by_itself():
    rows = '[[rosters.names]]\nname = "李伟"\n[[rosters.names]]\nname = "李伟"\n'
    roster = f'[[rosters]]\nid = "r1"\ntitle = "名册"\n{rows}'

    error = fault(SMALL.replace("[trustees]", f"{roster}[trustees]"))

    assert error.place.startswith("rosters[1].names[2]")


def test_what_helpers_may_do_stands_in_the_guide():
    guide = (TESTS.parent / "docs" / "guide" / "kiosk.md").read_text("utf-8")

    assert "代写" in guide


@pytest.mark.parametrize(
    "kind", ["recommended", "concentrated", "reserve-list", "examined", "discipline"]
)
def test_without_the_gate_that_the_rule_wants_an_item_is_not_frozen(kind):
    text = (
        (TESTS.parent / "voting/rules/rulebook/standing-committee.toml")
        .read_text("utf-8")
        .replace('id = "standing-committee"', 'id = "own"')
    )
    start = text.index("[gates]")
    own = text[:start] + text[start:].replace("value = [", f'value = ["{kind}"] # [', 1)
    rule = read_rule(own, "own.toml")

    assert rule.gates == (kind,)
    others = [Gate(one, "ab" * 32, "科") for one in load_rule("standing-committee").gates]
    with pytest.raises(PiaojueError) as caught:
        check_gates([one for one in others if one.gate != kind], rule.gates)
    assert (caught.value.code, caught.value.params["gates"]) == ("gate-missing", [f"gate.{kind}"])


# --- what is counted, and who signs --------------------------------------------------------------


def test_more_returned_than_issued_voids_an_assessment():
    rule = load_rule("assessment")
    scale = rule.scales[0]
    counts = {one.id: 0 for one in scale.grades} | {scale.grades[0].id: 86}
    result = grade(rule, {"s1.a1": (scale.id, counts)}, numbers(90, 85, 86))

    assert (result.decision, result.reason) == ("void", "returned-exceeds-issued")


def test_signatures_come_in_the_rule_s_order():
    m = simulation()
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    m.count(slot)

    assert refused(m, "certify", **m.certify_body(slot, "chair")).code == "certify-order"
    for officer in ("teller", "scrutineer-1", "scrutineer-2"):
        m.act("certify", **m.certify_body(slot, officer))
        assert m.round(slot).state is RoundState.COUNTED  # unsigned until all have
    m.act("certify", **m.certify_body(slot, "chair"))
    assert m.round(slot).state is RoundState.CERTIFIED
