"""What the forms are typeset from: plain dicts, derived from ``meeting.json``, the fold of the
ledger and ``result.json`` (docs/spec/forms.md, version 1).

Every text and number is printed as it is given. People are counted, never named, except the
candidates and the officers: who was on leave or recused stands in the minutes, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from voting.rules.rule import Kind


class MeetingData(TypedDict):
    """What the meeting froze. All texts; an empty one prints as a blank to fill in by pen."""

    title: str  # 中共××市委常委会2026年第21次会议
    body: str  # 中共××市委常委会: printed before the form's name
    number: str  # 2026年第21次
    date: str  # YYYY-MM-DD; also the PDF's own date
    place: str
    secrecy: str  # 机密
    retention: str  # 永久


class OfficerData(TypedDict):
    """One who signs. A teller or scrutineer signs every form, the others the first."""

    role: Literal["chair", "secretary", "scrutineer", "teller", "recorder"]
    name: str
    key: str | None  # hex of the public key; None signs by pen


class NameData(TypedDict):
    """One name of a contest. Counts are in the order of the columns; None prints as a dash."""

    name: str
    current: str
    counts: list[int | None]
    parts: list[int | None]  # of each group, where they voted apart and this is the sum; else empty
    rate: str  # 62.50%; "" where the rule prints none
    rank: int | None  # equal votes have one rank; None where nothing was counted
    result: str  # 当选, 票数相等 …; "" where nothing is decided
    chosen: bool  # whether it is one of those who were elected


class NamesData(TypedDict):
    """What a contest came to: names for seats, in the frozen order."""

    seats: int
    asked: str  # why a later round asks again; "" in the first
    columns: list[str]  # the words that were counted: 同意 …
    parts: list[str]  # titles of the groups of ``NameData.parts``
    rows: list[NameData]
    decides: bool  # whether there is a result for each name
    rated: bool  # whether there is a share for each name
    lines: list[str]  # 弃权 and 无效, who was elected, who goes to a next round


class CellData(TypedDict):
    """One cell of a grid. Nothing is counted in it where the box was not opened."""

    aspect: str
    counts: list[int | None]  # by grade, in the order of the scale
    rates: list[str]  # by grade; "" of one outside the base
    base: int | None
    favourable: str  # 满意率
    index: str  # "" where no grade has a weight
    flagged: bool


class SubjectData(TypedDict):
    """Who or what is assessed, with a cell for each aspect."""

    n: int
    name: str
    current: str
    cells: list[CellData]


class ScaleData(TypedDict):
    """The subjects on one scale: 班子 and 干部 stand apart."""

    title: str
    grades: list[str]
    indexed: bool
    subjects: list[SubjectData]


class GridData(TypedDict):
    """What an assessment came to."""

    scales: list[ScaleData]
    flags: list[str]  # 提请复核, a sentence for each


class EntryData(TypedDict):
    """What voters wrote in words, as often as it was written."""

    text: str
    votes: int
    remark: str  # what the roster has of it
    read: str  # what two scrutineers read it as


class EntriesData(TypedDict):
    """The entries of a shuffled contest that two people look at: form F22."""

    n: int  # of the item
    title: str
    invalid: int
    entries: list[EntryData]


class ItemData(TypedDict):
    """One item of the result. Counts are all None where the box was not opened."""

    n: int  # number in the meeting, from 1
    name: str  # the candidate, or the question in words
    current: str
    proposed: str  # "" where nothing is proposed
    removed: str  # "" where nothing is removed
    agree: int | None
    disagree: int | None
    abstain: int | None
    defer: int | None  # None too where the ballot has no 缓议
    passed: bool | None  # None: no decision (封存未开, 作废)
    decision_text: str  # 通过, 未通过, 封存未开 …: one short phrase
    base_text: str  # the rule's sentence: 以应到会成员超过半数同意形成决定 …
    note: str  # e.g. the other base under recusal; "" for none
    names: NamesData | None  # of a contest, which then has no counts of its own
    grid: GridData | None  # of an assessment, likewise


class RoundData(TypedDict):
    """One round. Numbers are counts of people or tickets; None prints as a dash."""

    n: int  # from 1, in the order of opening
    kind: Kind  # of the rule; it says what the papers are called
    rule: str  # the rule's title
    options: list[str]  # the words on a ballot of one mark: 同意, 不同意, 弃权[, 缓议]
    voters: str  # the series that voted, where the groups vote apart; "" for all
    slot: str  # the slot's uuid; its first 8 characters are printed
    state: Literal["counted", "certified", "under-floor", "void"]
    reason: str  # why it is void; "" otherwise
    due: int
    present: int  # of those due
    leave: int  # due - present
    recused: int  # members who withdrew from this round's paper
    recused_items: list[int]  # numbers of the items they withdrew from
    eligible: int  # present members with a vote in this round
    needed: int  # the quorum in people
    quorum_met: bool
    quorum_text: str  # the rule's sentence on attendance; "" for none
    printed: int  # tickets of this round's series
    issued: int  # 发出 = printed - leftover - withdrawn
    leftover: int
    withdrawn: int
    returned: int | None
    heads: int | None
    spoiled: int
    valid: int | None  # None: not opened
    invalid: int | None
    archive: str  # hex SHA-256 of the .bel; "" for none
    items: list[ItemData]
    entries: list[EntriesData]  # what two scrutineers look at; empty where all was plain
    readers: list[OfficerData]  # who signed the reading; empty where no words had to be read


class SumData(TypedDict):
    """What all groups that voted apart gave together, of the items under one rule."""

    kind: Kind
    rule: str
    options: list[str]
    items: list[ItemData]


class DigestData(TypedDict):
    """Digests printed on the first form, in hex."""

    of: Literal["result", "outcome"]  # what `result` digests: the meeting's, or one round's
    result: str  # SHA-256 of result.json, or of the outcome that is certified
    meeting: str  # the meeting's fingerprint


class ReportData(TypedDict):
    """Everything that is printed."""

    meeting: MeetingData
    officers: list[OfficerData]
    rounds: list[RoundData]
    sums: list[SumData]  # what all groups gave together, where they voted apart; else empty
    digests: DigestData
