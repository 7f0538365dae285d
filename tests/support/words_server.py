"""A meeting on the real server whose box with names in words is counted and not read yet."""

from __future__ import annotations

from contextlib import asynccontextmanager
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from kiosk.server.services import casting, counting
from tally.mixing import Shuffled, add_shuffle, agree_to_chain, follow, unmixed
from tally.release import release_factors
from tests.support.ballots import scalar, seed
from tests.support.meeting import token_of
from tests.support.readings import NOMINATED
from tests.support.server import Devices, new_folder, opened, reach
from voting.crypto.group import ED25519
from voting.meeting.marks import choices_of
from voting.protocol.ballot import seal_ballot
from voting.protocol.credential import private_credential
from voting.protocol.election import decode_election

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.support.server import Hall

DRAFT = NOMINATED.replace("spoil-quota = 1", "spoil-quota = 0").replace(
    'write-in = "text"', 'write-in = "text"\nvisibility = "counts"'
)
MARKS: list[list[int | str]] = [[1, "王伟"], ["干部丙", "王伟"], [3], ["张三"], [1], []]
"""王伟 is number 6 and number 7 of the roster, 干部丙 number 3, 张三 nobody on it."""


@asynccontextmanager
async def unread(folder: Path) -> AsyncIterator[Hall]:
    """Hold the vote, shuffle and count; nobody has read anything."""
    async with opened(new_folder(folder, DRAFT), Devices()) as h:
        await reach(h, None, "attended")
        slot = await h.open("i1")
        meeting, _ = await h.frozen()
        election = decode_election(await casting.election_of(h.room, slot))
        for index, mark in enumerate(MARKS):
            sealed = seal_ballot(
                election,
                private_credential(token_of("A", index), slot, ED25519),
                choices_of(meeting, ["i1"], {"i1": {"": mark}}),
                seed=seed(700 + index),
                signature_nonce=scalar(8700 + index),
            )
            await h.cast(sealed.data, slot)
        await h.seal(slot, len(MARKS))
        await _count(h, slot)
        yield h


async def _count(h: Hall, slot: str) -> None:
    """Every trustee in turn, as their devices do it."""
    boxes: dict[int, Any] = {}
    for index in (1, 2, 3):
        boxes[index], line = await h.check_box(index, slot)
        await counting.post_checkpoint(h.room, h.caller(f"trustee:{index}"), slot, line)
    for index in (1, 2, 3):
        secrets, memory = h.devices.trustees[index - 1]
        note = await counting.checkpoint_note(h.room, slot)
        assert note is not None
        mixed = await _mixed(h, slot, boxes[index], index)
        memory, made = add_shuffle(memory, secrets, boxes[index], note, mixed, rand=token_bytes)
        h.devices.trustees[index - 1] = secrets, memory
        caller = h.caller(f"trustee:{index}")
        await counting.post_shuffle(h.room, caller, slot, made.body, made.line)
    for index in (1, 2, 3):
        secrets, memory = h.devices.trustees[index - 1]
        mixed = await _mixed(h, slot, boxes[index], index)
        memory, line = agree_to_chain(memory, secrets, boxes[index], mixed)
        h.devices.trustees[index - 1] = secrets, memory
        await counting.post_agreement(h.room, h.caller(f"trustee:{index}"), slot, line)
    for index in (1, 2):
        secrets, memory = h.devices.trustees[index - 1]
        note = await counting.checkpoint_note(h.room, slot)
        _, shuffles = await counting.shuffles(h.room, slot)
        assert note is not None
        memory, answer = release_factors(
            memory,
            secrets,
            boxes[index],
            note,
            mixed=await _mixed(h, slot, boxes[index], index),
            shuffles=shuffles,
            rand=token_bytes,
        )
        caller = h.caller(f"trustee:{index}")
        await counting.post_factors(h.room, caller, slot, answer.share, answer.proofs)


async def _mixed(h: Hall, slot: str, box: Any, index: int) -> Any:
    found, _ = await counting.shuffles(h.room, slot)
    mixed = unmixed(box)
    for owner in found.chain.owners:
        one = Shuffled(owner, found.bodies[owner], found.lines[owner])
        mixed = follow(h.devices.trustees[index - 1][1], box, mixed, one)
    return mixed
