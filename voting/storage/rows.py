"""What the storage hands out: frozen views of rows, secrets kept out of their ``repr``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CredentialState = Literal["active", "leftover", "withdrawn"]


@dataclass(frozen=True, slots=True)
class StoredBallot:
    """A sealed ballot as it was accepted; ``body`` is the bytes that the tracker hashes."""

    tracker: str
    credential: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """The public part of one ticket for one slot, and what became of it before the opening."""

    credential: str
    series: str
    state: CredentialState


@dataclass(frozen=True, slots=True)
class Account:
    """A device or an officer who may speak to the server; never a voter.

    Attributes:
        public_key: What it enrolled with, as text; None before, or where it signs nothing.
        invited: Whether an invitation waits to be redeemed.
    """

    id: str
    role: str
    label: str
    public_key: str | None
    invited: bool
