"""The ledger folded into the state: the one function that services and verifier share.

``apply`` takes one line: its place in the chain, its signatures, then the guards of its kind
(docs/spec/ledger.md has the table). ``advance`` is the same without chain and signatures: with
it a service tells an officer what would be refused before anybody signs. Nothing is mutated:
after an error the old state is what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from voting.errors import RefusedError, VerificationError
from voting.meeting import attendance, certification, readings, recording, rounds, tickets
from voting.meeting.chain import check_window
from voting.meeting.ledger import verify_signatures
from voting.meeting.state import State

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act, Line

Family = Callable[["Meeting", State, Mapping[str, Any]], State]


def fold(meeting: Meeting, lines: Iterable[Line], state: State | None = None) -> State:
    """Apply lines in order, from the beginning or from a state that was folded before."""
    reached = State() if state is None else state
    for line in lines:
        reached = apply(meeting, reached, line)
    return reached


def apply(meeting: Meeting, state: State, line: Line) -> State:
    """Apply one line.

    Raises:
        RefusedError: The act is not allowed here or not now; the codes are in
            docs/spec/ledger.md.
        VerificationError: ``broken-chain``, or something in the act does not hold.
        ProofError: A signature does not verify.
    """
    act = line.act
    if act.height != state.height or act.parent != state.head:
        raise VerificationError("broken-chain", height=act.height)
    verify_signatures(meeting, line)
    return replace(advance(meeting, state, act), head=line.digest)


def advance(meeting: Meeting, state: State, act: Act) -> State:
    """Apply an act's guards and effect, whoever signs it. ``head`` stays the old one."""
    _check_time(state, act)
    if act.kind == "freeze":
        after = _freeze(meeting, state, act.body)
    elif not state.frozen:
        raise RefusedError("not-frozen")
    elif state.closed:
        raise RefusedError("closed")
    elif state.destroyed and act.kind not in AFTER_DESTRUCTION:
        raise RefusedError("shares-destroyed")
    else:
        if act.kind == "open":
            check_window(meeting, act)
        after = FAMILIES[act.kind](meeting, state, act.body)
    return replace(after, height=state.height + 1, at=act.at or state.at)


def _check_time(state: State, act: Act) -> None:
    """Refuse a time before that of the last act that has one: windows are judged by these times.

    They have one spelling, so that their order is that of the texts.
    """
    if act.at is not None and state.at is not None and act.at < state.at:
        raise RefusedError("time-backwards", at=act.at, last=state.at)


def _freeze(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
    if state.frozen:
        raise RefusedError("already-frozen")
    if body["meeting"] != meeting.fingerprint:
        raise VerificationError("other-meeting")
    return replace(state, frozen=True)


def _after_issue(family: Family) -> Family:
    """Refuse an act of the room before tickets are issued: one signs in and draws in one motion."""

    def guarded(meeting: Meeting, state: State, body: Mapping[str, Any]) -> State:
        if not state.issued:
            raise RefusedError("not-issued")
        return family(meeting, state, body)

    return guarded


AFTER_DESTRUCTION: Final = frozenset({"destroy", "release", "minute", "close"})
"""Acts that open no box and change no outcome, so that they need no share any more."""

FAMILIES: Final[Mapping[str, Family]] = {
    "issue": tickets.issue,
    "leftover": tickets.leftover,
    "withdraw": tickets.withdraw,
    "void-series": tickets.void_series,
    "attend": _after_issue(attendance.attend),
    "leave": _after_issue(attendance.leave),
    "return": _after_issue(attendance.come_back),
    "recuse": _after_issue(attendance.recuse),
    "unrecuse": _after_issue(attendance.unrecuse),
    "present": _after_issue(attendance.present),
    "correct": _after_issue(attendance.correct),
    "room": _after_issue(rounds.room),
    "minute": _after_issue(recording.minute),
    "open": rounds.open_round,
    "spoil": rounds.spoil,
    "seal": rounds.seal,
    "no-objection": rounds.no_objection,
    "compared": rounds.compared,
    "count": rounds.count,
    "void": rounds.void,
    "reading": readings.read,
    "certify": certification.certify,
    "release": certification.release,
    "destroy": certification.destroy,
    "close": certification.close,
}
