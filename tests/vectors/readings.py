"""What is written in words and read: ledgers for ``generate_ledger``, counts for the contests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tally.outcome import Opened, counts_in
from tests.support.meeting import Simulation
from tests.support.readings import BLIND, ELECTED_WORDS, NOMINATED, body_of, counted, entry
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
    """Homonyms of a roster, read twice; whom they are read as the ledger does not say."""
    m = played.m
    slot = counted(m)
    act = m.propose("reading", **body_of(slot, READ))
    for signers in (
        ("scrutineer-1", "server"),
        ("scrutineer-1", "scrutineer-1", "server"),
        ("scrutineer-1", "secretary", "server"),
    ):
        played.refuse_line(m.sign(act, *signers))
    m.act("reading", **body_of(slot, [{**one, "as": "invalid"} for one in READ]))
    m.append(m.sign(m.propose("reading", **body_of(slot, READ, nonce="7e" * 16)), *_TWO))
    m.act("certify", **m.certify_body(slot, "scrutineer-1"))
    played.refuse("reading", **body_of(slot, READ))
    return played


_TWO = ("scrutineer-2", "scrutineer-1", "server")


def elected(played: Played) -> Played:
    """Words in an election: no reading before the count, nor after the next round was opened."""
    m = played.m
    m.sign_in(6)
    m.prepare(["i1"])
    slot = m.open(["i1"])
    m.spoil(slot)
    m.seal(slot, 6)
    body = body_of(slot, _READ["election"])
    played.refuse("reading", **body)
    m.act("no-objection", slot=slot)
    m.count(slot)
    m.act("reading", **body)
    m.prepare(["i1"])
    m.open(["i1"], standings=NEXT)
    played.refuse("reading", **body)
    return played


def alone(played: Played) -> Played:
    """One person with two keys is no two scrutineers."""
    slot = counted(played.m)
    played.refuse("reading", **body_of(slot, READ))
    return played


def wordless(played: Played, slot: str) -> None:
    """A counted round that takes no words is not read."""
    played.refuse("reading", **body_of(slot, READ))


def told(played: Played) -> Played:
    """What was released is not read again."""
    slot = counted(played.m)
    played.m.act("release", slot=slot)
    played.refuse("reading", **body_of(slot, _READ["election"]))
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
    before, rest = line.split('"entries":[')
    entry_, after = rest.split("]", 1)
    nonce = "c5" * 16
    assert entry_.isdigit()
    assert nonce in line

    def said(entries: str) -> str:
        return f'{before}"entries":[{entries}]{after}'

    return {
        "a code below none": said("-1"),
        "a code of more than 16 bits": said("65536"),
        "a code that is true": said("true"),
        "half a code": said("1.5"),
        "a code in words": said('"written"'),
        "a text in the clear": said('{"item":"i1","ask":"","text":"张三","as":"written"}'),
        "nothing read": said(""),
        "a nonce that is too short": line.replace(nonce, "c5" * 15),
        "a nonce in capitals": line.replace(nonce, "C5" * 16),
        "no nonce": line.replace(f'"nonce":"{nonce}",', ""),
    }


def good_line() -> str:
    m = Simulation(read_draft(NOMINATED))
    act = m.propose("reading", **body_of(m.slot, [entry("张三", "written")]))
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

_WRONG: dict[str, dict[str, tuple[int, int | str]]] = {
    "nomination": {
        "a number that the roster has not": (1, 8),
        "a name of the roster as written": (3, "written"),
        "a name of the roster as another": (3, 3),
    },
    "election": {
        "a number where there is no roster": (1, 1),
        "who stands already, as written": (0, "written"),
    },
}
"""By place, what a text is read as and may not be."""


def counts() -> Iterator[dict[str, object]]:
    """Yield boxes with words, what they are read as, and what is counted or refused."""
    for name, text in _TEXTS.items():
        m = Simulation(read_draft(text))
        slot = counted(m)
        good = _READ[name]
        said = {
            "read": good,
            "all invalid": [{**one, "as": "invalid"} for one in good],
            "one is left out": good[:-1],
            "one that nobody wrote": [*good, {**good[-1], "text": "陌生人", "as": "written"}],
            "another instead": [*good[:-1], {**good[-1], "text": "陌生人", "as": "written"}],
            "in another order": [good[1], good[0], *good[2:]],
            **{what: _with(good, *change) for what, change in _WRONG[name].items()},
        }
        body = body_of(slot, good)
        tried: dict[str, dict[str, Any] | None] = {
            "nobody read": None,
            **{what: body_of(slot, entries) for what, entries in said.items()},
            "under another nonce": body_of(slot, good, nonce="7e" * 16),
            "a nonce that is not its own": {**body, "nonce": "7e" * 16},
            "of another archive": body_of(slot, good, "b2" * 32),
        }
        asks = asks_of(m.meeting, "i1")
        rows = [_plaintext(asks[-1], given) for given in _BOXES[name]]
        totals = [[0 for _ in ask.ids] for ask in asks[:-1]]
        box = Opened(tuple(map(tuple, [*totals, ()])), BLIND, {len(totals): rows})
        yield {
            "kind": "read",
            "id": name,
            "meeting": m.meeting.raw.decode(),
            "blind": BLIND,
            "opened": [*totals, rows],
            "readings": [
                {"what": what, "body": body, **_said(m, body, slot, box)}
                for what, body in tried.items()
            ],
        }


def _with(good: list[dict[str, Any]], at: int, meant: int | str) -> list[dict[str, Any]]:
    return [{**one, "as": meant} if i == at else one for i, one in enumerate(good)]


def _said(m: Simulation, body: dict[str, Any] | None, slot: str, box: Opened) -> dict[str, object]:
    one = m.round(slot)
    if body is not None:
        one = advance(m.meeting, m.state, m.propose("reading", **body)).rounds[slot]
    try:
        return {"counts": counts_in(m.meeting, one, box)}
    except PiaojueError as e:
        return {"error": {"code": e.code}}


def _plaintext(ask: Ask, given: list[int | str] | None) -> list[int] | None:
    return None if given is None else encode_roster(ask, given)
