"""The ledger's lines: bytes, chain and signatures. It is the state; see ``fold``.

One line is one act with its signatures, canonical JSON (docs/spec/ledger.md). ``parent`` is
SHA-256 of the previous line's bytes, so no line can be changed, left out or moved. What an
officer signs is the act alone, with the meeting's fingerprint before it; the server signs the
same bytes last and so fixes the order. Signatures of one line are by different enrolled keys:
two offices held with one key never count as two.

Making a line: ``propose`` gives the act, every signer signs ``signing_bytes``, ``complete`` puts
the line together. Reading one: ``decode_line``, then ``voting.meeting.fold.apply``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from voting.errors import FormatError, VerificationError
from voting.meeting import keys, shape
from voting.meeting.bodies import BODIES, TIMELESS
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voting.meeting.frozen import Meeting

PREFIX: Final = b"piaojue/act/1\n"
GENESIS: Final = "0" * 64
SERVER: Final = "server"
MAX_LINE_BYTES: Final = 1 * 2**20


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``body`` is JSON with the fields that ``bodies.BODIES`` names; do not change it."""

    kind: str
    height: int
    parent: str
    at: str | None
    body: Mapping[str, Any]

    def to_json(self) -> dict[str, object]:
        """Return the JSON object, in the order in which it is signed."""
        return {
            "kind": self.kind,
            "height": self.height,
            "parent": self.parent,
            "at": self.at,
            "body": self.body,
        }


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed (officer's id, ``server``, ``trustee:1``) and the signature in hex."""

    by: str
    signature: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger as it came: ``raw`` has no line break."""

    raw: bytes
    act: Act
    signatures: tuple[Signature, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes: the next line's parent."""
        return hashlib.sha256(self.raw).hexdigest()


# --- bytes ---------------------------------------------------------------------------------------


def decode_act(data: bytes) -> Act:
    """Read the bytes of an act alone, as a signer's device gets it. Raises FormatError."""
    return _act(codec.decode_exact(data, "act", max_bytes=MAX_LINE_BYTES), "act")


def decode_line(data: bytes) -> Line:
    """Read one line without its line break. No signature is verified. Raises FormatError."""
    value = codec.decode_exact(data, "line", max_bytes=MAX_LINE_BYTES)
    act, listed = codec.fields(value, "line", "act", "signatures")
    signatures = _SIGNATURES(listed, "line.signatures")
    return Line(data, _act(act, "line.act"), tuple(Signature(**one) for one in signatures))


def decode_ledger(data: bytes) -> tuple[Line, ...]:
    """Read a whole ``ledger.jsonl``: every line ends in one line break. Raises FormatError."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise FormatError("ledger", "the last line does not end in a line break")
    return tuple(decode_line(line) for line in lines)


def encode_ledger(lines: Iterable[Line]) -> bytes:
    """Write a ``ledger.jsonl``."""
    return b"".join(line.raw + b"\n" for line in lines)


def propose(
    kind: str, body: Mapping[str, Any], *, height: int, parent: str, at: datetime | None
) -> Act:
    """Form an act on the ledger's head.

    Args:
        kind: One of ``BODIES``.
        body: Its fields in their order.
        height: Number of lines before it.
        parent: Digest of the last line, ``GENESIS`` when there is none.
        at: An aware time, cut to the second; it is dropped for acts that carry none.

    Raises:
        FormatError: The body is not of the kind's shape.
    """
    moment = None if at is None or kind in TIMELESS else time_text(at)
    return decode_act(encode_act(Act(kind, height, parent, moment, body)))


def encode_act(act: Act) -> bytes:
    """Write the bytes of an act."""
    return codec.encode(act.to_json())


def signing_bytes(meeting_fingerprint: str, act: Act) -> bytes:
    """Return what every signer of an act signs."""
    return PREFIX + meeting_fingerprint.encode() + b"\n" + encode_act(act)


def complete(act: Act, signatures: Iterable[Signature]) -> Line:
    """Put a line together; the server's signature comes last. Raises FormatError."""
    listed = [{"by": one.by, "signature": one.signature} for one in signatures]
    return decode_line(codec.encode({"act": act.to_json(), "signatures": listed}))


def time_text(at: datetime) -> str:
    """Write an aware time as ``2026-11-21T09:30:05Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_SIGNATURES = shape.sequence(
    shape.record(by=shape.words, signature=shape.signature), low=1, high=99
)


def _act(value: object, place: str) -> Act:
    kind, height, parent, at, body = codec.fields(
        value, place, "kind", "height", "parent", "at", "body"
    )
    if not isinstance(kind, str) or kind not in BODIES:
        raise FormatError(f"{place}.kind", "not a kind of act")
    return Act(
        kind=kind,
        height=codec.integer(height, f"{place}.height"),
        parent=codec.hex64(parent, f"{place}.parent"),
        at=_time(kind, at, f"{place}.at"),
        body=BODIES[kind](body, f"{place}.body"),
    )


def _time(kind: str, value: object, place: str) -> str | None:
    if kind in TIMELESS:
        if value is not None:
            raise FormatError(place, "this kind of act carries no time")
        return None
    at: str = shape.time(value, place)
    return at


# --- signatures ----------------------------------------------------------------------------------


def opened_at(lines: Iterable[Line], slot: str) -> str | None:
    """Return the time of a slot's ``open`` act; None when it is not among the lines."""
    opening = (line.act for line in lines if line.act.kind == "open")
    return next((act.at for act in opening if act.body["slot"] == slot), None)


def required_signers(meeting: Meeting, act: Act) -> tuple[frozenset[str], ...]:
    """Say who signs an act, in the order of the line; each entry lists who may take that place.

    The server's place is always the last. Raises VerificationError when the body names an
    officer, a trustee or a way of signing that the meeting does not have.
    """
    officers = _officers_needed(meeting, act)
    return (*officers, frozenset({SERVER}))


def verify_signatures(meeting: Meeting, line: Line) -> None:
    """Verify that exactly the required signers signed the line, by different enrolled keys.

    Raises:
        VerificationError: ``wrong-signers`` (too few, too many, another role, another order),
            ``same-key``, ``same-person``, ``unknown-signer``, ``bad-pen``.
        ProofError: ``bad-signature``.
    """
    required = required_signers(meeting, line.act)
    names = [one.by for one in line.signatures]
    if len(names) != len(required) or not all(
        name in allowed for name, allowed in zip(names, required, strict=True)
    ):
        raise VerificationError("wrong-signers", kind=line.act.kind, signers=names)
    held = [key_of(meeting, name) for name in names]
    if len(set(held)) != len(held):
        raise VerificationError("same-key", kind=line.act.kind, signers=names)
    if line.act.kind == "reading" and len({meeting.officers[one].name for one in names[:-1]}) < 2:
        raise VerificationError("same-person", kind=line.act.kind, signers=names)
    message = signing_bytes(meeting.fingerprint, line.act)
    for one, key in zip(line.signatures, held, strict=True):
        keys.verify(key, message, one.signature, by=one.by)


def key_of(meeting: Meeting, signer: str) -> str:
    """Return the enrolled key of a signer, in hex. Raises VerificationError."""
    if signer == SERVER:
        return meeting.server
    if signer.startswith("trustee:"):
        for index, key in enumerate(meeting.trustees.note_keys, start=1):
            if signer == f"trustee:{index}":
                return key
        raise VerificationError("unknown-signer", signer=signer)
    officer = meeting.officers.get(signer)
    if officer is None or officer.key is None:
        raise VerificationError("unknown-signer", signer=signer)
    return officer.key


_ROLES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "freeze": (("secretary",), ("scrutineer",)),
    "correct": (("secretary",), ("scrutineer",)),
    "void-series": (("chair", "secretary"), ("scrutineer",)),
    "open": (("chair", "secretary"), ("scrutineer",)),
    "seal": (("secretary",), ("scrutineer",)),
    "compared": (("secretary",), ("scrutineer",)),
    "reading": (("scrutineer",), ("scrutineer",)),
    "release": (("chair", "secretary"), ("scrutineer",)),
    "close": (("secretary",),),
}


def _officers_needed(meeting: Meeting, act: Act) -> list[frozenset[str]]:
    match act.kind:
        case "no-objection":
            return [frozenset({one.id}) for one in meeting.with_role("scrutineer")]
        case "certify":
            return [_signer_or_witness(meeting, act.body["officer"], act.body["pen"])]
        case "void":
            chair = meeting.with_role("chair")[0]
            first = _signer_or_witness(meeting, chair.id, act.body["pen"])
            return [first, _holders(meeting, ("scrutineer",))]
        case "destroy":
            return [frozenset({f"trustee:{act.body['trustee']}"})]
        case kind:
            return [_holders(meeting, roles) for roles in _ROLES.get(kind, ())]


def _holders(meeting: Meeting, roles: tuple[str, ...]) -> frozenset[str]:
    return frozenset(one.id for one in meeting.with_role(*roles) if one.key is not None)


def _signer_or_witness(
    meeting: Meeting, officer_id: str, pen: Mapping[str, str] | None
) -> frozenset[str]:
    """Return who signs for this officer: himself, or by pen who confirms the page.

    The witness has a key and another role. Whoever enrolled a key has no pen: else a witness could
    sign in his name without him.
    """
    officer = meeting.officers.get(officer_id)
    if officer is None:
        raise VerificationError("unknown-signer", signer=officer_id)
    if pen is None:
        return frozenset({officer.id})
    witness = meeting.officers.get(pen["confirmed_by"])
    by_pen = officer.key is None and officer.role in {"chair", "teller", "recorder"}
    if not by_pen or witness is None or witness.key is None or witness.role == officer.role:
        raise VerificationError("bad-pen", officer=officer_id, confirmed_by=pen["confirmed_by"])
    if witness.name == officer.name:
        raise VerificationError("bad-pen", officer=officer_id, confirmed_by=witness.id)
    return frozenset({witness.id})
