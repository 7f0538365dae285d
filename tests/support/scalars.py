"""Repeatable streams of scalars for provers under test."""

from voting.crypto.group import ED25519, Group
from voting.crypto.hashing import Draw, seeded_scalars


def repeatable(number: int = 0, group: Group = ED25519) -> Draw:
    """Another stream for each number. Never seed a real prover like this."""
    return seeded_scalars(number.to_bytes(32, "big"), "test", group)
