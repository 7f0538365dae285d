"""Run one vector of tests/vectors/data/crypto-*.json: JSON in, JSON out, or the error's name.

Each operation takes its inputs by the field names of the vector. The JavaScript runner has
the same operations under the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.crypto_json import (
    ciphertext,
    element,
    proof,
    scalar,
    show_ciphertext,
    show_proof,
    show_proofs,
    show_shuffle,
    shuffle_proof,
)
from voting.crypto import decryption, dkg, hashing, proofs, shuffle, signature
from voting.crypto.elgamal import Opening, encrypt
from voting.crypto.group import ED25519 as GROUP
from voting.errors import PiaojueError

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any
OPERATIONS: dict[str, Callable[..., Json]] = {}
LABEL = "test"
NOT_INPUTS = {"id", "comment", "op", "output", "error"}


def operation(function: Callable[..., Json]) -> Callable[..., Json]:
    OPERATIONS[function.__name__] = function
    return function


def run(vector: Json) -> Json:
    """Return the vector's output, or raise what the operation raises."""
    inputs = {
        k: v for k, v in vector.items() if k not in {"id", "comment", "op", "output", "error"}
    }
    return OPERATIONS[vector["op"]](**inputs)


def outcome(vector: Json) -> Json:
    """Return ``{"output", "error"}`` as they stand in the file."""
    try:
        return {"output": run(vector), "error": None}
    except PiaojueError as e:
        return {"output": None, "error": type(e).__name__}


def stream(seed: str) -> hashing.Draw:
    return hashing.seeded_scalars(bytes.fromhex(seed), LABEL, GROUP)


# docs/spec/group.md


@operation
def decode(text: Json) -> Json:
    return element(text).text


@operation
def decode_number(text: Json) -> Json:
    return str(scalar(text))


@operation
def multiply(k: str, text: str) -> Json:
    return (int(k) * element(text)).text


@operation
def add(left: str, right: str) -> Json:
    return (element(left) + element(right)).text


@operation
def derive_generator(i: int) -> Json:
    return GROUP.derive_generator(i).text


@operation
def embed(numbers: list[int]) -> Json:
    return GROUP.embed(numbers).text


@operation
def extract(n: int, text: str) -> Json:
    return GROUP.extract(n, element(text))


@operation
def hash_to_scalar(parts: list[str]) -> Json:
    return str(hashing.hash_to_scalar(GROUP, *parts))


@operation
def fingerprint(text: str) -> Json:
    return hashing.b64_fingerprint(text)


@operation
def code(digest: str) -> Json:
    return hashing.code_80bits(digest)


@operation
def expand(seed: str, label: str, count: int) -> Json:
    draw = hashing.seeded_scalars(bytes.fromhex(seed), label, GROUP)
    return [str(draw()) for _ in range(count)]


# docs/spec/proofs.md


@operation
def prove_disjunction(
    public_key: str, context: str, m: int, r: str, choices: list[int], seed: str
) -> Json:
    key, opening = element(public_key), Opening(scalar(r), m)
    sealed = encrypt(GROUP, key, m, opening.r)
    made = proofs.prove_disjunction(GROUP, key, context, sealed, opening, choices, stream(seed))
    return {"ciphertext": show_ciphertext(sealed), "proofs": show_proofs(made)}


@operation
def verify_disjunction(
    public_key: str, context: str, sealed: Json, choices: list[int], proofs: Json
) -> Json:
    _verify("disjunction", public_key, context, [sealed], choices, proofs)


@operation
def prove_blank(
    public_key: str, context: str, openings: Json, choices: list[int] | None, seed: str
) -> Json:
    key = element(public_key)
    pair = [Opening(scalar(o["r"]), o["m"]) for o in openings]
    draw = stream(seed)
    made = (
        proofs.prove_blank(GROUP, key, context, *pair, draw)
        if choices is None
        else proofs.prove_overall_blank(GROUP, key, context, *pair, choices, draw)
    )
    sealed = [show_ciphertext(encrypt(GROUP, key, o.m, o.r)) for o in pair]
    return {"sealed": sealed, "proofs": show_proofs(made)}


@operation
def verify_blank(
    public_key: str, context: str, sealed: Json, choices: list[int] | None, proofs: Json
) -> Json:
    kind = "blank" if choices is None else "overall_blank"
    _verify(kind, public_key, context, sealed, choices, proofs)


def _verify(
    kind: str, key: str, context: str, sealed: Json, choices: list[int] | None, made: Json
) -> None:
    statement: list[Json] = [ciphertext(c) for c in sealed]
    if choices is not None:
        statement.append(choices)
    verify = getattr(proofs, f"verify_{kind}")
    verify(GROUP, element(key), context, *statement, [proof(p) for p in made])


@operation
def prove_plaintext(public_key: str, context: str, numbers: list[int], r: str, seed: str) -> Json:
    key, randomness = element(public_key), scalar(r)
    sealed = encrypt(GROUP, key, GROUP.embed(numbers), randomness)
    made = proofs.prove_plaintext(GROUP, key, context, sealed, randomness, stream(seed))
    return {"ciphertext": show_ciphertext(sealed), "proof": show_proof(made)}


@operation
def verify_plaintext(public_key: str, context: str, sealed: Json, made: Json) -> Json:
    proofs.verify_plaintext(GROUP, element(public_key), context, ciphertext(sealed), proof(made))


@operation
def prove_knowledge(secret: str, seed: str) -> Json:
    return show_proof(proofs.prove_knowledge(GROUP, scalar(secret), stream(seed)))


@operation
def verify_knowledge(public_key: str, made: Json) -> Json:
    proofs.verify_knowledge(GROUP, element(public_key), proof(made))


@operation
def sign(secret: str, tag: str, text: str, nonce: str) -> Json:
    return show_proof(signature.sign(GROUP, scalar(secret), tag, text, scalar(nonce)))


@operation
def verify_signature(public_key: str, tag: str, text: str, made: Json) -> Json:
    signature.verify(GROUP, element(public_key), tag, text, proof(made))


@operation
def prove_decryption(phi: str, secret: str, sealed: Json, seed: str) -> Json:
    key, statement, draw = scalar(secret), ciphertext(sealed), stream(seed)
    factor, first = decryption.prove_partial(GROUP, phi, key, statement.alpha, draw)
    second = decryption.prove_factor(GROUP, phi, key, statement, draw)
    return {"factor": factor.text, "first": show_proof(first), "second": show_proof(second)}


@operation
def verify_first(phi: str, public_key: str, sealed: Json, factor: str, made: Json) -> Json:
    key, alpha = element(public_key), ciphertext(sealed).alpha
    decryption.verify_partial(GROUP, phi, key, alpha, element(factor), proof(made))


@operation
def verify_second(phi: str, public_key: str, sealed: Json, factor: str, made: Json) -> Json:
    key, statement = element(public_key), ciphertext(sealed)
    decryption.verify_factor(GROUP, phi, key, statement, element(factor), proof(made))


@operation
def combine(threshold: int, factors: dict[str, str]) -> Json:
    by_index = {int(j): element(f) for j, f in factors.items()}
    return decryption.combine_threshold(GROUP, threshold, by_index).text


@operation
def open_count(text: str, bound: int) -> Json:
    return decryption.open_count(GROUP, element(text), bound)


@operation
def trustee_keys(seed_text: str) -> Json:
    keys = dkg.secrets_from_seed(GROUP, seed_text)
    return {"signing": str(keys.signing), "decryption": str(keys.decryption)}


@operation
def deal(coefficients: list[str], size: int) -> Json:
    polynomial = dkg.Polynomial(GROUP.order, tuple(map(scalar, coefficients)))
    return {
        "commitments": [a.text for a in dkg.commit(GROUP, polynomial)],
        "shares": [str(polynomial.share(j)) for j in range(1, size + 1)],
    }


@operation
def check_share(threshold: int, commitments: list[str], recipient: int, share: str) -> Json:
    dkg.check_share(
        GROUP,
        threshold=threshold,
        dealer=1,
        commitments=[element(a) for a in commitments],
        recipient=recipient,
        share=scalar(share),
    )


@operation
def verification_key(commitments: list[list[str]], index: int) -> Json:
    dealers = [[element(a) for a in dealer] for dealer in commitments]
    return {
        "key": dkg.verification_key(GROUP, dealers, index).text,
        "combined": dkg.combined_public_key(GROUP, dealers).text,
    }


@operation
def prove_shuffle(
    public_key: str, phi: str, inputs: Json, permutation: list[int], seed: str
) -> Json:
    key, sealed, draw = element(public_key), [ciphertext(c) for c in inputs], stream(seed)
    outputs, secret = shuffle.shuffle(GROUP, key, sealed, permutation, draw)
    made = shuffle.prove(GROUP, key, phi, sealed, outputs, secret, draw)
    return {"outputs": [show_ciphertext(c) for c in outputs], "proof": show_shuffle(made)}


@operation
def verify_shuffle(public_key: str, phi: str, inputs: Json, outputs: Json, made: Json) -> Json:
    before, after = ([ciphertext(c) for c in sealed] for sealed in (inputs, outputs))
    shuffle.verify(GROUP, element(public_key), phi, before, after, shuffle_proof(made))
