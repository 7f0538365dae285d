"""One answer of a ballot: seal it, take it out of JSON, verify its proofs (docs/spec/ballot.md).

Belenios version 1. Contexts of the proofs (they bind an answer to election and credential):

* S0 = phi ``|`` credential: individual proofs and the proof of a NonHomomorphic plaintext;
* S = S0 ``|`` all ciphertexts of the answer: the overall and the blank proof.

Nothing in S binds the question's number, and nothing needs to: the ballot's signature covers the
order of the answers. **Order of the draws**, which a published seed must repeat
(docs/spec/sealing-seed.md): homomorphic: for each choice in order r, then its individual proof;
then the overall proof; then the blank proof. NonHomomorphic: r, then w.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.crypto import proofs
from voting.crypto.elgamal import Ciphertext, Opening, encrypt, total_ciphertext
from voting.crypto.group import decode_scalar
from voting.errors import FormatError, ProofError
from voting.protocol import codec, values
from voting.protocol.election import HomomorphicQuestion, NonHomomorphicQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from voting.crypto.group import Group
    from voting.crypto.hashing import Draw
    from voting.crypto.proofs import Proof
    from voting.protocol.election import Election, Question

Choices = tuple[int, ...]
"""What a voter chose in one question, a secret until a ballot is spoiled.

Homomorphic: 0 or 1 for each choice, the blank one first where there is one. NonHomomorphic: the
plaintext's numbers, 0..255.
"""


@dataclass(frozen=True, slots=True)
class HomomorphicAnswer:
    """``blank_proof`` is there exactly when the question allows a blank vote."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None = None


@dataclass(frozen=True, slots=True)
class NonHomomorphicAnswer:
    choices: Ciphertext
    proof: Proof


Answer = HomomorphicAnswer | NonHomomorphicAnswer


def require_choices(question: Question, choices: Sequence[int], place: str) -> Choices:
    """Return the choices if a ballot may hold them; FormatError, which does not quote them."""
    if len(choices) != question.size or not all(type(choice) is int for choice in choices):
        raise FormatError(place, f"not {question.size} numbers")
    if isinstance(question, NonHomomorphicQuestion):
        allowed = all(0 <= choice <= 255 for choice in choices)
    else:
        chosen = sum(choices[question.blank :])
        blank = question.blank and choices[0] == 1
        low, high = (0, 0) if blank else (question.minimum, question.maximum)
        allowed = all(choice in (0, 1) for choice in choices) and low <= chosen <= high
    if not allowed:
        raise FormatError(place, "not choices that this question allows")
    return tuple(choices)


def seal_answer(
    election: Election, question: Question, context: str, choices: Choices, draw: Draw
) -> Answer:
    """Encrypt and prove. ``context`` is S0; ``choices`` passed ``require_choices``."""
    group, key = election.group, election.public_key
    if isinstance(question, NonHomomorphicQuestion):
        r = draw()
        ciphertext = encrypt(group, key, group.embed(choices), r)
        proof = proofs.prove_plaintext(group, key, context, ciphertext, r, draw)
        return NonHomomorphicAnswer(ciphertext, proof)
    openings, ciphertexts, individual = [], [], []
    for m in choices:
        opening = Opening(draw(), m)
        ciphertext = encrypt(group, key, m, opening.r)
        individual.append(
            proofs.prove_disjunction(group, key, context, ciphertext, opening, (0, 1), draw)
        )
        openings.append(opening)
        ciphertexts.append(ciphertext)
    whole = _whole_context(context, ciphertexts)
    allowed = range(question.minimum, question.maximum + 1)
    chosen = sum(openings[question.blank :], start=Opening(0, 0))
    if not question.blank:
        total = total_ciphertext(group, ciphertexts)
        overall = proofs.prove_disjunction(group, key, whole, total, chosen, allowed, draw)
        return HomomorphicAnswer(tuple(ciphertexts), tuple(individual), overall)
    blank = openings[0]
    overall = proofs.prove_overall_blank(group, key, whole, blank, chosen, allowed, draw)
    blank_proof = proofs.prove_blank(group, key, whole, blank, chosen, draw)
    return HomomorphicAnswer(tuple(ciphertexts), tuple(individual), overall, blank_proof)


def verify_answer(
    election: Election, number: int, question: Question, context: str, answer: Answer
) -> None:
    """Verify every proof of one answer. ``context`` is S0.

    Raises ProofError ``ballot-proof`` with ``question`` (``number``), ``part`` (*individual*,
    *overall*, *blank* or *plaintext*) and, for an individual proof, ``choice`` (from 1).
    """
    group, key = election.group, election.public_key
    if isinstance(answer, NonHomomorphicAnswer):
        with _naming(question=number, part="plaintext"):
            proofs.verify_plaintext(group, key, context, answer.choices, answer.proof)
        return
    if not isinstance(question, HomomorphicQuestion):
        raise TypeError("the ballot was decoded for another election")
    pairs = zip(answer.choices, answer.individual_proofs, strict=True)
    for i, (ciphertext, pair) in enumerate(pairs, start=1):
        with _naming(question=number, part="individual", choice=i):
            proofs.verify_disjunction(group, key, context, ciphertext, (0, 1), pair)
    _verify_whole(election, number, question, context, answer)


def take_answer(value: object, place: str, question: Question, group: Group) -> Answer:
    """Take an answer out of JSON: exact fields, their order and their numbers. FormatError."""
    if isinstance(question, NonHomomorphicQuestion):
        ciphertext, proof = codec.fields(value, place, "choices", "proof")
        return NonHomomorphicAnswer(
            values.take_ciphertext(ciphertext, f"{place}.choices", group),
            values.take_proof(proof, f"{place}.proof", group),
        )
    names = ["choices", "individual_proofs", "overall_proof"]
    choices, individual, overall, *blank = codec.fields(
        value, place, *names, *(["blank_proof"] if question.blank else [])
    )
    sub_proofs = question.maximum - question.minimum + 1 + question.blank
    listed = codec.array(individual, f"{place}.individual_proofs", size=question.size)
    return HomomorphicAnswer(
        choices=values.take_ciphertexts(
            choices,
            f"{place}.choices",
            group,
            question.size,
            multipliers=_first_challenges(listed, group),
        ),
        individual_proofs=tuple(
            values.take_proofs(pair, f"{place}.individual_proofs[{i}]", group, 2)
            for i, pair in enumerate(listed)
        ),
        overall_proof=values.take_proofs(overall, f"{place}.overall_proof", group, sub_proofs),
        blank_proof=values.take_proofs(blank[0], f"{place}.blank_proof", group, 2)
        if blank
        else None,
    )


def answer_json(answer: Answer) -> dict[str, object]:
    """The inverse of ``take_answer``."""
    if isinstance(answer, NonHomomorphicAnswer):
        return {
            "choices": values.ciphertext_json(answer.choices),
            "proof": values.proof_json(answer.proof),
        }
    value: dict[str, object] = {
        "choices": [values.ciphertext_json(ciphertext) for ciphertext in answer.choices],
        "individual_proofs": [values.proofs_json(pair) for pair in answer.individual_proofs],
        "overall_proof": values.proofs_json(answer.overall_proof),
    }
    if answer.blank_proof is not None:
        value["blank_proof"] = values.proofs_json(answer.blank_proof)
    return value


def filled_answer(question: Question, element: str, scalar: str) -> dict[str, object]:
    """Return an answer's JSON with the same text in the place of every element and scalar."""
    proof = {"challenge": scalar, "response": scalar}
    ciphertext = {"alpha": element, "beta": element}
    if isinstance(question, NonHomomorphicQuestion):
        return {"choices": ciphertext, "proof": proof}
    value: dict[str, object] = {
        "choices": [ciphertext] * question.size,
        "individual_proofs": [[proof] * 2] * question.size,
        "overall_proof": [proof] * (question.maximum - question.minimum + 1 + question.blank),
    }
    if question.blank:
        value["blank_proof"] = [proof] * 2
    return value


def _first_challenges(individual: list[object], group: Group) -> list[int]:
    """Peek at the challenges that the ciphertexts will be multiplied by; what is wrong with one is
    said when the proofs are taken."""
    try:
        return [decode_scalar(pair[0]["challenge"], group.order) for pair in individual]  # type: ignore[index]
    except (FormatError, LookupError, TypeError):
        return []


def _whole_context(context: str, ciphertexts: Sequence[Ciphertext]) -> str:
    return f"{context}|{','.join(ciphertext.text for ciphertext in ciphertexts)}"


def _verify_whole(
    election: Election,
    number: int,
    question: HomomorphicQuestion,
    context: str,
    answer: HomomorphicAnswer,
) -> None:
    """Verify the proofs over all choices together."""
    group, key = election.group, election.public_key
    whole = _whole_context(context, answer.choices)
    allowed = range(question.minimum, question.maximum + 1)
    chosen = total_ciphertext(group, answer.choices[question.blank :])
    if answer.blank_proof is None:
        with _naming(question=number, part="overall"):
            proofs.verify_disjunction(group, key, whole, chosen, allowed, answer.overall_proof)
        return
    blank = answer.choices[0]
    with _naming(question=number, part="overall"):
        proofs.verify_overall_blank(group, key, whole, blank, chosen, allowed, answer.overall_proof)
    with _naming(question=number, part="blank"):
        proofs.verify_blank(group, key, whole, blank, chosen, answer.blank_proof)


@contextmanager
def _naming(**which: object) -> Iterator[None]:
    """Say which proof of the ballot failed."""
    try:
        yield
    except ProofError as e:
        raise ProofError("ballot-proof", **which) from e
