"""One slot of a record: the checks of a bare archive, and what meeting and ledger demand of it.

    V6  stage, time and final digest   V7  election rebuilt     V8  the frozen trustees
    V9  the committed credentials      V10 the box as sealed    V13 the shuffles as signed
    V14 shares of those who shuffled   V15 second proofs

Each check is first that of ``tally.verify.archive``; what a record adds runs when that has passed.
Without a folded ledger (V5 failed) only the bare checks run.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from tally.outcome import Opened, blind_of
from tally.verify.archive import NEEDED, ArchiveVerifier
from tally.verify.findings import Finding, run_check
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError, UnsupportedError, VerificationError
from voting.meeting import binding
from voting.protocol.archive import write_archive
from voting.protocol.checkpoint import ballots_digest
from voting.protocol.result import decode_result, entries_of, totals_of
from voting.protocol.shares import decode_second_proofs, verify_second_proofs
from voting.protocol.trustees import Pedersen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tally.outcome import Totals
    from tally.verify.ballots import Progress
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import Round, State
    from voting.protocol.archive import Archive, Stage

_FOREIGN: Final = frozenset({"ballot-credential", "ballot-duplicate"})


@dataclass(slots=True)
class Box:
    """The archive of one slot, and the file beside it.

    Attributes:
        opened_at: When the round was opened, as the ``open`` act says.
        verifier: What the bare checks established.
        passed: The checks that passed.
    """

    slot: str
    data: bytes = field(repr=False)
    proofs: bytes | None = field(repr=False)
    meeting: Meeting | None
    state: State | None
    opened_at: str | None
    progress: Progress | None = None
    workers: int | None = None
    verifier: ArchiveVerifier = field(init=False)
    passed: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.verifier = ArchiveVerifier(
            self.data, progress=self.progress, workers=self.workers, in_record=True
        )

    @property
    def round(self) -> Round | None:
        """The slot's round, None when the ledger could not be folded or has none."""
        return None if self.state is None else self.state.rounds.get(self.slot)

    @property
    def needed(self) -> tuple[str, ...]:
        """The checks that must pass: of a box that was counted, all."""
        one = self.round
        if one is None or one.final_archive is None:
            return NEEDED["closed"]
        return (*NEEDED["result"], "V15")

    @property
    def archive(self) -> Archive | None:
        """The archive as read, None when V6 failed."""
        return self.verifier.archive

    def opened(self) -> Opened | None:
        """Return what was opened, once every check has passed."""
        opened = self.verifier.opened
        if opened is None or not set(self.needed) <= self.passed:
            return None
        return Opened(totals_of(opened.result), blind_of(self.data), entries_of(opened))

    def stated(self) -> Totals | None:
        """Return the totals that the archive states, right or wrong, where they can be read."""
        read, election, ciphertexts = (
            self.archive,
            self.verifier.election,
            self.verifier.ciphertexts,
        )
        if read is None or read.result is None or election is None or ciphertexts is None:
            return None
        try:
            result = decode_result(read.result, election, ciphertexts)
        except PiaojueError:
            return None  # V16 says so
        return totals_of(result)

    def findings(self) -> Iterator[Finding]:
        """Yield V6 to V16 in order. What is refused by name is a finding too, the last."""
        checks = self.verifier.findings()
        while True:
            try:
                finding = next(checks)
            except StopIteration:
                return
            except UnsupportedError as e:
                yield Finding("V7", e)
                return
            if finding.check == "V16":
                yield self._kept(self._second())
            yield self._kept(self._more(finding))

    def _kept(self, finding: Finding) -> Finding:
        if finding.status == "passed":
            self.passed.add(finding.check)
        return finding

    def _more(self, finding: Finding) -> Finding:
        """Run what a record adds to a check that passed as a bare one."""
        one, meeting, state = self.round, self.meeting, self.state
        if one is None or meeting is None or state is None:
            return finding
        if finding.check == "V10" and _overfull(one) and _is_foreign(finding):
            finding = Finding("V10")  # the very fault for which the rule voided the round
        if finding.status != "passed":
            return finding
        match finding.check:
            case "V6":
                return run_check("V6", lambda: self._file(one))
            case "V7":
                return run_check("V7", lambda: self._election(meeting, one))
            case "V8":
                return run_check("V8", lambda: self._trustees(meeting))
            case "V9":
                return run_check("V9", lambda: self._credentials(state))
            case "V10":
                return run_check("V10", lambda: self._sealed(one))
            case "V13":
                return run_check("V13", lambda: self._shuffled(one))
            case "V14":
                return run_check("V14", self._shared)
        return finding

    def _file(self, one: Round) -> None:
        """V6: as far as the ledger says, opened when it says, and the file that it names."""
        read = self._read()
        wanted: Stage = "closed" if one.final_archive is None else "result"
        if read.stage != wanted:
            raise VerificationError("record-stage", stage=read.stage, wanted=wanted)
        opened = None if self.opened_at is None else datetime.fromisoformat(self.opened_at)
        if opened is None or read.timestamp != int(opened.timestamp()):
            raise VerificationError("record-time", timestamp=read.timestamp)
        if one.final_archive is not None and sha256_hex(self.data) != one.final_archive:
            raise VerificationError("record-archive")

    def _election(self, meeting: Meeting, one: Round) -> None:
        """V7: the election that meeting and ``open`` act give, byte for byte."""
        rebuilt = binding.round_election(meeting, self.slot, one.items, one.number, one.standings)
        if self._read().setup.election != rebuilt:
            raise VerificationError("election-mismatch", slot=self.slot)

    def _trustees(self, meeting: Meeting) -> None:
        """V8: the certificates that were frozen: the same bytes, key, threshold and number."""
        held, frozen = self.verifier.trustees, meeting.trustees
        assert held is not None
        group = held.items[0]
        if (
            sha256_hex(held.raw) != frozen.certificates
            or held.public_key.text != frozen.public_key
            or len(held.items) != 1
            or not isinstance(group, Pedersen)
            or (group.threshold, held.size) != (frozen.threshold, len(frozen.names))
        ):
            raise VerificationError("record-trustees")

    def _credentials(self, state: State) -> None:
        """V9: those committed with the tickets, less leftover and withdrawn ones; no more."""
        setup = self._read().setup
        if setup.certificate is not None:
            raise VerificationError("record-certificate")
        binding.verify_active(state, self.slot, setup.credentials)

    def _sealed(self, one: Round) -> None:
        """V10: the ballots that were sealed, one for each credential, none of them spoiled."""
        read, outcome = self._read(), self.verifier.ballots
        assert outcome is not None
        trackers = [_tracker(record.digest) for record in read.ballots]
        if len(trackers) != one.returned:
            raise VerificationError("returned-mismatch", slot=self.slot)
        if one.spoiled.intersection(trackers):
            raise VerificationError("ballot-spoiled", slot=self.slot)
        if outcome.revotes and not _overfull(one):
            raise VerificationError("credential-twice", slot=self.slot)
        if ballots_digest(trackers) != one.ballots:
            raise VerificationError("ballots-mismatch", slot=self.slot)
        if trackers != sorted(trackers):
            raise VerificationError("record-unsorted")
        if _sealed_digest(read) != one.sealed_archive:
            raise VerificationError("record-sealed")

    def _shuffled(self, one: Round) -> None:
        """V13: the shuffles that the trustees signed, each his own, and their end; how many is the
        fold's (V5)."""
        read = self._read()
        made = tuple((owned.owner, sha256_hex(owned.payload)) for owned in read.shuffles)
        if made != one.shuffles or read.shuffles_ended != bool(made):
            raise VerificationError("record-shuffles", slot=self.slot)

    def _shared(self) -> None:
        """V14: who opens what was shuffled has shuffled."""
        owners = {owned.owner for owned in self._read().shuffles}
        for share in self._read().shares if owners else ():
            if share.owner not in owners:
                raise VerificationError("share-unshuffled", owner=share.owner)

    def _second(self) -> Finding:
        ready = self.verifier.shares is not None and self.verifier.archive is not None
        ready = ready and self._read().result is not None
        return run_check("V15", self._proofs) if ready else Finding("V15", ran=False)

    def _proofs(self) -> None:
        """V15: the file that the ledger names, and for every factor used a proof that binds it."""
        verifier, one = self.verifier, self.round
        election, ciphertexts, shares = verifier.election, verifier.ciphertexts, verifier.shares
        assert election is not None
        assert ciphertexts is not None
        assert shares is not None
        assert verifier.trustees is not None
        if self.proofs is None:
            raise VerificationError("proofs-missing")
        second = decode_second_proofs(self.proofs, election, ciphertexts)
        if list(second.trustees) != sorted(shares):
            owners = sorted(set(second.trustees) ^ set(shares))
            raise VerificationError("proofs-owners", owners=owners)
        for owner, proofs in second.trustees.items():
            key = verifier.trustees.key(owner)
            verify_second_proofs(election, ciphertexts, owner, key, shares[owner], proofs)
        if one is not None and sha256_hex(self.proofs) != one.proofs:
            raise VerificationError("proofs-digest")

    def _read(self) -> Archive:
        assert self.verifier.archive is not None
        return self.verifier.archive


def _overfull(one: Round) -> bool:
    return one.returned is not None and one.returned > one.issued


def _is_foreign(finding: Finding) -> bool:
    return finding.error is not None and finding.error.code in _FOREIGN


def _tracker(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode().rstrip("=")


def _sealed_digest(archive: Archive) -> str:
    """Hash the archive's bytes up to and with EndBallots."""
    sealed = hashlib.sha256()
    for event in islice(write_archive(archive), len(archive.ballots) + 2):
        sealed.update(event)
    return sealed.hexdigest()
