"""The line of steps: what is done, what is due, what is lacking, who must act."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.server.services.facts import CEREMONY, Device, Facts
from kiosk.server.services.overview import overview_of
from kiosk.server.services.room import EMPTY, View
from kiosk.server.services.rounds import Binding
from kiosk.server.services.said import said
from kiosk.server.services.steps import meeting_steps
from kiosk.server.services.steps_paper import papers
from tests.support.drafts import RECOMMENDED
from tests.support.meeting import Simulation
from voting.meeting import binding
from voting.meeting.draft import read_draft
from voting.storage import Account
from voting.words import LANGS, Word, say

KIOSK = Device("kiosk:1", enrolled=True, invited=False, seen=True, busy=False, build="")


def account(name, *, invited=False, key="ab" * 32):
    return Account(name, name.partition(":")[0], "", None if invited else key, invited)


def everybody(draft, **changes):
    names = [f"officer:{one.id}" for one in draft.officers]
    names += [f"trustee:{n}" for n in range(1, len(draft.trustees) + 1)]
    return {name: account(name, **changes) for name in names}


def look(m, **changes):
    view = View(m.meeting, m.state, m.state.head, m.state.height)
    facts = Facts(
        view=view,
        draft=m.draft,
        accounts=everybody(m.draft),
        kiosks=(KIOSK,),
        returned={slot: one.returned or 0 for slot, one in m.state.rounds.items()},
    )
    return replace(facts, **changes)


def drafted(m, **changes):
    return replace(look(m), view=EMPTY, **changes)


def line(facts):
    return {(one.slot, one.id): one for one in meeting_steps(facts)}


def states(facts, slot=None):
    return {name: one.state for (of, name), one in line(facts).items() if of == slot}


def words(step):
    return [one["word"] for one in step.missing]


def bound(m, items, acks=()):
    numbers = {"slot": m.slot, "number": 1, "items": tuple(items), "series": ("A",)}
    lists = {"A": m.lists["A"][m.slot]}
    credentials = binding.active_credentials(m.state, m.slot, ["A"], lists)
    found = Binding(**numbers, election=b"{}", credentials=credentials, height=0)
    found.acks = dict.fromkeys(acks, "signature")
    return found


@pytest.fixture
def m():
    return Simulation.fresh()


@pytest.fixture
def ready(m):
    m.sign_in(6)
    m.prepare(list(m.meeting.items))
    return m


def test_before_the_freeze_each_step_waits_for_what_it_needs(m):
    posted = {step: frozenset({1, 2, 3}) for step in CEREMONY}
    nobody = everybody(m.draft, invited=True)

    faulty = drafted(m, faults=(said("desk.missing.draft"),))
    assert states(faulty)["draft"] == "now"
    assert states(faulty)["enrol"] == states(faulty)["freeze"] == "later"
    assert states(drafted(m, accounts=nobody))["enrol"] == "now"
    assert states(drafted(m, accounts=nobody))["ceremony"] == "later"
    assert states(drafted(m))["ceremony"] == "now"
    freeze = line(drafted(m, posted=posted))[None, "freeze"]
    assert (freeze.state, freeze.ready, freeze.act) == ("now", True, "freeze")
    assert set(states(drafted(m, posted=posted)).values()) == {"done", "now", "later"}


def test_who_has_not_enrolled_is_named_but_nobody_who_signs_by_pen(m):
    (missing,) = line(drafted(m, accounts={}))[None, "enrol"].missing
    told = say(missing["word"], "zh", accounts=[rendered(p) for p in missing["params"]["accounts"]])

    assert "会议秘书 工作人员1" in told
    assert "密钥保管人 成员2" in told
    assert "工作人员2" not in told  # the teller signs by pen


def test_the_ceremony_names_the_step_and_whom_it_waits_for(m):
    posted = {"commit": frozenset({1, 2, 3}), "reveal": frozenset({2})}
    (missing,) = line(drafted(m, posted=posted))[None, "ceremony"].missing

    assert missing["params"]["step"]["word"] == "desk.posting.reveal"
    assert missing["params"]["names"] == ["成员2", "工作人员3"]


def test_a_quorum_is_asked_for_before_any_leftover_is_scanned(m):
    m.sign_in(4)
    told = line(look(m))

    assert words(told[None, "attend"]) == ["desk.missing.quorum"]
    assert told[None, "attend"].missing[0]["params"] == {"missing": 1, "needed": 5}
    assert told[m.slot, "leftovers"].state == "later"


def test_gates_are_told_by_the_items_that_lack_the_same_ones(m):
    m.act("room", item="i2", step="introduced")
    told = line(look(m))[None, "room"].missing

    assert [one["params"]["items"] for one in told] == [[1, 3], [2]]
    assert [len(one["params"]["steps"]) for one in told] == [3, 2]


def test_leftovers_come_before_the_match_and_the_match_before_preparing(m):
    m.sign_in(6)
    m.discuss("i1", "i2", "i3")
    slot = m.slot
    before = line(look(m))
    m.prepare(["i1", "i2", "i3"])
    after = line(look(m))

    assert words(before[slot, "leftovers"]) == ["desk.missing.leftovers"]
    assert (before[slot, "match"].state, before[slot, "prepare"].state) == ("later", "later")
    assert (after[slot, "match"].state, after[slot, "prepare"].state) == ("done", "now")
    assert words(after[slot, "prepare"]) == []


def test_a_recused_member_is_waited_for_on_his_paper_and_not_on_the_other(m):
    m.sign_in(6)
    m.act("recuse", **m.recusal("i2", 0))
    m.discuss("i1", "i2", "i3")
    first, second = m.meeting.slots[:2]
    for slot in (first, second):
        m.prepare(["i1", "i2", "i3"], slot=slot)
    told = line(look(m))

    assert words(told[first, "withdraw"]) == ["desk.missing.withdraw"]
    assert told[second, "withdraw"].state == "done"
    assert (told[second, "match"].state, told[second, "prepare"].state) == ("done", "later")


def test_too_few_tickets_are_a_mismatch_and_not_a_leftover(ready):
    slot = ready.slot
    ready.leftover(slot, 5)
    told = line(look(ready))

    assert told[slot, "leftovers"].state == "done"
    assert words(told[slot, "match"]) == ["desk.missing.match"]


def test_a_prepared_paper_waits_for_the_acknowledgements_that_the_fold_asks_for(ready):
    slot, items = ready.slot, list(ready.meeting.items)
    few = line(look(ready, binding=bound(ready, items, acks=(1, 2))))
    all_ = line(look(ready, binding=bound(ready, items, acks=(1, 2, 3))))

    assert few[slot, "prepare"].state == "done"
    assert few[slot, "acknowledge"].missing[0]["params"]["names"] == ["工作人员3"]
    assert (few[slot, "open"].state, few[slot, "open"].ready) == ("later", False)
    assert (all_[slot, "open"].state, all_[slot, "open"].ready) == ("now", True)


def test_fewer_items_may_be_prepared_and_the_others_come_after(ready):
    first, second = ready.meeting.slots[:2]
    facts = look(ready, binding=bound(ready, ["i1"], acks=(1, 2, 3)))
    told = line(facts)

    assert [one.items for one in papers(facts)] == [("i1",), ("i2", "i3")]
    assert told[first, "open"].ready
    assert told[second, "prepare"].state == "later"


def test_what_was_prepared_for_another_slot_counts_for_nothing(ready):
    stale = bound(ready, list(ready.meeting.items), acks=(1, 2, 3))
    ready.open(list(ready.meeting.items))

    assert papers(look(ready, binding=stale)) == ()


def test_groups_that_vote_apart_have_papers_and_tables_of_their_own():
    m = Simulation(read_draft(RECOMMENDED))
    m.sign_in(7)
    m.act("present", group="G", series="G", count=6)
    m.discuss(*m.meeting.items)
    told = overview_of(look(m))["papers"]

    assert [one["series"] for one in told] == [["A"], ["G"]]
    assert [[row["series"] for row in one["table"]] for one in told] == [["A"], ["G"]]
    assert [one["estimate"]["voters"] for one in told] == [7, 6]
    assert overview_of(look(m))["estimate"]["papers"] == 1  # that anybody has


def test_the_last_seal_waits_for_the_device_check_and_an_earlier_one_does_not(ready):
    last = ready.open(list(ready.meeting.items))
    owed = line(look(ready))
    ready.spoil(last)
    paid = line(look(ready))

    assert words(owed[last, "seal"]) == ["desk.missing.checks"]
    assert (owed[last, "seal"].ready, paid[last, "seal"].ready) == (False, True)
    assert paid[last, "checks"].state == "done"

    other = Simulation.fresh()
    other.sign_in(6)
    other.prepare(["i1"])
    first = other.open(["i1"])
    assert line(look(other))[first, "seal"].ready


def test_a_lost_quorum_bars_the_seal_and_a_busy_kiosk_is_told(ready):
    slot = ready.open(list(ready.meeting.items))
    ready.spoil(slot)
    for index in (0, 1):
        ready.act("leave", **ready.person(index))
    told = line(look(ready, kiosks=(replace(KIOSK, busy=True),)))[slot, "seal"]

    assert words(told) == ["desk.missing.quorum-lost", "desk.missing.busy"]
    assert not told.ready


def test_after_the_seal_every_step_follows_the_one_before(ready):
    slot = ready.open(list(ready.meeting.items))
    ready.spoil(slot)
    ready.seal(slot, returned=6)
    assert states(look(ready), slot)["no-objection"] == "now"
    ready.act("no-objection", slot=slot)
    told = line(look(ready, checkpoints={slot: frozenset({1})}))[slot, "count"]
    assert words(told) == ["desk.missing.checkpoint"]
    assert told.missing[0]["params"]["names"] == ["成员3", "工作人员3"]
    signed = look(ready, checkpoints={slot: frozenset({1, 2, 3})}, factors={slot: frozenset({2})})
    assert words(line(signed)[slot, "count"]) == ["desk.missing.factors"]
    ready.count(slot)
    told = line(look(ready))
    assert told[slot, "certify"].who == ("teller",)
    assert (told[slot, "release"].ready, told[slot, "release"].act) == (True, "release")
    ready.certify(slot)
    ready.act("release", slot=slot)
    assert set(states(look(ready), slot).values()) == {"done"}


def test_a_void_round_ends_and_its_items_come_again(ready):
    slot = ready.open(list(ready.meeting.items))
    ready.act("void", slot=slot, reason="断电", pen=None)
    told = states(look(ready), slot)

    assert told == {"open": "done", "vote": "done"}
    assert states(look(ready), ready.slot)["leftovers"] == "now"


def test_the_end_names_whose_share_is_kept_and_what_was_not_voted(m):
    m.sign_in(6)
    m.prepare(["i1", "i2"])
    slot = m.open(["i1", "i2"])
    m.seal(slot, returned=6)
    m.finish(slot)
    told = line(look(m))

    assert words(told[None, "destroy"]) == ["desk.missing.items-left", "desk.missing.destroy"]
    assert told[None, "destroy"].missing[0]["params"]["items"] == [3]
    assert (told[None, "close"].act, told[None, "close"].ready) == ("close", True)


def test_a_closed_meeting_waits_for_the_record_alone(ready):
    slot = ready.open(list(ready.meeting.items))
    ready.spoil(slot)
    ready.seal(slot, returned=6)
    ready.finish(slot)
    ready.act("release", slot=slot)
    ready.close()
    now = [one for one in meeting_steps(look(ready)) if one.state != "done"]

    assert [one.id for one in now] == ["sign-record"]
    signers = frozenset({"chair", "secretary", "scrutineer-1", "scrutineer-2"})
    assert all(one.state == "done" for one in meeting_steps(look(ready, note=signers)))


def test_everything_that_is_said_has_a_sentence_in_both_languages(ready):
    seen = [overview_of(look(ready)), overview_of(drafted(ready, accounts={}))]
    slot = ready.open(list(ready.meeting.items))
    seen.append(overview_of(look(ready)))
    ready.spoil(slot)
    ready.seal(slot, returned=6)
    ready.finish(slot)
    seen.append(overview_of(look(ready)))

    found = [one for each in seen for one in all_said(each)]
    assert len(found) > 20
    for one in found:
        assert all(rendered(one, lang) for lang in LANGS)
    for each in seen:
        assert all(say(f"desk.step.{one['id']}") for one in each["steps"])


def all_said(value):
    if isinstance(value, dict):
        if value.keys() == {"word", "params"}:
            yield value
        for one in value.values():
            yield from all_said(one)
    elif isinstance(value, list):
        for one in value:
            yield from all_said(one)


def rendered(one, lang="zh"):
    """Say a said as a page does."""

    def shown(value):
        if isinstance(value, dict):
            return rendered(value, lang)
        if isinstance(value, list):
            return [shown(part) for part in value]
        return value

    return say(Word(one["word"]), lang, **{k: shown(v) for k, v in one["params"].items()})
