"""A ballot is accepted only whole, canonical, for its election and under its credential."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from tests.support import ballots as b
from tests.support.finite_field import FINITE_FIELDS
from voting.crypto.group import ED25519
from voting.errors import FormatError, ProofError, VerificationError
from voting.protocol import codec
from voting.protocol.ballot import (
    decode_ballot,
    seal_ballot,
    short_tracker,
    size_limit,
    tracker,
    verify_ballot,
)

ELECTION = b.make(b.ONE_OF_THREE, b.TWO_TO_THREE, b.WITH_BLANK, b.NAMES)
CHOICES = ((1, 0, 0), (0, 1, 1, 0), (1, 0, 0, 0), b.PLAINTEXT)
SEALED = b.seal(ELECTION, CHOICES)
OTHER = b.seal(ELECTION, ((0, 1, 0), (1, 1, 1, 0), (0, 1, 0, 1), b.PLAINTEXT), voter=2, number=2)
SMALL = b.make(b.ONE_OF_THREE, b.ONE_OF_THREE)
SMALL_SEALED = b.seal(SMALL, ((1, 0, 0), (0, 0, 1)))


def accept(data, election=ELECTION):
    ballot = decode_ballot(data, election)
    verify_ballot(election, ballot)
    return ballot


def finding(data, election=ELECTION):
    with pytest.raises(VerificationError) as caught:
        accept(data, election)
    return caught.value


def test_a_sealed_ballot_is_accepted():
    ballot = accept(SEALED.data)

    digest = hashlib.sha256(SEALED.data).digest()
    assert ballot.raw == SEALED.data
    assert ballot.credential == SEALED.credential == ED25519.multiply_generator(b.scalar(1))
    assert ballot.digest == digest.hex()
    assert ballot.tracker == SEALED.tracker == tracker(SEALED.data)
    assert base64.b64decode(SEALED.tracker + "=") == digest
    assert short_tracker(SEALED.tracker) == SEALED.tracker[:12]


@pytest.mark.parametrize(
    "choices",
    [
        ((0, 0, 1), (1, 1, 0, 0), (0, 1, 0, 0), b.PLAINTEXT),
        ((0, 1, 0), (1, 1, 1, 0), (0, 1, 0, 1), (255,) * 30),
    ],
)
def test_every_allowed_choice_can_be_sealed(choices):
    accept(b.seal(ELECTION, choices).data)


@pytest.mark.parametrize(
    ("question", "chosen"),
    [
        (0, (0, 0, 0)),
        (0, (1, 1, 0)),
        (0, (2, -1, 0)),
        (0, (1, 0)),
        (0, (True, 0, 0)),
        (1, (1, 0, 0, 0)),
        (1, (1, 1, 1, 1)),
        (2, (1, 1, 0, 0)),
        (2, (0, 0, 0, 0)),
        (2, (0, 1, 1, 1)),
        (3, (256, *[0] * 29)),
        (3, (-1, *[0] * 29)),
        (3, (0,) * 29),
    ],
)
def test_a_choice_that_a_question_does_not_allow_is_not_sealed(question, chosen):
    choices = list(CHOICES)
    choices[question] = chosen

    with pytest.raises(FormatError) as caught:
        b.seal(ELECTION, choices)
    assert caught.value.place == f"choices[{question}]"
    assert str(chosen) not in str(caught.value)


def test_a_choice_is_explicit_for_every_question_and_a_seed_has_32_bytes():
    with pytest.raises(FormatError):
        b.seal(ELECTION, CHOICES[:3])
    with pytest.raises(FormatError):
        seal_ballot(ELECTION, 1, CHOICES, seed=bytes(31), signature_nonce=1)


def test_the_same_seed_and_nonce_give_the_same_bytes_and_nothing_else_does():
    again = b.seal(ELECTION, CHOICES)
    other_seed = b.seal(ELECTION, CHOICES, number=1)

    assert again.data == SEALED.data
    first, second = b.parsed(SEALED)["answers"], b.parsed(other_seed)["answers"]
    assert all(x != y for x, y in zip(first, second, strict=True))


def test_no_answer_depends_on_the_signature_nonce():
    other = seal_ballot(ELECTION, b.scalar(1), CHOICES, seed=b.seed(), signature_nonce=4)

    assert b.parsed(other)["answers"] == b.parsed(SEALED)["answers"]
    assert b.parsed(other)["signature"] != b.parsed(SEALED)["signature"]


def test_what_is_printed_of_a_sealed_ballot_shows_no_secret():
    shown = repr(SEALED)

    assert b.seed().hex() not in shown
    assert repr(b.seed()) not in shown
    assert "choices" not in shown
    assert "seed" not in shown


def test_a_ballot_for_another_election_is_refused():
    same_questions = b.make(*ELECTION.questions, uuid="2" * 22)
    same_uuid = b.make(*ELECTION.questions, secret_key=6)

    assert finding(SEALED.data, same_questions).code == "ballot-uuid"
    assert finding(SEALED.data, same_uuid).code == "ballot-election"


@pytest.mark.parametrize("election", [SMALL], ids=["fewer questions"])
def test_a_ballot_is_read_by_its_own_election_only(election):
    with pytest.raises(FormatError):
        decode_ballot(SEALED.data, election)


def paths(value, path=()):
    """Every leaf of a JSON value."""
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from paths(value[key], (*path, key))
    else:
        yield path


def changed(value, path, new):
    copy = json.loads(json.dumps(value))
    inner = copy
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return copy


ANSWER_LEAVES = [path for path in paths(b.parsed(SEALED)) if path[0] == "answers"]


@pytest.mark.parametrize("path", ANSWER_LEAVES[::3], ids=lambda p: ".".join(map(str, p)))
def test_a_changed_value_is_refused_by_the_proof_that_covers_it_even_when_signed_again(path):
    ballot, other = b.parsed(SEALED), b.parsed(OTHER)
    leaf = other
    for key in path:
        leaf = leaf[key]

    data = b.resigned(ELECTION, changed(ballot, path, leaf))

    found = finding(data)
    assert isinstance(found, ProofError)
    assert found.code == "ballot-proof"
    assert found.params["question"] == path[1] + 1


@pytest.mark.parametrize(
    ("path", "part", "choice"),
    [
        ((0, "individual_proofs", 2, 1, "response"), "individual", 3),
        ((1, "overall_proof", 1, "challenge"), "overall", None),
        ((2, "overall_proof", 0, "response"), "overall", None),
        ((2, "blank_proof", 1, "response"), "blank", None),
        ((3, "proof", "response"), "plaintext", None),
    ],
)
def test_the_finding_names_the_proof(path, part, choice):
    data = b.resigned(ELECTION, changed(b.parsed(SEALED), ("answers", *path), "5"))

    found = finding(data)
    assert found.params["part"] == part
    assert found.params.get("choice") == choice


def test_answers_cannot_be_exchanged_copied_or_taken_from_another_ballot():
    ballot, other = (
        b.parsed(SMALL_SEALED),
        b.parsed(b.seal(SMALL, ((0, 1, 0), (0, 1, 0)), voter=2, number=2)),
    )
    first, second = ballot["answers"]

    for answers in ([second, first], [first, first], [first, other["answers"][1]]):
        assert (
            finding(codec.encode({**ballot, "answers": answers}), SMALL).code == "ballot-signature"
        )
    stolen = b.resigned(SMALL, {**ballot, "answers": other["answers"]})
    assert finding(stolen, SMALL).code == "ballot-proof"


def test_choices_inside_an_answer_cannot_be_exchanged():
    ballot = b.parsed(SMALL_SEALED)
    answer = ballot["answers"][0]
    for name in ("choices", "individual_proofs"):
        answer[name][0], answer[name][1] = answer[name][1], answer[name][0]

    found = finding(b.resigned(SMALL, ballot), SMALL)
    assert found.params == {"question": 1, "part": "overall"}


def test_a_ballot_cannot_be_cast_again_under_another_credential():
    theirs = ED25519.multiply_generator(b.scalar(2))
    ballot = {**b.parsed(SEALED), "credential": theirs.text}

    assert finding(codec.encode(ballot)).code == "ballot-signature"
    found = finding(b.resigned(ELECTION, ballot, voter=2))
    assert found.params == {"question": 1, "part": "individual", "choice": 1}


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (("signature", "proof", "challenge"), "5"),
        (("signature", "proof", "response"), "5"),
        (("signature", "hash"), "A" * 43),
    ],
)
def test_a_wrong_signature_is_found(path, new):
    assert finding(codec.encode(changed(b.parsed(SEALED), path, new))).code == "ballot-signature"


def test_another_hash_correctly_signed_is_no_signature_of_this_ballot():
    other = b.parsed(b.seal(ELECTION, CHOICES, number=1))

    data = codec.encode({**b.parsed(SEALED), "signature": other["signature"]})
    assert finding(data).code == "ballot-signature"


Q = ED25519.order


@pytest.mark.parametrize(
    ("path", "change"),
    [
        pytest.param(("answers", 0, "choices", 0, "alpha"), str.upper, id="upper-case hex"),
        pytest.param(
            ("answers", 0, "overall_proof", 0, "response"),
            lambda scalar: str(int(scalar) + Q),
            id="not reduced",
        ),
        pytest.param(
            ("answers", 3, "proof", "challenge"), lambda scalar: "0" + scalar, id="leading zero"
        ),
        pytest.param(("answers", 3, "proof", "challenge"), int, id="scalar as a number"),
        pytest.param(("signature", "hash"), lambda hashed: hashed + "=", id="padded hash"),
        pytest.param(("credential",), lambda _: ED25519.identity.text, id="identity"),
        pytest.param(("credential",), lambda _: "2" * 64, id="no element"),
        pytest.param(
            ("answers", 0, "individual_proofs", 0), lambda pair: pair + pair[:1], id="third proof"
        ),
        pytest.param(("answers", 0, "choices"), lambda choices: choices[:2], id="two choices"),
        pytest.param(("answers",), lambda answers: answers[:3], id="an answer less"),
        pytest.param(
            ("answers", 0), lambda answer: dict(reversed(answer.items())), id="other order"
        ),
        pytest.param(("answers", 0), lambda answer: {**answer, "x": 1}, id="extra field"),
        pytest.param(
            ("answers", 0), lambda answer: {**answer, "blank_proof": []}, id="blank proof"
        ),
        pytest.param(("answers", 2, "blank_proof"), lambda _: None, id="blank proof null"),
    ],
)
def test_a_ballot_has_one_text(path, change):
    ballot = b.parsed(SEALED)
    leaf = ballot
    for key in path:
        leaf = leaf[key]

    ballot = changed(ballot, path, change(leaf))
    data = codec.encode(ballot) if path[0] == "signature" else b.resigned(ELECTION, ballot)

    with pytest.raises(FormatError) as caught:
        decode_ballot(data, ELECTION)
    assert caught.value.place.startswith("ballot")


@pytest.mark.parametrize(
    "respell",
    [
        pytest.param(lambda data: data + b"\n", id="line end"),
        pytest.param(lambda data: data.replace(b",", b", ", 1), id="space"),
        pytest.param(lambda data: data.replace(b"{", b'{"x":1,', 1), id="field"),
        pytest.param(lambda data: b'{"hello":"world"}', id="other JSON"),
        pytest.param(lambda data: json.dumps(json.loads(data), indent=1).encode(), id="pretty"),
    ],
)
def test_white_space_and_fields_are_refused(respell):
    with pytest.raises(FormatError, match=r"canonical|expected the fields"):
        decode_ballot(respell(SEALED.data), ELECTION)


def test_a_ballot_in_a_group_of_integers_is_sealed_and_verified_alike():
    election = b.make(b.ONE_OF_THREE, group=FINITE_FIELDS["BELENIOS-2048"])
    sealed = b.seal(election, ((0, 0, 1),))

    accept(sealed.data, election)
    assert len(sealed.data) <= size_limit(election)
