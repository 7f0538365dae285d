"""Binding a round before it is opened, and what the room may see of rounds.

*Preparing* computes the election and the active credentials of the next slot. It is no act:
trustees' devices recompute it, keep what they will later demand, and acknowledge it with a
signature; the ``open`` act carries those signatures. Anything that changes what was prepared
(a leftover, a withdrawal, somebody leaving) drops it with its acknowledgements.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kiosk.server.services import contests
from kiosk.server.services.casting import ELECTION
from tally.following import check_motions
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError
from voting.meeting import binding, keys, opening
from voting.meeting.state import RoundState
from voting.meeting.tickets import issued

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, View
    from voting.meeting.binding import ActiveCredentials
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round, State
    from voting.rules.shapes import Standing

CREDENTIALS: Final = "credentials"
"""The stage under which a slot's ``public_credentials.json`` is stored."""


@dataclass(slots=True)
class Binding:
    """A round that trustees are asked to acknowledge. Lives in memory, like a proposal.

    ``height`` is the ledger's when it was prepared: who looks from below it drops nothing.
    """

    slot: str
    number: int
    items: tuple[str, ...]
    series: tuple[str, ...]
    election: bytes
    credentials: ActiveCredentials
    height: int
    acks: dict[int, str] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def election_digest(self) -> str:
        """SHA-256 of ``election.json``, hex."""
        return sha256_hex(self.election)

    def blobs(self) -> Mapping[tuple[str, str], bytes]:
        """Return what is stored when the round is opened."""
        return {
            (self.slot, ELECTION): self.election,
            (self.slot, CREDENTIALS): self.credentials.raw,
        }


async def prepare(
    room: Room, caller: Caller, items: Sequence[str], series: Sequence[str]
) -> Binding:
    """Compute the next slot's round; it replaces what was prepared before.

    Raises:
        RefusedError: What stands in the way of opening these items now (``voting.meeting.opening``
            has the codes), ``no-slot`` when all slots are used.
    """
    caller.must_be("secretary", "chair", "scrutineer")
    await contests.ready(room, await room.view())
    async with room.turn() as turn:
        meeting, state = turn.view.frozen()
        slot = binding.next_slot(meeting, state)
        if slot is None:
            raise RefusedError("no-slot")
        if not items:
            raise RefusedError("items-order")
        following = await contests.following_now(room, turn.tx, meeting, state)
        standings = {item: following[item] for item in items if item in following}
        opening.check_items(meeting, state, items, standings)
        check_motions(meeting, state, items, room.opened)
        opening.check_room(meeting, state, slot, items, series)
        rows = await turn.tx.credentials(slot)
        lists = {one: [row.credential for row in rows if row.series == one] for one in series}
        number = binding.next_round(meeting, state, items, series)
        bound = Binding(
            slot,
            number,
            tuple(items),
            tuple(series),
            binding.round_election(meeting, slot, items, number, standings),
            binding.active_credentials(state, slot, series, lists),
            turn.view.height,
            standings=standings,
        )
    room.binding = bound
    return bound


def current_binding(room: Room, view: View) -> Binding:
    """Return what was prepared, if it still holds; ``RefusedError`` if not.

    Then it is dropped, unless the view is older than what was prepared: nothing can be said of
    it from there (``not-prepared``).
    """
    bound = room.binding
    if bound is None or view.height < bound.height:
        raise RefusedError("not-prepared")
    meeting, state = view.frozen()
    try:
        opening.check_items(meeting, state, bound.items, bound.standings)
        opening.check_room(meeting, state, bound.slot, bound.items, bound.series)
    except RefusedError:
        room.binding = None
        raise
    # Credentials of a slot only become void, so as many as before are the same ones.
    good = sum(issued(meeting, state, bound.slot, one) for one in bound.series)
    if bound.slot != binding.next_slot(meeting, state) or good != len(bound.credentials.elements):
        room.binding = None
        raise RefusedError("not-prepared")
    return bound


async def acknowledge(room: Room, caller: Caller, slot: str, signature: str) -> None:
    """Take a trustee's acknowledgement of the prepared round.

    Raises:
        RefusedError: ``not-prepared``; ProofError: ``bad-signature``.
    """
    caller.must_be("trustee")
    view = await room.view()
    meeting, _ = view.frozen()
    bound = current_binding(room, view)
    if bound.slot != slot:
        raise RefusedError("not-prepared")
    index = int(caller.name)
    message = opening.ack_message(
        meeting,
        slot=slot,
        election=bound.election_digest,
        credentials=bound.credentials.digest,
        active=len(bound.credentials.elements),
    )
    keys.verify(meeting.trustees.note_keys[index - 1], message, signature, by=caller.account)
    bound.acks[index] = signature


async def open_papers(room: Room, caller: Caller) -> list[dict[str, object]]:
    """List the open rounds for a kiosk, those with recusals first."""
    caller.must_be("kiosk")
    _, state = (await room.view()).frozen()
    opened = [one for one in state.rounds.values() if one.state is RoundState.OPEN]
    opened.sort(key=lambda one: -sum(one.recused.values()))
    papers: list[dict[str, object]] = []
    async with room.store.reading() as tx:
        for one in opened:
            raw = await tx.archive(one.slot, ELECTION)
            assert raw is not None
            papers.append(
                {
                    "slot": one.slot,
                    "items": list(one.items),
                    "standings": {item: who.to_json() for item, who in one.standings.items()},
                    "election": raw.decode(),
                }
            )
    return papers


def set_busy(room: Room, caller: Caller, *, busy: bool) -> None:
    """Note that a kiosk has a ballot on its screen, or none."""
    caller.must_be("kiosk")
    if busy:
        room.busy.add(caller.account)
    else:
        room.busy.discard(caller.account)


async def public_state(room: Room) -> dict[str, object]:
    """Return what anybody on the network may know now; nothing that moves with each cast."""
    view = await room.view()
    value: dict[str, object] = {
        "stage": "draft" if view.meeting is None else "frozen",
        "meeting": None if view.meeting is None else view.meeting.fingerprint,
        "head": view.head,
        "height": view.height,
        "rounds": [],
    }
    if view.meeting is None or view.state is None:
        return value
    if view.state.closed:
        value["stage"] = "closed"
    async with room.store.reading() as tx:
        value["rounds"] = [
            _public_round(view.meeting, view.state, one, await tx.count_ballots(one.slot))
            for one in view.state.rounds.values()
        ]
    return value


def _public_round(meeting: Meeting, state: State, one: Round, stored: int) -> dict[str, object]:
    return {
        "slot": one.slot,
        "round": one.number,
        "state": str(one.state),
        "items": list(one.items),
        "issued": one.issued,
        "returned": stored if one.returned is not None else in_steps(stored, one.issued),
    }


def in_steps(stored: int, issued: int) -> int:
    """Round down to fifths of what was issued, so that no single cast is seen to arrive.

    The last step is not shown before the seal: whoever knows that one ticket is missing would
    see its cast.
    """
    step = max(5, -(-issued // 5))
    return min(stored // step * step, max(0, (issued - 1) // step * step))
