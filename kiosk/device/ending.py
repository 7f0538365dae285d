"""The end on a trustee's device: ask, sign, erase the share, and say so in the ledger.

The question may wait. While somebody thinks about it the device goes on working, because a round
may still be prepared; the question is taken back as soon as a round is under way. Nobody is asked
while a contest has a next round: that is held, or given up by a release, first.

The act is formed and signed *before* the share is erased, and sent after it: a server that shows a
ledger which does not hold is noticed while the share is still there, and the ledger never says
what is not so. What goes wrong after the erasure is said, and the person is asked whether to try
again; the act that was signed is kept and shown, so that somebody can hand it over.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tally.following import asked_of, awaited, following
from tally.outcome import opened_of
from tally.release import sign_destroy
from tally.trustee import open_meeting
from voting.crypto.hashing import sha256_hex
from voting.errors import ConflictError, RefusedError, UnavailableError, VerificationError
from voting.meeting import binding

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.device.client import Client
    from kiosk.device.followed import Followed
    from kiosk.device.keyfile import KeyFile
    from kiosk.device.talk import Talk
    from tally.memory import TrusteeMemory, TrusteeSecrets
    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.state import State
    from voting.rules.shapes import Standing

    Wish = tuple[str, tuple[str, ...], tuple[str, ...]]

PAUSE: Final = 0.3

TRIES: Final = 20
"""How often to look again before the person is told that the ledger keeps moving, or is broken."""

_LONG: Final = 500
"""The same while somebody's proposal waits (two minutes), or the server is starting again."""

_WAITS: Final = frozenset({"proposal-pending", "server-silent", "try-later"})


@dataclass(frozen=True, slots=True)
class Said:
    """The signed act, as it goes to the server. Nothing in it is secret."""

    memory: TrusteeMemory = field(repr=False)
    act: str
    signature: str


@dataclass(slots=True)
class Ending:
    """The last steps of one device."""

    client: Client
    file: KeyFile
    talk: Talk
    followed: Followed
    unattended: bool
    _offered: Wish | None = None
    _agreed: Wish | None = None
    _declined: str | None = None
    _opened: dict[str, Opened] = field(default_factory=dict, repr=False)

    def _following(self, meeting: Meeting, state: State) -> dict[str, Standing]:
        """Return the next rounds that are still to come: the share is needed for them.

        Out of the boxes that the ledger names, which are not verified again for this: another one
        could at most make the device wait, or ask.
        """
        for slot in asked_of(meeting, state):
            if slot not in self._opened:
                archive = self.client.get_bytes(f"/api/slots/{slot}/archive/final")
                if sha256_hex(archive) != state.rounds[slot].final_archive:
                    raise VerificationError("archive-mismatch", slot=slot)
                self._opened[slot] = opened_of(archive)
        return following(meeting, state, self._opened)

    def may_end(self, meeting: Meeting, state: State) -> bool:
        """Whether the share is to be destroyed now; else see that the person is asked."""
        if not state.rounds or not state.ended:
            self._take_back()
            return False
        standings = self._following(meeting, state)
        if awaited(meeting, standings):  # a round that is to be held, or to be given up, first
            self._take_back()
            return False
        left = binding.items_left(meeting, state, standings)
        if self.unattended:
            return not left
        absent = tuple(str(path) for path in absent_media(self.file.paths))
        wish = ("destroy-early" if left else "destroy", tuple(left), absent)
        if self._agreed == wish:
            return True
        if self._offered != wish:
            if self._declined != state.head:  # once refused, ask when something has happened
                self._offer(wish)
            return False
        said = self.talk.answered()
        if said is None:
            return False
        self._offered = None
        if said == "yes":
            self._agreed = wish
            return True
        self._declined = state.head
        return False

    def forget(self) -> None:
        """Forget that the person was asked: another question took its place, and is answered."""
        self._offered = None

    def end(self, memory: TrusteeMemory, secrets: TrusteeSecrets) -> TrusteeMemory | None:
        """Destroy the share; return the memory once the ledger says so, None when it does not.

        Raises:
            VerificationError, RefusedError, ConflictError, UnavailableError: Before the erasure;
                then the share is as it was. Unattended also after it.
        """
        said = self._sign(memory, secrets, TRIES)
        self._erase()
        self.talk.tell("destroying")
        while True:
            try:
                return self._send(memory, secrets, said)
            except (ConflictError, VerificationError, UnavailableError, RefusedError) as e:
                if self.unattended:
                    raise
                self.talk.complain(e)
            self.followed.forget()
            if self.talk.ask("destroy-again", act=said.act, signature=said.signature) != "yes":
                return None

    def _offer(self, wish: Wish) -> None:
        event, left, absent = wish
        if absent:
            self.talk.tell("media-absent", absent=absent)
        self.talk.offer(event, items=left, absent=absent)
        self._offered = wish

    def _take_back(self) -> None:
        if self._offered is not None:
            self.talk.withdraw()
        self._offered = self._agreed = self._declined = None

    def _erase(self) -> None:
        """Erase every medium, asking for one that cannot be written."""
        while True:
            try:
                self.file.destroy()
            except RefusedError as e:
                if self.unattended:
                    raise
                self.talk.complain(e)
                self.talk.ask("media-again", number=e.params.get("number", 1))
            else:
                return

    def _sign(self, memory: TrusteeMemory, secrets: TrusteeSecrets, tries: int) -> Said:
        """Sign the act on the head. It moves while we look, so look again a few times."""
        while True:
            try:
                meeting, ledger = self.followed.fetch()
                act = str(self.client.get("/api/destroy")["act"])
                after, signature = sign_destroy(
                    memory, secrets, meeting=meeting, ledger=ledger, act=act.encode()
                )
            except VerificationError as e:
                tries -= 1
                if e.code != "not-this-act" or tries <= 0:
                    raise
                time.sleep(PAUSE)
            else:
                return Said(after, act, signature)

    def _send(self, memory: TrusteeMemory, secrets: TrusteeSecrets, said: Said) -> TrusteeMemory:
        """Send the signed act; where the ledger went on, sign it again on the new head.

        Raises what stands in the way when that does not help.
        """
        tried = 0
        while True:
            try:
                self.client.post("/api/destroy", {"act": said.act, "signature": said.signature})
            except (ConflictError, UnavailableError, RefusedError) as e:
                tried += 1
                if self._stands(memory):  # it was taken in, and the answer was lost
                    return said.memory
                if tried >= (_LONG if e.code in _WAITS else TRIES):
                    raise
                time.sleep(PAUSE)
                if isinstance(e, ConflictError):
                    said = self._sign(memory, secrets, TRIES)
            else:
                return said.memory

    def _stands(self, memory: TrusteeMemory) -> bool:
        """Whether the ledger already says that this share is destroyed."""
        try:
            _, _, state = open_meeting(memory, *self.followed.fetch())
        except UnavailableError:
            return False
        return memory.index in state.destroyed


def absent_media(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the media on which there is no key file now: not inserted, or lost."""
    return tuple(path for path in paths if not path.exists())
