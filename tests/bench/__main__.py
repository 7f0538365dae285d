"""``make bench``: measure, and print tables. Nothing is written but the cached archives.

.venv/bin/python -m tests.bench [verifying memory sealing browser recount accepting tickets shuffle]
"""

from __future__ import annotations

import sys

from tests.bench import (
    accepting,
    browser_recount,
    browser_sealing,
    sealing,
    shuffling,
    tickets,
    verifying,
)
from tests.bench.measure import machine, table

BENCHES = {
    "sealing": sealing.measure,
    "browser": browser_sealing.measure,
    "recount": browser_recount.measure,
    "tickets": tickets.measure,
    "accepting": accepting.measure,
    "shuffle": shuffling.measure,
    "verifying": verifying.measure,
    "memory": verifying.measure_memory,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        sys.exit(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    table("machine", machine())
    for name in names or BENCHES:
        BENCHES[name]()


if __name__ == "__main__":  # workers import this module again
    main(sys.argv[1:])
