"""The ledger's bytes, its chain, and who has to sign what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.support.drafts import draft_text
from tests.support.meeting import START, Simulation, seed_of, with_meeting
from voting.errors import FormatError, ProofError, RefusedError, VerificationError
from voting.meeting import keys
from voting.meeting.bodies import BODIES, TIMELESS
from voting.meeting.draft import read_draft
from voting.meeting.fold import apply, fold
from voting.meeting.ledger import (
    Signature,
    complete,
    decode_act,
    decode_ledger,
    decode_line,
    encode_act,
    encode_ledger,
    propose,
    required_signers,
    signing_bytes,
    time_text,
)
from voting.protocol import codec


def whole_meeting() -> Simulation:
    """A meeting with an act of every kind but *present*, *void-series* and *compared*."""
    m = Simulation.fresh()
    m.sign_in(6)
    m.act("attend", **m.person(0, None, "attendee"))
    m.act("leave", **m.person(1))
    m.act("return", **m.person(1))
    m.act("correct", leave=[m.person(2)], attend=[m.person(2)], present=[], reason="wrong row")
    m.act("recuse", **m.recusal("i1", 0))
    m.act("unrecuse", **m.recusal("i1", 0))
    m.act("recuse", **m.recusal("i3", 5))
    m.prepare(["i3"])
    m.withdraw(m.slot, 5)
    first = m.open(["i3"])
    m.prepare(["i1", "i2"])
    second = m.open(["i1", "i2"])
    m.spoil(first)
    m.seal(first, 5)
    m.act("void", slot=second, reason="power cut", pen=None)
    m.finish(first)
    m.act("minute", item="i1", what="remark", line="c" * 64, late=False)
    m.act("release", slot=first)
    m.close()
    return m


@pytest.fixture(scope="module")
def m():
    return whole_meeting()


def test_the_meeting_has_every_kind_of_act(m):
    missing = set(BODIES) - {line.act.kind for line in m.lines}
    assert missing == {"present", "void-series", "compared", "reading"}


def test_every_line_reads_back_as_its_bytes(m):
    for line in m.lines:
        assert decode_line(line.raw) == line
        assert decode_act(encode_act(line.act)) == line.act


def test_the_whole_ledger_reads_back_and_folds_to_the_same_state(m):
    lines = decode_ledger(encode_ledger(m.lines))
    assert fold(m.meeting, lines) == m.state
    half = fold(m.meeting, lines[:20])
    assert fold(m.meeting, lines[20:], half) == m.state


def test_acts_that_would_point_at_a_person_carry_no_time(m):
    for line in m.lines:
        assert (line.act.at is None) == (line.act.kind in TIMELESS)


def test_a_time_on_a_timeless_act_is_refused(m):
    line = next(line for line in m.lines if line.act.kind == "spoil")
    value = json.loads(line.raw)
    value["act"]["at"] = "2026-11-21T09:30:05Z"
    with pytest.raises(FormatError) as caught:
        decode_line(codec.encode(value))
    assert caught.value.place == "line.act.at"


@pytest.mark.parametrize(
    "at",
    [
        None,
        5,
        "2026-11-21T09:30:05",
        "2026-02-30T09:30:05Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T23:60:00Z",
        "2026-12-31T23:59:60Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_a_time_is_an_existing_second_of_utc(m, at):
    value = json.loads(m.lines[0].raw)
    value["act"]["at"] = at
    with pytest.raises(FormatError) as caught:
        decode_line(codec.encode(value))
    assert caught.value.place == "line.act.at"


def test_a_ledger_without_its_last_line_break_is_refused(m):
    with pytest.raises(FormatError):
        decode_ledger(encode_ledger(m.lines)[:-1])


def test_an_unknown_kind_is_refused(m):
    value = json.loads(m.lines[0].raw)
    value["act"]["kind"] = "reset"
    with pytest.raises(FormatError) as caught:
        decode_line(codec.encode(value))
    assert caught.value.place == "line.act.kind"


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_a_body_has_exactly_its_fields(kind):
    with pytest.raises(FormatError):
        propose(kind, {"surprise": 1}, height=0, parent="0" * 64, at=START)


# --- the chain -----------------------------------------------------------------------------------


def test_a_line_left_out_breaks_the_chain(m):
    with pytest.raises(VerificationError) as caught:
        fold(m.meeting, [*m.lines[:5], *m.lines[6:]])
    assert caught.value.code == "broken-chain"


def test_two_lines_exchanged_break_the_chain(m):
    with pytest.raises(VerificationError) as caught:
        fold(m.meeting, [*m.lines[:2], m.lines[3], m.lines[2], *m.lines[4:]])
    assert caught.value.code == "broken-chain"


@pytest.mark.parametrize("change", [{"height": 9}, {"parent": "0" * 64}])
def test_an_act_on_another_head_is_refused(change):
    m = Simulation.fresh()
    act = replace(m.propose("attend", **m.person(0)), **change)
    with pytest.raises(VerificationError) as caught:
        m.append(m.sign(act))
    assert caught.value.code == "broken-chain"


@pytest.mark.parametrize("late", [0, 1])
def test_times_do_not_run_backwards(late):
    """A window, and a gate that is good for a year, are judged by them."""
    m = Simulation.fresh()
    m.sign_in(1)
    m.withdraw(m.slot, 5)  # it has no time: the one before it counts
    last = m.lines[-2].act.at
    assert m.state.at == last
    act = m.propose("attend", **m.person(1))
    m.append(m.sign(replace(act, at=last)))  # in the same second
    if late:
        before = datetime.fromisoformat(last) - timedelta(seconds=1)
        act = replace(m.propose("attend", **m.person(2)), at=time_text(before))
        with pytest.raises(RefusedError) as caught:
            m.append(m.sign(act))
        assert (caught.value.code, caught.value.params["last"]) == ("time-backwards", last)


# --- signatures ----------------------------------------------------------------------------------


def error_of(m, line, family=VerificationError):
    with pytest.raises(family) as caught:
        apply(m.meeting, m.state, line)
    return caught.value.code


def test_a_changed_body_does_not_verify():
    m = Simulation.fresh()
    line = m.sign(m.propose("attend", **m.person(0)))
    forged = replace(line.act, body=m.person(1))
    line = complete(forged, line.signatures)
    assert error_of(m, line, ProofError) == "bad-signature"


def test_a_signature_for_another_meeting_does_not_verify():
    m = Simulation.fresh()
    act = m.propose("attend", **m.person(0))
    forged = keys.sign(seed_of("server"), signing_bytes("0" * 64, act))
    assert error_of(m, complete(act, [Signature("server", forged)]), ProofError) == "bad-signature"


@pytest.mark.parametrize(
    ("kind", "signers"),
    [
        ("void-series", ("server",)),
        ("void-series", ("secretary", "server")),
        ("void-series", ("scrutineer-1", "scrutineer-2", "server")),
        ("void-series", ("secretary", "chair", "server")),
        ("void-series", ("scrutineer-1", "secretary", "server")),
        ("void-series", ("secretary", "scrutineer-1")),
        ("void-series", ("secretary", "scrutineer-1", "server", "server")),
        ("void-series", ("secretary", "scrutineer-1", "chair", "server")),
        ("void-series", ("secretary", "secretary", "server")),
        ("void-series", ("server", "secretary", "scrutineer-1")),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else value,
)
def test_other_signers_than_the_kind_asks_for_are_refused(kind, signers):
    m = Simulation.fresh()
    act = m.propose(kind, series="A", reason="slip lost")
    assert error_of(m, m.sign(act, *signers)) == "wrong-signers"


@pytest.mark.parametrize("first", ["chair", "secretary"])
@pytest.mark.parametrize("second", ["scrutineer-1", "scrutineer-2"])
def test_chair_or_secretary_and_any_scrutineer_sign(first, second):
    m = Simulation.fresh()
    act = m.propose("void-series", series="A", reason="slip lost")
    m.append(m.sign(act, first, second, "server"))


def test_two_roles_with_one_key_do_not_count_as_two():
    m = Simulation.fresh()
    chair = m.meeting.officers["secretary"]
    officers = {**m.meeting.officers}
    officers["scrutineer-1"] = replace(officers["scrutineer-1"], key=chair.key)
    m.meeting = with_meeting(m.meeting, officers=officers)
    act = m.propose("void-series", series="A", reason="slip lost")
    message = signing_bytes(m.meeting.fingerprint, act)
    listed = [
        Signature("secretary", keys.sign(seed_of("secretary"), message)),
        Signature("scrutineer-1", keys.sign(seed_of("secretary"), message)),
        Signature("server", keys.sign(seed_of("server"), message)),
    ]
    assert error_of(m, complete(act, listed)) == "same-key"


def test_every_scrutineer_states_no_objection():
    m = Simulation.fresh()
    act = m.propose("no-objection", slot=m.slot)
    assert required_signers(m.meeting, act) == (
        frozenset({"scrutineer-1"}),
        frozenset({"scrutineer-2"}),
        frozenset({"server"}),
    )


def test_a_trustee_says_himself_that_his_share_is_destroyed():
    m = Simulation.fresh()
    act = m.propose("destroy", trustee=2)
    assert required_signers(m.meeting, act)[0] == {"trustee:2"}
    assert error_of(m, m.sign(act, "trustee:1", "server")) == "wrong-signers"


def certify(m, officer, pen):
    body = {"slot": m.slot, "officer": officer, "outcome": "0" * 64, "pen": pen}
    return m.propose("certify", **body)


@pytest.mark.parametrize(
    ("officer", "witness"),
    [
        ("scrutineer-1", "secretary"),
        ("teller", "recorder"),
        ("teller", "nobody"),
        ("chair", "chair"),
        ("chair", "secretary"),
    ],
    ids=[
        "scrutineers-sign-by-key",
        "a-witness-has-a-key",
        "unknown-witness",
        "not-himself",
        "a-chair-who-has-a-key",
    ],
)
def test_a_pen_that_does_not_count(officer, witness):
    m = Simulation.fresh()
    act = certify(m, officer, {"page": "0" * 64, "confirmed_by": witness})
    with pytest.raises(VerificationError) as caught:
        required_signers(m.meeting, act)
    assert caught.value.code == "bad-pen"


def test_who_signs_by_pen_is_confirmed_by_the_named_witness():
    m = Simulation.fresh()
    act = certify(m, "teller", {"page": "0" * 64, "confirmed_by": "secretary"})
    assert required_signers(m.meeting, act)[0] == {"secretary"}


def test_one_teller_s_page_is_not_confirmed_by_another_teller():
    text = (
        draft_text()
        .replace('role = "recorder"\n', 'role = "teller"\n')
        .replace('name = "工作人员3"\npen = true', 'name = "工作人员3"')
    )
    m = Simulation(draft=read_draft(text))
    act = certify(m, "teller-1", {"page": "0" * 64, "confirmed_by": "teller-2"})
    with pytest.raises(VerificationError) as caught:
        required_signers(m.meeting, act)
    assert caught.value.code == "bad-pen"


def test_who_holds_two_offices_does_not_confirm_his_own_page():
    text = draft_text().replace('name = "工作人员3"\npen', 'name = "工作人员1"\npen')
    m = Simulation(draft=read_draft(text))
    act = certify(m, "recorder", {"page": "0" * 64, "confirmed_by": "secretary"})
    with pytest.raises(VerificationError) as caught:
        required_signers(m.meeting, act)
    assert caught.value.code == "bad-pen"


def test_who_has_no_key_can_not_sign_by_key():
    m = Simulation.fresh()
    assert error_of(m, m.sign(certify(m, "teller", None), "teller", "server")) == "unknown-signer"


def test_an_unknown_officer_signs_nothing():
    m = Simulation.fresh()
    with pytest.raises(VerificationError) as caught:
        required_signers(m.meeting, certify(m, "stranger", None))
    assert caught.value.code == "unknown-signer"


def test_a_chair_without_a_key_voids_by_pen_with_a_witness_and_a_scrutineer():
    text = draft_text().replace('role = "chair"\n', 'role = "chair"\npen = true\n')
    m = Simulation(draft=read_draft(text))
    pen = {"page": "0" * 64, "confirmed_by": "secretary"}
    required = required_signers(m.meeting, m.propose("void", slot=m.slot, reason="x", pen=pen))
    assert required[0] == {"secretary"}
    assert required[1] == {"scrutineer-1", "scrutineer-2"}


@pytest.mark.parametrize(
    "key",
    ["01" + "00" * 31, "00" * 32, "ec" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f", "ff" * 32],
    ids=["identity", "low-order", "order-two", "not-canonical", "no-point"],
)
def test_weak_or_uncanonical_keys_verify_nothing(key):
    with pytest.raises(ProofError):
        keys.verify(key, b"message", "00" * 64, by="x")
    with pytest.raises(FormatError):
        keys.check_key(key, "key")
