"""What a draft says of the votes before it, and the recusals that follow from relations."""

from __future__ import annotations

import pytest

from tests.support.drafts import SMALL, draft_text, item_of
from tests.support.meeting import Simulation, make_meeting
from tests.support.refusals import refused
from tests.vectors.generate_ledger import CHAINED
from voting.errors import DraftError
from voting.meeting.draft import read_draft
from voting.meeting.draft_chain import MUST, proposals
from voting.meeting.frozen import decode_meeting
from voting.rules.gates import Reference
from voting.words import explain

RECORD = "ab" * 32
AGAIN = item_of(1) + item_of(1).replace('"i1"', '"i2"')


def gate(kind="failed", **values):
    given = {"record": f'"{RECORD}"', "item": '"i1"', "date": "2026-05-01", "voucher": '"科"'}
    fields = {"gate": f'"{kind}"', **given, **values}
    inside = ", ".join(f"{key} = {value}" for key, value in fields.items() if value is not None)
    return f"{{ {inside} }}"


def items(*gates):
    return item_of(1).replace("gates = [", "gates = [" + "".join(f"{one}, " for one in gates))


def draft(*gates, chain="", text=None):
    whole = draft_text(items=text or items(*gates))
    return whole.replace("[trustees]", f"{chain}\n[trustees]")


def fault(text):
    with pytest.raises(DraftError) as caught:
        read_draft(text)
    assert explain(caught.value)
    return caught.value.code, caught.value.place


def window(start, until):
    return f'[chain]\nwindows = [{{ from = {start}, until = {until}, why = "机构改革" }}]'


def test_a_draft_without_a_chain_freezes_an_empty_one():
    meeting, _ = make_meeting(read_draft(SMALL))

    assert meeting.chain.to_json() == {"windows": [], "concentration": None, "ratio": None}


def test_gates_and_chain_are_frozen_and_read_back_as_they_were_written():
    chain = (
        f"{window('2026-01-01', '2026-01-31')}\n"
        "concentration = { numerator = 3, denominator = 10 }\nratio = { names = 2, seats = 1 }"
    )
    text = draft(gate(), gate("concentrated", override='"理由"'), chain=chain)
    meeting, _ = make_meeting(read_draft(text))
    again = decode_meeting(meeting.raw)

    assert again.chain == read_draft(text).chain == meeting.chain
    assert again.chain.concentration.met(3, 10)
    found = [one for one in again.items["i1"].gates if isinstance(one, Reference)]
    assert [(one.gate, one.record, one.override) for one in found] == [
        ("failed", RECORD, ""),
        ("concentrated", RECORD, "理由"),
    ]


@pytest.mark.parametrize(
    ("gates", "code", "place"),
    [
        ([gate("examined")], "gate-twice", "items[1].gates"),
        ([gate("discipline")], "gate-needs-paper", "items[1].gates"),
        ([gate("first-round", record=None)], "gate-needs-record", "items[1].gates"),
        ([gate(record='"ABCD"')], "gate-digest", "items[1].gates"),
        ([gate("promised")], "unknown-gate", "items[1].gates"),
        ([gate(override='"因为"')], "gate-override", "items[1].gates"),
        ([gate(date=None)], "missing-key", "items[1].gates[1].date"),
        ([gate(date="2026-11-22")], "earlier-later", "items[1].gates[1]"),
        ([gate("recommended", date="2025-11-20")], "earlier-expired", "items[1].gates[1]"),
        ([gate(), gate(record=f'"{"cd" * 32}"')], "retry-barred", "items[1]"),
        ([gate(), gate()], "retry-twice", "items[1]"),
        ([gate("concentrated")], "missing-key", "chain.concentration"),
        ([gate("first-round")], "missing-key", "chain.ratio"),
        ([gate("reconsidered", record=None, item='"i2"')], "gate-item", "items[1].gates[1].item"),
    ],
)
def test_a_reference_that_cannot_stand_is_refused_at_its_place(gates, code, place):
    assert fault(draft(*gates)) == (code, place)


def test_the_same_name_and_post_twice_needs_a_motion_between():
    assert fault(draft(text=AGAIN)) == ("retry-same-meeting", "items[2]")
    left = AGAIN + 'removed = "副局长"\n'
    assert fault(draft(text=left)) == ("retry-same-meeting", "items[2]")  # the post is the same
    read_draft(draft(text=AGAIN.replace('"局长"', '"书记"', 1)))
    read_draft(CHAINED)
    other = CHAINED.replace("人选1", "人选10", 1)  # of which 人选1 is a part
    assert fault(other) == ("motion-other-name", "items[2].gates[1].item")
    anytime = "[rules.standing-committee]\nretry = { again = 'any', bar-after = 0 }"
    read_draft(draft(text=AGAIN, chain=anytime))


@pytest.mark.parametrize(
    ("start", "until", "shut"),
    [
        ("2026-11-01", "2026-11-21", True),
        ("2026-11-21", "2026-12-01", True),
        ("2026-11-22", "2026-12-01", False),
        ("2026-11-01", "2026-11-20", False),
    ],
)
def test_a_meeting_on_a_day_of_a_window_is_refused(start, until, shut):
    text = draft(chain=window(start, until))
    if shut:
        assert fault(text) == ("freeze-window", "items[1]")
    else:
        read_draft(text)


def test_a_matter_that_is_no_appointment_may_be_voted_on_in_a_window():
    motion = items().replace('proposed = "局长"', 'question = "是否同意年度工作要点"')

    read_draft(draft(text=motion, chain=window("2026-11-01", "2026-11-30")))


@pytest.mark.parametrize(
    ("chain", "code", "place"),
    [
        (window("2026-12-02", "2026-12-01"), "window-backwards", "chain.windows[1].until"),
        ("[chain]\nratio = { names = 2 }", "missing-key", "chain.ratio.seats"),
        (
            "[chain]\nconcentration = { numerator = 3, denominator = 2 }",
            "rule-fraction-above-one",
            "chain.concentration.numerator",
        ),
        ("[chain]\nmore = 1", "unknown-key", "chain.more"),
    ],
)
def test_a_chain_with_a_fault_is_refused_at_its_place(chain, code, place):
    assert fault(draft(chain=chain)) == (code, place)


def test_a_fresh_vote_waits_for_its_motion():
    m = Simulation(read_draft(CHAINED))
    m.sign_in(6)
    m.prepare(["i1", "i2"])

    assert refused(m, "open", **m.open_body(["i2"])).code == "motion-waiting"


# --- relations -----------------------------------------------------------------------------------


def related(*lines):
    rows = "".join(f"[[relations]]\n{line}\n" for line in lines)
    return draft(text=items() + item_of(2), chain=rows)


def line(who="成员5", of="人选1", kin="affine", note=""):
    return f'who = "{who}"\nof = "{of}"\nkin = "{kin}"\nnote = "{note}"'


def test_near_relatives_must_recuse_and_others_are_written_down():
    text = related(
        line("成员6", kin="other", note="同学"), line(), line("成员4", "人选2", "spouse")
    )

    found = [(one.item, one.who, one.kin, one.must) for one in proposals(read_draft(text))]

    assert found == [
        ("i1", "成员5", "affine", True),
        ("i1", "成员6", "other", False),
        ("i2", "成员4", "spouse", True),
    ]
    assert frozenset({"spouse", "direct", "collateral", "affine"}) == MUST


def test_nothing_of_a_relation_is_frozen():
    plain, _ = make_meeting(read_draft(related()))
    known, _ = make_meeting(read_draft(related(line(note="内弟"))))

    assert known.raw == plain.raw


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (line("外人"), "unknown-person", "relations[1].who"),
        (line(of="外人"), "unknown-candidate", "relations[1].of"),
        (line(kin="friend"), "not-a-choice", "relations[1].kin"),
        (line("成员2"), "scrutineer-relative", "relations[1].who"),
    ],
)
def test_a_relation_that_cannot_be_is_refused(row, code, place):
    assert fault(related(row)) == (code, place)


def test_a_scrutineer_may_know_a_candidate_otherwise():
    read_draft(related(line("成员2", kin="other", note="同乡")))
