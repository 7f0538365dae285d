"""The box of a round, closed at the seal.

The ballots are sorted by tracker and written as a Belenios archive up to *EndBallots*; the
``seal`` act commits to its digest. Whatever the server puts in it, every trustee's device reads
from the first byte and adds up itself before it answers (``tally.trustee``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kiosk.server.services import ceremony
from kiosk.server.services.casting import ELECTION
from kiosk.server.services.rounds import CREDENTIALS
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError
from voting.meeting.ledger import decode_line, opened_at
from voting.protocol.chain import ArchiveWriter
from voting.protocol.checkpoint import ballots_digest

if TYPE_CHECKING:
    from kiosk.server.services.room import Turn
    from voting.meeting.state import Round

SEALED: Final = "sealed"
"""The stage under which a slot's sealed archive is stored."""


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
    trustees = await turn.tx.meta(ceremony.TRUSTEES)
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


async def _opened_at(turn: Turn, slot: str) -> int:
    """Return the second of the ``open`` act, which every record of the archive carries."""
    lines = await turn.tx.ledger()
    at = opened_at((decode_line(raw) for raw in reversed(lines)), slot)
    if at is None:
        raise RefusedError("no-round", slot=slot)
    return int(datetime.fromisoformat(at).timestamp())
