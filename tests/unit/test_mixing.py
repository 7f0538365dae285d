"""Trustees shuffle in turn: what each device refuses, and what nobody can change or learn alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tally.count import complete_archive
from tally.memory import decode_keys, encode_keys
from tally.mixing import missing_of
from tally.outcome import opened_of
from tally.verify.archive import verify_archive
from tests.support.meeting import seed_of
from tests.support.shuffled import (
    ENTRIES,
    forgotten,
    numbers,
    roster,
    signed_case,
    whole_case,
)
from tests.support.trustees import refuses
from voting.crypto.hashing import sha256_hex
from voting.errors import ProofError, RefusedError, VerificationError
from voting.meeting import rounds
from voting.protocol.archive import read_archive
from voting.protocol.checkpoint import signer
from voting.protocol.mixing import Chain, parse_chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line

pytestmark = pytest.mark.usefixtures(roster.__name__)

COUNTS = [[4, 1, 1]]


def count_body(case, box, note, said, final, proofs):
    return {
        "slot": box.slot,
        "checkpoint": note.decode(),
        "archive": sha256_hex(final),
        "proofs": sha256_hex(proofs),
        "shuffles": said,
    }


def agreeing(case, box, indexes=(1, 2, 3)):
    return [case.agree(index, box) for index in indexes]


# A whole honest round


def test_three_shuffle_in_turn_and_any_two_open_what_was_entered():
    case, box, note, shuffles, archive = whole_case()
    answers = [case.release(index, box, note, shuffles) for index in (1, 2, 3)]

    for some in (answers[:2], answers[1:], [answers[2], answers[0]]):
        count = case.counted(box, some)
        final = complete_archive(archive, read_archive(archive), count)
        report = verify_archive(final, workers=1)
        report.require_valid()
        assert report.stage == "result"
        opened = opened_of(final)
        assert [list(row) for row in opened.totals] == [*COUNTS, []]
        assert sorted(opened.entries[1]) == sorted(numbers(entry) for entry in ENTRIES)
    said = {"note": shuffles.decode(), "links": [one.line for one in case.chain]}
    case.sim.act("count", **count_body(case, box, note, said, final, count.proofs))
    assert [owner for owner, _ in case.sim.round(box.slot).shuffles] == [1, 2, 3]


def test_the_order_of_what_is_opened_is_not_that_of_the_ballots():
    """Six ballots, three secret permutations: the same order again is one chance in 720."""
    case, box, note, archive = signed_case()
    orders = set()
    for _ in range(3):
        one = case.copy()
        one.shuffle_all(box, note)
        lines = agreeing(one, box)
        shuffles = one.chain_note(box, *lines)
        answers = [one.release(index, box, note, shuffles) for index in (1, 2)]
        final = complete_archive(archive, read_archive(archive), one.counted(box, answers))
        orders.add(opened_of(final).entries[1])

    assert len(orders) > 1


def test_a_device_never_keeps_its_permutation_and_drops_its_shuffle_when_it_is_taken_in():
    case, box, note, _ = signed_case()
    made = case.shuffle(1, box, note)
    case.chain.append(made)
    kept = json.loads(encode_keys(case.devices[0].secrets, case.devices[0].memory))
    slot = kept["memory"]["slots"][box.slot]

    assert slot["shuffle"] == made.body.decode()
    assert set(slot) == {"election", "credentials", "active", "checkpoint", "shuffle", "link"}
    case.chain += [case.shuffle(2, box, note)]
    case.chain += [case.shuffle(3, box, note)]
    case.agree(1, box)
    after = case.devices[0].memory.slots[box.slot]
    assert after.shuffle is None
    assert after.link == parse_chain(after.chain).first(1).text


# Restart at any point


def restarted(device):
    device.secrets, device.memory = decode_keys(encode_keys(device.secrets, device.memory))


def test_after_a_crash_a_device_sends_the_very_same_shuffle_again():
    case, box, note, _ = signed_case()
    first = case.shuffle(1, box, note)

    restarted(case.devices[0])

    assert case.shuffle(1, box, note) == first
    case.chain.append(first)
    case.shuffle_all(box, note, (2, 3))
    for device in case.devices:
        restarted(device)
    lines = agreeing(case, box)
    for device in case.devices:
        restarted(device)
    assert agreeing(case, box) == lines
    shuffles = case.chain_note(box, *lines)
    answer = case.release(2, box, note, shuffles)
    restarted(case.devices[1])
    assert case.release(2, box, note, shuffles) == answer


def test_a_device_that_has_shuffled_shuffles_no_second_time_after_another_chain():
    """The server hides the first shuffle and asks the second trustee again."""
    case, box, note, _ = signed_case()
    case.shuffle_all(box, note, (1, 2))
    case.devices[0] = forgotten(case.devices[0])
    case.chain = []
    case.chain = [case.shuffle(1, box, note)]

    refuses(VerificationError, "second-shuffle", case.shuffle, 2, box, note)


def test_a_device_whose_shuffle_is_taken_in_adds_no_other():
    case, box, note, _shuffles, _ = whole_case()

    refuses(VerificationError, "second-shuffle", case.shuffle, 1, box, note)


# Whose turn it is


def test_nobody_shuffles_before_his_turn():
    case, box, note, _ = signed_case()

    error = refuses(RefusedError, "shuffle-turn", case.shuffle, 2, box, note)
    assert error.params["trustee"] == 1
    case.shuffle_all(box, note, (1,))
    error = refuses(RefusedError, "shuffle-turn", case.shuffle, 3, box, note)
    assert error.params["trustee"] == 2


def test_nobody_shuffles_before_enough_have_signed_for_the_box():
    case, box, note, _ = signed_case()
    few = case.note(box, *note.decode().splitlines()[-3:][:2])

    refuses(RefusedError, "checkpoint-signatures", case.shuffle, 1, box, few)


def test_a_server_alone_leaves_nobody_out():
    """Two of three would open it; but who is passed over must stand in the ledger."""
    case, box, note, _ = signed_case()
    case.shuffle_all(box, note, (1, 2))

    error = refuses(RefusedError, "shuffles-waiting", case.agree, 1, box)
    assert error.params["trustee"] == 3


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_missing_trustee_does_not_block_once_two_officers_say_so(missing):
    case, box, note, archive = signed_case()
    here = tuple(index for index in (1, 2, 3) if index != missing)
    box = case.without(box, missing)
    assert missing_of(box) == (missing,)
    case.shuffle_all(box, note, here)
    lines = agreeing(case, box, here)
    shuffles = case.chain_note(box, *lines)

    refuses(RefusedError, "shuffles-signatures", case.release, here[0], box, note, shuffles)
    answers = [case.release(index, box, note, shuffles, compared=True) for index in here]

    count = case.counted(box, answers)
    final = complete_archive(archive, read_archive(archive), count)
    body = count_body(case, box, note, case.said(box, *lines), final, count.proofs)
    case.sim.act("count", **body)
    assert [owner for owner, _ in case.sim.round(box.slot).shuffles] == list(here)


def test_one_who_was_named_missing_does_not_shuffle_and_decrypts_nothing():
    case, box, note, _ = signed_case()
    box = case.without(box, 1)
    error = refuses(RefusedError, "shuffle-turn", case.shuffle, 1, box, note)
    assert error.params["trustee"] == 2
    case.shuffle_all(box, note, (2, 3))
    refuses(RefusedError, "shuffle-unneeded", case.shuffle, 1, box, note)
    lines = agreeing(case, box)
    shuffles = case.chain_note(box, *lines)

    refuses(RefusedError, "not-shuffled", case.release, 1, box, note, shuffles)
    assert case.release(2, box, note, shuffles).trustee == 2


def test_fewer_shuffles_than_the_threshold_are_never_enough():
    """All but one named missing: the one who is left knows the whole permutation."""
    case, box, note, _ = signed_case()
    digest = case.checkpoint_digest(box.slot)
    case.sim.act("compared", slot=box.slot, checkpoint=digest, missing=[2, 3])
    box = replace(box, compared=case.sim.round(box.slot).compared)
    case.shuffle_all(box, note, (1,))

    error = refuses(RefusedError, "shuffles-few", case.agree, 1, box)
    assert (error.params["have"], error.params["need"]) == (1, 2)


def test_a_device_whose_shuffle_is_left_out_agrees_to_nothing():
    """It shuffled, the server kept that back, and the officers were told that it was lost."""
    case, box, note, _ = signed_case()
    case.shuffle(1, box, note)
    box = case.without(box, 1)
    case.shuffle_all(box, note, (2, 3))

    refuses(VerificationError, "shuffle-left-out", case.agree, 1, box)


# The act


def whole_body():
    case, box, note, shuffles, _archive = whole_case()
    said = {"note": shuffles.decode(), "links": [one.line for one in case.chain]}
    return case, box, count_body(case, box, note, said, b"final", b"proofs")


def test_the_act_demands_every_trustees_own_signature_under_his_shuffle():
    case, _box, body = whole_body()
    said = body["shuffles"]
    one, two, three = said["links"]
    foreign = sign_chain(Chain("ab" * 32), 3, seed_of(signer(3)))
    for links, error, code in (
        ([one, two], VerificationError, "shuffles-links"),
        ([one, three, two], ProofError, "note-unknown-signer"),
        ([one, two, foreign], ProofError, "bad-signature"),
    ):
        changed = {**body, "shuffles": {**said, "links": links}}
        refuses(error, code, rounds.count, case.sim.meeting, case.sim.state, changed)


def test_the_act_demands_the_boxes_own_chain_and_enough_signatures():
    case, box, body = whole_body()
    said = body["shuffles"]
    chain = parse_chain(case.devices[0].memory.slots[box.slot].chain)

    lines = said["note"].splitlines()[-3:-1]
    few = encode_note(chain.text, [parse_signature_line(line) for line in lines]).decode()
    other = Chain("ab" * 32, chain.links)
    for changed, error, code in (
        ({**said, "note": few}, RefusedError, "shuffles-signatures"),
        (noted(other), VerificationError, "shuffles-checkpoint"),
        (noted(chain.first(2)), RefusedError, "shuffles-waiting"),
    ):
        given = {**body, "shuffles": changed}
        refuses(error, code, rounds.count, case.sim.meeting, case.sim.state, given)


def noted(chain):
    """A chain that all three keys sign: what dishonest trustees together could write."""
    lines = [sign_chain(chain, index, seed_of(signer(index))) for index in (1, 2, 3)]
    note = encode_note(chain.text, [parse_signature_line(line) for line in lines]).decode()
    links = [
        sign_chain(chain.first(number), owner, seed_of(signer(owner)))
        for number, (owner, _) in enumerate(chain.links, start=1)
    ]
    return {"note": note, "links": links}


# The text


@pytest.mark.parametrize(
    "text",
    [
        "piaojue/shuffles/1\n",
        f"piaojue/shuffles/2\n{'ab' * 32}\n",
        f"piaojue/shuffles/1\n{'AB' * 32}\n",
        f"piaojue/shuffles/1\n{'ab' * 32}\n2 {'ab' * 32}\n1 {'ab' * 32}\n",
        f"piaojue/shuffles/1\n{'ab' * 32}\n1 {'ab' * 32}\n1 {'ab' * 32}\n",
        f"piaojue/shuffles/1\n{'ab' * 32}\n01 {'ab' * 32}\n",
        f"piaojue/shuffles/1\n{'ab' * 32}\n1  {'ab' * 32}\n",
        f"piaojue/shuffles/1\n{'ab' * 32}\n1 {'ab' * 32}",
    ],
)
def test_a_chain_has_one_spelling(text):
    with pytest.raises(Exception, match="malformed"):
        parse_chain(text)


def test_what_is_written_is_read_again():
    chain = Chain("ab" * 32, ((1, "cd" * 32), (12, "ef" * 32)))

    assert parse_chain(chain.text) == chain
    assert parse_chain(Chain("ab" * 32).text) == Chain("ab" * 32)
