"""What is written in words and read: ledgers for ``generate_ledger``, counts for the contests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tally.outcome import Opened, counts_in
from tests.support.meeting import Simulation
from tests.support.readings import ELECTED_WORDS, NOMINATED, counted, entry
from voting.errors import PiaojueError
from voting.meeting.draft import read_draft
from voting.meeting.fold import advance
from voting.meeting.plaintexts import encode_roster
from voting.meeting.questions import asks_of
from voting.rules.shapes import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.vectors.generate_ledger import Played
    from voting.meeting.questions import Ask

READ = [entry("干部丙", 3), entry("张三", "written"), entry("王伟", 7), entry("王炜", 7)]
NEXT = {"i1": Standing(("c1", "others:欧阳修"), 1, "open", 2)}


def nominated(played: Played) -> Played:
    """Homonyms of a roster, read twice; what may not be said of them."""
    m = played.m
    slot = counted(m)
    for entries in (
        [entry("张三", 8)],
        [entry("王伟", "written")],
        [entry("王伟", 3)],
        [entry("王伟", 6), entry("张三", "written")],
        [entry("张三", "written"), entry("张三", "invalid")],
        [entry("张三", "written", ask="others")],
        [entry("张三", "written", item="i2")],
    ):
        played.refuse("reading", slot=slot, entries=entries)
    act = m.propose("reading", slot=slot, entries=READ)
    for signers in (
        ("scrutineer-1", "server"),
        ("scrutineer-1", "scrutineer-1", "server"),
        ("scrutineer-1", "secretary", "server"),
    ):
        played.refuse_line(m.sign(act, *signers))
    m.act("reading", slot=slot, entries=[entry("王伟", "invalid")])
    m.append(m.sign(m.propose("reading", slot=slot, entries=READ), *_TWO))
    m.act("certify", **m.certify_body(slot, "scrutineer-1"))
    played.refuse("reading", slot=slot, entries=READ)
    return played


_TWO = ("scrutineer-2", "scrutineer-1", "server")


def elected(played: Played) -> Played:
    """Words in an election: who stands already is no name from outside."""
    m = played.m
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.spoil(slot)
    m.seal(slot, 6)
    read = [entry("孙一", "invalid", ask="others"), entry("欧阳修", "written", ask="others")]
    played.refuse("reading", slot=slot, entries=read)
    m.act("no-objection", slot=slot)
    m.count(slot)
    for text, meant in (("孙一", "written"), ("欧阳修", 1)):
        played.refuse("reading", slot=slot, entries=[entry(text, meant, ask="others")])
    m.act("reading", slot=slot, entries=read)
    m.prepare(["i1"])
    m.open(["i1"], standings=NEXT)
    played.refuse("reading", slot=slot, entries=read)
    return played


def alone(played: Played) -> Played:
    """One person with two keys is no two scrutineers."""
    slot = counted(played.m)
    played.refuse("reading", slot=slot, entries=READ)
    return played


def told(played: Played) -> Played:
    """What was released is not read again."""
    slot = counted(played.m)
    played.m.act("release", slot=slot)
    played.refuse("reading", slot=slot, entries=[entry("欧阳修", "written", ask="others")])
    return played


def one_person() -> Simulation:
    """Two scrutineers of one name, which no draft may have."""
    draft = read_draft(NOMINATED)
    twice = [
        replace(one, name="成员2") if one.role == "scrutineer" else one for one in draft.officers
    ]
    return Simulation(replace(draft, officers=tuple(twice)))


def malformed(line: str) -> dict[str, str]:
    """Return readings that are no act, from the line of a good one."""
    good = '"as":"written"'
    assert good in line
    return {
        "a name read as number 0": line.replace(good, '"as":0'),
        "a name read as more than a roster has": line.replace(good, '"as":1501'),
        "a name read as what is no word for it": line.replace(good, '"as":"blank"'),
        "a name read as true": line.replace(good, '"as":true'),
        "a name read as half a number": line.replace(good, '"as":1.5'),
        "words in an ask that takes none": line.replace('"ask":""', '"ask":"for"'),
        "no words": line.replace('"text":"张三"', '"text":""'),
        "nothing read": line[: line.index("[{")] + "[]" + line[line.index("}]}}") + 2 :],
    }


def good_line() -> str:
    m = Simulation(read_draft(NOMINATED))
    act = m.propose("reading", slot=m.slot, entries=[entry("张三", "written")])
    return m.sign(act).raw.decode()


# --- counts --------------------------------------------------------------------------------------

_TEXTS = {"nomination": NOMINATED, "election": ELECTED_WORDS}
_BOXES: dict[str, list[list[int | str] | None]] = {
    "nomination": [
        [3, "王伟"],
        ["王炜", "王伟"],
        [7, "王伟"],
        [3, "干部丙"],
        ["张三"],
        ["李四"],
        [],
        None,
    ],
    "election": [["孙一", "欧阳修"], ["欧阳修"], ["孙一"], [], []],
}
_READ = {
    "nomination": [
        entry("干部丙", 3),
        entry("张三", "written"),
        entry("李四", "invalid"),
        entry("王伟", 7),
        entry("王炜", 7),
    ],
    "election": [entry("孙一", "invalid", ask="others"), entry("欧阳修", "written", ask="others")],
}


def counts() -> Iterator[dict[str, object]]:
    """Yield boxes with words, what they are read as, and what is counted or refused."""
    for name, text in _TEXTS.items():
        m = Simulation(read_draft(text))
        slot = counted(m)
        good = _READ[name]
        tried: dict[str, list[dict[str, Any]] | None] = {
            "read": good,
            "all invalid": [{**one, "as": "invalid"} for one in good],
            "nobody read": None,
            "one is left out": good[:-1],
            "one that nobody wrote": [*good, {**good[-1], "text": "陌生人", "as": "written"}],
            "another instead": [*good[:-1], {**good[-1], "text": "陌生人", "as": "written"}],
        }
        asks = asks_of(m.meeting, "i1")
        rows = [_plaintext(asks[-1], given) for given in _BOXES[name]]
        totals = [[0 for _ in ask.ids] for ask in asks[:-1]]
        box = Opened(tuple(map(tuple, [*totals, ()])), "", {len(totals): rows})
        yield {
            "kind": "read",
            "id": name,
            "meeting": m.meeting.raw.decode(),
            "opened": [*totals, rows],
            "readings": [
                {"what": what, "entries": entries, **_said(m, slot, entries, box)}
                for what, entries in tried.items()
            ],
        }


def _said(
    m: Simulation, slot: str, entries: list[dict[str, Any]] | None, box: Opened
) -> dict[str, object]:
    one = m.round(slot)
    if entries is not None:
        act = m.propose("reading", slot=slot, entries=entries)
        one = advance(m.meeting, m.state, act).rounds[slot]
    try:
        return {"counts": counts_in(m.meeting, one, box)}
    except PiaojueError as e:
        return {"error": {"code": e.code}}


def _plaintext(ask: Ask, given: list[int | str] | None) -> list[int] | None:
    return None if given is None else encode_roster(ask, given)
