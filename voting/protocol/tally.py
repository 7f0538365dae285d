"""The encrypted tally: counted ballots added up unopened, or sorted for the shuffles.

Belenios version 1 (docs/spec/tally.md). For a homomorphic question each choice is the sum over the
counted ballots, each times its weight, the blank choice first where there is one. For a
NonHomomorphic question it is the counted ciphertexts themselves, sorted by (alpha, beta) in the
order of the raw encoding, so that the order of casting is gone.

What is decrypted, and by whose shares, is in ``shares``; what comes out, in ``result``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.crypto.elgamal import Ciphertext, total_ciphertext
from voting.errors import VerificationError
from voting.protocol import codec, values
from voting.protocol.answers import HomomorphicAnswer
from voting.protocol.election import HomomorphicQuestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voting.protocol.answers import Answer
    from voting.protocol.election import Election

Ciphertexts = tuple[tuple[Ciphertext, ...], ...]
"""One tuple for each question: a ciphertext for each choice, or for each ballot."""


class TallyBuilder:
    """Adds ballots one at a time; two builders of parts of a box merge."""

    def __init__(self, election: Election) -> None:
        self._election = election
        self._rows: list[list[Ciphertext]] = [
            [total_ciphertext(election.group, ())] * question.size
            if isinstance(question, HomomorphicQuestion)
            else []
            for question in election.questions
        ]
        self.num_tallied = 0
        self.total_weight = 0

    def add(self, answers: Sequence[Answer], weight: int = 1) -> None:
        """Add one counted ballot. Two additions for each choice, 40 µs.

        Raises VerificationError ``weighted-plaintext``: a ballot that is opened by itself has
        weight 1.
        """
        for row, answer in zip(self._rows, answers, strict=True):
            if isinstance(answer, HomomorphicAnswer):
                weighted = answer.choices if weight == 1 else [weight * c for c in answer.choices]
                row[:] = [a + b for a, b in zip(row, weighted, strict=True)]
            elif weight == 1:
                row.append(answer.choices)
            else:
                raise VerificationError("weighted-plaintext", weight=weight)
        self.num_tallied += 1
        self.total_weight += weight

    def merge(self, part: Ciphertexts, num_tallied: int, total_weight: int) -> None:
        """Add what another builder made of other ballots of the same election."""
        for question, row, other in zip(self._election.questions, self._rows, part, strict=True):
            if isinstance(question, HomomorphicQuestion):
                row[:] = [a + b for a, b in zip(row, other, strict=True)]
            else:
                row.extend(other)
        self.num_tallied += num_tallied
        self.total_weight += total_weight

    def ciphertexts(self) -> Ciphertexts:
        """Return the tally so far."""
        return tuple(
            tuple(row)
            if isinstance(question, HomomorphicQuestion)
            else sort_ciphertexts(self._election, row)
            for question, row in zip(self._election.questions, self._rows, strict=True)
        )


def sort_ciphertexts(election: Election, row: Iterable[Ciphertext]) -> tuple[Ciphertext, ...]:
    """Sort by (alpha, beta), raw bytes: neither the text's order nor that of casting."""
    key = election.group.sort_key
    # Keys of one group are all bytes or all ints.
    return tuple(sorted(row, key=lambda c: (key(c.alpha), key(c.beta))))


def encode_tally(ciphertexts: Ciphertexts) -> bytes:
    """Write the encrypted tally."""
    return codec.encode([[values.ciphertext_json(c) for c in row] for row in ciphertexts])


def decode_tally(data: bytes, election: Election) -> Ciphertexts:
    """Read an encrypted tally. Who has the ballots computes it instead, and compares bytes."""
    place = "encrypted_tally"
    rows = codec.array(codec.decode_exact(data, place), place, size=len(election.questions))
    return tuple(
        values.take_ciphertexts(
            row,
            f"{place}[{i}]",
            election.group,
            question.size if isinstance(question, HomomorphicQuestion) else None,
        )
        for i, (row, question) in enumerate(zip(rows, election.questions, strict=True))
    )


def plaintext_questions(election: Election) -> list[int]:
    """Return the indexes of the NonHomomorphic questions, those that are shuffled."""
    return [
        i
        for i, question in enumerate(election.questions)
        if not isinstance(question, HomomorphicQuestion)
    ]
