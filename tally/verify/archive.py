"""The numbered checks of a bare ``.bel`` archive at any stage (docs/spec/verification.md).

    V6 archive · V7 election · V8 trustees · V9 credentials · V10, V11 ballots
    V12 encrypted tally · V13 shuffles · V14 partial decryptions · V16 result

Everything is recomputed from the archive's bytes: no network, no clock, no randomness. A failed
check does not hide the next one, where what that needs is there. An archive by itself does not
say who was entitled, who cast, or that no factor was forged for a plaintext; a record does.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tally.verify.ballots import MANY_BYTES, BallotsOutcome, check_ballots
from tally.verify.findings import CheckError, Finding, at, require_valid, run_check
from voting.crypto.group import GROUPS
from voting.errors import FaultyTrusteeError, ProofError, VerificationError
from voting.protocol.archive import read_archive
from voting.protocol.credential import decode_credentials
from voting.protocol.election import decode_election
from voting.protocol.result import (
    decode_result,
    open_elements,
    require_faithful,
    verify_result,
)
from voting.protocol.shares import decode_partial_decryption, verify_partial_decryption
from voting.protocol.shuffles import after_shuffle, decode_shuffle, verify_shuffle
from voting.protocol.tally import encode_tally, plaintext_questions
from voting.protocol.trustees import decode_trustees, verify_trustees

if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable, Iterator, Mapping

    from tally.verify.ballots import Progress
    from voting.crypto.group import Group
    from voting.protocol.archive import Archive, Owned, Stage
    from voting.protocol.credential import PublicCredential
    from voting.protocol.election import Election
    from voting.protocol.result import Opened
    from voting.protocol.shares import PartialDecryption
    from voting.protocol.tally import Ciphertexts
    from voting.protocol.trustees import Trustees

_ALWAYS: Final = ("V6", "V7", "V8", "V9", "V10", "V11")
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "open": _ALWAYS,
    "closed": _ALWAYS,
    "tallied": (*_ALWAYS, "V12", "V13"),
    "decrypting": (*_ALWAYS, "V12", "V13", "V14"),
    "result": (*_ALWAYS, "V12", "V13", "V14", "V16"),
}
"""The checks that an archive of each stage must pass."""


_REMEMBERED: Final = 8
_known: Final[dict[tuple[bytes, Group], BallotsOutcome]] = {}
"""What this process found in the ballots of the very same bytes: an officer's device that verified
a box when it was certified goes over its ballots no second time for the record."""

_OWNED: Final = {
    "shuffle": ("shuffles", "shuffle-owner", "shuffle-twice"),
    "share": ("partial_decryptions", "share-owner", "share-twice"),
}
"""For what trustees own in an archive: its place, and the codes of what can be wrong with it."""


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """What the checks of one archive found. It is a verdict only through ``require_valid``.

    Attributes:
        stage: How far the election got; None when the archive could not be read.
        ballots: How many the archive holds, those replaced by a later one included.
        fingerprint: phi of the election, None when it could not be read.
    """

    stage: Stage | None
    ballots: int
    findings: tuple[Finding, ...]
    fingerprint: str | None = None

    def require_valid(self) -> None:
        """Return if the archive is valid for its stage; otherwise raise VerificationError."""
        require_valid(self.findings, _ALWAYS if self.stage is None else NEEDED[self.stage])


def verify_archive(
    data: bytes | mmap.mmap,
    *,
    groups: Mapping[str, Group] = GROUPS,
    progress: Progress | None = None,
    workers: int | None = None,
) -> ArchiveReport:
    """Run every check of a bare archive.

    Args:
        progress: is told how many ballots of how many are done.
        workers: processes for the ballots; by default two when there are many.

    Raises:
        UnsupportedError: A question of a kind, or a group, that is refused by name.
    """
    verifier = ArchiveVerifier(data, groups=groups, progress=progress, workers=workers)
    findings = tuple(verifier.findings())
    archive, election = verifier.archive, verifier.election
    return ArchiveReport(
        stage=archive.stage if archive else None,
        ballots=len(archive.ballots) if archive else 0,
        findings=findings,
        fingerprint=election.fingerprint if election else None,
    )


@dataclass(slots=True)
class ArchiveVerifier:
    """Runs the checks one by one; each leaves what it established for the later ones.

    Attributes:
        in_record: The archive lies in a record, whose second proofs (V15) show that factors are
            right: unfaithful plaintexts are then left to the count, in ``opened``.
        archive, election, …: None until the check that establishes them passed. ``ciphertexts`` is
            what the shares decrypt: the tally after the last shuffle.
    """

    data: bytes | mmap.mmap = field(repr=False)
    groups: Mapping[str, Group] = field(default_factory=lambda: GROUPS)
    progress: Progress | None = None
    workers: int | None = None
    in_record: bool = False
    archive: Archive | None = field(default=None, init=False)
    election: Election | None = field(default=None, init=False)
    trustees: Trustees | None = field(default=None, init=False)
    credentials: tuple[PublicCredential, ...] | None = field(default=None, init=False)
    ballots: BallotsOutcome | None = field(default=None, init=False)
    tally: Ciphertexts | None = field(default=None, init=False)
    ciphertexts: Ciphertexts | None = field(default=None, init=False)
    shares: dict[int, PartialDecryption] | None = field(default=None, init=False)
    opened: Opened | None = field(default=None, init=False)

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for each check, in order, as soon as it is there."""
        checks: tuple[tuple[str, Callable[[], bool], Callable[[], None]], ...] = (
            ("V6", lambda: True, self._archive),
            ("V7", lambda: self.archive is not None, self._election),
            ("V8", lambda: self.election is not None, self._trustees),
            ("V9", lambda: self.election is not None, self._credentials),
            ("V10", lambda: self.credentials is not None, self._ballots),
            ("V11", lambda: self.election is not None, self._proofs),
            ("V12", lambda: self._has("EncryptedTally") and self._summed(), self._tally),
            ("V13", lambda: self.tally is not None, self._shuffles),
            ("V14", self._can_check_shares, self._shares),
            ("V16", lambda: self._has("Result") and self.shares is not None, self._result),
        )
        for check, ready, body in checks:
            yield run_check(check, body) if ready() else Finding(check, ran=False)

    def _archive(self) -> None:
        self.archive = read_archive(self.data)

    def _election(self) -> None:
        self.election = decode_election(self._read().setup.election, groups=self.groups)

    def _trustees(self) -> None:
        election = self._asked()
        trustees = decode_trustees(self._read().setup.trustees, election.group)
        verify_trustees(trustees, election.public_key)
        self.trustees = trustees

    def _credentials(self) -> None:
        group = self._asked().group
        self.credentials = decode_credentials(self._read().setup.credentials, group)

    def _ballots(self) -> None:
        form = self._passed_over().form
        if form is not None:
            raise CheckError(form.place, form.error)

    def _proofs(self) -> None:
        proofs = self._passed_over().proofs
        if proofs is not None:
            raise CheckError(proofs.place, proofs.error)

    def _tally(self) -> None:
        stored, outcome = self._read().tally, self._passed_over()
        assert stored is not None
        assert outcome.tally is not None
        if encode_tally(outcome.tally) != stored.encrypted_tally:
            raise VerificationError("tally-wrong")
        self.tally = outcome.tally
        if stored.num_tallied != outcome.num_tallied:
            raise VerificationError(
                "tally-number", stated=stored.num_tallied, counted=outcome.num_tallied
            )
        if stored.total_weight != outcome.total_weight:
            raise VerificationError(
                "tally-weight", stated=stored.total_weight, counted=outcome.total_weight
            )

    def _shuffles(self) -> None:
        archive, election, ciphertexts = self._read(), self._asked(), self.tally
        assert ciphertexts is not None
        if not plaintext_questions(election):
            if archive.shuffles or archive.shuffles_ended:
                raise VerificationError("shuffle-unwanted")
        elif not archive.shuffles and (archive.shares or archive.result is not None):
            raise VerificationError("shuffle-missing")
        self._require_owners(archive.shuffles, "shuffle")
        for i, owned in enumerate(archive.shuffles):
            with at(f"shuffles[{i}]"):
                shuffle = decode_shuffle(owned.payload, election, ciphertexts)
                try:
                    verify_shuffle(election, ciphertexts, shuffle)
                except ProofError as e:
                    raise FaultyTrusteeError(owned.owner, place="shuffle") from e
                ciphertexts = after_shuffle(election, ciphertexts, shuffle)
        self.ciphertexts = ciphertexts

    def _can_check_shares(self) -> bool:
        begun = self._has("PartialDecryption") or self._has("Result")
        return begun and self.ciphertexts is not None and self.trustees is not None

    def _shares(self) -> None:
        archive, election, trustees = self._read(), self._asked(), self.trustees
        assert trustees is not None
        assert self.ciphertexts is not None
        self._require_owners(archive.shares, "share")
        shares: dict[int, PartialDecryption] = {}
        for i, owned in enumerate(archive.shares):
            with at(f"partial_decryptions[{i}]"):
                share = decode_partial_decryption(owned.payload, election, self.ciphertexts)
                key = trustees.key(owned.owner)
                verify_partial_decryption(election, self.ciphertexts, owned.owner, key, share)
            shares[owned.owner] = share
        if archive.result is not None and (missing := trustees.missing(shares)):
            raise VerificationError("share-missing", missing=missing)
        self.shares = shares

    def _result(self) -> None:
        archive, election, trustees = self._read(), self._asked(), self.trustees
        assert trustees is not None
        assert self.ciphertexts is not None
        assert self.shares is not None
        assert archive.result is not None
        result = decode_result(archive.result, election, self.ciphertexts)
        elements = open_elements(trustees, self.ciphertexts, self.shares)
        opened = verify_result(election, elements, self._passed_over().total_weight, result)
        if not self.in_record:
            require_faithful(opened)
        self.opened = opened

    def _require_owners(self, listed: list[Owned], what: str) -> None:
        """Demand owners that exist, none twice. Without trustees (V8) only the latter."""
        seen: set[int] = set()
        for i, owned in enumerate(listed):
            place, unknown, twice = _OWNED[what]
            if self.trustees is not None and owned.owner > self.trustees.size:
                raise CheckError(f"{place}[{i}]", VerificationError(unknown, owner=owned.owner))
            if owned.owner in seen:
                raise CheckError(f"{place}[{i}]", VerificationError(twice, owner=owned.owner))
            seen.add(owned.owner)

    def _passed_over(self) -> BallotsOutcome:
        """Return what the one pass over the ballots found; it is made when first asked for."""
        if self.ballots is None:
            known = (hashlib.sha256(self.data).digest(), self._asked().group)
            self.ballots = _known.get(known) or self._pass_over()
            _known[known] = self.ballots
            while len(_known) > _REMEMBERED:
                del _known[next(iter(_known))]
        return self.ballots

    def _pass_over(self) -> BallotsOutcome:
        archive, workers = self._read(), self.workers
        if workers is None:
            many = len(self.data) >= MANY_BYTES and (os.cpu_count() or 1) > 1
            workers = 2 if many else 1
        weights = None
        if self.credentials is not None:
            weights = {c.element.text: c.votes for c in self.credentials}
        return check_ballots(
            archive, self._asked(), weights, workers=workers, progress=self.progress
        )

    def _summed(self) -> bool:
        return self.ballots is not None and self.ballots.tally is not None

    def _has(self, event: str) -> bool:
        if self.archive is None:
            return False
        return {
            "EncryptedTally": self.archive.tally is not None,
            "PartialDecryption": bool(self.archive.shares),
            "Result": self.archive.result is not None,
        }[event]

    def _read(self) -> Archive:
        assert self.archive is not None
        return self.archive

    def _asked(self) -> Election:
        assert self.election is not None
        return self.election
