"""The rehearsal: nothing else can be opened under its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tally import rehearsal
from tests.support.trustees import Room, random_bytes, refuses, rehearse
from voting.crypto.elgamal import encrypt, reencrypt
from voting.crypto.group import ED25519
from voting.errors import (
    FaultyTrusteeError,
    RefusedError,
    VerificationError,
)
from voting.protocol.ceremony import Rehearsal
from voting.protocol.trustees import decode_trustees


def asked(keys, **changes) -> bytes:
    data = rehearsal.make_rehearsal(
        keys[0].memory.session, keys[0].trustees, rand=random_bytes("r")
    )
    made = Rehearsal.decode(keys[0].memory.session, data)
    return replace(made, **changes).encode(keys[0].memory.session)


def test_a_rerandomised_ballot_is_no_rehearsal():
    """The server knows the randomness that it added, and not the voter's."""
    keys = Room().keys()
    y = decode_trustees(keys[0].trustees, ED25519).public_key
    ballot = encrypt(ED25519, y, 1, 123456789)
    again = reencrypt(ED25519, y, ballot, 42)

    for message in (0, 1):
        data = asked(keys, alpha=again.alpha, beta=again.beta, randomness=42, message=message)
        refuses(
            VerificationError,
            "rehearsal-ciphertext",
            rehearsal.answer_rehearsal,
            keys[0].memory,
            keys[0].secrets,
            data,
        )


def test_a_rehearsal_says_what_it_opens_to():
    keys = Room().keys()

    refuses(
        VerificationError,
        "rehearsal-ciphertext",
        rehearsal.answer_rehearsal,
        keys[0].memory,
        keys[0].secrets,
        asked(keys, message=7),
    )


def test_no_rehearsal_after_the_first_opening():
    keys = Room().keys()[0]
    opened = replace(keys.memory, opened=True)

    data = asked([keys])

    rehearsal.answer_rehearsal(keys.memory, keys.secrets, data)
    refuses(RefusedError, "rehearsal-over", rehearsal.answer_rehearsal, opened, keys.secrets, data)


def test_a_trustee_who_answers_the_rehearsal_wrongly_is_blamed():
    keys = Room().keys(rehearsed=False)
    data = asked(keys)
    answers = [
        rehearsal.answer_rehearsal(k.memory, replace(k.secrets, share=k.secrets.share + 1), data)
        if k.memory.index == 2
        else rehearsal.answer_rehearsal(k.memory, k.secrets, data)
        for k in keys
    ]

    with pytest.raises(FaultyTrusteeError) as caught:
        rehearsal.check_rehearsal(keys[0].memory, data, answers)

    assert caught.value.trustee == 2


def test_the_rehearsal_needs_every_trustee():
    keys = Room().keys(rehearsed=False)
    data = asked(keys)
    answers = [rehearsal.answer_rehearsal(k.memory, k.secrets, data) for k in keys[:2]]

    refuses(
        RefusedError,
        "ceremony-incomplete",
        rehearsal.check_rehearsal,
        keys[0].memory,
        data,
        answers,
    )
    assert all(k.memory.rehearsed for k in rehearse(keys))


def test_no_rehearsal_with_a_destroyed_share():
    keys = Room().keys()[0]
    destroyed = replace(keys.memory, destroyed=True)

    refuses(
        RefusedError,
        "share-destroyed",
        rehearsal.answer_rehearsal,
        destroyed,
        keys.secrets,
        asked([keys]),
    )


def test_a_set_that_does_not_open_the_rehearsal_is_found():
    """Told that one of three is enough, no single answer opens it."""
    keys = Room().keys(rehearsed=False)
    data = asked(keys)
    answers = [rehearsal.answer_rehearsal(k.memory, k.secrets, data) for k in keys]
    memory = keys[0].memory
    alone = replace(memory, session=replace(memory.session, threshold=1))

    refuses(
        VerificationError, "rehearsal-opens-wrong", rehearsal.check_rehearsal, alone, data, answers
    )
