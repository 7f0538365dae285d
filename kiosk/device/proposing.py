"""Readings that were proposed on this device, so that it knows them again before it signs.

In the ledger a reading is masked, and the server makes the masks (``voting.meeting.readings``). It
is sent what every text is read as, by place and without the texts; whether that is what stands in
the act that comes back, text by text, only the device that proposed it can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from voting.errors import VerificationError
from voting.meeting import shape
from voting.meeting.bodies import AS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.device.certifying import ReadText

_READING: Final = shape.record(
    slot=shape.uuid22,
    entries=shape.sequence(
        shape.record(
            item=shape.identifier,
            ask=shape.one_of("", "others"),
            text=shape.words,
            **{"as": AS},
        ),
        low=1,
    ),
)


class Proposed:
    """What one device proposed and has not signed yet."""

    def __init__(self) -> None:
        self._by_slot: dict[str, list[tuple[object, ...]]] = {}
        self._before = dict(self._by_slot)

    def wish(self, kind: str, body: Mapping[str, Any]) -> dict[str, object]:
        """Return what the server is sent of a proposal; a reading is remembered.

        Raises:
            FormatError: A reading is not ``slot`` and ``entries``.
        """
        self._before = dict(self._by_slot)
        if kind != "reading":
            return dict(body)
        slot, entries = _READING(dict(body), "body").values()
        self._by_slot[slot] = [tuple(one.values()) for one in entries]
        return {"slot": slot, "read": [one["as"] for one in entries]}

    def refused(self) -> None:
        """Forget the last wish alone: the server would not have it."""
        self._by_slot = dict(self._before)

    def require(self, slot: str, found: Sequence[ReadText]) -> None:
        """Demand that a reading is the one proposed here, if one was.

        Raises:
            VerificationError: ``reading-otherwise``.
        """
        wanted = self._by_slot.get(slot)
        if wanted not in (None, [(one.item, one.ask, one.text, one.meant) for one in found]):
            raise VerificationError("reading-otherwise", slot=slot)

    def forget(self, slot: str | None = None) -> None:
        """Forget what was proposed of a slot, or everything: it was signed, or withdrawn."""
        for one in [slot] if slot else list(self._by_slot):
            self._by_slot.pop(one, None)
