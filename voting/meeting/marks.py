"""A voter's marks, a ballot's choices, a round's counts: one order, three forms.

The mark of an item is one option where the item takes one mark for one person, else by ask:

    {"i1": "agree", "i2": {"": ["c1", "c3"]}, "i3": {"": [17, 203]}, "i4": {"s1.a1": "good", …}}

Every ask of every item of the round has its mark; an item without one can not be sealed, and
nothing here turns silence into an abstention: whoever chooses nobody says ``["blank"]``, where the
ask allows it, or gives an empty list, where it does not need any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from voting.errors import InputError
from voting.meeting.plaintexts import decode_roster, encode_roster
from voting.meeting.questions import BLANK, asks_of, shape_of
from voting.meeting.readings import read_names
from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import GroupNumbers, Numbers

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting
    from voting.meeting.questions import Ask
    from voting.meeting.readings import As, Reading
    from voting.meeting.state import Round
    from voting.rules.evaluation import Evaluation
    from voting.rules.shapes import Standing

AskMark = str | Sequence[int | str]
Mark = str | Mapping[str, AskMark]
Marks = dict[str, Mark]
"""Mark by item id. Never logged, never stored."""

Entries = Sequence[Sequence[int] | None]
"""The plaintexts of a shuffled question; None: one that no numbers embed to."""
Standings = Mapping[str, "Standing"]
"""Who stands in a round, by item; an item that is not in it: as frozen."""
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})


def choices_of(
    meeting: Meeting,
    items: Sequence[str],
    marks: Mapping[str, Mark],
    standings: Standings = _NOTHING,
) -> list[list[int]]:
    """Return the choices that a ballot seals, one row for each question of the round.

    Raises:
        InputError: ``items-unmarked`` with ``items``; ``unknown-mark`` for an item or an answer
            that the paper does not have, ``roster-mark``, ``roster-text-long``. None tells what
            was chosen.
    """
    missing = [item for item in items if item not in marks]
    if missing:
        raise InputError("items-unmarked", items=missing)
    foreign = [item for item in marks if item not in items]
    if foreign:
        raise InputError("unknown-mark", item=foreign[0])
    rows: list[list[int]] = []
    for item in items:
        asks = asks_of(meeting, item, standings.get(item))
        by_ask = _by_ask(meeting, item, marks[item])
        if missing := [ask.id for ask in asks if ask.id not in by_ask]:
            raise InputError("items-unmarked", items=[item])
        if len(by_ask) != len(asks):
            raise InputError("unknown-mark", item=item)
        rows += [_choices(item, ask, by_ask[ask.id]) for ask in asks]
    return rows


def marks_of(
    meeting: Meeting,
    items: Sequence[str],
    choices: Sequence[Sequence[int]],
    standings: Standings = _NOTHING,
) -> Marks:
    """Return the marks of an opened ballot: the inverse of ``choices_of``.

    Raises InputError ``unknown-mark`` when a question's choices are no mark of its ask.
    """
    marks: Marks = {}
    at = 0
    for item in items:
        asks = asks_of(meeting, item, standings.get(item))
        rows = choices[at : at + len(asks)]
        at += len(asks)
        if len(rows) != len(asks):
            raise InputError("unknown-mark", item=item)
        by_ask = {ask.id: _mark(item, ask, row) for ask, row in zip(asks, rows, strict=True)}
        single = meeting.items[item].contest is None
        marks[item] = by_ask[""] if single else by_ask  # type: ignore[assignment]
    if at != len(choices):
        raise InputError("unknown-mark", item=items[-1])
    return marks


def counts_of(
    meeting: Meeting,
    items: Sequence[str],
    totals: Sequence[Sequence[int]],
    standings: Standings = _NOTHING,
    entries: Mapping[int, Entries] = _NOTHING,
    reading: Reading | None = None,
) -> dict[str, dict[str, Any]]:
    """Return the opened totals of a round by item: ``{option: n}``, or by ask and answer.

    A roster's ask gives ``numbers`` (by number, ascending), ``none``, ``invalid`` and ``texts``.

    Args:
        totals: Belenios' result: for each question one number for each choice.
        entries: Of the shuffled ones, by the question's index from 0, the plaintexts.
        reading: What the words in them are read as; None: counted as they were written.
    """
    counts: dict[str, dict[str, Any]] = {}
    at = 0
    for item in items:
        by_ask = {}
        for ask in asks_of(meeting, item, standings.get(item)):
            roster = ask.type == "roster"
            by_ask[ask.id] = (
                _named(ask, entries.get(at, ()), (reading or _NOTHING).get((item, ask.id)))
                if roster
                else dict(zip(ask.ids, totals[at], strict=True))
            )
            at += 1
        counts[item] = by_ask[""] if meeting.items[item].contest is None else by_ask
    assert at == len(totals)
    return counts


def evaluate_round(
    meeting: Meeting, one: Round, counts: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, Evaluation]:
    """Return what the frozen rule says of every item of a sealed or counted round.

    Args:
        counts: By item, as ``counts_of``; None for a round that ended under the floor.
    """
    assert one.present_at_seal is not None
    assert one.returned is not None
    rule = meeting.rules[one.rule]
    groups = {
        ident: GroupNumbers(meeting.groups[ident].count, here, one.groups_at_seal[ident])
        for ident, here in one.groups_at_open.items()
    }
    evaluations = {}
    for item in one.items:
        numbers = Numbers(
            due=one.due,
            present_at_open=one.present_at_open,
            present_at_seal=one.present_at_seal,
            issued=one.issued,
            returned=one.returned,
            recused=one.recused[item],
            groups=groups,
        )
        evaluations[item] = evaluate_item(
            rule,
            shape_of(meeting, item, one.standings.get(item)),
            numbers,
            None if counts is None else counts[item],
            floor=meeting.floor_under(rule),
        )
    return evaluations


def _by_ask(meeting: Meeting, item: str, mark: Mark) -> Mapping[str, AskMark]:
    single = meeting.items[item].contest is None
    if isinstance(mark, str) != single:
        raise InputError("unknown-mark", item=item)
    return {"": mark} if isinstance(mark, str) else mark


def _choices(item: str, ask: Ask, mark: AskMark) -> list[int]:
    if ask.type == "roster":
        if isinstance(mark, str):
            raise InputError("unknown-mark", item=item)
        return encode_roster(ask, mark)
    if isinstance(mark, str) != (ask.type == "one"):
        raise InputError("unknown-mark", item=item)
    chosen = [mark] if isinstance(mark, str) else list(mark)
    row = [int(ident in chosen) for ident in ask.ids]
    if sum(row) != len(chosen) or not _allowed(ask, row):
        raise InputError("unknown-mark", item=item)
    return row


def _mark(item: str, ask: Ask, row: Sequence[int]) -> AskMark:
    if ask.type == "roster":
        mark = decode_roster(ask, row)
        if mark is None:
            raise InputError("unknown-mark", item=item)
        return mark
    good = len(row) == len(ask.ids) and all(one in (0, 1) for one in row)
    if not good or not _allowed(ask, row):
        raise InputError("unknown-mark", item=item)
    chosen = [ident for ident, one in zip(ask.ids, row, strict=True) if one]
    return chosen[0] if ask.type == "one" else chosen


def _allowed(ask: Ask, row: Sequence[int]) -> bool:
    """Whether a ballot may hold these choices (as ``voting.protocol.answers``)."""
    if ask.blank and row[0]:
        return sum(row) == 1
    return ask.minimum <= sum(row) <= ask.maximum


def _named(ask: Ask, entries: Entries, reading: Mapping[str, As] | None) -> dict[str, Any]:
    """Count the names of a roster's ask; an entry not in the one form is one 无效.

    So is one that named somebody, of which nothing is left as it is read.
    """
    numbers: Counter[int] = Counter()
    texts: Counter[str] = Counter()
    none = invalid = 0
    for plaintext in entries:
        mark = None if plaintext is None else decode_roster(ask, plaintext)
        names = mark if mark is None or reading is None else read_names(mark, reading)
        none += mark == []
        invalid += mark is None or (bool(mark) and not names)
        numbers.update(one for one in names or () if isinstance(one, int))
        texts.update(one for one in names or () if isinstance(one, str))
    return {
        "numbers": {str(number): numbers[number] for number in sorted(numbers)},
        "none": none,
        "invalid": invalid,
        "texts": [{"text": text, "votes": texts[text]} for text in sorted(texts)],
    }


__all__ = ["BLANK", "Mark", "Marks", "choices_of", "counts_of", "evaluate_round", "marks_of"]
