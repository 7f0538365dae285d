"""Forged archives: one lie each, everything else made consistent. Beside the samples."""

from __future__ import annotations

import hashlib
import json

import pytest

from tally.verify.archive import ArchiveVerifier, verify_archive
from tests.support.forger import (
    ABSTAIN,
    AGAINST,
    AGREE,
    EXACTLY_ONE,
    PLAIN,
    TIMESTAMP,
    Box,
    Chance,
    G,
    Members,
    weak_factor,
)
from voting.crypto.elgamal import Ciphertext
from voting.crypto.proofs import prove_knowledge
from voting.errors import RefusedError, VerificationError
from voting.protocol import codec
from voting.protocol.archive import ArchiveWriter, Setup, SizedTally, read_archive
from voting.protocol.chain import Chain, tar_header
from voting.protocol.result import (
    Result,
    decode_result,
    encode_result,
    open_elements,
    verify_result,
)
from voting.protocol.shares import (
    PartialDecryption,
    encode_partial_decryption,
    verify_partial_decryption,
)
from voting.protocol.shuffles import encode_shuffle, make_shuffle
from voting.protocol.tally import encode_tally
from voting.protocol.trustees import (
    Single,
    TrusteeKey,
    decode_trustees,
    encode_trustees,
    verify_trustees,
)

THREE = [(AGREE,), (AGREE,), (AGAINST,)]


@pytest.fixture(scope="module")
def box():
    """Three voters, one exactly-one question, Pedersen 2 of 3."""
    return Box(EXACTLY_ONE, choices=THREE)


@pytest.fixture(scope="module")
def plain():
    """Three voters, one NonHomomorphic question of two numbers."""
    return Box(PLAIN, choices=[((1, 2),), ((1, 2),), ((2, 1),)])


def failures(data, **options):
    return [
        (f.check, f.error.code)
        for f in verify_archive(data, **options).findings
        if f.status == "failed"
    ]


def test_the_forger_makes_honest_archives(box, plain):
    honest = box.opened().decrypt(1, 3).open().archive()
    mixed = plain.opened().shuffle(2).shuffle(1).decrypt(1, 2, 3).open().archive()

    for data in (honest, mixed):
        report = verify_archive(data)
        report.require_valid()
        assert report.stage == "result"
    assert read_archive(honest).result == b'{"result":[[2,1,0]]}'


def test_no_ballots_is_an_honest_archive():
    empty = Box(EXACTLY_ONE, PLAIN, choices=[])

    report = verify_archive(empty.opened().shuffle().decrypt(1, 2).open().archive())

    report.require_valid()
    assert report.ballots == 0


def test_weights_count(box):
    weighted = Box(EXACTLY_ONE, choices=THREE, weights=[5, 1, 2])

    data = weighted.opened().decrypt(2, 3).open().archive()

    verify_archive(data).require_valid()
    assert read_archive(data).result == b'{"result":[[6,2,0]]}'


def test_a_ballot_that_is_opened_by_itself_has_no_weight():
    weighted = Box(PLAIN, choices=[((1, 2),)], weights=[2])
    writer, data = weighted.begun()

    assert failures(data + writer.end_ballots()) == [("V10", "weighted-plaintext")]


# The chain


def chain_of(box, *events):
    """Write events in any order, with a right chain: ``B`` and a number is a ballot."""
    chain = Chain(TIMESTAMP)
    data = chain.first_record()
    data += chain.setup(Setup(box.election, box.trustees, box.credentials))
    opening = box.opened().decrypt(1, 2).open()
    for event in events:
        if event.startswith("B"):
            data += chain.event("Ballot", box.ballots[int(event[1:])])
        elif event == "EncryptedTally":
            sized = SizedTally(encode_tally(opening.tally), opening.number, opening.weight)
            data += chain.tally(sized)
        elif event == "Result":
            data += chain.event("Result", opening.result)
        else:
            data += chain.event(event)
    return data


@pytest.mark.parametrize(
    "events",
    [
        ("B0", "EndBallots", "B1", "B2", "EndBallots", "EncryptedTally"),
        ("B0", "EndShuffles", "B1", "B2", "EndBallots", "EncryptedTally"),
        ("B0", "B1", "B2", "EncryptedTally"),
        ("B0", "EndBallots", "EndBallots"),
        ("B0", "EndBallots", "EncryptedTally", "EncryptedTally"),
        ("B0", "EndBallots", "EncryptedTally", "EndShuffles", "EndShuffles"),
        ("B0", "EndBallots", "Result"),
        ("B0", "EndBallots", "EncryptedTally", "Result", "Result"),
    ],
    ids=" ".join,
)
def test_an_event_out_of_its_place_is_refused_before_anything_is_counted(box, events):
    report = verify_archive(chain_of(box, *events))

    assert [(f.check, f.error.code) for f in report.findings if f.error] == [
        ("V6", "archive-grammar")
    ]
    assert all(not f.ran for f in report.findings[1:])


def test_the_writer_keeps_to_the_grammar(box):
    writer, _ = box.begun()
    writer.end_ballots()

    with pytest.raises(RefusedError) as e:
        writer.ballot(box.ballots[0])
    assert e.value.code == "archive-order"


def test_a_resumed_writer_goes_on_where_the_archive_ends(box):
    whole = box.opened().decrypt(1, 2).open().archive()
    writer, begun = box.begun()
    sealed = begun + writer.end_ballots()
    archive = read_archive(whole)

    resumed = ArchiveWriter.resume(read_archive(sealed))
    rest = resumed.encrypted_tally(archive.tally)
    rest += b"".join(resumed.partial_decryption(s.owner, s.payload) for s in archive.shares)

    assert sealed + rest + resumed.result(archive.result) == whole


def records(data):
    """Return each record as bytes, padding included."""
    at, found = 0, []
    while at < len(data):
        size = int(data[at + 124 : at + 135], 8)
        end = at + 512 + size + -size % 512
        found.append(data[at:end])
        at = end
    return found


def with_header(record, **changes):
    """Change header bytes at the offsets of ``changes`` and mend the checksum."""
    head = bytearray(record[:512])
    for name, value in changes.items():
        offset = int(name[1:])
        head[offset : offset + len(value)] = value
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + record[512:]


@pytest.mark.parametrize(
    "changes",
    [
        {"_136": b"%011o\0" % (TIMESTAMP + 1)},
        {"_108": b"0001750\0"},
        {"_257": b"ustar\x0000"},
        {"_265": b"root"},
        {"_100": b"0000600\0"},
        {"_156": b"\0"},
    ],
    ids=["another time", "a user id", "ustar magic", "a user name", "a mode", "the old type"],
)
@pytest.mark.parametrize("index", [0, 3, 6, -1])
def test_a_header_has_one_form(box, changes, index):
    parts = records(box.opened().decrypt(1, 2).open().archive())
    parts[index] = with_header(parts[index], **changes)

    assert failures(b"".join(parts)) == [("V6", "archive-header")]


def test_a_wrong_checksum_is_refused(box):
    data = bytearray(box.begun()[1])
    data[148] ^= 1

    assert failures(bytes(data)) == [("V6", "archive-header")]


def test_tars_end_blocks_are_refused(box):
    data = box.opened().archive()

    assert failures(data + bytes(1024)) == [("V6", "archive-header")]
    assert failures(data + bytes(100)) == [("V6", "archive-truncated")]


def test_a_record_name_is_lower_case(box):
    parts = records(box.begun()[1])
    name = parts[6][:64]
    assert name != name.upper()
    parts[6] = with_header(parts[6], _0=name.upper())

    assert failures(b"".join(parts)) == [("V6", "archive-record-name")]


def test_padding_is_zero(box):
    data = bytearray(box.begun()[1])
    data[-1] = 1

    assert failures(bytes(data)) == [("V6", "archive-padding")]


def test_a_record_or_an_event_is_not_there_twice(box):
    parts = records(box.opened().archive())
    ballot, event = parts[6], parts[7]

    twice = [*parts[:8], event, *parts[8:]]
    both = [*parts[:8], ballot, event, *parts[8:]]

    assert failures(b"".join(twice)) == [("V6", "archive-unreferenced")]
    assert failures(b"".join(both)) == [("V6", "archive-chain")]


def test_records_stand_in_their_order(box):
    parts = records(box.begun()[1])
    parts[1], parts[2] = parts[2], parts[1]

    assert failures(b"".join(parts)) == [("V6", "archive-records")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"parent":"%s","height":1,"type":"Ballot","payload":"%s","x":1}', "archive-structure"),
        ('{"parent":"%s","height":1,"payload":"%s","type":"Ballot"}', "archive-structure"),
        ('{"parent":"%s","height":1,"type":"Vote","payload":"%s"}', "archive-structure"),
        ('{"parent":"%s","height":2,"type":"Ballot","payload":"%s"}', "archive-chain"),
        ('{"parent":"%s", "height":1,"type":"Ballot","payload":"%s"}', "archive-structure"),
    ],
)
def test_an_event_has_one_spelling(box, text, code):
    parts = records(box.begun()[1])
    parent, payload = parts[5][:64].decode(), parts[6][:64].decode()
    body = (text % (parent, payload)).encode()
    header = tar_header(f"{hashlib.sha256(body).hexdigest()}.event.json", len(body), TIMESTAMP)
    parts[7] = header + body + bytes(-len(body) % 512)

    assert failures(b"".join(parts[:8])) == [("V6", code)]


def test_what_is_no_archive_is_refused():
    assert failures(b"") == [("V6", "archive-first-record")]
    assert failures(b"{}" * 400) == [("V6", "archive-header")]
    assert failures(Chain(TIMESTAMP).first_record()) == [("V6", "archive-no-setup")]


# Trustees


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"context": {1: {"index": 2}, 2: {"index": 1}}}, "trustee-context"),
        ({"context": {2: {"threshold": 3}}}, "trustee-context"),
        ({"context": {i: {"size": 4} for i in (1, 2, 3)}}, "trustee-context"),
        ({"degree": {3: 1}}, "trustee-coefficients"),
        ({"degree": {2: 3}}, "trustee-coefficients"),
        ({"keys": {2: 0}}, "trustee-certificate"),
    ],
    ids=[
        "index swapped",
        "threshold",
        "size",
        "too few coefficients",
        "too many coefficients",
        "a key that everybody can sign with",
    ],
)
def test_a_signed_lie_in_the_ceremony_is_found(members, code):
    forged = Box(EXACTLY_ONE, choices=[], members=Members(Chance(), **members))

    assert failures(forged.begun()[1]) == [("V8", code)]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("certs", 1, "signature"), "trustee-certificate"),
        (("coefexps", 1, "signature"), "trustee-coefficients"),
        (("signatures", 1), "trustee-approval"),
        (("verification_keys", 1, "pok"), "trustee-pok"),
        (("verification_keys", 1, "signature"), "trustee-key-signature"),
    ],
)
def test_every_proof_of_a_trustee_is_checked(box, path, code):
    value = json.loads(box.trustees)
    proof = value[0][1]
    for step in path:
        proof = proof[step]
    proof["response"] = str(int(proof["response"]) ^ 1)

    report = verify_archive(setup_with(box, trustees=codec.encode(value)))

    (finding,) = [f for f in report.findings if f.error]
    assert (finding.check, finding.error.code) == ("V8", code)
    assert finding.error.params["owner"] == 2


def test_a_threshold_beside_the_certificates_is_refused(box):
    lower = box.trustees.replace(b'"threshold":2,"certs"', b'"threshold":1,"certs"')

    assert failures(setup_with(box, trustees=lower)) == [("V8", "trustee-context")]


def test_two_members_keys_swapped_are_refused(box):
    value = json.loads(box.trustees)
    keys = value[0][1]["verification_keys"]
    keys[0], keys[1] = keys[1], keys[0]

    assert failures(setup_with(box, trustees=codec.encode(value))) == [("V8", "trustee-key")]


def test_a_trustee_has_a_key_of_his_own(box):
    """The identity as a key: its secret 0 is known to all, and its proof verifies."""
    chance = Chance()
    nobody = Single(TrusteeKey(prove_knowledge(G, 0, chance.draw), G.identity))
    trustees = encode_trustees([box.group, nobody])

    assert failures(setup_with(box, trustees=trustees)) == [("V8", "trustee-key")]


def test_single_trustees_are_all_needed():
    chance = Chance()
    secrets = [chance.draw(), chance.draw()]
    items = [
        Single(TrusteeKey(prove_knowledge(G, x, chance.draw), x * G.generator, name="n"))
        for x in secrets
    ]
    trustees = decode_trustees(encode_trustees(items), G)

    verify_trustees(trustees, sum(secrets) * G.generator)
    assert [trustees.missing(given) for given in ((), (1,), (1, 1), (1, 2), (9,))] == [
        2,
        1,
        1,
        0,
        2,
    ]


def test_trustees_are_written_as_they_were_read(box):
    assert encode_trustees(decode_trustees(box.trustees, G).items) == box.trustees


def setup_with(box, *, trustees):
    return ArchiveWriter(TIMESTAMP).setup(box.election, trustees, box.credentials)


# Tally, shuffles, shares


def test_a_tally_of_other_ballots_is_refused(box):
    fewer = box.opened()
    fewer.tally, fewer.number, fewer.weight = box.sum(box.ballots[:2])
    fewer.ciphertexts = fewer.tally

    assert failures(fewer.decrypt(1, 2).open().archive()) == [("V12", "tally-wrong")]


def test_a_stated_weight_or_number_is_recomputed(box):
    heavy = box.opened()
    heavy.weight = 4
    many = box.opened()
    many.number = 4

    assert failures(heavy.archive()) == [("V12", "tally-weight")]
    assert failures(many.archive()) == [("V12", "tally-number")]


def test_an_unsorted_tally_is_refused(plain):
    opening = plain.opened()
    opening.tally = opening.ciphertexts = (opening.tally[0][::-1],)

    assert failures(opening.archive()) == [("V12", "tally-wrong")]


def test_every_trustee_shuffles_at_most_once_and_exists(plain):
    assert failures(plain.opened().shuffle(1).shuffle(1).archive()) == [("V13", "shuffle-twice")]
    assert failures(plain.opened().shuffle(4).archive()) == [("V13", "shuffle-owner")]


def test_plaintexts_are_not_decrypted_unshuffled(plain):
    assert failures(plain.opened().decrypt(1).archive()) == [("V13", "shuffle-missing")]


def test_a_shuffle_without_a_question_for_it_is_refused(box):
    assert failures(box.opened().shuffle(1).archive()) == [("V13", "shuffle-unwanted")]


def test_a_shuffle_must_follow_the_one_before(plain):
    opening = plain.opened().shuffle(1)
    made = make_shuffle(opening.election, opening.tally, opening.chance.rand, opening.chance.draw)
    opening.shuffles.append((2, encode_shuffle(made)))

    assert failures(opening.archive()) == [("V13", "faulty-trustee")]


def test_owners_of_shares_exist_and_are_distinct(box):
    twice = box.opened().decrypt(1, 1)
    outside = box.opened().decrypt(1)
    outside.shares.append((4, outside.shares[0][1]))

    assert failures(twice.archive()) == [("V14", "share-twice")]
    assert failures(outside.archive()) == [("V14", "share-owner")]


def test_a_result_needs_enough_shares(box):
    assert failures(box.opened().decrypt(2).open().archive()) == [("V14", "share-missing")]
    assert failures(box.opened().open().archive()) == [("V14", "share-missing")]


def test_a_share_beyond_the_threshold_must_be_valid_too(box):
    opening = box.opened().decrypt(1, 2)
    opening.shares.append((3, opening.shares[0][1]))

    assert failures(opening.open().archive()) == [("V14", "faulty-trustee")]


def test_a_share_has_the_shape_of_the_tally(box):
    opening = box.opened().decrypt(1)
    share = opening.share(2)
    short = PartialDecryption((share.factors[0][:2],), (share.proofs[0][:2],))
    opening.shares.append((2, encode_partial_decryption(short)))

    assert failures(opening.archive()) == [("V14", "malformed")]


# Results


def forged_by(opening, owner, entry):
    """Replace one factor of ``owner`` by a wrong one whose version 1 proof verifies."""
    share = opening.share(owner)
    secret = opening.box.members.shares[owner - 1]
    factor, proof, ratio = weak_factor(
        opening.election, secret, opening.ciphertexts[0][entry], opening.chance
    )
    factors, proofs = list(share.factors[0]), list(share.proofs[0])
    factors[entry], proofs[entry] = factor, proof
    return PartialDecryption((tuple(factors),), (tuple(proofs),)), ratio - secret


def test_a_forged_factor_passes_its_proof_and_is_caught_by_the_bounds():
    """Trustee 2 knows the ballots' randomness here, so that even the absurd total is right."""
    seed = 7
    box = Box(EXACTLY_ONE, choices=[(AGREE,)], seed=seed)
    opening = box.opened().decrypt(1)
    r = opening.chance.draw()
    y = opening.election.public_key
    known = Ciphertext(r * G.generator, r * y + G.generator)
    opening.ciphertexts = ((known, *opening.ciphertexts[0][1:]),)
    forged, shift = forged_by(opening, 2, 0)
    shares = {1: opening.share(1), 2: forged}
    (opened,) = opening.elements(shares)
    # With members 1 and 2 the second factor counts -1 times: M = g - (-1)·shift·alpha.
    total = (1 + shift * r) % G.order
    assert total * G.generator == opened[0]

    trustees = decode_trustees(box.trustees, G)
    verify_partial_decryption(opening.election, opening.ciphertexts, 2, trustees.key(2), forged)
    stated = encode_result(Result(((total, 0, 0),)))
    with pytest.raises(VerificationError) as e:
        verify_result(
            opening.election,
            open_elements(trustees, opening.ciphertexts, shares),
            1,
            decode_result(stated, opening.election, opening.ciphertexts),
        )
    assert e.value.code == "result-bounds"


def test_a_forged_factor_in_an_archive_fails_whatever_is_stated(box):
    opening = box.opened().decrypt(1)
    forged, _ = forged_by(opening, 2, 0)
    opening.shares.append((2, encode_partial_decryption(forged)))

    absurd = int("7" * 76)
    for stated, code in (
        ((absurd, 1, 0), "result-bounds"),
        ((4, 1, 0), "result-bounds"),
        ((2, 1, 0), "result-wrong"),
    ):
        assert failures(opening.state(stated).archive()) == [("V16", code)]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ((2, 1, 1), "result-sum"),
        ((1, 1, 0), "result-sum"),
        ((1, 1, 1), "result-wrong"),
        ((4, -1, 0), "malformed"),
        ((2, 1), "malformed"),
    ],
)
def test_a_wrong_result_is_refused(box, stated, code):
    opening = box.opened().decrypt(1, 2).state(stated)

    assert failures(opening.archive()) == [("V16", code)]


@pytest.mark.parametrize(
    "text",
    [
        b'{"result":[[2,1,0]],"note":"x"}',
        b'{"result":[["2",1,0]]}',
        b'{"result":[[2,1,0],[0]]}',
        b'{"result":[[2, 1,0]]}',
        b'{"result":[[2,true,0]]}',
    ],
)
def test_a_result_has_one_form(box, text):
    opening = box.opened().decrypt(1, 2)
    opening.result = text

    assert failures(opening.archive()) == [("V16", "malformed")]


def test_wrong_plaintexts_are_refused(plain):
    opening = plain.opened().shuffle().decrypt(1, 2).open()
    stated = json.loads(opening.result)["result"][0]
    opening.state(((9, 9), *map(tuple, stated[1:])))

    assert failures(opening.archive()) == [("V16", "result-wrong")]


def test_an_element_that_no_numbers_embed_to_voids_a_bare_archive_but_not_a_record(monkeypatch):
    """A voter can encrypt any element; in a record the second proofs show that it was he."""
    strange = 5 * G.generator
    monkeypatch.setattr(type(G), "embed", lambda self, numbers: strange)
    plain = Box(PLAIN, choices=[((0, 0),)])
    monkeypatch.undo()
    data = plain.opened().shuffle().decrypt(1, 2).open().archive()

    assert failures(data) == [("V16", "result-plaintext")]
    verifier = ArchiveVerifier(data, in_record=True)
    assert all(f.status == "passed" for f in verifier.findings())
    assert verifier.opened.unfaithful == ((0,),)


# The ballots


def test_a_ballot_of_another_election_is_refused(box):
    """Sealed with a credential of this election's list, but under another key."""
    other = Box(EXACTLY_ONE, choices=THREE, seed=2)
    writer, data = box.begun()
    moved = writer.ballot(other.seal(box.secrets[0], (AGREE,)))

    assert failures(data + moved) == [("V10", "ballot-election")]


def test_the_last_ballot_of_a_credential_counts(box):
    writer, data = box.begun()
    data += writer.ballot(box.seal(box.secrets[0], (ABSTAIN,)))
    verifier = ArchiveVerifier(data)

    assert all(f.status != "failed" for f in verifier.findings())
    assert (verifier.ballots.num_tallied, verifier.ballots.revotes) == (3, 1)


@pytest.mark.parametrize("junk", [b'{"hello":"world"}', b"[" * 100_000, b"\xff", b"{}", b"1e400"])
def test_junk_is_no_ballot(box, junk):
    writer, data = box.begun()

    assert failures(data + writer.ballot(junk)) == [("V10", "malformed")]


def test_a_fault_does_not_hide_the_next(box):
    """A bad trustee and a bad ballot are both told; what needs them is not run."""
    value = json.loads(box.trustees)
    value[0][1]["signatures"][0]["response"] = "1"
    ballot = json.loads(box.ballots[0])
    ballot["signature"]["proof"]["response"] = "1"
    data = setup_with(box, trustees=codec.encode(value))
    writer = ArchiveWriter.resume(read_archive(data))
    data += writer.ballot(codec.encode(ballot))

    report = verify_archive(data)

    assert [(f.check, f.error.code) for f in report.findings if f.error] == [
        ("V8", "trustee-approval"),
        ("V11", "ballot-signature"),
    ]
    with pytest.raises(VerificationError) as e:
        report.require_valid()
    assert e.value.params == {"checks": ["V8", "V11"]}
