"""A counted box with a shuffled question, and every key: a test forges one thing at a time.

opening = mixed()                        # an election with names from outside: six ballots, sealed,
opening.shuffles[1] = (2, other_body)    # shuffled by three, opened by two
findings_of(opening.counted())           # the act that counts agrees to whatever it is now

Everything after what was changed is made to fit: digests, the chain that trustees sign, the act.
"""

from __future__ import annotations

import copy
import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tally.verify.box import Box
from tests.support.contest_record import Played
from tests.support.contests import ELECTED
from tests.support.forger import Chance
from tests.support.meeting import seed_of
from tests.support.record import Meeting
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.meeting.ledger import opened_at
from voting.meeting.rounds import checkpoint_of
from voting.protocol import codec
from voting.protocol.archive import ArchiveWriter, SizedTally, read_archive
from voting.protocol.ballot import decode_ballot, tracker
from voting.protocol.checkpoint import signer
from voting.protocol.election import decode_election
from voting.protocol.mixing import Chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.result import encode_result, open_elements, open_result
from voting.protocol.shares import (
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_partial_decryption,
    make_second_proofs,
)
from voting.protocol.shuffles import after_shuffle, encode_shuffle, make_shuffle
from voting.protocol.tally import TallyBuilder, encode_tally, plaintext_questions
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tally.verify.ballots import BallotsOutcome
    from tests.support.meeting import Simulation
    from voting.crypto.group import Element
    from voting.protocol.shares import PartialDecryption, Proofs

MARKS: list[Any] = [
    {"for": ["c1", "c2"], "against": ["c3", "c4"], "others": []},
    {"for": ["c1", "c2"], "against": ["c3"], "others": []},
    {"for": ["c1"], "against": ["c2", "c3"], "others": [30]},
    {"for": ["c1"], "against": ["c2"], "others": [7]},
    {"for": [], "against": ["c1", "c2"], "others": [7, 30]},
    {"for": ["c2"], "against": [], "others": []},
]


class Opening:
    """What stands in an archive after the ballots; a test replaces any of it.

    ``signed`` are the shuffles of the chain that the trustees sign, where these are others;
    ``signers`` those who agree to it; ``checkpoint`` the box that it names; ``told`` what else the
    act says.
    """

    def __init__(self, meeting: Meeting, slot: str, sealed: bytes) -> None:
        self.meeting, self.slot, self.sealed = meeting, slot, sealed
        self.chance = Chance()
        read = read_archive(sealed)
        self.election = decode_election(read.setup.election)
        builder = TallyBuilder(self.election)
        for ballot in read.ballot_bytes():
            builder.add(decode_ballot(ballot, self.election).answers)
        self.tally = self.ciphertexts = builder.ciphertexts()
        self.number = len(read.ballots)
        self.shuffles: list[tuple[int, bytes]] = []
        self.signed: list[tuple[int, bytes]] | None = None
        self.ended = True
        self.checkpoint = ""
        self.signers: tuple[int, ...] = (1, 2, 3)
        self.shares: dict[int, PartialDecryption] = {}
        self.share_bodies: dict[int, bytes] = {}
        self.seconds: dict[int, Proofs] = {}
        self.proofs = self.result = b""
        self.told: dict[str, Any] = {}

    @property
    def sim(self) -> Simulation:
        return self.meeting.sim

    def secret(self, owner: int) -> int:
        return self.meeting.case.devices[owner - 1].secrets.share

    def shuffle(self, *owners: int) -> Opening:
        for owner in owners:
            made = make_shuffle(self.election, self.ciphertexts, self.chance.rand, self.chance.draw)
            self.ciphertexts = after_shuffle(self.election, self.ciphertexts, made)
            self.shuffles.append((owner, encode_shuffle(made)))
        return self

    def decrypt(self, *owners: int) -> Opening:
        """Answer with both kinds of proof, and write the file of the second ones."""
        given = (self.election, self.ciphertexts)
        for owner in owners:
            secret, draw = self.secret(owner), self.chance.draw
            self.shares[owner] = make_partial_decryption(*given, secret, draw)
            self.share_bodies[owner] = encode_partial_decryption(self.shares[owner])
            self.seconds[owner] = make_second_proofs(*given, secret, draw)
        return self.prove()

    def prove(self) -> Opening:
        self.proofs = encode_second_proofs(SecondProofs(self.slot, self.seconds))
        return self

    def open(self) -> Opening:
        """State what the shares open to, whatever they are."""
        trustees = decode_trustees(self.meeting.case.trustees, ED25519)
        elements = open_elements(trustees, self.ciphertexts, self.shares)
        self.result = encode_result(open_result(self.election, elements, self.number).result)
        return self

    def archive(self) -> bytes:
        writer = ArchiveWriter.resume(read_archive(self.sealed))
        tally = SizedTally(encode_tally(self.tally), self.number, self.number)
        parts = [self.sealed, writer.encrypted_tally(tally)]
        parts += [writer.shuffle(*one) for one in self.shuffles]
        if self.ended:
            parts.append(writer.end_shuffles())
        parts += [writer.partial_decryption(*one) for one in self.share_bodies.items()]
        return b"".join([*parts, writer.result(self.result)])

    def act(self) -> dict[str, Any]:
        """The body of the act that counts this."""
        return {
            "slot": self.slot,
            "checkpoint": self.sim.note(self.slot),
            "archive": sha256_hex(self.archive()),
            "proofs": sha256_hex(self.proofs),
            **({"shuffles": self._said()} if self.shuffles or self.signed else {}),
            **self.told,
        }

    def _said(self) -> dict[str, Any]:
        own = checkpoint_of(self.sim.meeting, self.sim.round(self.slot)).digest
        chain = Chain(self.checkpoint or own)
        links = []
        for owner, body in self.shuffles if self.signed is None else self.signed:
            chain = chain.then(owner, sha256_hex(body))
            links.append(sign_chain(chain, owner, seed_of(signer(owner))))
        lines = [sign_chain(chain, index, seed_of(signer(index))) for index in self.signers]
        note = encode_note(chain.text, [parse_signature_line(line) for line in lines])
        return {"note": note.decode(), "links": links}

    def copy(self) -> Opening:
        made = copy.copy(self)
        made.shuffles, made.chance = list(self.shuffles), copy.deepcopy(self.chance)
        made.shares, made.share_bodies = dict(self.shares), dict(self.share_bodies)
        made.seconds = dict(self.seconds)
        return made

    def counted(self) -> Counted:
        """Append the act to a copy of the ledger."""
        sim = copy.copy(self.sim)
        sim.lines = list(sim.lines)
        sim.act("count", **self.act())
        return Counted(sim, self.slot, self.archive(), self.proofs)


@dataclass(frozen=True)
class Counted:
    """A box with the ledger that counted it."""

    sim: Simulation
    slot: str
    archive: bytes
    proofs: bytes

    def box(self) -> Box:
        sim = self.sim
        opened = opened_at(sim.lines, self.slot)
        given = (sim.meeting, sim.state, opened)
        return Box(self.slot, self.archive, self.proofs, *given, workers=1)


def findings_of(counted: Counted) -> dict[str, str]:
    """The checks that fail, with their codes; none must be left out where none fails."""
    box = counted.box()
    if counted.archive.startswith(sealed().sealed):
        box.verifier.ballots = _ballots()  # the same ballots: they are gone over once
    failed = {one.check: one.error.code for one in box.findings() if one.error is not None}
    assert failed or set(box.needed) <= box.passed
    return failed


@cache
def _ballots() -> BallotsOutcome | None:
    box = mixed().counted().box()
    assert all(one.error is None for one in box.findings())
    return box.verifier.ballots


class MixedMeeting(Meeting):
    """A meeting whose boxes are shuffled where they must be."""

    def count(self, slot: str) -> None:
        self.sim.act("no-objection", slot=slot)
        opening = Opening(self, slot, self.papers[slot])
        if plaintext_questions(opening.election):
            opening.shuffle(1, 2, 3)
        else:
            opening.ended = False
        opening.decrypt(1, 2).open()
        self.papers[slot], self.proofs[slot] = opening.archive(), opening.proofs
        self.sim.act("count", **opening.act())


@dataclass
class MixedPlay(Played):
    """As ``Played``, with shuffles where they must be."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.meeting = MixedMeeting(self.meeting.case)


@contextmanager
def encrypting(element: Element) -> Iterator[None]:
    """Whoever seals inside encrypts this element, whatever numbers he gives: on purpose."""
    group = type(ED25519)
    kept = group.embed
    group.embed = lambda _self, _numbers: element  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        group.embed = kept  # type: ignore[method-assign]


@cache
def sealed(fault: str = "") -> Opening:
    """An election with names from outside, sealed and without objection; copy it.

    Args:
        fault: ``spoiled``: a ballot of the box had been checked aloud; ``unsorted``: ballots stand
            in the order in which they came; ``threshold``: another one is frozen than the trustees
            share the key by, and they open all the same; ``election``: its questions stand in
            another order than the meeting gives; ``time``: another than that of the opening;
            ``missing``: two officers stated that trustee 1 is.
    """
    text = ELECTED.replace("threshold = 2", f"threshold = {3 if fault == 'threshold' else 2}")
    play = MixedPlay(text)
    meeting, case = play.meeting, play.meeting.case
    if fault == "threshold":  # devices refuse to acknowledge such an opening: their keys do it
        case.ask = lambda device, body, *_: body["acks"][device.memory.index - 1]["signature"]  # type: ignore[method-assign]
    slot = case.open(["i1"], voters=0)
    rows = [play._choices("i1", mark, {}) for mark in MARKS]
    if fault == "election":
        value = json.loads(case.elections[slot])
        for listed in (value["questions"], *rows):
            listed[:2] = listed[1::-1]
        case.elections[slot] = codec.encode(value)
    case.ballots[slot] = [play._ballot(slot, k, row) for k, row in enumerate(rows)]
    spare = play._ballot(slot, 0, rows[0], number=9)
    if fault == "spoiled":
        spare = case.ballots[slot][0]
    play.sim.act("spoil", slot=slot, tracker=tracker(spare))
    order = sorted(case.ballots[slot], key=tracker, reverse=fault == "unsorted")
    opened = meeting.opened_at(slot) + (fault == "time")
    meeting.papers[slot] = meeting.box(slot, ballots=order, timestamp=opened)
    play.sim.act("seal", **meeting.seal_body(slot))
    play.sim.act("no-objection", slot=slot)
    if fault == "missing":
        digest = checkpoint_of(play.sim.meeting, play.sim.round(slot)).digest
        play.sim.act("compared", slot=slot, checkpoint=digest, missing=[1])
    return Opening(meeting, slot, meeting.papers[slot])


@cache
def _mixed() -> Opening:
    return sealed().copy().shuffle(1, 2, 3).decrypt(1, 2).open()


def mixed() -> Opening:
    """The same shuffled by three and opened by two: honest in everything."""
    return _mixed().copy()
