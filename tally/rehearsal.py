"""The rehearsal decryption: every set of t opens it, and it can open nothing else.

The ciphertext comes with its randomness and number, and a device checks both before it answers:
alpha = r·g and beta = r·y + m·g. Whoever can name r has made the ciphertext himself and learns
nothing from an answer; of a ballot, or of a ballot encrypted once more, nobody can. So no proof
is needed in the answers either: the right factor is r·X_j, which anybody can compute.

Refused for ever after the first opening (``memory.opened``). Source: ARCHITECTURE step 2.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from tally.relayed import one_each
from voting.crypto.decryption import combine_threshold, remove_factors
from voting.crypto.elgamal import Ciphertext, encrypt
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars, sha256_hex
from voting.errors import FaultyTrusteeError, RefusedError, VerificationError
from voting.protocol.ceremony import Rehearsal, RehearsalAnswer, Session
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tally.memory import TrusteeMemory, TrusteeSecrets
    from voting.crypto.group import Element
    from voting.protocol.trustees import Trustees


def make_rehearsal(session: Session, trustees: bytes, *, rand: Callable[[int], bytes]) -> bytes:
    """Encrypt a random number under the trustees' key; anybody may."""
    draw = fresh_scalars(rand, ED25519)
    r, m = draw(), draw()
    made = encrypt(ED25519, decode_trustees(trustees, ED25519).public_key, m, r)
    return Rehearsal(made.alpha, made.beta, r, m).encode(session)


def answer_rehearsal(memory: TrusteeMemory, secrets: TrusteeSecrets, data: bytes) -> bytes:
    """Return this trustee's factor of a rehearsal ciphertext.

    Raises:
        RefusedError: ``rehearsal-over`` after the first opening, ``share-destroyed``.
        VerificationError: ``rehearsal-ciphertext``: it is not the encryption that it says it is.
    """
    if memory.destroyed:
        raise RefusedError("share-destroyed")
    if memory.opened:
        raise RefusedError("rehearsal-over")
    rehearsal = _checked(memory, data)
    answer = RehearsalAnswer(memory.index, sha256_hex(data), secrets.share * rehearsal.alpha)
    return answer.encode(memory.session, secrets.note_seed)


def check_rehearsal(memory: TrusteeMemory, data: bytes, answers: Sequence[bytes]) -> TrusteeMemory:
    """Check that all n answered and every set of t opens the rehearsal; remember it.

    Raises:
        RefusedError: ``ceremony-incomplete`` with the ``missing`` trustees.
        FaultyTrusteeError: an answer that is not r·X_j.
        VerificationError: a set of t that opens something else.
    """
    rehearsal = _checked(memory, data)
    session, trustees = memory.session, _trustees(memory)
    found = one_each(
        session, [RehearsalAnswer.decode(session, a, memory.note_keys) for a in answers]
    )
    factors: dict[int, Element] = {}
    for answer in found:
        right = rehearsal.randomness * trustees.key(answer.trustee)
        if answer.rehearsal != sha256_hex(data) or answer.factor != right:
            raise FaultyTrusteeError(answer.trustee)
        factors[answer.trustee] = answer.factor
    wanted = ED25519.multiply_generator(rehearsal.message)
    ciphertext = Ciphertext(rehearsal.alpha, rehearsal.beta)
    for chosen in combinations(sorted(factors), session.threshold):
        some = {index: factors[index] for index in chosen}
        opened = combine_threshold(ED25519, session.threshold, some)
        if remove_factors(ED25519, ciphertext, [opened]) != wanted:
            raise VerificationError("rehearsal-opens-wrong", trustees=list(chosen))
    return replace(memory, rehearsed=True)


def _checked(memory: TrusteeMemory, data: bytes) -> Rehearsal:
    rehearsal = Rehearsal.decode(memory.session, data)
    key = _trustees(memory).public_key
    made = encrypt(ED25519, key, rehearsal.message, rehearsal.randomness)
    if (rehearsal.alpha, rehearsal.beta) != (made.alpha, made.beta):
        raise VerificationError("rehearsal-ciphertext")
    return rehearsal


def _trustees(memory: TrusteeMemory) -> Trustees:
    return decode_trustees(memory.trustees.encode(), ED25519)
