"""What a server or a trustee may try with the shuffles, and who notices."""

from __future__ import annotations

import json

import pytest

from tally.mixing import Shuffled, follow, unmixed
from tests.support.meeting import seed_of
from tests.support.shuffled import (
    RosterCase,
    digest_of,
    forgotten,
    roster,
    signed_case,
    whole_case,
)
from tests.support.trustees import refuses
from voting.crypto.hashing import sha256_hex
from voting.errors import FaultyTrusteeError, ProofError, RefusedError, VerificationError
from voting.protocol.checkpoint import signer
from voting.protocol.mixing import Chain, parse_chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line

pytestmark = pytest.mark.usefixtures(roster.__name__)


# What a server or another trustee may try


def tampered(shuffled, change):
    value = json.loads(shuffled.body)
    change(value)
    return json.dumps(value, separators=(",", ":")).encode()


def resigned(case, shuffled, body, owner=None, before=()):
    """The shuffle with another body, signed by its owner all the same: he is dishonest."""
    owner = owner or shuffled.owner
    chain = Chain(case.checkpoint_digest(next(iter(case.ballots))))
    for one in before:
        chain = chain.then(one.owner, digest_of(one))
    chain = chain.then(owner, sha256_hex(body))
    return Shuffled(owner, body, sign_chain(chain, owner, seed_of(signer(owner))))


def swap_commitments(value):
    c = value["proofs"][0][2]
    c[0], c[1] = c[1], c[0]


def swap_outputs(value):
    row = value["ciphertexts"][0]
    row[0], row[1] = row[1], row[0]


def double_an_output(value):
    row = value["ciphertexts"][0]
    row[0] = row[1]


def drop_an_output(value):
    value["ciphertexts"][0].pop()


@pytest.mark.parametrize(
    "change", [swap_commitments, swap_outputs, double_an_output, drop_an_output]
)
def test_a_trustee_who_shuffles_wrongly_is_named(change):
    case, box, note, _ = signed_case()
    honest = case.shuffle(1, box, note)
    case.chain = [resigned(case, honest, tampered(honest, change))]

    error = refuses(FaultyTrusteeError, "faulty-trustee", case.followed, case.devices[1], box)
    assert error.trustee == 1


def test_a_shuffle_of_other_inputs_is_refused():
    """The second trustee shuffles the tally, so that the first permutation is of no use."""
    case, box, note, _ = signed_case()
    fresh = case.copy()
    case.shuffle_all(box, note, (1,))
    fresh.devices[0] = forgotten(fresh.devices[0])
    stale = fresh.shuffle(1, box, note).body  # of the tally itself
    case.chain.append(resigned(case, case.chain[0], stale, owner=2, before=case.chain))

    error = refuses(FaultyTrusteeError, "faulty-trustee", case.followed, case.devices[2], box)
    assert error.trustee == 2


def test_the_server_cannot_shuffle_in_a_trustees_name():
    """The archive's owner is only a number; the server would know the whole permutation."""
    case, box, note, _ = signed_case()
    honest = case.shuffle(1, box, note)
    chain = Chain(case.checkpoint_digest(box.slot)).then(1, digest_of(honest))
    for line in (
        sign_chain(chain, 1, bytes(32)),
        sign_chain(chain, 2, seed_of(signer(2))),
        sign_chain(chain.then(2, "ab" * 32), 1, seed_of(signer(1))),
    ):
        forged = Shuffled(1, honest.body, line)
        with pytest.raises(ProofError):
            follow(case.devices[1].memory, box, unmixed(box), forged)


def test_a_stale_shuffle_of_another_box_is_refused():
    """The right owner, a right proof for its own box; its signature names another checkpoint."""
    case, box, note, _ = signed_case()
    honest = case.shuffle(1, box, note)
    other = Chain("ab" * 32).then(1, digest_of(honest))
    stale = Shuffled(1, honest.body, sign_chain(other, 1, seed_of(signer(1))))

    refuses(ProofError, "bad-signature", follow, case.devices[1].memory, box, unmixed(box), stale)


def test_shuffles_in_another_order_are_refused():
    case, box, _note, _shuffles, _ = whole_case()
    one, two, three = case.chain

    for chain in ([two, one, three], [one, one], [one, three, two]):
        with pytest.raises((VerificationError, FaultyTrusteeError)):
            case.followed(case.devices[0], box, chain)


def test_a_link_of_a_trustee_who_does_not_exist_is_refused():
    case, box, note, _ = signed_case()
    body = case.shuffle(1, box, note).body
    chain = Chain(case.checkpoint_digest(box.slot)).then(4, sha256_hex(body))
    forged = Shuffled(4, body, sign_chain(chain, 4, bytes(32)))

    refuses(
        VerificationError,
        "shuffle-order",
        follow,
        case.devices[0].memory,
        box,
        unmixed(box),
        forged,
    )


def two_chains() -> tuple[RosterCase, RosterCase, object, bytes]:
    """The last trustee shuffles twice, and the server shows each of the others another chain."""
    left, box, note, _ = signed_case()
    left.shuffle_all(box, note, (1, 2))
    right = left.copy()
    left.shuffle_all(box, note, (3,))
    right.devices[2] = forgotten(right.devices[2])
    right.shuffle_all(box, note, (3,))
    assert left.chain[:2] == right.chain[:2]
    assert left.chain[2] != right.chain[2]
    return left, right, box, note


def test_two_chains_shown_to_two_trustees_and_neither_is_opened():
    left, right, box, note = two_chains()
    lines = [left.agree(1, box), left.agree(3, box)]
    others = [right.agree(2, box), right.agree(3, box)]

    refuses(
        RefusedError,
        "shuffles-signatures",
        left.release,
        1,
        box,
        note,
        left.chain_note(box, *lines),
    )
    refuses(
        RefusedError,
        "shuffles-signatures",
        right.release,
        2,
        box,
        note,
        right.chain_note(box, *others),
    )
    note_of_other = right.chain_note(box, *others)
    refuses(VerificationError, "second-chain", left.release, 1, box, note, note_of_other)


def test_a_device_that_agreed_to_one_chain_agrees_to_no_other():
    left, right, box, _note = two_chains()
    left.agree(1, box)
    left.chain = right.chain

    refuses(VerificationError, "second-chain", left.agree, 1, box)


def test_nothing_is_decrypted_before_the_shuffles_are_finished_and_agreed_to():
    """A server would like the ballots opened as they were sorted, or after one shuffle."""
    case, box, note, _ = signed_case()
    *_, shuffles, _ = whole_case()

    refuses(RefusedError, "chain-unsigned", case.devices[0].release, box, note)
    refuses(RefusedError, "chain-unsigned", case.release, 1, box, note, shuffles)
    case.shuffle_all(box, note, (1, 2))
    refuses(RefusedError, "chain-unsigned", case.release, 1, box, note, None)


def test_a_chain_with_too_few_signatures_opens_nothing():
    case, box, note, _ = signed_case()
    case.shuffle_all(box, note)
    mine, theirs, last = [case.agree(index, box) for index in (1, 2, 3)]

    for some in ((mine,), (mine, theirs), (theirs, last)):
        error = refuses(
            RefusedError,
            "shuffles-signatures",
            case.release,
            1,
            box,
            note,
            case.chain_note(box, *some),
        )
        assert error.params["need"] == 3


def test_a_chain_signed_by_an_unknown_key_opens_nothing():
    case, box, note, shuffles, _ = whole_case()
    chain = parse_chain(case.devices[0].memory.slots[box.slot].chain)
    lines = [*shuffles.decode().splitlines()[-3:][:2], sign_chain(chain, 3, bytes(32))]
    forged = encode_note(chain.text, [parse_signature_line(line) for line in lines])

    refuses(ProofError, "note-unknown-signer", case.release, 1, box, note, forged)


def test_only_who_shuffled_is_counted():
    """A share by one who did not shuffle is not taken, so that who opens has hidden."""
    case, box, note, shuffles, _ = whole_case()
    answers = [case.release(index, box, note, shuffles) for index in (1, 2, 3)]

    refuses(VerificationError, "too-few-shares", case.counted, box, answers[1:], owners=(1, 2))
    assert list(case.counted(box, answers, owners=(1, 3)).shares) == [1, 3]
