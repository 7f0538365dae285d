"""JSON of the vectors to elements, ciphertexts and proofs, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voting.crypto.elgamal import Ciphertext
from voting.crypto.group import ED25519 as GROUP
from voting.crypto.group import Element, decode_scalar
from voting.crypto.proofs import Proof
from voting.crypto.shuffle import ShuffleProof

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = Any


def element(text: Json) -> Element:
    return GROUP.decode(text)


def scalar(text: Json) -> int:
    return decode_scalar(text, GROUP.order)


def ciphertext(pair: Json) -> Ciphertext:
    return Ciphertext(element(pair["alpha"]), element(pair["beta"]))


def proof(pair: Json) -> Proof:
    return Proof(scalar(pair["challenge"]), scalar(pair["response"]))


def show_ciphertext(sealed: Ciphertext) -> Json:
    return {"alpha": sealed.alpha.text, "beta": sealed.beta.text}


def show_proof(made: Proof) -> Json:
    return {"challenge": str(made.challenge), "response": str(made.response)}


def show_proofs(made: Sequence[Proof]) -> Json:
    return [show_proof(p) for p in made]


def show_shuffle(p: ShuffleProof) -> Json:
    def list_texts(elements: Sequence[Element]) -> list[str]:
        return [e.text for e in elements]

    return [
        [p.t1.text, p.t2.text, p.t3.text, [p.t41.text, p.t42.text], list_texts(p.t_hat)],
        [*map(str, (p.s1, p.s2, p.s3, p.s4)), list(map(str, p.s_hat)), list(map(str, p.s_prime))],
        list_texts(p.c),
        list_texts(p.c_hat),
    ]


def shuffle_proof(made: Json) -> ShuffleProof:
    (t1, t2, t3, (t41, t42), t_hat), (*s, s_hat, s_prime), c, c_hat = made
    singles = map(element, (t1, t2, t3, t41, t42))
    return ShuffleProof(
        *singles,
        tuple(map(element, t_hat)),
        *map(scalar, s),
        tuple(map(scalar, s_hat)),
        tuple(map(scalar, s_prime)),
        tuple(map(element, c)),
        tuple(map(element, c_hat)),
    )
