"""Ballots' proofs are verified here, in worker processes, so that the event loop never waits.

Verifying one ballot of ten questions takes tens of milliseconds of arithmetic; in the server's
own process nobody else would be answered meanwhile. Workers are spawned, not forked: they share
no memory, socket or key with the server. A worker keeps the last few elections that it decoded.
"""

from __future__ import annotations

import asyncio
import functools
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from tally.verify.workers import end_with_parent
from voting.errors import UnavailableError
from voting.protocol.ballot import decode_ballot, verify_ballot
from voting.protocol.election import Election, decode_election

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

WORKERS: Final = 2


class BallotPool:
    """Worker processes that decode and verify ballots. Use ``close`` at the end."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._workers = workers
        self._context = multiprocessing.get_context("spawn")
        self._until, self._open = self._context.Pipe(duplex=False)
        self._executor = self._start()

    async def warm(self) -> None:
        """Start every worker now, so that the first voter does not wait for Python."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(
            *(loop.run_in_executor(self._executor, _ready) for _ in range(self._workers))
        )

    async def verify(self, election: bytes, ballot: bytes) -> tuple[str, str]:
        """Verify one ballot; return its credential's text and its tracker.

        Raises:
            FormatError: Not the bytes of a ballot of this election.
            VerificationError: A proof, the signature, the election's hash or uuid.
            UnavailableError: A worker died; it is replaced, and the same bytes may be sent again.
        """
        return await self.run(_verify, election, ballot)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a pure function of a module in a worker; it raises what the function raises.

        Raises:
            UnavailableError: A worker died; it is replaced, unless the pool was closed.
        """
        loop = asyncio.get_running_loop()
        executor = self._executor
        try:
            return await loop.run_in_executor(executor, functools.partial(work, *args, **kwargs))
        except BrokenProcessPool as e:
            if self._executor is executor and not self._open.closed:
                executor.shutdown(wait=False, cancel_futures=True)
                self._executor = self._start()
            raise UnavailableError("worker-died") from e

    def close(self) -> None:
        """End the workers, and what they do: nobody waits any more for an answer."""
        self._open.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._until.close()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=self._context,
            initializer=end_with_parent,
            initargs=(self._until,),
        )


def _ready() -> None:
    """Importing this module is what takes the time."""


@functools.lru_cache(maxsize=8)
def _election(raw: bytes) -> Election:
    return decode_election(raw)


def _verify(election_raw: bytes, ballot_raw: bytes) -> tuple[str, str]:
    """Run in a worker, and raise there what ``BallotPool.verify`` raises."""
    election = _election(election_raw)
    ballot = decode_ballot(ballot_raw, election)
    verify_ballot(election, ballot)
    return ballot.credential.text, ballot.tracker
