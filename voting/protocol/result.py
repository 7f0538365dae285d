"""The result: what the shares open, and within which bounds it must lie (docs/spec/tally.md).

``{"result":[…]}``, one entry for each question: the choices' totals, or, for a NonHomomorphic
question, the numbers of every ciphertext in the order of the last shuffle.

**Bounds come first.** The proof of a partial decryption binds neither ciphertext nor factor, so a
dishonest trustee can make a valid proof for a wrong factor. For a total he cannot choose what it
opens to: it becomes a number of some 76 digits. So a total must lie in 0 … W, and the totals of a
question in the sum that its ballots prove; then a wrong factor cannot pass.

**Plaintexts have no such bound.** Reading numbers out of an element ignores its upper bits, and
there he can choose by trial. An element that is not exactly what its numbers embed to is
therefore *unfaithful*: reason to refuse an archive of which nothing else is known, and one invalid
entry where second proofs have shown that the factors are right, since a voter can encrypt any
element.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.crypto.decryption import combine_threshold, open_count, remove_factors
from voting.errors import FormatError, VerificationError
from voting.protocol import codec
from voting.protocol.election import HomomorphicQuestion, NonHomomorphicQuestion
from voting.protocol.trustees import Single

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.crypto.group import Element
    from voting.protocol.election import Election
    from voting.protocol.shares import PartialDecryption
    from voting.protocol.tally import Ciphertexts
    from voting.protocol.trustees import Trustees

Totals = tuple[int, ...]
Plaintexts = tuple[tuple[int, ...], ...]
Entries = tuple[tuple[int, ...] | None, ...]
"""Plaintexts in the order of the last shuffle; None for one that is unfaithful."""

_PLACE: Final = "result"
_HUGE = re.compile(r"[1-9][0-9]{40,}")


@dataclass(frozen=True, slots=True)
class Result:
    """One entry for each question: totals of its choices, or plaintexts."""

    questions: tuple[Totals | Plaintexts, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A result, and for each question the indexes of its unfaithful plaintexts, ascending."""

    result: Result
    unfaithful: tuple[tuple[int, ...], ...]


def open_elements(
    trustees: Trustees, ciphertexts: Ciphertexts, shares: Mapping[int, PartialDecryption]
) -> tuple[tuple[Element, ...], ...]:
    """Remove the factors: M = beta - F for every ciphertext.

    Args:
        shares: by owner, all verified. Of a Pedersen group the first ``threshold`` are used.

    Raises:
        VerificationError: ``too-few-shares``.
    """
    return tuple(
        tuple(
            remove_factors(
                trustees.group,
                ciphertext,
                _factors(trustees, {k: share.factors[i][j] for k, share in shares.items()}),
            )
            for j, ciphertext in enumerate(row)
        )
        for i, row in enumerate(ciphertexts)
    )


def open_result(
    election: Election, elements: Sequence[Sequence[Element]], total_weight: int
) -> Opened:
    """Read the opened elements as totals and plaintexts, and check the bounds.

    Raises:
        VerificationError: ``count-out-of-bounds``, ``result-sum``: some factor was wrong.
    """
    questions: list[Totals | Plaintexts] = []
    unfaithful: list[tuple[int, ...]] = []
    for i, (question, row) in enumerate(zip(election.questions, elements, strict=True)):
        if isinstance(question, HomomorphicQuestion):
            totals = tuple(open_count(election.group, element, total_weight) for element in row)
            _check_bounds(question, totals, total_weight, i)
            questions.append(totals)
            unfaithful.append(())
        else:
            plaintexts = _plaintexts(election, question, row)
            questions.append(plaintexts)
            unfaithful.append(_unfaithful(election, row, plaintexts))
    return Opened(Result(tuple(questions)), tuple(unfaithful))


def verify_result(
    election: Election,
    elements: Sequence[Sequence[Element]],
    total_weight: int,
    result: Result,
) -> Opened:
    """Check a stated result against the opened elements, bounds before anything else.

    Raises:
        VerificationError: ``result-bounds``, ``result-sum``, ``result-wrong``, with the
            ``question`` from 0.
    """
    group = election.group
    for i, (question, stated) in enumerate(zip(election.questions, result.questions, strict=True)):
        if isinstance(question, HomomorphicQuestion):
            _check_bounds(question, _totals(stated), total_weight, i)
    unfaithful: list[tuple[int, ...]] = []
    for i, (question, stated) in enumerate(zip(election.questions, result.questions, strict=True)):
        row = elements[i]
        if isinstance(question, HomomorphicQuestion):
            opened = [group.multiply_generator(n) for n in _totals(stated)]
            if opened != list(row):
                raise VerificationError("result-wrong", question=i)
            unfaithful.append(())
        else:
            plaintexts = _plaintexts(election, question, row)
            if stated != plaintexts:
                raise VerificationError("result-wrong", question=i)
            unfaithful.append(_unfaithful(election, row, plaintexts))
    return Opened(result, tuple(unfaithful))


def totals_of(result: Result) -> tuple[Totals, ...]:
    """Return the totals of each question; none of one that was shuffled."""
    return tuple(tuple(n for n in row if isinstance(n, int)) for row in result.questions)


def entries_of(opened: Opened) -> dict[int, Entries]:
    """Return the plaintexts of each shuffled question by its index; unfaithful ones are None.

    Only where second proofs hold (a record): there such an element is what a voter cast, on
    purpose, and is one invalid entry.
    """
    found: dict[int, Entries] = {}
    for i, (row, bad) in enumerate(zip(opened.result.questions, opened.unfaithful, strict=True)):
        plaintexts = [one for one in row if isinstance(one, tuple)]
        if plaintexts:
            found[i] = tuple(None if j in bad else one for j, one in enumerate(plaintexts))
    return found


def require_faithful(opened: Opened) -> None:
    """Refuse plaintexts that nothing proves to be a voter's (a bare archive).

    Raises:
        VerificationError: ``result-plaintext``, with ``question`` and ``entry`` from 0.
    """
    for i, entries in enumerate(opened.unfaithful):
        for entry in entries:
            raise VerificationError("result-plaintext", question=i, entry=entry)


def encode_result(result: Result) -> bytes:
    """Write a result."""
    rows: list[list[object]] = []
    for row in result.questions:
        values = (n if isinstance(n, tuple) else codec.weight_json(n) for n in row)
        rows.append([list(n) if isinstance(n, tuple) else n for n in values])
    return codec.encode({"result": rows})


def decode_result(data: bytes, election: Election, ciphertexts: Ciphertexts) -> Result:
    """Read a result of these ciphertexts; its shape, not its truth.

    Raises:
        FormatError: malformed, or of another shape.
        VerificationError: ``result-bounds``: a number that no tally reaches.
    """
    (listed,) = codec.fields(codec.decode_exact(data, _PLACE), _PLACE, "result")
    rows = codec.array(listed, f"{_PLACE}.result", size=len(ciphertexts))
    questions: list[Totals | Plaintexts] = []
    for i, (question, row, shape) in enumerate(
        zip(election.questions, rows, ciphertexts, strict=True)
    ):
        place = f"{_PLACE}.result[{i}]"
        entries = codec.array(row, place, size=len(shape))
        if isinstance(question, HomomorphicQuestion):
            questions.append(
                tuple(_total(value, f"{place}[{j}]", i) for j, value in enumerate(entries))
            )
        else:
            questions.append(
                tuple(
                    _numbers(value, f"{place}[{j}]", question.size)
                    for j, value in enumerate(entries)
                )
            )
    return Result(tuple(questions))


def _factors(trustees: Trustees, factors: Mapping[int, Element]) -> list[Element]:
    """Return one factor for each part of the election's key."""
    combined: list[Element] = []
    for first, item in trustees.numbered():
        own = {k - first + 1: f for k, f in factors.items() if first <= k < first + len(item.keys)}
        if len(own) < item.threshold:
            raise VerificationError("too-few-shares", have=len(own), need=item.threshold)
        if isinstance(item, Single):
            combined.append(own[1])
        else:
            combined.append(combine_threshold(trustees.group, item.threshold, own))
    return combined


def _check_bounds(question: HomomorphicQuestion, totals: Totals, weight: int, index: int) -> None:
    if any(not 0 <= n <= weight for n in totals):
        raise VerificationError("result-bounds", question=index)
    blank = totals[0] if question.blank else 0
    chosen, voters = sum(totals) - blank, weight - blank
    if not question.minimum * voters <= chosen <= question.maximum * voters:
        raise VerificationError("result-sum", question=index)


def _totals(stated: Totals | Plaintexts) -> Totals:
    return tuple(n for n in stated if isinstance(n, int))


def _plaintexts(
    election: Election, question: NonHomomorphicQuestion, row: Sequence[Element]
) -> Plaintexts:
    return tuple(tuple(election.group.extract(question.size, element)) for element in row)


def _unfaithful(
    election: Election, row: Sequence[Element], plaintexts: Plaintexts
) -> tuple[int, ...]:
    return tuple(
        j
        for j, (element, numbers) in enumerate(zip(row, plaintexts, strict=True))
        if election.group.embed(numbers) != element
    )


def _total(value: object, place: str, index: int) -> int:
    if isinstance(value, str) and _HUGE.fullmatch(value):
        raise VerificationError("result-bounds", question=index)
    return codec.weight(value, place)


def _numbers(value: object, place: str, size: int) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) != size:
        raise FormatError(place, f"not {size} numbers")
    return tuple(codec.integer(n, f"{place}[{k}]", high=255) for k, n in enumerate(value))
