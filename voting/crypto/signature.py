"""Schnorr signatures of Belenios version 1 over a tag and a text: c = H(tag|text|A).

Tags in use: ``sigmsg`` (trustees' messages), ``sig`` (ballots, over the hash of the ballot
without its signature). The verification key is not hashed (a weakness of version 1, mended
in version 2): a text must itself name who signs, or be bound to the key elsewhere.
Source: PROTOCOL 1.4 and 1.6, docs/spec/proofs.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.crypto.proofs import Proof, prove_schnorr, verify_schnorr

if TYPE_CHECKING:
    from voting.crypto.group import Element, Group

MESSAGE_TAG = "sigmsg"
BALLOT_TAG = "sig"


def sign(group: Group, secret_key: int, tag: str, text: str, nonce: int) -> Proof:
    """Sign ``tag|text|``.

    Args:
        nonce: a fresh uniform scalar. A repeated or known one gives the key away.
    """
    return prove_schnorr(group, secret_key, f"{tag}|{text}|", nonce)


def verify(group: Group, public_key: Element, tag: str, text: str, signature: Proof) -> None:
    """Raise ``ProofError`` unless the signature is over this tag and text by this key."""
    verify_schnorr(group, public_key, f"{tag}|{text}|", signature)


def sign_message(group: Group, secret_key: int, message: str, nonce: int) -> Proof:
    return sign(group, secret_key, MESSAGE_TAG, message, nonce)


def verify_message(group: Group, public_key: Element, message: str, signature: Proof) -> None:
    verify(group, public_key, MESSAGE_TAG, message, signature)


def sign_ballot(group: Group, secret_credential: int, ballot_hash: str, nonce: int) -> Proof:
    """Sign ``ballot_hash``: 43 characters, SHA-256 of the ballot without its signature."""
    return sign(group, secret_credential, BALLOT_TAG, ballot_hash, nonce)


def verify_ballot(group: Group, credential: Element, ballot_hash: str, signature: Proof) -> None:
    verify(group, credential, BALLOT_TAG, ballot_hash, signature)
