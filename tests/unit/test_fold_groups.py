"""People who are counted and not named: every guard of *present*, and what it adds up to."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from kiosk.server.services.quorum import quorums
from tally.verify.numbers import check_numbers
from tests.support.drafts import GROUPED, draft_text, group_of
from tests.support.meeting import Simulation
from tests.support.refusals import refused
from voting.errors import DraftError, FormatError, VerificationError
from voting.meeting import numbers
from voting.meeting.attendance import eligible
from voting.meeting.binding import propose_rounds, verify_active
from voting.meeting.draft import read_draft
from voting.meeting.frozen import decode_meeting
from voting.protocol import codec


@pytest.fixture
def m():
    return Simulation(read_draft(GROUPED))


def present(group: str, count: int, series: str | None = None) -> dict[str, object]:
    return {"group": group, "series": series or group, "count": count}


def test_due_is_who_is_named_and_who_is_counted(m):
    rule = m.meeting.rule_of("i1")
    assert (m.meeting.roll.due, m.meeting.roll.members, m.meeting.due_under(rule)) == (17, 7, 17)


def test_a_count_sets_and_does_not_add(m):
    m.act("present", **present("G", 5))
    m.act("present", **present("G", 4))
    assert m.state.present() == 4
    assert eligible(m.meeting, m.state, ["i1"]) == {"G": 4}


def test_a_group_is_never_more_than_are_due(m):
    error = refused(m, "present", **present("G", 7))
    assert (error.code, error.params["people"]) == ("group-full", 6)


def test_only_groups_of_the_meeting_are_counted(m):
    assert refused(m, "present", **present("A", 1)).code == "unknown-group"


def test_a_count_that_changes_nothing_is_refused(m):
    assert refused(m, "present", **present("G", 0)).code == "count-unchanged"
    m.act("present", **present("G", 5))
    assert refused(m, "present", **present("G", 5)).code == "count-unchanged"


def test_a_group_holds_its_own_series(m):
    assert refused(m, "present", **present("G", 1, "H")).code == "not-own-series"
    assert refused(m, "present", **present("G", 1, "A")).code == "not-own-series"
    assert refused(m, "present", **present("G", 1, "Z")).code == "unknown-series"


def test_nobody_signs_in_by_name_to_a_counted_series(m):
    assert refused(m, "attend", **m.person(0, "G")).code == "counted-series"


def test_nobody_signs_in_before_tickets_are_issued():
    m = Simulation(read_draft(GROUPED), issued=False)
    m.act("freeze", meeting=m.meeting.fingerprint)
    assert refused(m, "present", **present("G", 1)).code == "not-issued"


def test_nobody_who_is_not_named_is_recused(m):
    m.sign_in(7)
    m.act("present", **present("G", 6))
    body = {"item": "i1", "class": "member", "line": "f" * 64}
    assert refused(m, "recuse", **body).code == "roll-full"


def test_after_its_series_is_void_a_group_draws_from_the_reserve(m):
    m.act("present", **present("G", 5))
    m.act("present", **present("H", 4))
    m.act("void-series", series="G", reason="slip lost")
    assert eligible(m.meeting, m.state, ["i1"]) == {None: 5, "H": 4}
    assert numbers.without_ticket(m.meeting, m.state, ["i1"]) == 5
    assert refused(m, "present", **present("G", 4)).code == "series-void"
    assert refused(m, "present", **present("G", 5, "H")).code == "not-own-series"
    m.act("present", **present("G", 5, "R"))
    assert eligible(m.meeting, m.state, ["i1"]) == {"H": 4, "R": 5}
    assert refused(m, "present", **present("G", 5, "A")).code == "not-own-series"


def test_a_correction_sets_counts_too(m):
    m.act("correct", leave=[], attend=[], present=[present("G", 6), present("H", 1)], reason="数错")
    assert m.state.present() == 7


def test_a_correction_of_counts_has_the_same_guards(m):
    body = {"leave": [], "attend": [], "present": [present("G", 7)], "reason": "数错"}
    assert refused(m, "correct", **body).code == "group-full"


def everybody_in(m: Simulation) -> str:
    m.sign_in(7)
    m.act("present", **present("G", 6))
    m.act("present", **present("H", 4))
    m.discuss("i1", "i2", "i3")
    for series, drawn in (("A", 7), ("G", 6), ("H", 4)):
        for index in range(drawn, m.meeting.series[series].printed):
            m.leftover(m.slot, index, series)
    return m.slot


def test_a_round_is_opened_for_named_and_counted_together(m):
    slot = everybody_in(m)
    (paper,) = propose_rounds(m.meeting, m.state)
    assert paper.series == ("A", "G", "H")
    m.open(["i1", "i2", "i3"], series=["A", "G", "H"])
    one = m.round(slot)
    assert (one.due, one.present_at_open, one.issued) == (17, 17, 17)
    assert one.issued_by_series == {"A": 7, "G": 6, "H": 4}


def test_a_counted_series_is_never_left_out(m):
    everybody_in(m)
    body = m.open_body(["i1"], series=["A", "G"])
    assert refused(m, "open", **body).code == "series-missing"


def test_more_tickets_than_were_counted_open_nothing(m):
    everybody_in(m)
    m.act("present", **present("H", 3))
    error = refused(m, "open", **m.open_body(["i1"], series=["A", "G", "H"]))
    assert (error.code, error.params["series"]) == ("issued-mismatch", "H")


def test_who_leaves_a_group_may_lose_the_quorum(m):
    slot = everybody_in(m)
    m.open(["i1", "i2", "i3"], series=["A", "G", "H"])
    m.spoil(slot)
    m.act("present", **present("G", 0))
    assert refused(m, "seal", **m.seal_body(slot, 17)).code == "quorum-lost"
    m.act("present", **present("G", 6))
    m.seal(slot, 17)
    assert m.round(slot).present_at_seal == 17


def test_the_archive_s_list_of_all_series_is_what_was_issued(m):
    slot = everybody_in(m)
    m.open(["i1"], series=["A", "G", "H"])
    raw = codec.encode(
        [
            one
            for series, drawn in (("A", 7), ("G", 6), ("H", 4))
            for one in sorted(m.credential(slot, series, index) for index in range(drawn))
        ]
    )
    verify_active(m.state, slot, raw)


def test_the_table_of_series_tells_where_the_numbers_differ(m):
    slot = everybody_in(m)
    m.act("present", **present("H", 3))
    rows = {one.id: one for one in numbers.series_numbers(m.meeting, m.state, slot, ["i1"])}
    assert (rows["G"].printed, rows["G"].leftover, rows["G"].withdrawn) == (8, 2, 0)
    assert [rows[one].difference for one in "AGHR"] == [0, 0, 1, 9]
    assert (rows["H"].issued, rows["H"].eligible) == (4, 3)
    m.act("void-series", series="H", reason="slip lost")
    row = numbers.series_numbers(m.meeting, m.state, slot, ["i1"])[-1]
    assert (row.id, row.void, row.difference, row.eligible) == ("H", True, 0, 0)


def test_the_quorum_is_told_with_its_arithmetic(m):
    m.sign_in(7)
    (step,) = numbers.quorum_steps(m.meeting, m.state, ["i1"])
    assert (step.met, step.numbers) == (False, {"present": 7, "base": 17, "needed": 12})


def test_the_verifier_counts_a_group_s_tickets_again_from_the_acts_alone(m):
    everybody_in(m)
    m.open(["i1", "i2", "i3"], series=["A", "G", "H"])
    check_numbers(m.meeting, m.lines, {})
    forged = [
        dataclasses.replace(line, act=dataclasses.replace(line.act, body=present("G", 5)))
        if line.act.kind == "present" and line.act.body["group"] == "G"
        else line
        for line in m.lines
    ]
    with pytest.raises(VerificationError) as caught:
        check_numbers(m.meeting, forged, {})
    assert (caught.value.code, caught.value.params["present"]) == ("numbers-present", 5)


def test_the_verifier_takes_the_reserve_of_a_void_series_for_what_it_is(m):
    m.sign_in(7)
    m.act("present", **present("G", 6))
    m.act("void-series", series="G", reason="slip lost")
    m.act("present", **present("G", 6, "R"))
    m.discuss("i1")
    for series, drawn in (("A", 7), ("R", 6)):
        for index in range(drawn, m.meeting.series[series].printed):
            m.leftover(m.slot, index, series)
    m.open(["i1"], series=["A", "R"])
    check_numbers(m.meeting, m.lines, {})


# --- the frozen meeting and the draft -------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "what"),
    [
        ({"count": 7}, "due is not"),
        ({"count": 9}, "due is not"),
        ({"series": "H"}, "twice"),
        ({"series": "Z"}, "no ticket"),
        ({"class": "alternate"}, "not one of"),
    ],
)
def test_a_frozen_group_fits_roll_and_series(m, group, what):
    value = codec.decode_exact(m.meeting.raw, "meeting")
    value["groups"][0].update(group)
    with pytest.raises(FormatError, match=what):
        decode_meeting(codec.encode(value))


def test_a_frozen_group_has_a_ticket_for_everybody(m):
    value = codec.decode_exact(m.meeting.raw, "meeting")
    value["groups"][0]["count"], value["roll"]["due"] = 9, 20
    with pytest.raises(FormatError, match="no ticket"):
        decode_meeting(codec.encode(value))


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('id = "H"\ntitle', 'id = "G"\ntitle', "id-twice", "groups[2]"),
        ('title = "组别H"', 'title = "组别H"\nseries = "G"', "series-twice", "groups[2]"),
        ('title = "组别H"', 'title = "组别H"\nseries = "Z"', "unknown-series", "groups[2].series"),
        ('title = "组别H"', 'title = "组别H"\nseries = "A"', "counted-series", "roll[1].series"),
        ("count = 6", "count = 9", "too-few-tickets", "series[3].printed"),
        ("count = 6", "count = 0", "out-of-range", "groups[1].count"),
        ('title = "组别H"', 'class = "alternate"\ntitle = "组"', "not-a-choice", "groups[2].class"),
        ('title = "组别H"', 'names = ["甲"]\ntitle = "组"', "unknown-key", "groups[2].names"),
    ],
)
def test_a_fault_in_the_groups_is_named_with_its_place(old, new, code, place):
    assert old in GROUPED
    with pytest.raises(DraftError) as caught:
        read_draft(GROUPED.replace(old, new))
    assert (caught.value.code, caught.value.place) == (code, place)


def test_groups_without_series_get_one_each_with_spares():
    text = draft_text(groups='[[groups]]\nid = "G"\ntitle = "一组"\ncount = 58\n')
    for ident in "AR":
        text = text.replace(f'[[series]]\nid = "{ident}"', "")
    series = read_draft(text.replace('title = "常委"\n', "").replace("printed = 9\n", "")).series
    assert [dataclasses.astuple(one) for one in series] == [("A", "", 9), ("G", "一组", 69)]


def test_where_people_are_counted_a_scrutineer_may_attend_without_a_vote():
    text = GROUPED.replace('role = "scrutineer"\nname = "成员3"', 'role = "scrutineer"\nname = "X"')
    text = text.replace("[[roll]]", '[[roll]]\nname = "X"\nclass = "attendee"\n\n[[roll]]', 1)
    assert read_draft(text)
    with pytest.raises(DraftError, match="scrutineer-not-member"):
        read_draft(text.replace(group_of("G", 6, 8), "").replace(group_of("H", 4, 6), ""))


DIRECT = (Path(__file__).parents[2] / "examples" / "direct-election.toml").read_text("utf-8")


@pytest.fixture
def direct():
    """公推直选: 32 of the party and 20 of the people are due, and each has a quorum of its own."""
    m = Simulation(read_draft(DIRECT))
    for series, held in (("party", 26), ("masses", 20)):
        m.act("present", **present(series, held))
        for index in range(held, m.meeting.series[series].printed):
            m.leftover(m.slot, index, series)
    m.discuss("i1")
    return m


def test_a_group_without_its_own_quorum_opens_nothing_however_many_there_are(direct):
    """Both quorums were tested once the box was open, and what was voted was lost."""
    direct.act("present", **present("party", 25))
    error = refused(direct, "open", **direct.open_body(["i1"], series=["party", "masses"]))

    assert (error.code, error.params) == ("group-no-quorum", {"missing": 1, "group": "党员"})
    (said,) = quorums(direct.meeting, direct.state)
    assert not said.met
    assert said.said["word"] == "desk.quorum.group-lacking"


def test_a_group_that_loses_its_quorum_seals_nothing_and_may_return(direct):
    slot = direct.open(["i1"], series=["party", "masses"])
    direct.spoil(slot)
    direct.act("present", **present("party", 25))
    error = refused(direct, "seal", **direct.seal_body(slot, 46))

    assert (error.code, error.params["missing"]) == ("group-quorum-lost", 1)
    direct.act("present", **present("party", 26))
    direct.seal(slot, 46)
    assert direct.round(slot).groups_at_seal == {"party": 26, "masses": 20}
