"""Collecting what trustees answer for a sealed box, and completing its archive.

First the signatures over the checkpoint, then the shuffles where a question needs them
(``shuffling``), then the partial decryptions with their second proofs, each verified when it
comes: whose proof fails is named and nothing of it is kept. When the threshold is there the
archive is completed and the ``count`` act appended. There is one tally for each slot, for ever: a
trustee says one thing, and what was counted is never counted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.server.services import contests, shuffling
from kiosk.server.services.boxes import SEALED
from tally.count import Count, check_factors, combine, complete_archive
from tally.outcome import encode_outcome, round_outcome
from tally.outcome import outcome_digest as digest_of
from tally.release import Factors
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import RoundState
from voting.protocol import codec
from voting.protocol.archive import read_archive
from voting.protocol.ballot import decode_ballot
from voting.protocol.checkpoint import signer, verify_checkpoint
from voting.protocol.election import decode_election
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.tally import TallyBuilder, decode_tally, encode_tally
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from kiosk.server.security import Caller
    from kiosk.server.services.room import Room, Turn, View
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round
    from voting.storage import Reading

TALLY: Final = "tally"
FINAL: Final = contests.FINAL
PROOFS: Final = "proofs"
MAX_ANSWER: Final = 4 * 2**20
"""Bytes of a trustee's factors with both proofs: 2,000 ciphertexts at two kilobytes."""


async def post_checkpoint(room: Room, caller: Caller, slot: str, line: str) -> None:
    """Keep a trustee's signature over the checkpoint of a sealed box.

    Raises:
        RefusedError: ``objection-open``, or the round is not sealed.
        FormatError, ProofError: Not a signature of this checkpoint by this trustee.
    """
    caller.must_be("trustee")
    async with room.turn() as turn:
        meeting, held = _sealed(turn.view, slot)
        signature = parse_signature_line(line)
        if signature.name != signer(int(caller.name)):
            raise RefusedError("not-your-role", role=caller.role)
        note = encode_note(checkpoint_of(meeting, held).text, [signature])
        verify_checkpoint(note, _note_keys(meeting))
        await turn.tx.put_message(checkpoint_topic(slot), caller.name, line.encode())


async def checkpoint_note(room: Room, slot: str) -> bytes | None:
    """Return the checkpoint with every signature so far, None before the first."""
    meeting, state = (await room.view()).frozen()
    held = state.round_at(slot, RoundState.SEALED, RoundState.COUNTED, RoundState.CERTIFIED)
    async with room.store.reading() as tx:
        return await _note(tx, meeting, held)


async def post_factors(room: Room, caller: Caller, slot: str, share: bytes, proofs: bytes) -> None:
    """Verify and keep a trustee's factors; count when the threshold is there.

    Raises:
        RefusedError: ``checkpoint-signatures``: too few trustees have signed for this box;
            ``objection-open``, or the round is not sealed; what ``shuffling.require_agreed``
            refuses.
        FaultyTrusteeError: A proof fails; the answer is not kept.
    """
    caller.must_be("trustee")
    answer = Factors(int(caller.name), share, proofs)
    _sealed(await room.view(), slot)
    sealed, _, mixed, _ = await _mixed(room, slot)
    await room.pool.run(_check, sealed, mixed, answer)
    async with room.turn() as turn:
        meeting, held = _sealed(turn.view, slot)
        await _check_signed(turn.tx, meeting, held)
        await shuffling.require_agreed(turn.tx, meeting, held, answer.trustee)
        await turn.tx.put_message(factors_topic(slot), caller.name, _encode(answer))
    await count(room, slot)


async def count(room: Room, slot: str) -> None:
    """Complete the archive of a box for which enough trustees have answered."""
    async with room.store.reading() as tx:
        answers = [
            _decode(int(sender), body)
            for sender, body in (await tx.messages(factors_topic(slot))).items()
        ]
    meeting, state = (await room.view()).frozen()
    if len(answers) < meeting.trustees.threshold:
        return
    if state.round_at(slot).state is not RoundState.SEALED:
        return
    sealed, tally, mixed, shuffles = await _mixed(room, slot)
    final, proofs = await room.pool.run(_combine, sealed, tally, answers, mixed, shuffles)
    async with room.turn() as turn:
        meeting, state = turn.view.frozen()
        if state.round_at(slot).state is not RoundState.SEALED:
            return
        meeting, held = _sealed(turn.view, slot)
        note = await _note(turn.tx, meeting, held)
        assert note is not None
        body: dict[str, object] = {
            "slot": slot,
            "checkpoint": note.decode(),
            "archive": sha256_hex(final),
            "proofs": sha256_hex(proofs),
        }
        if (said := await shuffling.said_of(turn.tx, meeting, held)) is not None:
            body["shuffles"] = said
        await turn.append("count", body)
        await turn.tx.put_archive(slot, FINAL, final)
        await turn.tx.put_archive(slot, PROOFS, proofs)


async def shuffles(room: Room, slot: str) -> tuple[shuffling.Relayed, bytes | None]:
    """Return the shuffles of a sealed box so far, and the note over them, None before the first."""
    meeting, held = _sealed(await room.view(), slot)
    async with room.store.reading() as tx:
        found = await shuffling.relayed(tx, meeting, held)
        return found, await shuffling.agreement_note(tx, found.chain, slot)


async def post_shuffle(room: Room, caller: Caller, slot: str, body: bytes, line: str) -> None:
    """Take in a trustee's shuffle of a box for which enough trustees have signed.

    Raises:
        RefusedError: ``checkpoint-signatures``, ``objection-open``, or the round is not sealed;
            and what ``shuffling.post_shuffle`` raises.
    """
    caller.must_be("trustee")
    meeting, held = _sealed(await room.view(), slot)
    async with room.store.reading() as tx:
        await _check_signed(tx, meeting, held)

    async def add_up() -> bytes:
        return (await _box(room, slot))[1]

    await shuffling.post_shuffle(room, caller, held, add_up, body, line)


async def post_agreement(room: Room, caller: Caller, slot: str, line: str) -> None:
    """Keep a trustee's signature over all shuffles of a box. Raises as ``shuffling`` does."""
    caller.must_be("trustee")
    _, held = _sealed(await room.view(), slot)
    await shuffling.post_agreement(room, caller, held, line)


def is_public(view: View, slot: str) -> bool:
    """Tell whether anybody may be shown what was opened in a slot.

    It was released, and the rule lets the room hear counts. Until then, and under any other
    visibility, officers and trustees alone see it, because they have to check it before they sign.
    """
    if view.meeting is None or view.state is None:
        return False
    held = view.state.rounds.get(slot)
    if held is None or not held.released:
        return False
    return view.meeting.rules[held.rule].visibility == "counts"


async def outcome(room: Room, meeting: Meeting, held: Round) -> bytes:
    """Return the bytes of a counted round's outcome."""
    return encode_outcome(round_outcome(meeting, held, await contests.box(room, held.slot)))


async def outcome_digest(turn: Turn, held: Round) -> str:
    """Return what a ``certify`` act names."""
    meeting, _ = turn.view.frozen()
    opened = await contests.opened_in(turn.room, turn.tx, held.slot)
    return digest_of(round_outcome(meeting, held, opened))


def factors_topic(slot: str) -> str:
    """Return the topic under which trustees' partial decryptions are kept."""
    return f"factors:{slot}"


def checkpoint_topic(slot: str) -> str:
    """Return the topic under which trustees' checkpoint signatures are kept."""
    return f"checkpoint:{slot}"


def _sealed(view: View, slot: str) -> tuple[Meeting, Round]:
    meeting, state = view.frozen()
    held = state.round_at(slot, RoundState.SEALED)
    if not held.no_objection:
        raise RefusedError("objection-open", slot=slot)
    return meeting, held


async def _check_signed(tx: Reading, meeting: Meeting, held: Round) -> None:
    """Take no factor before the checkpoint has the signatures that every device demands."""
    trustees = meeting.trustees
    need = trustees.majority if held.compared is None else trustees.threshold
    have = len(await tx.senders(checkpoint_topic(held.slot)))
    if have < need:
        raise RefusedError("checkpoint-signatures", slot=held.slot, have=have, need=need)


async def _note(tx: Reading, meeting: Meeting, held: Round) -> bytes | None:
    lines = (await tx.messages(checkpoint_topic(held.slot))).values()
    if not lines:
        return None
    signatures = [parse_signature_line(line.decode()) for line in lines]
    return encode_note(checkpoint_of(meeting, held).text, signatures)


def _note_keys(meeting: Meeting) -> list[bytes]:
    return [bytes.fromhex(key) for key in meeting.trustees.note_keys]


async def _box(room: Room, slot: str) -> tuple[bytes, bytes]:
    """Return the sealed archive and its encrypted tally, which is computed once."""
    async with room.store.reading() as tx:
        sealed, tally = await tx.archive(slot, SEALED), await tx.archive(slot, TALLY)
    if sealed is None:
        raise RefusedError("no-round", slot=slot)
    if tally is None:
        tally = await room.pool.run(_add_up, sealed)
        async with room.turn() as turn:
            await turn.tx.put_archive(slot, TALLY, tally)
    return sealed, tally


async def _mixed(room: Room, slot: str) -> tuple[bytes, bytes, bytes, dict[int, bytes]]:
    """Return sealed archive, tally, what its shuffles made of it, and these, in order."""
    sealed, tally = await _box(room, slot)
    meeting, held = _sealed(await room.view(), slot)
    async with room.store.reading() as tx:
        found = await shuffling.relayed(tx, meeting, held)
    mixed = tally
    if found.last is not None:
        mixed = await room.pool.run(_after, sealed, tally, found.last)
    return sealed, tally, mixed, dict(found.bodies)


def _encode(answer: Factors) -> bytes:
    return codec.encode({"share": answer.share.decode(), "proofs": answer.proofs.decode()})


def _decode(trustee: int, body: bytes) -> Factors:
    share, proofs = codec.fields(codec.decode_exact(body, "factors"), "factors", "share", "proofs")
    assert isinstance(share, str)
    assert isinstance(proofs, str)
    return Factors(trustee, share.encode(), proofs.encode())


# --- in a worker process -------------------------------------------------------------------------


def _add_up(sealed: bytes) -> bytes:
    read = read_archive(sealed)
    election = decode_election(read.setup.election)
    builder = TallyBuilder(election)
    for ballot in read.ballot_bytes():
        builder.add(decode_ballot(ballot, election).answers)
    return encode_tally(builder.ciphertexts())


def _check(sealed: bytes, tally: bytes, answer: Factors) -> None:
    read = read_archive(sealed)
    election = decode_election(read.setup.election)
    trustees = decode_trustees(read.setup.trustees, ED25519)
    check_factors(election, trustees, decode_tally(tally, election), answer)


def _after(sealed: bytes, tally: bytes, last: bytes) -> bytes:
    return shuffling.after(read_archive(sealed).setup.election, tally, last)


def _combine(
    sealed: bytes, tally: bytes, answers: list[Factors], mixed: bytes, shuffles: dict[int, bytes]
) -> tuple[bytes, bytes]:
    read = read_archive(sealed)
    election = decode_election(read.setup.election)
    made: Count = combine(
        election,
        decode_trustees(read.setup.trustees, ED25519),
        decode_tally(tally, election),
        answers,
        number=len(read.ballots),
        shuffles=shuffles,
        mixed=decode_tally(mixed, election),
    )
    return complete_archive(sealed, read, made), made.proofs
