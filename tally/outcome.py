"""What a vote came to: the outcome of each round, and ``result.json`` of the meeting.

Everything here is a pure function of the frozen meeting, the ledger and the opened totals, so
the server writes it, every officer's device writes it again before it signs, and the verifier
writes it once more and compares bytes. An outcome is complete at the count: what officers sign
(``certify``) is its digest, and their signatures are not in it.

A *certify* act stands in the ledger for everybody to read, perhaps before the counts are released,
and the counts of a small committee could be found by trying them all against its digest. So an
outcome has a ``blind``: a digest of the whole counted archive, which nobody can guess who does not
have it, because the trustees' proofs in it are random. Whoever may see the counts has the archive.

``result.json`` holds the outcomes in the order of opening, the digests of ``meeting.json`` and of
every paper's files, and the ledger's head before anybody certified. Format: docs/spec/record.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from voting.crypto.hashing import sha256_hex
from voting.errors import VerificationError
from voting.meeting import readings
from voting.meeting.ledger import GENESIS
from voting.meeting.marks import counts_of, evaluate_round
from voting.meeting.state import RoundState
from voting.protocol import codec
from voting.protocol.archive import read_archive
from voting.protocol.election import decode_election
from voting.protocol.result import (
    decode_result,
    entries_of,
    open_elements,
    totals_of,
    verify_result,
)
from voting.protocol.shares import decode_partial_decryption
from voting.protocol.shuffles import decode_outputs
from voting.protocol.tally import decode_tally
from voting.protocol.trustees import decode_trustees

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.readings import Key, Reading
    from voting.meeting.state import Round, State
    from voting.protocol.result import Entries

Totals = tuple[tuple[int, ...], ...]
"""Belenios' result: for each question one number for each choice; none for a shuffled one."""

_BLIND: Final = "piaojue/outcome-blind/1\n"

AFTER_COUNT: Final = frozenset({"certify", "release", "minute", "destroy", "close"})
"""Acts that change no outcome: what may follow the last count."""

_STATES: Final = {
    RoundState.COUNTED: "counted",
    RoundState.CERTIFIED: "counted",
    RoundState.VOID: "void",
    RoundState.UNDER_FLOOR: "under-floor",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What the trustees opened in one box.

    Attributes:
        blind: SHA-256 of the counted archive under a label of its own, hex.
        entries: What was shuffled, by the question's index from 0: the numbers of each entry in the
            order of the last shuffle, None for one to which no numbers embed: one invalid entry.
    """

    totals: Totals
    blind: str = field(repr=False)
    entries: Mapping[int, Entries] = field(default_factory=dict)


def round_outcome(meeting: Meeting, one: Round, opened: Opened | None) -> dict[str, object]:
    """Return the outcome of a round that is counted, void or under the floor.

    Args:
        opened: What the trustees opened; None for a box that was never opened.

    Raises:
        VerificationError: ``no-outcome``: the round is not over, or something is given where no
            box was opened, or is missing.
    """
    state = _STATES.get(one.state)
    if state is None or (opened is None) != (state != "counted"):
        raise VerificationError("no-outcome", slot=one.slot)
    counts = None if opened is None else counts_in(meeting, one, opened)
    return {
        "slot": one.slot,
        "round": one.number,
        "rule": one.rule,
        "state": state,
        "reason": one.void_reason,
        "numbers": {
            "due": one.due,
            "present_at_open": one.present_at_open,
            "present_at_seal": one.present_at_seal,
            "issued": one.issued,
            "returned": one.returned,
            "heads": one.heads,
            "spoiled": len(one.spoiled),
        },
        "archive": one.final_archive or one.sealed_archive,
        "proofs": one.proofs,
        "blind": None if opened is None else opened.blind,
        "items": _items(meeting, one, counts),
    }


def counts_in(meeting: Meeting, one: Round, opened: Opened) -> dict[str, dict[str, Any]]:
    """Return what was opened of a round, by item, as ``marks.counts_of``, its words as read.

    Raises what ``reading_in`` raises.
    """
    reading = reading_in(meeting, one, opened)
    totals, entries = opened.totals, opened.entries
    return counts_of(meeting, one.items, totals, one.standings, entries, reading)


def reading_in(meeting: Meeting, one: Round, opened: Opened) -> Reading:
    """Return what was written in a counted box is read as; empty where it has no words.

    Raises what ``readings.open_reading`` raises.
    """
    return readings.open_reading(meeting, one, written_in(meeting, one, opened), opened.blind)


def as_written(meeting: Meeting, one: Round, opened: Opened) -> dict[str, dict[str, Any]]:
    """Return what was opened of a round as ``counts_in``, but its words as they were written."""
    return counts_of(meeting, one.items, opened.totals, one.standings, opened.entries)


def written_in(meeting: Meeting, one: Round, opened: Opened) -> dict[Key, dict[str, int]]:
    """Return what was written into a counted box in words, and how often, in its order.

    By item and ask; none that has no words.
    """
    asks = readings.asks_in_words(meeting, one)
    if not asks:
        return {}
    counts = as_written(meeting, one, opened)
    found = {key: counts[key[0]][key[1]]["texts"] for key in asks}
    return {key: {row["text"]: row["votes"] for row in rows} for key, rows in found.items() if rows}


def is_unread(meeting: Meeting, one: Round, opened: Opened) -> bool:
    """Return whether a counted box has words that nobody has read yet."""
    return one.reading is None and bool(written_in(meeting, one, opened))


def encode_outcome(outcome: Mapping[str, object]) -> bytes:
    """Write an outcome; its SHA-256 is what officers certify."""
    return codec.encode(dict(outcome))


def outcome_digest(outcome: Mapping[str, object]) -> str:
    """Return the digest that a ``certify`` act names, hex."""
    return sha256_hex(encode_outcome(outcome))


def make_result(
    meeting: Meeting, state: State, lines: Sequence[Line], opened: Mapping[str, Opened]
) -> bytes:
    """Write ``result.json``.

    Args:
        state: The fold of ``lines``.
        opened: By slot, for every round that was counted.
    """
    outcomes = [round_outcome(meeting, one, opened.get(one.slot)) for one in state.rounds.values()]
    return codec.encode(
        {
            "version": 1,
            "meeting": sha256_hex(meeting.raw),
            "head": head_after_counts(lines),
            "rounds": outcomes,
        }
    )


def opened_of(archive: bytes) -> Opened:
    """Read what was opened out of a complete archive, of which nothing is verified here."""
    read = read_archive(archive)
    if read.result is None or read.tally is None:
        raise VerificationError("archive-stage", stage=read.stage)
    election = decode_election(read.setup.election)
    ciphertexts = decode_tally(read.tally.encrypted_tally, election)
    blind = blind_of(archive)
    if not read.shuffles:
        result = decode_result(read.result, election, ciphertexts)
        return Opened(totals_of(result), blind)
    mixed = decode_outputs(read.shuffles[-1].payload, election, ciphertexts)
    result = decode_result(read.result, election, mixed)
    trustees = decode_trustees(read.setup.trustees, election.group)
    shares = {
        one.owner: decode_partial_decryption(one.payload, election, mixed) for one in read.shares
    }
    elements = open_elements(trustees, mixed, shares)
    opened = verify_result(election, elements, read.tally.total_weight, result)
    return Opened(totals_of(result), blind, entries_of(opened))


def blind_of(archive: bytes) -> str:
    """Return the ``blind`` of an outcome: a digest of the counted archive, hex."""
    return sha256_hex(_BLIND.encode() + archive)


def head_after_counts(lines: Iterable[Line]) -> str:
    """Return the digest of the last line that is not one of ``AFTER_COUNT``."""
    head = GENESIS
    for line in lines:
        if line.act.kind not in AFTER_COUNT:
            head = line.digest
    return head


def _items(
    meeting: Meeting, one: Round, counts: Mapping[str, Mapping[str, Any]] | None
) -> list[dict[str, object]]:
    if one.state is RoundState.VOID:
        return [{"item": item, "counts": None, "evaluation": None} for item in one.items]
    evaluations = evaluate_round(meeting, one, counts)
    return [
        {
            "item": item,
            "counts": None if counts is None else dict(counts[item]),
            "evaluation": evaluations[item].to_json(),
        }
        for item in one.items
    ]
