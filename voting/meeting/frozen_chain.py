"""What a frozen meeting says of the votes before it: gates of items, and the ``chain``.

Format: docs/spec/meeting.md, section 2. The chain is what the gates are judged by and the rule does
not say: days on which no appointment may be voted on, what counts as *concentrated*, how many
names a second recommendation takes over from the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from voting.errors import FormatError
from voting.meeting import shape
from voting.rules.fraction import Fraction
from voting.rules.gates import AnyGate, Gate, Reference
from voting.rules.values import Ratio

if TYPE_CHECKING:
    from voting.meeting.shape import Check


@dataclass(frozen=True, slots=True)
class Window:
    """Days, both included, on which no appointment may be voted on (突击提拔), and why."""

    start: str
    until: str
    why: str

    def holds(self, day: str) -> bool:
        """Return whether a day, as ``2026-11-21``, is in it."""
        return self.start <= day <= self.until


@dataclass(frozen=True, slots=True)
class Chain:
    """What the gates of a meeting are judged by.

    Attributes:
        concentration: The share of the valid ballots from which votes count as concentrated;
            None where the gate is not used.
        ratio: How many of the first round's names stand in the second; and how many at least
            were examined for a post (差额考察), where the examination is a record.
    """

    windows: tuple[Window, ...] = ()
    concentration: Fraction | None = None
    ratio: Ratio | None = None

    def to_json(self) -> dict[str, object]:
        """Return the object of ``meeting.json``."""
        share, ratio = self.concentration, self.ratio
        return {
            "windows": [
                {"from": one.start, "until": one.until, "why": one.why} for one in self.windows
            ],
            "concentration": None
            if share is None
            else {
                "numerator": share.numerator,
                "denominator": share.denominator,
                "inclusive": share.inclusive,
            },
            "ratio": None if ratio is None else {"names": ratio.names, "seats": ratio.per},
        }


_PAPER: Final = shape.record(gate=shape.identifier, digest=shape.hex64, voucher=shape.words)
_RECORD: Final = shape.record(
    gate=shape.identifier,
    record=shape.optional(shape.hex64),
    item=shape.identifier,
    date=shape.date,
    voucher=shape.words,
    override=shape.prose,
)


def gate(value: object, place: str) -> Any:
    """Take a gate of an item: of an earlier record if it has the field ``record``."""
    refers = isinstance(value, dict) and "record" in value
    return (_RECORD if refers else _PAPER)(value, place)


CHAIN: Final[Check] = shape.record(
    windows=shape.sequence(
        shape.record(**{"from": shape.date}, until=shape.date, why=shape.words), high=100
    ),
    concentration=shape.optional(
        shape.record(numerator=shape.count(1), denominator=shape.count(1), inclusive=shape.boolean)
    ),
    ratio=shape.optional(shape.record(names=shape.count(1, 100), seats=shape.count(1, 100))),
)


def gate_of(value: Any) -> AnyGate:
    """Return a gate that passed ``gate``."""
    return Reference(**value) if "record" in value else Gate(**value)


def gate_json(one: AnyGate) -> dict[str, object]:
    """Return the object of a gate in ``meeting.json``."""
    if isinstance(one, Gate):
        return {"gate": one.gate, "digest": one.digest, "voucher": one.voucher}
    return {
        "gate": one.gate,
        "record": one.record,
        "item": one.item,
        "date": one.date,
        "voucher": one.voucher,
        "override": one.override,
    }


def chain_of(value: Any, place: str) -> Chain:
    """Return a chain that passed ``CHAIN``. Raises FormatError for what no chain can mean."""
    windows = tuple(Window(one["from"], one["until"], one["why"]) for one in value["windows"])
    if any(one.start > one.until for one in windows):
        raise FormatError(f"{place}.windows", "ends before it begins")
    share, ratio = value["concentration"], value["ratio"]
    try:
        concentration = None if share is None else Fraction(**share)
    except ValueError as e:
        raise FormatError(f"{place}.concentration", "not a share of a whole") from e
    return Chain(
        windows, concentration, None if ratio is None else Ratio(ratio["names"], ratio["seats"])
    )
