"""What we write is accepted by an independent reader: belenios-tool 3.0, soundly used."""

from __future__ import annotations

import json

import pytest

from tally.count import combine, complete_archive
from tests.interop.tool import ask_oracle, belenios_oracle, tool
from tests.support.ballots import NAMES, PLAINTEXT, TWO_TO_THREE, WITH_BLANK
from tests.support.forger import ABSTAIN, AGAINST, AGREE, EXACTLY_ONE, UUID, Box
from tests.support.sealed import opened, sealed_case
from tests.support.shuffled import roster_election, signed_case
from voting.meeting import binding
from voting.protocol.archive import read_archive
from voting.protocol.trustees import decode_trustees

VOTES = [AGREE] * 4 + [AGAINST] * 2 + [ABSTAIN] * 2


@pytest.fixture(scope="module", autouse=True)
def tool_3():
    return tool("3.0")


@pytest.fixture
def write(tmp_path):
    def write(data, uuid=UUID):
        path = tmp_path / f"{uuid}.bel"
        path.write_bytes(data)
        return path

    return write


@pytest.fixture(scope="module")
def box():
    choices = [[vote, (1, 0, 1, 0), (0, 1, 1, 0)] for vote in VOTES]
    choices[0][2] = (1, 0, 0, 0)  # a blank vote
    return Box(EXACTLY_ONE, TWO_TO_THREE, WITH_BLANK, choices=choices)


def test_a_round_by_trustees_devices_is_accepted_closed_and_with_its_result(write):
    case, slot, sealed = sealed_case()
    checked, note = opened(case, slot, sealed)
    count = combine(
        checked.election,
        decode_trustees(case.trustees, checked.election.group),
        checked.ciphertexts,
        [device.release(checked, note) for device in case.devices[1:]],
        number=6,
    )

    belenios_oracle(write(sealed, slot))
    belenios_oracle(write(complete_archive(sealed, read_archive(sealed), count), slot))
    assert json.loads(count.result_bytes) == {"result": [[4, 1, 1]]}


@pytest.mark.parametrize("missing", [None, 2])
def test_a_round_that_three_trustees_shuffled_is_accepted(write, monkeypatch, missing):
    """Homomorphic and roster questions in one election; all three shuffle, or two."""
    monkeypatch.setattr(binding, "round_election", roster_election)
    case, checked, note, sealed = signed_case()
    here = tuple(index for index in (1, 2, 3) if index != missing)
    compared = missing is not None
    if compared:
        checked = case.without(checked, missing)
    case.shuffle_all(checked, note, here)
    shuffles = case.chain_note(checked, *(case.agree(index, checked) for index in here))
    answers = [
        case.release(index, checked, note, shuffles, compared=compared) for index in here[-2:]
    ]
    count = case.counted(checked, answers)
    final = complete_archive(sealed, read_archive(sealed), count)

    belenios_oracle(write(sealed, checked.slot))
    belenios_oracle(write(final, checked.slot))
    assert json.loads(count.result_bytes)["result"][0] == [4, 1, 1]


def test_open_closed_and_complete_archives_of_eight_ballots_are_accepted(box, write):
    writer, begun = box.begun()

    belenios_oracle(write(begun))
    belenios_oracle(write(begun + writer.end_ballots()))
    belenios_oracle(write(box.opened().decrypt(1, 3).open(1, 3).archive()))


def test_a_vote_that_nobody_casts_is_accepted(write):
    box = Box(EXACTLY_ONE, choices=[[AGREE]])
    box.ballots = []

    belenios_oracle(write(box.begun()[1]))
    belenios_oracle(write(box.opened().decrypt(1, 2).open().archive()))


def test_a_revote_counts_once(write):
    box = Box(EXACTLY_ONE, choices=[[AGREE], [AGAINST]])
    first = box.secrets[0]
    box.ballots.append(box.seal(first, [ABSTAIN]))
    counted = box.sum(box.ballots[1:])
    opened = box.opened()
    opened.tally, opened.number, opened.weight = counted
    opened.ciphertexts = counted[0]

    belenios_oracle(write(opened.decrypt(1, 2).open().archive()))
    assert json.loads(opened.result) == {"result": [[0, 1, 1]]}


def test_shuffled_plaintexts_are_accepted(write):
    box = Box(NAMES, choices=[[PLAINTEXT], [(0, 2, *[0] * 28)], [PLAINTEXT]])

    belenios_oracle(write(box.opened().shuffle(1).shuffle(2).decrypt(2, 3).open(2, 3).archive()))


def test_the_oracle_rejects_a_ballot_whose_proof_is_wrong(write):
    """Otherwise its yes would say nothing."""
    box = Box(EXACTLY_ONE, choices=[[AGREE]] * 3)
    box.ballots[1] = box.resigned(1, break_proof)

    accepted, said = ask_oracle(write(box.begun()[1]))

    assert not accepted
    assert "verify-ballot rejects 1 of 3" in said


def break_proof(ballot):
    ballot["answers"][0]["individual_proofs"][2][0]["response"] = "5"
