"""The box of a round: closed at the seal, counted by the trustees, its outcome written down.

At the seal the ballots are sorted by tracker and written as a Belenios archive up to
*EndBallots*; the ``seal`` act commits to its digest. After it the server only collects: the
trustees' signatures over the checkpoint, then their partial decryptions with the second proofs,
each verified when it comes. When the threshold is there the archive is completed and the
``count`` act appended. Whatever the server says here, a trustee recomputes before it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kiosk.server.services.casting import ELECTION
from kiosk.server.services.rounds import CREDENTIALS
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError
from voting.meeting.rounds import checkpoint_of
from voting.protocol.chain import ArchiveWriter
from voting.protocol.checkpoint import ballots_digest

if TYPE_CHECKING:
    from kiosk.server.services.room import Turn
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round
    from voting.protocol.checkpoint import Checkpoint

SEALED: Final = "sealed"
FINAL: Final = "final"
PROOFS: Final = "proofs"
TRUSTEES: Final = "trustees.json"
"""Stages of a slot's stored archives, and the name of the stored ``trustees.json``."""


@dataclass(frozen=True, slots=True)
class Box:
    """A closed box. ``archive`` goes up to *EndBallots*; digests are SHA-256 in hex."""

    returned: int
    ballots_digest: str
    archive: bytes
    archive_digest: str


async def seal_box(turn: Turn, held: Round) -> Box:
    """Write the archive of an open round as it would be sealed now."""
    election = await turn.tx.archive(held.slot, ELECTION)
    credentials = await turn.tx.archive(held.slot, CREDENTIALS)
    trustees = await turn.tx.meta(TRUSTEES)
    assert election is not None
    assert credentials is not None
    assert trustees is not None
    ballots = await turn.tx.ballots(held.slot)
    writer = ArchiveWriter(await _opened_at(turn, held.slot))
    parts = [writer.setup(election, trustees, credentials)]
    parts += [writer.ballot(one.body) for one in ballots]
    parts.append(writer.end_ballots())
    archive = b"".join(parts)
    digest = ballots_digest(one.tracker for one in ballots)
    return Box(len(ballots), digest, archive, sha256_hex(archive))


def checkpoint(meeting: Meeting, held: Round) -> Checkpoint:
    """Return the checkpoint of a sealed round."""
    return checkpoint_of(meeting, held)


def factors_topic(slot: str) -> str:
    """Return the topic under which trustees' partial decryptions are kept."""
    return f"factors:{slot}"


def checkpoints_topic(slot: str) -> str:
    """Return the topic under which trustees' checkpoint signatures are kept."""
    return f"checkpoint:{slot}"


async def _opened_at(turn: Turn, slot: str) -> int:
    """Return the second of the ``open`` act, which every record of the archive carries."""
    from voting.meeting import ledger

    for raw in reversed(await turn.tx.ledger()):
        act = ledger.decode_line(raw).act
        if act.kind == "open" and act.body["slot"] == slot:
            assert act.at is not None
            return int(datetime.fromisoformat(act.at).timestamp())
    raise RefusedError("no-round", slot=slot)
