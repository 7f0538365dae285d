"""The acts of a round from the gates of the room to the count, with every guard.

Each function takes the meeting, the state and the act's body, and returns the new state or
raises ``RefusedError`` (not now), ``VerificationError`` or ``ProofError`` (a finding).
"""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voting.errors import RefusedError, VerificationError
from voting.meeting import binding
from voting.meeting.attendance import eligible
from voting.meeting.numbers import groups_here
from voting.meeting.opening import check_opening, check_quorum
from voting.meeting.state import Compared, Round, RoundState, State
from voting.meeting.tickets import issued
from voting.protocol.checkpoint import Checkpoint, verify_checkpoint
from voting.protocol.mixing import verify_chain, verify_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Meeting

RETURNED_EXCEEDS_ISSUED = "returned-exceeds-issued"


def room(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Enter the next gate of the room for an item: introduced, discussed, principal last."""
    item = body["item"]
    if item not in meeting.items:
        raise RefusedError("unknown-item", item=item)
    gates, done = meeting.rule_of(item).room_gates, state.steps.get(item, 0)
    if body["step"] not in gates[done : done + 1]:
        raise RefusedError("room-step-order", item=item, step=body["step"])
    return replace(state, steps={**state.steps, item: done + 1})


def open_round(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Bind and open: the guards are in ``opening``."""
    check_opening(meeting, state, body)
    slot, items, series = body["slot"], tuple(body["items"]), tuple(body["series"])
    rule = meeting.rule_of(items[0])
    opened = Round(
        slot=slot,
        number=body["round"],
        state=RoundState.OPEN,
        rule=rule.id,
        items=items,
        series=series,
        election=body["election"],
        credentials=body["credentials"],
        issued_by_series={one: issued(meeting, state, slot, one) for one in series},
        due=meeting.due_under(rule),
        present_at_open=eligible(meeting, state, items).total(),
        recused={item: len(state.recusals.get(item, ())) for item in items},
        standings=binding.standings_of(body),
        groups_at_open=groups_here(state, rule),
    )
    return _put(state, opened)


def spoil(_meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Mark a tracker as opened for checking a device; it can not be cast any more."""
    one = state.round_at(body["slot"], RoundState.OPEN)
    if body["tracker"] in one.spoiled:
        raise RefusedError("already-spoiled", slot=one.slot)
    return _put(state, replace(one, spoiled=one.spoiled | {body["tracker"]}))


def seal(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """End casting. More returned than issued voids; fewer than the floor stay shut for ever."""
    one = state.round_at(body["slot"], RoundState.OPEN)
    present = eligible(meeting, state, one.items).total()
    check_quorum(meeting, state, one.items, slot=one.slot)
    heads, returned = body["heads"], body["returned"]
    if heads != returned:
        raise RefusedError("heads-mismatch", slot=one.slot, heads=heads, returned=returned)
    sealed = replace(
        one,
        state=RoundState.SEALED,
        present_at_seal=present,
        groups_at_seal=groups_here(state, meeting.rules[one.rule]),
        heads=heads,
        returned=returned,
        ballots=body["ballots"],
        sealed_archive=body["archive"],
        override=body["override"],
    )
    if returned > one.issued:
        return _put(
            state, replace(sealed, state=RoundState.VOID, void_reason=RETURNED_EXCEEDS_ISSUED)
        )
    owed = spoils_owed(meeting, state, one.slot)
    if owed:
        raise RefusedError("spoil-quota", missing=owed)
    if returned < meeting.floor_under(meeting.rules[one.rule]):
        return _put(state, replace(sealed, state=RoundState.UNDER_FLOOR))
    return _put(state, sealed)


def no_objection(_meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Every scrutineer has looked at the trackers and objects to nothing."""
    one = state.round_at(body["slot"], RoundState.SEALED)
    if one.no_objection:
        raise RefusedError("already-no-objection", slot=one.slot)
    return _put(state, replace(one, no_objection=True))


def compared(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """A device is lost: the checkpoint's digest was read aloud and is the hall screen's."""
    one = _without_objection(state, body["slot"])
    if any(index > len(meeting.trustees.names) for index in body["missing"]):
        raise VerificationError("unknown-trustee", slot=one.slot)
    if body["checkpoint"] != checkpoint_of(meeting, one).digest:
        raise VerificationError("checkpoint-mismatch", slot=one.slot)
    noted = Compared(body["checkpoint"], tuple(body["missing"]))
    return _put(state, replace(one, compared=noted))


def count(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Take in the count. The note inside carries the trustees' signatures over the checkpoint."""
    one = _without_objection(state, body["slot"])
    note_keys = [bytes.fromhex(key) for key in meeting.trustees.note_keys]
    checkpoint, signers = verify_checkpoint(body["checkpoint"].encode(), note_keys)
    if checkpoint != checkpoint_of(meeting, one):
        raise VerificationError("checkpoint-mismatch", slot=one.slot)
    trustees = meeting.trustees
    needed = trustees.majority if one.compared is None else trustees.threshold
    if len(signers) < needed:
        raise RefusedError("checkpoint-signatures", slot=one.slot, have=len(signers), need=needed)
    counted = replace(
        one,
        state=RoundState.COUNTED,
        checkpoint=body["checkpoint"],
        final_archive=body["archive"],
        proofs=body["proofs"],
        shuffles=_shuffles(meeting, one, body),
    )
    return _put(state, counted)


def _shuffles(meeting: Meeting, one: Round, body: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    """Check that the trustees made and agreed to the shuffles; whether any were needed, and that
    these are the archive's, is seen where the archive is read."""
    if "shuffles" not in body:
        return ()
    trustees, said = meeting.trustees, body["shuffles"]
    note_keys = [bytes.fromhex(key) for key in trustees.note_keys]
    chain, signers = verify_chain(said["note"].encode(), note_keys)
    if chain.checkpoint != checkpoint_of(meeting, one).digest:
        raise VerificationError("shuffles-checkpoint", slot=one.slot)
    if len(said["links"]) != len(chain.links):
        raise VerificationError("shuffles-links", slot=one.slot)
    for number, line in enumerate(said["links"], start=1):
        verify_link(chain.first(number), line, note_keys)
    missing = () if one.compared is None else one.compared.missing
    size = len(trustees.names)
    chain.require_whole(one.slot, size=size, threshold=trustees.threshold, missing=missing)
    needed = trustees.majority if one.compared is None else trustees.threshold
    if len(signers) < needed:
        raise RefusedError("shuffles-signatures", slot=one.slot, have=len(signers), need=needed)
    return chain.links


def void(_meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Void a round that was not counted. That no factor was posted yet, the service knows."""
    one = state.round_at(body["slot"], RoundState.OPEN, RoundState.SEALED)
    return _put(state, replace(one, state=RoundState.VOID, void_reason=body["reason"]))


def checkpoint_of(meeting: Meeting, one: Round) -> Checkpoint:
    """Return the checkpoint that a sealed round must have."""
    assert one.ballots is not None
    assert one.returned is not None
    phi = base64.b64encode(bytes.fromhex(one.election)).decode().rstrip("=")
    return Checkpoint(
        meeting=meeting.fingerprint,
        slot=one.slot,
        phi=phi,
        trustees=meeting.trustees.certificates,
        credentials=one.credentials,
        ballots=one.ballots,
        number=one.returned,
    )


def spoils_owed(meeting: Meeting, state: State, slot: str) -> int:
    """Return how many device checks are lacking before this slot may be sealed.

    Only the last seal demands them: while another item waits or another round is open there is
    time.
    """
    others_open = any(
        one.state is RoundState.OPEN for one in state.rounds.values() if one.slot != slot
    )
    if others_open or binding.items_left(meeting, state):
        return 0
    return max(0, meeting.spoil_quota - state.spoils)


def _without_objection(state: State, slot: str) -> Round:
    one = state.round_at(slot, RoundState.SEALED)
    if not one.no_objection:
        raise RefusedError("objection-open", slot=slot)
    return one


def _put(state: State, one: Round) -> State:
    return replace(state, rounds={**state.rounds, one.slot: one})
