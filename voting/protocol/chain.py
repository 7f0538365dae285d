"""The chain of events in a ``.bel`` archive, and the bytes of its records.

Belenios version 1 (docs/spec/archive.md). Each event stands behind the records that it names and
names its parent by SHA-256; each record is a tar record whose header is fixed but for name, size,
the archive's one time, and the checksum. ``Chain`` makes the bytes of one event after another
and is the only place that knows how they look: the writer appends what it makes, the reader
demands it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from voting.errors import FormatError, RefusedError
from voting.protocol import codec

if TYPE_CHECKING:
    from voting.protocol.archive import Archive

Stage = Literal["open", "closed", "tallied", "decrypting", "result"]

BLOCK: Final = 512
MAX_TIMESTAMP: Final = 8**11 - 1
MAX_OWNER: Final = 1000
MAX_EVENT: Final = 512  # bytes of an event or a structure that names records; the longest has 238

# What may follow an event, and how many records stand before the event in its group.
FOLLOWERS: Final[dict[str | None, tuple[str, ...]]] = {
    None: ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("Shuffle", "EndShuffles", "PartialDecryption", "Result"),
    "Shuffle": ("Shuffle", "EndShuffles", "PartialDecryption", "Result"),
    "EndShuffles": ("PartialDecryption", "Result"),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}
RECORDS: Final = {
    "Setup": (4, 5),
    "Ballot": (1,),
    "EndBallots": (0,),
    "EncryptedTally": (2,),
    "Shuffle": (2,),
    "EndShuffles": (0,),
    "PartialDecryption": (2,),
    "Result": (1,),
}
STAGES: Final[dict[str, Stage]] = {
    "Setup": "open",
    "Ballot": "open",
    "EndBallots": "closed",
    "EncryptedTally": "tallied",
    "Shuffle": "tallied",
    "EndShuffles": "tallied",
    "PartialDecryption": "decrypting",
    "Result": "result",
}


@dataclass(frozen=True, slots=True)
class Setup:
    """What an election starts from, as bytes. ``certificate`` is Belenios 3.2's, opaque."""

    election: bytes
    trustees: bytes
    credentials: bytes
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True)
class SizedTally:
    """The encrypted tally's bytes and the two numbers that stand beside them."""

    encrypted_tally: bytes
    num_tallied: int
    total_weight: int


@dataclass(frozen=True, slots=True)
class Owned:
    """A shuffle or a partial decryption, with its trustee's number from 1."""

    owner: int
    payload: bytes


def tar_header(name: str, size: int, timestamp: int) -> bytes:
    """Return the 512 header bytes of one record (docs/spec/archive.md, section 2)."""
    head = bytearray(BLOCK)
    head[: len(name)] = name.encode("ascii")
    head[100:108] = b"0000644\0"
    head[108:116] = head[116:124] = b"0000000\0"
    head[124:136] = b"%011o\0" % size
    head[136:148] = b"%011o\0" % timestamp
    head[148:156] = b" " * 8
    head[156:157] = b"0"
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


class Chain:
    """Makes the bytes of one event after another; holds the parent, not the archive."""

    def __init__(self, timestamp: int) -> None:
        codec.integer(timestamp, "archive.timestamp", high=MAX_TIMESTAMP)
        self.timestamp = timestamp
        self.parent: str | None = None
        self.height = 0
        self.last: str | None = None

    def first_record(self) -> bytes:
        body = codec.encode({"version": 1, "timestamp": str(self.timestamp)})
        return self._record("BELENIOS", body)

    def setup(self, setup: Setup) -> bytes:
        bodies = [setup.election, setup.trustees, setup.credentials]
        names = ["election", "trustees", "credentials"]
        if setup.certificate is not None:
            bodies.append(setup.certificate)
            names.append("credentials_certificate")
        data = {n: hashlib.sha256(b).hexdigest() for n, b in zip(names, bodies, strict=True)}
        return self.event("Setup", *bodies, codec.encode(data))

    def tally(self, tally: SizedTally) -> bytes:
        sized = {
            "num_tallied": tally.num_tallied,
            "total_weight": codec.weight_json(tally.total_weight),
            "encrypted_tally": hashlib.sha256(tally.encrypted_tally).hexdigest(),
        }
        return self.event("EncryptedTally", tally.encrypted_tally, codec.encode(sized))

    def owned(self, kind: str, owned: Owned) -> bytes:
        payload = hashlib.sha256(owned.payload).hexdigest()
        names = codec.encode({"owner": owned.owner, "payload": payload})
        return self.event(kind, owned.payload, names)

    def event(self, kind: str, *bodies: bytes) -> bytes:
        """Return the records of one event; the last body is the one that it names."""
        digests = [hashlib.sha256(body).hexdigest() for body in bodies]
        event: dict[str, object] = {} if self.parent is None else {"parent": self.parent}
        event |= {"height": self.height, "type": kind}
        if digests:
            event["payload"] = digests[-1]
        text = codec.encode(event)
        self.parent = hashlib.sha256(text).hexdigest()
        self.height += 1
        self.last = kind
        made = [
            self._record(f"{digest}.data.json", body)
            for digest, body in zip(digests, bodies, strict=True)
        ]
        return b"".join([*made, self._record(f"{self.parent}.event.json", text)])

    def _record(self, name: str, body: bytes) -> bytes:
        return tar_header(name, len(body), self.timestamp) + body + bytes(-len(body) % BLOCK)


def decode_timestamp(body: bytes) -> int:
    place = "archive.BELENIOS"
    version, spelled = codec.fields(
        codec.decode_exact(body, place, max_bytes=MAX_EVENT), place, "version", "timestamp"
    )
    codec.integer(version, f"{place}.version", low=1, high=1)
    digits = codec.text(spelled, f"{place}.timestamp", max_length=10)
    if not (digits.isascii() and digits.isdigit()):
        raise FormatError(f"{place}.timestamp", "not a number of seconds")
    return int(digits)


def decode_event_type(body: bytes) -> str:
    place = "archive.event"
    names = ("parent?", "height", "type", "payload?")
    event = codec.decode_exact(body, place, max_bytes=MAX_EVENT)
    kind = codec.text(codec.fields(event, place, *names)[2], f"{place}.type")
    if kind not in RECORDS:
        raise FormatError(f"{place}.type", "not a type of event")
    return kind


def decode_sized(tally: bytes, sized: bytes) -> SizedTally:
    place = "archive.sized_tally"
    names = ("num_tallied", "total_weight", "encrypted_tally")
    value = codec.decode_exact(sized, place, max_bytes=MAX_EVENT)
    number, weight, _ = codec.fields(value, place, *names)
    return SizedTally(
        tally,
        codec.integer(number, f"{place}.num_tallied", high=codec.MAX_SMALL),
        codec.weight(weight, f"{place}.total_weight"),
    )


def decode_owned(kind: str, payload: bytes, names: bytes) -> Owned:
    place = f"archive.{kind}"
    value = codec.decode_exact(names, place, max_bytes=MAX_EVENT)
    owner, _ = codec.fields(value, place, "owner", "payload")
    return Owned(codec.integer(owner, f"{place}.owner", low=1, high=MAX_OWNER), payload)


class ArchiveWriter:
    """Writes an archive event by event. Every method returns the bytes to append.

    The order of events is held to the grammar (RefusedError ``archive-order``). The bodies are
    taken as they are: who made them has checked them.
    """

    def __init__(self, timestamp: int) -> None:
        self._chain = Chain(timestamp)

    @classmethod
    def resume(cls, archive: Archive) -> ArchiveWriter:
        """Return a writer that continues a read archive after its last event."""
        writer = cls(archive.timestamp)
        writer._chain.parent = archive.head
        writer._chain.height = archive.events
        writer._chain.last = archive.last
        return writer

    def setup(
        self,
        election: bytes,
        trustees: bytes,
        credentials: bytes,
        *,
        certificate: bytes | None = None,
    ) -> bytes:
        """Begin: the first record and the Setup event."""
        self._may("Setup")
        setup = Setup(election, trustees, credentials, certificate)
        return self._chain.first_record() + self._chain.setup(setup)

    def ballot(self, ballot: bytes) -> bytes:
        """Add one ballot; a sealed box adds them sorted by tracker."""
        self._may("Ballot")
        return self._chain.event("Ballot", ballot)

    def end_ballots(self) -> bytes:
        """Close the box."""
        self._may("EndBallots")
        return self._chain.event("EndBallots")

    def encrypted_tally(self, tally: SizedTally) -> bytes:
        """Add the encrypted tally and its two numbers."""
        self._may("EncryptedTally")
        return self._chain.tally(tally)

    def shuffle(self, owner: int, shuffle: bytes) -> bytes:
        """Add one trustee's shuffle, in the order in which they were made."""
        self._may("Shuffle")
        return self._chain.owned("Shuffle", Owned(owner, shuffle))

    def end_shuffles(self) -> bytes:
        """Close the shuffles; only in an election that has them."""
        self._may("EndShuffles")
        return self._chain.event("EndShuffles")

    def partial_decryption(self, owner: int, share: bytes) -> bytes:
        """Add one trustee's partial decryption."""
        self._may("PartialDecryption")
        return self._chain.owned("PartialDecryption", Owned(owner, share))

    def result(self, result: bytes) -> bytes:
        """Add the result, the last event."""
        self._may("Result")
        return self._chain.event("Result", result)

    def _may(self, kind: str) -> None:
        if kind not in FOLLOWERS[self._chain.last]:
            raise RefusedError("archive-order", event=kind, after=self._chain.last or "-")
