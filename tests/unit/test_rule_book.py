"""What the book says of each kind of vote, beside numbers: claim by claim, all the others denied.

Quorum and pass of every rule: tests/property/test_every_rule.py.
"""

from __future__ import annotations

import pytest

from voting.rules import list_rules

BOOK = {rule.id: rule for rule in list_rules() if rule.votes}
COMMITTEE = {"standing-committee", "party-group", "contested"}
PLENUM = {"plenum", "plenum-strict", "contested-plenum"}
APPOINTING = COMMITTEE | PLENUM
MOTIONS = {"deferral", "reconsideration", "general-business"}
ELECTIONS = {name for name in BOOK if name.endswith(("election", "1990"))}
CONTESTED = {"contested", "contested-plenum"}
NOMINATIONS = {"nomination", "second-nomination", "plenum-nomination"}
GRIDS = {"assessment", "review", "satisfaction"}
RECORDED = NOMINATIONS | GRIDS | {"recommendation", "consultation"}


@pytest.mark.parametrize(
    ("claim", "rules"),
    [
        (lambda r: "alternate" in r.voters, {"consultation", "review"}),
        # Who is recused is out of a committee's vote, and back for a plenum's.
        (lambda r: r.recusal_effect == "leaves-vote",
         COMMITTEE | MOTIONS | {"consultation", "assessment"}),
        (lambda r: r.recusal_base == "unchanged", set(BOOK)),
        (lambda r: (r.retry.again, r.retry.bar_after) == ("another-meeting", 2), APPOINTING),
        (lambda r: r.retry.again == "another-meeting", APPOINTING | {"reconsideration"}),
        (lambda r: r.visibility == "withheld", RECORDED),
        (lambda r: r.secrecy == "internal", RECORDED),
        (lambda r: r.secrecy == "unmarked", set(BOOK) - RECORDED),
        (lambda r: r.ties == "revote-most", ELECTIONS),
        (lambda r: r.ties == "revote-majority", CONTESTED),
        (lambda r: r.kind in ("contested", "election") and r.rounds_limit == 2, CONTESTED),
        (lambda r: r.next_round == 1, set(BOOK)),
        (lambda r: r.write_in == "roster", ELECTIONS | {"nomination", "plenum-nomination"}),
        (lambda r: r.invalid_entry == "void-ballot", ELECTIONS | CONTESTED | NOMINATIONS),
        (lambda r: r.blank_entry == "abstain", set(BOOK)),
        (lambda r: "defer" in r.options, set()),
        (lambda r: r.rate_base == "valid", set(BOOK)),
        (lambda r: r.unknown_base == "kept", set(BOOK)),
        (lambda r: r.papers == "by-series",
         {"nomination", "second-nomination", "recommendation", "assessment", "review"}),
        (lambda r: r.gates == ("examined", "department-discussed", "consulted", "opinions"),
         APPOINTING),
        (lambda r: "examined" in r.gates, APPOINTING | {"consultation"}),
        (lambda r: "recommended" in r.gates, {"second-nomination"}),
        (lambda r: r.room_gates == ("introduced", "discussed", "principal-last"), APPOINTING),
        (lambda r: "discussed" in r.room_gates, APPOINTING | MOTIONS),
        (lambda r: "introduced" not in r.room_gates, MOTIONS | {"consultation", "satisfaction"}),
        (lambda r: [(one.role, one.count) for one in r.signers]
         == [("teller", 1), ("scrutineer", 2), ("chair", 1)], set(BOOK) - RECORDED),
        (lambda r: [(one.role, one.count) for one in r.signers]
         == [("scrutineer", 2), ("chair", 1)], RECORDED),
        (lambda r: r.floor == 5, set(BOOK)),
        (lambda r: r.superseded is not None, {"grassroots-election-1990"}),
        (lambda r: bool(r.flags), {"assessment", "review"}),
        (lambda r: any(one.quorum for one in r.groups), {"direct-election"}),
        (lambda r: [one.quota for one in r.groups] == [30, 30, 30, 10], {"satisfaction"}),
    ],
)  # fmt: skip
def test_a_claim_holds_of_these_rules_and_of_no_other(claim, rules):
    assert {name for name, rule in BOOK.items() if claim(rule)} == rules


def test_both_votes_of_a_plenum_may_take_two_thirds_or_more_than_two_thirds():
    one, other = (BOOK[name].notes["quorum"] for name in ("plenum", "contested-plenum"))

    assert other.choices == one.choices
    assert other.why == one.why
    assert [choice.fraction.needed(30) for choice in other.choices] == [20, 21]


def test_a_direct_election_says_that_both_groups_are_counted_together():
    text = BOOK["direct-election"].notes["pass"].source.text

    assert "一箱、一次计票" in text
    assert "没有查到" in text


def test_the_grades_are_those_of_the_usual_forms():
    titles = {
        (name, scale.id): [(one.title["zh"], one.weight) for one in scale.grades]
        for name in sorted(GRIDS)
        for scale in BOOK[name].scales
    }
    satisfied = [(one, None) for one in ("满意", "基本满意", "不满意", "不了解")]

    assert titles == {
        ("assessment", "cadre"): [
            (one, None) for one in ("优秀", "称职", "基本称职", "不称职", "不了解")
        ],
        ("assessment", "team"): [(one, None) for one in ("优秀", "良好", "一般", "较差", "不了解")],
        ("review", "work"): satisfied,
        ("review", "cadre"): satisfied,
        ("satisfaction", "index"): [
            ("很满意", 100), ("满意", 80), ("基本满意", 60), ("不太满意", 30), ("不满意", 0),
            ("不了解", None),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("key", ["room-gates", "ties", "pass", "rounds-limit", "voters"])
def test_a_number_from_memory_is_said_to_be_from_memory(key):
    for rule in list_rules():
        note = rule.notes.get(key)
        if note is not None and "凭记忆" in note.source.text:
            assert note.source.certainty != "national"
