"""A sealed box whose second question must be shuffled, in front of three trustees' devices.

The meeting's model knows of no such question here: ``roster_election`` is put in the place of
``binding.round_election`` (fixture ``roster``), and adds one question to whatever that gives.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tally.count import combine
from tally.mixing import Mixed, Shuffled, add_shuffle, agree_to_chain, follow, unmixed
from tally.release import release_factors
from tests.support.ballots import scalar, seed
from tests.support.sealed import VOTES, Case, Device, new_case
from voting.crypto.hashing import sha256_hex
from voting.meeting import binding
from voting.protocol.ballot import seal_ballot
from voting.protocol.election import NonHomomorphicQuestion, decode_election, make_election
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from tally.count import Count
    from tally.release import Factors
    from tally.trustee import SealedBox

ROSTER = NonHomomorphicQuestion(
    question="推荐人选",
    answers=tuple(str(i) for i in range(1, 31)),
    extra={"method": "piaojue-roster/1", "max": 2, "roster": ["甲", "乙", "丙", "丁"]},
)
ENTRIES = [(1, 3), (3, 0), (2, 3), (0, 0), (3, 4), (1, 2)]
"""What each member enters: at most two numbers of the roster."""

_plain_election = binding.round_election


def numbers(entry: tuple[int, int]) -> tuple[int, ...]:
    """An entry as the 30 numbers of a plaintext: two bytes each, then zeros."""
    return (0, entry[0], 0, entry[1], *[0] * 26)


def roster_election(*given: Any, **named: Any) -> bytes:
    """The election of a round, with one question more, which has to be shuffled."""
    plain = decode_election(_plain_election(*given, **named))
    return make_election(
        uuid=plain.uuid,
        name=plain.name,
        description=plain.description,
        public_key=plain.public_key,
        questions=[*plain.questions, ROSTER],
    )


@pytest.fixture
def roster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every election in this test has the roster's question too."""
    monkeypatch.setattr(binding, "round_election", roster_election)


@dataclass
class RosterCase(Case):
    """Ballots have an entry for the roster; ``chain`` is what the server relays of shuffles."""

    chain: list[Shuffled] = field(default_factory=list)

    def copy(self) -> RosterCase:
        return RosterCase(**vars(Case.copy(self)), chain=list(self.chain))

    def ballot(self, slot: str, member: int, *, number: int = 0, items: int = 1) -> bytes:
        return seal_ballot(
            self.election(slot),
            self.sim.secret(slot, "A", member),
            [*[VOTES[member]] * items, numbers(ENTRIES[member])],
            seed=seed(100 * number + member),
            signature_nonce=scalar(5000 + 100 * number + member),
        ).data

    def without(self, box: SealedBox, missing: int) -> SealedBox:
        """Two officers state that a device is missing; the box as devices then see it."""
        digest = self.checkpoint_digest(box.slot)
        self.sim.act("compared", slot=box.slot, checkpoint=digest, missing=[missing])
        return replace(box, compared=self.sim.round(box.slot).compared)

    def followed(
        self, device: Device, box: SealedBox, chain: list[Shuffled] | None = None
    ) -> Mixed:
        """What a device makes of the chain that it is shown."""
        mixed = unmixed(box)
        for one in self.chain if chain is None else chain:
            mixed = follow(device.memory, box, mixed, one)
        return mixed

    def shuffle(self, index: int, box: SealedBox, note: bytes, **more: Any) -> Shuffled:
        """A trustee's device follows the chain and adds its shuffle; nothing is relayed."""
        device = self.devices[index - 1]
        mixed = self.followed(device, box)
        device.memory, made = add_shuffle(
            device.memory, device.secrets, box, note, mixed, rand=secrets.token_bytes, **more
        )
        return made

    def shuffle_all(self, box: SealedBox, note: bytes, owners: tuple[int, ...] = (1, 2, 3)) -> None:
        for index in owners:
            self.chain.append(self.shuffle(index, box, note))

    def agree(self, index: int, box: SealedBox) -> str:
        device = self.devices[index - 1]
        mixed = self.followed(device, box)
        device.memory, line = agree_to_chain(device.memory, device.secrets, box, mixed)
        return line

    def chain_note(self, box: SealedBox, *lines: str) -> bytes:
        text = self.followed(self.devices[0], box).chain.text
        return encode_note(text, [parse_signature_line(line) for line in lines])

    def release(
        self, index: int, box: SealedBox, note: bytes, shuffles: bytes | None, **more: Any
    ) -> Factors:
        device = self.devices[index - 1]
        mixed = self.followed(device, box)
        device.memory, factors = release_factors(
            device.memory,
            device.secrets,
            box,
            note,
            mixed=mixed,
            shuffles=shuffles,
            rand=secrets.token_bytes,
            **more,
        )
        return factors

    def counted(
        self, box: SealedBox, answers: list[Factors], owners: tuple[int, ...] = (1, 2, 3)
    ) -> Count:
        """Count with these answers; ``owners`` are those whose shuffles are said to be in."""
        return combine(
            box.election,
            decode_trustees(self.trustees, box.election.group),
            box.ciphertexts,
            answers,
            number=len(self.ballots[box.slot]),
            shuffles={one.owner: one.body for one in self.chain if one.owner in owners},
            mixed=self.followed(self.devices[0], box).ciphertexts,
        )

    def said(self, box: SealedBox, *lines: str) -> dict[str, Any]:
        """The field ``shuffles`` of the *count* act."""
        note = self.chain_note(box, *lines).decode()
        return {"note": note, "links": [one.line for one in self.chain]}


@cache
def _signed() -> tuple[RosterCase, SealedBox, bytes, bytes]:
    plain = new_case()
    case = RosterCase(plain.sim, plain.devices, plain.trustees)
    slot = case.open(["i1"])
    archive = case.archive(slot)
    case.seal(slot, archive)
    boxes = [device.check(case, slot, archive) for device in case.devices]
    lines = [device.sign(box) for device, box in zip(case.devices, boxes, strict=True)]
    return case, boxes[0], case.note(boxes[0], *lines), archive


def signed_case() -> tuple[RosterCase, SealedBox, bytes, bytes]:
    """Six ballots sealed, the box checked and signed for by all: case, box, note, archive.

    Wants the fixture ``roster``.
    """
    case, box, note, archive = _signed()
    return case.copy(), box, note, archive


@cache
def _whole() -> tuple[RosterCase, SealedBox, bytes, bytes, bytes]:
    case, box, note, archive = signed_case()
    case.shuffle_all(box, note)
    lines = [case.agree(index, box) for index in (1, 2, 3)]
    return case, box, note, case.chain_note(box, *lines), archive


def whole_case() -> tuple[RosterCase, SealedBox, bytes, bytes, bytes]:
    """The same after all three shuffled and agreed: case, box, both notes, archive."""
    case, *rest = _whole()
    return case.copy(), *rest


def forgotten(device: Device) -> Device:
    """The device with the memory that it had before it shuffled."""
    slots = {
        slot: replace(held, shuffle=None, link=None, chain=None)
        for slot, held in device.memory.slots.items()
    }
    return Device(device.secrets, replace(device.memory, slots=slots))


def digest_of(shuffled: Shuffled) -> str:
    return sha256_hex(shuffled.body)
