"""Whatever acts come in whatever order, the fold stays within the table and the numbers.

Acts go through ``advance``: guards and effects without signatures, so that thousands of them
take a second. Refused acts are as welcome as accepted ones; they must change nothing.
"""

from __future__ import annotations

import copy
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.support.meeting import Simulation
from voting.errors import RefusedError
from voting.meeting.attendance import eligible
from voting.meeting.fold import advance
from voting.meeting.state import ENDS, NEXT, RoundState
from voting.meeting.tickets import drawn, issued

PEOPLE = st.integers(0, 6)
TICKETS = st.integers(0, 8)
ALL = ["i1", "i2", "i3"]
ITEMS = st.sampled_from([["i1"], ["i2"], ["i3"], ["i1", "i2"], ["i2", "i3"], ALL])
ITEM = st.sampled_from(["i1", "i2", "i3"])
SLOT = st.integers(0, 3)
MOVES = ["attend", "leave", "return", "return", "correct", "recuse", "unrecuse"]
ROUND_ACTS = ["spoil", "seal", "no-objection", "count", "void", "certify"]
SERIES = st.sampled_from(["A", "A", "A", "R"])


class Acts(RuleBasedStateMachine):
    """Random acts of one small meeting."""

    @initialize(people=st.integers(4, 7), discussed=st.sampled_from([ALL, ALL, ["i1"]]))
    def begin(self, people, discussed):
        self.m = Simulation.fresh()
        # Signed by nobody: what these four verify has unit tests of its own.
        self.patches = [
            mock.patch("voting.meeting.tickets.verify_ticket_act"),
            mock.patch("voting.meeting.opening.keys.verify"),
        ]
        for patch in self.patches:
            patch.start()
        self.seen: dict[str, RoundState] = {}
        for person in range(people):
            self.do("attend", **self.m.person(person))
        self.discuss(discussed)

    def teardown(self):
        for patch in getattr(self, "patches", ()):
            patch.stop()

    def do(self, kind, **body):
        before, old = copy.deepcopy(self.m.state), self.m.state
        try:
            self.m.state = advance(self.m.meeting, old, self.m.propose(kind, **body))
        except RefusedError:
            assert self.m.state is old
        assert old == before

    def credential(self, kind, slot, index, series):
        body = {"slot": slot, "series": series, "credential": self.m.lists[series][slot][index]}
        self.do(kind, **body, proof={"challenge": "1", "response": "1"})

    @rule(kind=st.sampled_from(MOVES), person=PEOPLE, other=PEOPLE, series=SERIES, item=ITEM)
    def move(self, kind, person, other, series, item):
        if kind in {"recuse", "unrecuse"}:
            self.do(kind, **self.m.recusal(item, person))
        elif kind == "correct":
            body = {"leave": [self.m.person(person)], "attend": [self.m.person(other)]}
            self.do(kind, **body, present=[], reason="x")
        else:
            self.do(kind, **self.m.person(person, series))

    @rule(slot=SLOT, index=TICKETS, series=SERIES, kind=st.sampled_from(["leftover", "withdraw"]))
    def ticket(self, slot, index, series, kind):
        self.credential(kind, self.m.meeting.slots[slot], index, series)

    @rule(items=ITEMS, tidy=st.sampled_from([True, True, False]))
    def open(self, items, tidy):
        state = self.m.state
        if len(state.rounds) == len(self.m.meeting.slots):
            return
        self.discuss(items[-1:])
        slot = self.m.slot
        if tidy:  # scan as many leftovers as make the numbers equal
            voters = eligible(self.m.meeting, state, items).total()
            surplus = issued(self.m.meeting, state, slot, "A") - voters
            void = {**state.leftovers.get(slot, {}), **state.withdrawn.get(slot, {})}
            left = [i for i, one in enumerate(self.m.lists["A"][slot]) if one not in void]
            for index in left[: max(0, surplus)]:
                self.credential("leftover", slot, index, "A")
        self.do("open", **self.m.open_body(items))

    @precondition(lambda self: self.m.state.rounds)
    @rule(which=st.integers(0, 3), lacking=st.integers(-1, 2))
    def forward(self, which, lacking):
        """Take the next natural step of a round, so that all its states are reached often."""
        one = self.chosen(which)
        if one.state is RoundState.OPEN:
            self.act("spoil", one, lacking)
            self.act("seal", one, lacking)
        elif one.state is RoundState.SEALED:
            self.act("no-objection", one, lacking)
            self.act("count", one, lacking)
        elif one.state is RoundState.COUNTED:
            self.act("certify", one, lacking)
        else:
            self.do("destroy", trustee=1 + which % 3)

    @precondition(lambda self: self.m.state.rounds)
    @rule(kind=st.sampled_from(ROUND_ACTS), which=st.integers(0, 3), lacking=st.integers(-1, 3))
    def stray(self, kind, which, lacking):
        """Try any act of a round at any moment."""
        self.act(kind, self.chosen(which), lacking)

    def chosen(self, which):
        return list(self.m.state.rounds.values())[which % len(self.m.state.rounds)]

    def act(self, kind, one, lacking):
        slot = one.slot
        if kind == "spoil":
            self.do(kind, slot=slot, tracker="A" * 42 + "AEIM"[lacking])
        elif kind == "seal":
            returned = max(0, one.issued - lacking)
            self.do(kind, **self.m.seal_body(slot, returned, returned + (lacking == 3)))
        elif kind == "no-objection":
            self.do(kind, slot=slot)
        elif kind == "count" and one.ballots is not None:
            self.do(kind, **self.m.count_body(slot))
        elif kind == "void":
            self.do(kind, slot=slot, reason="x", pen=None)
        elif kind == "certify":
            for officer in ("teller", "scrutineer-1", "scrutineer-2", "chair"):
                self.do(kind, **self.m.certify_body(slot, officer))

    def discuss(self, items):
        for item in items:
            for step in ("introduced", "discussed", "principal-last"):
                self.do("room", item=item, step=step)

    @invariant()
    def nobody_is_present_who_is_not_on_the_roll(self):
        roll = self.m.meeting.roll
        assert 0 <= self.m.state.present() <= roll.members

    @invariant()
    def printed_bounds_drawn_bounds_issued(self):
        for slot in self.m.meeting.slots:
            for one in self.m.meeting.series.values():
                hands = issued(self.m.meeting, self.m.state, slot, one.id)
                assert 0 <= hands <= drawn(self.m.meeting, self.m.state, slot, one.id)
                assert drawn(self.m.meeting, self.m.state, slot, one.id) <= one.printed

    @invariant()
    def states_move_only_along_the_table(self):
        rounds = self.m.state.rounds
        assert list(rounds) == list(self.m.meeting.slots[: len(rounds)])
        for slot, one in rounds.items():
            before = self.seen.get(slot)
            assert before is None or self.reaches(before, one.state)
            self.seen[slot] = one.state

    def reaches(self, start, end):
        return start is end or any(self.reaches(after, end) for after in NEXT[start])

    @invariant()
    def an_opened_round_has_its_numbers(self):
        for one in self.m.state.rounds.values():
            assert one.issued == one.present_at_open <= one.due
            if one.returned is not None:
                assert one.returned == one.heads
                assert one.returned <= one.issued or one.state is RoundState.VOID
            if one.state in {RoundState.SEALED, RoundState.COUNTED, RoundState.CERTIFIED}:
                assert one.returned >= self.m.meeting.floor

    @invariant()
    def an_item_has_one_round_that_is_not_void(self):
        held = [
            item
            for one in self.m.state.rounds.values()
            if one.state is not RoundState.VOID
            for item in one.items
        ]
        assert len(held) == len(set(held))

    @invariant()
    def shares_are_destroyed_only_when_nothing_is_left_to_open(self):
        if self.m.state.destroyed:
            assert all(one.state in ENDS for one in self.m.state.rounds.values())

    @invariant()
    def the_last_seal_had_its_device_checks(self):
        state = self.m.state
        done = [one for one in state.rounds.values() if one.state is not RoundState.VOID]
        items = {item for one in done if one.state is not RoundState.OPEN for item in one.items}
        if items == set(self.m.meeting.items):
            assert state.spoils >= self.m.meeting.spoil_quota


TestActs = Acts.TestCase
TestActs.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
