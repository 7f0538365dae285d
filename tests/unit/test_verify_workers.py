"""Workers of a program that was killed are gone too, and let go of its output."""

from __future__ import annotations

import subprocess
import sys

STARTS_WORKERS = """
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace
from tally.verify import ballots

ballots.decode_election = lambda raw, groups: None  # here and, as this file is run there, in them

if __name__ == "__main__":
    pool = ProcessPoolExecutor(
        2,
        mp_context=get_context("spawn"),
        initializer=ballots._start_worker,
        initargs=(b"", SimpleNamespace(name="any")),
    )
    list(pool.map(abs, range(20)))
    print("at work", flush=True)
    time.sleep(1000)
"""


def test_a_killed_program_leaves_no_worker_behind(tmp_path):
    script = tmp_path / "starts_workers.py"
    script.write_text(STARTS_WORKERS)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "at work\n"
        program.kill()

        # the output ends only when nobody holds it open any more: a worker that stayed would
        assert program.communicate(timeout=60) == ("", None)
