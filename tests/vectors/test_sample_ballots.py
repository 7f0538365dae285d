"""Ballots made by belenios-tool and by an independent prototype, and ballots with one fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from voting.crypto.group import ED25519
from voting.errors import PiaojueError, UnsupportedError
from voting.protocol.ballot import decode_ballot, size_limit, tracker, verify_ballot
from voting.protocol.credential import decode_credentials
from voting.protocol.election import decode_election

SAMPLES = Path(__file__).parents[1] / "samples"


def bodies(folder):
    """The bodies of a sample's records, without any of the archive's own checks."""
    (path,) = (SAMPLES / folder).glob("*.bel")
    data, at = path.read_bytes(), 0
    while at + 512 <= len(data):
        size = int(data[at + 124 : at + 135], 8)
        yield data[at + 512 : at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


def election_and_ballots(folder):
    found = list(bodies(folder))
    election = decode_election(next(body for body in found if b'"questions":' in body))
    return election, [body for body in found if body.startswith(b'{"election_uuid"')]


def accept_all(folder):
    election, ballots = election_and_ballots(folder)
    for data in ballots:
        verify_ballot(election, decode_ballot(data, election))


@pytest.mark.parametrize(
    "name",
    ["blank", "mixnet", "no-result-yet", "open", "pedersen-3of3", "revote", "threshold-2of3"],
)
def test_every_ballot_of_a_valid_archive_is_accepted(name):
    election, ballots = election_and_ballots(f"valid/{name}")
    lists = [body for body in bodies(f"valid/{name}") if body.startswith(b'["')]
    listed = next(body for body in lists if not body.startswith((b'["Single', b'["Pedersen')))
    credentials = {line.element for line in decode_credentials(listed, election.group)}

    assert len(ballots) >= 6
    assert election.group is ED25519
    for data in ballots[:6]:
        ballot = decode_ballot(data, election)
        verify_ballot(election, ballot)
        assert ballot.credential in credentials
        assert ballot.tracker == tracker(data)
        assert size_limit(election) * 0.98 < len(data) <= size_limit(election)


@pytest.mark.parametrize(
    ("number", "code", "place"),
    [
        ("07", "malformed", "election.version"),
        ("12", "ballot-proof", None),
        ("15", "ballot-signature", None),
        ("19", "ballot-uuid", None),
        ("21", "malformed", "ballot"),
        ("23", "malformed", "ballot.answers[0]"),
        ("25", "malformed", "ballot.answers[0].individual_proofs[0][0].challenge"),
        ("27", "malformed", "ballot"),
    ],
)
def test_a_faulty_sample_is_refused_for_its_fault(number, code, place):
    with pytest.raises(PiaojueError) as caught:
        accept_all(f"invalid/{number}")

    assert caught.value.code == code
    assert getattr(caught.value, "place", None) == place


def test_a_credential_listed_twice_is_found():
    found = list(bodies("invalid/09"))
    listed = next(
        body for body in found if body.startswith(b'["') and not body.startswith(b'["Ped')
    )

    with pytest.raises(PiaojueError) as caught:
        decode_credentials(listed, ED25519)
    assert caught.value.code == "credential-duplicate"


def test_a_lists_question_is_refused_by_name():
    with pytest.raises(UnsupportedError) as caught:
        election_and_ballots("unsupported/lists")

    assert caught.value.params == {"kind": "Lists"}
