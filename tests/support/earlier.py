"""Small closed records of any draft with one mark for each item: what later gates refer to.

Every item has a paper of its own; six members vote as told. Made once for each text and vote.
"""

from __future__ import annotations

from functools import cache

from tally.outcome import make_result, opened_of, outcome_digest, round_outcome
from tally.record.contents import make_record
from tally.record.layout import NOTE, RESULT, note_text
from tests.support.drafts import draft_text
from tests.support.meeting import Simulation, seed_of
from tests.support.record import Files, Meeting
from tests.support.sealed import ABSTAIN, AGAINST, AGREE, VOTES, Case, new_case
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.meeting.certification import next_signers
from voting.meeting.draft import read_draft
from voting.meeting.ledger import encode_ledger
from voting.protocol.note import encode_note, sign_note
from voting.protocol.trustees import decode_trustees

__all__ = ["ABSTAIN", "AGAINST", "AGREE", "closed", "digest_of", "make_result"]

PASSED = VOTES
FAILED = (AGREE, AGREE, AGAINST, AGAINST, AGAINST, ABSTAIN)


def digest_of(files: Files) -> str:
    """What a gate names: SHA-256 of ``result.json``."""
    return sha256_hex(files[RESULT])


@cache
def _closed(text: str, votes: tuple[tuple[tuple[int, ...], ...], ...]) -> Files:
    first = new_case()
    sim = Simulation(
        draft=read_draft(text),
        public_key=decode_trustees(first.trustees, ED25519).public_key.text,
        certificates=sha256_hex(first.trustees),
    )
    sim.sign_in(6)
    case = Case(sim, first.devices, first.trustees)
    meeting = Meeting(case)
    for item, marks in zip(sim.meeting.items, votes, strict=True):
        slot = _open(case, item, marks)
        meeting.seal(slot)
        meeting.count(slot)
        outcome = round_outcome(sim.meeting, sim.round(slot), opened_of(meeting.papers[slot]))
        while waiting := next_signers(sim.meeting, sim.round(slot)):
            body = sim.certify_body(slot, waiting[0].id)
            sim.act("certify", **{**body, "outcome": outcome_digest(outcome)})
    sim.act("close", missing=[1, 2, 3])
    made = make_record(sim.meeting.raw, encode_ledger(sim.lines), meeting.papers, meeting.proofs)
    said = note_text(made)
    keyed = [one.id for one in sim.meeting.officers.values() if one.key is not None]
    return {**made, NOTE: encode_note(said, [sign_note(said, o, seed_of(o)) for o in keyed])}


def _open(case: Case, item: str, marks: tuple[tuple[int, ...], ...]) -> str:
    from tests.support.ballots import scalar, seed
    from voting.protocol.ballot import seal_ballot

    slot = case.open([item], voters=0)
    case.ballots[slot] = [
        seal_ballot(
            case.election(slot),
            case.sim.secret(slot, "A", member),
            [mark],
            seed=seed(member),
            signature_nonce=scalar(5000 + member),
        ).data
        for member, mark in enumerate(marks)
    ]
    return slot


def closed(*votes: tuple[tuple[int, ...], ...], date: str, items: str) -> Files:
    """A closed record of a meeting on a day; ``votes`` of six members for each item."""
    text = draft_text(items=items, quota=0).replace("2026-11-21", date)
    return dict(_closed(text, votes))
