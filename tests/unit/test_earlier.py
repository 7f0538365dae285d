"""What an earlier vote must have been for a gate to count, by dates and by what it showed."""

from __future__ import annotations

import pytest

from voting.errors import PiaojueError
from voting.rules.earlier import (
    Shown,
    check_examined,
    check_reference,
    check_retry,
    check_shown,
    in_force,
    second_list,
)
from voting.rules.fraction import Fraction
from voting.rules.gates import Reference
from voting.rules.values import Ratio, Retry
from voting.words import explain

HAINAN = Retry("another-meeting", 2)
TWO = Ratio(2, 1)
THIRTY = Fraction(3, 10, inclusive=True)


def gate(kind, **values):
    given = {"record": "ab" * 32, "item": "i1", "date": "2026-05-01", "voucher": "干部一科"}
    return Reference(kind, **{**given, **values})


def shown(**values):
    given = {
        "kind": "recommendation",
        "date": "2026-05-01",
        "decision": "recorded",
        "post": "局长",
        "question": "是否复议甲、甲乙",
        "names": ("甲",),
        "votes": {"甲": 30},
        "base": 100,
    }
    return Shown(**{**given, **values})


def refused(check, *args, **values):
    with pytest.raises(PiaojueError) as caught:
        check(*args, **values)
    assert not explain(caught.value).startswith("error")
    return caught.value.code


def judge(kind, found, **values):
    given = {"candidates": ["甲"], "post": "局长", "concentration": THIRTY}
    return check_shown(gate(kind), found, **{**given, **values})


@pytest.mark.parametrize(
    ("held", "used", "good"),
    [
        ("2024-03-10", "2025-03-09", True),
        ("2024-03-10", "2025-03-10", True),
        ("2024-03-10", "2025-03-11", False),
        ("2024-02-29", "2025-02-28", True),
        ("2024-02-29", "2025-03-01", False),
        ("2024-03-10", "2024-03-09", False),
    ],
)
def test_a_recommendation_is_good_for_a_year_and_not_before_it_was_held(held, used, good):
    assert in_force(held, used) is good


def test_what_comes_after_the_meeting_or_is_too_old_is_refused():
    check_reference(gate("recommended"), "2027-05-01")
    assert refused(check_reference, gate("recommended"), "2027-05-02") == "earlier-expired"
    assert refused(check_reference, gate("failed"), "2026-04-30") == "earlier-later"
    check_reference(gate("failed"), "2030-01-01")  # a failure does not grow old


def test_a_second_try_is_for_another_meeting_and_there_is_no_third():
    check_retry(HAINAN, [], again_here=False)
    check_retry(HAINAN, ["a"], again_here=False)
    assert refused(check_retry, HAINAN, [], again_here=True) == "retry-same-meeting"
    assert refused(check_retry, HAINAN, ["a", "b"], again_here=False) == "retry-barred"
    assert refused(check_retry, HAINAN, ["a", "a"], again_here=False) == "retry-twice"
    check_retry(Retry("any", 0), ["a", "b", "c"], again_here=True)


@pytest.mark.parametrize(
    ("kind", "found", "code"),
    [
        ("recommended", {"kind": "confirmation"}, "earlier-kind"),
        ("recommended", {"date": "2026-05-02"}, "earlier-date"),
        ("recommended", {"decision": None}, "earlier-not-decided"),
        ("recommended", {"decision": "no_quorum"}, "earlier-not-decided"),
        ("recommended", {"decision": "sealed_unopened"}, "earlier-not-decided"),
        ("recommended", {"post": "书记"}, "earlier-other-post"),
        ("recommended", {"names": ("乙",)}, "earlier-other-name"),
        ("recommended", {"votes": {"甲": 0}}, "earlier-no-vote"),
        ("recommended", {"votes": {}}, "earlier-no-vote"),
        ("concentrated", {"votes": {"甲": 29}}, "earlier-scattered"),
        ("concentrated", {"votes": {}}, "earlier-not-decided"),
        ("plenum-consulted", {}, "earlier-kind"),
        ("failed", {"kind": "confirmation", "decision": "passed"}, "earlier-not-failed"),
        ("reconsidered", {"kind": "confirmation", "decision": "not_passed"}, "earlier-not-passed"),
        (
            "reconsidered",
            {"kind": "confirmation", "decision": "passed", "names": ("甲乙",)},
            "earlier-other-name",
        ),
    ],
)
def test_an_earlier_vote_that_does_not_show_it_settles_nothing(kind, found, code):
    assert refused(judge, kind, shown(**found)) == code


def test_an_earlier_vote_that_shows_it_settles_the_gate():
    judge("recommended", shown())
    judge("concentrated", shown())
    judge("plenum-consulted", shown(kind="consultation"))
    judge("failed", shown(kind="confirmation", decision="not_passed", failed=frozenset("甲")))
    judge("reconsidered", shown(kind="confirmation", decision="passed"))


def test_scattered_votes_may_be_overridden_by_a_written_reason_alone():
    few = shown(votes={"甲": 5})
    written = gate("concentrated", override="班子结构需要一名水利专业干部，县委书记专题会议研究")

    check_shown(written, few, candidates=["甲"], post="局长", concentration=THIRTY)
    assert refused(judge, "concentrated", few) == "earlier-scattered"


def test_every_name_of_a_contest_is_looked_for():
    both = shown(names=("甲", "乙"), votes={"甲": 40, "乙": 10})

    judge("recommended", both, candidates=["甲", "乙"])
    assert refused(judge, "recommended", both, candidates=["甲", "丙"]) == "earlier-other-name"
    assert refused(judge, "concentrated", both, candidates=["甲", "乙"]) == "earlier-scattered"


def test_the_second_list_is_the_first_by_the_ratio_with_ties_and_without_numbers():
    assert second_list({"A": 40, "B": 25, "C": 10}, 1, TWO) == ("A", "B")
    assert second_list({"C": 10, "B": 25, "A": 40}, 1, TWO) == ("B", "A")  # no order by votes
    assert second_list({"A": 40, "B": 25, "C": 25}, 1, TWO) == ("A", "B", "C")
    assert second_list({"A": 40, "B": 0, "C": 0}, 1, TWO) == ("A",)
    assert second_list({"A": 1}, 3, Ratio(3, 2)) == ("A",)


@pytest.mark.parametrize(
    ("names", "posts", "code"),
    [
        ("甲乙", 1, None),
        ("甲", 1, "ratio-not-met"),
        ("甲甲", 1, "ratio-not-met"),
        ("甲乙丙", 2, "ratio-not-met"),
        ("甲乙丙丁", 2, None),
    ],
)
def test_as_many_are_examined_for_a_post_as_the_ratio_asks(names, posts, code):
    found = shown(kind="assessment", names=tuple(names))

    if code is None:
        check_examined(found, "局长", posts, TWO)
    else:
        assert refused(check_examined, found, "局长", posts, TWO) == code
    assert refused(check_examined, found, "书记", posts, TWO) == "earlier-other-post"
