"""Shuffling and proving one roster question, and verifying that, on one core.

In Node the same by the pages' own code; a desktop browser is several times as fast
(docs/performance.md).
"""

from __future__ import annotations

import secrets
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench.measure import repeat, table
from tests.support.web import node
from voting.crypto import shuffle
from voting.crypto.elgamal import encrypt
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voting.crypto.elgamal import Ciphertext
    from voting.crypto.shuffle import ShuffleProof

BALLOTS: Final = 500
ROUNDS: Final = 3
PHI: Final = "x" * 43
SCRIPT: Final = Path(__file__).with_name("shuffling.mjs")


def measure() -> None:
    """The whole of a trustee's work for one question: permute, re-encrypt, prove; verify."""
    draw = fresh_scalars(secrets.token_bytes, ED25519)
    key = ED25519.multiply_generator(draw())
    inputs = [encrypt(ED25519, key, ED25519.embed([i % 256]), draw()) for i in range(BALLOTS)]

    def make() -> tuple[Sequence[Ciphertext], ShuffleProof]:
        order = shuffle.random_permutation(BALLOTS, secrets.token_bytes)
        outputs, secret = shuffle.shuffle(ED25519, key, inputs, order, draw)
        return outputs, shuffle.prove(ED25519, key, PHI, inputs, outputs, secret, draw)

    outputs, proof = make()
    table(
        f"a shuffle of {BALLOTS} ballots, one question, one core (aim: 2 s each)",
        [
            ("shuffled and proved", _timed(make)),
            (
                "verified",
                _timed(lambda: shuffle.verify(ED25519, key, PHI, inputs, outputs, proof)),
            ),
            *_in_node(),
        ],
    )


def _timed(work: Callable[[], object]) -> str:
    """Wall time, and beside it the processor's, which a busy machine changes less."""
    began = time.process_time()
    times = repeat(ROUNDS, work)
    each = (time.process_time() - began) / (ROUNDS + 1)
    return f"{times.text()}; processor {each:.1f} s"


def _in_node() -> list[tuple[str, str]]:
    program = node()
    if program is None:
        return [("in Node", "not here (make web)")]
    command = [program, str(SCRIPT), str(BALLOTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    made, checked = done.stdout.split()
    return [
        ("the pages' code in Node: shuffled and proved", f"processor {made} s"),
        ("the pages' code in Node: verified", f"processor {checked} s"),
    ]
