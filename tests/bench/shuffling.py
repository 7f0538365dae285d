"""Shuffling and proving one roster question, and verifying that, on one core.

In Node the same by the pages' own code; a desktop browser is several times as fast
(docs/performance.md).
"""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path
from typing import Final

from tests.bench.measure import repeat, table
from tests.support.web import node
from voting.crypto import shuffle
from voting.crypto.elgamal import encrypt
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars

BALLOTS: Final = 500
ROUNDS: Final = 3
PHI: Final = "x" * 43
SCRIPT: Final = Path(__file__).with_name("shuffling.mjs")


def measure() -> None:
    """The whole of a trustee's work for one question: permute, re-encrypt, prove; verify."""
    draw = fresh_scalars(secrets.token_bytes, ED25519)
    key = ED25519.multiply_generator(draw())
    inputs = [encrypt(ED25519, key, ED25519.embed([i % 256]), draw()) for i in range(BALLOTS)]

    def make() -> tuple[object, ...]:
        order = shuffle.random_permutation(BALLOTS, secrets.token_bytes)
        outputs, secret = shuffle.shuffle(ED25519, key, inputs, order, draw)
        return outputs, shuffle.prove(ED25519, key, PHI, inputs, outputs, secret, draw)

    outputs, proof = make()
    made = repeat(ROUNDS, make)
    checked = repeat(
        ROUNDS,
        lambda: shuffle.verify(ED25519, key, PHI, inputs, outputs, proof),  # type: ignore[arg-type]
    )
    table(
        f"a shuffle of {BALLOTS} ballots, one question (aim: 2 s each)",
        [("shuffled and proved", made.text()), ("verified", checked.text()), *_in_node()],
    )


def _in_node() -> list[tuple[str, str]]:
    program = node()
    if program is None:
        return [("in Node", "not here (make web)")]
    command = [program, str(SCRIPT), str(BALLOTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    made, checked = done.stdout.split()
    return [
        ("the pages' code in Node: shuffled and proved", f"{made} s"),
        ("the pages' code in Node: verified", f"{checked} s"),
    ]
