"""A server killed at any moment loses no ballot that it acknowledged."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.caster import SLOT
from tests.support.stores import opened

ROOT = Path(__file__).parents[2]


def cast_until_killed(place, first, seconds):
    """Return the trackers that a casting process acknowledged before its SIGKILL."""
    command = [sys.executable, "-m", "tests.support.caster", place, str(first)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as caster:
        acknowledged = [caster.stdout.readline()]
        time.sleep(seconds)
        caster.kill()
        acknowledged += caster.stdout.readlines()
    assert caster.returncode == -signal.SIGKILL
    return [line.strip() for line in acknowledged if line.endswith("\n")]


async def test_every_acknowledged_ballot_outlives_a_kill(storage_place):
    acknowledged = []
    for life in range(3):
        seconds = random.uniform(0.02, 0.25)
        acknowledged += cast_until_killed(storage_place, 100_000 * life, seconds)

        async with opened(storage_place) as store, store.reading() as view:
            stored = await view.ballots(SLOT)
            ledger = await view.ledger()
            credentials = await view.active_credentials(SLOT, "A")

        assert set(acknowledged) <= {ballot.tracker for ballot in stored}
        assert all(hashlib.sha256(each.body).hexdigest() == each.tracker for each in stored)
        # Nothing is there by half: each ballot came with its line and its credential.
        assert sorted(line.decode() for line in ledger) == [ballot.tracker for ballot in stored]
        assert credentials == sorted(ballot.credential for ballot in stored)
