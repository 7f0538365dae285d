"""The ``.bel`` archive of one election, Belenios version 1 (docs/spec/archive.md).

An archive is a chain of events, each behind the records that it names:

    Setup Ballot* EndBallots EncryptedTally Shuffle* EndShuffles? PartialDecryption* Result

Any prefix of that grammar is an archive: it says how far the election got (``Archive.stage``).
There is one spelling for each chain of events. The reader takes the bodies out, has the writer
make the bytes again, event by event, and compares: so every header byte, padding byte, name,
parent, height, and the order of records are settled, and no record can be left over.

What the bodies mean is not read here, apart from the small structures that hold the chain
together. A reader that ignores an interposed event would count other ballots than this one:
the grammar is therefore refused before anything else is looked at.

The tar header is fixed but for name, size, time and checksum; the time is the archive's own in
every record, so that no ballot carries one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from voting.errors import FormatError, VerificationError
from voting.protocol import codec
from voting.protocol.chain import (
    BLOCK,
    FOLLOWERS,
    MAX_EVENT,
    RECORDS,
    STAGES,
    ArchiveWriter,
    Chain,
    Owned,
    Setup,
    SizedTally,
    Stage,
    decode_event_type,
    decode_owned,
    decode_sized,
    decode_timestamp,
    tar_header,
)

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

__all__ = [
    "Archive",
    "ArchiveWriter",
    "BallotRecord",
    "Owned",
    "Setup",
    "SizedTally",
    "Stage",
    "read_archive",
    "write_archive",
]

MAX_BODY: Final = codec.MAX_BYTES


@dataclass(frozen=True, slots=True)
class BallotRecord:
    """Where a ballot lies. ``digest`` is SHA-256 in hex: the tracker in another spelling."""

    digest: str
    offset: int
    size: int


@dataclass(slots=True)
class Archive:
    """A read archive: small objects as bytes, ballots as places in ``data``.

    Ballots stand in the order of the archive; ``head`` is the last event's hash in hex.
    """

    data: bytes | mmap.mmap = field(repr=False)
    timestamp: int
    setup: Setup = field(repr=False)
    ballots: list[BallotRecord] = field(default_factory=list, repr=False)
    tally: SizedTally | None = field(default=None, repr=False)
    shuffles: list[Owned] = field(default_factory=list, repr=False)
    shuffles_ended: bool = False
    shares: list[Owned] = field(default_factory=list, repr=False)
    result: bytes | None = field(default=None, repr=False)
    stage: Stage = "open"
    events: int = 0
    head: str = ""
    last: str = "Setup"

    def ballot(self, index: int) -> bytes:
        """Return the bytes of one ballot, counted from 0.

        Hashes it again: a mapped file may change after it was read. Raises VerificationError.
        """
        place = self.ballots[index]
        data = bytes(self.data[place.offset : place.offset + place.size])
        if hashlib.sha256(data).hexdigest() != place.digest:
            first = 6 if self.setup.certificate is None else 7
            record = first + 2 * index
            raise VerificationError("archive-record-name", record=record, offset=place.offset)
        return data

    def ballot_bytes(self) -> Iterator[bytes]:
        """Return the ballots one after another, without holding more than one."""
        return (self.ballot(i) for i in range(len(self.ballots)))


def read_archive(data: bytes | mmap.mmap) -> Archive:
    """Read a whole archive; what it returns rewrites to the same bytes.

    Hashes every body once. Holds the ballots as places in ``data``, which may be a mapped file.
    Raises VerificationError with a code ``archive-…`` and the number of the record, from 0, and
    FormatError for a small structure inside the chain.
    """
    return _Reader(data).read()


def write_archive(archive: Archive) -> Iterator[bytes]:
    """Yield the bytes of a read archive again, event by event."""
    writer, setup = ArchiveWriter(archive.timestamp), archive.setup
    yield writer.setup(
        setup.election, setup.trustees, setup.credentials, certificate=setup.certificate
    )
    yield from (writer.ballot(ballot) for ballot in archive.ballot_bytes())
    if archive.stage != "open":
        yield writer.end_ballots()
    if archive.tally is not None:
        yield writer.encrypted_tally(archive.tally)
    yield from (writer.shuffle(s.owner, s.payload) for s in archive.shuffles)
    if archive.shuffles_ended:
        yield writer.end_shuffles()
    yield from (writer.partial_decryption(s.owner, s.payload) for s in archive.shares)
    if archive.result is not None:
        yield writer.result(archive.result)


@dataclass(frozen=True, slots=True)
class _Record:
    name: str
    body: bytes
    offset: int  # of the body


class _Reader:
    """Walks over the records and rebuilds each event's group."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self.data = data
        self.at = 0
        self.number = -1  # of the record that is being read

    def read(self) -> Archive:
        try:
            return self._read()
        except FormatError as e:
            self._fail("archive-structure", place=e.place, what=e.what)

    def _read(self) -> Archive:
        first = self._record()
        if first is None or first.name != "BELENIOS":
            self._fail("archive-first-record")
        chain = Chain(decode_timestamp(first.body))
        self._same(0, chain.first_record(), chain.timestamp)
        archive: Archive | None = None
        begin, group = self.at, list[_Record]()
        while (record := self._record()) is not None:
            if not record.name.endswith(".event.json"):
                group.append(record)
                if len(group) > 5:
                    self._fail("archive-unreferenced")
                continue
            archive = self._event(chain, archive, record, group)
            begin, group = self.at, []
        if group:
            self._fail("archive-unreferenced")
        if archive is None:
            self._fail("archive-no-setup", begin)
        archive.head, archive.events = chain.parent or "", chain.height
        return archive

    def _event(
        self, chain: Chain, archive: Archive | None, record: _Record, group: list[_Record]
    ) -> Archive:
        kind = decode_event_type(record.body)
        if kind not in FOLLOWERS[chain.last]:
            self._fail("archive-grammar", event=kind, after=chain.last or "-")
        if len(group) not in RECORDS[kind]:
            self._fail("archive-unreferenced")
        begin = (group[0] if group else record).offset - BLOCK
        bodies = [r.body for r in group]
        if archive is None:
            certificate = bodies[3] if len(bodies) == 5 else None
            setup = Setup(bodies[0], bodies[1], bodies[2], certificate)
            archive = Archive(self.data, chain.timestamp, setup)
            made = chain.setup(setup)
        elif kind == "Ballot":
            made = chain.event(kind, bodies[0])
            digest = hashlib.sha256(bodies[0]).hexdigest()
            archive.ballots.append(BallotRecord(digest, group[0].offset, len(bodies[0])))
        else:
            made = self._later(chain, archive, kind, bodies)
        self._same(begin, made, chain.timestamp)
        archive.stage, archive.last = STAGES[kind], kind
        return archive

    def _later(self, chain: Chain, archive: Archive, kind: str, bodies: list[bytes]) -> bytes:
        """Take an event after the ballots into the archive and return its bytes."""
        if kind == "EncryptedTally":
            archive.tally = decode_sized(*bodies)
            return chain.tally(archive.tally)
        if kind in ("Shuffle", "PartialDecryption"):
            owned = decode_owned(kind, *bodies)
            (archive.shuffles if kind == "Shuffle" else archive.shares).append(owned)
            return chain.owned(kind, owned)
        if kind == "Result":
            archive.result = bodies[0]
        elif kind == "EndShuffles":
            archive.shuffles_ended = True
        return chain.event(kind, *bodies)

    def _record(self) -> _Record | None:
        """Read the next record; its header is compared when its event is rebuilt."""
        if self.at == len(self.data):
            return None
        self.number += 1
        head = bytes(self.data[self.at : self.at + BLOCK])
        if len(head) < BLOCK:
            self._fail("archive-truncated")
        name, digits = head[:100].rstrip(b"\0"), head[124:135]
        if not (name.isascii() and name and set(digits) <= set(b"01234567")):
            self._fail("archive-header")
        size = int(digits, 8)
        if size > (MAX_EVENT if name.endswith(b".event.json") else MAX_BODY):
            self._fail("archive-too-large")
        offset = self.at + BLOCK
        self.at = offset + size + -size % BLOCK
        if self.at > len(self.data):
            self._fail("archive-truncated")
        return _Record(name.decode("ascii"), bytes(self.data[offset : offset + size]), offset)

    def _same(self, begin: int, made: bytes, timestamp: int) -> None:
        """Compare a group's bytes with what the writer makes of its bodies."""
        found = bytes(self.data[begin : self.at])
        if found != made:
            at = next(
                i
                for i in range(0, max(len(found), len(made)), BLOCK)
                if found[i : i + BLOCK] != made[i : i + BLOCK]
            )
            self._fail(_cause(found, made, at, timestamp), begin + at)

    def _fail(self, code: str, offset: int | None = None, **params: object) -> NoReturn:
        at = self.at if offset is None else offset
        raise VerificationError(code, record=max(self.number, 0), offset=at, **params)


def _cause(found: bytes, made: bytes, at: int, timestamp: int) -> str:
    """Say what is wrong with the first block that differs.

    A body never differs before its header does, because the header names its hash: so the
    block is a header, or the padding of a body that was right.
    """
    header = 0
    while header < at:
        size = int(made[header + 124 : header + 135], 8)
        header += BLOCK + size + -size % BLOCK
    if header != at:
        return "archive-padding"
    name = found[at : at + 100].rstrip(b"\0")
    if name == made[at : at + 100].rstrip(b"\0"):
        return "archive-header"
    size = int(found[at + 124 : at + 135], 8)
    body = found[at + BLOCK : at + BLOCK + size]
    if name[:64] != hashlib.sha256(body).hexdigest().encode():
        return "archive-record-name"
    if not name.isascii() or tar_header(name.decode(), size, timestamp) != found[at : at + BLOCK]:
        return "archive-header"
    return "archive-chain" if name.endswith(b".event.json") else "archive-records"
