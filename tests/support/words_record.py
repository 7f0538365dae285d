"""Closed records of meetings with names in words, by a forger who has every key.

one = Written(NOMINATED).counted([{"": [1, "王伟"]}, …])   # cast, sealed, shuffled, counted
one.sim.act("reading", **one.body(entry("王伟", 6)))
files = one.closed(entry("王伟", 7))
"""

from __future__ import annotations

import copy
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tally.count import combine, complete_archive
from tally.mixing import apply_shuffle
from tally.outcome import blind_of, make_result, opened_of, outcome_digest, round_outcome
from tally.record.contents import readme
from tally.record.layout import LEDGER, MEETING, README, REPORT, RESULT, archive_path, proofs_path
from tally.release import Factors
from tests.support.contest_record import ContestCase, Played, _issued
from tests.support.meeting import seed_of
from tests.support.readings import body_of
from tests.support.record import Meeting, sign
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars, sha256_hex
from voting.meeting.ledger import encode_ledger
from voting.meeting.readings import Masked
from voting.meeting.rounds import checkpoint_of
from voting.protocol.archive import read_archive
from voting.protocol.ballot import decode_ballot
from voting.protocol.checkpoint import signer
from voting.protocol.election import decode_election
from voting.protocol.mixing import Chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.shares import (
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_partial_decryption,
    make_second_proofs,
)
from voting.protocol.shuffles import encode_shuffle, make_shuffle
from voting.protocol.tally import TallyBuilder
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.record import Files


class MixedMeeting(Meeting):
    """A meeting whose boxes are shuffled by every trustee before they are opened."""

    def count(self, slot: str) -> None:
        self.sim.act("no-objection", slot=slot)
        sealed = self.papers[slot]
        read = read_archive(sealed)
        election = decode_election(read.setup.election)
        builder = TallyBuilder(election)
        for ballot in read.ballot_bytes():
            builder.add(decode_ballot(ballot, election).answers)
        tally = mixed = builder.ciphertexts()
        draw = fresh_scalars(secrets.token_bytes, ED25519)
        chain = Chain(checkpoint_of(self.sim.meeting, self.sim.round(slot)).digest)
        bodies: dict[int, bytes] = {}
        links = []
        for owner in (1, 2, 3):
            body = encode_shuffle(make_shuffle(election, mixed, secrets.token_bytes, draw))
            mixed = apply_shuffle(election, mixed, owner, body)
            chain = chain.then(owner, sha256_hex(body))
            links.append(sign_chain(chain, owner, seed_of(signer(owner))))
            bodies[owner] = body
        answers = []
        for index in (1, 2):
            share = self.case.devices[index - 1].secrets.share
            partial = make_partial_decryption(election, mixed, share, draw)
            second = {index: make_second_proofs(election, mixed, share, draw)}
            proofs = encode_second_proofs(SecondProofs(election.uuid, second))
            answers.append(Factors(index, encode_partial_decryption(partial), proofs))
        trustees = decode_trustees(self.case.trustees, ED25519)
        number = len(read.ballots)
        made = combine(
            election, trustees, tally, answers, number=number, shuffles=bodies, mixed=mixed
        )
        self.papers[slot] = complete_archive(sealed, read, made)
        self.proofs[slot] = made.proofs
        lines = [sign_chain(chain, index, seed_of(signer(index))) for index in (1, 2, 3)]
        note = encode_note(chain.text, [parse_signature_line(line) for line in lines])
        body = {
            "slot": slot,
            "checkpoint": self.sim.note(slot),
            "archive": sha256_hex(self.papers[slot]),
            "proofs": sha256_hex(made.proofs),
            "shuffles": {"note": note.decode(), "links": links},
        }
        self.sim.act("count", **body)


@dataclass
class Written(Played):
    """A meeting of a draft under which names may be written in words."""

    slot: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.meeting = MixedMeeting(ContestCase(**vars(_issued(self.text).copy())))

    def counted(self, marks: Sequence[Any]) -> Written:
        """Cast these marks of i1, and count; nobody has read or certified anything yet."""
        case = self.meeting.case
        case.standings = {}
        slot = self.slot = case.open(["i1"], voters=0)
        choices = [self._choices("i1", one, {}) for one in marks]
        case.ballots[slot] = [self._ballot(slot, k, one) for k, one in enumerate(choices)]
        self.spoil(slot, choices[0])
        self.meeting.seal(slot)
        self.meeting.count(slot)
        return self

    def copy(self) -> Written:
        """A copy that goes its own way."""
        other = copy.copy(self)
        other.meeting = MixedMeeting(
            ContestCase(**vars(self.meeting.case.copy())),
            dict(self.meeting.papers),
            dict(self.meeting.proofs),
        )
        return other

    def body(self, *entries: dict[str, Any]) -> dict[str, Any]:
        """The body of a reading, masked for this box."""
        return body_of(self.slot, entries, blind_of(self.meeting.papers[self.slot]))

    def closed(self, *said: dict[str, Any]) -> Files:
        """Certify, close, and return the record, all of it as if the words were read like this.

        Whatever the ledger has: who has every key writes what he likes.
        """
        sim, slot = self.sim, self.slot
        opened = {slot: opened_of(self.meeting.papers[slot])}
        reading = Masked.of(self.body(*said)) if said else None
        as_said = replace(sim.round(slot), reading=reading)
        outcome = outcome_digest(round_outcome(sim.meeting, as_said, opened[slot]))
        rule = sim.meeting.rules[as_said.rule]
        for signer_ in rule.signers:
            for officer in sim.meeting.with_role(signer_.role)[: signer_.count]:
                body = {**sim.certify_body(slot, officer.id), "outcome": outcome}
                sim.act("certify", **body)
        sim.close()
        last = replace(sim.round(slot), reading=reading)
        state = replace(sim.state, rounds={slot: last})
        files = {
            README: readme(sim.meeting),
            MEETING: sim.meeting.raw,
            LEDGER: encode_ledger(sim.lines),
            RESULT: make_result(sim.meeting, state, sim.lines, opened),
            REPORT: b"%PDF-1.7",
            archive_path(slot): self.meeting.papers[slot],
            proofs_path(slot): self.meeting.proofs[slot],
        }
        return sign(files)
