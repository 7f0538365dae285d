"""A simulated meeting: real keys, signatures, tickets and lists, in memory and small.

    m = Simulation.fresh()                 # frozen and issued: 7 due, floor 3, three items, 4 slots
    m.sign_in(6)                     # members 0..5 sign in and draw
    m.prepare(["i1", "i2"])          # gates of the room, leftovers of the next slot
    m.open(["i1", "i2"])             # acks, two officers
    m.seal(slot, returned=6) ; m.finish(slot)

``act`` signs and appends any act as its kind requires; ``m.state`` is the fold so far. Tickets
are credentials drawn in order: member k holds ticket k of series A.
"""

from __future__ import annotations

import base64
import copy
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.support.drafts import SMALL
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.meeting import binding, keys
from voting.meeting.draft import Draft, read_draft
from voting.meeting.fold import apply
from voting.meeting.freezing import freeze
from voting.meeting.frozen import Meeting, decode_meeting
from voting.meeting.ledger import (
    Act,
    Line,
    Signature,
    complete,
    propose,
    required_signers,
    signing_bytes,
)
from voting.meeting.opening import ack_message
from voting.meeting.roll import Entry, salted
from voting.meeting.rounds import checkpoint_of
from voting.meeting.state import Round, State
from voting.protocol import codec
from voting.protocol.checkpoint import ballots_digest, signer
from voting.protocol.credential import (
    Token,
    private_credential,
    public_credential,
    sign_ticket_act,
    token_from_bytes,
)
from voting.protocol.note import encode_note, sign_note

if TYPE_CHECKING:
    from voting.rules.shapes import Standing

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def seed_of(name: str) -> bytes:
    """The secret Ed25519 seed of a test's signer."""
    return hashlib.sha256(f"test key of {name}".encode()).digest()


def uuid_of(name: str) -> str:
    """22 Base58 symbols."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    return "".join(codec.BASE58[number // 58**i % 58] for i in range(22))


def token_of(series: str, index: int) -> Token:
    """The secret token of ticket ``index`` (from 0) of a series."""
    return token_from_bytes(hashlib.sha256(f"ticket {series} {index}".encode()).digest()[:16])


def make_meeting(
    draft: Draft, *, public_key: str | None = None, certificates: str = "c" * 64
) -> tuple[Meeting, tuple[Entry, ...]]:
    """Freeze a draft with test keys; by default the election key's secret is 7."""
    roll = salted(draft.roll, [hashlib.sha256(p.label.encode()).digest()[:16] for p in draft.roll])
    raw = freeze(
        draft,
        uuid=uuid_of("meeting"),
        slots=[uuid_of(f"slot {i}") for i in range(draft.slots)],
        roll=roll,
        certificates=certificates,
        public_key=public_key or ED25519.multiply_generator(7).text,
        note_keys=[keys.public_key(seed_of(signer(i))) for i in range(1, len(draft.trustees) + 1)],
        officer_keys={
            one.id: keys.public_key(seed_of(one.id)) for one in draft.officers if not one.pen
        },
        server=keys.public_key(seed_of("server")),
    )
    return decode_meeting(raw), roll


@dataclass
class Simulation:
    """One meeting that goes on. ``issue=False`` stops before the freeze act."""

    draft: Draft = field(default_factory=lambda: read_draft(SMALL))
    public_key: str | None = None
    certificates: str = "c" * 64
    issued: bool = True
    state: State = field(default_factory=State)
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.meeting, self.roll = make_meeting(
            self.draft, public_key=self.public_key, certificates=self.certificates
        )
        self.lists = {
            series: {slot: self.credentials(slot, series) for slot in self.meeting.slots}
            for series in self.meeting.series
        }
        if self.issued:
            self.act("freeze", meeting=self.meeting.fingerprint)
            self.act("issue", **self.issue_body())

    @classmethod
    def fresh(cls) -> Simulation:
        """The default meeting, frozen and issued; made once per process and copied."""
        copied = copy.copy(_issued())
        copied.lines = list(copied.lines)
        return copied

    # --- acts ----------------------------------------------------------------------------------

    def propose(self, kind: str, **body: Any) -> Act:
        at = START + timedelta(seconds=self.state.height)
        body = {name.rstrip("_"): value for name, value in body.items()}
        return propose(kind, body, height=self.state.height, parent=self.state.head, at=at)

    def sign(self, act: Act, *signers: str) -> Line:
        """Complete an act, by default with the first allowed signer of every place."""
        chosen: list[str] = list(signers)
        for allowed in required_signers(self.meeting, act) if not signers else ():
            chosen.append(min(allowed - set(chosen)))
        message = signing_bytes(self.meeting.fingerprint, act)
        return complete(act, [Signature(one, keys.sign(seed_of(one), message)) for one in chosen])

    def append(self, line: Line) -> State:
        self.state = apply(self.meeting, self.state, line)
        self.lines.append(line)
        return self.state

    def act(self, kind: str, **body: Any) -> State:
        """Propose, sign and append; ``class_`` writes the field ``class``."""
        return self.append(self.sign(self.propose(kind, **body)))

    # --- tickets -------------------------------------------------------------------------------

    def secret(self, slot: str, series: str, index: int) -> int:
        return private_credential(token_of(series, index), slot, ED25519)

    def credential(self, slot: str, series: str, index: int) -> str:
        return public_credential(self.secret(slot, series, index), ED25519).text

    def credentials(self, slot: str, series: str) -> list[str]:
        printed = self.meeting.series[series].printed
        return sorted(self.credential(slot, series, index) for index in range(printed))

    def issue_body(self) -> dict[str, Any]:
        return {
            "made": self.meeting.mode.tickets,
            "series": [
                {
                    "id": one.id,
                    "printed": one.printed,
                    "lists": {
                        slot: binding.list_digest(listed)
                        for slot, listed in self.lists[one.id].items()
                    },
                }
                for one in self.meeting.series.values()
            ],
        }

    def ticket_body(self, kind: str, slot: str, index: int, series: str = "A") -> dict[str, Any]:
        proof = sign_ticket_act(
            self.secret(slot, series, index),
            kind,  # type: ignore[arg-type]
            slot=slot,
            meeting_fingerprint=self.meeting.fingerprint,
            nonce=int.from_bytes(hashlib.sha256(f"{kind}{slot}{index}".encode()).digest(), "big"),
            group=ED25519,
        )
        return {
            "slot": slot,
            "series": series,
            "credential": self.credential(slot, series, index),
            "proof": {"challenge": str(proof.challenge), "response": str(proof.response)},
        }

    def leftover(self, slot: str, index: int, series: str = "A") -> State:
        return self.act("leftover", **self.ticket_body("leftover", slot, index, series))

    def withdraw(self, slot: str, index: int, series: str = "A") -> State:
        return self.act("withdraw", **self.ticket_body("withdraw", slot, index, series))

    # --- the room ------------------------------------------------------------------------------

    def person(self, index: int, series: str | None = "A", cls: str = "member") -> dict[str, Any]:
        of_class = [one for one in self.roll if one.person.cls == cls]
        return {"class": cls, "series": series, "line": of_class[index].digest}

    def recusal(self, item: str, index: int) -> dict[str, Any]:
        return {"item": item, "class": "member", "line": self.person(index)["line"]}

    def sign_in(self, count: int) -> None:
        for index in range(count):
            self.act("attend", **self.person(index))

    def discuss(self, *items: str) -> None:
        for item in items:
            for step in self.meeting.rule_of(item).room_gates:
                self.act("room", item=item, step=step)

    @property
    def slot(self) -> str:
        """The next unused slot."""
        slot = binding.next_slot(self.meeting, self.state)
        assert slot is not None
        return slot

    def prepare(
        self, items: list[str], *, drawn: int | None = None, slot: str | None = None
    ) -> None:
        """Gates of the room, and the leftovers of a slot: the tickets from ``drawn`` on."""
        self.discuss(*[item for item in items if not self.state.steps.get(item)])
        drawn = self.state.present() if drawn is None else drawn
        for index in range(drawn, self.meeting.series["A"].printed):
            self.leftover(slot or self.slot, index)

    def open_body(
        self,
        items: list[str],
        *,
        series: list[str] | None = None,
        standings: dict[str, Standing] | None = None,
    ) -> dict[str, Any]:
        slot, named, who = self.slot, series or ["A"], standings or {}
        number = binding.next_round(self.meeting, self.state, items, named)
        election = sha256_hex(binding.round_election(self.meeting, slot, items, number, who))
        active = binding.active_credentials(
            self.state, slot, named, {one: self.lists[one][slot] for one in named}
        )
        body = {
            "slot": slot,
            "round": number,
            "items": items,
            "series": named,
            "standings": {item: one.to_json() for item, one in who.items()},
            "election": election,
            "credentials": active.digest,
            "active": len(active.elements),
        }
        return {**body, "acks": self.acks(body)}

    def acks(
        self, body: dict[str, Any], trustees: tuple[int, ...] = (1, 2, 3)
    ) -> list[dict[str, Any]]:
        message = ack_message(
            self.meeting,
            slot=body["slot"],
            election=body["election"],
            credentials=body["credentials"],
            active=body["active"],
        )
        return [
            {"trustee": i, "signature": keys.sign(seed_of(signer(i)), message)} for i in trustees
        ]

    def open(
        self,
        items: list[str],
        *,
        series: list[str] | None = None,
        standings: dict[str, Standing] | None = None,
    ) -> str:
        body = self.open_body(items, series=series, standings=standings)
        self.act("open", **body)
        slot: str = body["slot"]
        return slot

    # --- after casting -------------------------------------------------------------------------

    def spoil(self, slot: str, name: str = "spoiled") -> State:
        return self.act("spoil", slot=slot, tracker=tracker_of(name))

    def seal_body(self, slot: str, returned: int, heads: int | None = None) -> dict[str, Any]:
        trackers = [tracker_of(f"{slot} {i}") for i in range(returned)]
        return {
            "slot": slot,
            "heads": returned if heads is None else heads,
            "returned": returned,
            "ballots": ballots_digest(trackers),
            "archive": sha256_hex(f"archive {slot}"),
            "override": False,
        }

    def seal(self, slot: str, returned: int, heads: int | None = None) -> State:
        return self.act("seal", **self.seal_body(slot, returned, heads))

    def round(self, slot: str) -> Round:
        return self.state.rounds[slot]

    def note(self, slot: str, trustees: tuple[int, ...] = (1, 2, 3)) -> str:
        text = checkpoint_of(self.meeting, self.round(slot)).text
        signed = [sign_note(text, signer(i), seed_of(signer(i))) for i in trustees]
        return encode_note(text, signed).decode()

    def count_body(self, slot: str, trustees: tuple[int, ...] = (1, 2, 3)) -> dict[str, Any]:
        return {
            "slot": slot,
            "checkpoint": self.note(slot, trustees),
            "archive": sha256_hex(f"final {slot}"),
            "proofs": sha256_hex(f"proofs {slot}"),
        }

    def count(self, slot: str, trustees: tuple[int, ...] = (1, 2, 3)) -> State:
        return self.act("count", **self.count_body(slot, trustees))

    def certify_body(
        self, slot: str, officer: str, confirmed_by: str = "secretary"
    ) -> dict[str, Any]:
        by_pen = self.meeting.officers[officer].key is None
        page = {"page": sha256_hex(f"page {officer}"), "confirmed_by": confirmed_by}
        return {
            "slot": slot,
            "officer": officer,
            "outcome": sha256_hex(f"outcome {slot}"),
            "pen": page if by_pen else None,
        }

    def certify(self, slot: str) -> State:
        for officer in ("teller", "scrutineer-1", "scrutineer-2", "chair"):
            self.act("certify", **self.certify_body(slot, officer))
        return self.state

    def finish(self, slot: str) -> State:
        """From the seal to the last signature."""
        self.act("no-objection", slot=slot)
        self.count(slot)
        return self.certify(slot)

    def close(self) -> State:
        for index in range(1, len(self.meeting.trustees.names) + 1):
            self.act("destroy", trustee=index)
        return self.act("close", missing=[])


@cache
def _issued() -> Simulation:
    return Simulation()


def tracker_of(name: str) -> str:
    """A tracker that no ballot has."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode().rstrip("=")


def with_meeting(meeting: Meeting, **changes: Any) -> Meeting:
    """A meeting that could not be decoded, for tests of the second line of defence."""
    return replace(meeting, **changes)
