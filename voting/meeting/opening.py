"""The guards of *bind and open*, in the order in which they are reported.

A console asks ``check_items`` and ``check_room`` before it proposes the act: they need no
election and no signature, and say what is in the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voting.crypto.hashing import sha256_hex
from voting.errors import InputError, RefusedError, VerificationError
from voting.meeting import binding, keys
from voting.meeting.attendance import eligible, voters_out
from voting.meeting.chain import check_motions
from voting.meeting.numbers import quorum_steps
from voting.meeting.standings import check_standings
from voting.meeting.state import RoundState
from voting.meeting.tickets import issued

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.marks import Standings
    from voting.meeting.state import State


def check_opening(meeting: Meeting, state: State, body: Mapping[str, Any]) -> None:
    """Check an ``open`` act's body. Raises RefusedError, VerificationError or ProofError."""
    if not state.issued:
        raise RefusedError("not-issued")
    slot, items, series = body["slot"], body["items"], body["series"]
    if slot != binding.next_slot(meeting, state):
        raise RefusedError("wrong-slot", slot=slot)
    standings = binding.standings_of(body)
    check_items(meeting, state, items, standings)
    if body["round"] != binding.next_round(meeting, state, items, series):
        raise RefusedError("wrong-round", round=body["round"])
    check_room(meeting, state, slot, items, series)
    expected = sum(issued(meeting, state, slot, one) for one in series)
    if body["active"] != expected:
        raise RefusedError("active-mismatch", active=body["active"], issued=expected)
    rebuilt = binding.round_election(meeting, slot, items, body["round"], standings)
    if body["election"] != sha256_hex(rebuilt):
        raise VerificationError("election-mismatch", slot=slot)
    _check_acks(meeting, body)


def check_items(
    meeting: Meeting,
    state: State,
    items: Sequence[str],
    standings: Standings = binding.NOTHING,
) -> None:
    """Check that these items can form one paper now.

    Args:
        standings: Who stands, by item, of every item whose next round it is and of no other.
    """
    for item in items:
        if item not in meeting.items:
            raise RefusedError("unknown-item", item=item)
    if list(items) != [item for item in meeting.items if item in items]:
        raise RefusedError("items-order")
    check_standings(meeting, state, items, standings)
    for item in items:
        held = state.round_of(item)
        # Where the groups vote apart it depends on the series: see check_room.
        if held is None or item in standings or binding.by_series(meeting, [item]):
            continue
        code = "item-open" if held.state is RoundState.OPEN else "item-voted"
        raise RefusedError(code, item=item)
    if len({meeting.items[item].rule for item in items}) > 1:
        raise RefusedError("mixed-rules")
    if len({voters_out(meeting, state, item) for item in items}) > 1:
        raise RefusedError("mixed-recusals")
    for item in items:
        gates = meeting.rule_of(item).room_gates
        if state.steps.get(item, 0) < len(gates):
            raise RefusedError(
                "room-step-missing", item=item, steps=gates[state.steps.get(item, 0) :]
            )
    check_motions(meeting, state, items)


def check_room(
    meeting: Meeting, state: State, slot: str, items: Sequence[str], series: Sequence[str]
) -> None:
    """Check quorum, and 发出 = drawn - withdrawn = eligible present for every series.

    Every series in the room is named, unless the groups vote apart; then each votes once, and
    a paper has at least as many people as its box needs ballots.
    """
    if list(series) != [one for one in meeting.series if one in series]:
        raise RefusedError("series-order")
    for one in series:
        if one in state.void_series:
            raise RefusedError("series-void", series=one)
    check_quorum(meeting, state, items)
    voters = eligible(meeting, state, items)
    if voters[None]:
        raise RefusedError("no-ticket", people=voters[None])
    if binding.by_series(meeting, items):
        _check_apart(meeting, state, items, series)
    else:
        unnamed = [one for one in voters if voters[one] and one not in series]
        if unnamed:
            raise RefusedError("series-missing", series=unnamed[0])
    for one in series:
        given = issued(meeting, state, slot, one)
        if given != voters[one]:
            raise RefusedError(
                "issued-mismatch", slot=slot, series=one, issued=given, eligible=voters[one]
            )


def _check_apart(
    meeting: Meeting, state: State, items: Sequence[str], series: Sequence[str]
) -> None:
    for held in state.rounds_of(items):
        for one in held.series:
            if one in series:
                code = "series-open" if held.state is RoundState.OPEN else "series-voted"
                raise RefusedError(code, series=one)
    voters = eligible(meeting, state, items)
    people = sum(voters[one] for one in series)
    floor = meeting.floor_under(meeting.rule_of(items[0]))
    if people < floor:
        raise RefusedError("paper-under-floor", people=people, floor=floor)


def check_quorum(
    meeting: Meeting, state: State, items: Sequence[str], *, slot: str | None = None
) -> None:
    """Demand that enough are in the room for these items: of all, and of each group with a quorum.

    Args:
        slot: Of the round that is to be sealed; None at an opening.

    Raises:
        RefusedError: ``no-quorum``, ``group-no-quorum``; at the seal ``quorum-lost``,
            ``group-quorum-lost``; ``empty-roll``: all who are due leave the vote.
    """
    try:
        steps = quorum_steps(meeting, state, items, sealing=slot is not None)
    except InputError as e:
        raise RefusedError(e.code, **e.params) from e
    lacking = next((step for step in steps if not step.met), None)
    if lacking is None:
        return
    params: dict[str, object] = {} if slot is None else {"slot": slot}
    params["missing"] = lacking.numbers["needed"] - lacking.numbers["present"]
    if lacking.of is None:
        raise RefusedError("no-quorum" if slot is None else "quorum-lost", **params)
    params["group"] = meeting.groups[lacking.of].title
    raise RefusedError("group-no-quorum" if slot is None else "group-quorum-lost", **params)


def ack_message(
    meeting: Meeting, *, slot: str, election: str, credentials: str, active: int
) -> bytes:
    """Return what a trustee's device signs before the opening: what it will later demand.

    Args:
        election: SHA-256 of ``election.json``, hex.
        credentials: SHA-256 of the active credentials' list, hex.
    """
    lines = ("piaojue/ack/1", meeting.fingerprint, slot, election, credentials, str(active))
    return "\n".join(lines).encode()


def _check_acks(meeting: Meeting, body: Mapping[str, Any]) -> None:
    message = ack_message(
        meeting,
        slot=body["slot"],
        election=body["election"],
        credentials=body["credentials"],
        active=body["active"],
    )
    trustees = meeting.trustees
    indexes = [ack["trustee"] for ack in body["acks"]]
    if indexes != sorted(set(indexes)) or max(indexes, default=1) > len(trustees.names):
        raise VerificationError("unknown-trustee", slot=body["slot"])
    if len(indexes) < trustees.majority:
        raise RefusedError("too-few-acks", have=len(indexes), need=trustees.majority)
    for ack in body["acks"]:
        index = ack["trustee"]
        keys.verify(trustees.note_keys[index - 1], message, ack["signature"], by=f"trustee:{index}")
