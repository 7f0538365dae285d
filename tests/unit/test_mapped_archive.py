"""A verified file is mapped, not copied; what changes under the map is noticed."""

from __future__ import annotations

import mmap
from contextlib import closing
from pathlib import Path

import pytest

from tally.verify.archive import verify_archive
from voting.errors import VerificationError
from voting.protocol.archive import read_archive

SAMPLE = Path(__file__).parents[1] / "samples" / "valid" / "threshold-2of3"


@pytest.fixture
def path(tmp_path):
    (sample,) = SAMPLE.glob("*.bel")
    copy = tmp_path / sample.name
    copy.write_bytes(sample.read_bytes())
    return copy


def mapped(path):
    with path.open("rb") as file:
        return closing(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def test_a_mapped_file_gets_the_same_findings(path):
    with mapped(path) as data:
        assert verify_archive(data, workers=1) == verify_archive(path.read_bytes(), workers=1)


def test_a_ballot_that_changes_after_the_chain_was_read_is_refused(path):
    with mapped(path) as data:
        archive = read_archive(data)
        place = archive.ballots[1]
        with path.open("r+b") as file:
            file.seek(place.offset + place.size // 2)
            file.write(b"!")

        with pytest.raises(VerificationError) as caught:
            archive.ballot(1)

    assert (caught.value.code, caught.value.params["record"]) == ("archive-record-name", 8)
