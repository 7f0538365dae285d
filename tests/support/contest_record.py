"""Closed records of meetings that hold contests, round after round, by a forger who has every key.

play = Played(CONTESTED)
slot = play.round("i1", [{"": ["c1", "c2"]}] * 6)      # opened, cast, sealed, counted
play.round("i1", marks, standings={"i1": Standing(…)})
report = verify_record(play.files())
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from tally.following import following
from tally.outcome import make_result, opened_of
from tally.record.contents import readme
from tally.record.layout import LEDGER, MEETING, README, REPORT, RESULT, archive_path, proofs_path
from tests.support.ballots import scalar, seed
from tests.support.meeting import Simulation
from tests.support.record import Meeting, sign
from tests.support.sealed import Case, new_case
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.meeting import binding
from voting.meeting.draft import read_draft
from voting.meeting.ledger import encode_ledger
from voting.meeting.marks import choices_of
from voting.protocol.ballot import seal_ballot, tracker
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.record import Files
    from voting.rules.shapes import Standing

Choices = list[list[int]]


@dataclass
class ContestCase(Case):
    """``standings`` are those of the next opening."""

    standings: dict[str, Standing] = field(default_factory=dict)

    def binding(self, items: list[str]) -> tuple[dict[str, Any], bytes, bytes]:
        sim, said = self.sim, self.standings
        body = sim.open_body(items, standings=said)
        slot = body["slot"]
        active = binding.active_credentials(sim.state, slot, ["A"], {"A": sim.lists["A"][slot]})
        election = binding.round_election(sim.meeting, slot, items, body["round"], said)
        return body, election, active.raw


@cache
def _issued(text: str) -> Case:
    made = new_case()
    sim = Simulation(
        draft=read_draft(text),
        public_key=decode_trustees(made.trustees, ED25519).public_key.text,
        certificates=sha256_hex(made.trustees),
    )
    sim.sign_in(6)
    return Case(sim, made.devices, made.trustees)


@dataclass
class Played:
    """A meeting of a draft (``tests.support.contests``) with six members signed in."""

    text: str
    meeting: Meeting = field(init=False)
    checked: bool = False

    def __post_init__(self) -> None:
        self.meeting = Meeting(ContestCase(**vars(_issued(self.text).copy())))

    @property
    def sim(self) -> Simulation:
        return self.meeting.sim

    def following(self) -> dict[str, Standing]:
        """Who stands next, as the rule says."""
        opened = {slot: opened_of(self.meeting.papers[slot]) for slot in self.meeting.proofs}
        return following(self.sim.meeting, self.sim.state, opened)

    def round(
        self,
        item: str,
        votes: Sequence[Any],
        *,
        standings: dict[str, Standing] | None = None,
    ) -> str:
        """Play a round to the last signature; ``votes`` are marks, or choices as they are."""
        case = self.meeting.case
        said = standings or {}
        case.standings = said
        slot = case.open([item], voters=0)
        case.ballots[slot] = [
            self._ballot(slot, k, self._choices(item, vote, said)) for k, vote in enumerate(votes)
        ]
        if not self.checked:
            self.spoil(slot, self._choices(item, votes[0], said))
        self.meeting.seal(slot)
        self.meeting.count(slot)
        self.certify(slot)
        return slot

    def spoil(self, slot: str, choices: Choices) -> None:
        """Check a ballot that nobody casts, as the meeting has to once."""
        spare = self._ballot(slot, 0, choices, number=9)
        self.sim.act("spoil", slot=slot, tracker=tracker(spare))
        self.checked = True

    def certify(self, slot: str) -> None:
        rule = self.sim.meeting.rules[self.sim.round(slot).rule]
        wanted = [
            officer.id
            for signer in rule.signers
            for officer in self.sim.meeting.with_role(signer.role)[: signer.count]
        ]
        self.meeting.certify(slot, *wanted)

    def files(self) -> Files:
        """Close the meeting and return its record; the report is not typeset."""
        sim, meeting = self.sim, self.meeting
        sim.close()
        opened = {slot: opened_of(meeting.papers[slot]) for slot in meeting.proofs}
        result = make_result(sim.meeting, sim.state, sim.lines, opened)
        files = {
            README: readme(sim.meeting),
            MEETING: sim.meeting.raw,
            LEDGER: encode_ledger(sim.lines),
            RESULT: result,
            REPORT: b"%PDF-1.7",
            **{archive_path(slot): data for slot, data in meeting.papers.items()},
            **{proofs_path(slot): data for slot, data in meeting.proofs.items()},
        }
        return sign(files)

    def _choices(self, item: str, vote: Any, said: dict[str, Standing]) -> Choices:
        if isinstance(vote, list):
            return vote
        return choices_of(self.sim.meeting, [item], {item: vote}, said)

    def _ballot(self, slot: str, member: int, choices: Choices, *, number: int = 0) -> bytes:
        return seal_ballot(
            self.meeting.case.election(slot),
            self.sim.secret(slot, "A", member),
            choices,
            seed=seed(100 * number + member),
            signature_nonce=scalar(7000 + 100 * number + member),
        ).data
