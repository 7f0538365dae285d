"""One pass over all ballots of an archive: form, proofs, and their sum (V10, V11, V12).

Ballots are checked in chunks, in this process or, when they are many, in two spawned workers with
a bounded number of chunks under way; memory does not grow with the box. A worker decodes and
verifies each ballot once and adds up the counted ones, so the encrypted tally costs no second
pass. Which ballots are counted is settled before, from their credentials: the last of each.

Outcomes come back in the order of the archive, so the first fault is the same with any number of
workers.
"""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from tally.verify.workers import end_with_parent
from voting.errors import FormatError, PiaojueError, UnavailableError, VerificationError
from voting.protocol.ballot import decode_ballot, verify_ballot
from voting.protocol.election import decode_election
from voting.protocol.tally import Ciphertexts, TallyBuilder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Future

    from voting.crypto.group import Group
    from voting.protocol.archive import Archive
    from voting.protocol.election import Election

    Progress = Callable[[int, int], None]
    Task = tuple[int, bytes, int]

CHUNK: Final = 8
CHUNK_BYTES: Final = 1 << 18
"""A chunk has at most so many ballots and ends with the one that fills it: an assessment's weigh
half a megabyte each, and a box of a dozen has to be shared out too."""
MANY_BYTES: Final = 1 << 20
"""Of an archive; below, some two seconds of work, starting workers costs what they save."""
_FORM_CODES: Final = frozenset({"ballot-uuid", "ballot-election"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A ballot's error in a form that crosses processes. ``index`` counts from 0."""

    index: int
    kind: type[PiaojueError]
    code: str
    params: dict[str, object]

    @classmethod
    def of(cls, index: int, error: PiaojueError) -> Fault:
        return cls(index, type(error), error.code, dict(error.params))

    @property
    def error(self) -> PiaojueError:
        if issubclass(self.kind, FormatError):
            return FormatError(str(self.params["place"]), str(self.params["what"]))
        return self.kind(self.code, **self.params)

    @property
    def place(self) -> str:
        return f"ballots[{self.index}]"


@dataclass(slots=True)
class BallotsOutcome:
    """The first faults, the sum of the counted ballots, and how many a later one replaced."""

    form: Fault | None = None
    proofs: Fault | None = None
    tally: Ciphertexts | None = None
    num_tallied: int = 0
    total_weight: int = 0
    revotes: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    size: int
    form: Fault | None
    proofs: Fault | None
    tally: Ciphertexts
    num_tallied: int
    total_weight: int


@dataclass(slots=True)
class _Plan:
    """Which ballots count, by index, with their weights; and what is wrong before decoding."""

    weights: dict[int, int] = field(default_factory=dict)
    fault: Fault | None = None
    revotes: int = 0


def check_ballots(
    archive: Archive,
    election: Election,
    weights: Mapping[str, int] | None,
    *,
    workers: int,
    progress: Progress | None = None,
) -> BallotsOutcome:
    """Check every ballot.

    Args:
        weights: by credential's text; None when the list itself could not be read, and then
            nothing is counted.
        workers: processes; 1 means this one.
        progress: is told how many ballots of how many are done.
    """
    plan = _plan(archive, weights)
    total, done = len(archive.ballots), 0
    outcome = BallotsOutcome(form=plan.fault, revotes=plan.revotes)
    builder = TallyBuilder(election)
    chunks = _chunks(archive, plan)
    for part in _outcomes(chunks, election, workers):
        outcome.form = _first(outcome.form, part.form)
        outcome.proofs = outcome.proofs or part.proofs
        builder.merge(part.tally, part.num_tallied, part.total_weight)
        done += part.size
        if progress is not None:
            progress(done, total)
    if weights is not None and outcome.form is None:
        outcome.tally = builder.ciphertexts()
        outcome.num_tallied, outcome.total_weight = builder.num_tallied, builder.total_weight
    return outcome


def _plan(archive: Archive, weights: Mapping[str, int] | None) -> _Plan:
    plan = _Plan()
    seen: set[str] = set()
    last: dict[str, int] = {}
    for i, (record, data) in enumerate(zip(archive.ballots, archive.ballot_bytes(), strict=True)):
        if record.digest in seen:
            plan.fault = plan.fault or Fault.of(i, VerificationError("ballot-duplicate"))
        seen.add(record.digest)
        credential = _credential(data)
        if weights is None or credential is None:
            continue
        if credential not in weights:
            plan.fault = plan.fault or Fault.of(i, VerificationError("ballot-credential"))
            continue
        if credential in last:
            plan.revotes += 1
            del plan.weights[last[credential]]
        last[credential] = i
        plan.weights[i] = weights[credential]
    return plan


def _credential(data: bytes) -> str | None:
    """Peek at a ballot's credential; whether the ballot is well formed is settled later."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    credential = value.get("credential") if isinstance(value, dict) else None
    return credential if isinstance(credential, str) else None


def _first(a: Fault | None, b: Fault | None) -> Fault | None:
    if a is None or b is None:
        return a or b
    return min(a, b, key=lambda fault: fault.index)


def _chunks(archive: Archive, plan: _Plan) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for i in range(len(archive.ballots)):
        data = archive.ballot(i)
        chunk.append((i, data, plan.weights.get(i, 0)))
        size += len(data)
        if len(chunk) == CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _outcomes(chunks: Iterable[list[Task]], election: Election, workers: int) -> Iterator[_Outcome]:
    """Check chunks, here or in workers; outcomes come in the chunks' order.

    Raises UnavailableError ``verifier-worker`` when a worker was killed.
    """
    if workers <= 1:
        yield from (_check_chunk(election, chunk) for chunk in chunks)
        return
    with ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=_start_worker,
        initargs=(election.raw, election.group),
    ) as pool:
        under_way: deque[Future[_Outcome]] = deque()
        try:
            for chunk in chunks:
                under_way.append(pool.submit(_work, chunk))
                if len(under_way) > 2 * workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        except BrokenExecutor as e:
            raise UnavailableError("verifier-worker") from e


def _check_chunk(election: Election, chunk: list[Task]) -> _Outcome:
    form: Fault | None = None
    proofs: Fault | None = None
    builder = TallyBuilder(election)
    for index, data, weight in chunk:
        try:
            ballot = decode_ballot(data, election)
        except PiaojueError as e:
            form = form or Fault.of(index, e)
            continue
        try:
            verify_ballot(election, ballot)
        except VerificationError as e:
            if e.code in _FORM_CODES:
                form = form or Fault.of(index, e)
                continue
            proofs = proofs or Fault.of(index, e)
        if weight:
            try:
                builder.add(ballot.answers, weight)
            except VerificationError as e:
                form = form or Fault.of(index, e)
    return _Outcome(
        len(chunk), form, proofs, builder.ciphertexts(), builder.num_tallied, builder.total_weight
    )


_worker_election: Election | None = None


def _start_worker(raw: bytes, group: Group) -> None:
    global _worker_election
    end_with_parent()
    _worker_election = decode_election(raw, groups={group.name: group})


def _work(chunk: list[Task]) -> _Outcome:
    assert _worker_election is not None
    return _check_chunk(_worker_election, chunk)
