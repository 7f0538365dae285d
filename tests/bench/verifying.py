"""Verifying a complete archive, beside belenios-tool 3.0 on the same archive in the same run.

The tool's ``election verify`` reads the same bytes and does the same arithmetic, on one core; it
forgets what it found wrong with a ballot, and we do not.
"""

from __future__ import annotations

import sys

from tests.bench.box import archive
from tests.bench.measure import Run, Times, run, table
from tests.interop.tool import tool

ROUNDS = 3
BALLOTS = 500
MANY = 2000


def ours(ballots: int) -> Run:
    return run([sys.executable, "-m", "kiosk", "verify", str(archive(ballots))])


def measure() -> None:
    """Alternate, so that a busy minute of the machine hits both."""
    path = archive(BALLOTS)
    theirs = [str(tool("3.0")), "election", "verify", "--dir", str(path.parent)]
    pairs = [(ours(BALLOTS), run(theirs)) for _ in range(ROUNDS)]
    mine = Times(tuple(pair[0].seconds for pair in pairs))
    peer = Times(tuple(pair[1].seconds for pair in pairs))
    size = path.stat().st_size / 2**20
    table(
        f"verify {BALLOTS} ballots of 10 questions x 3 choices, with the result ({size:.1f} MB)",
        [
            ("piaojue verify, two workers", mine.text()),
            ("belenios-tool 3.0 election verify", peer.text()),
            ("ratio of the medians (aim: at most 0.50)", f"{mine.median / peer.median:.2f}"),
            ("each pair's ratio", ", ".join(f"{a.seconds / b.seconds:.2f}" for a, b in pairs)),
            (
                "processor seconds of each pair",
                ", ".join(f"{a.processor:.1f} : {b.processor:.1f}" for a, b in pairs),
            ),
            ("peak memory of belenios-tool", f"{max(b.memory for _, b in pairs):.0f} MB"),
        ],
    )


def measure_memory() -> None:
    """The memory of our verifier for a small, a middling and a large archive."""
    rows = []
    for ballots in (8, BALLOTS, MANY):
        size = archive(ballots).stat().st_size / 2**20
        done = ours(ballots)
        rows.append(
            (
                f"{ballots} ballots, {size:.1f} MB",
                f"{done.memory:.0f} MB, without mapped files {done.own:.0f} MB; "
                f"{done.seconds:.1f} s",
            )
        )
    table("peak memory of piaojue verify, with its workers", rows)
