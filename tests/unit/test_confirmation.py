"""常委会票决 and 全委会票决: what the numbers of one item come to, step by step."""

from __future__ import annotations

import json

import pytest

from voting.errors import InputError, RefusedError
from voting.rules import load_rule
from voting.rules.confirmation import evaluate_confirmation, evaluate_under_floor
from voting.rules.evaluate import evaluate_item
from voting.rules.quorum import evaluate_quorum
from voting.rules.shapes import Contest, Numbers, Standing
from voting.words import LANGS

COMMITTEE = load_rule("standing-committee")
PLENUM = load_rule("plenum")
WITH_DEFERRAL = COMMITTEE.choose({"options": ["agree", "disagree", "abstain", "defer"]})
REDUCED = COMMITTEE.choose({"recusal-base": "reduced"})


def evaluate(rule=COMMITTEE, *, due=12, present=10, recused=0, **given):
    counts = given.pop("counts", None)
    numbers = {
        "present_at_open": present,
        "present_at_seal": present,
        "issued": present,
        "returned": present,
        **given,
    }
    if counts is None:
        agree = given.pop("agree", numbers["returned"])
        numbers.pop("agree", None)
        counts = {"agree": agree, "disagree": numbers["returned"] - agree}
    return evaluate_confirmation(rule, due=due, recused=recused, counts=counts, **numbers)


def test_every_due_up_to_sixty_with_all_present_and_all_saying_yes():
    for rule in (COMMITTEE, PLENUM, REDUCED, WITH_DEFERRAL):
        for due in range(1, 61):
            assert evaluate(rule, due=due, present=due).decision == "passed"


def test_every_due_and_agreement_up_to_sixty():
    for due in range(1, 61):
        for agree in range(due + 1):
            decision = evaluate(due=due, present=due, agree=agree).decision

            assert decision == ("passed" if 2 * agree > due else "not_passed")


def test_seven_in_ten_of_the_room_still_lose_when_fifteen_are_due():
    result = evaluate(due=15, present=10, agree=7)

    assert result.decision == "not_passed"
    assert result.steps[-1].numbers == {"agree": 7, "base": 15, "needed": 8}
    assert result.steps[-1].base == "due"


def test_half_is_not_more_than_half_and_nobody_has_a_casting_vote():
    assert evaluate(due=12, present=12, agree=6).decision == "not_passed"
    assert evaluate(due=12, present=12, agree=7).decision == "passed"


def test_quorum_lost_before_the_seal_decides_nothing():
    result = evaluate(due=12, present=8, present_at_seal=7)

    assert (result.decision, result.reason) == ("no_quorum", "quorum-at-seal")
    assert not result.steps[-1].met


def test_without_quorum_nothing_else_is_looked_at():
    result = evaluate(due=12, present=7, returned=9)

    assert (result.decision, result.reason) == ("no_quorum", "quorum-at-open")
    assert len(result.steps) == 1


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ({"issued": 11, "returned": 10}, "issued-exceeds-present"),
        ({"returned": 11}, "returned-exceeds-issued"),
        ({"issued": 9}, "returned-exceeds-issued"),
    ],
)
def test_more_issued_than_present_or_returned_than_issued_voids_however_clear_the_vote(
    numbers, reason
):
    result = evaluate(**numbers)

    assert (result.decision, result.reason) == ("void", reason)


@pytest.mark.parametrize("counts", [{"agree": 9}, {"agree": 10, "abstain": 1}, {}])
def test_counts_that_do_not_add_up_to_the_returned_certify_nothing(counts):
    result = evaluate(counts=counts)

    assert (result.decision, result.reason) == ("uncertified", "counts-do-not-add-up")


def test_what_was_not_returned_is_never_an_abstention():
    result = evaluate(returned=8, agree=7)

    assert result.decision == "passed"
    assert result.figures.counts["abstain"] == 0
    assert result.figures.unreturned == 2
    assert [note.message for note in result.notes] == ["note.unreturned"]


def test_invalid_and_abstaining_weigh_as_disagreeing_and_are_reported_apart():
    result = evaluate(due=11, counts={"agree": 6, "abstain": 1, "invalid": 3})

    assert result.decision == "passed"
    assert result.figures.counts == {"agree": 6, "disagree": 0, "abstain": 1, "invalid": 3}


def test_deferral_needs_more_than_half_of_those_present():
    deferred = evaluate(WITH_DEFERRAL, counts={"agree": 4, "defer": 6})
    half = evaluate(WITH_DEFERRAL, counts={"agree": 5, "defer": 5})
    passed = evaluate(WITH_DEFERRAL, due=11, present=11, counts={"agree": 6, "defer": 5})

    assert deferred.decision == "deferred"
    assert deferred.steps[-1].base == "present"
    assert half.decision == "not_passed"
    assert passed.decision == "passed"


def test_deferral_is_no_option_unless_the_ballot_has_it():
    with pytest.raises(InputError) as caught:
        evaluate(counts={"defer": 10})

    assert caught.value.code == "unknown-option"


def test_the_frozen_base_alone_decides_and_the_other_is_remarked():
    unchanged = evaluate(COMMITTEE, due=11, present=6, recused=2)
    reduced = evaluate(REDUCED, due=11, present=6, recused=2)

    assert (unchanged.decision, reduced.decision) == ("no_quorum", "passed")
    for result in (unchanged, reduced):
        (note,) = result.notes
        assert note.message == "note.recusal-base-sensitive"
        assert note.text("zh").startswith("口径敏感")
    assert reduced.steps[-1].base == "due-less-recused"
    assert unchanged.notes[0].words == {
        "decision": "decision.no_quorum",
        "other": "decision.passed",
    }


def test_nothing_is_remarked_when_both_bases_decide_alike():
    assert evaluate(due=12, present=10, recused=1, agree=9).notes == ()
    assert evaluate(PLENUM, due=11, present=8, recused=2, agree=6).notes == ()


def test_in_the_plenum_who_left_the_deliberation_votes_and_stays_in_the_base():
    result = evaluate(PLENUM, due=35, present=30, recused=2, agree=18)

    assert result.decision == "passed"
    assert result.steps[-1].numbers["base"] == 35
    assert evaluate(PLENUM, due=35, present=30, recused=2, agree=17).decision == "not_passed"


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"due": 0, "present": 0}, "empty-roll"),
        ({"present": 13}, "present-exceeds-due"),
        ({"counts": {"agree": -1, "disagree": 11}}, "negative-number"),
        ({"counts": {"aye": 10}}, "unknown-option"),
    ],
)
def test_numbers_that_no_meeting_has_are_refused(numbers, code):
    with pytest.raises(InputError) as caught:
        evaluate(**numbers)

    assert caught.value.code == code


@pytest.mark.parametrize("bad", ["5", None, True, 5.0, -1])
def test_a_number_that_is_no_number_of_people_or_ballots_is_refused_by_one_word(bad):
    ten = {"due": 12, "present_at_open": 10, "present_at_seal": 10, "issued": 10, "returned": 10}
    faults = [({}, {"agree": bad, "disagree": 5})]
    faults += [({field: bad}, {"agree": 10}) for field in (*ten, "recused")]
    for changes, counts in faults:
        with pytest.raises(InputError) as caught:
            evaluate_item(COMMITTEE, None, Numbers(**{**ten, **changes}), counts)

        assert caught.value.code == "negative-number"
        with pytest.raises(InputError):
            evaluate_confirmation(COMMITTEE, **{"recused": 0, **ten, **changes}, counts=counts)
    with pytest.raises(InputError):
        evaluate_quorum(COMMITTEE, due=12, present=bad)
    contested, shape = load_rule("contested"), Contest(Standing(("A", "B"), 1))
    for field in ten:
        box = Numbers(**{**ten, field: bad})
        with pytest.raises(InputError) as caught:
            evaluate_item(contested, shape, box, {"": {"A": 6, "B": 4}})

        assert caught.value.code == "negative-number"


def test_counts_that_are_no_table_by_ask_are_refused():
    box = Numbers(due=12, present_at_open=10, present_at_seal=10, issued=10, returned=10)
    shape = Contest(Standing(("A", "B"), 1))
    for counts in ({"": 5}, {"": ["A"]}, [], "x"):
        with pytest.raises(InputError) as caught:
            evaluate_item(load_rule("contested"), shape, box, counts)

        assert caught.value.code == "shape-not-of-the-rule"


def closed(rule=COMMITTEE, *, due, present, returned, floor=5, **given):
    numbers = {"issued": present, "recused": 0, **given}
    return evaluate_under_floor(
        rule,
        due=due,
        present_at_open=present,
        present_at_seal=present,
        returned=returned,
        floor=floor,
        **numbers,
    )


def test_a_box_under_the_floor_stays_closed():
    for due in range(1, 13):
        for returned in range(min(due, 4) + 1):
            result = closed(due=due, present=due, returned=returned)

            hopeless = 2 * returned <= due
            assert result.decision == ("not_passed" if hopeless else "sealed_unopened")
            assert (result.opened, result.reason) == (False, "under-floor")
            assert result.figures.counts == {}


def test_a_box_under_the_floor_can_still_lack_quorum_or_be_void():
    assert closed(due=12, present=7, returned=4).decision == "no_quorum"
    assert closed(due=4, present=3, returned=4).decision == "void"


def test_a_box_at_the_floor_is_not_closed():
    with pytest.raises(RefusedError) as caught:
        closed(due=8, present=8, returned=5)

    assert caught.value.code == "not-under-floor"


def test_an_evaluation_is_plain_data_and_each_step_speaks_both_languages():
    results = [
        evaluate(),
        evaluate(returned=8),
        evaluate(returned=11),
        evaluate(issued=11),
        evaluate(counts={}),
        evaluate(present=7),
        evaluate(present_at_seal=7),
        evaluate(agree=1),
        evaluate(WITH_DEFERRAL, counts={"defer": 10}),
        evaluate(due=11, present=6, recused=2),
        closed(due=4, present=4, returned=2),
        closed(due=4, present=4, returned=3),
    ]

    for result in results:
        data = result.to_json()
        assert json.loads(json.dumps(data)) == data
        for step in (*result.steps, *result.notes):
            assert all(step.text(lang) for lang in LANGS)


def test_the_stored_form_is_fixed():
    data = evaluate(due=12, present=10, agree=7).to_json()

    assert list(data) == ["rule", "decision", "reason", "opened", "figures", "steps", "notes"]
    assert data["steps"][-1] == {
        "message": "pass.met",
        "numbers": {"agree": 7, "base": 12, "needed": 7},
        "base": "due",
        "met": True,
        "fraction": [1, 2],
        "inclusive": False,
    }
