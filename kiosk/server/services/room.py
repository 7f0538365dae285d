"""The meeting as the services see it: one writer, one fold, one transaction for each use case.

``Room.turn`` is the only way to change anything. It takes the process's lock and one database
transaction, brings the fold of the ledger up to date, and lets the use case append acts; what
was appended becomes visible when the transaction is durable and not before. So an answer that
was sent is never lost, and a crash at any statement leaves the state before it or after it.

The ledger is the state (ARCHITECTURE, section 3). The fold kept here is a cache of it: it is
dropped whenever a turn fails, and built again from the lines. What lives only in this object,
the proposal that waits for signatures and the counters of casts in flight, may be lost at any
moment without harm.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kiosk.server.services import enrolment
from voting.errors import RefusedError
from voting.meeting import fold, keys, ledger
from voting.meeting.frozen import Meeting, decode_meeting
from voting.meeting.state import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from kiosk.server.pool import BallotPool
    from kiosk.server.security import Caller
    from kiosk.server.services.proposals import Proposal
    from kiosk.server.services.rounds import Binding
    from voting.meeting.draft import Draft
    from voting.storage import Reading, Store, Transaction

MEETING: Final = "meeting.json"
TRUSTEES: Final = "trustees.json"


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
        act = ledger.propose(
            kind, body, height=self.view.height, parent=self.view.head, at=self.room.clock()
        )
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
        draining: Slots whose seal is being prepared.
        landed: Told whenever a ballot in flight is answered.
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
    draining: set[str] = field(default_factory=set)
    landed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _view: View = EMPTY
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Open the one transaction in which a use case reads, decides and writes."""
        async with self._lock:
            try:
                async with self.store.transaction() as tx:
                    turn = Turn(self, tx, await self._fresh(tx))
                    yield turn
            except BaseException:
                self._view = EMPTY
                raise
            self._view = turn.view

    async def view(self) -> View:
        """Return the meeting as it stands, for reading."""
        async with self._lock, self.store.reading() as tx:
            self._view = await self._fresh(tx)
            return self._view

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
        """Raise ``RefusedError`` ``sealing`` while a seal of this slot waits for signatures."""
        pending = self.proposal
        proposed = (
            pending is not None
            and pending.act.kind == "seal"
            and pending.act.body["slot"] == slot
            and not pending.expired(self.clock())
        )
        if proposed or slot in self.draining:
            raise RefusedError("sealing", slot=slot)

    @asynccontextmanager
    async def drained(self, slot: str | None) -> AsyncIterator[None]:
        """Refuse new casts in a slot and wait until those in flight are answered."""
        if slot is None:
            yield
            return
        self.draining.add(slot)
        try:
            async with self.landed:
                await self.landed.wait_for(lambda: not self.in_flight.get(slot, 0))
            yield
        finally:
            self.draining.discard(slot)

    @asynccontextmanager
    async def casting(self, slot: str) -> AsyncIterator[None]:
        """Count a ballot as in flight while it is verified and stored."""
        self.refuse_if_sealing(slot)
        self.in_flight[slot] = self.in_flight.get(slot, 0) + 1
        try:
            yield
        finally:
            async with self.landed:
                self.in_flight[slot] -= 1
                self.landed.notify_all()

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
