"""Hashes to scalars and to texts, and the two streams of scalars that provers draw from.

Belenios' hash: SHA-256 over the bytes of the parts put end to end, read as a big-endian
number, modulo q. Parts carry their own separators. Source: docs/spec/group.md.

A prover is given a ``Draw`` and calls it a documented number of times in a documented
order (docs/spec/proofs.md), so the stream of a published sealing seed rebuilds a ballot.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voting.crypto.group import Group

Draw = Callable[[], int]
"""Returns the next uniform scalar, 0 <= x < q."""

SEED_BYTES = 32
_SEAL_TAG = b"piaojue/seal/1|"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of whatever people read aloud or type. A symbol's value is its index; no I, L, O and U."""


def hash_to_scalar(group: Group, *parts: str | bytes) -> int:
    """Return SHA-256 of the concatenated parts (text as UTF-8), big-endian, modulo q."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
    return int.from_bytes(digest.digest(), "big") % group.order


def sha256_hex(data: str | bytes) -> str:
    """Return the 64 lower-case hex digits of SHA-256."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def b64_digest(digest: bytes) -> str:
    """Return a 32-byte digest as 43 characters: standard Base64 without its ``=``."""
    return b64encode(digest).decode().rstrip("=")


def b64_fingerprint(data: str | bytes) -> str:
    """Return SHA-256 of the data as 43 characters, as shown to people and put in ballots."""
    return b64_digest(bytes.fromhex(sha256_hex(data)))


def code_80bits(digest_hex: str) -> str:
    """Return a digest's first 80 bits as four groups of four symbols, for reading aloud.

    Args:
        digest_hex: at least 20 hex digits, most significant first.
    """
    number = int(digest_hex[:20], 16)
    symbols = [ALPHABET[number >> shift & 31] for shift in range(75, -1, -5)]
    return " ".join("".join(symbols[i : i + 4]) for i in range(0, 16, 4))


def fresh_scalars(rand: Callable[[int], bytes], group: Group) -> Draw:
    """Draw unpredictable scalars by rejection sampling.

    Args:
        rand: returns that many uniform bytes, as ``secrets.token_bytes``.
    """
    bits = group.order.bit_length()

    def draw() -> int:
        while True:
            value = int.from_bytes(rand((bits + 7) // 8), "big") & ((1 << bits) - 1)
            if value < group.order:
                return value

    return draw


def seeded_scalars(seed: bytes, label: str | bytes, group: Group) -> Draw:
    """Expand a sealing seed; scalar ``i`` is the ``i``-th call, from 0.

    Scalar i = SHAKE256("piaojue/seal/1|" + label + "|" + seed + i), i as 4 bytes big-endian;
    the first 64 output bytes, read big-endian, modulo q (more where q has over 384 bits, so
    that the bias stays below 2^-128).

    Args:
        seed: 32 uniform bytes, used for one sealing only.
        label: what is drawn, as ``answers``; two purposes never share one.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes")
    prefix = _SEAL_TAG + (label.encode() if isinstance(label, str) else label) + b"|" + seed
    size = max(64, (group.order.bit_length() + 128 + 7) // 8)
    counter = count()

    def draw() -> int:
        block = hashlib.shake_256(prefix + next(counter).to_bytes(4, "big")).digest(size)
        return int.from_bytes(block, "big") % group.order

    return draw
