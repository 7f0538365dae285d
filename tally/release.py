"""A trustee's answers for a sealed box: his signature, and then his factors.

**One tally for each slot, for ever.** A device signs one checkpoint text for a slot; it decrypts
only under a note with the very same text and the signatures of more than (n + t - 1)/2
trustees, so that two different boxes cannot both be opened while fewer than t are dishonest.
Where a device was lost, the comparison aloud stands in for the missing signatures: it is in the
ledger with this digest, and the person at this device says that it is the one on the hall
screen. A device that never agreed to the opening (a copy of the share without its memory) demands
that comparison in any case. Source: ARCHITECTURE step 10, PROTOCOL 5.3, 5.4, 5.7.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tally.memory import SlotMemory
from tally.mixing import is_compared, needs_shuffles, require_chain, require_cosigners
from tally.trustee import open_meeting
from voting.crypto.hashing import fresh_scalars
from voting.errors import RefusedError, VerificationError
from voting.meeting import keys
from voting.meeting.fold import advance
from voting.meeting.ledger import decode_act, signing_bytes
from voting.protocol import codec
from voting.protocol.checkpoint import signer
from voting.protocol.note import sign_note
from voting.protocol.shares import (
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_partial_decryption,
    make_second_proofs,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tally.memory import TrusteeMemory, TrusteeSecrets
    from tally.mixing import Mixed
    from tally.trustee import SealedBox


@dataclass(frozen=True, slots=True)
class Factors:
    """A trustee's answer: the partial decryption, and its second proofs as a file of one owner."""

    trustee: int
    share: bytes = field(repr=False)
    proofs: bytes = field(repr=False)


def sign_checkpoint(
    memory: TrusteeMemory, secrets: TrusteeSecrets, box: SealedBox, *, compared: bool = False
) -> tuple[TrusteeMemory, str]:
    """Sign the checkpoint of a box that was checked; returns the note's signature line.

    Args:
        compared: The person at the device confirms that the digest is the one on the hall
            screen. Needed only by a device that did not agree to the opening.

    Raises:
        RefusedError: ``comparison-needed``, ``share-destroyed``.
        VerificationError: ``second-tally``: this device signed another box for this slot.
    """
    if memory.destroyed:
        raise RefusedError("share-destroyed")
    text = box.checkpoint.text
    held = memory.slots.get(box.slot)
    if held is None:
        if not is_compared(box, confirmed=compared):
            raise RefusedError("comparison-needed", slot=box.slot)
        held = SlotMemory(box.election.digest, box.checkpoint.credentials, box.active)
    if held.checkpoint not in (None, text):
        raise VerificationError("second-tally", slot=box.slot)
    memory = replace(memory.with_slot(box.slot, replace(held, checkpoint=text)), opened=True)
    return memory, sign_note(text, signer(memory.index), secrets.note_seed).line


def release_factors(
    memory: TrusteeMemory,
    secrets: TrusteeSecrets,
    box: SealedBox,
    note: bytes,
    *,
    mixed: Mixed | None = None,
    shuffles: bytes | None = None,
    compared: bool = False,
    rand: Callable[[int], bytes],
) -> tuple[TrusteeMemory, Factors]:
    """Decrypt a box that enough trustees signed for; the same box gets the same answer again.

    Args:
        note: The checkpoint note with the trustees' signatures.
        mixed: Where something has to be shuffled, the tally after the shuffles that this device
            verified: that is decrypted, and nothing before it.
        shuffles: The note over those shuffles.
        compared: As ``sign_checkpoint``; it needs the act in the ledger besides.
        rand: As ``secrets.token_bytes``, for the proofs.

    Raises:
        RefusedError: ``checkpoint-unsigned``: this device has not signed;
            ``checkpoint-signatures``: too few others have; ``share-destroyed``; what
            ``require_chain`` refuses.
        VerificationError: ``checkpoint-mismatch``: a note over another text; ``second-tally``;
            ``second-chain``.
        ProofError: a signature by an unknown key, a second one by the same trustee, a bad one.
        FormatError: not a note.
    """
    held = require_cosigners(memory, box, note, compared=compared)
    if needs_shuffles(box.election):
        if mixed is None or shuffles is None:
            raise RefusedError("chain-unsigned", slot=box.slot)
        require_chain(memory, box, mixed, shuffles, compared=compared)
        box = replace(box, ciphertexts=mixed.ciphertexts)
    if held.share is None or held.proofs is None:
        made = _decrypt(memory, secrets, box, rand)
        held = replace(held, share=made[0].decode(), proofs=made[1].decode())
        memory = memory.with_slot(box.slot, held)
    assert held.share is not None
    assert held.proofs is not None
    return memory, Factors(memory.index, held.share.encode(), held.proofs.encode())


def sign_destroy(
    memory: TrusteeMemory, secrets: TrusteeSecrets, *, meeting: bytes, ledger: bytes, act: bytes
) -> tuple[TrusteeMemory, str]:
    """Sign the act that says this device's share is destroyed; returns the signature in hex.

    The caller erases the key file first (``KeyFile.destroy``) and sends the signature then: so
    the ledger never says what is not so.

    Args:
        act: The bytes of the proposed act, on the ledger's head.

    Raises:
        RefusedError: some round is not certified, void or under the floor (``round-unfinished``).
        VerificationError: ``not-this-act``: another act, trustee or head.
    """
    memory, frozen, state = open_meeting(memory, meeting, ledger)
    proposed = decode_act(act)
    here = (proposed.kind, proposed.height, proposed.parent)
    if here != ("destroy", state.height, state.head) or proposed.body != {"trustee": memory.index}:
        raise VerificationError("not-this-act")
    advance(frozen, state, proposed)
    signature = keys.sign(secrets.note_seed, signing_bytes(frozen.fingerprint, proposed))
    return replace(memory, destroyed=True), signature


def _decrypt(
    memory: TrusteeMemory, secrets: TrusteeSecrets, box: SealedBox, rand: Callable[[int], bytes]
) -> tuple[bytes, bytes]:
    draw = fresh_scalars(rand, box.election.group)
    share = make_partial_decryption(box.election, box.ciphertexts, secrets.share, draw)
    proofs = make_second_proofs(box.election, box.ciphertexts, secrets.share, draw)
    second = SecondProofs(codec.uuid(box.slot, "slot"), {memory.index: proofs})
    return encode_partial_decryption(share), encode_second_proofs(second)
