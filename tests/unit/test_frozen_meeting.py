"""meeting.json: strict, and its fingerprint."""

from __future__ import annotations

import copy
import json

import pytest

from tests.support.drafts import SMALL
from tests.support.meeting import Simulation, make_meeting, seed_of
from voting.errors import FormatError, RefusedError, VerificationError
from voting.meeting import keys
from voting.meeting.draft import read_draft
from voting.meeting.freezing import freeze
from voting.meeting.frozen import decode_meeting, fingerprint
from voting.meeting.minutes import minutes_line, verify_minutes
from voting.meeting.roll import decode_roll, encode_roll, salted, verify_roll
from voting.protocol import codec


@pytest.fixture(scope="module")
def frozen():
    return make_meeting(read_draft(SMALL))


def changed(meeting, change):
    value = copy.deepcopy(json.loads(meeting.raw))
    change(value)
    return codec.encode(value)


def test_a_frozen_meeting_keeps_its_bytes_and_its_fingerprint(frozen):
    meeting, _ = frozen
    again = decode_meeting(meeting.raw)
    assert again == meeting
    assert again.fingerprint == fingerprint(meeting.raw)
    assert len(meeting.code.replace(" ", "")) == 16


def test_a_meeting_names_nobody_on_the_roll_but_officers_and_trustees(frozen):
    meeting, roll = frozen
    quiet = [one.person.name for one in roll][3:7]
    assert quiet
    assert not any(name in meeting.raw.decode() for name in quiet)


def test_the_words_of_the_ballot_are_frozen_in_order(frozen):
    assert dict(frozen[0].options) == {"agree": "同意", "disagree": "不同意", "abstain": "弃权"}


def _set(*path, to):
    def change(value):
        for key in path[:-1]:
            value = value[key]
        value[path[-1]] = to

    return change


FAULTS = {
    "unknown-field": _set("extra", to=1),
    "version": _set("version", to=2),
    "uuid": _set("uuid", to="short"),
    "language": _set("language", to="fr"),
    "zero-due": _set("roll", "due", to=0),
    "due-is-not-members": _set("roll", "due", to=8),
    "rule-not-used": lambda v: v["rules"].update(plenum=v["rules"]["standing-committee"]),
    "rule-missing": _set("items", 0, "rule", to="plenum"),
    "rule-under-another-id": lambda v: v["rules"]["standing-committee"].update(id="other"),
    "option-missing": lambda v: v["options"].pop("abstain"),
    "options-alike": _set("options", "abstain", to="同意"),
    "item-twice": lambda v: v["items"].append(v["items"][0]),
    "slot-twice": lambda v: v["slots"].append(v["slots"][0]),
    "slot-is-meeting": lambda v: v["slots"].append(v["uuid"]),
    "series-twice": lambda v: v["series"].append(v["series"][0]),
    "threshold-1": _set("trustees", "threshold", to=1),
    "threshold-half": lambda v: v["trustees"]["names"].append("x"),
    "note-keys-alike": lambda v: v["trustees"]["note_keys"].__setitem__(
        1, v["trustees"]["note_keys"][0]
    ),
    "note-key-missing": lambda v: v["trustees"]["note_keys"].pop(),
    "election-key": _set("trustees", "public_key", to="0" * 64),
    "officer-twice": lambda v: v["officers"].append(v["officers"][0]),
    "no-scrutineer": lambda v: v.update(
        officers=[one for one in v["officers"] if one["role"] != "scrutineer"]
    ),
    "scrutineer-by-pen": _set("officers", 2, "key", to=None),
    "officer-named-server": _set("officers", 5, "id", to="server"),
    "officer-named-trustee": _set("officers", 5, "id", to="trustee-1"),
    "weak-key": _set("server", to="01" + "00" * 31),
    "server-holds-a-note-key": lambda v: v.update(server=v["trustees"]["note_keys"][0]),
    "server-holds-an-officer-s-key": lambda v: v.update(server=v["officers"][0]["key"]),
    "control-character": _set("title", to="a\u0007b"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_meeting_that_does_not_fit_together_is_refused(frozen, fault):
    with pytest.raises(FormatError):
        decode_meeting(changed(frozen[0], FAULTS[fault]))


def test_white_space_is_refused(frozen):
    with pytest.raises(FormatError):
        decode_meeting(frozen[0].raw + b"\n")


def freeze_with(**changes):
    draft = read_draft(SMALL)
    meeting, roll = make_meeting(draft)
    arguments = {
        "uuid": meeting.uuid,
        "slots": meeting.slots,
        "roll": roll,
        "certificates": meeting.trustees.certificates,
        "public_key": meeting.trustees.public_key,
        "note_keys": meeting.trustees.note_keys,
        "officer_keys": {one.id: one.key for one in meeting.officers.values() if one.key},
        "server": meeting.server,
    }
    return freeze(draft, **{**arguments, **changes})


def test_freezing_is_a_pure_function():
    assert freeze_with() == freeze_with()


def test_an_officer_without_a_key_stops_the_freeze():
    with pytest.raises(RefusedError) as caught:
        freeze_with(officer_keys={})
    assert caught.value.code == "officer-key-missing"


def test_a_key_for_who_signs_by_pen_stops_the_freeze():
    listed = {
        name: keys.public_key(seed_of(name))
        for name in ("chair", "secretary", "scrutineer-1", "scrutineer-2", "teller")
    }
    with pytest.raises(RefusedError) as caught:
        freeze_with(officer_keys=listed)
    assert caught.value.code == "officer-key-not-asked"


def test_as_many_slots_as_drafted():
    with pytest.raises(RefusedError) as caught:
        freeze_with(slots=["1" * 22])
    assert caught.value.code == "not-these-slots"


# --- the roll and the minutes --------------------------------------------------------------------


def test_the_roll_reads_back_and_is_the_one_frozen(frozen):
    meeting, roll = frozen
    assert decode_roll(encode_roll(roll)) == roll
    verify_roll(meeting, roll)


def test_another_roll_is_a_finding(frozen):
    meeting, roll = frozen
    with pytest.raises(VerificationError) as caught:
        verify_roll(meeting, roll[:-1])
    assert caught.value.code == "other-roll"


def test_without_its_salt_a_line_can_not_be_guessed(frozen):
    _, roll = frozen
    other = salted([one.person for one in roll], [bytes([i]) * 16 for i in range(len(roll))])
    assert not {one.digest for one in roll} & {one.digest for one in other}


def test_salts_are_not_shared(frozen):
    with pytest.raises(FormatError):
        salted([one.person for one in frozen[1]], [b"0" * 16] * len(frozen[1]))


def test_minutes_name_who_an_act_is_about():
    m = Simulation.fresh()
    m.sign_in(2)
    m.act("recuse", **m.recusal("i3", 1))
    m.act("correct", leave=[m.person(0)], attend=[m.person(2)], present=[], reason="wrong row")
    named = [m.roll[0], m.roll[1], m.roll[1], m.roll[0], m.roll[2]]
    acts = [*m.lines[2:], m.lines[-1]]
    minutes = [minutes_line(line, entry) for line, entry in zip(acts, named, strict=True)]
    verify_minutes(m.lines, minutes)
    for wrong in (minutes[:-1], [minutes_line(acts[0], m.roll[2]), *minutes[1:]]):
        with pytest.raises(VerificationError) as caught:
            verify_minutes(m.lines, wrong)
        assert caught.value.code == "minutes-mismatch"
