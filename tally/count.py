"""The count: verify every trustee's factors twice, combine the first t, open the totals.

The only place that makes counts. A partial decryption is taken only with the proof that
belenios-tool reads *and* the second proof over ciphertext and factor: whose fails is named and
left out, because the first alone can be forged (PROTOCOL, traps 3 and 11). What comes out are the
bodies that an archive adds after EndBallots; who writes the archive adds them in this order.
Source: ARCHITECTURE step 10, PROTOCOL 1.7, 1.9 and 5.3, docs/spec/second-proof.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.errors import FaultyTrusteeError, FormatError
from voting.protocol.archive import ArchiveWriter, SizedTally
from voting.protocol.result import Result, encode_result, open_elements, open_result
from voting.protocol.shares import (
    PartialDecryption,
    Proofs,
    SecondProofs,
    decode_partial_decryption,
    decode_second_proofs,
    encode_second_proofs,
    verify_partial_decryption,
    verify_second_proofs,
)
from voting.protocol.tally import encode_tally

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tally.release import Factors
    from voting.protocol.archive import Archive
    from voting.protocol.election import Election
    from voting.protocol.tally import Ciphertexts
    from voting.protocol.trustees import Trustees


@dataclass(frozen=True, slots=True)
class Count:
    """An opened box, as bodies for the archive and the file of second proofs.

    Attributes:
        shuffles: By trustee's index, in order; empty where nothing had to be shuffled.
        shares: By trustee's index, ascending: the partial decryptions that were used.
        blamed: Who answered with something that a proof refutes; empty when all were right.
    """

    tally: SizedTally
    shares: Mapping[int, bytes] = field(repr=False)
    proofs: bytes = field(repr=False)
    result: Result
    blamed: tuple[FaultyTrusteeError, ...] = ()
    shuffles: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    @property
    def result_bytes(self) -> bytes:
        """The body of the archive's last event."""
        return encode_result(self.result)


def check_factors(
    election: Election, trustees: Trustees, ciphertexts: Ciphertexts, answer: Factors
) -> tuple[PartialDecryption, Proofs]:
    """Check one trustee's answer: form, version 1 proofs, second proofs.

    Raises:
        FaultyTrusteeError: Blames the trustee, for a malformed answer too.
    """
    index = answer.trustee
    try:
        share = decode_partial_decryption(answer.share, election, ciphertexts)
        second = decode_second_proofs(answer.proofs, election, ciphertexts)
    except FormatError as e:
        raise FaultyTrusteeError(index, place=e.place) from e
    if list(second.trustees) != [index]:
        raise FaultyTrusteeError(index, place="proofs.trustees")
    key, proofs = trustees.key(index), second.trustees[index]
    verify_partial_decryption(election, ciphertexts, index, key, share)
    verify_second_proofs(election, ciphertexts, index, key, share, proofs)
    return share, proofs


def combine(
    election: Election,
    trustees: Trustees,
    ciphertexts: Ciphertexts,
    answers: Sequence[Factors],
    *,
    number: int,
    shuffles: Mapping[int, bytes] | None = None,
    mixed: Ciphertexts | None = None,
) -> Count:
    """Open a tally with the first t right answers by index.

    Args:
        ciphertexts: The encrypted tally of the box, as this machine computed it.
        number: Of ballots in the box; each counts once.
        shuffles: The trustees' shuffles, verified, in order; only who shuffled may open.
        mixed: What they made of the tally: what the answers decrypt.

    Raises:
        FaultyTrusteeError: too few right answers are left and somebody's was wrong: the first.
        VerificationError: ``too-few-shares``, or a total out of its bounds.
    """
    shares: dict[int, PartialDecryption] = {}
    proofs: dict[int, Proofs] = {}
    blamed: list[FaultyTrusteeError] = []
    opening = ciphertexts if mixed is None else mixed
    for answer in sorted(answers, key=lambda one: one.trustee):
        if not trustees.missing(shares):
            break
        if shuffles and answer.trustee not in shuffles:
            continue
        try:
            share, second = check_factors(election, trustees, opening, answer)
        except FaultyTrusteeError as e:
            blamed.append(e)
        else:
            shares[answer.trustee], proofs[answer.trustee] = share, second
    if trustees.missing(shares) and blamed:
        raise blamed[0]
    elements = open_elements(trustees, opening, shares)
    opened = open_result(election, elements, number)
    used = {one.trustee: one.share for one in answers if one.trustee in shares}
    return Count(
        SizedTally(encode_tally(ciphertexts), number, number),
        dict(sorted(used.items())),
        encode_second_proofs(SecondProofs(election.uuid, proofs)),
        opened.result,
        tuple(blamed),
        dict(shuffles or {}),
    )


def complete_archive(sealed: bytes, read: Archive, count: Count) -> bytes:
    """Return the whole ``.bel``: sealed bytes, tally, shuffles, partial decryptions, result."""
    writer = ArchiveWriter.resume(read)
    parts = [sealed, writer.encrypted_tally(count.tally)]
    parts += [writer.shuffle(owner, body) for owner, body in count.shuffles.items()]
    if count.shuffles:
        parts.append(writer.end_shuffles())
    parts += [writer.partial_decryption(owner, body) for owner, body in count.shares.items()]
    parts.append(writer.result(count.result_bytes))
    return b"".join(parts)
