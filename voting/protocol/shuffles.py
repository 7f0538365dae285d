"""A trustee's shuffle of all NonHomomorphic questions, as it stands in the archive.

Belenios version 1 (docs/spec/tally.md, section 3): ``{"ciphertexts":[[ct…]…],"proofs":[PF…]}``, one
entry for each NonHomomorphic question, in the order of the election. The mathematics is in
``voting.crypto.shuffle``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.crypto import shuffle as crypto
from voting.crypto.group import decode_scalar
from voting.protocol import codec, values
from voting.protocol.tally import plaintext_questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voting.crypto.elgamal import Ciphertext
    from voting.crypto.group import Element, Group
    from voting.crypto.hashing import Draw
    from voting.crypto.shuffle import ShuffleProof
    from voting.protocol.election import Election
    from voting.protocol.tally import Ciphertexts

    Progress = Callable[[int, int], None]

_PLACE = "shuffle"


@dataclass(frozen=True, slots=True)
class Shuffle:
    """Outputs and proofs, one for each NonHomomorphic question."""

    ciphertexts: Ciphertexts
    proofs: tuple[ShuffleProof, ...]


def make_shuffle(
    election: Election,
    ciphertexts: Ciphertexts,
    rand: Callable[[int], bytes],
    draw: Draw,
    progress: Progress | None = None,
) -> Shuffle:
    """Shuffle and prove.

    Args:
        ciphertexts: of all questions: the tally, or what the shuffle before made of it.
        rand: uniform bytes, for the permutations.
        draw: fresh scalars, for re-encryption and proof.
        progress: is told after each question how many ciphertexts of how many are done.
    """
    group, key, phi = election.group, election.public_key, election.fingerprint
    outputs: list[tuple[Ciphertext, ...]] = []
    proofs: list[ShuffleProof] = []
    for question in _told(election, ciphertexts, progress):
        inputs = ciphertexts[question]
        permutation = crypto.random_permutation(len(inputs), rand)
        output, secret = crypto.shuffle(group, key, inputs, permutation, draw)
        outputs.append(output)
        proofs.append(crypto.prove(group, key, phi, inputs, output, secret, draw))
    return Shuffle(tuple(outputs), tuple(proofs))


def verify_shuffle(
    election: Election,
    ciphertexts: Ciphertexts,
    shuffle: Shuffle,
    progress: Progress | None = None,
) -> None:
    """Check that the outputs are a shuffle of these ciphertexts. Raises ProofError."""
    group, key, phi = election.group, election.public_key, election.fingerprint
    for question, outputs, proof in zip(
        _told(election, ciphertexts, progress), shuffle.ciphertexts, shuffle.proofs, strict=True
    ):
        crypto.verify(group, key, phi, ciphertexts[question], outputs, proof)


def _told(election: Election, ciphertexts: Ciphertexts, progress: Progress | None) -> Iterator[int]:
    """Yield the questions to be shuffled; after each, say how far that is."""
    questions, done = plaintext_questions(election), 0
    total = sum(len(ciphertexts[question]) for question in questions)
    for question in questions:
        yield question
        done += len(ciphertexts[question])
        if progress is not None:
            progress(done, total)


def after_shuffle(election: Election, ciphertexts: Ciphertexts, shuffle: Shuffle) -> Ciphertexts:
    """Return the ciphertexts of all questions after this shuffle."""
    rows = list(ciphertexts)
    for question, outputs in zip(plaintext_questions(election), shuffle.ciphertexts, strict=True):
        rows[question] = outputs
    return tuple(rows)


def encode_shuffle(shuffle: Shuffle) -> bytes:
    """Write a shuffle."""
    rows = [[values.ciphertext_json(c) for c in row] for row in shuffle.ciphertexts]
    return codec.encode({"ciphertexts": rows, "proofs": [_proof_json(p) for p in shuffle.proofs]})


def decode_shuffle(data: bytes, election: Election, ciphertexts: Ciphertexts) -> Shuffle:
    """Read a shuffle of these ciphertexts; every list has their number. Raises FormatError."""
    rows, proofs, sizes = _take(data, election, ciphertexts)
    group = election.group
    return Shuffle(
        _outputs(rows, group, sizes),
        tuple(
            _proof(proof, f"{_PLACE}.proofs[{i}]", group, size)
            for i, (proof, size) in enumerate(zip(proofs, sizes, strict=True))
        ),
    )


def decode_outputs(data: bytes, election: Election, ciphertexts: Ciphertexts) -> Ciphertexts:
    """Read what a shuffle that was verified before made of these ciphertexts. FormatError."""
    rows, _, sizes = _take(data, election, ciphertexts)
    return after_shuffle(election, ciphertexts, Shuffle(_outputs(rows, election.group, sizes), ()))


def _take(
    data: bytes, election: Election, ciphertexts: Ciphertexts
) -> tuple[list[object], list[object], list[int]]:
    names = codec.fields(codec.decode_exact(data, _PLACE), _PLACE, "ciphertexts", "proofs")
    questions = plaintext_questions(election)
    rows, proofs = (
        codec.array(value, f"{_PLACE}.{name}", size=len(questions))
        for name, value in zip(("ciphertexts", "proofs"), names, strict=True)
    )
    return rows, proofs, [len(ciphertexts[question]) for question in questions]


def _outputs(rows: list[object], group: Group, sizes: Sequence[int]) -> Ciphertexts:
    return tuple(
        values.take_ciphertexts(row, f"{_PLACE}.ciphertexts[{i}]", group, size)
        for i, (row, size) in enumerate(zip(rows, sizes, strict=True))
    )


def _proof_json(p: ShuffleProof) -> list[object]:
    t: list[object] = [p.t1.text, p.t2.text, p.t3.text, [p.t41.text, p.t42.text], _texts(p.t_hat)]
    s: list[object] = [str(n) for n in (p.s1, p.s2, p.s3, p.s4)]
    s += [[str(n) for n in p.s_hat], [str(n) for n in p.s_prime]]
    return [t, s, _texts(p.c), _texts(p.c_hat)]


def _texts(elements: Sequence[Element]) -> list[str]:
    return [element.text for element in elements]


def _proof(value: object, place: str, group: Group, size: int) -> ShuffleProof:
    t, s, c, c_hat = codec.array(value, place, size=4)
    t1, t2, t3, t4, t_hat = codec.array(t, f"{place}[0]", size=5)
    t41, t42 = codec.array(t4, f"{place}[0][3]", size=2)
    s1, s2, s3, s4, s_hat, s_prime = codec.array(s, f"{place}[1]", size=6)

    def elements(listed: object, at: str) -> tuple[Element, ...]:
        array = codec.array(listed, at, size=size)
        return tuple(group.decode(text, f"{at}[{i}]") for i, text in enumerate(array))

    def scalars(listed: object, at: str) -> tuple[int, ...]:
        array = codec.array(listed, at, size=size)
        return tuple(decode_scalar(n, group.order, f"{at}[{i}]") for i, n in enumerate(array))

    return crypto.ShuffleProof(
        t1=group.decode(t1, f"{place}[0][0]"),
        t2=group.decode(t2, f"{place}[0][1]"),
        t3=group.decode(t3, f"{place}[0][2]"),
        t41=group.decode(t41, f"{place}[0][3][0]"),
        t42=group.decode(t42, f"{place}[0][3][1]"),
        t_hat=elements(t_hat, f"{place}[0][4]"),
        s1=decode_scalar(s1, group.order, f"{place}[1][0]"),
        s2=decode_scalar(s2, group.order, f"{place}[1][1]"),
        s3=decode_scalar(s3, group.order, f"{place}[1][2]"),
        s4=decode_scalar(s4, group.order, f"{place}[1][3]"),
        s_hat=scalars(s_hat, f"{place}[1][4]"),
        s_prime=scalars(s_prime, f"{place}[1][5]"),
        c=elements(c, f"{place}[2]"),
        c_hat=elements(c_hat, f"{place}[3]"),
    )
