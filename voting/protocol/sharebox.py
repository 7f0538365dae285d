"""The sealed box in which one trustee sends another his share (docs/spec/ceremony.md, section 5).

X25519 with XSalsa20-Poly1305 (NaCl ``crypto_box``). The keys are the ones that the ceremony's
code stands for; the plaintext names meeting, attempt, dealer and recipient, so that a box opens
for nothing else; its length is always the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey

from voting.crypto.group import ED25519
from voting.errors import FormatError, ProofError
from voting.protocol import codec

if TYPE_CHECKING:
    from voting.protocol.envelope import Session

NONCE_BYTES: Final = 24


def box_key(box_secret: bytes) -> str:
    """Return the public key, in hex, of a 32-byte X25519 secret."""
    return bytes(PrivateKey(box_secret).public_key).hex()


def seal_share(
    session: Session,
    *,
    dealer: int,
    recipient: int,
    share: int,
    box_secret: bytes,
    their_key: str,
    nonce: bytes,
) -> bytes:
    """Seal a share for ``recipient``; returns nonce and box.

    Args:
        box_secret: the dealer's.
        their_key: the recipient's public key in hex.
        nonce: 24 fresh bytes.

    Raises:
        ProofError: ``share-box`` when the recipient's key is one of the few that agree on nothing.
    """
    try:
        box = Box(PrivateKey(box_secret), PublicKey(bytes.fromhex(their_key)))
        plain = codec.encode(_share_json(session, dealer, recipient, share))
        return nonce + box.encrypt(plain, nonce).ciphertext
    except CryptoError as e:
        raise ProofError("share-box", trustee=recipient) from e


def open_share(
    session: Session,
    sealed: bytes,
    *,
    dealer: int,
    recipient: int,
    box_secret: bytes,
    their_key: str,
) -> int:
    """Open a share from ``dealer`` and return it, 0 <= s < q.

    Args:
        box_secret: the recipient's.
        their_key: the dealer's public key in hex.

    Raises:
        ProofError: ``share-box`` when it does not open, or holds something else.
    """
    try:
        box = Box(PrivateKey(box_secret), PublicKey(bytes.fromhex(their_key)))
        plain = box.decrypt(sealed[NONCE_BYTES:], sealed[:NONCE_BYTES])
        value = codec.decode_exact(plain, "share", max_bytes=1024)
        spelled = value.get("share") if isinstance(value, dict) else None
        share = int(codec.hex64(spelled, "share"), 16)
    except (CryptoError, ValueError, FormatError) as e:
        raise ProofError("share-box", trustee=dealer) from e
    if share >= ED25519.order or value != _share_json(session, dealer, recipient, share):
        raise ProofError("share-box", trustee=dealer)
    return share


def _share_json(session: Session, dealer: int, recipient: int, share: int) -> dict[str, object]:
    return {
        "ceremony": 1,
        "meeting": session.meeting,
        "attempt": session.attempt,
        "from": dealer,
        "to": recipient,
        "share": f"{share:064x}",
    }
