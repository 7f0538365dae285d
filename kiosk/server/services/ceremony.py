"""The key ceremony as the server sees it: it relays, and keeps what was said.

Every message is kept under its sender's account, once; devices check everything themselves and
trust nothing that comes from here (``tally.ceremony``). The server adds one thing of its own,
the rehearsal's ciphertext, whose randomness and number it gives away with it. A complaint ends
the attempt; the next begins with new seeds.

At the end every device posts the ``trustees.json`` that it put together and checked. They must
be the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tally.memory import TrusteeMemory
from tally.rehearsal import check_rehearsal, make_rehearsal
from voting.crypto.group import ED25519
from voting.errors import FormatError, RefusedError, VerificationError
from voting.protocol import envelope
from voting.protocol.ceremony import Reveal, Session
from voting.protocol.trustees import decode_trustees, verify_trustees

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room
    from voting.meeting.draft import Draft
    from voting.storage import Reading, Transaction

STEPS: Final = ("commit", "reveal", "shares", "answer", "trustees", "rehearsal", "rehearsal-answer")
MAX_MESSAGE: Final = envelope.MAX_BYTES
UUID: Final = "meeting-uuid"
ATTEMPT: Final = "ceremony-attempt"
TRUSTEES: Final = "trustees.json"
HELD_FOR: Final = "ceremony-for"
"""The threshold and the number of trustees that the attempt is held for."""


async def session(room: Room, tx: Reading) -> Session:
    """Return what every device is told: the meeting, the attempt, t of n."""
    uuid, attempt = await tx.meta(UUID), await tx.meta(ATTEMPT)
    assert uuid is not None
    return Session(
        meeting=uuid.decode(),
        attempt=int(attempt or b"1"),
        threshold=room.draft.threshold,
        size=len(room.draft.trustees),
    )


async def post(room: Room, caller: Caller, attempt: int, step: str, body: bytes) -> None:
    """Keep a trustee's message; the same bytes again change nothing.

    Raises:
        RefusedError: ``message-exists`` (he said something else), ``ceremony-over`` (another
            attempt runs, or the meeting is frozen), ``not-your-role``.
        FormatError: No such step.
        VerificationError: ``trustees-differ``: devices put different ``trustees.json`` together.
    """
    caller.must_be("trustee")
    if step not in STEPS or step == "rehearsal":
        raise FormatError("step", "not a step that a trustee posts")
    async with room.turn() as turn:
        now = await session(room, turn.tx)
        if attempt != now.attempt or turn.view.meeting is not None:
            raise RefusedError("ceremony-over", attempt=now.attempt)
        await turn.tx.put_message(topic(attempt, step), caller.name, body)
        if step == "answer" and envelope.kind_of(body) == "complaint":
            await turn.tx.put_meta(ATTEMPT, str(attempt + 1).encode())
        elif step == "trustees":
            await _agree(room, turn.tx, now)


async def restart(room: Room, caller: Caller, attempt: int) -> None:
    """Begin the next attempt, because a device lost the keys that it had not finished.

    Raises RefusedError ``ceremony-over``: it is complete, or another attempt runs already.
    """
    caller.must_be("trustee", "secretary")
    async with room.turn() as turn:
        now = await session(room, turn.tx)
        complete = await turn.tx.meta(TRUSTEES) is not None
        if attempt != now.attempt or complete or turn.view.meeting is not None:
            raise RefusedError("ceremony-over", attempt=now.attempt)
        await turn.tx.put_meta(ATTEMPT, str(attempt + 1).encode())


async def follow(tx: Transaction, draft: Draft) -> None:
    """Begin the next attempt when the draft's would be another ceremony; who has begun restarts.

    Raises RefusedError ``ceremony-complete``.
    """
    wanted = f"{draft.threshold} {len(draft.trustees)}".encode()
    before = await tx.meta(HELD_FOR)
    if before == wanted:
        return
    if before is not None:
        if await tx.meta(TRUSTEES) is not None:
            raise RefusedError("ceremony-complete")
        attempt = int(await tx.meta(ATTEMPT) or b"1")
        if await tx.senders(topic(attempt, STEPS[0])):
            await tx.put_meta(ATTEMPT, str(attempt + 1).encode())
    await tx.put_meta(HELD_FOR, wanted)


async def read(room: Room, attempt: int, step: str) -> dict[str, bytes]:
    """Return what was said at a step, by trustee's index."""
    if step not in STEPS:
        raise FormatError("step", "not a step of the ceremony")
    async with room.store.reading() as tx:
        return await tx.messages(topic(attempt, step))


async def status(room: Room) -> dict[str, object]:
    """Return the session as devices are told it."""
    async with room.store.reading() as tx:
        now = await session(room, tx)
        return {
            "meeting": now.meeting,
            "attempt": now.attempt,
            "threshold": now.threshold,
            "size": now.size,
            "complete": await tx.meta(TRUSTEES) is not None,
        }


async def rehearsed(tx: Reading, now: Session) -> None:
    """Require that every set of t devices opened the rehearsal, before the meeting is frozen.

    Raises RefusedError ``not-rehearsed``, and VerificationError for an answer that is wrong.
    """
    trustees = await tx.meta(TRUSTEES)
    question = await tx.message(topic(now.attempt, "rehearsal"), "0")
    answers = await tx.messages(topic(now.attempt, "rehearsal-answer"))
    if trustees is None or question is None or len(answers) < now.size:
        raise RefusedError("not-rehearsed", have=len(answers), need=now.size)
    keys = await note_keys(tx, now)
    known = TrusteeMemory(session=now, index=1, trustees=trustees.decode(), note_keys=keys)
    check_rehearsal(known, question, list(answers.values()))


async def note_keys(tx: Reading, now: Session) -> tuple[str, ...]:
    """Return the trustees' note keys in hex, by index, from what they revealed."""
    messages = await tx.messages(topic(now.attempt, "reveal"))
    shown = [Reveal.decode(now, body) for body in messages.values()]
    return tuple(one.note_key for one in sorted(shown, key=lambda one: one.trustee))


def topic(attempt: int, step: str) -> str:
    """Return the topic under which a step's messages are kept."""
    return f"ceremony:{attempt}:{step}"


async def _agree(room: Room, tx: Transaction, now: Session) -> None:
    """When all have posted, require the same bytes, keep them, and ask for the rehearsal."""
    posted = await tx.messages(topic(now.attempt, "trustees"))
    if len(posted) < now.size or await tx.meta(TRUSTEES) is not None:
        return
    if len(set(posted.values())) != 1:
        raise VerificationError("trustees-differ")
    trustees = next(iter(posted.values()))
    made = decode_trustees(trustees, ED25519)
    verify_trustees(made)
    if made.size != now.size or made.missing(()) != now.threshold:
        raise VerificationError("trustees-differ")
    await tx.put_meta(TRUSTEES, trustees)
    question = make_rehearsal(now, trustees, rand=room.rand)
    await tx.put_message(topic(now.attempt, "rehearsal"), "0", question)
