"""Checkpoint, factors and the share's end: one tally for each slot, for ever."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tally.count import combine, complete_archive
from tally.memory import decode_keys, encode_keys
from tally.release import sign_destroy
from tally.verify.archive import verify_archive
from tests.support.meeting import seed_of
from tests.support.sealed import Case, new_case, opened, opened_case, sealed_case
from tests.support.trustees import refuses
from voting.crypto.hashing import sha256_hex
from voting.errors import (
    ProofError,
    RefusedError,
    VerificationError,
)
from voting.meeting.ledger import encode_act
from voting.protocol.archive import read_archive
from voting.protocol.checkpoint import signer
from voting.protocol.note import encode_note, sign_note
from voting.protocol.trustees import decode_trustees


@pytest.fixture
def case() -> Case:
    return new_case()


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


def test_a_destroyed_share_signs_and_decrypts_nothing():
    case, slot, archive = sealed_case()
    box, note = opened(case, slot, archive)
    device = case.devices[0]
    device.memory = replace(device.memory, destroyed=True)

    refuses(RefusedError, "share-destroyed", device.sign, box)
    refuses(RefusedError, "share-destroyed", device.release, box, note)


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
