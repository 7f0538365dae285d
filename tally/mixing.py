"""A trustee's part in the shuffles: check those before, shuffle once, agree to the whole chain.

What must be shuffled is opened ballot by ballot, so who cast what is hidden by nothing but the
permutations, and by all of them: one honest one is enough. Hence a device takes part only in a
box that it checked and that enough trustees signed for; it verifies every shuffle and every
signature itself, from the tally that it added up; it shuffles **once for a slot, for ever**, and
sends the same bytes again when asked again; and it agrees only to a chain in which everybody has
shuffled, but for those whom two officers stated to be missing, itself included if it did.

Order: ascending by index. Each function takes the device's memory and returns a new one, which
must be stored before the answer is sent. Source: ARCHITECTURE step 10, PROTOCOL 1.8,
docs/spec/shuffles.md, ADR 180.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from voting.crypto.hashing import fresh_scalars, sha256_hex
from voting.errors import (
    FaultyTrusteeError,
    FormatError,
    ProofError,
    RefusedError,
    VerificationError,
)
from voting.protocol.checkpoint import cosigners_needed, verify_checkpoint
from voting.protocol.mixing import Chain, sign_chain, verify_chain, verify_link
from voting.protocol.shuffles import (
    after_shuffle,
    decode_shuffle,
    encode_shuffle,
    make_shuffle,
    verify_shuffle,
)
from voting.protocol.tally import plaintext_questions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tally.memory import SlotMemory, TrusteeMemory, TrusteeSecrets
    from tally.trustee import SealedBox
    from voting.protocol.election import Election
    from voting.protocol.shuffles import Progress
    from voting.protocol.tally import Ciphertexts


@dataclass(frozen=True, slots=True)
class Shuffled:
    """One trustee's shuffle as it is relayed: its bytes, and his signature line over the chain."""

    owner: int
    body: bytes = field(repr=False)
    line: str


@dataclass(frozen=True, slots=True)
class Mixed:
    """A tally after the shuffles that were verified so far."""

    chain: Chain
    ciphertexts: Ciphertexts = field(repr=False)


def needs_shuffles(election: Election) -> bool:
    """Tell whether a question has to be shuffled before it may be opened."""
    return bool(plaintext_questions(election))


def unmixed(box: SealedBox) -> Mixed:
    """Return the tally of a box before the first shuffle."""
    return Mixed(Chain(box.checkpoint.digest), box.ciphertexts)


def follow(
    memory: TrusteeMemory,
    box: SealedBox,
    mixed: Mixed,
    given: Shuffled,
    *,
    progress: Progress | None = None,
) -> Mixed:
    """Verify one shuffle more: its place, its owner's signature, its proof.

    Args:
        progress: Is told how many ciphertexts of how many are done, question by question.

    Raises:
        VerificationError: ``shuffle-order``: owners do not ascend, or there is no such trustee;
            ``second-shuffle``: under this trustee's number stands what this device did not make.
        ProofError: not signed by its owner for this box and these shuffles before it.
        FaultyTrusteeError: signed, and not a shuffle of what came before.
    """
    owner = given.owner
    last = mixed.chain.links[-1][0] if mixed.chain.links else 0
    if not last < owner <= memory.session.size:
        raise VerificationError("shuffle-order", slot=box.slot, owner=owner)
    chain = mixed.chain.then(owner, sha256_hex(given.body))
    held = memory.slots.get(box.slot)
    own = None if held is None or owner != memory.index else held.link
    if own is not None and own != chain.text:
        raise VerificationError("second-shuffle", slot=box.slot)
    verify_link(chain, given.line, _note_keys(memory))
    after = apply_shuffle(box.election, mixed.ciphertexts, owner, given.body, progress)
    return Mixed(chain, after)


def apply_shuffle(
    election: Election,
    ciphertexts: Ciphertexts,
    owner: int,
    body: bytes,
    progress: Progress | None = None,
) -> Ciphertexts:
    """Verify a shuffle of these ciphertexts and return what it makes of them.

    Raises FaultyTrusteeError, for what cannot be read too.
    """
    try:
        shuffle = decode_shuffle(body, election, ciphertexts)
        verify_shuffle(election, ciphertexts, shuffle, progress)
    except FormatError as e:
        raise FaultyTrusteeError(owner, place=e.place) from e
    except ProofError as e:
        raise FaultyTrusteeError(owner, place="shuffle") from e
    return after_shuffle(election, ciphertexts, shuffle)


def waits_for(memory: TrusteeMemory, box: SealedBox, mixed: Mixed) -> int | None:
    """Return the trustee whose shuffle is waited for, None when the chain is whole."""
    return mixed.chain.waits_for(memory.session.size, missing_of(box))


def add_shuffle(
    memory: TrusteeMemory,
    secrets: TrusteeSecrets,
    box: SealedBox,
    note: bytes,
    mixed: Mixed,
    *,
    compared: bool = False,
    rand: Callable[[int], bytes],
    progress: Progress | None = None,
) -> tuple[TrusteeMemory, Shuffled]:
    """Shuffle, when it is this trustee's turn; the same chain gets the same bytes again.

    The permutation is forgotten at once: what is stored is what is sent.

    Args:
        note: The checkpoint note with the trustees' signatures.
        mixed: What ``follow`` verified, without a shuffle by this device.
        compared: As ``tally.release.release_factors``.
        rand: As ``secrets.token_bytes``.
        progress: As ``follow``.

    Raises:
        RefusedError: ``shuffle-turn``: another trustee is waited for; ``shuffle-unneeded``: nobody
            is; what ``require_cosigners`` refuses; ``share-destroyed``.
        VerificationError: ``second-shuffle``: this device has shuffled after another chain.
    """
    held = require_cosigners(memory, box, note, compared=compared)
    if held.link is not None:
        again = mixed.chain.then(memory.index, sha256_hex(held.shuffle or ""))
        if held.shuffle is None or again.text != held.link:
            raise VerificationError("second-shuffle", slot=box.slot)
        body = held.shuffle.encode()
        return memory, Shuffled(memory.index, body, _sign(again, memory, secrets))
    if not mixed.chain.may_add(memory.index, memory.session.size, missing_of(box)):
        waiting = waits_for(memory, box, mixed)
        if waiting is None:
            raise RefusedError("shuffle-unneeded", slot=box.slot)
        raise RefusedError("shuffle-turn", slot=box.slot, trustee=waiting)
    draw = fresh_scalars(rand, box.election.group)
    body = encode_shuffle(make_shuffle(box.election, mixed.ciphertexts, rand, draw, progress))
    chain = mixed.chain.then(memory.index, sha256_hex(body))
    kept = replace(held, shuffle=body.decode(), link=chain.text)
    memory = memory.with_slot(box.slot, kept)
    return memory, Shuffled(memory.index, body, _sign(chain, memory, secrets))


def agree_to_chain(
    memory: TrusteeMemory, secrets: TrusteeSecrets, box: SealedBox, mixed: Mixed
) -> tuple[TrusteeMemory, str]:
    """Sign a whole chain that was verified; returns the note's signature line.

    The device's own shuffle stands in it now, so its bytes need not be kept any longer.

    Raises:
        RefusedError: ``shuffles-waiting``: somebody has still to shuffle; ``shuffles-few``: fewer
            than t have; ``checkpoint-unsigned``, ``share-destroyed``.
        VerificationError: ``shuffle-left-out``: this device has shuffled and the chain goes
            without it; ``second-chain``: it agreed to another one.
    """
    held = _signed_for(memory, box)
    session = memory.session
    mixed.chain.require_whole(
        box.slot, size=session.size, threshold=session.threshold, missing=missing_of(box)
    )
    if held.link is not None and memory.index not in mixed.chain.owners:
        raise VerificationError("shuffle-left-out", slot=box.slot)
    text = mixed.chain.text
    if held.chain not in (None, text):
        raise VerificationError("second-chain", slot=box.slot)
    memory = memory.with_slot(box.slot, replace(held, chain=text, shuffle=None))
    return memory, _sign(mixed.chain, memory, secrets)


def require_chain(
    memory: TrusteeMemory, box: SealedBox, mixed: Mixed, note: bytes, *, compared: bool
) -> None:
    """Demand that enough trustees agreed to this very chain, this device and its shuffle among.

    Raises:
        RefusedError: ``chain-unsigned``; ``not-shuffled``: others open what they shuffled;
            ``shuffles-signatures``.
        VerificationError: ``second-chain``: this device agreed to another one, or the note is of
            another. ProofError, FormatError: not a note by trustees.
    """
    held = _signed_for(memory, box)
    if held.chain is None:
        raise RefusedError("chain-unsigned", slot=box.slot)
    chain, signers = verify_chain(note, _note_keys(memory))
    if not held.chain == mixed.chain.text == chain.text:
        raise VerificationError("second-chain", slot=box.slot)
    if memory.index not in chain.owners:
        raise RefusedError("not-shuffled", slot=box.slot, trustee=memory.index)
    need = _needed(memory, box, compared=compared)
    if memory.index not in signers or len(signers) < need:
        have = len(signers)
        raise RefusedError("shuffles-signatures", slot=box.slot, have=have, need=need)


def require_cosigners(
    memory: TrusteeMemory, box: SealedBox, note: bytes, *, compared: bool
) -> SlotMemory:
    """Demand that enough trustees signed for this very box, this device among them.

    Raises:
        RefusedError: ``checkpoint-unsigned``, ``checkpoint-signatures``, ``share-destroyed``.
        VerificationError: ``checkpoint-mismatch``, ``second-tally``.
        ProofError, FormatError: not a note by trustees.
    """
    held = _signed_for(memory, box)
    checkpoint, signers = verify_checkpoint(note, _note_keys(memory))
    if checkpoint != box.checkpoint:
        raise VerificationError("checkpoint-mismatch", slot=box.slot)
    need = _needed(memory, box, compared=compared)
    if memory.index not in signers or len(signers) < need:
        have = len(signers)
        raise RefusedError("checkpoint-signatures", slot=box.slot, have=have, need=need)
    return held


def missing_of(box: SealedBox) -> tuple[int, ...]:
    """Return the trustees whose devices two officers stated to be missing, for this slot."""
    return () if box.compared is None else box.compared.missing


def is_compared(box: SealedBox, *, confirmed: bool) -> bool:
    """Whether the comparison aloud is in the ledger for this box and the person confirms it."""
    digest = None if box.compared is None else box.compared.checkpoint
    return confirmed and digest == box.checkpoint.digest


def _signed_for(memory: TrusteeMemory, box: SealedBox) -> SlotMemory:
    """Return what is remembered of a box for which this device has signed, and for no other."""
    if memory.destroyed:
        raise RefusedError("share-destroyed")
    held = memory.slots.get(box.slot)
    if held is None or held.checkpoint is None:
        raise RefusedError("checkpoint-unsigned", slot=box.slot)
    if held.checkpoint != box.checkpoint.text:
        raise VerificationError("second-tally", slot=box.slot)
    return held


def _needed(memory: TrusteeMemory, box: SealedBox, *, compared: bool) -> int:
    session = memory.session
    if is_compared(box, confirmed=compared):
        return session.threshold
    return cosigners_needed(session.size, session.threshold)


def _sign(chain: Chain, memory: TrusteeMemory, secrets: TrusteeSecrets) -> str:
    return sign_chain(chain, memory.index, secrets.note_seed)


def _note_keys(memory: TrusteeMemory) -> list[bytes]:
    return [bytes.fromhex(key) for key in memory.note_keys]
