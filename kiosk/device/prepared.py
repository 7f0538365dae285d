"""A round that was prepared for opening, as the server offers it to trustees' devices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from voting.crypto.hashing import sha256_hex
from voting.meeting.bodies import BODIES
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final = ("slot", "items", "series", "round", "standings", "election", "credentials", "acks")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``tally.trustee.acknowledge`` recomputes.

    Attributes:
        body: Of the *open* act that would follow, without acknowledgements.
        acks: Indexes of the trustees whose devices have acknowledged, as the server says.
    """

    body: Mapping[str, Any]
    election: bytes = field(repr=False)
    credentials: bytes = field(repr=False)
    acks: frozenset[int]


def read_prepared(value: object) -> Prepared:
    """Read the answer of ``/api/binding``; nothing of it is believed. Raises FormatError."""
    place = "binding"
    slot, items, series, number, standings, *texts, acks = codec.fields(value, place, *_NAMES)
    election, credentials = (
        codec.text(text, place, max_length=codec.MAX_BYTES).encode() for text in texts
    )
    listed = codec.array(codec.decode_exact(credentials, "credentials"), "credentials")
    body = {
        "slot": slot,
        "round": number,
        "items": items,
        "series": series,
        "standings": standings,
        "election": sha256_hex(election),
        "credentials": sha256_hex(credentials),
        "active": len(listed),
        "acks": [],
    }
    indexes = [codec.integer(one, f"{place}.acks") for one in codec.array(acks, f"{place}.acks")]
    return Prepared(BODIES["open"](body, place), election, credentials, frozenset(indexes))
