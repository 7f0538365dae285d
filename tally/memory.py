"""What a trustee's device keeps: its secrets, and what it must not forget.

Both are one JSON text, sealed as one box by ``kiosk.device.keyfile``: the memory is public, but a
memory that can be taken away from the share would let an old copy answer twice. ``SlotMemory``
says for each slot what was agreed to before the opening, which box was signed for, and what was
answered; ``rehearsal`` closes for ever with the first opening (ARCHITECTURE step 2, PROTOCOL 5.7).

All values are immutable; every step of ``tally.ceremony`` and ``tally.trustee`` returns a new one,
which has to be stored before the step's message is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from voting.crypto.group import ED25519, decode_scalar
from voting.errors import FormatError
from voting.protocol import codec
from voting.protocol.envelope import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

_BASE58_SEED: Final = 22
NO_HEAD: Final = "0" * 64
_NAMES: Final = (
    "meeting",
    "attempt",
    "threshold",
    "size",
    "index",
    "trustees",
    "note_keys",
    "rehearsed",
    "opened",
    "frozen",
    "height",
    "head",
    "destroyed",
    "slots",
)
_ANSWERS: Final = ("checkpoint", "shuffle", "link", "chain", "share", "proofs")
_SLOT: Final = ("election", "credentials", "active", *(f"{name}?" for name in _ANSWERS))


@dataclass(frozen=True, slots=True)
class TrusteeSecrets:
    """The share S_j (a scalar), Belenios seed (22 Base58), Ed25519 and X25519 seeds (32 bytes)."""

    share: int = field(repr=False)
    seed: str = field(repr=False)
    note_seed: bytes = field(repr=False)
    box_secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlotMemory:
    """One slot. ``election`` and ``credentials`` are SHA-256 in hex.

    ``checkpoint`` is the text signed for it; ``share`` and ``proofs`` are the answer, as sent.
    Where there was something to shuffle: ``shuffle`` is this device's own, as sent, until it has
    agreed to the whole; ``link`` the chain as it was then, ``chain`` the whole one, as signed.
    """

    election: str
    credentials: str
    active: int
    checkpoint: str | None = None
    shuffle: str | None = field(default=None, repr=False)
    link: str | None = None
    chain: str | None = None
    share: str | None = None
    proofs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrusteeMemory:
    """What the device knows for itself, whatever a server says.

    Attributes:
        index: This trustee, from 1.
        trustees: The bytes of ``trustees.json`` that this device checked, as text.
        note_keys: Everybody's Ed25519 key in hex, by index.
        rehearsed: Every set of t opened the rehearsal.
        opened: An election was acknowledged: no rehearsal any more.
        frozen: Fingerprint of the meeting, once one was accepted.
        height, head: How many lines of the ledger were seen, and the digest of the last: a ledger
            that does not go on from there is another one.
    """

    session: Session
    index: int
    trustees: str = field(repr=False)
    note_keys: tuple[str, ...]
    rehearsed: bool = False
    opened: bool = False
    frozen: str | None = None
    height: int = 0
    head: str = NO_HEAD
    destroyed: bool = False
    slots: Mapping[str, SlotMemory] = field(default_factory=dict)

    def with_slot(self, slot: str, memory: SlotMemory) -> TrusteeMemory:
        """Return a memory that also holds this about a slot."""
        return replace(self, slots=MappingProxyType({**self.slots, slot: memory}))


def encode_keys(secrets: TrusteeSecrets, memory: TrusteeMemory) -> bytes:
    """Write what the key file holds. Secret: never log it, never write it unsealed."""
    return codec.encode(
        {
            "trustee": 1,
            "secrets": {
                "share": str(secrets.share),
                "seed": secrets.seed,
                "note": secrets.note_seed.hex(),
                "box": secrets.box_secret.hex(),
            },
            "memory": _memory_json(memory),
        }
    )


def decode_keys(data: bytes) -> tuple[TrusteeSecrets, TrusteeMemory]:
    """Read it again. Raises FormatError."""
    place = "keys"
    value = codec.decode_exact(data, place)
    version, secret, memory = codec.fields(value, place, "trustee", "secrets", "memory")
    codec.integer(version, f"{place}.trustee", low=1, high=1)
    share, seed, note, box = codec.fields(secret, f"{place}.secrets", *_SECRETS)
    spelled = codec.text(seed, f"{place}.secrets.seed", max_length=_BASE58_SEED)
    secrets = TrusteeSecrets(
        decode_scalar(share, ED25519.order, f"{place}.secrets.share"),
        spelled,
        bytes.fromhex(codec.hex64(note, f"{place}.secrets.note")),
        bytes.fromhex(codec.hex64(box, f"{place}.secrets.box")),
    )
    return secrets, _memory(memory, f"{place}.memory")


_SECRETS: Final = ("share", "seed", "note", "box")


def _memory_json(memory: TrusteeMemory) -> dict[str, object]:
    return {
        "meeting": memory.session.meeting,
        "attempt": memory.session.attempt,
        "threshold": memory.session.threshold,
        "size": memory.session.size,
        "index": memory.index,
        "trustees": memory.trustees,
        "note_keys": list(memory.note_keys),
        "rehearsed": memory.rehearsed,
        "opened": memory.opened,
        "frozen": memory.frozen,
        "height": memory.height,
        "head": memory.head,
        "destroyed": memory.destroyed,
        "slots": {slot: _slot_json(one) for slot, one in sorted(memory.slots.items())},
    }


def _slot_json(one: SlotMemory) -> dict[str, object]:
    value = {
        "election": one.election,
        "credentials": one.credentials,
        "active": one.active,
        **{name: getattr(one, name) for name in _ANSWERS},
    }
    return {name: entry for name, entry in value.items() if entry is not None}


def _memory(value: object, place: str) -> TrusteeMemory:
    found = dict(zip(_NAMES, codec.fields(value, place, *_NAMES), strict=True))
    size = codec.integer(found["size"], f"{place}.size", low=1)
    session = Session(
        meeting=codec.uuid(found["meeting"], f"{place}.meeting"),
        attempt=codec.integer(found["attempt"], f"{place}.attempt", low=1),
        threshold=codec.integer(found["threshold"], f"{place}.threshold", low=1, high=size),
        size=size,
    )
    slots = found["slots"]
    if not isinstance(slots, dict):
        raise FormatError(f"{place}.slots", "not an object")
    return TrusteeMemory(
        session=session,
        index=codec.integer(found["index"], f"{place}.index", low=1, high=size),
        trustees=codec.text(found["trustees"], f"{place}.trustees", max_length=2**21),
        note_keys=tuple(
            codec.hex64(key, f"{place}.note_keys")
            for key in codec.array(found["note_keys"], f"{place}.note_keys", size=size)
        ),
        rehearsed=codec.boolean(found["rehearsed"], f"{place}.rehearsed"),
        opened=codec.boolean(found["opened"], f"{place}.opened"),
        frozen=None if found["frozen"] is None else codec.hex64(found["frozen"], f"{place}.frozen"),
        height=codec.integer(found["height"], f"{place}.height"),
        head=codec.hex64(found["head"], f"{place}.head"),
        destroyed=codec.boolean(found["destroyed"], f"{place}.destroyed"),
        slots=MappingProxyType(
            {slot: _slot(one, f"{place}.slots.{slot}") for slot, one in slots.items()}
        ),
    )


def _slot(value: object, place: str) -> SlotMemory:
    election, credentials, active, *texts = codec.fields(value, place, *_SLOT)
    kept = [
        None if text is None else codec.text(text, place, max_length=codec.MAX_BYTES)
        for text in texts
    ]
    return SlotMemory(
        codec.hex64(election, f"{place}.election"),
        codec.hex64(credentials, f"{place}.credentials"),
        codec.integer(active, f"{place}.active"),
        *kept,
    )
