"""What an officer's device does itself before it signs: fold, recompute, compare.

The server forms an act; this device folds the ledger from its first line, tries the act on its
own fold, and recomputes what the act names: the meeting that is frozen, the trackers in a sealed
box, the outcome that is certified, every file of the record. The key never leaves the device. An
act that does not follow from what everybody can see is not signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.device.certifying import check_certify, check_sealed_box
from voting.crypto.hashing import sha256_hex
from voting.errors import RefusedError, VerificationError
from voting.meeting import fold, keys, ledger
from voting.meeting.frozen import decode_meeting
from voting.meeting.state import State
from voting.protocol.note import sign_note

if TYPE_CHECKING:
    from kiosk.device.client import Client
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Act


class OfficerDevice:
    """One officer's device: his key, the ledger as he has seen it, and the line to the server."""

    def __init__(self, client: Client, officer: str, seed: bytes) -> None:
        self._client = client
        self.officer = officer
        self._seed = seed
        self._lines: list[ledger.Line] = []
        self._state = State()
        self.meeting: Meeting | None = None

    def refresh(self) -> State:
        """Fold what is new in the ledger; what was seen before never changes.

        Raises:
            VerificationError: ``other-meeting``: another meeting than the one seen first; or
                whatever the fold finds in the new lines.
        """
        if self.meeting is None:
            try:
                self.meeting = decode_meeting(self._client.get_bytes("/api/meeting"))
            except RefusedError as e:
                if e.code != "not-frozen":
                    raise
                return self._state
        start = len(self._lines)
        new = ledger.decode_ledger(self._client.get_bytes(f"/api/ledger?from={start}"))
        self._state = fold.fold(self.meeting, new, self._state)
        self._lines.extend(new)
        return self._state

    def pending(self) -> tuple[Act, list[list[str]], list[str], bytes | None] | None:
        """Return the act that waits: who may sign, who has, and the meeting that it freezes."""
        value = self._client.get("/api/proposals")
        if value is None:
            return None
        raw = value["meeting"]
        return (
            ledger.decode_act(value["act"].encode()),
            value["places"],
            value["signed"],
            None if raw is None else raw.encode(),
        )

    def sign(self, act: Act, frozen: bytes | None) -> bool:
        """Check an act and sign it; return whether it is complete now.

        Raises:
            VerificationError, RefusedError: The act is not what this device would have formed,
                or is not allowed now; it is not signed.
        """
        state = self.refresh()
        meeting = self._check_place(act, state, frozen)
        fold.advance(meeting, state, act)
        if act.kind == "no-objection":
            check_sealed_box(self._client, state, act.body["slot"])
        elif act.kind == "certify":
            check_certify(self._client, meeting, state, act)
        signature = keys.sign(self._seed, ledger.signing_bytes(meeting.fingerprint, act))
        answer = self._client.post(
            "/api/proposals/signature",
            {"act": sha256_hex(ledger.encode_act(act)), "signature": signature},
        )
        complete: bool = answer["complete"]
        return complete

    def sign_line(self, text: str) -> str:
        """Return this officer's signature line under a note's text."""
        return sign_note(text, self.officer, self._seed).line

    def _check_place(self, act: Act, state: State, frozen: bytes | None) -> Meeting:
        """The act stands on the head that this device sees, in the meeting that it knows."""
        if (act.height, act.parent) != (state.height, state.head):
            raise VerificationError("broken-chain", height=act.height)
        if act.kind != "freeze":
            if self.meeting is None:
                raise RefusedError("not-frozen")
            return self.meeting
        if frozen is None or self.meeting is not None:
            raise VerificationError("other-meeting")
        meeting = decode_meeting(frozen)
        own = meeting.officers.get(self.officer)
        if own is None or own.key != keys.public_key(self._seed):
            raise VerificationError("unknown-officer", signer=self.officer)
        return meeting
