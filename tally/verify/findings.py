"""Findings: what one numbered check said (docs/spec/verification.md).

A finding is data and decides nothing. The verdict is ``require_valid``, which raises: it demands
that every check which must have run did run and passed, so that an empty list of findings, or one
that lost a check on the way, is not a yes.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from voting.errors import (
    PiaojueError,
    UnavailableError,
    UnsupportedError,
    VerificationError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

Status = Literal["passed", "failed", "not-run"]

CHECKS: Final = tuple(f"V{number}" for number in range(1, 22))


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        check: Its number, ``"V1"`` to ``"V21"``.
        error: Why it failed; ``voting.words.explain`` has the sentence.
        place: What it is about, as ``ballots[3]``; empty when there is nothing to add.
        ran: False when what it needs was not there.
    """

    check: str
    error: PiaojueError | None = None
    place: str = ""
    ran: bool = True

    @property
    def title_id(self) -> str:
        """The id of the check's name in the catalogue."""
        return f"check.{self.check}"

    @property
    def status(self) -> Status:
        if not self.ran:
            return "not-run"
        return "passed" if self.error is None else "failed"


class CheckError(Exception):
    """Carries an error and its place from a check to its finding."""

    def __init__(self, place: str, error: PiaojueError) -> None:
        super().__init__(place)
        self.place = place
        self.error = error


@contextmanager
def at(place: str) -> Iterator[None]:
    """Give what is found inside this place; what ``run_check`` does not catch passes as it is."""
    try:
        yield
    except (UnsupportedError, UnavailableError):
        raise
    except PiaojueError as e:
        raise CheckError(place, e) from e


def run_check(check: str, body: Callable[[], None]) -> Finding:
    """Run one check and return its finding.

    Errors raised on purpose, and what ``CheckError`` carries, are findings. Not caught are a fault
    of the program, an UnsupportedError, because what is refused by name has no verdict, and an
    UnavailableError, because then the check was not made.
    """
    try:
        body()
    except CheckError as e:
        return Finding(check, e.error, e.place)
    except (UnsupportedError, UnavailableError):
        raise
    except PiaojueError as e:
        return Finding(check, e, str(e.params.get("place", "")))
    return Finding(check)


def require_valid(findings: Iterable[Finding], needed: Collection[str]) -> None:
    """Return if every needed check passed and no other failed.

    Raises:
        VerificationError: ``not-valid``, with ``checks``: the numbers that failed, or when none
            did, those that are missing. Its cause is the first failed check's error.
    """
    listed = list(findings)
    passed = {f.check for f in listed if f.status == "passed"}
    failed = [f.check for f in listed if f.status == "failed"]
    missing = [check for check in needed if check not in passed]
    if failed or missing:
        cause = next((f.error for f in listed if f.error is not None), None)
        raise VerificationError("not-valid", checks=failed or missing) from cause
