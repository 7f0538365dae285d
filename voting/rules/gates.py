"""Gates: what must be settled before an item may be frozen, and before its round may open.

A gate of an item is a claim about a paper outside the system: its kind, the SHA-256 of that
paper, and the voucher, who answers for it. The system compares kinds with what the rule
requires; it does not read the papers. The gates of the room are steps of the meeting, in
order: introduced one by one, discussed, and the principal speaks last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voting.errors import InputError, RefusedError
from voting.words import Word

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Gate:
    """``gate`` is its kind, ``digest`` 64 hex digits, ``voucher`` who answers for the paper."""

    gate: str
    digest: str
    voucher: str


def check_gates(item_gates: Sequence[Gate], required: Collection[str]) -> None:
    """Return when every required gate of an item is there once, with a digest and a voucher.

    Raises:
        RefusedError: ``gate-missing``, which names those that are.
        InputError: ``gate-twice``, ``gate-digest``, ``gate-voucher``.
    """
    kinds = [gate.gate for gate in item_gates]
    for gate in item_gates:
        if kinds.count(gate.gate) > 1:
            raise InputError("gate-twice", gate=gate.gate)
        if not _DIGEST.fullmatch(gate.digest):
            raise InputError("gate-digest", gate=gate.gate)
        if not gate.voucher.strip():
            raise InputError("gate-voucher", gate=gate.gate)
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


def _named(steps: Sequence[str]) -> list[Word]:
    return [Word(f"room-gate.{step}") for step in steps]
