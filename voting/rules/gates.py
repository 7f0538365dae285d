"""Gates: what must be settled before an item may be frozen, and before its round may open.

A gate of an item is a claim. Either about a paper outside the system: its kind, the SHA-256 of that
paper, and the voucher, who answers for it; the system compares kinds with what the rule requires
and does not read the papers. Or about an earlier vote: then it names that record and the item in
it, and whoever has the record can follow it (``voting.rules.earlier`` says what it must show).

The gates of the room are steps of the meeting, in order: introduced one by one, discussed, and
the principal speaks last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voting.errors import InputError, RefusedError
from voting.words import Word

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_DIGEST = re.compile(r"[0-9a-f]{64}")

PAPER: Final = frozenset(
    {
        "recommended",
        "concentrated",
        "reserve-list",
        "nominated",
        "examined",
        "department-discussed",
        "consulted",
        "plenum-consulted",
        "opinions",
        "discipline",
        "audit",
        "personal-matters",
        "dossier",
        "complaints",
        "inspection",
        "approval",
    }
)
"""Kinds that a paper can settle."""
RECORD: Final = frozenset(
    {
        "recommended",
        "concentrated",
        "first-round",
        "examined",
        "plenum-consulted",
        "failed",
        "reconsidered",
    }
)
"""Kinds that an earlier record can settle."""
MANY: Final = frozenset({"recommended", "nominated", "opinions", "failed"})
"""Kinds of which an item may have several: every recommendation (大会、全委会), signed form, unit
that was asked, and failure before this try."""


@dataclass(frozen=True, slots=True)
class Gate:
    """``gate`` is its kind, ``digest`` 64 hex digits, ``voucher`` who answers for the paper."""

    gate: str
    digest: str
    voucher: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A gate that an earlier vote settles.

    Attributes:
        record: SHA-256 of that record's ``result.json`` in hex; None: an item of this meeting.
        item: The item's id there.
        date: The day of that meeting.
        override: The written reason why the gate counts although the votes were not
            concentrated; empty otherwise.
    """

    gate: str
    record: str | None
    item: str
    date: str
    voucher: str
    override: str = ""


AnyGate = Gate | Reference


def check_gates(item_gates: Sequence[AnyGate], required: Collection[str]) -> None:
    """Return when every required gate of an item is there, well formed, and none beside it twice.

    Raises:
        RefusedError: ``gate-missing``, which names those that are.
        InputError: ``unknown-gate``, ``gate-twice``, ``gate-digest``, ``gate-voucher``,
            ``gate-needs-record``, ``gate-needs-paper``, ``gate-override``.
    """
    kinds = [gate.gate for gate in item_gates]
    for gate in item_gates:
        if gate.gate not in PAPER | RECORD:
            raise InputError("unknown-gate", gate=gate.gate)
        if kinds.count(gate.gate) > 1 and (gate.gate not in MANY or _again(gate, item_gates)):
            raise InputError("gate-twice", gate=gate.gate)
        _check_form(gate)
    missing = [kind for kind in required if kind not in kinds]
    if missing:
        raise RefusedError("gate-missing", gates=[Word(f"gate.{kind}") for kind in missing])


def check_room(steps: Sequence[str], required: Sequence[str]) -> None:
    """Return when the steps of the room were all taken, each first time in the rule's order.

    Raises:
        RefusedError: ``room-gate-missing``, ``room-gate-order``.
    """
    missing = [step for step in required if step not in steps]
    if missing:
        raise RefusedError("room-gate-missing", steps=_named(missing))
    firsts = [steps.index(step) for step in required]
    if firsts != sorted(firsts):
        raise RefusedError("room-gate-order", steps=_named(required))


def _again(gate: AnyGate, gates: Sequence[AnyGate]) -> bool:
    """Return whether the same paper or vote settles a gate twice, whoever vouches for it.

    That one failure is told of twice is ``voting.rules.earlier.check_retry``'s to refuse.
    """
    same = [_what(one) for one in gates if one.gate == gate.gate]
    return gate.gate != "failed" and same.count(_what(gate)) > 1


def _what(gate: AnyGate) -> tuple[str | None, str]:
    return (gate.digest, "") if isinstance(gate, Gate) else (gate.record, gate.item)


def _check_form(gate: AnyGate) -> None:
    if not gate.voucher.strip():
        raise InputError("gate-voucher", gate=gate.gate)
    if isinstance(gate, Gate):
        if gate.gate not in PAPER:
            raise InputError("gate-needs-record", gate=Word(f"gate.{gate.gate}"))
        if not _DIGEST.fullmatch(gate.digest):
            raise InputError("gate-digest", gate=gate.gate)
        return
    if gate.gate not in RECORD:
        raise InputError("gate-needs-paper", gate=Word(f"gate.{gate.gate}"))
    if gate.record is None and gate.gate != "reconsidered":
        raise InputError("gate-needs-record", gate=Word(f"gate.{gate.gate}"))
    if gate.record is not None and not _DIGEST.fullmatch(gate.record):
        raise InputError("gate-digest", gate=gate.gate)
    if gate.override and (gate.gate != "concentrated" or not gate.override.strip()):
        raise InputError("gate-override", gate=Word(f"gate.{gate.gate}"))


def _named(steps: Sequence[str]) -> list[Word]:
    return [Word(f"room-gate.{step}") for step in steps]
