"""A roll or a list of items as it is copied out of a spreadsheet, to rows of the draft.

Tab, semicolon or comma between the cells (in that order of preference), quotes around a cell that
holds one, with or without a line of headings in any order, a byte order mark, full-width spaces,
invisible characters, blank lines at the end: all of that is what people paste. Every row is told
its faults by line and column; nothing is guessed about a name.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kiosk.server.services.said import Said, said, said_error
from tally.report.fonts import check_text
from voting.errors import DraftError, InputError
from voting.meeting.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_ROWS: Final = 2000

HEADINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "roll": {
        "name": "姓名 名字 成员 成员姓名 name",
        "key": "区分 同名区分 key",
        "class": "类别 人员类别 身份 class",
        "post": "职务 现任职务 现任 单位职务 单位及职务 工作单位及职务 现工作单位及职务 post title",
        "series": "票组 组 组别 分组 series group",
    },
    "items": {
        "id": "编号 事项 id",
        "rule": "规则 表决规则 rule",
        "candidate": "姓名 人选 拟任人选 拟任免人选 推荐人选 candidate name",
        "current": "现任 现任职务 现职 职务 单位职务 单位及职务 现工作单位及职务 current post",
        "proposed": "拟任 拟任职务 拟任免职务 拟任职 提名职务 推荐职务 推荐职位 proposed",
        "removed": "拟免 拟免职务 免去职务 拟免职 removed",
        "question": "表决内容 票面 question",
    },
}
"""By kind and key of the draft, the headings that mean it; blanks and brackets do not count."""

ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "roll": ("name", "post", "class", "series", "key"),
    "items": ("candidate", "current", "proposed", "removed"),
}
"""The columns where there is no line of headings, after a column of numbers if there is one."""

NAMES: Final[Mapping[str, str]] = {"roll": "name", "items": "candidate"}
"""The column without which a line is no line of headings."""

CLASSES: Final[Mapping[str, str]] = {
    "member": "成员 委员 常委 常委委员 正式成员 表决 有表决权 member",
    "alternate": "候补 候补委员 候补成员 alternate",
    "attendee": "列席 列席人员 工作人员 会务 attendee",
}
_NUMBERS: Final = frozenset({"序号", "序", "no", "no.", "#"})
_DELIMITERS: Final = ("\t", ";", ",")
_HAN: Final = r"[\u2e80-\U0003ffff]"
_BETWEEN_HAN: Final = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read.

    Attributes:
        rows: With the draft's keys; what is empty is left out.
        faults: Line of the text from 1, heading of the column as it was written or as we call
            it, and the sentence.
        ignored: Headings that mean nothing to us.
    """

    rows: tuple[dict[str, str], ...]
    faults: tuple[dict[str, object], ...]
    ignored: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    kind: str
    columns: dict[str, int]
    headings: Mapping[str, str]
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[dict[str, object]] = field(default_factory=list)

    def fault(self, line: int, key: str, what: Said) -> None:
        self.faults.append({"row": line, "column": self.headings[key], **what})


def read_pasted(kind: str, text: str) -> Pasted:
    """Read a pasted table.

    Args:
        kind: ``roll`` or ``items``.

    Raises:
        InputError: ``paste-empty``; ``paste-too-long`` with ``limit``.
    """
    records = list(_records(text))
    if not records:
        raise InputError("paste-empty")
    reading, ignored, records = _columns(kind, records)
    if len(records) > MAX_ROWS:
        raise InputError("paste-too-long", limit=MAX_ROWS)
    for line, cells in records:
        row = {
            key: cells[at] for key, at in reading.columns.items() if at < len(cells) and cells[at]
        }
        reading.rows.append(_normal(reading, line, row))
        reading.lines.append(line)
    for line, row in zip(reading.lines, reading.rows, strict=True):
        _check(reading, line, row)
    _check_twice(reading)
    reading.faults.sort(key=lambda one: one["row"])  # type: ignore[arg-type,return-value]
    return Pasted(tuple(reading.rows), tuple(reading.faults), ignored)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every line that is not blank, with its number; cells are cleaned."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = next((one for one in _DELIMITERS if one in first), "\t")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            clean = [_cell(one) for one in cells]
            if any(clean):
                yield line, clean
    except csv.Error as e:  # a cell beyond the module's limit
        raise InputError("paste-too-long", limit=MAX_ROWS) from e


def _cell(text: str) -> str:
    """Take out what a spreadsheet or a form adds to a cell and nobody sees."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(" " if c.isspace() else c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(text.split())


def _columns(
    kind: str, records: list[tuple[int, list[str]]]
) -> tuple[_Reading, tuple[str, ...], list[tuple[int, list[str]]]]:
    known = {word: key for key, words in HEADINGS[kind].items() for word in words.split()}
    first = records[0][1]
    found = [known.get(_heading(cell)) for cell in first]
    if NAMES[kind] in found:
        columns: dict[str, int] = {}
        for at, key in enumerate(found):
            if key is not None:
                columns.setdefault(key, at)
        ignored = tuple(
            cell
            for cell, key in zip(first, found, strict=True)
            if cell and key is None and _heading(cell) not in _NUMBERS
        )
        headings = {key: first[at] for key, at in columns.items()}
        return _Reading(kind, columns, _all(kind, headings)), ignored, records[1:]
    shift = int(all(cells[0].rstrip(".、").isdigit() for _, cells in records))
    columns = {key: at + shift for at, key in enumerate(ORDER[kind])}
    return _Reading(kind, columns, _all(kind, {})), (), records


def _all(kind: str, headings: Mapping[str, str]) -> dict[str, str]:
    return {key: words.split()[0] for key, words in HEADINGS[kind].items()} | dict(headings)


def _heading(cell: str) -> str:
    """Return a heading as it is looked up: without blanks, brackets and what is in them."""
    return re.sub(r"[(（].*?[)）]|\s", "", cell).strip(":：*").lower()


def _normal(reading: _Reading, line: int, row: dict[str, str]) -> dict[str, str]:
    """Bring names, classes and series to the draft's form."""
    name = NAMES[reading.kind]
    if name in row:
        row[name] = _BETWEEN_HAN.sub("", row[name])
    if "class" in row:
        known = {word: cls for cls, words in CLASSES.items() for word in words.split()}
        cls = known.get(row["class"].lower())
        if cls is None:
            reading.fault(line, "class", said("desk.fault.class", text=row["class"]))
            del row["class"]
        elif cls == "member":
            del row["class"]
        else:
            row["class"] = cls
    if "series" in row:
        row["series"] = row["series"].removesuffix("组").removesuffix("票")
    return row


def _check(reading: _Reading, line: int, row: Mapping[str, str]) -> None:
    """Note what the draft would refuse of this row by itself."""
    name = NAMES[reading.kind]
    if name not in row:
        reading.fault(line, name, said("desk.fault.name"))
    if reading.kind == "items" and not {"proposed", "removed", "question"} & row.keys():
        reading.fault(line, "proposed", said("desk.fault.proposed"))
    for key, text in row.items():
        table = Table({key: text}, "")
        read: Any = table.text
        if key == name:
            read = table.name
        elif key in ("series", "id", "rule"):
            read = table.identifier
        try:
            check_text(read(key), key)
        except DraftError as e:
            reading.fault(line, key, said_error(e))


def _check_twice(reading: _Reading) -> None:
    """Note people of one name on the roll whom no key tells apart."""
    if reading.kind != "roll":
        return
    seen: dict[str, tuple[int, str]] = {}
    for line, row in zip(reading.lines, reading.rows, strict=True):
        name, key = row.get("name"), row.get("key", "")
        if name is None:
            continue
        first, its_key = seen.setdefault(name, (line, key))
        if first != line and (not key or not its_key or key == its_key):
            reading.fault(line, "name", said("desk.fault.twice", name=name, row=first))


def merged_items(
    rows: Sequence[Mapping[str, str]],
    before: Sequence[Mapping[str, Any]],
    rule: str | None,
    gates: Sequence[Mapping[str, str]],
) -> list[dict[str, Any]]:
    """Return the draft's items: what was settled of an item that was there before stays.

    A table has people only: items of names, a roster or a grid stay after its rows.

    Args:
        before: The draft's items so far; one is the same with the same candidate and post.
        rule: For rows without one; by default that of most items before.
        gates: For items without any.
    """
    rules = [str(one["rule"]) for one in before if "rule" in one]
    usual = rule or (max(rules, key=rules.count) if rules else None)
    asking = [dict(one) for one in before if _ASKING & set(one)]
    left = [dict(one) for one in before if not _ASKING & set(one)]
    kept = [_same(row, left) for row in rows]
    taken = {str(one["id"]) for one in (*kept, *rows, *asking) if "id" in one}
    free = (f"i{n}" for n in range(1, 10_000) if f"i{n}" not in taken)
    items = []
    for row, old in zip(rows, kept, strict=True):
        item: dict[str, Any] = {"id": row.get("id") or old.get("id") or next(free)}
        chosen = row.get("rule") or old.get("rule") or usual
        if chosen:
            item["rule"] = chosen
        item |= {
            key: row[key] for key in ("candidate", "current", "proposed", "removed") if key in row
        }
        if question := row.get("question") or old.get("question"):
            item["question"] = question
        if settled := old.get("gates") or [dict(one) for one in gates]:
            item["gates"] = settled
        items.append(item)
    return [*items, *asking]


_ASKING: Final = frozenset({"seats", "names", "roster", "subjects", "aspects"})
"""Keys of an item that takes more than one mark."""


def _same(row: Mapping[str, str], left: list[dict[str, Any]]) -> dict[str, Any]:
    """Take out of ``left`` the item that a row is about; an empty one when there is none."""
    for keys in (("candidate", "proposed", "removed"), ("candidate",)):
        for one in left:
            if row.get("candidate") and all(one.get(key, "") == row.get(key, "") for key in keys):
                left.remove(one)
                return one
    return {}
