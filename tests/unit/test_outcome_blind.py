"""The ledger names an outcome's digest before counts may be known; it must not give them away.

The story: *certify* named the SHA-256 of nothing but public numbers and the counts, so whoever
read the ledger of a small committee could try all counts until the digest was right.
"""

from __future__ import annotations

from dataclasses import replace

from tally.outcome import blind_of, opened_of, outcome_digest, round_outcome
from tally.record.layout import archive_path
from tests.support.record import closed_meeting, closed_record
from voting.crypto.hashing import sha256_hex


def counted():
    meeting = closed_meeting().sim.meeting
    state = closed_meeting().sim.state
    one = next(each for each in state.rounds.values() if each.final_archive is not None)
    return meeting, one, closed_record()[archive_path(one.slot)]


def test_equal_counts_in_another_archive_have_another_digest():
    meeting, one, archive = counted()
    opened = opened_of(archive)

    digest = outcome_digest(round_outcome(meeting, one, opened))
    other = outcome_digest(round_outcome(meeting, one, replace(opened, blind=blind_of(b"other"))))

    assert digest != other


def test_the_blind_is_not_the_digest_that_the_ledger_names():
    _, one, archive = counted()

    assert sha256_hex(archive) == one.final_archive
    assert blind_of(archive) != one.final_archive
