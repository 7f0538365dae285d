"""The shuffles on a trustee's device: follow what others did, shuffle in turn, agree to the whole.

What is demanded is in ``tally.mixing``; here is only the order of things. What was verified is kept
while the program runs, so that each shuffle is verified once; the memory that outlives it is stored
before anything is sent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tally.mixing import (
    Mixed,
    Shuffled,
    add_shuffle,
    agree_to_chain,
    follow,
    missing_of,
    unmixed,
    waits_for,
)
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.device.client import Client
    from kiosk.device.talk import Talk
    from tally.memory import TrusteeMemory, TrusteeSecrets
    from tally.trustee import SealedBox

    Keep = Callable[[TrusteeMemory], None]

PROGRESS: Final = 1.0
"""Seconds between two words about how far a shuffle has got."""


@dataclass(slots=True)
class Mixing:
    """The shuffles of the boxes that this device has checked."""

    client: Client
    talk: Talk
    rand: Callable[[int], bytes]
    keep: Keep
    _mixed: dict[str, Mixed] = field(default_factory=dict)
    _agreed: set[str] = field(default_factory=set)
    _told: dict[str, object] = field(default_factory=dict)

    def step(
        self,
        memory: TrusteeMemory,
        secrets: TrusteeSecrets,
        box: SealedBox,
        note: bytes,
        *,
        compared: bool,
    ) -> tuple[Mixed, bytes] | bool:
        """Do what there is to do for a box; when all agreed, return what may be opened.

        Args:
            note: The checkpoint note, which ``add_shuffle`` checks.
            compared: The person confirmed the comparison aloud.

        Returns:
            The tally after the shuffles with the note over them; else whether something was done.

        Raises what ``tally.mixing`` raises.
        """
        slot = box.slot
        listed, signed = self._fetch(slot)
        mixed = self._follow(memory, box, listed)
        owners = mixed.chain.owners
        if memory.index in missing_of(box) and memory.index not in owners:
            self._tell_once(slot, "shuffle-passed")
            return False
        held = memory.slots[slot]
        size = memory.session.size
        again = held.link is not None and memory.index not in owners
        if again or mixed.chain.may_add(memory.index, size, missing_of(box)):
            self._shuffle(memory, secrets, box, note, mixed, compared=compared)
            return True
        waiting = waits_for(memory, box, mixed)
        if waiting is not None:
            self._tell_once(slot, "shuffle-waits", trustee=waiting)
            return False
        if slot not in self._agreed:
            memory, line = agree_to_chain(memory, secrets, box, mixed)
            self.keep(memory)
            self.client.post(f"/api/slots/{slot}/shuffles/signature", {"line": line})
            self._agreed.add(slot)
            self.talk.tell("shuffles-agreed", slot=slot, number=len(owners))
            return True
        return False if signed is None else (mixed, signed)

    def tell_signers(self, slot: str, have: object, need: object) -> None:
        """Say how many have agreed of how many it takes, when that has changed."""
        self._tell_once(slot, "shuffle-signers", have=have, need=need)

    def _fetch(self, slot: str) -> tuple[list[tuple[int, str]], bytes | None]:
        value = self.client.get(f"/api/slots/{slot}/shuffles")
        shuffles, note = codec.fields(value, "shuffles", "shuffles", "note")
        listed = []
        for i, one in enumerate(codec.array(shuffles, "shuffles", high=100)):
            owner, line = codec.fields(one, f"shuffles[{i}]", "owner", "line")
            listed.append(
                (
                    codec.integer(owner, f"shuffles[{i}].owner", low=1, high=99),
                    codec.text(line, f"shuffles[{i}].line"),
                )
            )
        return listed, None if note is None else codec.text(
            note, "note", max_length=20_000
        ).encode()

    def _follow(
        self, memory: TrusteeMemory, box: SealedBox, listed: list[tuple[int, str]]
    ) -> Mixed:
        """Verify what has been added; what is listed otherwise than before, from the beginning."""
        slot = box.slot
        mixed = self._mixed.get(slot, unmixed(box))
        done = len(mixed.chain.links)
        if mixed.chain.owners != tuple(owner for owner, _ in listed[:done]):
            mixed, done = unmixed(box), 0
        for owner, line in listed[done:]:
            self.talk.tell("shuffle-checking", slot=slot, trustee=owner)
            body = self.client.get_bytes(f"/api/slots/{slot}/shuffles/{owner}")
            progress = self._progress(slot)
            mixed = follow(memory, box, mixed, Shuffled(owner, body, line), progress=progress)
            self._mixed[slot] = mixed
        return mixed

    def _shuffle(
        self,
        memory: TrusteeMemory,
        secrets: TrusteeSecrets,
        box: SealedBox,
        note: bytes,
        mixed: Mixed,
        *,
        compared: bool,
    ) -> None:
        slot = box.slot
        self.talk.tell("shuffling", slot=slot, ballots=box.checkpoint.number)
        memory, made = add_shuffle(
            memory,
            secrets,
            box,
            note,
            mixed,
            compared=compared,
            rand=self.rand,
            progress=self._progress(slot),
        )
        self.keep(memory)
        value = {"shuffle": made.body.decode(), "line": made.line}
        self.client.post(f"/api/slots/{slot}/shuffles", value)
        self.talk.tell("shuffled", slot=slot)

    def _progress(self, slot: str) -> Callable[[int, int], None]:
        said = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal said
            if time.monotonic() - said >= PROGRESS:
                said = time.monotonic()
                self.talk.tell("shuffle-progress", slot=slot, done=done, total=total)

        return progress

    def _tell_once(self, slot: str, event: str, **params: object) -> None:
        said = (event, params)
        if self._told.get(slot) != said:
            self._told[slot] = said
            self.talk.tell(event, slot=slot, **params)
