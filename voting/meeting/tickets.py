"""Tickets: what was printed, what is void for a slot, and what is in members' hands.

*Drawn* is never typed: it is printed - leftovers of the slot. 发出 (issued) = drawn - withdrawn.
A leftover and a withdrawal are signed by the ticket's own key for that slot, so that the server
can void nobody's. That a credential belongs to the series that the act names shows when the
archive's list is rebuilt (``binding.verify_active``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voting.crypto.group import ED25519, decode_scalar
from voting.crypto.proofs import Proof
from voting.errors import RefusedError
from voting.protocol.credential import verify_ticket_act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State


def issue(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Commit to every series' list of credentials for every slot, once."""
    if state.issued:
        raise RefusedError("already-issued")
    if body["made"] != meeting.mode.tickets:
        raise RefusedError("tickets-made-otherwise", made=body["made"])
    printed = [(one["id"], one["printed"]) for one in body["series"]]
    if printed != [(one.id, one.printed) for one in meeting.series.values()]:
        raise RefusedError("other-series")
    lists = {one["id"]: one["lists"] for one in body["series"]}
    if any(tuple(by_slot) != meeting.slots for by_slot in lists.values()):
        raise RefusedError("other-slots")
    return replace(state, lists=lists)


def leftover(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Void a ticket that nobody drew, for this slot only."""
    credential, series = _verified(meeting, state, "leftover", body)
    return replace(state, leftovers=_add(state.leftovers, body["slot"], credential, series))


def withdraw(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Take a drawn ticket out of this slot, by the hand that holds it."""
    credential, series = _verified(meeting, state, "withdraw", body)
    return replace(state, withdrawn=_add(state.withdrawn, body["slot"], credential, series))


def void_series(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    """Void a whole series for every slot not yet opened; its holders draw again from another."""
    _check_series(meeting, state, body["series"])
    return replace(state, void_series=state.void_series | {body["series"]})


def drawn(meeting: Meeting, state: State, slot: str, series: str) -> int:
    """Return how many tickets of a series members hold: printed - leftovers."""
    return meeting.series[series].printed - _of_series(state.leftovers, slot, series)


def issued(meeting: Meeting, state: State, slot: str, series: str) -> int:
    """Return 发出 of a series in a slot: drawn - withdrawn."""
    return drawn(meeting, state, slot, series) - _of_series(state.withdrawn, slot, series)


def _verified(meeting: Meeting, state: State, act: str, body: Mapping[str, Any]) -> tuple[str, str]:
    slot, series, credential = body["slot"], body["series"], body["credential"]
    if slot not in meeting.slots:
        raise RefusedError("unknown-slot", slot=slot)
    if slot in state.rounds:
        raise RefusedError("slot-opened", slot=slot)
    _check_series(meeting, state, series)
    if credential in state.leftovers.get(slot, ()) or credential in state.withdrawn.get(slot, ()):
        raise RefusedError("credential-void", slot=slot)
    if issued(meeting, state, slot, series) == 0:
        raise RefusedError("too-many-tickets", series=series)
    place = f"{act}.proof"
    proof = Proof(
        decode_scalar(body["proof"]["challenge"], ED25519.order, f"{place}.challenge"),
        decode_scalar(body["proof"]["response"], ED25519.order, f"{place}.response"),
    )
    element = ED25519.decode(credential, f"{act}.credential")
    verify_ticket_act(element, act, slot=slot, meeting_fingerprint=meeting.fingerprint, proof=proof)
    return credential, series


def _check_series(meeting: Meeting, state: State, series: str) -> None:
    if not state.issued:
        raise RefusedError("not-issued")
    if series not in meeting.series:
        raise RefusedError("unknown-series", series=series)
    if series in state.void_series:
        raise RefusedError("series-void", series=series)


def _of_series(by_slot: Mapping[str, Mapping[str, str]], slot: str, series: str) -> int:
    return sum(one == series for one in by_slot.get(slot, {}).values())


def _add(
    by_slot: Mapping[str, Mapping[str, str]], slot: str, credential: str, series: str
) -> Mapping[str, Mapping[str, str]]:
    return {**by_slot, slot: {**by_slot.get(slot, {}), credential: series}}
