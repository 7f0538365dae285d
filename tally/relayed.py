"""What a device checks of the ceremony's messages as a server relayed them.

Lists must have exactly one message from each trustee; certificates, coefficients and shares must
be what was committed to, for this attempt of the ceremony, and fit together.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from voting.crypto import dkg
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.crypto.signature import verify_message
from voting.errors import FaultyTrusteeError, ProofError, RefusedError, VerificationError
from voting.protocol.ceremony import (
    Acknowledgement,
    Commit,
    RehearsalAnswer,
    Reveal,
    Session,
    Shares,
)
from voting.protocol.certificates import approval_message
from voting.protocol.sharebox import open_share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voting.protocol.ceremony import Reason
    from voting.protocol.certificates import Coefficients

Message = TypeVar("Message", Commit, Reveal, Shares, Acknowledgement, RehearsalAnswer)


def one_each(session: Session, messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return exactly one message from each trustee, in the order of their indexes."""
    by_index = {message.trustee: message for message in messages}
    for trustee, times in Counter(message.trustee for message in messages).items():
        if times > 1:
            raise VerificationError("ceremony-second", trustee=trustee)
    missing = [i for i in range(1, session.size + 1) if i not in by_index]
    if missing or len(messages) != session.size:
        raise RefusedError("ceremony-incomplete", missing=missing)
    return tuple(by_index[i] for i in range(1, session.size + 1))


def unchanged(before: Sequence[Message], now: Sequence[Message]) -> None:
    """Require the same messages as before; a trustee says each thing once."""
    for old, new in zip(before, now, strict=True):
        if old != new:
            raise VerificationError("ceremony-second", trustee=new.trustee)


def distinct(messages: Sequence[Message], keys: Callable[[Message], Sequence[str]]) -> None:
    """Require that no value stands twice, for two trustees or for one."""
    seen: dict[str, int] = {}
    for message in messages:
        for key in keys(message):
            if key in seen:
                raise VerificationError(
                    "ceremony-duplicate", trustee=message.trustee, other=seen[key]
                )
            seen[key] = message.trustee


def keys_of(shown: Reveal) -> tuple[str, ...]:
    """What no two trustees may share, and no trustee may use twice."""
    certificate = shown.certificate
    return (
        certificate.verification.text,
        certificate.encryption.text,
        shown.coefficients,
        shown.note_key,
        shown.box_key,
        shown.nonce,
    )


def shares_digest(session: Session, messages: Sequence[bytes], keys: Sequence[str]) -> str:
    """Hash all *shares* messages in the order of their trustees."""
    ordered = sorted(messages, key=lambda data: Shares.decode(session, data, keys).trustee)
    return hashlib.sha256(b"\n".join(ordered)).hexdigest()


def check_certificate(session: Session, shown: Reveal) -> None:
    """Check that a certificate is for this ceremony and index, and signed by its own key."""
    certificate = shown.certificate
    told = (ED25519.name, session.size, session.threshold, shown.trustee)
    context = (certificate.group_name, certificate.size, certificate.threshold, certificate.index)
    if context != told:
        raise VerificationError("ceremony-context", trustee=shown.trustee)
    if ED25519.identity in (certificate.verification, certificate.encryption):
        raise VerificationError("ceremony-certificate", trustee=shown.trustee)
    try:
        certificate.signed.verify(certificate.verification)
    except ProofError as e:
        raise VerificationError("ceremony-certificate", trustee=shown.trustee) from e


def check_dealer(
    session: Session, reveals: Sequence[Reveal], index: int, box_secret: bytes, shares: Shares
) -> tuple[int, Reason | None]:
    """Return what a dealer sent to trustee ``index``, or 0 and why it is wrong."""
    shown = reveals[shares.trustee - 1]
    verification, coefficients = shown.certificate.verification, shares.coefficients
    try:
        coefficients.signed.verify(verification)
        approval = approval_of(reveals, coefficients)
        verify_message(ED25519, verification, approval, shares.approval)
    except ProofError:
        return 0, "message"
    if sha256_hex(coefficients.signed.message) != shown.coefficients:
        return 0, "message"
    try:
        value = open_share(
            session,
            shares.boxes[index - 1],
            dealer=shares.trustee,
            recipient=index,
            box_secret=box_secret,
            their_key=shown.box_key,
        )
        dkg.check_share(
            ED25519,
            threshold=session.threshold,
            dealer=shares.trustee,
            commitments=coefficients.commitments,
            recipient=index,
            share=value,
        )
    except ProofError:
        return 0, "box"
    except FaultyTrusteeError:
        return 0, "share"
    return value, None


def approval_of(reveals: Sequence[Reveal], coefficients: Coefficients) -> str:
    """Return the text with which a trustee approves all certificates and his coefficients."""
    certificates = [one.certificate.signed for one in reveals]
    return approval_message(certificates, coefficients.commitments)
