"""The meeting as the services see it: one writer, one fold, one transaction for each use case.

``Room.turn`` is the only way to change anything. It takes the process's lock and one database
transaction, brings the fold of the ledger up to date, and lets the use case append acts; what
was appended becomes visible when the transaction is durable and not before. So an answer that
was sent is never lost, and a crash at any statement leaves the state before it or after it.

The ledger is the state (ARCHITECTURE, section 3). The fold kept here is a cache of it: only what
was committed goes in, lines are never taken back, so it is right at any age and is only brought
forward; a reader therefore needs no lock, and a refused act costs nobody a new fold. What lives
only in this object, the proposal that waits for signatures and the counters of casts in flight,
may be lost at any moment without harm.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from kiosk.server.services import enrolment
from kiosk.server.services.flights import Flights
from voting.errors import RefusedError, UnavailableError
from voting.meeting import fold, keys, ledger
from voting.meeting.frozen import Meeting, decode_meeting
from voting.meeting.state import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path

    from kiosk.server.pool import BallotPool
    from kiosk.server.security import Caller
    from kiosk.server.services.proposals import Proposal
    from kiosk.server.services.rounds import Binding
    from tally.outcome import Opened
    from voting.errors import DraftError
    from voting.meeting.draft import Draft
    from voting.storage import Reading, Store, Transaction

MEETING: Final = "meeting.json"
DRAIN_SECONDS: Final = 20.0
PAUSE: Final = 0.01


@dataclass(frozen=True, slots=True)
class View:
    """The meeting up to one height of the ledger; ``meeting`` is None before the freeze."""

    meeting: Meeting | None
    state: State | None
    head: str
    height: int

    def frozen(self) -> tuple[Meeting, State]:
        """Return meeting and state, or raise ``RefusedError`` ``not-frozen``."""
        if self.meeting is None or self.state is None:
            raise RefusedError("not-frozen")
        return self.meeting, self.state

    def propose(self, kind: str, body: Mapping[str, Any], now: datetime) -> ledger.Act:
        """Form an act on the head, at the later of ``now`` and the last act's time.

        Times do not run backwards in a ledger; a laptop's clock that was put back stops nothing.
        """
        last = None if self.state is None else self.state.at
        at = now if last is None else max(now, datetime.fromisoformat(last))
        return ledger.propose(kind, body, height=self.height, parent=self.head, at=at)


EMPTY: Final = View(None, None, ledger.GENESIS, 0)


@dataclass(slots=True)
class Turn:
    """One transaction on the meeting, and the view as it is after what was appended in it."""

    room: Room
    tx: Transaction
    view: View

    async def append(
        self,
        kind: str,
        body: Mapping[str, Any],
        signatures: Sequence[ledger.Signature] = (),
    ) -> ledger.Line:
        """Form an act on the head, sign it as the server, and append it if the fold allows it.

        Raises:
            RefusedError: What the fold refuses; ``proposal-pending`` while an act waits for
                signatures, because it names the head that it was proposed on.
        """
        self.room.refuse_if_proposed()
        act = self.view.propose(kind, body, self.room.clock())
        return await self.append_signed(act, signatures)

    async def append_signed(
        self, act: ledger.Act, signatures: Sequence[ledger.Signature]
    ) -> ledger.Line:
        """Append an act that its officers have signed; the server signs last."""
        meeting, state = self.view.frozen()
        line = self.room.complete(meeting, act, signatures)
        await self.tx.append(line.raw, at_height=self.view.height)
        after = fold.apply(meeting, state, line)
        self.view = View(meeting, after, line.digest, self.view.height + 1)
        return line

    async def append_freeze(
        self, meeting: Meeting, act: ledger.Act, signatures: Sequence[ledger.Signature]
    ) -> ledger.Line:
        """Store the frozen meeting and its first line together."""
        await self.tx.put_meta(MEETING, meeting.raw)
        self.view = View(meeting, State(), ledger.GENESIS, 0)
        return await self.append_signed(act, signatures)


@dataclass(slots=True)
class Room:
    """Everything a use case needs.

    Attributes:
        folder: The meeting's folder.
        draft: ``meeting.toml`` as it was read at the start.
        seed: The server's own 32-byte signing seed.
        busy: Kiosks that have a ballot on their screen.
        in_flight: By slot, ballots whose proofs are being verified.
        draining: By slot, how many seals are being prepared.
        record: The files of the closed meeting's record, once they were made.
        record_digest: SHA-256 of the complete record's zip, once it was asked for.
        last_call: Slots for which the room was told that the box is about to be closed.
        seen: By kiosk, when it last said that it is there, and its build of the page.
        announced: By slot, what was read out of a released round, in both languages.
        opened: By slot, what was opened in a counted box, once it was asked for (``contests``).
        flights: What is being read or made for whoever asks.
        faults: Of the stored draft, with the digest of its text.
    """

    folder: Path
    store: Store
    draft: Draft
    pool: BallotPool
    clock: Callable[[], datetime]
    rand: Callable[[int], bytes]
    seed: bytes = field(repr=False)
    proposal: Proposal | None = None
    binding: Binding | None = None
    busy: set[str] = field(default_factory=set)
    in_flight: dict[str, int] = field(default_factory=dict)
    draining: dict[str, int] = field(default_factory=dict)
    record: Mapping[str, bytes] | None = field(default=None, repr=False)
    record_digest: str | None = None
    last_call: set[str] = field(default_factory=set)
    seen: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    announced: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict, repr=False)
    flights: Flights = field(default_factory=Flights, repr=False)
    faults: tuple[str, tuple[DraftError, ...]] | None = None
    _view: View = EMPTY
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Open the one transaction in which a use case reads, decides and writes."""
        async with self._lock:
            async with self.store.transaction() as tx:
                turn = Turn(self, tx, await self._fresh(tx))
                yield turn
            self._view = turn.view

    async def view(self) -> View:
        """Return the meeting as it stands, for reading; also within a turn, before its commit."""
        async with self.store.reading() as tx:
            view = await self._fresh(tx)
        if view.height > self._view.height:
            self._view = view
        return view

    async def pages_from(self) -> Literal["installed", "server"]:
        """Return whose pages see choices and shares: as frozen, and before that as drafted."""
        meeting = (await self.view()).meeting
        return self.draft.pages if meeting is None else meeting.mode.pages

    async def caller(self, token: str) -> Caller:
        """Return who holds this token."""
        return await enrolment.caller(self, token)

    def complete(
        self, meeting: Meeting, act: ledger.Act, signatures: Sequence[ledger.Signature]
    ) -> ledger.Line:
        """Put a line together with the server's signature last."""
        message = ledger.signing_bytes(meeting.fingerprint, act)
        own = ledger.Signature(ledger.SERVER, keys.sign(self.seed, message))
        return ledger.complete(act, [*signatures, own])

    def refuse_if_proposed(self) -> None:
        """Raise ``RefusedError`` while a proposal waits for signatures."""
        if self.proposal is not None and not self.proposal.expired(self.clock()):
            raise RefusedError("proposal-pending", kind=self.proposal.act.kind)

    def refuse_if_sealing(self, slot: str) -> None:
        """Raise ``RefusedError`` ``sealing`` while a seal of this slot is prepared or signed."""
        if self.draining.get(slot):
            raise RefusedError("sealing", slot=slot)
        self.refuse_if_seal_proposed(slot)

    def refuse_if_seal_proposed(self, slot: str) -> None:
        """Raise ``RefusedError`` ``sealing`` while a seal of this slot waits for signatures."""
        pending = self.proposal
        if pending is None or pending.act.kind != "seal" or pending.act.body["slot"] != slot:
            return
        if not pending.expired(self.clock()):
            raise RefusedError("sealing", slot=slot)

    @asynccontextmanager
    async def drained(self, slot: str | None) -> AsyncIterator[None]:
        """Refuse new casts in a slot and wait until those in flight are answered.

        Raises UnavailableError ``casts-in-flight`` after ``DRAIN_SECONDS``.
        """
        if slot is None:
            yield
            return
        self.draining[slot] = self.draining.get(slot, 0) + 1
        try:
            await self._landed(slot)
            yield
        finally:
            _count_down(self.draining, slot)

    @asynccontextmanager
    async def casting(self, slot: str) -> AsyncIterator[None]:
        """Count a ballot as in flight while it is verified and stored."""
        self.refuse_if_sealing(slot)
        self.in_flight[slot] = self.in_flight.get(slot, 0) + 1
        try:
            yield
        finally:
            _count_down(self.in_flight, slot)

    async def _landed(self, slot: str) -> None:
        for _ in range(int(DRAIN_SECONDS / PAUSE)):
            if not self.in_flight.get(slot):
                return
            await asyncio.sleep(PAUSE)
        raise UnavailableError("casts-in-flight", slot=slot)

    async def _fresh(self, tx: Reading) -> View:
        view = self._view
        if view.meeting is None:
            raw = await tx.meta(MEETING)
            if raw is None:
                return EMPTY
            meeting = decode_meeting(raw)
            view = View(meeting, State(), ledger.GENESIS, 0)
        meeting, state = view.frozen()
        head, height = view.head, view.height
        for raw in await tx.ledger(start=height):
            line = ledger.decode_line(raw)
            state = fold.apply(meeting, state, line)
            head, height = line.digest, height + 1
        return View(meeting, state, head, height)


def _count_down(counts: dict[str, int], slot: str) -> None:
    counts[slot] -= 1
    if not counts[slot]:
        del counts[slot]
