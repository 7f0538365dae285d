"""What happened at a rehearsal, told from the record that it left and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tally.outcome import opened_of
from tally.record.forms import report_data
from tally.record.layout import LEDGER, MEETING, RESULT, archive_path
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tally.report.data import GridData, ItemData, NameData, NamesData, RoundData
    from voting.words import Lang


_TITLES: Final = {
    (True, True): "account.item",
    (True, False): "account.item-alone",
    (False, True): "account.item-unopened",
    (False, False): "account.item-unopened-alone",
}
"""By whether an item has counts of its own, and whether it proposes a post beside its name."""


def tell(files: Mapping[str, bytes], lang: Lang) -> Iterator[str]:
    """Return the account line by line.

    Args:
        files: The record's files by path, after they were verified.
    """
    meeting = decode_meeting(files[MEETING])
    lines = decode_ledger(files[LEDGER])
    state = fold(meeting, lines)
    opened = {
        slot: opened_of(files[archive_path(slot)])
        for slot, one in state.rounds.items()
        if one.proofs is not None
    }
    data = report_data(meeting, lines, opened, files[RESULT], lang=lang)
    yield say("account.title", lang, title=meeting.title, number=meeting.number, date=meeting.date)
    for one in data["rounds"]:
        yield from _round(one, lang)
    for together in data["sums"]:
        yield ""
        yield say("account.together", lang, rule=together["rule"])
        for item in together["items"]:
            yield from _item(item, together["options"], lang)
    yield ""
    yield say("account.meeting-code", lang, code=meeting.code)
    yield say("account.result-code", lang, code=code_80bits(sha256_hex(files[RESULT])))


def _round(one: RoundData, lang: Lang) -> Iterator[str]:
    yield ""
    yield say("account.round", lang, n=one["n"], slot=one["slot"][:8])
    if one["voters"]:
        yield f"  {say('report.voters', lang, series=one['voters'])}"
    yield say(
        "account.attendance",
        lang,
        due=one["due"],
        present=one["present"],
        leave=one["leave"],
        recused=one["recused"],
        needed=one["needed"],
    )
    yield say(
        "account.tickets",
        lang,
        printed=one["printed"],
        leftover=one["leftover"],
        withdrawn=one["withdrawn"],
        issued=one["issued"],
        returned=one["returned"],
        heads=one["heads"],
        spoiled=one["spoiled"],
    )
    for item in one["items"]:
        yield from _item(item, one["options"], lang)


def _item(item: ItemData, options: Sequence[str], lang: Lang) -> Iterator[str]:
    names, grid = item["names"], item["grid"]
    counted = names is None and grid is None and item["agree"] is not None
    counts = dict(zip(("yes", "no", "neither"), options, strict=False)) if counted else {}
    said = item["proposed"] or item["removed"]
    yield say(
        _TITLES[counted, bool(said) and said != item["name"]],
        lang,
        **counts,
        n=item["n"],
        name=item["name"],
        proposed=said,
        agree=item["agree"],
        disagree=item["disagree"],
        abstain=item["abstain"],
        decision=item["decision_text"],
    )
    yield f"     {item['base_text']}"
    if item["note"]:
        yield f"      {item['note']}"
    if names is not None:
        yield from _names(names, lang)
    if grid is not None:
        yield from _grid(grid, lang)


def _names(names: NamesData, lang: Lang) -> Iterator[str]:
    """Whoever got a vote, and what follows: a roster may have 1,500 names."""
    yield say("account.seats", lang, seats=names["seats"], names=len(names["rows"]))
    if names["asked"]:
        yield f"     {names['asked']}"
    for row in names["rows"]:
        if any(row["counts"]):
            yield f"       {_name(row, names['columns'])}"
    for line in names["lines"]:
        yield f"     {line}"


def _name(row: NameData, columns: Sequence[str]) -> str:
    counted = zip(columns, row["counts"], strict=True)
    said = [f"{word}{count}" for word, count in counted if count is not None]
    return " ".join(part for part in (row["name"], *said, row["rate"], row["result"]) if part)


def _grid(grid: GridData, lang: Lang) -> Iterator[str]:
    """A line for each subject: of each aspect how many were content, and the index if any."""
    for scale in grid["scales"]:
        yield say("account.scale", lang, title=scale["title"], grades=scale["grades"])
        for one in scale["subjects"]:
            cells = (
                f"{cell['aspect']} {cell['index'] or cell['favourable']}{'※' * cell['flagged']}"
                for cell in one["cells"]
            )
            yield f"       {one['n']}. {one['name']}  {'  '.join(cells)}"
    for flag in grid["flags"]:
        yield f"     ※ {flag}"
