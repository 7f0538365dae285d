"""The same code over integers modulo p, before the reader that enforces ballots.

Debian 12's belenios-tool 2.0 knows no Ed25519, but its ``election verify`` checks every proof of
every ballot. Only the group differs: all hashes, proofs, JSON and the archive are what we ship.
"""

from __future__ import annotations

import pytest

from tally.verify.archive import verify_archive
from tests.interop.tool import belenios_oracle, tool, verify
from tests.support.ballots import WITH_BLANK
from tests.support.finite_field import BELENIOS_2048, FINITE_FIELDS
from tests.support.forger import ABSTAIN, AGAINST, AGREE, EXACTLY_ONE, UUID, Box


@pytest.fixture(scope="module", autouse=True)
def tool_2():
    return tool("2.0")


@pytest.fixture
def write(tmp_path):
    def write(data):
        path = tmp_path / f"{UUID}.bel"
        path.write_bytes(data)
        return path

    return write


@pytest.fixture(scope="module")
def box():
    choices = [[vote, (0, 1, 1, 0)] for vote in (AGREE, AGAINST, ABSTAIN)]
    choices[0][1] = (1, 0, 0, 0)  # a blank vote
    return Box(EXACTLY_ONE, WITH_BLANK, choices=choices, group=BELENIOS_2048)


def accepted(archive):
    done = verify("2.0", archive)
    assert done.returncode == 0, done.stderr
    assert "all checks passed" in done.stderr
    verify_archive(archive.read_bytes(), groups=FINITE_FIELDS, workers=1).require_valid()
    belenios_oracle(archive)


def test_a_whole_election_is_accepted_by_the_reader_that_enforces_ballots(box, write):
    opened = box.opened().decrypt(1, 3).open(1, 3)

    accepted(write(opened.archive()))

    assert opened.result == b'{"result":[[1,1,1],[1,2,2,0]]}'


@pytest.mark.parametrize("part", ["individual_proofs", "overall_proof", "blank_proof"])
def test_it_rejects_a_ballot_of_which_one_proof_is_wrong(box, write, part):
    def breaks(ballot):
        proof = ballot["answers"][1][part][0]
        (proof[0] if isinstance(proof, list) else proof)["response"] = "5"

    changed = Box.__new__(Box)
    changed.__dict__.update({**box.__dict__, "ballots": [box.resigned(0, breaks)]})

    done = verify("2.0", write(changed.begun()[1]))

    assert done.returncode != 0
    assert "all checks passed" not in done.stderr
