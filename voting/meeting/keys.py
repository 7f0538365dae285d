"""Ed25519 (RFC 8032) by the meeting's enrolled keys: officers, server, trustees' note keys.

Keys and signatures are lower-case hex everywhere in our messages. A key counts only when it is
the canonical encoding of a point of the prime-order subgroup and not the identity; libsodium
then demands ``S < L`` and compares R as bytes, so that every verifier gives the same verdict on
every input (THREATS row 40). Signing itself happens on the officers' and trustees' devices and
in the server; ``sign`` is here because it is the counterpart of ``verify``.
"""

from __future__ import annotations

from functools import lru_cache, partial

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from voting.crypto.group import ED25519
from voting.errors import FormatError, ProofError
from voting.meeting.shape import hex64


def check_key(value: object, place: str) -> str:
    """Take a public key: 64 hex digits that encode a point of prime order, canonically."""
    key: str = hex64(value, place)
    # Our text of an element is the reverse of libsodium's 32 bytes.
    if ED25519.decode(bytes.fromhex(key)[::-1].hex(), place) == ED25519.identity:
        raise FormatError(place, "the identity is not a key")
    return key


def public_key(secret_seed: bytes) -> str:
    """Return the public key, in hex, of a 32-byte secret seed."""
    return bytes(SigningKey(secret_seed).verify_key).hex()


def sign(secret_seed: bytes, message: bytes) -> str:
    """Return the signature of ``message`` in hex, by a 32-byte secret seed."""
    return SigningKey(secret_seed).sign(message).signature.hex()


def verify(key: str, message: bytes, signature: str, *, by: str) -> None:
    """Verify a signature by an enrolled key.

    Args:
        by: Whose signature it is, for the error: an officer's id, ``server``, ``trustee:1``.

    Raises:
        ProofError: ``bad-signature``.
    """
    try:
        point = _checked(key)
        VerifyKey(bytes.fromhex(point)).verify(message, bytes.fromhex(signature))
    except (BadSignatureError, FormatError, ValueError) as e:
        raise ProofError("bad-signature", by=by) from e


_checked = lru_cache(maxsize=64)(partial(check_key, place="key"))
"""A meeting has few keys, and every act is signed by one of them; a refusal is not remembered."""
