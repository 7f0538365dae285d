"""The sample archives: accepted at their stage, or refused for their own fault and no other."""

from __future__ import annotations

import mmap
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from tally.verify import ballots
from tally.verify.archive import verify_archive
from voting.errors import UnavailableError, UnsupportedError, VerificationError

SAMPLES = Path(__file__).parents[1] / "samples"

STAGES = {
    "blank": ("result", 6),
    "mixnet": ("result", 6),
    "no-result-yet": ("decrypting", 6),
    "open": ("open", 6),
    "pedersen-3of3": ("result", 10),
    "revote": ("result", 7),
    "threshold-2of3": ("result", 6),
}

# The check that fails first, its error's code, and the place that the finding names.
FAULTS = {
    "01": ("V8", "trustee-pok", ""),
    "03": ("V8", "malformed", "trustees[0][1]"),
    "05": ("V8", "election-key", ""),
    "07": ("V7", "malformed", "election.version"),
    "09": ("V9", "credential-duplicate", ""),
    "12": ("V11", "ballot-proof", "ballots[2]"),
    "15": ("V11", "ballot-signature", "ballots[2]"),
    "17": ("V10", "ballot-credential", "ballots[2]"),
    "19": ("V10", "ballot-uuid", "ballots[2]"),
    "21": ("V10", "malformed", "ballots[2]"),
    "23": ("V10", "malformed", "ballots[2]"),
    "25": ("V10", "malformed", "ballots[2]"),
    "27": ("V10", "malformed", "ballots[2]"),
    "29": ("V10", "ballot-duplicate", "ballots[3]"),
    "31": ("V6", "archive-chain", ""),
    "33": ("V6", "archive-unreferenced", ""),
    "37": ("V12", "tally-wrong", ""),
    "39": ("V12", "tally-number", ""),
    "41": ("V6", "archive-grammar", ""),
    "43": ("V14", "faulty-trustee", "partial_decryptions[1]"),
    "47": ("V14", "faulty-trustee", "partial_decryptions[0]"),
    "51": ("V6", "archive-grammar", ""),
    "53": ("V6", "archive-truncated", ""),
    "60": ("V16", "result-plaintext", ""),
}
# Where the code alone does not tell the fault: what the error says is wrong.
DETAILS = {
    "03": "signatures",
    "07": "version",
    "21": "place=ballot, what=expected the fields",
    "23": "place=ballot.answers[0], what=expected the fields",
    "25": "individual_proofs[0][0].challenge, what=not a canonical decimal number below",
    "27": "place=ballot, what=not in canonical form",
    "12": "part=individual",
    "41": "event=PartialDecryption, after=EndBallots",
    "51": "event=Ballot, after=Result",
}


def sample(folder: str) -> bytes:
    (path,) = (SAMPLES / folder).glob("*.bel")
    return path.read_bytes()


def test_every_sample_has_its_row():
    assert {p.name for p in (SAMPLES / "valid").iterdir()} == set(STAGES)
    assert {p.name for p in (SAMPLES / "invalid").iterdir()} == set(FAULTS)
    assert {p.name for p in (SAMPLES / "unsupported").iterdir()} == {"lists"}


@pytest.mark.parametrize("name", STAGES)
def test_a_valid_sample_is_accepted_at_its_stage(name):
    report = verify_archive(sample(f"valid/{name}"))

    report.require_valid()
    assert (report.stage, report.ballots) == STAGES[name]
    assert [f for f in report.findings if f.error] == []


@pytest.mark.parametrize("name", FAULTS)
def test_an_invalid_sample_is_refused_for_its_own_fault_only(name):
    report = verify_archive(sample(f"invalid/{name}"))

    with pytest.raises(VerificationError, match="not-valid"):
        report.require_valid()
    failed = [f for f in report.findings if f.status == "failed"]
    assert [(f.check, f.error.code, f.place) for f in failed] == [FAULTS[name]]
    assert DETAILS.get(name, "") in str(failed[0].error)


def test_a_lists_question_is_refused_by_name():
    with pytest.raises(UnsupportedError) as e:
        verify_archive(sample("unsupported/lists"))

    assert e.value.params == {"kind": "Lists"}


def test_two_workers_find_the_same_as_none():
    for folder in ("valid/threshold-2of3", "invalid/12"):
        alone = verify_archive(sample(folder), workers=1)
        together = verify_archive(sample(folder), workers=2)

        assert [(f.check, f.place, str(f.error)) for f in alone.findings] == [
            (f.check, f.place, str(f.error)) for f in together.findings
        ]


def test_progress_counts_every_ballot():
    told = []

    verify_archive(sample("valid/pedersen-3of3"), progress=lambda done, of: told.append((done, of)))

    assert told == [(8, 10), (10, 10)]


def test_a_mapped_file_is_checked_like_its_bytes():
    (path,) = (SAMPLES / "valid/threshold-2of3").glob("*.bel")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        verify_archive(mapped).require_valid()


def test_a_killed_worker_is_no_verdict(monkeypatch):
    class Broken:
        def __init__(self, *args, **options): ...

        def __enter__(self):
            return self

        def __exit__(self, *error): ...

        def submit(self, *work):
            raise BrokenExecutor

    monkeypatch.setattr(ballots, "ProcessPoolExecutor", Broken)

    with pytest.raises(UnavailableError):
        verify_archive(sample("valid/open"), workers=2)
