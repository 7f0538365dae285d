"""What a trustee's device draws for one attempt of a key ceremony, and makes of its share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.crypto import dkg
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars, sha256_hex
from voting.crypto.proofs import prove_knowledge
from voting.crypto.signature import sign_message
from voting.protocol.ceremony import Reveal, Session
from voting.protocol.certificates import (
    Certificate,
    Coefficients,
    SignedText,
    certificate_message,
    coefficients_message,
)
from voting.protocol.codec import draw_base58
from voting.protocol.note import public_note_key
from voting.protocol.sharebox import box_key
from voting.protocol.trustees import TrusteeKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from voting.crypto.dkg import Polynomial
    from voting.crypto.group import Element

    Rand = Callable[[int], bytes]
    Drawn = tuple[str, bytes, bytes, Polynomial, Reveal, Coefficients]


def draw_keys(session: Session, index: int, rand: Rand) -> Drawn:
    """Draw Belenios seed, note seed, box secret and polynomial; sign what will be revealed.

    Nothing of it is ever used for another attempt or meeting.
    """
    t, n = session.threshold, session.size
    draw = fresh_scalars(rand, ED25519)
    seed, note_seed, box_secret = draw_base58(rand), rand(32), rand(32)
    keys = dkg.secrets_from_seed(ED25519, seed)
    verification = ED25519.multiply_generator(keys.signing)
    encryption = ED25519.multiply_generator(keys.decryption)
    text = certificate_message(
        ED25519, size=n, threshold=t, index=index, verification=verification, encryption=encryption
    )
    signed = SignedText(text, sign_message(ED25519, keys.signing, text, draw()))
    certificate = Certificate(signed, ED25519.name, n, t, index, verification, encryption)
    polynomial = dkg.draw_polynomial(ED25519, t, draw)
    commitments = dkg.commit(ED25519, polynomial)
    text = coefficients_message(commitments)
    signed = SignedText(text, sign_message(ED25519, keys.signing, text, draw()))
    own = Reveal(
        index,
        certificate,
        sha256_hex(text),
        public_note_key(note_seed).hex(),
        box_key(box_secret),
        rand(32).hex(),
    )
    coefficients = Coefficients(signed, commitments)
    return seed, note_seed, box_secret, polynomial, own, coefficients


def trustee_key(seed: str, share: int, rand: Rand) -> TrusteeKey:
    """Return the verification key of a share, with its proof and the certificate's signature."""
    draw = fresh_scalars(rand, ED25519)
    public: Element = ED25519.multiply_generator(share)
    signing = dkg.secrets_from_seed(ED25519, seed).signing
    signature = sign_message(ED25519, signing, public.text, draw())
    return TrusteeKey(prove_knowledge(ED25519, share, draw), public, signature)
