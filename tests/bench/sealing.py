"""Sealing and verifying one ballot of ten questions with three choices, in one process."""

from __future__ import annotations

import secrets

from tests.bench.box import QUESTIONS, choose
from tests.bench.measure import repeat, table
from tests.support.ballots import make
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars
from voting.protocol.ballot import decode_ballot, seal_ballot, verify_ballot

ROUNDS = 40


def measure() -> None:
    draw = fresh_scalars(secrets.token_bytes, ED25519)
    election = make(*QUESTIONS, secret_key=draw())
    secret, choices = draw(), choose(1)

    def seal() -> bytes:
        seed = secrets.token_bytes(32)
        return seal_ballot(election, secret, choices, seed=seed, signature_nonce=draw()).data

    data = seal()
    table(
        "one ballot of 10 questions x 3 choices, one core",
        [
            ("seal", repeat(ROUNDS, seal).text("ms")),
            (
                "decode and verify",
                repeat(ROUNDS, lambda: verify_ballot(election, decode_ballot(data, election))).text(
                    "ms"
                ),
            ),
            ("size", f"{len(data) / 1000:.1f} kB"),
        ],
    )
