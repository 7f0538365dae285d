"""Meetings in which names may be written in words, and what is read in their boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.contests import ELECTED, roster_item
from tests.support.drafts import draft_text
from voting.meeting.readings import mask_reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.support.meeting import Simulation
    from voting.meeting.readings import Key

BLIND = "b1" * 32
"""Of the archive of a box that is made up."""

LISTED = ("干部甲", "干部乙", "干部丙", "干部丁", "干部戊")
ROSTER = (
    '[[rosters]]\nid = "r1"\ntitle = "干部名册"\n'
    + "".join(f'[[rosters.names]]\nname = "{name}"\n' for name in LISTED)
    + "".join(f'[[rosters.names]]\nname = "王伟"\nkey = "{key}"\n' for key in ("财政局", "水利局"))
)
WORDS = '[rules.nomination]\nwrite-in = "text"\n'
NOMINATED = draft_text(items=roster_item("i1"), groups=ROSTER + WORDS)
"""Two names of a roster of seven, of whom 6 and 7 have one name, or in words."""
_ELECTED = ELECTED.replace('roster = "r1"\n', "", 1).replace(
    "[[series]]", '[rules.grassroots-election]\nwrite-in = "text"\n[[series]]', 1
)
ELECTED_WORDS = _ELECTED[: _ELECTED.index("[[rosters]]")] + _ELECTED[_ELECTED.index("[trustees]") :]
"""Two seats for four names, others in words."""


def entry(text: str, meant: int | str, item: str = "i1", ask: str = "") -> dict[str, Any]:
    """One entry of a reading."""
    return {"item": item, "ask": ask, "text": text, "as": meant}


def body_of(
    slot: str, entries: Sequence[Mapping[str, Any]], blind: str = BLIND, nonce: str = "c5" * 16
) -> dict[str, Any]:
    """The body of an act that reads these texts, whatever is in the box."""
    written: dict[Key, list[str]] = {}
    for one in entries:
        written.setdefault((one["item"], one["ask"]), []).append(one["text"])
    meant = [one["as"] for one in entries]
    return mask_reading(slot, written, meant, blind, lambda _: bytes.fromhex(nonce))


def counted(m: Simulation) -> str:
    """Count the first round of i1, with six ballots; return its slot."""
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.spoil(slot)
    m.seal(slot, 6)
    m.act("no-objection", slot=slot)
    m.count(slot)
    return slot
