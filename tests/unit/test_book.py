"""What the console's forms offer of the rule book."""

from __future__ import annotations

from kiosk.server.services.book import GATES, book_json
from voting.rules import list_rules
from voting.rules.gates import PAPER, RECORD


def test_every_kind_of_gate_is_offered_once_with_what_settles_it():
    offered = book_json({})["gates"]
    assert len(GATES) == len(set(GATES))
    assert {one["gate"] for one in offered if one["paper"]} == PAPER
    assert {one["gate"] for one in offered if one["record"]} == RECORD


def test_every_rule_that_is_a_ballot_is_offered_with_what_an_item_of_it_needs():
    offered = {one["id"]: one for one in book_json({})["rules"]}
    assert set(offered) == {rule.id for rule in list_rules() if rule.votes}
    assert offered["standing-committee"]["gates"][0] == "examined"
    assert [one["id"] for one in offered["assessment"]["scales"]] == ["cadre", "team"]
    assert offered["grassroots-election-1990"]["superseded"]
