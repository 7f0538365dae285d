"""全程纪实表 (F20), its part on the votes: how one item came to its decision, out of the records.

A part for every meeting on the way, what came before first: a line for each gate of the item, a
paper by its digest and who vouched for it; what the room did; and every vote by its numbers.
Nothing is typed in and nothing counted again: the numbers are those on the forms of each record.
Of an earlier vote on many names only those who stand in the item are shown. Verify the records
first (``tally.verify.earlier``); a record knows nothing of later ones, so the last one is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from tally.record.extract import data_of
from tally.record.layout import LEDGER, MEETING, RESULT
from tally.report.chronicle import Chronicle, Part, Step
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import InputError
from voting.meeting.chain import LOCAL
from voting.meeting.draft_chain import standing
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.rules.dates import first_report
from voting.rules.gates import Reference
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tally.report.data import ItemData, OfficerData, ReportData, RoundData, SubjectData, SumData
    from voting.meeting.frozen import Item, Meeting
    from voting.meeting.ledger import Line
    from voting.words import Lang

_MARKS: Final = ("agree", "disagree", "abstain", "defer")
_ANSWERS: Final = ("chair", "scrutineer")


def chronicle(
    records: Mapping[str, Mapping[str, bytes]], digest: str, number: int, lang: Lang = "zh"
) -> Chronicle:
    """Return how an item came to its decision.

    Args:
        records: Files of the record and of every earlier one that its gates lead to, by the
            SHA-256 of their ``result.json``; all verified.
        digest: Of the record that decided.
        number: Of the item there, from 1.

    Raises:
        InputError: ``no-such-item``.
        KeyError: A record that a gate names is not among ``records``.
    """
    one = _Record.read(records[digest], lang)
    if not 1 <= number <= len(one.meeting.items):
        raise InputError("no-such-item", number=number, items=len(one.meeting.items))
    item = list(one.meeting.items.values())[number - 1]
    walk = _Walk(records, frozenset(standing(item)), lang, {digest: one})
    decided = datetime.fromisoformat(one.meeting.date).date()
    return Chronicle(
        names=standing(item),
        question=item.question,
        current=item.current,
        proposed=item.proposed,
        removed=item.removed,
        body=one.meeting.body,
        date=one.meeting.date,
        secrecy=one.meeting.secrecy,
        first_report=first_report(decided).isoformat(),
        parts=tuple(walk.parts(digest, item.id)),
        code=code_80bits(digest),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """What is needed of a record, decoded once."""

    meeting: Meeting
    lines: tuple[Line, ...]
    data: ReportData
    code: str

    @classmethod
    def read(cls, files: Mapping[str, bytes], lang: Lang) -> _Record:
        meeting, lines = decode_meeting(files[MEETING]), decode_ledger(files[LEDGER])
        code = code_80bits(sha256_hex(files[RESULT]))
        return cls(meeting, tuple(lines), data_of(files, lang), code)


@dataclass(slots=True)
class _Walk:
    """Follows gates back to the first vote; each vote is shown once."""

    records: Mapping[str, Mapping[str, bytes]]
    names: Collection[str]
    lang: Lang
    read: dict[str, _Record]
    seen: set[tuple[str, str]] = field(default_factory=set)

    def parts(self, digest: str, ident: str) -> Iterator[Part]:
        """Yield what stood before an item, then its own part; each once."""
        if (digest, ident) in self.seen:
            return
        self.seen.add((digest, ident))
        if digest not in self.read:
            self.read[digest] = _Record.read(self.records[digest], self.lang)
        one = self.read[digest]
        item = one.meeting.items[ident]
        for gate in item.gates:
            if isinstance(gate, Reference):
                yield from self.parts(gate.record or digest, gate.item)
        steps = (*self._gates(item, digest), *self._room(one, item), *self._votes(one, item))
        title = say("chronicle.meeting", self.lang, body=one.meeting.body, date=one.meeting.date)
        yield Part(title, steps)

    def _gates(self, item: Item, digest: str) -> Iterator[Step]:
        for gate in item.gates:
            title = say(f"gate.{gate.gate}", self.lang)
            if isinstance(gate, Reference):
                basis = code_80bits(gate.record or digest)
                came = (gate.override,) if gate.override else ()
                yield Step(title, when=gate.date, came=came, who=gate.voucher, basis=basis)
            else:
                yield Step(title, who=gate.voucher, basis=code_80bits(gate.digest))

    def _room(self, one: _Record, item: Item) -> Iterator[Step]:
        for line in one.lines:
            act = line.act
            if act.kind == "room" and act.body["item"] == item.id:
                yield Step(say(f"room-gate.{act.body['step']}", self.lang), when=_time(line))

    def _votes(self, one: _Record, item: Item) -> Iterator[Step]:
        number = list(one.meeting.items).index(item.id) + 1
        for held in one.data["rounds"]:
            for found in held["items"]:
                if found["n"] == number:
                    yield self._vote(one, held, found)
        for total in one.data["sums"]:
            for found in total["items"]:
                if found["n"] == number:
                    what = say("chronicle.sum", self.lang, rule=total["rule"])
                    yield Step(what, came=tuple(self._came(total, found)), basis=one.code)

    def _vote(self, one: _Record, held: RoundData, found: ItemData) -> Step:
        state = say(f"report.state-{held['state']}", self.lang)
        what = say("chronicle.vote", self.lang, rule=held["rule"], n=held["n"], state=state)
        return Step(
            f"{what} {held['voters']}".strip(),
            when=_signed(one, held["slot"]),
            present=f"{held['present']} / {held['due']}",
            ballots=" / ".join(_count(held[name]) for name in ("issued", "returned", "valid")),
            came=tuple(self._came(held, found)),
            who=self._officers(one.data["officers"]),
            basis=one.code,
        )

    def _came(self, held: RoundData | SumData, found: ItemData) -> Iterator[str]:
        """Yield what an item came to, a line for each name where it has names."""
        if found["names"] is not None:
            columns = found["names"]["columns"]
            for row in found["names"]["rows"]:
                if not self.names or row["name"] in self.names:
                    counts = self._counted(columns, row["counts"])
                    yield self._line(row["name"], counts, row["rate"], row["result"])
        elif found["grid"] is not None:
            for scale in found["grid"]["scales"]:
                for one in scale["subjects"]:
                    if not self.names or one["name"] in self.names:
                        yield self._line(one["name"], [], self._rates(one))
        else:
            marks: list[int | None] = [found[mark] for mark in _MARKS]
            counts = self._counted(held["options"], marks[: len(held["options"])])
            yield self._line(found["name"], counts, found["decision_text"])

    def _rates(self, one: SubjectData) -> str:
        cells = [f"{cell['aspect']} {cell['favourable']}".strip() for cell in one["cells"]]
        return say("chronicle.favourable", self.lang, cells=cells)

    def _counted(self, words: list[str], counts: list[int | None]) -> list[str]:
        return [
            say("chronicle.count", self.lang, word=word, votes=votes)
            for word, votes in zip(words, counts, strict=True)
            if votes is not None
        ]

    def _line(self, name: str, counts: list[str], *ends: str) -> str:
        said = say("chronicle.list", self.lang, words=counts)
        for end in filter(None, ends):
            said = say("chronicle.end", self.lang, said=said, end=end) if said else end
        return say("chronicle.name", self.lang, name=name, said=said)

    def _officers(self, officers: list[OfficerData]) -> str:
        ordered = [one for role in _ANSWERS for one in officers if one["role"] == role]
        roles = [say(f"report.role-{one['role']}", self.lang) for one in ordered]
        words = [
            say("chronicle.officer", self.lang, role=role, name=one["name"])
            for role, one in zip(roles, ordered, strict=True)
        ]
        return say("chronicle.list", self.lang, words=words)


def _signed(one: _Record, slot: str) -> str:
    """Return when a round's last signature came; of one that was voided, when that was."""
    ends = [
        line
        for line in one.lines
        if line.act.kind in {"certify", "void"} and line.act.body["slot"] == slot
    ]
    return _time(ends[-1]) if ends else one.meeting.date


def _time(line: Line) -> str:
    at = line.act.at
    return "" if at is None else f"{datetime.fromisoformat(at).astimezone(LOCAL):%Y-%m-%d %H:%M}"


def _count(number: int | None) -> str:
    return "—" if number is None else str(number)
