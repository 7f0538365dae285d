"""A voter's sealed ballot, Belenios version 1 (docs/spec/ballot.md).

    {"election_uuid":U,"election_hash":phi,"credential":"g^x","answers":[…],
     "signature":{"hash":h,"proof":{"challenge":"c","response":"r"}}}

* h is the SHA-256 of the text without its ``signature`` field; the credential signs h.
* The **tracker** is the SHA-256 of the whole text. A ballot has one text: ``decode_ballot``
  demands canonical form down to the scalars, so nobody can give a ballot a second tracker.
* Every proof hashes phi and the credential, so no answer moves to another ballot.

**What a seed gives away.** Everything in ``answers`` is computed from the seed, the choices, phi
and the credential's public part; the signature alone uses the private credential x, and its
nonce w is drawn apart. An opened ballot shows (seed, choices, g^x, c, r) with r = w - x·c. The
seed is independent of x and w, and (c, r) is what every cast ballot shows as well. So an opening
tells about x what a ballot tells, and the ticket stays good. Were w taken from the seed, anybody
could compute x = (w - r)/c. And a seed serves once: two ballots of one seed differ in the
ciphertexts exactly where the choices differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from voting.crypto import signature as signatures
from voting.crypto.hashing import b64_fingerprint, seeded_scalars, sha256_hex
from voting.errors import FormatError, ProofError, VerificationError
from voting.protocol import answers as answers_
from voting.protocol import codec, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.crypto.group import Element, Group
    from voting.crypto.proofs import Proof
    from voting.protocol.answers import Answer, Choices
    from voting.protocol.election import Election

SEED_BYTES: Final = 32
SHORT_TRACKER_SYMBOLS: Final = 12
_PLACE = "ballot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A decoded ballot. Well-formed and canonical; valid only once ``verify_ballot`` passed."""

    raw: bytes = field(repr=False)
    election_uuid: str
    election_hash: str
    credential: Element
    answers: tuple[Answer, ...] = field(repr=False)
    signature_hash: str
    signature: Proof

    @property
    def tracker(self) -> str:
        return tracker(self.raw)

    @property
    def digest(self) -> str:
        """The tracker's hash as 64 hexadecimal digits, as archives name the ballot."""
        return sha256_hex(self.raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBallot:
    """What the sealing device holds until the ballot is cast or spoiled, and then forgets."""

    data: bytes = field(repr=False)
    tracker: str
    credential: Element
    signature: Proof
    seed: bytes = field(repr=False)
    choices: tuple[Choices, ...] = field(repr=False)


def tracker(data: bytes) -> str:
    """Return a ballot's tracker: SHA-256 in Base64 without padding, 43 characters."""
    return b64_fingerprint(data)


def short_tracker(full: str) -> str:
    """Return the 12 symbols (72 bits) of a tracker that people compare."""
    return full[:SHORT_TRACKER_SYMBOLS]


def seal_ballot(
    election: Election,
    secret_credential: int,
    choices: Sequence[Sequence[int]],
    *,
    seed: bytes,
    signature_nonce: int,
) -> SealedBallot:
    """Encrypt, prove and sign. About a millisecond for each choice.

    Args:
        choices: for each question what ``answers.Choices`` says; an explicit choice for each.
        seed: 32 fresh uniform bytes, used for this sealing and never again.
        signature_nonce: a fresh uniform scalar **not** derived from the seed, used once.

    Raises FormatError for choices that a question does not allow and for a seed of another
    length; the error does not quote either.
    """
    credential = election.group.multiply_generator(secret_credential)
    unsigned = _unsigned(election, credential, choices, seed)
    proof = signatures.sign_ballot(
        election.group, secret_credential, b64_fingerprint(codec.encode(unsigned)), signature_nonce
    )
    data = _signed(unsigned, proof)
    return SealedBallot(
        data=data,
        tracker=tracker(data),
        credential=credential,
        signature=proof,
        seed=seed,
        choices=tuple(tuple(chosen) for chosen in choices),
    )


def rebuild_spoiled(
    election: Election,
    *,
    seed: bytes,
    choices: Sequence[Sequence[int]],
    credential: Element,
    signature: Proof,
) -> bytes:
    """Return the bytes that a device must have sealed from these values.

    It is for the caller to compare their ``tracker`` with the one scanned before the opening;
    ``spoil.check_opening`` does that. Raises FormatError as ``seal_ballot`` does.
    """
    return _signed(_unsigned(election, credential, choices, seed), signature)


def decode_ballot(data: bytes, election: Election) -> Ballot:
    """Read a ballot of this election: exact fields, order, sizes, elements and scalars.

    Raises FormatError with the place. Verifies no proof and compares no hash.
    """
    # Twice the limit: what only spells a ballot too widely is refused for that reason. What
    # passes is no longer than the limit, because it is canonical and all its sizes are fixed.
    value = codec.decode_exact(data, _PLACE, max_bytes=2 * size_limit(election))
    uuid, election_hash, credential, answers, signature = codec.fields(
        value, _PLACE, "election_uuid", "election_hash", "credential", "answers", "signature"
    )
    hashed, proof = codec.fields(signature, f"{_PLACE}.signature", "hash", "proof")
    listed = codec.array(answers, f"{_PLACE}.answers", size=len(election.questions))
    return Ballot(
        raw=data,
        election_uuid=codec.uuid(uuid, f"{_PLACE}.election_uuid"),
        election_hash=codec.b64_hash(election_hash, f"{_PLACE}.election_hash"),
        credential=_credential(credential, election.group),
        answers=tuple(
            answers_.take_answer(answer, f"{_PLACE}.answers[{i}]", question, election.group)
            for i, (answer, question) in enumerate(zip(listed, election.questions, strict=True))
        ),
        signature_hash=codec.b64_hash(hashed, f"{_PLACE}.signature.hash"),
        signature=values.take_proof(proof, f"{_PLACE}.signature.proof", election.group),
    )


def verify_ballot(election: Election, ballot: Ballot) -> None:
    """Verify a ballot that ``decode_ballot`` read for the same election, cheap checks first.

    Whether its credential is active and unused is for the caller.

    Raises VerificationError:
        ballot-uuid, ballot-election: it was sealed for another election.
        ballot-signature (ProofError): the hash or the signature does not hold.
        ballot-proof (ProofError): ``question`` (from 1), ``part``, maybe ``choice`` (from 1).
    """
    if ballot.election_uuid != election.uuid:
        raise VerificationError("ballot-uuid")
    if ballot.election_hash != election.fingerprint:
        raise VerificationError("ballot-election")
    _verify_signature(election.group, ballot)
    context = _context(election, ballot.credential)
    pairs = zip(election.questions, ballot.answers, strict=True)
    for number, (question, answer) in enumerate(pairs, start=1):
        answers_.verify_answer(election, number, question, context, answer)


@lru_cache(maxsize=16)
def size_limit(election: Election) -> int:
    """Return the size in bytes of the longest valid ballot: every scalar at its most digits."""
    group = election.group
    element, other = group.generator.text, group.identity.text
    if len(element) != len(other):  # decimal elements, as in groups of integers mod p
        element += "0" * 8
    scalar = str(group.order - 1)
    ballot = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": element,
        "answers": [
            answers_.filled_answer(question, element, scalar) for question in election.questions
        ],
        "signature": {
            "hash": election.fingerprint,
            "proof": {"challenge": scalar, "response": scalar},
        },
    }
    return len(codec.encode(ballot))


def _unsigned(
    election: Election, credential: Element, choices: Sequence[Sequence[int]], seed: bytes
) -> dict[str, object]:
    if len(seed) != SEED_BYTES:
        raise FormatError("seed", f"not {SEED_BYTES} bytes")
    if len(choices) != len(election.questions):
        raise FormatError("choices", f"not {len(election.questions)} lists")
    checked = [
        answers_.require_choices(question, chosen, f"choices[{i}]")
        for i, (question, chosen) in enumerate(zip(election.questions, choices, strict=True))
    ]
    draw = seeded_scalars(seed, b"ballot|" + election.fingerprint.encode(), election.group)
    context = _context(election, credential)
    sealed = [
        answers_.seal_answer(election, question, context, chosen, draw)
        for question, chosen in zip(election.questions, checked, strict=True)
    ]
    return {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": credential.text,
        "answers": [answers_.answer_json(answer) for answer in sealed],
    }


def _signed(unsigned: dict[str, object], proof: Proof) -> bytes:
    hashed = b64_fingerprint(codec.encode(unsigned))
    signature = {"hash": hashed, "proof": values.proof_json(proof)}
    return codec.encode({**unsigned, "signature": signature})


def _context(election: Election, credential: Element) -> str:
    return f"{election.fingerprint}|{credential.text}"


def _credential(value: object, group: Group) -> Element:
    credential = group.decode(value, f"{_PLACE}.credential")
    if credential == group.identity:
        raise FormatError(f"{_PLACE}.credential", "the identity")
    return credential


def _verify_signature(group: Group, ballot: Ballot) -> None:
    signature = {"hash": ballot.signature_hash, "proof": values.proof_json(ballot.signature)}
    # The text is canonical, so the signature field is exactly its end.
    signed = ballot.raw.removesuffix(b',"signature":' + codec.encode(signature) + b"}") + b"}"
    if b64_fingerprint(signed) != ballot.signature_hash:
        raise ProofError("ballot-signature")
    try:
        signatures.verify_ballot(group, ballot.credential, ballot.signature_hash, ballot.signature)
    except ProofError as e:
        raise ProofError("ballot-signature") from e
