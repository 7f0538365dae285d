"""Opening a spoiled ballot to a checking device (docs/spec/sealing-seed.md, version 1).

The kiosk shows, as one QR code, the canonical JSON

    {"spoil":1,"election_uuid":U,"seed":"<64 hex>","choices":[[1,0,0],…],"credential":"g^x",
     "signature":{"challenge":"c","response":"r"}}

and shows it only after the server has durably marked the tracker as spoiled. The checking device
rebuilds the ballot's bytes, compares their tracker with the one it scanned *before*, verifies
the ballot, and shows the choices to the person, who alone knows what was marked. The opening is
secret until then, and public afterwards; why it does not give the credential away is argued in
``voting.protocol.ballot``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.errors import FormatError, VerificationError
from voting.protocol import codec, values
from voting.protocol.answers import require_choices
from voting.protocol.ballot import (
    SealedBallot,
    decode_ballot,
    rebuild_spoiled,
    tracker,
    verify_ballot,
)

if TYPE_CHECKING:
    from voting.crypto.group import Element
    from voting.crypto.proofs import Proof
    from voting.protocol.answers import Choices
    from voting.protocol.election import Election

_PLACE = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoilOpening:
    """All that a device reveals of a ballot that will never be cast."""

    election_uuid: str
    seed: bytes = field(repr=False)
    choices: tuple[Choices, ...] = field(repr=False)
    credential: Element
    signature: Proof


def opening_of(election: Election, sealed: SealedBallot) -> SpoilOpening:
    """Take from a sealed ballot what its opening shows."""
    return SpoilOpening(
        election_uuid=election.uuid,
        seed=sealed.seed,
        choices=sealed.choices,
        credential=sealed.credential,
        signature=sealed.signature,
    )


def encode_opening(opening: SpoilOpening) -> bytes:
    """Write the QR code's text: about 415 bytes and 8 for each question of three choices."""
    return codec.encode(
        {
            "spoil": 1,
            "election_uuid": opening.election_uuid,
            "seed": opening.seed.hex(),
            "choices": [list(chosen) for chosen in opening.choices],
            "credential": opening.credential.text,
            "signature": values.proof_json(opening.signature),
        }
    )


def decode_opening(data: bytes, election: Election) -> SpoilOpening:
    """Read an opening of a ballot of this election.

    Raises FormatError: not canonical, or choices that a question does not allow;
    VerificationError ``ballot-uuid``: it is of another election.
    """
    value = codec.decode_exact(data, _PLACE, max_bytes=64 * 2**10)
    version, uuid, seed, choices, credential, signature = codec.fields(
        value, _PLACE, "spoil", "election_uuid", "seed", "choices", "credential", "signature"
    )
    codec.integer(version, f"{_PLACE}.spoil", low=1, high=1)
    if codec.uuid(uuid, f"{_PLACE}.election_uuid") != election.uuid:
        raise VerificationError("ballot-uuid")
    return SpoilOpening(
        election_uuid=election.uuid,
        seed=bytes.fromhex(codec.hex64(seed, f"{_PLACE}.seed")),
        choices=_choices(choices, election),
        credential=_credential(credential, election),
        signature=values.take_proof(signature, f"{_PLACE}.signature", election.group),
    )


def check_opening(election: Election, opening: SpoilOpening, scanned_tracker: str) -> bytes:
    """Rebuild the ballot, compare its tracker, verify it; return its bytes.

    Raises VerificationError:
        spoil-tracker: the device did not seal these choices, or not as it must.
        ballot-…: it did, but what it sealed is no valid ballot.
    """
    data = rebuild_spoiled(
        election,
        seed=opening.seed,
        choices=opening.choices,
        credential=opening.credential,
        signature=opening.signature,
    )
    if tracker(data) != scanned_tracker:
        raise VerificationError("spoil-tracker")
    verify_ballot(election, decode_ballot(data, election))
    return data


def _choices(value: object, election: Election) -> tuple[Choices, ...]:
    place = f"{_PLACE}.choices"
    listed = codec.array(value, place, size=len(election.questions))
    result: list[Choices] = []
    for i, (chosen, question) in enumerate(zip(listed, election.questions, strict=True)):
        numbers = [
            codec.integer(number, f"{place}[{i}][{j}]", high=255)
            for j, number in enumerate(codec.array(chosen, f"{place}[{i}]", size=question.size))
        ]
        result.append(require_choices(question, numbers, f"{place}[{i}]"))
    return tuple(result)


def _credential(value: object, election: Election) -> Element:
    credential = election.group.decode(value, f"{_PLACE}.credential")
    if credential == election.group.identity:
        raise FormatError(f"{_PLACE}.credential", "the identity")
    return credential
