"""The files that JavaScript reads too: regenerated to the same bytes, and run once more here."""

from __future__ import annotations

import json

import pytest

from tests.vectors import generate_protocol as g
from voting.crypto.group import ED25519
from voting.crypto.hashing import seeded_scalars
from voting.errors import FormatError, PiaojueError
from voting.protocol import credential as c
from voting.protocol.ballot import decode_ballot, seal_ballot, size_limit, tracker, verify_ballot
from voting.protocol.election import decode_election
from voting.protocol.spoil import check_opening, decode_opening
from voting.protocol.values import take_proof


def vectors(name, *kinds):
    listed = json.loads((g.DATA / f"{name}.json").read_bytes())["tests"]
    return [pytest.param(test, id=test["id"]) for test in listed if test["kind"] in kinds]


def raises_as(test, call):
    with pytest.raises(PiaojueError) as caught:
        call()
    error = caught.value
    assert error.code == test["error"]["code"]
    if isinstance(error, FormatError):
        assert error.place == test["error"]["place"]
    elif "params" in test["error"]:
        assert error.params == test["error"]["params"]


def test_the_generator_writes_the_same_files_again():
    for name, data in g.files().items():
        assert (g.DATA / name).read_bytes() == data, f"{name} is not what the code makes"


def test_every_kind_of_vector_is_run():
    kinds = {"token", "typed", "scanned", "derive", "derive-belenios", "list", "act"}
    kinds |= {"seal", "refuse", "open"}
    found = {test["kind"] for data in g.files().values() for test in json.loads(data)["tests"]}
    assert found == kinds


@pytest.mark.parametrize("test", vectors("token", "token"))
def test_a_token_is_printed(test):
    token = c.token_from_bytes(bytes.fromhex(test["raw"]))

    assert token == test["token"]
    assert c.format_token(token) == test["printed"]
    assert c.qr_payload(token) == test["qr"]
    assert c.parse_token(test["printed"]) == c.parse_qr(test["qr"]) == token


@pytest.mark.parametrize("test", vectors("token", "typed", "scanned"))
def test_a_token_is_read(test):
    read = c.parse_token if test["kind"] == "typed" else c.parse_qr
    if "error" in test:
        raises_as(test, lambda: read(test["input"]))
    else:
        assert read(test["input"]) == test["token"]


@pytest.mark.parametrize("test", vectors("credential", "derive", "derive-belenios"))
def test_a_credential_is_derived(test):
    if test["kind"] == "derive":
        x = c.private_credential(test["token"], test["uuid"], ED25519)
    else:
        x = c.derive_credential(test["credential"], test["uuid"], ED25519)

    assert str(x) == test["x"]
    assert c.public_credential(x, ED25519).text == test["public"]


@pytest.mark.parametrize("test", vectors("credential", "list"))
def test_a_series_is_listed(test):
    elements = [ED25519.decode(text) for text in test["elements"]]

    assert c.encode_credentials(c.sorted_credentials(elements)).decode() == test["data"]


@pytest.mark.parametrize("test", vectors("credential", "act"))
def test_an_act_is_signed(test):
    where = {"slot": test["slot"], "meeting_fingerprint": test["meeting"]}
    credential = ED25519.decode(test["public"])
    proof = take_proof(test["proof"], "proof", ED25519)

    def verify():
        c.verify_ticket_act(credential, test["act"], **where, proof=proof)

    if "error" in test:
        raises_as(test, verify)
        return
    verify()
    nonce = int(test["nonce"])
    made = c.sign_ticket_act(int(test["x"]), test["act"], **where, nonce=nonce, group=ED25519)
    assert made == proof


@pytest.mark.parametrize("test", vectors("ballot", "seal"))
def test_a_ballot_is_sealed(test):
    election = decode_election(test["election"].encode())
    seed = bytes.fromhex(test["seed"])
    draw = seeded_scalars(seed, b"ballot|" + test["phi"].encode(), ED25519)

    sealed = seal_ballot(
        election, int(test["x"]), test["choices"], seed=seed, signature_nonce=int(test["nonce"])
    )

    assert election.fingerprint == test["phi"]
    assert [str(draw()) for _ in test["scalars"]] == test["scalars"]
    assert sealed.data.decode() == test["ballot"]
    assert tracker(sealed.data) == test["tracker"]
    assert len(sealed.data) <= size_limit(election) == test["size_limit"]
    verify_ballot(election, decode_ballot(sealed.data, election))


@pytest.mark.parametrize("test", vectors("ballot", "refuse"))
def test_a_ballot_is_refused(test):
    election = decode_election(test["election"].encode())

    raises_as(
        test,
        lambda: verify_ballot(election, decode_ballot(test["ballot"].encode(), election)),
    )


@pytest.mark.parametrize("test", vectors("spoil", "open"))
def test_a_spoiled_ballot_is_opened(test):
    election = decode_election(test["election"].encode())

    def check():
        opening = decode_opening(test["opening"].encode(), election)
        return check_opening(election, opening, test["tracker"])

    if "error" in test:
        raises_as(test, check)
    else:
        assert check().decode() == test["ballot"]
