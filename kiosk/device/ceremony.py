"""Holding the key ceremony and its rehearsal over the server: post, wait for all, go on.

The server relays; ``tally.ceremony`` decides. If an attempt ends (a complaint, or a device that
lost its unfinished keys), everybody begins the next one with new seeds.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from kiosk.device.client import patiently
from tally import ceremony
from tally.rehearsal import answer_rehearsal, check_rehearsal
from voting.errors import RefusedError
from voting.protocol import codec, envelope
from voting.protocol.envelope import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.device.client import Client
    from kiosk.device.talk import Talk
    from tally.ceremony import Keys
    from tally.memory import TrusteeMemory, TrusteeSecrets

PAUSE: Final = 0.2


class _NewAttemptError(Exception):
    """Another attempt has begun."""


def hold_ceremony(
    client: Client,
    talk: Talk,
    index: int,
    rand: Callable[[int], bytes],
    keep: Callable[[Keys], None],
) -> None:
    """Go through attempts until one leaves keys that everybody checked.

    Args:
        keep: Stores the keys. Called before the server can learn that this device has them.
    """
    ended = 0
    while True:
        session = _session(client)
        if session.attempt == ended:
            time.sleep(PAUSE)
            continue
        ended = session.attempt
        talk.tell(
            "ceremony", attempt=session.attempt, threshold=session.threshold, size=session.size
        )
        try:
            keep(_attempt(client, talk, session, index, rand))
        except _NewAttemptError:
            talk.tell("ceremony-again")
        except RefusedError as e:
            if e.code == "message-exists":  # this device began before and lost what it drew
                restart(client, session.attempt)
                talk.tell("ceremony-again")
            elif e.code in ("ceremony-complaint", "ceremony-over"):
                talk.complain(e)
            else:
                raise
        else:
            return


def restart(client: Client, attempt: int) -> None:
    """Ask for a new attempt: this device can not go on with the present one.

    Where another device asked first, or the answer was lost, there is one already. Raises
    RefusedError ``ceremony-over``: the ceremony is complete, there will be none.
    """
    try:
        patiently(lambda: client.post(f"/api/ceremony/{attempt}/restart", {}))
    except RefusedError as e:
        if e.code != "ceremony-over" or _session(client).attempt == attempt:
            raise


def hold_rehearsal(
    client: Client, talk: Talk, memory: TrusteeMemory, secrets: TrusteeSecrets
) -> TrusteeMemory | None:
    """Show the keys to all, answer the rehearsal, and check that every set of t opens it.

    Every message is a function of what is stored, so a device that was switched off in between
    says the same again. Returns None when everybody has begun another attempt: these keys were
    never used and are of no more use.
    """
    session = memory.session
    try:
        _post_again(client, session, "trustees", memory.trustees.encode())
        (question,) = _wait(client, talk, session, "rehearsal", 1)
        _post_again(
            client, session, "rehearsal-answer", answer_rehearsal(memory, secrets, question)
        )
        answers = _wait(client, talk, session, "rehearsal-answer", session.size)
    except _NewAttemptError:
        return None
    return check_rehearsal(memory, question, answers)


def _attempt(
    client: Client, talk: Talk, session: Session, index: int, rand: Callable[[int], bytes]
) -> Keys:
    state, message = ceremony.begin(session, index, rand=rand)
    _post(client, session, "commit", message)
    state, message = ceremony.reveal(state, _wait(client, talk, session, "commit", session.size))
    _post(client, session, "reveal", message)
    state = ceremony.compare(state, _wait(client, talk, session, "reveal", session.size))
    heard = talk.ask(
        "code",
        code=state.code,
        meeting=session.meeting[:8],
        threshold=session.threshold,
        size=session.size,
    )
    state, message = ceremony.deal(state, state.code if heard == "yes" else heard, rand=rand)
    _post(client, session, "shares", message)
    dealt = _wait(client, talk, session, "shares", session.size)
    state, message = ceremony.receive(state, dealt, rand=rand)
    _post(client, session, "answer", message)
    return ceremony.finish(state, _wait(client, talk, session, "answer", session.size))


def _session(client: Client) -> Session:
    value = patiently(lambda: client.get("/api/ceremony"))
    meeting, attempt, threshold, size, _ = codec.fields(
        value, "ceremony", "meeting", "attempt", "threshold", "size", "complete"
    )
    return Session(
        meeting=codec.uuid(meeting, "ceremony.meeting"),
        attempt=codec.integer(attempt, "ceremony.attempt", low=1),
        threshold=codec.integer(threshold, "ceremony.threshold", low=2),
        size=codec.integer(size, "ceremony.size", low=2, high=99),
    )


def _post(client: Client, session: Session, step: str, message: bytes) -> None:
    patiently(lambda: client.post_bytes(f"/api/ceremony/{session.attempt}/{step}", message))


def _post_again(client: Client, session: Session, step: str, message: bytes) -> None:
    """Post what may have been posted before; after the freeze the server takes nothing more."""
    try:
        _post(client, session, step, message)
    except RefusedError as e:
        if e.code != "ceremony-over":
            raise
        if _session(client).attempt != session.attempt:
            raise _NewAttemptError from e


def _wait(client: Client, talk: Talk, session: Session, step: str, needed: int) -> list[bytes]:
    """Wait until so many have spoken, and say who has not; a complaint is answered at once."""
    path = f"/api/ceremony/{session.attempt}/{step}"
    told: list[int] = []
    while True:
        found = patiently(lambda: client.get(path))["messages"]
        messages = [str(text).encode() for text in found.values()]
        if len(messages) >= needed:
            return messages
        missing = [i for i in range(1, session.size + 1) if str(i) not in found]
        if needed == session.size and missing != told:
            talk.tell("waiting", step=step, missing=missing)
            told = missing
        if step == "answer" and any(envelope.kind_of(one) == "complaint" for one in messages):
            return messages
        if _session(client).attempt != session.attempt:
            raise _NewAttemptError
        time.sleep(PAUSE)
