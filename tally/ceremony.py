"""A trustee's steps through the key ceremony, pure: state in, state and message out.

    begin → commit          wait for all n commitments
    reveal → reveal         wait for all n reveals
    compare → ten digits    people read them aloud
    deal → shares           only after a person confirmed the digits
    receive → acknowledge   or a complaint: the ceremony ends; begin again as the next attempt
    finish → Keys           trustees.json made and checked here, secrets, memory

The server relays and is believed in nothing: every list must have exactly one message from each
trustee, one's own among them unchanged, and the lists of earlier steps are never given twice.
What cannot go on because something is missing is a RefusedError; what somebody must have forged
is a VerificationError with the trustee whose message it was. The rehearsal is in
``tally.rehearsal``. Source: ARCHITECTURE step 2, PROTOCOL 1.4 and 5.6, docs/spec/ceremony.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tally.drawing import draw_keys, trustee_key
from tally.memory import TrusteeMemory, TrusteeSecrets
from tally.relayed import (
    approval_of,
    check_certificate,
    check_dealer,
    distinct,
    keys_of,
    one_each,
    shares_digest,
    unchanged,
)
from voting.crypto import dkg
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars
from voting.crypto.signature import sign_message
from voting.errors import RefusedError, VerificationError
from voting.protocol import envelope
from voting.protocol.ceremony import (
    Acknowledgement,
    Commit,
    Complaint,
    Reveal,
    Session,
    Shares,
    code,
    transcript,
)
from voting.protocol.sharebox import NONCE_BYTES, seal_share
from voting.protocol.trustees import (
    Pedersen,
    decode_trustees,
    encode_trustees,
    verify_trustees,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voting.crypto.dkg import Polynomial
    from voting.protocol.certificates import (
        Coefficients,
    )

    Rand = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Ceremony:
    """One trustee's state. ``reveals``, ``dealt`` and the rest are empty until their step."""

    session: Session
    index: int
    seed: str = field(repr=False)
    note_seed: bytes = field(repr=False)
    box_secret: bytes = field(repr=False)
    polynomial: Polynomial = field(repr=False)
    own: Reveal = field(repr=False)
    coefficients: Coefficients = field(repr=False)
    commits: tuple[Commit, ...] = ()
    reveals: tuple[Reveal, ...] = field(default=(), repr=False)
    transcript: str = ""
    own_shares: bytes = field(default=b"", repr=False)
    shares: tuple[Shares, ...] = field(default=(), repr=False)
    shares_digest: str = ""
    share: int | None = field(default=None, repr=False)
    answer: bytes = field(default=b"", repr=False)

    @property
    def code(self) -> str:
        """The ten digits to read aloud, once all n have revealed."""
        return code(self.transcript)

    @property
    def note_keys(self) -> list[str]:
        return [reveal.note_key for reveal in self.reveals]

    @property
    def ended(self) -> bool:
        """Whether this trustee complained: only a new attempt goes on."""
        return bool(self.shares) and self.share is None


@dataclass(frozen=True, slots=True)
class Keys:
    """What a ceremony leaves behind."""

    trustees: bytes
    secrets: TrusteeSecrets = field(repr=False)
    memory: TrusteeMemory


def begin(session: Session, index: int, *, rand: Rand) -> tuple[Ceremony, bytes]:
    """Draw all keys and the polynomial, and commit to them.

    Args:
        session: What the people of this meeting told the device.
        index: This trustee, from 1.
        rand: As ``secrets.token_bytes``.

    Raises:
        RefusedError: not 2 <= t <= n < 2t, or an index outside.
    """
    t, n = session.threshold, session.size
    if not 2 <= t <= n < 2 * t or not 1 <= index <= n:
        raise RefusedError("ceremony-numbers", threshold=t, size=n)
    drawn = draw_keys(session, index, rand)
    state = Ceremony(session, index, *drawn)
    return state, Commit(index, state.own.commitment).encode(session)


def reveal(state: Ceremony, commits: Sequence[bytes]) -> tuple[Ceremony, bytes]:
    """Show what was committed to, holding all n commitments.

    Raises:
        RefusedError: ``ceremony-incomplete``: the ``missing`` trustees have not committed.
        VerificationError: ``ceremony-second``: two commitments by one trustee, or another list
            than before; ``ceremony-own-changed``; ``ceremony-duplicate``.
    """
    found = one_each(state.session, [Commit.decode(state.session, data) for data in commits])
    if found[state.index - 1].commitment != state.own.commitment:
        raise VerificationError("ceremony-own-changed", trustee=state.index)
    unchanged(state.commits or found, found)
    distinct(found, lambda commit: (commit.commitment,))
    return replace(state, commits=found), state.own.encode(state.session)


def compare(state: Ceremony, reveals: Sequence[bytes]) -> Ceremony:
    """Take all n reveals; then ``code`` is what the people compare.

    Raises:
        RefusedError: before this device revealed, or ``ceremony-incomplete``.
        VerificationError: a second or another reveal than before (``ceremony-second``), one
            that was not committed to (``ceremony-not-committed``), one for another n, t or
            index (``ceremony-context``), one key of two trustees (``ceremony-duplicate``), a
            certificate that its key did not sign (``ceremony-certificate``).
    """
    if not state.commits:
        raise RefusedError("ceremony-step")
    found = one_each(state.session, [Reveal.decode(state.session, data) for data in reveals])
    unchanged(state.reveals or found, found)
    if found[state.index - 1] != state.own:
        raise VerificationError("ceremony-own-changed", trustee=state.index)
    for commit, shown in zip(state.commits, found, strict=True):
        if shown.commitment != commit.commitment:
            raise VerificationError("ceremony-not-committed", trustee=shown.trustee)
        check_certificate(state.session, shown)
    distinct(found, keys_of)
    return replace(state, reveals=found, transcript=transcript(state.session, found))


def deal(state: Ceremony, heard: str, *, rand: Rand) -> tuple[Ceremony, bytes]:
    """Send everybody his share, after a person confirmed the code.

    Args:
        heard: The ten digits as read aloud and entered or confirmed on this device.

    Raises:
        RefusedError: before there is a code, ``ceremony-code`` when another one was heard.
    """
    if not state.transcript:
        raise RefusedError("ceremony-step")
    if "".join(heard.split()) != "".join(state.code.split()):
        raise RefusedError("ceremony-code")
    if state.own_shares:
        return state, state.own_shares
    draw = fresh_scalars(rand, ED25519)
    approval = approval_of(state.reveals, state.coefficients)
    boxes = tuple(
        seal_share(
            state.session,
            dealer=state.index,
            recipient=to.trustee,
            share=state.polynomial.share(to.trustee),
            box_secret=state.box_secret,
            their_key=to.box_key,
            nonce=rand(NONCE_BYTES),
        )
        for to in state.reveals
    )
    signing = dkg.secrets_from_seed(ED25519, state.seed).signing
    signature = sign_message(ED25519, signing, approval, draw())
    shares = Shares(state.index, state.transcript, state.coefficients, signature, boxes)
    message = shares.encode(state.session, state.note_seed)
    return replace(state, own_shares=message), message


def receive(state: Ceremony, messages: Sequence[bytes], *, rand: Rand) -> tuple[Ceremony, bytes]:
    """Open and check the shares; acknowledge them, or complain about the first wrong one.

    Raises:
        RefusedError: before this device dealt, or ``ceremony-incomplete``.
        ProofError: a message that its trustee's note key did not sign.
        VerificationError: ``ceremony-second``, ``ceremony-own-changed``, or
            ``ceremony-transcript``: a dealer saw other keys than this device.
    """
    if not state.own_shares or state.ended:
        raise RefusedError("ceremony-step")
    keys = state.note_keys
    found = one_each(state.session, [Shares.decode(state.session, data, keys) for data in messages])
    if state.own_shares not in messages:
        raise VerificationError("ceremony-own-changed", trustee=state.index)
    if state.shares:
        unchanged(state.shares, found)
        return state, state.answer
    for one in found:
        if one.transcript != state.transcript:
            raise VerificationError("ceremony-transcript", trustee=one.trustee)
    digest = shares_digest(state.session, messages, keys)
    state = replace(state, shares=found, shares_digest=digest)
    values: list[int] = []
    for one in found:
        value, reason = check_dealer(
            state.session, state.reveals, state.index, state.box_secret, one
        )
        if reason is not None:
            complaint = Complaint(state.index, state.transcript, one.trustee, reason)
            message = complaint.encode(state.session, state.note_seed)
            return replace(state, answer=message), message
        values.append(value)
    share = dkg.combine_shares(ED25519, values)
    key = trustee_key(state.seed, share, rand)
    ack = Acknowledgement(state.index, state.transcript, digest, key)
    message = ack.encode(state.session, state.note_seed)
    return replace(state, share=share, answer=message), message


def finish(state: Ceremony, answers: Sequence[bytes]) -> Keys:
    """Make ``trustees.json`` from what everybody acknowledged, and check all of it.

    Raises:
        RefusedError: ``ceremony-complaint`` with ``by`` and ``against``: begin a new attempt;
            ``ceremony-incomplete``.
        VerificationError: ``ceremony-key``: a trustee's key is not the one that follows from the
            coefficients; ``ceremony-shares``: he saw other shares; and what
            ``verify_trustees`` finds.
    """
    if not state.answer:
        raise RefusedError("ceremony-step")
    for data in answers:
        if envelope.kind_of(data) == "complaint":
            said = Complaint.decode(state.session, data, state.note_keys)
            raise RefusedError("ceremony-complaint", by=said.trustee, against=said.against)
    if state.share is None:
        raise RefusedError("ceremony-step")
    keys = state.note_keys
    found = one_each(
        state.session, [Acknowledgement.decode(state.session, a, keys) for a in answers]
    )
    if state.answer not in answers:
        raise VerificationError("ceremony-own-changed", trustee=state.index)
    commitments = [one.coefficients.commitments for one in state.shares]
    for ack in found:
        if (ack.transcript, ack.shares) != (state.transcript, state.shares_digest):
            raise VerificationError("ceremony-shares", trustee=ack.trustee)
        if ack.key.public_key != dkg.verification_key(ED25519, commitments, ack.trustee):
            raise VerificationError("ceremony-key", trustee=ack.trustee)
    trustees = _assemble(state, found)
    verify_trustees(decode_trustees(trustees, ED25519))
    secrets = TrusteeSecrets(state.share, state.seed, state.note_seed, state.box_secret)
    memory = TrusteeMemory(
        session=state.session,
        index=state.index,
        trustees=trustees.decode(),
        note_keys=tuple(keys),
    )
    return Keys(trustees, secrets, memory)


def _assemble(state: Ceremony, acks: Sequence[Acknowledgement]) -> bytes:
    item = Pedersen(
        state.session.threshold,
        tuple(one.certificate for one in state.reveals),
        tuple(one.coefficients for one in state.shares),
        tuple(one.approval for one in state.shares),
        tuple(ack.key for ack in acks),
    )
    return encode_trustees([item])
