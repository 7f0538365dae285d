"""A sealed box in front of real trustees' devices, and a server that can be told to cheat.

``Case`` is a meeting (``tests.support.meeting``) whose trustees went through a real ceremony. The
expensive parts are made once and never changed; every test gets its own copy.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from tally.ceremony import Keys
from tally.release import Factors, release_factors, sign_checkpoint
from tally.trustee import SealedBox, acknowledge, check_sealed
from tests.support.ballots import scalar, seed
from tests.support.meeting import Simulation, seed_of, uuid_of
from tests.support.trustees import Room, random_bytes
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.meeting import binding, keys
from voting.meeting.ledger import encode_ledger
from voting.meeting.rounds import checkpoint_of
from voting.protocol.archive import ArchiveWriter
from voting.protocol.ballot import seal_ballot, tracker
from voting.protocol.checkpoint import ballots_digest, signer
from voting.protocol.election import Election, decode_election
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from tally.memory import TrusteeMemory, TrusteeSecrets

TIMESTAMP = 1_795_289_156
AGREE, AGAINST, ABSTAIN = (1, 0, 0), (0, 1, 0), (0, 0, 1)
VOTES = (AGREE, AGREE, AGREE, AGREE, AGAINST, ABSTAIN)


@dataclass
class Device:
    """One trustee's device. ``forget`` gives a copy of the share without the memory."""

    secrets: TrusteeSecrets
    memory: TrusteeMemory

    def forget(self) -> Device:
        return Device(self.secrets, replace(self.memory, slots={}, height=0, head="0" * 64))

    def check(self, case: Case, slot: str, archive: bytes, **changes: Any) -> SealedBox:
        given = {"meeting": case.sim.meeting.raw, "ledger": case.ledger, **changes}
        self.memory, box = check_sealed(self.memory, slot=slot, archive=archive, workers=1, **given)
        return box

    def sign(self, box: SealedBox, *, compared: bool = False) -> str:
        self.memory, line = sign_checkpoint(self.memory, self.secrets, box, compared=compared)
        return line

    def release(self, box: SealedBox, note: bytes, *, compared: bool = False) -> Factors:
        self.memory, factors = release_factors(
            self.memory, self.secrets, box, note, compared=compared, rand=secrets.token_bytes
        )
        return factors


@dataclass
class Case:
    """A meeting with 6 present, three devices, and what the server stores."""

    sim: Simulation
    devices: list[Device]
    trustees: bytes
    elections: dict[str, bytes] = field(default_factory=dict)
    credentials: dict[str, bytes] = field(default_factory=dict)
    ballots: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def ledger(self) -> bytes:
        return encode_ledger(self.sim.lines)

    def binding(self, items: list[str]) -> tuple[dict[str, Any], bytes, bytes]:
        """The body of the open act, election.json and public_credentials.json."""
        sim = self.sim
        body = sim.open_body(items)
        slot = body["slot"]
        active = binding.active_credentials(sim.state, slot, ["A"], {"A": sim.lists["A"][slot]})
        return body, binding.round_election(sim.meeting, slot, items, body["round"]), active.raw

    def ask(self, device: Device, body: dict[str, Any], election: bytes, listed: bytes) -> str:
        device.memory, signature = acknowledge(
            device.memory,
            device.secrets,
            meeting=self.sim.meeting.raw,
            ledger=self.ledger,
            binding_body=body,
            election=election,
            credentials=listed,
        )
        return signature

    def copy(self) -> Case:
        """A copy that goes its own way; everything shared is immutable."""
        sim = Simulation.__new__(Simulation)
        sim.__dict__.update({**self.sim.__dict__, "lines": list(self.sim.lines)})
        return Case(
            sim,
            [Device(one.secrets, one.memory) for one in self.devices],
            self.trustees,
            dict(self.elections),
            dict(self.credentials),
            {slot: list(ballots) for slot, ballots in self.ballots.items()},
        )

    def open(self, items: list[str], *, voters: int = 6) -> str:
        """Prepare and open a round, every device asked; then ``voters`` members cast."""
        self.sim.prepare(items)
        body, election, listed = self.binding(items)
        acks = [
            {"trustee": i, "signature": self.ask(device, body, election, listed)}
            for i, device in enumerate(self.devices, start=1)
        ]
        self.sim.act("open", **{**body, "acks": acks})
        slot: str = body["slot"]
        self.elections[slot], self.credentials[slot] = election, listed
        self.ballots[slot] = [self.ballot(slot, k) for k in range(voters)]
        return slot

    def election(self, slot: str) -> Election:
        return decode_election(self.elections[slot])

    def ballot(self, slot: str, member: int, *, number: int = 0, items: int = 1) -> bytes:
        return seal_ballot(
            self.election(slot),
            self.sim.secret(slot, "A", member),
            [VOTES[member]] * items,
            seed=seed(100 * number + member),
            signature_nonce=scalar(5000 + 100 * number + member),
        ).data

    def archive(self, slot: str, **changes: Any) -> bytes:
        """The box as an archive up to EndBallots; ``changes`` replace one of its parts."""
        writer = ArchiveWriter(TIMESTAMP)
        ballots = sorted(changes.get("ballots", self.ballots[slot]), key=tracker)
        setup = writer.setup(
            changes.get("election", self.elections[slot]),
            changes.get("trustees", self.trustees),
            changes.get("credentials", self.credentials[slot]),
        )
        if "order" in changes:
            ballots = [ballots[i] for i in changes["order"]]
        return b"".join([setup, *(writer.ballot(b) for b in ballots), writer.end_ballots()])

    def seal(self, slot: str, archive: bytes, ballots: list[bytes] | None = None) -> None:
        """Append the seal of exactly this archive, and no objection."""
        listed = self.ballots[slot] if ballots is None else ballots
        self.sim.act(
            "seal",
            slot=slot,
            heads=len(listed),
            returned=len(listed),
            ballots=ballots_digest(tracker(ballot) for ballot in listed),
            archive=sha256_hex(archive),
            override=False,
        )
        self.sim.act("no-objection", slot=slot)

    def note(self, box: SealedBox, *signed: str) -> bytes:
        return encode_note(box.checkpoint.text, [parse_signature_line(line) for line in signed])

    def checkpoint_digest(self, slot: str) -> str:
        return checkpoint_of(self.sim.meeting, self.sim.round(slot)).digest


@cache
def _keys() -> list[Keys]:
    """One ceremony for all tests, its note keys those of the simulated meeting."""
    room = Room(meeting=uuid_of("meeting"), rand=random_bytes("sealed"))
    made = room.keys()
    note_keys = tuple(keys.public_key(seed_of(signer(i))) for i in (1, 2, 3))
    return [
        Keys(
            one.trustees,
            replace(one.secrets, note_seed=seed_of(signer(one.memory.index))),
            replace(one.memory, note_keys=note_keys),
        )
        for one in made
    ]


@cache
def _signed_in() -> Case:
    made = _keys()
    trustees = made[0].trustees
    sim = Simulation(
        public_key=decode_trustees(trustees, ED25519).public_key.text,
        certificates=sha256_hex(trustees),
    )
    sim.sign_in(6)
    return Case(sim, [Device(one.secrets, one.memory) for one in made], trustees)


@cache
def _opened() -> tuple[Case, str]:
    case = new_case()
    return case, case.open(["i1"])


@cache
def _sealed() -> tuple[Case, str, bytes]:
    case, slot = opened_case()
    archive = case.archive(slot)
    case.seal(slot, archive)
    return case, slot, archive


def new_case() -> Case:
    """A meeting with six members signed in, and three devices that rehearsed."""
    return _signed_in().copy()


def opened_case() -> tuple[Case, str]:
    """Item i1 is open and six ballots are in the box; the case and its slot."""
    case, slot = _opened()
    return case.copy(), slot


def sealed_case() -> tuple[Case, str, bytes]:
    """The same after the seal and without objection; with the sealed archive."""
    case, slot, archive = _sealed()
    return case.copy(), slot, archive


def opened(case: Case, slot: str, archive: bytes) -> tuple[SealedBox, bytes]:
    """All three devices check and sign; returns the box and the note."""
    boxes = [device.check(case, slot, archive) for device in case.devices]
    lines = [device.sign(box) for device, box in zip(case.devices, boxes, strict=True)]
    return boxes[0], case.note(boxes[0], *lines)
