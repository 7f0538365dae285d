"""What an officer's device keeps: its signing seed, and what it has seen of the ledger.

A device that is started again must notice a server that shows another meeting or ledger than
before; so both lie in one box under the passphrase, like a trustee's (``tally.memory``), and are
stored before anything is signed that follows from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tally.memory import NO_HEAD
from voting.errors import VerificationError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voting.meeting.ledger import Line


@dataclass(frozen=True, slots=True)
class Seen:
    """The meeting and how much of its ledger an officer's device has followed.

    Attributes:
        meeting: Fingerprint of the frozen meeting, None before there was one.
        height, head: How many lines there were, and the digest of the last.
    """

    meeting: str | None = None
    height: int = 0
    head: str = NO_HEAD

    def require(self, fingerprint: str, lines: Sequence[Line]) -> Seen:
        """Demand that this meeting and ledger go on from what was seen; return what is seen now.

        Raises VerificationError: ``other-meeting``, ``ledger-rewritten``.
        """
        if self.meeting not in (None, fingerprint):
            raise VerificationError("other-meeting")
        if self.height and (len(lines) < self.height or lines[self.height - 1].digest != self.head):
            raise VerificationError("ledger-rewritten", height=self.height)
        if not lines:
            return replace(self, meeting=fingerprint)
        return Seen(fingerprint, len(lines), lines[-1].digest)


@dataclass(frozen=True, slots=True)
class OfficerKeys:
    """``seed`` is 32 bytes; None for an officer who signs by pen."""

    seed: bytes | None = field(repr=False)
    seen: Seen = Seen()

    def encode(self) -> str:
        """Write what the key file holds. Secret."""
        seen = self.seen
        value = {
            "officer": 1,
            "seed": None if self.seed is None else self.seed.hex(),
            "meeting": seen.meeting,
            "height": seen.height,
            "head": seen.head,
        }
        return codec.encode(value).decode()

    @classmethod
    def decode(cls, text: str) -> OfficerKeys:
        """Read it again. Raises FormatError, also for a trustee's file."""
        place = "keys"
        value = codec.decode_exact(text.encode(), place)
        version, seed, meeting, height, head = codec.fields(
            value, place, "officer", "seed", "meeting", "height", "head"
        )
        codec.integer(version, f"{place}.officer", low=1, high=1)
        return cls(
            None if seed is None else bytes.fromhex(codec.hex64(seed, f"{place}.seed")),
            Seen(
                None if meeting is None else codec.hex64(meeting, f"{place}.meeting"),
                codec.integer(height, f"{place}.height"),
                codec.hex64(head, f"{place}.head"),
            ),
        )
