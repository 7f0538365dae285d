"""However names, counts and void series are entered, nobody is in the room twice or unasked for.

As in ``test_fold_invariants``: acts go through ``advance``, refused ones as welcome as others.
"""

from __future__ import annotations

import copy
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.drafts import GROUPED
from tests.support.meeting import Simulation
from voting.errors import RefusedError
from voting.meeting import numbers
from voting.meeting.attendance import eligible
from voting.meeting.draft import read_draft
from voting.meeting.fold import advance

SERIES = st.sampled_from(["A", "G", "H", "R"])
GROUPS = st.sampled_from(["G", "H"])
COUNTS = st.integers(0, 7)
PEOPLE = st.integers(0, 6)


@cache
def issued() -> Simulation:
    return Simulation(read_draft(GROUPED))


class Counts(RuleBasedStateMachine):
    """Random attendance of seven who are named and ten who are counted."""

    @initialize()
    def begin(self):
        self.m = copy.copy(issued())

    def do(self, kind, **body):
        before, old = copy.deepcopy(self.m.state), self.m.state
        try:
            self.m.state = advance(self.m.meeting, old, self.m.propose(kind, **body))
        except RefusedError:
            assert self.m.state is old
        assert old == before

    @rule(group=GROUPS, series=SERIES, count=COUNTS, own=st.booleans())
    def count(self, group, series, count, own):
        self.do("present", group=group, series=group if own else series, count=count)

    @rule(person=PEOPLE, series=SERIES, kind=st.sampled_from(["attend", "attend", "leave"]))
    def move(self, person, series, kind):
        self.do(kind, **self.m.person(person, series))

    @rule(series=SERIES)
    def void(self, series):
        self.do("void-series", series=series, reason="x")

    @rule(person=PEOPLE, group=GROUPS, series=SERIES, count=COUNTS)
    def correct(self, person, group, series, count):
        counted = [{"group": group, "series": series, "count": count}]
        body = {"leave": [], "attend": [self.m.person(person)], "present": counted}
        self.do("correct", **body, reason="x")

    @rule(person=PEOPLE)
    def recuse(self, person):
        self.do("recuse", **self.m.recusal("i1", person))

    @invariant()
    def nobody_is_present_beyond_those_who_are_due(self):
        assert 0 <= self.m.state.present() <= self.m.meeting.roll.due
        for name, one in self.m.state.counted.items():
            assert 0 <= one.count <= self.m.meeting.groups[name].count

    @invariant()
    def everybody_in_the_room_holds_one_ticket_or_is_owed_one(self):
        assert eligible(self.m.meeting, self.m.state, ["i2"]).total() == self.m.state.present()

    @invariant()
    def a_void_series_is_held_by_nobody(self):
        voters = eligible(self.m.meeting, self.m.state, ["i2"])
        assert not any(voters[one] for one in self.m.state.void_series)
        slot = self.m.meeting.slots[0]
        for row in numbers.series_numbers(self.m.meeting, self.m.state, slot, ["i2"]):
            assert row.void is (row.id in self.m.state.void_series)
            assert row.eligible == voters[row.id]

    @invariant()
    def the_series_of_a_group_is_held_by_that_group_alone(self):
        for name, group in self.m.meeting.groups.items():
            named = [one for one in self.m.state.people.values() if one.series == group.series]
            others = [
                one
                for other, one in self.m.state.counted.items()
                if other != name and one.series == group.series
            ]
            assert not named
            assert not others

    @invariant()
    def only_who_is_named_is_recused(self):
        present = eligible(self.m.meeting, self.m.state, ["i1"])
        counted = sum(one.count for one in self.m.state.counted.values())
        assert present.total() >= counted


TestCounts = Counts.TestCase
TestCounts.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
