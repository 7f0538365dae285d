"""The trustees' vectors: written again to the same bytes, and read from the other side."""

from __future__ import annotations

import json

import pytest

from kiosk.device.keyfile import KeyFile
from tests.vectors.generate_trustees import DATA, files
from tests.vectors.shuffle_bodies import put
from voting.crypto.decryption import verify_factor, verify_partial
from voting.crypto.group import ED25519
from voting.errors import FormatError, ProofError
from voting.protocol.ceremony import Session, Shares
from voting.protocol.checkpoint import verify_checkpoint
from voting.protocol.election import decode_election
from voting.protocol.mixing import Chain, parse_chain, verify_chain, verify_link
from voting.protocol.sharebox import open_share
from voting.protocol.shares import (
    decode_partial_decryption,
    decode_second_proofs,
    verify_second_proofs,
)
from voting.protocol.shuffles import decode_shuffle, verify_shuffle
from voting.protocol.tally import decode_tally
from voting.protocol.trustees import decode_trustees, verify_trustees
from voting.protocol.values import take_ciphertext, take_proof


def read(name):
    return json.loads((DATA / f"{name}.json").read_bytes())


def test_the_generator_writes_the_same_bytes():
    for name, data in files().items():
        assert (DATA / name).read_bytes() == data, name


def test_every_share_opens_for_its_recipient_and_they_add_up():
    vector = read("ceremony")
    session = Session(**vector["session"])
    verify_trustees(decode_trustees(vector["trustees"].encode(), ED25519))
    bodies = [json.loads(reveal)["body"] for reveal in vector["reveal"]]
    note_keys = [body["note_key"] for body in bodies]
    dealt = [Shares.decode(session, s.encode(), note_keys) for s in vector["shares"]]

    for j, device in enumerate(vector["devices"], start=1):
        values = [
            open_share(
                session,
                one.boxes[j - 1],
                dealer=one.trustee,
                recipient=j,
                box_secret=bytes.fromhex(device["box_secret"]),
                their_key=bodies[one.trustee - 1]["box_key"],
            )
            for one in dealt
        ]
        assert str(sum(values) % ED25519.order) == device["share"]


def test_the_checkpoint_is_signed_by_all_three():
    vector = read("checkpoint")
    keys = [bytes.fromhex(one["public_key"]) for one in vector["keys"]]

    checkpoint, signers = verify_checkpoint(vector["note"].encode(), keys)

    assert signers == {1, 2, 3}
    assert (checkpoint.text, checkpoint.digest) == (vector["text"], vector["digest"])


def test_the_chain_of_shuffles_is_signed_link_by_link_and_as_a_whole():
    vector = read("shuffles")
    keys = [bytes.fromhex(key) for key in vector["keys"]]

    chain, signers = verify_chain(vector["note"].encode(), keys)

    assert (chain.text, list(chain.owners)) == (vector["text"], vector["owners"])
    assert signers == {1, 2, 4}
    for number, line in enumerate(vector["links"], start=1):
        verify_link(chain.first(number), line, keys)
    for wrong in vector["wrong_links"]:
        with pytest.raises(ProofError):
            verify_link(chain.first(wrong["number"]), wrong["line"], keys)
    for text in vector["wrong_texts"]:
        with pytest.raises(FormatError):
            parse_chain(text)
    for one in vector["waits"]:
        so_far = Chain("5e" * 32, tuple((owner, "") for owner in one["owners"]))
        assert so_far.waits_for(one["size"], one["missing"]) == one["waits_for"]


def test_a_shuffle_has_one_spelling_and_every_part_of_its_proof_counts():
    vector = read("shuffle-bodies")
    election = decode_election(vector["election"].encode())
    tally = decode_tally(vector["tally"].encode(), election)

    def check(body: bytes) -> None:
        verify_shuffle(election, tally, decode_shuffle(body, election, tally))

    body = vector["body"].encode()
    check(body)
    for one in vector["wrong"]:
        wrong = (
            put(body, one["path"], one["to"])
            if "path" in one
            else body.replace(one["from"].encode(), one["to"].encode(), 1)
        )
        with pytest.raises((FormatError, ProofError)) as caught:
            check(wrong)
        place = {"place": caught.value.place} if isinstance(caught.value, FormatError) else {}
        assert {"code": caught.value.code, **place} == one["error"], one["what"]


def test_the_key_file_opens_with_either_spelling_of_its_passphrase(tmp_path):
    vector = read("keyfile")
    path = tmp_path / "a.key"
    path.write_text(vector["file"])

    for passphrase in (vector["passphrase"], vector["normalized"]):
        opened = KeyFile.open([path], passphrase)
        assert opened.payload == vector["payload"].encode()
        assert opened.counter == vector["counter"]


def test_second_proofs_hold_and_a_forged_factor_only_has_the_first():
    vector = read("second-proof")
    election = decode_election(vector["election"].encode())
    tally = decode_tally(
        json.dumps(vector["encrypted_tally"], separators=(",", ":")).encode(), election
    )
    key = ED25519.decode(vector["public_key"])
    share = decode_partial_decryption(vector["partial_decryption"].encode(), election, tally)
    second = decode_second_proofs(vector["proofs"].encode(), election, tally)
    verify_second_proofs(election, tally, 1, key, share, second.trustees[1])

    forged = vector["forged"]
    ciphertext = take_ciphertext(forged["ciphertext"], "ciphertext", ED25519)
    factor = ED25519.decode(forged["factor"])
    proof = take_proof(forged["proof"], "proof", ED25519)
    assert factor != share.factors[0][0]
    verify_partial(ED25519, election.fingerprint, key, ciphertext.alpha, factor, proof)
    for attempt in (proof, second.trustees[1][0][0]):
        with pytest.raises(ProofError):
            verify_factor(ED25519, election.fingerprint, key, ciphertext, factor, attempt)
