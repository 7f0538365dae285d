"""Whatever acts come in whatever order, the fold stays within the table and the numbers.

Acts go through ``advance``: guards and effects without signatures, so that thousands of them
take a second. Refused acts are as welcome as accepted ones; they must change nothing.
"""

from __future__ import annotations

import copy
from unittest import mock

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.meeting import Simulation
from voting.errors import RefusedError
from voting.meeting.fold import advance
from voting.meeting.state import ENDS, NEXT, RoundState
from voting.meeting.tickets import drawn, issued

PEOPLE = st.integers(0, 6)
TICKETS = st.integers(0, 8)
ITEMS = st.sampled_from([["i1"], ["i2"], ["i3"], ["i1", "i2"], ["i1", "i2", "i3"]])
ITEM = st.sampled_from(["i1", "i2", "i3"])
SLOT = st.integers(0, 3)
SERIES = st.sampled_from(["A", "A", "A", "R"])


class Acts(RuleBasedStateMachine):
    """Random acts of one small meeting."""

    @initialize()
    def begin(self):
        self.m = Simulation.fresh()
        # Signed by nobody: what these four verify has unit tests of its own.
        self.patches = [
            mock.patch("voting.meeting.tickets.verify_ticket_act"),
            mock.patch("voting.meeting.opening.keys.verify"),
        ]
        for patch in self.patches:
            patch.start()
        self.seen: dict[str, RoundState] = {}

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

    def slot(self, index):
        return self.m.meeting.slots[index]

    def credential(self, kind, slot, index, series):
        body = {"slot": slot, "series": series, "credential": self.m.lists[series][slot][index]}
        self.do(kind, **body, proof={"challenge": "1", "response": "1"})

    @rule(people=st.lists(PEOPLE, unique=True), series=SERIES)
    def attend(self, people, series):
        for person in people:
            self.do("attend", **self.m.person(person, series))

    @rule(kind=st.sampled_from(["leave", "return"]), person=PEOPLE, series=SERIES)
    def move(self, kind, person, series):
        self.do(kind, **self.m.person(person, series))

    @rule(person=PEOPLE, other=PEOPLE)
    def correct(self, person, other):
        body = {"leave": [self.m.person(person)], "attend": [self.m.person(other)]}
        self.do("correct", **body, reason="x")

    @rule(kind=st.sampled_from(["recuse", "unrecuse"]), item=ITEM, person=PEOPLE)
    def recuse(self, kind, item, person):
        self.do(kind, **self.m.recusal(item, person))

    @rule(slot=SLOT, index=TICKETS, series=SERIES, kind=st.sampled_from(["leftover", "withdraw"]))
    def ticket(self, slot, index, series, kind):
        self.credential(kind, self.slot(slot), index, series)

    @rule(items=ITEMS)
    def discuss(self, items):
        for item in items:
            for step in ("introduced", "discussed", "principal-last"):
                self.do("room", item=item, step=step)

    @rule(items=ITEMS, tidy=st.booleans())
    def open(self, items, tidy):
        state = self.m.state
        if len(state.rounds) == len(self.m.meeting.slots):
            return
        slot = self.m.slot
        if tidy:  # scan as many leftovers as make the numbers equal
            surplus = issued(self.m.meeting, state, slot, "A") - state.present()
            left = [
                index
                for index, one in enumerate(self.m.lists["A"][slot])
                if one not in {**state.leftovers.get(slot, {}), **state.withdrawn.get(slot, {})}
            ]
            for index in left[: max(0, surplus)]:
                self.credential("leftover", slot, index, "A")
        self.do("open", **self.m.open_body(items))

    @rule(slot=SLOT, name=st.sampled_from("abc"))
    def spoil(self, slot, name):
        self.do("spoil", slot=self.slot(slot), tracker="A" * 42 + "AEI"["abc".index(name)])

    @rule(slot=SLOT, returned=st.integers(0, 9), off=st.sampled_from([0, 0, 0, 1]))
    def seal(self, slot, returned, off):
        self.do("seal", **self.m.seal_body(self.slot(slot), returned, returned + off))

    @rule(slot=SLOT)
    def no_objection(self, slot):
        self.do("no-objection", slot=self.slot(slot))

    @rule(slot=SLOT)
    def count(self, slot):
        one = self.m.state.rounds.get(self.slot(slot))
        if one is not None and one.ballots is not None:
            self.do("count", **self.m.count_body(one.slot))

    @rule(slot=SLOT)
    def void(self, slot):
        self.do("void", slot=self.slot(slot), reason="x", pen=None)

    @rule(slot=SLOT)
    def certify(self, slot):
        for officer in ("teller", "scrutineer-1", "scrutineer-2", "chair"):
            self.do("certify", **self.m.certify_body(self.slot(slot), officer))

    @rule(trustee=st.integers(1, 3))
    def destroy(self, trustee):
        self.do("destroy", trustee=trustee)

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
    max_examples=25,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
