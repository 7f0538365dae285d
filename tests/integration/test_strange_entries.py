"""Voters who seal on purpose what no kiosk would: the proofs hold, so every box takes it in.

Each such entry is one 无效, nobody else's is touched, and whoever looks says the same: the verifier
of the record, an officer's page, the independent tool.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tally.record.layout import RESULT, archive_path
from tally.verify.record import verify_record
from tests.integration.test_js_contests import checked
from tests.interop.tool import belenios_oracle, tool
from tests.support.contests import ELECTED
from tests.support.forged_box import MARKS, MixedPlay, encrypting
from tests.support.forger import Chance
from tests.support.record import sign
from voting.crypto.elgamal import Ciphertext
from voting.crypto.group import ED25519
from voting.crypto.hashing import b64_fingerprint
from voting.crypto.proofs import prove_plaintext
from voting.crypto.signature import sign_ballot
from voting.protocol import codec
from voting.protocol.answers import NonHomomorphicAnswer, answer_json
from voting.protocol.values import proof_json

if TYPE_CHECKING:
    from tests.support.record import Files
    from voting.crypto.group import Element

OTHERS = 2
SEVEN = [0, 7, *[0] * 28]
G = ED25519.generator
NUMBERS = {
    "numbers descending": [0, 30, 0, 7, *[0] * 26],
    "a number that the roster does not have": [0, 31, *[0] * 28],
    "a number after an empty place": [0, 0, 0, 7, *[0] * 26],
}
ELEMENTS: dict[str, Element] = {
    "an element drawn at random": 5 * G,
    "the right numbers and the other sign": -ED25519.embed(SEVEN),
}
"""Each read as 30 numbers all the same; only embedding them again shows it."""


def without_randomness(play: MixedPlay, slot: str, member: int, data: bytes) -> bytes:
    """The ballot with number 7 for everybody to read: alpha is the identity. His own affair."""
    election, draw = play.meeting.case.election(slot), Chance(3).draw
    value = json.loads(data)
    del value["signature"]
    ciphertext = Ciphertext(ED25519.identity, ED25519.embed(SEVEN))
    context = f"{election.fingerprint}|{value['credential']}"
    proof = prove_plaintext(ED25519, election.public_key, context, ciphertext, 0, draw)
    value["answers"][OTHERS] = answer_json(NonHomomorphicAnswer(ciphertext, proof))
    hashed = b64_fingerprint(codec.encode(value))
    secret = play.sim.secret(slot, "A", member)
    signed = proof_json(sign_ballot(ED25519, secret, hashed, draw()))
    return codec.encode({**value, "signature": {"hash": hashed, "proof": signed}})


@cache
def record() -> tuple[str, Files]:
    """A closed record of an election: three odd plaintexts, two odd elements, one plain to read."""
    play = MixedPlay(ELECTED)
    case = play.meeting.case
    slot = case.open(["i1"], voters=0)
    choices = [play._choices("i1", mark, {}) for mark in MARKS]
    odd = [*NUMBERS.values(), SEVEN, SEVEN, SEVEN]
    ballots = []
    for k, (rows, numbers) in enumerate(zip(choices, odd, strict=True)):
        with encrypting([*ELEMENTS.values()][k - 3] if k in (3, 4) else ED25519.embed(numbers)):
            ballots.append(play._ballot(slot, k, [*rows[:OTHERS], numbers]))
    ballots[5] = without_randomness(play, slot, 5, ballots[5])
    case.ballots[slot] = ballots
    play.spoil(slot, choices[0])
    play.meeting.seal(slot)
    play.meeting.count(slot)
    play.certify(slot)
    return slot, play.files()


def others(files: Files) -> dict[str, object]:
    (one,) = json.loads(files[RESULT])["rounds"]
    counts: dict[str, object] = one["items"][0]["counts"]["others"]
    return counts


def test_each_odd_entry_is_one_invalid_one_and_the_rest_is_counted():
    _, files = record()
    report = verify_record(files, workers=1)

    report.require_valid()
    assert others(files) == {"numbers": {"7": 1}, "none": 0, "invalid": 5, "texts": []}
    (one,) = json.loads(files[RESULT])["rounds"]
    assert one["items"][0]["counts"]["for"] == {"c1": 4, "c2": 3, "c3": 0, "c4": 0}
    assert one["items"][0]["evaluation"]["decision"] == "next_round"
    assert [remark.params for remark in report.remarks if remark.code == "invalid-entries"] == [
        {"slot": one["slot"][:8], "number": 5}
    ]


def test_the_independent_tool_accepts_the_box(tmp_path):
    tool("3.0")
    slot, files = record()
    path = tmp_path / f"{slot}.bel"
    path.write_bytes(files[archive_path(slot)])

    belenios_oracle(path)


def test_an_officer_s_page_certifies_the_same(tmp_path):
    _, files = record()
    done = checked(files, tmp_path)

    assert done.returncode == 0, done.stderr
    assert ["i1", [], "next_round"] in json.loads(done.stdout)["said"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"invalid": 4, "none": 1}, id="an invalid entry as none"),
        pytest.param({"invalid": 4}, id="an invalid entry forgotten"),
        pytest.param({"invalid": 4, "numbers": {"7": 2}}, id="the other sign as the number"),
        pytest.param({"numbers": {"8": 1}}, id="another number"),
        pytest.param({"numbers": {"07": 1}}, id="another spelling"),
        pytest.param({"invalid": "5"}, id="a number as text"),
    ],
)
def test_a_result_that_counts_odd_entries_otherwise_is_refused(changes):
    _, files = record()
    value = json.loads(files[RESULT])
    value["rounds"][0]["items"][0]["counts"]["others"].update(changes)
    report = verify_record(sign({**files, RESULT: codec.encode(value)}), workers=1)

    failed = {one.finding.check: one.finding for one in report.checked if one.finding.error}
    assert {check: one.error.code for check, one in failed.items()} == {"V19": "result-differs"}
    assert failed["V19"].place.startswith("result.rounds[0].items[0].counts.others")
