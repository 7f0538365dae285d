"""What the console's line of steps is made from: one look at the room, as plain values.

``gather`` reads; everything that is derived from a ``Facts`` (``steps``, ``overview``, ``hall``) is
a pure function of it. Nothing in it moves with each cast: ballots are counted in steps here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kiosk.server.services import ceremony, contests, counting, readings, rounds
from kiosk.server.services.closing import NOTE_TOPIC
from kiosk.server.services.proposals import current
from kiosk.server.services.shuffling import progress_of
from voting.errors import RefusedError
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kiosk.server.services.proposals import Proposal
    from kiosk.server.services.room import Room, View
    from kiosk.server.services.rounds import Binding
    from kiosk.server.services.said import Said
    from kiosk.server.services.shuffling import Progress
    from voting.meeting.draft import Draft
    from voting.rules.shapes import Standing
    from voting.storage import Account, Reading

CEREMONY: Final = tuple(step for step in ceremony.STEPS if step != "rehearsal")
"""What every trustee's device posts, in this order."""
SEEN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk as it is now; ``seen`` says only whether it spoke within the last minute."""

    account: str
    enrolled: bool
    invited: bool
    seen: bool
    busy: bool
    build: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One look at the room.

    Attributes:
        faults: Of the draft, as sentences; empty when it is whole.
        accounts: By id.
        posted: By step of the ceremony, the indexes of the trustees who posted it.
        returned: By slot, ballots in the box: in steps while it is open.
        checkpoints, factors: By slot, the trustees who signed, and who sent factors.
        shuffles: By slot, how far the shuffles are, of a sealed box that needs them.
        note: Officers who signed the record's note.
        unread: Slots of counted boxes with words that two scrutineers have still to read.
        following: By item, who stands in the next round of a contest, where there is to be one.
    """

    view: View
    draft: Draft
    faults: tuple[Said, ...] = ()
    accounts: Mapping[str, Account] = field(default_factory=dict)
    posted: Mapping[str, frozenset[int]] = field(default_factory=dict)
    kiosks: tuple[Device, ...] = ()
    binding: Binding | None = None
    proposal: Proposal | None = None
    returned: Mapping[str, int] = field(default_factory=dict)
    checkpoints: Mapping[str, frozenset[int]] = field(default_factory=dict)
    factors: Mapping[str, frozenset[int]] = field(default_factory=dict)
    shuffles: Mapping[str, Progress] = field(default_factory=dict)
    last_call: frozenset[str] = frozenset()
    note: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    following: Mapping[str, Standing] = field(default_factory=dict)

    def enrolled(self, account: str) -> bool:
        """Whether somebody has taken up the account's invitation."""
        found = self.accounts.get(account)
        return found is not None and not found.invited

    @property
    def rehearsed(self) -> bool:
        """Whether every trustee has gone through the whole ceremony."""
        wanted = len(self.draft.trustees)
        return wanted > 0 and all(len(self.posted.get(one, ())) >= wanted for one in CEREMONY)


async def gather(room: Room, *, faults: tuple[Said, ...] = ()) -> Facts:
    """Look at the room once."""
    view = await room.view()
    await contests.ready(room, view)
    async with room.store.reading() as tx:
        accounts = {one.id: one for one in await tx.accounts()}
        posted = await _posted(room, tx)
        slots = [] if view.state is None else list(view.state.rounds)
        stored = {slot: await tx.count_ballots(slot) for slot in slots}
        signed = {slot: await _senders(tx, counting.checkpoint_topic(slot)) for slot in slots}
        sent = {slot: await _senders(tx, counting.factors_topic(slot)) for slot in slots}
        shuffles = await _shuffles(tx, view)
        note = frozenset(await tx.senders(NOTE_TOPIC))
        following = await _following(room, tx, view)
        unread = await _unread(room, tx, view)
    return Facts(
        view=view,
        draft=room.draft,
        faults=faults,
        accounts=accounts,
        posted=posted,
        kiosks=_kiosks(room, accounts),
        binding=_binding(room, view),
        proposal=current(room),
        returned={slot: _shown(view, slot, number) for slot, number in stored.items()},
        checkpoints=signed,
        factors=sent,
        shuffles=shuffles,
        last_call=frozenset(room.last_call),
        note=note,
        following=following,
        unread=unread,
    )


async def _following(room: Room, tx: Reading, view: View) -> dict[str, Standing]:
    if view.meeting is None or view.state is None:
        return {}
    return await contests.following_now(room, tx, view.meeting, view.state)


async def _unread(room: Room, tx: Reading, view: View) -> frozenset[str]:
    if view.meeting is None or view.state is None:
        return frozenset()
    return await readings.unread(room, tx, view.meeting, view.state)


async def _shuffles(tx: Reading, view: View) -> dict[str, Progress]:
    if view.meeting is None or view.state is None:
        return {}
    rounds = view.state.rounds.values()
    found = {one.slot: await progress_of(tx, view.meeting, one) for one in rounds}
    return {slot: progress for slot, progress in found.items() if progress is not None}


def seen(now: datetime, at: datetime | None) -> bool:
    """Whether a kiosk spoke within the last minute: all that is told of when it did."""
    return at is not None and now - at < SEEN


async def _posted(room: Room, tx: Reading) -> dict[str, frozenset[int]]:
    attempt = int(await tx.meta(ceremony.ATTEMPT) or b"1")
    if not room.draft.trustees:
        return {}
    return {step: await _senders(tx, ceremony.topic(attempt, step)) for step in CEREMONY}


async def _senders(tx: Reading, topic: str) -> frozenset[int]:
    return frozenset(int(sender) for sender in await tx.senders(topic))


def _kiosks(room: Room, accounts: Mapping[str, Account]) -> tuple[Device, ...]:
    now = room.clock()
    return tuple(
        Device(
            one.id,
            enrolled=not one.invited,
            invited=one.invited,
            seen=seen(now, room.seen.get(one.id, (None, ""))[0]),
            busy=one.id in room.busy,
            build=room.seen.get(one.id, (None, ""))[1],
        )
        for one in sorted(accounts.values(), key=lambda one: (len(one.id), one.id))
        if one.role == "kiosk"
    )


def _binding(room: Room, view: View) -> Binding | None:
    if view.meeting is None:
        return None
    try:
        return rounds.current_binding(room, view)
    except RefusedError:
        return None


def _shown(view: View, slot: str, stored: int) -> int:
    assert view.state is not None
    one = view.state.rounds[slot]
    if one.state is RoundState.OPEN:
        return rounds.in_steps(stored, one.issued)
    return one.returned if one.returned is not None else rounds.in_steps(stored, one.issued)
