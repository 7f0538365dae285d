"""A folded ledger as JSON, for comparing two programs that fold it: every field, in one order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voting.crypto.hashing import sha256_hex
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.state import Round, State


def state_json(state: State) -> dict[str, object]:
    """Return the whole state; sets and what is keyed by people or credentials are sorted."""
    return {
        "height": state.height,
        "head": state.head,
        "at": state.at,
        "frozen": state.frozen,
        "closed": state.closed,
        "lists": [[one, _sorted(by_slot)] for one, by_slot in sorted(state.lists.items())],
        "people": [[k, one.cls, one.series, one.here] for k, one in sorted(state.people.items())],
        "counted": [
            [k, one.cls, one.series, one.count] for k, one in sorted(state.counted.items())
        ],
        "recusals": [[item, sorted(lines)] for item, lines in sorted(state.recusals.items())],
        "steps": _sorted(state.steps),
        "minutes": [
            [item, list(what)]
            for item, what in sorted(state.minutes.items(), key=lambda one: one[0] or "")
        ],
        "leftovers": [[slot, _sorted(of)] for slot, of in sorted(state.leftovers.items())],
        "withdrawn": [[slot, _sorted(of)] for slot, of in sorted(state.withdrawn.items())],
        "void_series": sorted(state.void_series),
        "rounds": [_round(one) for one in state.rounds.values()],
        "destroyed": sorted(state.destroyed),
        "missing": list(state.missing),
    }


def state_digest(state: State) -> str:
    """Return SHA-256 of the state's canonical JSON."""
    return sha256_hex(codec.encode(state_json(state)))


def _sorted(mapping: Mapping[str, object]) -> list[list[object]]:
    return [[key, value] for key, value in sorted(mapping.items())]


def _round(one: Round) -> dict[str, object]:
    compared = one.compared
    return {
        "slot": one.slot,
        "number": one.number,
        "state": str(one.state),
        "rule": one.rule,
        "items": list(one.items),
        "series": list(one.series),
        "election": one.election,
        "credentials": one.credentials,
        "issued_by_series": _sorted(one.issued_by_series),
        "due": one.due,
        "present_at_open": one.present_at_open,
        "recused": _sorted(one.recused),
        "standings": {item: who.to_json() for item, who in one.standings.items()},
        "groups": [_sorted(one.groups_at_open), _sorted(one.groups_at_seal)],
        "spoiled": sorted(one.spoiled),
        "present_at_seal": one.present_at_seal,
        "heads": one.heads,
        "returned": one.returned,
        "ballots": one.ballots,
        "sealed_archive": one.sealed_archive,
        "override": one.override,
        "no_objection": one.no_objection,
        "compared": None if compared is None else [compared.checkpoint, list(compared.missing)],
        "checkpoint": one.checkpoint,
        "final_archive": one.final_archive,
        "proofs": one.proofs,
        **(
            {}
            if one.reading is None
            else {"reading": [one.reading.nonce, list(one.reading.entries)]}
        ),
        "signed": [[s.officer, s.outcome, s.page, s.confirmed_by] for s in one.signed],
        "released": one.released,
        "void_reason": one.void_reason,
    }
