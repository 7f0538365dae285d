"""Relaying the trustees' shuffles of a sealed box, and their agreement to the whole chain.

After enough trustees have signed for a box whose questions must be shuffled, each shuffles what
the one before him made, in the order of their indexes; who is passed over stands in the ledger
(``compared``). Each shuffle is verified when it comes, from the tally that this server added up:
whose is wrong is named, and nothing of it is kept. What is relayed is verified again by every
device (``tally.mixing``); this server could not put in, leave out or exchange one unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kiosk.server.services.casting import ELECTION
from tally.mixing import apply_shuffle
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import RoundState
from voting.protocol import codec
from voting.protocol.checkpoint import signer
from voting.protocol.election import decode_election
from voting.protocol.mixing import Chain, verify_chain, verify_link
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.shuffles import decode_outputs
from voting.protocol.tally import decode_tally, encode_tally, plaintext_questions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round
    from voting.storage import Reading

MAX_SHUFFLE: Final = 32 * 2**20
"""Bytes of a trustee's shuffle: 500 ballots of one question are half a megabyte."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """The shuffles of a box so far, in order: bodies and link signatures by owner."""

    chain: Chain
    bodies: Mapping[int, bytes]
    lines: Mapping[int, str]

    @property
    def last(self) -> bytes | None:
        return self.bodies[self.chain.owners[-1]] if self.chain.links else None


async def relayed(tx: Reading, meeting: Meeting, held: Round) -> Relayed:
    """Return what was taken in for a sealed or counted round."""
    found = {
        int(sender): _decode(body)
        for sender, body in (await tx.messages(shuffle_topic(held.slot))).items()
    }
    chain = Chain(checkpoint_of(meeting, held).digest)
    for owner in sorted(found):
        chain = chain.then(owner, sha256_hex(found[owner][0]))
    return Relayed(
        chain,
        {owner: found[owner][0] for owner in chain.owners},
        {owner: found[owner][1] for owner in chain.owners},
    )


async def post_shuffle(
    room: Room,
    caller: Caller,
    held: Round,
    add_up: Callable[[], Awaitable[bytes]],
    body: bytes,
    line: str,
) -> None:
    """Verify and keep a trustee's shuffle; the same again changes nothing.

    Args:
        held: The sealed round, for which enough trustees have signed.
        add_up: Gives the tally of its box.

    Raises:
        RefusedError: ``shuffle-turn``, ``shuffle-unneeded``; ``message-exists``: he sent another.
        FormatError, ProofError: Not signed by this trustee for this place in the chain.
        FaultyTrusteeError: Signed, and not a shuffle of what came before.
    """
    owner, slot = int(caller.name), held.slot
    meeting, _ = (await room.view()).frozen()
    async with room.store.reading() as tx:
        before = await relayed(tx, meeting, held)
    if before.bodies.get(owner) == body:
        return
    chain = _require_turn(meeting, held, before.chain, owner).then(owner, sha256_hex(body))
    verify_link(chain, line, _note_keys(meeting))
    election, tally = await _election(room, slot), await add_up()
    await room.pool.run(_check, election, tally, before.last, owner, body)
    async with room.turn() as turn:
        meeting, state = turn.view.frozen()
        held = state.round_at(slot, RoundState.SEALED)
        now = await relayed(turn.tx, meeting, held)
        _require_turn(meeting, held, now.chain, owner)
        if now.chain != before.chain:
            raise RefusedError("try-later")
        await turn.tx.put_message(shuffle_topic(slot), caller.name, _encode(body, line))


async def post_agreement(room: Room, caller: Caller, held: Round, line: str) -> None:
    """Keep a trustee's signature over the whole chain.

    Raises:
        RefusedError: ``shuffles-waiting``, ``shuffles-few``; ``message-exists``.
        FormatError, ProofError: Not a signature of this chain by this trustee.
    """
    signature = parse_signature_line(line)
    if signature.name != signer(int(caller.name)):
        raise RefusedError("not-your-role", role=caller.role)
    async with room.turn() as turn:
        meeting, state = turn.view.frozen()
        held = state.round_at(held.slot, RoundState.SEALED)
        chain = (await relayed(turn.tx, meeting, held)).chain
        _require_whole(meeting, held, chain)
        verify_chain(encode_note(chain.text, [signature]), _note_keys(meeting))
        await turn.tx.put_message(agreement_topic(held.slot), caller.name, line.encode())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the shuffles of a box are: who shuffled, who agreed, and who is waited for."""

    done: tuple[int, ...]
    agreed: frozenset[int]
    need: int
    waits: int | None


async def progress_of(tx: Reading, meeting: Meeting, held: Round) -> Progress | None:
    """Return how far the shuffles of a round without objection are; None where none are needed."""
    if held.state is not RoundState.SEALED or not await is_needed(tx, held.slot):
        return None
    owners = tuple(sorted(int(one) for one in await tx.senders(shuffle_topic(held.slot))))
    agreed = frozenset(int(one) for one in await tx.senders(agreement_topic(held.slot)))
    chain = Chain("", tuple((owner, "") for owner in owners))
    waits = chain.waits_for(len(meeting.trustees.names), missing_of(held))
    return Progress(owners, agreed, needed(meeting, held), waits)


async def agreement_note(tx: Reading, chain: Chain, slot: str) -> bytes | None:
    """Return the chain with every signature so far, None before the first."""
    lines = (await tx.messages(agreement_topic(slot))).values()
    if not lines:
        return None
    return encode_note(chain.text, [parse_signature_line(line.decode()) for line in lines])


async def said_of(tx: Reading, meeting: Meeting, held: Round) -> dict[str, object] | None:
    """Return the field ``shuffles`` of the *count* act; None where nothing was shuffled."""
    found = await relayed(tx, meeting, held)
    note = await agreement_note(tx, found.chain, held.slot)
    if not found.chain.links or note is None:
        return None
    return {"note": note.decode(), "links": list(found.lines.values())}


async def require_agreed(tx: Reading, meeting: Meeting, held: Round, owner: int) -> None:
    """Take factors of a box to be shuffled only from who shuffled, after enough have agreed.

    Raises RefusedError ``shuffles-…``, ``not-shuffled``.
    """
    if not await is_needed(tx, held.slot):
        return
    found = await relayed(tx, meeting, held)
    _require_whole(meeting, held, found.chain)
    if owner not in found.bodies:
        raise RefusedError("not-shuffled", slot=held.slot, trustee=owner)
    have, need = len(await tx.senders(agreement_topic(held.slot))), needed(meeting, held)
    if have < need:
        raise RefusedError("shuffles-signatures", slot=held.slot, have=have, need=need)


async def is_needed(tx: Reading, slot: str) -> bool:
    """Tell whether a slot's election has a question that must be shuffled."""
    election = await tx.archive(slot, ELECTION)
    return election is not None and b'{"type":"NonHomomorphic"' in election


def needed(meeting: Meeting, held: Round) -> int:
    """Return how many trustees must agree to the chain, as to the checkpoint."""
    trustees = meeting.trustees
    return trustees.majority if held.compared is None else trustees.threshold


def missing_of(held: Round) -> Sequence[int]:
    """Return the trustees who were stated to be missing, in this slot."""
    return () if held.compared is None else held.compared.missing


def shuffle_topic(slot: str) -> str:
    """Return the topic under which trustees' shuffles are kept."""
    return f"shuffle:{slot}"


def agreement_topic(slot: str) -> str:
    """Return the topic under which trustees' signatures over the whole chain are kept."""
    return f"agreed:{slot}"


def _require_turn(meeting: Meeting, held: Round, chain: Chain, owner: int) -> Chain:
    size, missing = len(meeting.trustees.names), missing_of(held)
    if chain.may_add(owner, size, missing):
        return chain
    waiting = chain.waits_for(size, missing)
    if waiting is None:
        raise RefusedError("shuffle-unneeded", slot=held.slot)
    raise RefusedError("shuffle-turn", slot=held.slot, trustee=waiting)


def _require_whole(meeting: Meeting, held: Round, chain: Chain) -> None:
    trustees = meeting.trustees
    chain.require_whole(
        held.slot,
        size=len(trustees.names),
        threshold=trustees.threshold,
        missing=missing_of(held),
    )


def _note_keys(meeting: Meeting) -> list[bytes]:
    return [bytes.fromhex(key) for key in meeting.trustees.note_keys]


async def _election(room: Room, slot: str) -> bytes:
    async with room.store.reading() as tx:
        election = await tx.archive(slot, ELECTION)
    if election is None or not plaintext_questions(decode_election(election)):
        raise RefusedError("shuffle-unneeded", slot=slot)
    return election


def _encode(body: bytes, line: str) -> bytes:
    return codec.encode({"shuffle": body.decode(), "line": line})


def _decode(message: bytes) -> tuple[bytes, str]:
    value = codec.decode_exact(message, "shuffle")
    body, line = codec.fields(value, "shuffle", "shuffle", "line")
    assert isinstance(body, str)
    assert isinstance(line, str)
    return body.encode(), line


# --- in a worker process -------------------------------------------------------------------------


def after(election_raw: bytes, tally: bytes, last: bytes | None) -> bytes:
    """Return the ciphertexts of all questions after the last shuffle, which was verified before."""
    election = decode_election(election_raw)
    ciphertexts = decode_tally(tally, election)
    return tally if last is None else encode_tally(decode_outputs(last, election, ciphertexts))


def _check(election_raw: bytes, tally: bytes, last: bytes | None, owner: int, body: bytes) -> None:
    election = decode_election(election_raw)
    ciphertexts = decode_tally(after(election_raw, tally, last), election)
    apply_shuffle(election, ciphertexts, owner, body)
