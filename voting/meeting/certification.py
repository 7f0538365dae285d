"""After the count: certify in the rule's order, release, destroy the shares, close."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voting.errors import RefusedError
from voting.meeting.standings import check_release
from voting.meeting.state import Round, RoundState, Signed, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Meeting, Officer


def certify(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Take one officer's signature of a round's outcome; the last one certifies it."""
    one = state.round_at(body["slot"], RoundState.COUNTED)
    officer, pen = body["officer"], body["pen"]
    expected = [may.id for may in next_signers(meeting, one)]
    if officer not in expected:
        raise RefusedError("certify-order", slot=one.slot, officer=officer, expected=expected)
    if any(other.outcome != body["outcome"] for other in one.signed):
        raise RefusedError("outcome-differs", slot=one.slot)
    signed = Signed(
        officer=officer,
        outcome=body["outcome"],
        page=None if pen is None else pen["page"],
        confirmed_by=None if pen is None else pen["confirmed_by"],
    )
    one = replace(one, signed=(*one.signed, signed))
    if not next_signers(meeting, one):
        one = replace(one, state=RoundState.CERTIFIED)
    return replace(state, rounds={**state.rounds, one.slot: one})


def next_signers(meeting: Meeting, one: Round) -> tuple[Officer, ...]:
    """Return who may sign next: officers of the rule's first role that is not complete.

    Empty when all have signed.
    """
    done = {signed.officer for signed in one.signed}
    for signer in meeting.rules[one.rule].signers:
        holders = meeting.with_role(signer.role)
        if sum(officer.id in done for officer in holders) < signer.count:
            return tuple(officer for officer in holders if officer.id not in done)
    return ()


def release(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Let the room be told what the rule's visibility allows; until then officers alone know."""
    one = state.round_at(body["slot"], RoundState.COUNTED, RoundState.CERTIFIED)
    if meeting.rules[one.rule].visibility == "withheld":
        raise RefusedError("result-withheld", slot=one.slot)
    if one.released:
        raise RefusedError("already-released", slot=one.slot)
    check_release(meeting, state, one)
    return replace(state, rounds={**state.rounds, one.slot: replace(one, released=True)})


def destroy(_meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """A trustee's device has destroyed its share, once nothing is left to open."""
    _check_ended(state)
    if body["trustee"] in state.destroyed:
        raise RefusedError("already-destroyed", trustee=body["trustee"])
    return replace(state, destroyed=state.destroyed | {body["trustee"]})


def close(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """End the ledger; the act names the trustees whose share was not seen destroyed."""
    _check_ended(state)
    everybody = range(1, len(meeting.trustees.names) + 1)
    missing = [index for index in everybody if index not in state.destroyed]
    if body["missing"] != missing:
        raise RefusedError("destroy-missing", missing=missing)
    return replace(state, closed=True, missing=tuple(missing))


def _check_ended(state: State) -> None:
    for one in state.rounds.values():
        if one.state in {RoundState.OPEN, RoundState.SEALED, RoundState.COUNTED}:
            raise RefusedError("round-unfinished", slot=one.slot, state=str(one.state))
