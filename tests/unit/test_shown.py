"""What a record shows of an item: names of a contest, of a roster, of groups that voted apart."""

from __future__ import annotations

import json

import pytest

from tally.verify.shown import shown_of
from tests.support.drafts import GATES, draft_text, item_of
from tests.support.meeting import make_meeting
from voting.errors import RefusedError
from voting.meeting.draft import read_draft


def names(*listed):
    return "".join(f'[[items.names]]\nname = "{name}"\n' for name in listed)


CONTEST = (
    f'[[items]]\nrule = "contested"\nproposed = "镇长"\nseats = 1\n{GATES}\n{names("甲", "乙")}'
)
ROSTER = (
    '[[items]]\nrule = "nomination"\nproposed = "镇长"\nseats = 1\nroster = "r1"\n'
    '[[rosters]]\nid = "r1"\ntitle = "名册"\n'
    + "".join(f'[[rosters.names]]\nname = "{name}"\n' for name in ("甲", "乙", "丙"))
)


def meeting_of(items):
    return make_meeting(read_draft(draft_text(items=items)))[0]


def evaluation(decision, *, returned=6, counts=None, opened=True, **more):
    figures = {"returned": returned, "counts": counts or {}}
    return {"decision": decision, "opened": opened, "figures": figures, **more}


def result(*evaluations):
    rounds = [{"items": [{"item": "i1", "evaluation": one}]} for one in evaluations]
    return json.dumps({"rounds": rounds}).encode()


def name_of(ident, votes, said):
    return {"id": ident, "votes": votes, "result": said}


def test_who_is_out_at_the_end_of_a_contest_failed_and_no_one_before():
    meeting = meeting_of(CONTEST)
    first = evaluation("next_round", names=[name_of("c1", 3, "next"), name_of("c2", 2, "next")])
    last = evaluation("elected", names=[name_of("c1", 4, "elected"), name_of("c2", 2, "out")])

    shown = shown_of(meeting, result(first, last), "i1")

    assert (shown.kind, shown.decision, shown.names) == ("contested", "elected", ("甲", "乙"))
    assert shown.failed == {"乙"}
    assert shown_of(meeting, result(first), "i1").failed == set()


@pytest.mark.parametrize("counts", [{"": {"c1": 5, "invalid": 2}}, {"agree": 4, "invalid": 2}])
def test_votes_are_held_against_the_valid_ballots(counts):
    """The invalid ones of a recommendation for a post stand by ask, and once went unseen."""
    shown = shown_of(meeting_of(ROSTER), result(evaluation("recorded", counts=counts)), "i1")

    assert shown.base == 4


def test_who_was_out_before_the_last_round_failed_too():
    meeting = meeting_of(CONTEST.replace(names("甲", "乙"), names("甲", "乙", "丙")))
    first = [name_of("c1", 3, "next"), name_of("c2", 2, "next"), name_of("c3", 1, "out")]
    last = [name_of("c1", 4, "elected"), name_of("c2", 2, "out")]

    shown = shown_of(
        meeting,
        result(evaluation("next_round", names=first), evaluation("elected", names=last)),
        "i1",
    )

    assert shown.failed == {"乙", "丙"}


GRID = (
    '[[items]]\nrule = "assessment"\nproposed = "{post}"\naspects = ["总体"]\n'
    '[[items.subjects]]\nname = "{name}"\nscale = "cadre"\n'
)


def test_who_was_examined_for_a_post_may_stand_on_several_grids():
    grids = [
        GRID.format(post=post, name=name) for post, name in zip("甲甲乙", "东西南", strict=True)
    ]
    meeting = meeting_of("".join(grids))

    assert shown_of(meeting, result(evaluation("recorded")), "i1").names == ("东", "西")
    apart = meeting_of("".join(grids).replace('proposed = "甲"\n', 'question = "年度考核"\n'))
    assert shown_of(apart, result(evaluation("recorded")), "i1").names == ("东",)


def test_names_of_a_roster_are_found_by_their_number():
    named = evaluation("recorded", counts={"invalid": 1}, names=[name_of("2", 4, "recorded")])
    shown = shown_of(meeting_of(ROSTER), result(named), "i1")

    assert (shown.names, shown.votes, shown.base) == (("乙",), {"乙": 4}, 5)


def test_groups_that_voted_apart_are_added_up_and_a_shut_box_adds_nothing():
    item = '[[items]]\nid = "i1"\nrule = "recommendation"\ncandidate = "甲"\nproposed = "局长"\n'
    counts = {"agree": 3, "disagree": 2, "abstain": 1, "invalid": 0}
    shown = shown_of(
        meeting_of(item),
        result(
            evaluation("recorded", counts=counts),
            evaluation("recorded", counts=counts),
            evaluation("sealed_unopened", returned=2, opened=False),
        ),
        "i1",
    )

    assert (shown.decision, shown.votes, shown.base) == ("recorded", {"甲": 6}, 12)


def test_a_round_that_was_void_shows_nothing():
    meeting = meeting_of(item_of(1))

    assert shown_of(meeting, result(None), "i1").decision is None
    with pytest.raises(RefusedError, match="earlier-item"):
        shown_of(meeting, result(None), "i9")
