"""What a trustee's device refuses before an opening and of a sealed box."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tally.trustee import open_meeting
from tests.support.sealed import Case, new_case, opened_case, sealed_case
from tests.support.trustees import refuses
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.crypto.proofs import prove_knowledge
from voting.errors import (
    PiaojueError,
    RefusedError,
    VerificationError,
)
from voting.meeting.fold import fold
from voting.meeting.ledger import encode_ledger
from voting.protocol.archive import ArchiveWriter, SizedTally, read_archive
from voting.protocol.ballot import decode_ballot, tracker
from voting.protocol.checkpoint import ballots_digest
from voting.protocol.codec import encode
from voting.protocol.tally import TallyBuilder, encode_tally
from voting.protocol.trustees import decode_trustees, encode_trustees


@pytest.fixture
def case() -> Case:
    return new_case()


# Before the opening


def test_no_opening_before_the_rehearsal(case):
    case.sim.prepare(["i1"])
    asked = case.binding(["i1"])
    case.devices[0].memory = replace(case.devices[0].memory, rehearsed=False)

    refuses(RefusedError, "not-rehearsed", case.ask, case.devices[0], *asked)


def test_an_opening_ends_the_rehearsal(case):
    assert not case.devices[0].memory.opened

    case.open(["i1"], voters=0)

    assert all(device.memory.opened for device in case.devices)


def test_another_election_than_the_frozen_one_is_not_acknowledged(case):
    case.sim.prepare(["i1"])
    body, election, listed = case.binding(["i1"])
    changed = election.replace("同意".encode(), "赞成".encode())
    assert changed != election

    refuses(
        VerificationError,
        "election-mismatch",
        case.ask,
        case.devices[0],
        body,
        changed,
        listed,
    )
    refuses(
        VerificationError,
        "election-mismatch",
        case.ask,
        case.devices[0],
        {**body, "election": sha256_hex(changed)},
        changed,
        listed,
    )


def test_an_invented_credential_list_is_not_acknowledged(case):
    """The server puts in a credential of its own for one that nobody would miss."""
    case.sim.prepare(["i1"])
    body, election, listed = case.binding(["i1"])
    mine = case.sim.credential(body["slot"], "A", 99)
    invented = encode(sorted([*json.loads(listed)[1:], mine]))

    for claimed in (body, {**body, "credentials": sha256_hex(invented)}):
        refuses(
            VerificationError,
            "credentials-mismatch",
            case.ask,
            case.devices[0],
            claimed,
            election,
            invented,
        )


def test_a_leftover_ticket_that_stays_active_is_not_acknowledged(case):
    """More active credentials than members present: a ballot that the server could stuff."""
    case.sim.prepare(["i1"], drawn=7)
    body, election, listed = case.binding(["i1"])
    assert body["active"] == 7

    refuses(RefusedError, "issued-mismatch", case.ask, case.devices[0], body, election, listed)


def test_another_meeting_or_other_trustees_are_refused():
    case, slot, archive = sealed_case()
    device = case.devices[0]
    raw = case.sim.meeting.raw

    title = raw.replace("测试会议".encode(), "测试大会".encode())
    other = case.sim.meeting.trustees.note_keys
    swapped = raw.replace(other[1].encode(), b"#").replace(other[2].encode(), other[1].encode())
    swapped = swapped.replace(b"#", other[2].encode())
    certificates = raw.replace(case.sim.meeting.trustees.certificates.encode(), b"ab" * 32)
    assert len({raw, title, swapped, certificates}) == 4

    refuses(VerificationError, "other-meeting", device.check, case, slot, archive, meeting=title)
    device.memory = replace(device.memory, frozen=None)
    for forged in (swapped, certificates):
        refuses(
            VerificationError, "other-trustees", device.check, case, slot, archive, meeting=forged
        )


def test_a_ledger_without_its_freeze_is_refused():
    case, slot, archive = sealed_case()
    device = new_case().devices[0]

    refuses(RefusedError, "not-frozen", device.check, case, slot, archive, ledger=b"")


def test_an_archive_that_is_already_tallied_is_refused():
    """The device adds up for itself; what somebody wrote after the ballots is not read."""
    case, slot = opened_case()
    closed = case.archive(slot)
    read = read_archive(closed)
    election = case.election(slot)
    builder = TallyBuilder(election)
    for ballot in case.ballots[slot]:
        builder.add(decode_ballot(ballot, election).answers)
    tally = SizedTally(encode_tally(builder.ciphertexts()), 6, 6)
    archive = closed + ArchiveWriter.resume(read).encrypted_tally(tally)
    case.seal(slot, archive)

    refuses(VerificationError, "archive-stage", case.devices[0].check, case, slot, archive)


def test_an_archive_with_another_trustees_file_is_refused():
    """The same keys with a new proof: valid, and not the file that this device checked."""
    case, slot = opened_case()
    (item,) = decode_trustees(case.trustees, ED25519).items
    proof = prove_knowledge(ED25519, case.devices[0].secrets.share, lambda: 4242)
    keys = (replace(item.keys[0], pok=proof), *item.keys[1:])
    archive = case.archive(slot, trustees=encode_trustees([replace(item, keys=keys)]))
    case.seal(slot, archive)

    refuses(VerificationError, "other-trustees", case.devices[0].check, case, slot, archive)


def test_an_election_that_was_answered_is_not_agreed_to_again():
    case = new_case()
    case.sim.prepare(["i1"])
    asked = case.binding(["i1"])
    device = case.devices[0]
    case.ask(device, *asked)
    case.ask(device, *asked)
    slot = asked[0]["slot"]
    held = replace(device.memory.slots[slot], checkpoint="signed")
    device.memory = device.memory.with_slot(slot, held)

    refuses(VerificationError, "slot-answered", case.ask, device, *asked)


def test_a_ledger_that_grew_folds_as_from_its_first_line_whatever_was_folded_before():
    case, _ = opened_case()
    memory = case.devices[0].memory
    whole = encode_ledger(case.sim.lines)
    for part in range(memory.height, len(case.sim.lines) + 1):
        ledger = encode_ledger(case.sim.lines[:part])
        _, frozen, state = open_meeting(memory, case.sim.meeting.raw, ledger)
        assert state == fold(frozen, case.sim.lines[:part])
    broken = whole[:-3] + b"x" + whole[-2:]
    with pytest.raises(PiaojueError):
        open_meeting(memory, case.sim.meeting.raw, broken)
    _, frozen, state = open_meeting(memory, case.sim.meeting.raw, whole)
    assert state == fold(frozen, case.sim.lines)


def test_a_ledger_that_does_not_go_on_from_what_was_seen_is_refused():
    case, slot = opened_case()
    seen = case.devices[0].memory.height
    fork = new_case()
    fork.sim.act("room", item="i2", step=fork.sim.meeting.rule_of("i2").room_gates[0])
    fork.open(["i1"])

    for ledger in (fork.ledger, encode_ledger(case.sim.lines[: seen - 1])):
        refuses(
            VerificationError,
            "ledger-rewritten",
            case.devices[0].check,
            case,
            slot,
            b"",
            ledger=ledger,
        )


# The sealed box


def test_an_open_round_is_not_counted():
    case, slot = opened_case()

    refuses(RefusedError, "round-open", case.devices[0].check, case, slot, case.archive(slot))


def test_a_ledger_with_a_missing_no_objection_is_refused():
    case, slot, archive = sealed_case()
    assert case.sim.lines[-1].act.kind == "no-objection"
    without = encode_ledger(case.sim.lines[:-1])

    refuses(
        RefusedError,
        "objection-open",
        case.devices[0].check,
        case,
        slot,
        archive,
        ledger=without,
    )


def test_a_void_round_is_never_opened():
    case, slot, archive = sealed_case()
    case.sim.act("void", slot=slot, reason="票箱有误", pen=None)

    refuses(RefusedError, "round-void", case.devices[0].check, case, slot, archive)


def test_a_box_under_the_floor_is_never_opened(case):
    slot = case.open(["i1"], voters=4)
    archive = case.archive(slot)
    ballots = case.ballots[slot]
    case.sim.act(
        "seal",
        slot=slot,
        heads=4,
        returned=4,
        ballots=ballots_digest(tracker(ballot) for ballot in ballots),
        archive=sha256_hex(archive),
        override=False,
    )
    assert case.sim.meeting.rules["standing-committee"].floor == 5

    refuses(RefusedError, "round-under-floor", case.devices[0].check, case, slot, archive)


def test_another_archive_than_the_sealed_one_is_refused():
    case, slot, _ = sealed_case()
    other = case.archive(slot, ballots=case.ballots[slot][1:])

    refuses(VerificationError, "archive-mismatch", case.devices[0].check, case, slot, other)


def test_a_ballot_dropped_from_the_box_is_noticed():
    """Even where the seal names the archive without it: the trackers say six."""
    case, slot = opened_case()
    dropped = case.archive(slot, ballots=case.ballots[slot][1:])
    case.seal(slot, dropped)

    refuses(VerificationError, "returned-mismatch", case.devices[0].check, case, slot, dropped)


def test_a_ballot_exchanged_for_another_of_its_ticket_is_noticed():
    case, slot = opened_case()
    other = [case.ballot(slot, 0, number=1), *case.ballots[slot][1:]]
    archive = case.archive(slot, ballots=other)
    case.seal(slot, archive)

    refuses(VerificationError, "ballots-mismatch", case.devices[0].check, case, slot, archive)


def test_a_spoiled_tracker_in_the_box_is_refused():
    """Its seed was shown, so it would be counted and known."""
    case, slot = opened_case()
    case.sim.act("spoil", slot=slot, tracker=tracker(case.ballots[slot][2]))
    archive = case.archive(slot)
    case.seal(slot, archive)

    refuses(VerificationError, "ballot-spoiled", case.devices[0].check, case, slot, archive)


def test_two_ballots_of_one_ticket_are_refused(case):
    slot = case.open(["i1"], voters=5)
    twice = [*case.ballots[slot], case.ballot(slot, 0, number=1)]
    archive = case.archive(slot, ballots=twice)
    case.seal(slot, archive, twice)

    refuses(VerificationError, "credential-twice", case.devices[0].check, case, slot, archive)


def test_ballots_in_another_order_than_their_trackers_are_refused():
    case, slot = opened_case()
    archive = case.archive(slot, order=[1, 0, 2, 3, 4, 5])
    case.seal(slot, archive)

    refuses(VerificationError, "ballots-unsorted", case.devices[0].check, case, slot, archive)


def test_a_ballot_that_does_not_hold_is_refused():
    case, slot = opened_case()
    value = json.loads(case.ballots[slot][0])
    choices = value["answers"][0]["choices"]
    choices[0], choices[1] = choices[1], choices[0]
    forged = [encode(value), *case.ballots[slot][1:]]
    archive = case.archive(slot, ballots=forged)
    case.seal(slot, archive, forged)

    with pytest.raises(VerificationError):
        case.devices[0].check(case, slot, archive)


def test_an_invented_credential_list_in_the_archive_is_refused():
    case, slot = opened_case()
    listed = json.loads(case.credentials[slot])
    invented = encode(sorted([*listed[:-1], case.sim.credential(slot, "A", 99)]))
    kept = [b for b in case.ballots[slot] if json.loads(b)["credential"] != listed[-1]]
    archive = case.archive(slot, credentials=invented, ballots=kept)
    case.seal(slot, archive, kept)

    refuses(VerificationError, "credentials-mismatch", case.devices[0].check, case, slot, archive)


def test_another_slots_ciphertext_is_never_decrypted():
    """The server offers slot 1's ballots as the box of slot 2, to open them a second time."""
    case, first, _ = sealed_case()
    second = case.open(["i2"])
    smuggled = case.archive(first)
    case.seal(second, smuggled, case.ballots[first])

    refuses(VerificationError, "election-mismatch", case.devices[0].check, case, second, smuggled)


def test_a_ballot_of_another_slot_is_no_ballot_of_this_one():
    case, first, _ = sealed_case()
    second = case.open(["i2"])
    mixed = [case.ballots[first][0], *case.ballots[second][1:]]
    archive = case.archive(second, ballots=mixed)
    case.seal(second, archive, mixed)

    with pytest.raises(VerificationError):
        case.devices[0].check(case, second, archive)


def test_a_slot_opened_with_another_list_than_agreed_is_refused():
    case, slot, archive = sealed_case()
    device = case.devices[0]
    held = device.memory.slots[slot]

    for changes in ({"election": "ab" * 32}, {"credentials": "ab" * 32}, {"active": 7}):
        device.memory = device.memory.with_slot(slot, replace(held, **changes))
        refuses(VerificationError, "slot-mismatch", device.check, case, slot, archive)
