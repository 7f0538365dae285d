"""The bodies of the acts, kind by kind (docs/spec/ledger.md).

A body is a plain JSON object; ``BODIES`` gives its exact fields in their order. What an act may
do when it comes is the fold's business, who must sign it is the ledger's.
"""

from __future__ import annotations

from typing import Final

from voting.meeting import shape
from voting.meeting.contests import MAX_ROSTER
from voting.meeting.shape import Check, record
from voting.rules.values import CLASSES, ROOM_GATES

TIMELESS: Final = frozenset({"leftover", "withdraw", "spoil"})
"""Acts without a time, because it would point at a person."""

MINUTES: Final = (
    "introducer",
    "speaker",
    "principal-last",
    "recused-out",
    "recused-in",
    "remark",
)
"""What the recorder enters for an item, one line each."""

_PROOF = record(challenge=shape.words, response=shape.words)
_PRESENCE = {
    "class": shape.one_of(*CLASSES),
    "series": shape.optional(shape.identifier),
    "line": shape.hex64,
}
_NAMED = record(**_PRESENCE)
_RECUSAL = record(item=shape.identifier, **{"class": shape.one_of("member")}, line=shape.hex64)
_GROUP = record(group=shape.identifier, series=shape.identifier, count=shape.count())
_TICKET = record(slot=shape.uuid22, series=shape.identifier, credential=shape.hex64, proof=_PROOF)
_PEN = record(page=shape.hex64, confirmed_by=shape.identifier)
_INDEX = shape.count(1, 99)
_STANDING = record(
    names=shape.distinct(shape.words, low=1),
    seats=shape.count(1, 60),
    why=shape.one_of("tie", "open"),
    round=shape.count(1, 99),
)
STANDINGS: Final = shape.mapping(shape.identifier, _STANDING)
"""Who stands, by item, of the items whose next round it is."""
AS: Final = shape.either(shape.count(1, MAX_ROSTER), shape.one_of("written", "invalid"))
"""What words are read as before that is masked (``readings``)."""
_SHUFFLES = record(note=shape.long_text, links=shape.sequence(shape.words, low=1))

BODIES: Final[dict[str, Check]] = {
    "freeze": record(meeting=shape.hex64),
    "issue": record(
        made=shape.one_of("apart", "server"),
        series=shape.sequence(
            record(
                id=shape.identifier,
                printed=shape.count(1),
                lists=shape.mapping(shape.uuid22, shape.hex64),
            ),
            low=1,
        ),
    ),
    "attend": _NAMED,
    "leave": _NAMED,
    "return": _NAMED,
    "recuse": _RECUSAL,
    "unrecuse": _RECUSAL,
    "present": _GROUP,
    "correct": record(
        leave=shape.sequence(_NAMED),
        attend=shape.sequence(_NAMED),
        present=shape.sequence(_GROUP),
        reason=shape.words,
    ),
    "leftover": _TICKET,
    "withdraw": _TICKET,
    "void-series": record(series=shape.identifier, reason=shape.words),
    "room": record(item=shape.identifier, step=shape.one_of(*ROOM_GATES)),
    "minute": record(
        item=shape.optional(shape.identifier),
        what=shape.one_of(*MINUTES),
        line=shape.hex64,
        late=shape.boolean,
    ),
    "open": record(
        slot=shape.uuid22,
        round=shape.count(1),
        items=shape.distinct(shape.identifier, low=1),
        series=shape.distinct(shape.identifier, low=1),
        standings=STANDINGS,
        election=shape.hex64,
        credentials=shape.hex64,
        active=shape.count(),
        acks=shape.sequence(record(trustee=_INDEX, signature=shape.signature)),
    ),
    "spoil": record(slot=shape.uuid22, tracker=shape.tracker),
    "seal": record(
        slot=shape.uuid22,
        heads=shape.count(),
        returned=shape.count(),
        ballots=shape.hex64,
        archive=shape.hex64,
        override=shape.boolean,
    ),
    "no-objection": record(slot=shape.uuid22),
    "compared": record(slot=shape.uuid22, checkpoint=shape.hex64, missing=shape.ascending(_INDEX)),
    "count": record(
        slot=shape.uuid22,
        checkpoint=shape.long_text,
        archive=shape.hex64,
        proofs=shape.hex64,
        **{"shuffles?": _SHUFFLES},
    ),
    "reading": record(
        slot=shape.uuid22,
        nonce=shape.nonce,
        entries=shape.sequence(shape.count(0, 0xFFFF), low=1),
    ),
    "certify": record(
        slot=shape.uuid22,
        officer=shape.identifier,
        outcome=shape.hex64,
        pen=shape.optional(_PEN),
    ),
    "release": record(slot=shape.uuid22),
    "void": record(slot=shape.uuid22, reason=shape.words, pen=shape.optional(_PEN)),
    "destroy": record(trustee=_INDEX),
    "close": record(missing=shape.ascending(_INDEX)),
}
