"""What an officer's device does itself before it signs: fold, recompute, compare.

The server forms an act; this device folds the ledger from its first line, tries the act on its
own fold, and recomputes what the act names: the meeting that is frozen, the trackers in a sealed
box, the outcome that is certified, every file of the record. The key never leaves the device. An
act that does not follow from what everybody can see is not signed.

What is signed is the act that was reviewed, and shown, last: another one that the server puts in
its place in between is refused, and so is a reading other than the one proposed here. What the
device has seen of the ledger lies with its key, so that it notices another one also after it was
started again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from kiosk.device.certifying import (
    Boxes,
    ReadText,
    check_certify,
    check_next,
    check_reading,
    check_sealed_box,
    written_entries,
)
from kiosk.device.proposing import Proposed
from kiosk.device.seen import Seen
from kiosk.device.wording import act_text
from tally.following import following
from tally.record.layout import LEDGER, MEETING
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError, RefusedError, UnavailableError, VerificationError
from voting.meeting import fold, keys, ledger
from voting.meeting.frozen import MAX_BYTES, decode_meeting
from voting.meeting.state import State
from voting.protocol import codec
from voting.protocol.note import sign_note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kiosk.device.client import Client
    from kiosk.device.wording import Counts
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act
    from voting.meeting.slips import PublicParts
    from voting.rules.shapes import Standing
    from voting.words import Lang


NOTHING: Final = Seen()


class OfficerDevice:
    """One officer's device: his key, the ledger as he has seen it, and the line to the server.

    Attributes:
        meeting: The frozen meeting, once there is one.
        reviewed: The act that ``sign`` would sign.
    """

    def __init__(
        self,
        client: Client,
        officer: str,
        seed: bytes | None,
        *,
        seen: Seen = NOTHING,
        keep: Callable[[Seen], None] = lambda _seen: None,
    ) -> None:
        """``seed`` is 32 bytes; None for an officer who signs by pen.

        Args:
            seen: What this device had seen when it was stopped.
            keep: Stores what it sees, each time that there is more.
        """
        self._client = client
        self._seen = seen
        self._keep = keep
        self._words: Callable[[Lang], str] | None = None
        self.officer = officer
        self._seed = seed
        self._lines: list[ledger.Line] = []
        self._state = State()
        self._boxes = Boxes()
        self._proposed = Proposed()
        self._of_reviewed: Meeting | None = None
        self.meeting: Meeting | None = None
        self.reviewed: Act | None = None

    @property
    def key(self) -> str | None:
        """The public key in hex; None for an officer who signs by pen."""
        return None if self._seed is None else keys.public_key(self._seed)

    def refresh(self) -> State:
        """Fold what is new in the ledger; what was seen before never changes.

        Raises:
            VerificationError: ``other-key``: the meeting has another key for this officer than
                his device's; ``other-meeting``, ``ledger-rewritten``: not what this device saw
                before; or whatever the fold finds in the new lines.
        """
        if self.meeting is None:
            try:
                found = decode_meeting(self._client.get_bytes("/api/meeting"))
            except RefusedError as e:
                if e.code != "not-frozen":
                    raise
                return self._state
            self._check_own(found)
            self.meeting = found
        start = len(self._lines)
        new = ledger.decode_ledger(self._client.get_bytes(f"/api/ledger?from={start}"))
        state = fold.fold(self.meeting, new, self._state)
        seen = self._seen.require(self.meeting.fingerprint, [*self._lines, *new])
        self._state = state
        self._lines.extend(new)
        if seen != self._seen:
            self._keep(seen)
            self._seen = seen
        return self._state

    def lines(self) -> tuple[ledger.Line, ...]:
        """Return the ledger as far as this device has followed it."""
        return tuple(self._lines)

    def pending(self) -> tuple[Act, list[list[str]], list[str], bytes | None] | None:
        """Return the act that waits: who may sign, who has, and the meeting that it freezes."""
        value = self._client.get("/api/proposals")
        if value is None:
            return None
        names = ("act", "places", "signed", "meeting")
        act, places, signed, raw = codec.fields(value, "proposal", *names)
        return (
            ledger.decode_act(codec.text(act, "proposal.act", max_length=_ACT).encode()),
            [_names(one, "proposal.places") for one in codec.array(places, "proposal.places")],
            _names(signed, "proposal.signed"),
            None if raw is None else codec.text(raw, "proposal.meeting", max_length=_ACT).encode(),
        )

    def propose(self, kind: str, body: Mapping[str, object]) -> str:
        """Have the server form an act; return its SHA-256, by which it is withdrawn.

        Args:
            body: As docs/spec/api.md has it; of a reading ``slot`` and ``entries``, each ``item``,
                ``ask``, ``text`` and ``as``, as ``written`` has them.
        """
        wish = self._proposed.wish(kind, body)
        try:
            answer = self._client.post("/api/proposals", {"kind": kind, "body": wish})
        except UnavailableError:
            raise  # it may have been taken in, and the answer lost
        except PiaojueError:
            self._proposed.refused()
            raise
        (act,) = codec.fields(answer, "answer", "act")
        return sha256_hex(codec.text(act, "answer.act", max_length=_ACT).encode())

    def withdraw(self, digest: str) -> None:
        """Have the server drop the act with this digest, and no other that waits by now.

        What was proposed here is proposed no more.
        """
        self._proposed.forget()
        self._client.delete(f"/api/proposals/{digest}")

    def review(self, act: Act, frozen: bytes | None, lang: Lang) -> str:
        """Check an act and say in words what it does; from now on ``sign`` means this one.

        Args:
            frozen: The meeting that a ``freeze`` act freezes.

        Raises:
            VerificationError, RefusedError: The act is not what this device would have formed,
                or is not allowed now; nothing can be signed then.
        """
        self.reviewed = None
        state = self.refresh()
        meeting = self._meeting_of(act, frozen)
        _check_head(act, state)
        after = fold.advance(meeting, state, act)
        counts, trackers, ended = None, list[str](), tuple[str, ...]()
        read = list[ReadText]()
        if act.kind == "no-objection":
            trackers = check_sealed_box(self._client, state, act.body["slot"])
        elif act.kind == "certify":
            counts = check_certify(self._boxes, self._client, meeting, state, self._lines, act)
        elif act.kind == "reading":
            read = check_reading(self._boxes, self._client, meeting, state, self._lines, act)
            self._proposed.require(act.body["slot"], read)
        elif act.kind in ("open", "release"):
            ended = check_next(self._boxes, self._client, meeting, state, self._lines, act)
        self._words = partial(_text, meeting, after, act, counts, trackers, ended, read)
        self.reviewed, self._of_reviewed = act, meeting
        return self._words(lang)

    def following(self) -> dict[str, Standing]:
        """Return who stands in the next round of every item that is to have one now.

        Computed from boxes that this device has verified.
        """
        state = self.refresh()
        if self.meeting is None:
            return {}
        opened = self._boxes.of_contests(self._client, self.meeting, state, self._lines)
        return following(self.meeting, state, opened)

    def written(self, slot: str) -> list[dict[str, object]]:
        """Return what was written into a counted box in words, in the order of a reading.

        Read out of the box, which this device verifies.
        """
        state = self.refresh()
        if self.meeting is None:
            return []
        return written_entries(self._boxes, self._client, self.meeting, state, self._lines, slot)

    def reviewed_text(self, lang: Lang) -> str:
        """Return the reviewed act in another language, without another review.

        Raises RefusedError ``no-proposal``: nothing was reviewed.
        """
        if self.reviewed is None or self._words is None:
            raise RefusedError("no-proposal")
        return self._words(lang)

    def sign(self) -> bool:
        """Sign the act that was reviewed last; return whether it is complete now.

        Raises:
            RefusedError: ``no-proposal``: nothing was reviewed; ``act-overtaken``: the ledger
                went on since; ``signs-by-pen``.
            VerificationError: ``broken-chain``: the server shows another ledger than before.
        """
        act, meeting = self.reviewed, self._of_reviewed
        if self._seed is None:
            raise RefusedError("signs-by-pen")
        if act is None or meeting is None:
            raise RefusedError("no-proposal")
        _check_head(act, self.refresh())  # the fold goes on only from what was reviewed
        signature = keys.sign(self._seed, ledger.signing_bytes(meeting.fingerprint, act))
        answer = self._client.post(
            "/api/proposals/signature",
            {"act": sha256_hex(ledger.encode_act(act)), "signature": signature},
        )
        self.reviewed = None
        if act.kind == "reading":
            self._proposed.forget(act.body["slot"])
        (complete,) = codec.fields(answer, "answer", "complete")
        return codec.boolean(complete, "answer.complete")

    def sign_line(self, text: str) -> str:
        """Return this officer's signature line under a note's text."""
        if self._seed is None:
            raise RefusedError("signs-by-pen")
        return sign_note(text, self.officer, self._seed).line

    def check_own_record(self, files: Mapping[str, bytes]) -> None:
        """Demand that a record is of the meeting and the ledger that this device has followed.

        Raises VerificationError: ``other-meeting``, ``other-ledger``.
        """
        self.refresh()
        if self.meeting is None or files.get(MEETING) != self.meeting.raw:
            raise VerificationError("other-meeting")
        if files.get(LEDGER) != ledger.encode_ledger(self._lines):
            raise VerificationError("other-ledger")

    def check_issued(self, parts: PublicParts) -> None:
        """Demand that the ledger commits to exactly these tickets, which the server takes in alone.

        Raises VerificationError ``issued-otherwise``.
        """
        self.refresh()
        issued = [line.act.body for line in self._lines if line.act.kind == "issue"]
        if self.meeting is None or issued != [parts.issue_body(made=self.meeting.mode.tickets)]:
            raise VerificationError("issued-otherwise")

    def _meeting_of(self, act: Act, frozen: bytes | None) -> Meeting:
        """Return the meeting that an act belongs to: the one known, or the one to be frozen."""
        if act.kind != "freeze":
            if self.meeting is None:
                raise RefusedError("not-frozen")
            return self.meeting
        if frozen is None or self.meeting is not None:
            raise VerificationError("other-meeting")
        meeting = decode_meeting(frozen)
        self._check_own(meeting)
        return meeting

    def _check_own(self, meeting: Meeting) -> None:
        """Demand this device's own key in the meeting: else somebody signs in this name."""
        own = meeting.officers.get(self.officer)
        if own is None or own.key != self.key:
            raise VerificationError("other-key", officer=self.officer)


def _text(
    meeting: Meeting,
    after: State,
    act: Act,
    counts: Counts | None,
    trackers: list[str],
    ended: tuple[str, ...],
    read: list[ReadText],
    lang: Lang,
) -> str:
    found = {"counts": counts, "trackers": trackers, "ended": ended, "read": read}
    return act_text(meeting, after, act, lang, **found)  # type: ignore[arg-type]


_ACT: Final = ledger.MAX_LINE_BYTES + MAX_BYTES


def _check_head(act: Act, state: State) -> None:
    """The act stands on the head that this device sees.

    One that the ledger has gone past is merely late; one beside the head is another ledger's.
    """
    if act.height < state.height:
        raise RefusedError("act-overtaken")
    if (act.height, act.parent) != (state.height, state.head):
        raise VerificationError("broken-chain", height=act.height)


def _names(value: object, place: str) -> list[str]:
    return [codec.text(one, place, max_length=100) for one in codec.array(value, place)]
