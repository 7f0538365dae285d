"""Shuffles of ElGamal ciphertexts with the proof of Terelius and Wikström.

Re-encrypt and permute N ciphertexts, and prove that nothing was added, lost or changed,
without telling who went where. Layout and challenges as Belenios version 1 (after CHVote):
docs/spec/proofs.md. Letters as there; e input, e' output, psi the permutation with
e'_i = re-encryption of e_psi(i); r' is indexed by input position. Positions start at 0.

Cost on Ed25519: verification about 1.2 ms per ciphertext.
[TW10] Terelius, Wikström: Proofs of Restricted Shuffles. [HLKD17] pseudo-code of CHVote.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.crypto.elgamal import Ciphertext, reencrypt
from voting.crypto.hashing import hash_to_scalar, sha256_hex
from voting.errors import ProofError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from voting.crypto.group import Element, Group, Term
    from voting.crypto.hashing import Draw


@dataclass(frozen=True, slots=True)
class ShuffleProof:
    """JSON: ``[[t1,t2,t3,[t41,t42],[t_hat…]],[s1,s2,s3,s4,[s_hat…],[s_prime…]],[c…],[c_hat…]]``."""

    t1: Element
    t2: Element
    t3: Element
    t41: Element
    t42: Element
    t_hat: tuple[Element, ...]
    s1: int
    s2: int
    s3: int
    s4: int
    s_hat: tuple[int, ...]
    s_prime: tuple[int, ...]
    c: tuple[Element, ...]
    c_hat: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class ShuffleSecret:
    """What the prover knows: ``permutation`` psi and ``randoms`` r' by input position."""

    permutation: tuple[int, ...] = field(repr=False)
    randoms: tuple[int, ...] = field(repr=False)


def random_permutation(size: int, rand: Callable[[int], bytes]) -> tuple[int, ...]:
    """Return a uniform permutation of 0..size-1 (Fisher-Yates, rejection sampling).

    Args:
        rand: returns that many uniform bytes.
    """
    order = list(range(size))
    for i in range(size - 1, 0, -1):
        j = _below(i + 1, rand)
        order[i], order[j] = order[j], order[i]
    return tuple(order)


def _below(bound: int, rand: Callable[[int], bytes]) -> int:
    bits = (bound - 1).bit_length()
    while True:
        value = int.from_bytes(rand((bits + 7) // 8), "big") & ((1 << bits) - 1)
        if value < bound:
            return value


def shuffle(
    group: Group,
    public_key: Element,
    inputs: Sequence[Ciphertext],
    permutation: Sequence[int],
    draw: Draw,
) -> tuple[tuple[Ciphertext, ...], ShuffleSecret]:
    """Return the shuffled ciphertexts and the secret for ``prove``. Draws: r' in input order."""
    if sorted(permutation) != list(range(len(inputs))):
        raise ValueError("not a permutation of the inputs")
    randoms = tuple(draw() for _ in inputs)
    outputs = (reencrypt(group, public_key, inputs[i], randoms[i]) for i in permutation)
    return tuple(outputs), ShuffleSecret(tuple(permutation), randoms)


def prove(
    group: Group,
    public_key: Element,
    phi: str,
    inputs: Sequence[Ciphertext],
    outputs: Sequence[Ciphertext],
    secret: ShuffleSecret,
    draw: Draw,
) -> ShuffleProof:
    """Prove a shuffle. Draws, each list by output position: r (of c), r_hat, w1..w4, w_hat, w'.

    Args:
        phi: fingerprint of election.json, 43 characters.
    """
    q, n, psi = group.order, len(inputs), secret.permutation
    h, bases = group.derive_generator(-1), _bases(group, len(inputs))
    # c[psi(i)] commits to position i: the r are drawn by output position, used by input position.
    drawn = [draw() for _ in range(n)]
    r, c = [0] * n, [group.identity] * n
    for i, j in enumerate(psi):
        r[j], c[j] = drawn[i], group.multiply_generator(drawn[i]) + bases[i]
    statement = _list_ciphertexts(inputs) + _list_ciphertexts(outputs) + _list_elements(c)
    u = _weights(group, phi, statement, n)
    u_prime = [u[j] for j in psi]

    r_hat = [draw() for _ in range(n)]
    c_hat: list[Element] = []
    for r_i, u_i in zip(r_hat, u_prime, strict=True):
        previous = c_hat[-1] if c_hat else h
        c_hat.append(group.multiply_generator(r_i) + u_i * previous)

    w1, w2, w3, w4 = (draw() for _ in range(4))
    w_hat = [draw() for _ in range(n)]
    w_prime = [draw() for _ in range(n)]
    alphas, betas = [e.alpha for e in outputs], [e.beta for e in outputs]
    t1, t2 = group.multiply_generator(w1), group.multiply_generator(w2)
    t3 = group.lincomb([(w3, group.generator), *zip(w_prime, bases, strict=True)])
    t41 = group.lincomb([(-w4, public_key), *zip(w_prime, betas, strict=True)])
    t42 = group.lincomb([(-w4, group.generator), *zip(w_prime, alphas, strict=True)])
    t_hat = tuple(
        group.multiply_generator(w) + w_p * previous
        for w, w_p, previous in zip(w_hat, w_prime, [h, *c_hat][:n], strict=True)
    )
    challenge = _challenge(group, phi, statement, public_key, (t1, t2, t3, t41, t42), t_hat, c_hat)

    v = [1] * n
    for i in range(n - 2, -1, -1):
        v[i] = u_prime[i + 1] * v[i + 1] % q

    def respond(w: int, secret: int) -> int:
        return (w + challenge * secret) % q

    return ShuffleProof(
        t1=t1,
        t2=t2,
        t3=t3,
        t41=t41,
        t42=t42,
        t_hat=t_hat,
        s1=respond(w1, sum(r)),
        s2=respond(w2, _dot(r_hat, v)),
        s3=respond(w3, _dot(r, u)),
        s4=respond(w4, _dot(secret.randoms, u)),
        s_hat=tuple(map(respond, w_hat, r_hat)),
        s_prime=tuple(map(respond, w_prime, u_prime)),
        c=tuple(c),
        c_hat=tuple(c_hat),
    )


def verify(
    group: Group,
    public_key: Element,
    phi: str,
    inputs: Sequence[Ciphertext],
    outputs: Sequence[Ciphertext],
    proof: ShuffleProof,
) -> None:
    """Accept if ``outputs`` is a shuffle of ``inputs`` under ``public_key``.

    Raises:
        ProofError: It is not proved to be one, or some list has another length.
    """
    n, q = len(inputs), group.order
    lists: tuple[Sequence[object], ...] = (
        outputs, proof.c, proof.c_hat, proof.t_hat, proof.s_hat, proof.s_prime,
    )  # fmt: skip
    if any(len(items) != n for items in lists):
        raise ProofError(proof="shuffle", expected=n)
    responses = (proof.s1, proof.s2, proof.s3, proof.s4, *proof.s_hat, *proof.s_prime)
    if not all(0 <= s < q for s in responses):
        raise ProofError(proof="scalar")
    statement = _list_ciphertexts(inputs) + _list_ciphertexts(outputs) + _list_elements(proof.c)
    u = _weights(group, phi, statement, n)
    single = (proof.t1, proof.t2, proof.t3, proof.t41, proof.t42)
    c = _challenge(group, phi, statement, public_key, single, proof.t_hat, proof.c_hat)
    group.check_all(_equations(group, public_key, inputs, outputs, proof, u, c))


def _equations(
    group: Group,
    public_key: Element,
    inputs: Sequence[Ciphertext],
    outputs: Sequence[Ciphertext],
    proof: ShuffleProof,
    u: Sequence[int],
    challenge: int,
) -> Iterable[Iterable[Term]]:
    """Yield t1, t2, t3, t41, t42 and every t_hat, each as terms that sum to the identity."""
    g, q = group.generator, group.order
    h, bases = group.derive_generator(-1), _bases(group, len(inputs))
    chain = [h, *proof.c_hat]
    product = 1
    for u_i in u:
        product = product * u_i % q
    c_bar = group.total(proof.c) - group.total(bases)
    c_end = chain[-1] - product * h
    c_tilde = group.lincomb(zip(u, proof.c, strict=True))
    alpha = group.lincomb(zip(u, (e.alpha for e in inputs), strict=True))
    beta = group.lincomb(zip(u, (e.beta for e in inputs), strict=True))
    s, c = proof.s_prime, -challenge
    alphas, betas = (e.alpha for e in outputs), (e.beta for e in outputs)
    yield (-1, proof.t1), (c, c_bar), (proof.s1, g)
    yield (-1, proof.t2), (c, c_end), (proof.s2, g)
    yield (-1, proof.t3), (c, c_tilde), (proof.s3, g), *zip(s, bases, strict=True)
    yield (-1, proof.t41), (c, beta), (-proof.s4, public_key), *zip(s, betas, strict=True)
    yield (-1, proof.t42), (c, alpha), (-proof.s4, g), *zip(s, alphas, strict=True)
    for i, t in enumerate(proof.t_hat):
        yield (-1, t), (c, chain[i + 1]), (proof.s_hat[i], g), (s[i], chain[i])


def _bases(group: Group, n: int) -> list[Element]:
    return [group.derive_generator(i) for i in range(n)]


def _weights(group: Group, phi: str, statement: str, n: int) -> list[int]:
    """Return u_i = H(T + hex(str(i))), the texts of two SHA-256 end to end."""
    t = sha256_hex(f"shuffle-challenges|{phi}|{statement}")
    return [hash_to_scalar(group, t, sha256_hex(str(i))) for i in range(n)]


def _challenge(
    group: Group,
    phi: str,
    statement: str,
    public_key: Element,
    single: Sequence[Element],
    t_hat: Sequence[Element],
    c_hat: Sequence[Element],
) -> int:
    commitments = _list_elements(single) + _list_elements(t_hat)
    tail = statement + _list_elements(c_hat) + public_key.text
    return hash_to_scalar(group, f"shuffle-challenge|{phi}|", commitments, tail)


def _list_ciphertexts(ciphertexts: Iterable[Ciphertext]) -> str:
    return "".join(f"{e.text}," for e in ciphertexts)


def _list_elements(elements: Iterable[Element]) -> str:
    return "".join(f"{element.text}," for element in elements)


def _dot(left: Iterable[int], right: Iterable[int]) -> int:
    return sum(a * b for a, b in zip(left, right, strict=True))
