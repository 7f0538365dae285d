"""Our ballots before an independent reader: ``belenios-tool`` 3.x, ``election verify-ballot``.

Its ``election verify`` does not enforce ballots; this command does.
"""

from __future__ import annotations

import subprocess

import pytest

from tests.interop.tool import tool
from tests.support import ballots as b
from tests.support.scalars import repeatable
from tests.vectors.generate_protocol import CASES
from voting.crypto.group import ED25519
from voting.crypto.proofs import prove_knowledge
from voting.protocol import codec
from voting.protocol.chain import ArchiveWriter
from voting.protocol.credential import encode_credentials
from voting.protocol.values import proof_json


@pytest.fixture(scope="module", autouse=True)
def tool_3():
    return tool("3.0")


@pytest.fixture(params=CASES, ids=str)
def case(request, tmp_path):
    questions, choices = CASES[request.param]
    election = b.make(*questions)
    sealed = b.seal(election, choices)
    pok = proof_json(prove_knowledge(ED25519, 5, repeatable(1)))
    trustee = {"pok": pok, "public_key": election.public_key.text}
    setup = ArchiveWriter(1795289156).setup(
        election.raw,
        codec.encode([["Single", trustee]]),
        encode_credentials([sealed.credential]),
    )
    (tmp_path / f"{election.uuid}.bel").write_bytes(setup)
    return election, sealed, tmp_path


def verdict(folder, data):
    path = folder / "ballot.json"
    path.write_bytes(data + b"\n")
    arguments = ["verify-ballot", "--dir", str(folder), "--ballot", str(path)]
    command = [str(tool("3.0")), "election", *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode


def test_the_tool_accepts_our_ballot_and_refuses_it_with_a_wrong_proof(case):
    election, sealed, folder = case
    broken = b.parsed(sealed)
    answer = broken["answers"][-1]
    proof = answer["proof"] if "proof" in answer else answer["overall_proof"][0]
    proof["response"] = "5"

    assert verdict(folder, sealed.data) == 0
    assert verdict(folder, b.resigned(election, broken)) != 0
