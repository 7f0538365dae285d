"""What a trustee's device refuses, with a server that tries."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from functools import cache

import pytest

from tally.count import check_factors, combine, complete_archive
from tally.memory import decode_keys, encode_keys
from tally.release import Factors, sign_destroy
from tally.verify.archive import verify_archive
from tests.support.meeting import seed_of
from tests.support.sealed import Case, new_case, opened_case, sealed_case
from voting.crypto.hashing import fresh_scalars, hash_to_scalar, sha256_hex
from voting.crypto.proofs import Proof, texts
from voting.errors import (
    FaultyTrusteeError,
    ProofError,
    RefusedError,
    VerificationError,
)
from voting.meeting.ledger import encode_act, encode_ledger
from voting.protocol.archive import read_archive
from voting.protocol.ballot import tracker
from voting.protocol.checkpoint import ballots_digest, signer
from voting.protocol.codec import encode
from voting.protocol.note import encode_note, sign_note
from voting.protocol.shares import (
    decode_partial_decryption,
    decode_second_proofs,
    encode_partial_decryption,
    encode_second_proofs,
    verify_partial_decryption,
)
from voting.protocol.trustees import decode_trustees


@pytest.fixture
def case() -> Case:
    return new_case()


def refuses(error, wanted: str, call, *args, **kwargs):
    with pytest.raises(error) as caught:
        call(*args, **kwargs)
    assert caught.value.code == wanted
    return caught.value


def opened(case: Case, slot: str, archive: bytes):
    """All three devices check and sign; returns the box and the note."""
    boxes = [device.check(case, slot, archive) for device in case.devices]
    lines = [d.sign(box) for d, box in zip(case.devices, boxes, strict=True)]
    return boxes[0], case.note(boxes[0], *lines)


# A whole honest round


def test_two_of_three_open_what_was_cast_and_the_archive_verifies():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    answers = [device.release(box, note) for device in case.devices]
    trustees = decode_trustees(case.trustees, box.election.group)

    counts = [
        combine(box.election, trustees, box.ciphertexts, some, number=6)
        for some in (answers[:2], answers[1:], [answers[2], answers[0]])
    ]

    assert [json.loads(c.result_bytes) for c in counts] == [{"result": [[4, 1, 1]]}] * 3
    assert list(counts[1].shares) == [2, 3]
    final = complete_archive(archive, read_archive(archive), counts[0])
    report = verify_archive(final, workers=1)
    report.require_valid()
    assert report.stage == "result"
    case.sim.act(
        "count",
        slot=slot,
        checkpoint=note.decode(),
        archive=sha256_hex(final),
        proofs=sha256_hex(counts[0].proofs),
    )


def test_asked_again_with_the_same_box_a_device_answers_the_same():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    device = case.devices[0]
    first = device.release(box, note)
    stored = encode_keys(device.secrets, device.memory)

    device.secrets, device.memory = decode_keys(stored)
    again = device.check(case, slot, archive)

    assert device.sign(again) in note.decode()
    assert device.release(again, note) == first


def test_neither_share_nor_factor_is_in_the_repr():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    answer = case.devices[0].release(box, note)

    shown = repr(case.devices[0]) + repr(answer) + repr(box)

    assert str(case.devices[0].secrets.share) not in shown
    assert "decryption_factors" not in repr(answer)


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


# Checkpoint and release


def test_two_different_boxes_shown_to_two_trustees_and_neither_opens():
    """Dishonest officers and server seal twice; trustee 3 helps them and signs both."""
    left, slot = opened_case()
    right, _ = opened_case()
    other = [left.ballot(slot, 0, number=1), *left.ballots[slot][1:]]
    right.ballots = {slot: other}
    one, two, helper = left.devices
    archives = [left.archive(slot), right.archive(slot)]
    left.seal(slot, archives[0])
    right.seal(slot, archives[1])

    boxes = [one.check(left, slot, archives[0]), two.check(right, slot, archives[1])]
    lines = [one.sign(boxes[0]), two.sign(boxes[1])]
    helped = [
        sign_note(box.checkpoint.text, signer(3), helper.secrets.note_seed).line for box in boxes
    ]
    notes = [left.note(b, line, h) for b, line, h in zip(boxes, lines, helped, strict=True)]

    assert boxes[0].checkpoint != boxes[1].checkpoint
    refuses(RefusedError, "checkpoint-signatures", one.release, boxes[0], notes[0])
    refuses(RefusedError, "checkpoint-signatures", two.release, boxes[1], notes[1])
    refuses(VerificationError, "checkpoint-mismatch", one.release, boxes[0], notes[1])


def test_a_second_tally_for_one_slot_is_refused_for_ever():
    """After the first box was signed for, the same officers present another."""
    case, slot = opened_case()
    again, _ = opened_case()
    again.ballots = {slot: [case.ballot(slot, 0, number=1), *case.ballots[slot][1:]]}
    archive, second = case.archive(slot), again.archive(slot)
    case.seal(slot, archive)
    again.seal(slot, second)
    device = case.devices[0]
    before = device.memory
    device.sign(device.check(case, slot, archive))

    refuses(VerificationError, "ledger-rewritten", device.check, again, slot, second)
    device.memory = replace(device.memory, height=before.height, head=before.head)
    box = device.check(again, slot, second)

    refuses(VerificationError, "second-tally", device.sign, box)
    note = encode_note(
        box.checkpoint.text,
        [sign_note(box.checkpoint.text, signer(i), seed_of(signer(i))) for i in (1, 2, 3)],
    )
    refuses(VerificationError, "second-tally", device.release, box, note)


def test_a_checkpoint_with_too_few_signatures_releases_nothing():
    case, slot, archive = sealed_case()
    one, two, three = case.devices
    box = one.check(case, slot, archive)
    mine = one.sign(box)
    theirs = two.sign(two.check(case, slot, archive))
    last = three.sign(three.check(case, slot, archive))

    for lines in ((mine,), (mine, theirs), (theirs, last)):
        error = refuses(
            RefusedError, "checkpoint-signatures", one.release, box, case.note(box, *lines)
        )
        assert error.params["need"] == 3
    assert one.release(box, case.note(box, mine, theirs, last)).trustee == 1


def test_a_device_that_has_not_signed_releases_nothing():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    fresh = new_case().devices[0]
    fresh.memory = replace(
        fresh.memory, slots={slot: replace(case.devices[0].memory.slots[slot], checkpoint=None)}
    )

    refuses(RefusedError, "checkpoint-unsigned", fresh.release, box, note)


def test_a_checkpoint_signed_by_an_unknown_key_releases_nothing():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    text = box.checkpoint.text
    lines = note.decode().splitlines()[-3:]
    for name, seed in ((signer(3), bytes(32)), (signer(4), bytes(32)), ("server", bytes(32))):
        forged = case.note(box, *lines[:2], sign_note(text, name, seed).line)

        refuses(ProofError, "note-unknown-signer", case.devices[0].release, box, forged)


def test_a_checkpoint_signed_twice_by_one_trustee_releases_nothing():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    lines = note.decode().splitlines()[-3:]
    text = box.checkpoint.text + "\n" + "\n".join([lines[0], lines[1], lines[1]]) + "\n"

    with pytest.raises(Exception, match="ascending"):
        case.devices[0].release(box, text.encode())


# A device is lost, or opens a copy of its share


def test_a_lost_device_is_made_up_for_by_the_comparison_aloud():
    case, slot, archive = sealed_case()
    one, two, _ = case.devices
    boxes = [d.check(case, slot, archive) for d in (one, two)]
    lines = [one.sign(boxes[0]), two.sign(boxes[1])]
    note = case.note(boxes[0], *lines)
    digest = case.checkpoint_digest(slot)

    refuses(RefusedError, "checkpoint-signatures", one.release, boxes[0], note, compared=True)
    case.sim.act("compared", slot=slot, checkpoint=digest, missing=[3])
    box = one.check(case, slot, archive)

    refuses(RefusedError, "checkpoint-signatures", one.release, box, note)
    assert one.release(box, note, compared=True).trustee == 1
    alone = case.note(box, lines[0])
    refuses(RefusedError, "checkpoint-signatures", one.release, box, alone, compared=True)


def test_a_copy_of_the_share_without_its_memory_needs_the_comparison_aloud():
    case, slot, archive = sealed_case()
    copy = case.devices[0].forget()
    box = copy.check(case, slot, archive)

    assert not box.known
    refuses(RefusedError, "comparison-needed", copy.sign, box)
    refuses(RefusedError, "comparison-needed", copy.sign, box, compared=True)
    case.sim.act("compared", slot=slot, checkpoint=case.checkpoint_digest(slot), missing=[])
    box = copy.check(case, slot, archive)
    refuses(RefusedError, "comparison-needed", copy.sign, box)
    assert copy.sign(box, compared=True).startswith("— trustee:1 ")


# The count


@cache
def counted():
    """The honest answers of all three devices; nothing of it is changed by a test."""
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    answers = [device.release(box, note) for device in case.devices]
    return case, box, decode_trustees(case.trustees, box.election.group), answers


def weak_forgery(box, secret_key: int, answer: Factors, shift) -> Factors:
    """A wrong factor whose version 1 proof holds: it binds neither ciphertext nor factor.

    A = w·g as it should be, but B is chosen freely; the challenge follows from A and B, and the
    factor is then solved for: F = (B - r·alpha) / c.
    """
    group, phi = box.election.group, box.election.fingerprint
    share = decode_partial_decryption(answer.share, box.election, box.ciphertexts)
    alpha = box.ciphertexts[0][0].alpha
    w = fresh_scalars(secrets.token_bytes, group)()
    public = group.multiply_generator(secret_key)
    a = group.multiply_generator(w)
    b = w * alpha + shift
    c = hash_to_scalar(group, f"decrypt|{phi}|{public.text}|{texts(a, b)}")
    r = (w - secret_key * c) % group.order
    factor = pow(c, -1, group.order) * (b - r * alpha)
    rows = [list(row) for row in share.factors]
    proofs = [list(row) for row in share.proofs]
    rows[0][0], proofs[0][0] = factor, Proof(c, r)
    forged = replace(share, factors=tuple(map(tuple, rows)), proofs=tuple(map(tuple, proofs)))
    return replace(answer, share=encode_partial_decryption(forged))


def test_a_factor_forged_by_weak_fiat_shamir_passes_v1_and_the_second_proof_blames():
    case, box, trustees, answers = counted()
    group = box.election.group
    forged = weak_forgery(box, case.devices[0].secrets.share, answers[0], 12345 * group.generator)

    decoded = decode_partial_decryption(forged.share, box.election, box.ciphertexts)
    verify_partial_decryption(box.election, box.ciphertexts, 1, trustees.key(1), decoded)
    with pytest.raises(FaultyTrusteeError) as caught:
        check_factors(box.election, trustees, box.ciphertexts, forged)

    assert caught.value.trustee == 1
    assert caught.value.params["place"] == "[0][0]"


def test_a_faulty_trustee_is_named_and_the_others_open_the_box():
    case, box, trustees, answers = counted()
    forged = weak_forgery(
        box, case.devices[0].secrets.share, answers[0], box.election.group.generator
    )

    count = combine(box.election, trustees, box.ciphertexts, [forged, *answers[1:]], number=6)

    assert json.loads(count.result_bytes) == {"result": [[4, 1, 1]]}
    assert [error.trustee for error in count.blamed] == [1]
    assert list(count.shares) == [2, 3]
    assert '"owner":1' not in count.proofs.decode()


def test_with_too_few_right_answers_the_faulty_trustee_is_the_error():
    case, box, trustees, answers = counted()
    forged = weak_forgery(
        box, case.devices[0].secrets.share, answers[0], box.election.group.generator
    )

    with pytest.raises(FaultyTrusteeError) as caught:
        combine(box.election, trustees, box.ciphertexts, [forged, answers[2]], number=6)

    assert caught.value.trustee == 1


@pytest.mark.parametrize("broken", ["share", "proofs"])
def test_an_answer_that_cannot_be_read_is_its_trustees_fault(broken):
    _, box, trustees, answers = counted()

    with pytest.raises(FaultyTrusteeError) as caught:
        check_factors(
            box.election, trustees, box.ciphertexts, replace(answers[1], **{broken: b"{}"})
        )

    assert caught.value.trustee == 2


def test_second_proofs_of_another_trustee_do_not_count():
    _, box, trustees, answers = counted()
    second = decode_second_proofs(answers[1].proofs, box.election, box.ciphertexts)
    renamed = encode_second_proofs(replace(second, trustees={1: second.trustees[2]}))

    for proofs in (answers[1].proofs, renamed):
        with pytest.raises(FaultyTrusteeError):
            check_factors(
                box.election, trustees, box.ciphertexts, replace(answers[0], proofs=proofs)
            )


def test_one_answer_is_too_few():
    _, box, trustees, answers = counted()

    refuses(
        VerificationError,
        "too-few-shares",
        combine,
        box.election,
        trustees,
        box.ciphertexts,
        answers[:1],
        number=6,
    )


# Destroying the share


def test_a_share_is_destroyed_only_when_nothing_is_left_to_open():
    case, slot, archive = sealed_case()
    device = case.devices[0]
    given = {"meeting": case.sim.meeting.raw}

    def ask():
        act = encode_act(case.sim.propose("destroy", trustee=1))
        return sign_destroy(device.memory, device.secrets, ledger=case.ledger, act=act, **given)

    refuses(RefusedError, "round-unfinished", ask)
    case.sim.act("void", slot=slot, reason="重新表决", pen=None)
    memory, signature = ask()

    line = case.sim.sign(case.sim.propose("destroy", trustee=1))
    assert line.signatures[0].signature == signature
    assert memory.destroyed
    device.memory = memory
    refuses(RefusedError, "share-destroyed", device.check, case, slot, archive)


def test_a_device_signs_no_other_act_as_its_own_destruction(case):
    device = case.devices[0]
    for act in (
        case.sim.propose("destroy", trustee=2),
        case.sim.propose("close", missing=[1, 2, 3]),
        replace(case.sim.propose("destroy", trustee=1), height=0),
        replace(case.sim.propose("destroy", trustee=1), parent="0" * 64),
    ):
        refuses(
            VerificationError,
            "not-this-act",
            sign_destroy,
            device.memory,
            device.secrets,
            meeting=case.sim.meeting.raw,
            ledger=case.ledger,
            act=encode_act(act),
        )
