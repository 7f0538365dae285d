"""A real closed record, made once per process and quickly, and everything to forge it with.

    slot 0  i1  counted and certified
    slot 1  i2  sealed, then void
    slot 2  i2  counted and certified, one ballot spoiled
    slot 3  i3  one member recused and withdrawn, sealed under the floor

Every key is the test's own, so a forger here is every officer, every trustee and the server at
once: what he still cannot do is what the verifier is for.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tally.count import combine, complete_archive
from tally.outcome import make_result, opened_of, outcome_digest, round_outcome
from tally.record.contents import make_record
from tally.record.layout import LEDGER, NOTE, RESULT, archive_path, note_text
from tally.release import Factors
from tests.support.meeting import Simulation, seed_of
from tests.support.sealed import Case, new_case
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError
from voting.meeting.fold import fold
from voting.meeting.ledger import Line, decode_ledger, encode_ledger, propose
from voting.protocol.archive import ArchiveWriter, read_archive
from voting.protocol.ballot import decode_ballot, tracker
from voting.protocol.checkpoint import ballots_digest
from voting.protocol.election import decode_election
from voting.protocol.note import encode_note, sign_note
from voting.protocol.shares import (
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_partial_decryption,
    make_second_proofs,
)
from voting.protocol.tally import TallyBuilder
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tally.count import Count

COUNTED, VOIDED, AGAIN, UNDER_FLOOR = 0, 1, 2, 3
"""What each slot, by its number, comes to."""

Files = dict[str, bytes]
Change = tuple[str, dict[str, Any]]


@dataclass
class Meeting:
    """The meeting, and by slot the boxes that were put together so far."""

    case: Case
    papers: dict[str, bytes] = field(default_factory=dict)
    proofs: dict[str, bytes] = field(default_factory=dict)

    @property
    def sim(self) -> Simulation:
        return self.case.sim

    def opened_at(self, slot: str) -> int:
        return _opened_at(self.sim.lines, slot)

    def box(self, slot: str, **changes: Any) -> bytes:
        """The sealed archive as a server writes it; ``changes`` replace one of its parts."""
        writer = ArchiveWriter(changes.get("timestamp", self.opened_at(slot)))
        case = self.case
        ballots = changes.get("ballots", sorted(case.ballots[slot], key=tracker))
        setup = writer.setup(
            changes.get("election", case.elections[slot]),
            changes.get("trustees", case.trustees),
            changes.get("credentials", case.credentials[slot]),
            certificate=changes.get("certificate"),
        )
        return b"".join([setup, *(writer.ballot(b) for b in ballots), writer.end_ballots()])

    def seal(self, slot: str) -> None:
        self.papers[slot] = self.box(slot)
        self.sim.act("seal", **self.seal_body(slot))

    def seal_body(self, slot: str) -> dict[str, Any]:
        ballots = self.case.ballots[slot]
        return {
            "slot": slot,
            "heads": len(ballots),
            "returned": len(ballots),
            "ballots": ballots_digest(tracker(one) for one in ballots),
            "archive": sha256_hex(self.papers[slot]),
            "override": False,
        }

    def count(self, slot: str) -> None:
        self.sim.act("no-objection", slot=slot)
        self.papers[slot], self.proofs[slot] = self.opened(self.papers[slot])
        body = {
            "slot": slot,
            "checkpoint": self.sim.note(slot),
            "archive": sha256_hex(self.papers[slot]),
            "proofs": sha256_hex(self.proofs[slot]),
        }
        self.sim.act("count", **body)

    def opened(self, sealed: bytes) -> tuple[bytes, bytes]:
        """Decrypt a sealed archive with two shares: the final archive and the second proofs."""
        counted = self.counted(sealed)
        return complete_archive(sealed, read_archive(sealed), counted), counted.proofs

    def counted(self, sealed: bytes) -> Count:
        read = read_archive(sealed)
        election = decode_election(read.setup.election)
        builder = TallyBuilder(election)
        for ballot in read.ballot_bytes():
            builder.add(decode_ballot(ballot, election).answers)
        tally = builder.ciphertexts()

        def draw() -> int:
            return secrets.randbelow(ED25519.order)

        answers = []
        for index in (1, 2):
            share = self.case.devices[index - 1].secrets.share
            partial = make_partial_decryption(election, tally, share, draw)
            second = {index: make_second_proofs(election, tally, share, draw)}
            proofs = encode_second_proofs(SecondProofs(election.uuid, second))
            answers.append(Factors(index, encode_partial_decryption(partial), proofs))
        trustees = decode_trustees(self.case.trustees, ED25519)
        return combine(election, trustees, tally, answers, number=len(read.ballots))

    def certify(self, slot: str, *officers: str) -> None:
        one = self.sim.round(slot)
        outcome = round_outcome(self.sim.meeting, one, opened_of(self.papers[slot]))
        for officer in officers or ("teller", "scrutineer-1", "scrutineer-2", "chair"):
            body = self.sim.certify_body(slot, officer)
            self.sim.act("certify", **{**body, "outcome": outcome_digest(outcome)})


@cache
def _closed() -> tuple[Meeting, Files]:
    meeting = Meeting(new_case())
    case, sim = meeting.case, meeting.case.sim
    first = case.open(["i1"])
    meeting.seal(first)
    meeting.count(first)
    meeting.certify(first)
    void = case.open(["i2"])
    meeting.seal(void)
    sim.act("void", slot=void, reason="两名成员走错了座位", pen=None)
    again = case.open(["i2"])
    sim.act("spoil", slot=again, tracker=tracker(case.ballot(again, 0, number=9)))
    sim.act("recuse", **sim.recusal("i3", 5))
    meeting.seal(again)
    meeting.count(again)
    meeting.certify(again)
    sim.withdraw(sim.slot, 5)
    meeting.seal(case.open(["i3"], voters=4))
    sim.act("destroy", trustee=1)
    sim.act("destroy", trustee=2)
    sim.act("close", missing=[3])
    made = make_record(sim.meeting.raw, encode_ledger(sim.lines), meeting.papers, meeting.proofs)
    return meeting, sign(made)


def closed_record() -> Files:
    """The files of the record, signed; a copy."""
    return dict(_closed()[1])


def closed_meeting() -> Meeting:
    """Whose record it is. Do not change it."""
    return _closed()[0]


def slot_of(number: int) -> str:
    return closed_meeting().sim.meeting.slots[number]


def bel(number: int) -> str:
    return archive_path(slot_of(number))


# --- a forger who holds every key ----------------------------------------------------------------


def sign(files: Mapping[str, bytes], *, without: str = "") -> Files:
    """Sign the note anew over whatever the files are now."""
    text = note_text({path: data for path, data in files.items() if path != NOTE})
    keyed = [one.id for one in closed_officers() if one.key is not None and one.id != without]
    return {**files, NOTE: encode_note(text, [sign_note(text, one, seed_of(one)) for one in keyed])}


@cache
def closed_officers() -> tuple[Any, ...]:
    return tuple(new_case().sim.meeting.officers.values())


def changed(path: str, data: bytes) -> Files:
    """The record with another content of one file, and the note made to fit."""
    return sign({**closed_record(), path: data})


def rewritten(
    change: Callable[[str, dict[str, Any]], Change | None], *, back: str = "", **files: bytes
) -> Files:
    """The record with a changed ledger, chained and signed anew by everybody.

    Args:
        change: Given kind and body of every act, returns what it becomes, or None to drop it.
        back: The kind of act that is dated a day back.
        files: Other files by path; ``result.json`` is written anew when the fold allows it.
    """
    lines: list[Line] = []
    sim = closed_meeting().sim
    head = "0" * 64
    for line in decode_ledger(closed_record()[LEDGER]):
        kept = change(line.act.kind, dict(line.act.body))
        if kept is None:
            continue
        at = None if line.act.at is None else datetime.fromisoformat(line.act.at)
        if at is not None and kept[0] == back:
            at -= timedelta(days=1)
        lines.append(sim.sign(propose(*kept, height=len(lines), parent=head, at=at)))
        head = lines[-1].digest
    return with_result({**closed_record(), **files, LEDGER: encode_ledger(lines)})


def with_result(files: Files) -> Files:
    """Write ``result.json`` as the record's own files give it, if they give one; sign the note."""
    meeting, lines = closed_meeting().sim.meeting, decode_ledger(files[LEDGER])
    with suppress(PiaojueError):  # a ledger that does not fold has no result; the old one stays
        state = fold(meeting, lines)
        totals = {
            slot: opened_of(files[archive_path(slot)])
            for slot, one in state.rounds.items()
            if one.final_archive is not None
        }
        files = {**files, RESULT: make_result(meeting, state, lines, totals)}
    return sign(files)


def edit(kind: str, number: int | None = None, **values: Any) -> Callable[..., Change]:
    """A change of one kind of act, in one slot or in all: some fields of its body."""

    def change(found: str, body: dict[str, Any]) -> Change:
        if found == kind and (number is None or body.get("slot") == slot_of(number)):
            body = {**body, **values}
        return found, body

    return change


def drop(kind: str, nth: int = 0) -> Callable[..., Change | None]:
    """A change that leaves out the nth act of a kind."""
    seen = -1

    def change(found: str, body: dict[str, Any]) -> Change | None:
        nonlocal seen
        seen += found == kind
        return None if found == kind and seen == nth else (found, body)

    return change


def _opened_at(lines: list[Line], slot: str) -> int:
    for line in lines:
        if line.act.kind == "open" and line.act.body["slot"] == slot:
            assert line.act.at is not None
            return int(datetime.fromisoformat(line.act.at).timestamp())
    raise LookupError(slot)
