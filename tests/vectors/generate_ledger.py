"""Write ``data/ledger.json``: whole ledgers, what they fold to, and lines that must be refused.

Run ``python -m tests.vectors.generate_ledger``. Deterministic; ``test_ledger_vectors`` runs it and
compares. Python and JavaScript read the same file: a page folds the ledger as the services and the
verifier do. Keys and tokens in it are public.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.support.contests import CONTESTED, ELECTED
from tests.support.drafts import GROUPED, RECOMMENDED, draft_text, item_of
from tests.support.fold_json import state_digest, state_json
from tests.support.meeting import Simulation
from tests.support.readings import ELECTED_WORDS, NOMINATED
from tests.vectors import contests_ledger, readings
from tests.vectors.generate_trustees import DATA
from voting.errors import PiaojueError
from voting.meeting.draft import read_draft
from voting.meeting.fold import apply
from voting.meeting.ledger import Line, Signature, complete
from voting.meeting.rounds import checkpoint_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "ledger.json"


@dataclass
class Played:
    """A simulation, and what was refused on the way, by the height at which it was tried."""

    m: Simulation
    refused: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, kind: str, **body: Any) -> None:
        """Try an act that is signed as it should be and not allowed now."""
        self.refuse_line(self.m.sign(self.m.propose(kind, **body)))

    def refuse_line(self, line: Line) -> None:
        try:
            apply(self.m.meeting, self.m.state, line)
        except PiaojueError as e:
            self.refused.append(
                {"height": self.m.state.height, "line": line.raw.decode(), "code": e.code}
            )
        else:
            raise AssertionError(line.act.kind)

    def to_json(self, comment: str) -> dict[str, object]:
        m = self.m
        return {
            "comment": comment,
            "meeting": m.meeting.raw.decode(),
            "lines": [line.raw.decode() for line in m.lines],
            "refused": self.refused,
            "digest": state_digest(m.state),
            "state": state_json(m.state),
        }


def _forged(played: Played) -> None:
    """Lines with nothing wrong but their place or their signatures."""
    m = played.m
    act = m.propose("attend", **m.person(6))
    wrong = Signature("server", m.sign(m.propose("attend", **m.person(5))).signatures[0].signature)
    played.refuse_line(complete(act, [wrong]))
    played.refuse_line(m.sign(act, "secretary", "server"))
    played.refuse_line(m.lines[-1])
    correction = m.propose("correct", leave=[], attend=[m.person(6)], present=[], reason="迟到")
    played.refuse_line(m.sign(correction, "scrutineer-1", "secretary", "server"))


def named() -> Played:
    """Seven members, one recused; a round voided, one under the comparison aloud, one shut."""
    m = Simulation(read_draft(draft_text(items="".join(map(item_of, (1, 2, 3))), quota=1)))
    played = Played(m)
    m.sign_in(6)
    _forged(played)
    played.refuse("attend", **m.person(0))
    m.act("recuse", **m.recusal("i1", 5))
    played.refuse("recuse", **m.recusal("i1", 5))
    m.act("minute", item="i1", what="introducer", line="c" * 64, late=False)
    played.refuse("room", item="i1", step="discussed")
    m.prepare(["i1"], drawn=6)
    played.refuse("open", **{**m.open_body(["i1"]), "active": 4})
    m.withdraw(m.slot, 5)
    played.refuse("withdraw", **m.ticket_body("withdraw", m.slot, 5))
    played.refuse("open", **{**m.open_body(["i1"]), "election": "0" * 64})
    first = m.open(["i1"])
    m.spoil(first)
    played.refuse("minute", item="i1", what="speaker", line="d" * 64, late=False)
    played.refuse("seal", **m.seal_body(first, 5, heads=4))
    m.seal(first, 5)
    played.refuse("compared", slot=first, checkpoint="a" * 64, missing=[3])
    m.act("no-objection", slot=first)
    played.refuse("count", **m.count_body(first, (1, 2)))
    digest = checkpoint_of(m.meeting, m.round(first)).digest
    m.act("compared", slot=first, checkpoint=digest, missing=[3])
    m.count(first, (1, 2))
    readings.wordless(played, first)
    played.refuse("certify", **m.certify_body(first, "chair"))
    played.refuse("void", slot=first, reason="晚了", pen=None)
    m.certify(first)
    m.act("release", slot=first)
    m.prepare(["i2", "i3"])
    second = m.open(["i2", "i3"])
    m.seal(second, 6)
    m.act("void", slot=second, reason="重新表决", pen=None)
    played.refuse("close", missing=[])
    m.act("leave", **m.person(4))
    m.act("return", **m.person(4))
    m.prepare(["i2", "i3"])
    third = m.open(["i2", "i3"])
    m.seal(third, 4)
    played.refuse("no-objection", slot=third)
    m.act("destroy", trustee=2)
    played.refuse("destroy", trustee=2)
    played.refuse("attend", **m.person(6))
    m.act("close", missing=[1, 3])
    played.refuse("destroy", trustee=1)
    return played


def grouped() -> Played:
    """Seven named and ten who are counted; a series is void and its group draws again."""
    m = Simulation(read_draft(GROUPED))
    played = Played(m)
    m.sign_in(5)
    played.refuse("attend", **m.person(5, "G"))
    m.act("present", group="G", series="G", count=5)
    played.refuse("present", group="G", series="G", count=7)
    played.refuse("present", group="H", series="R", count=2)
    m.act("present", group="H", series="H", count=4)
    m.act("void-series", series="H", reason="投票码外泄")
    m.act("present", group="H", series="R", count=4)
    fixed = {"group": "G", "series": "G", "count": 6}
    m.act("correct", leave=[m.person(4)], attend=[], present=[fixed], reason="签到有误")
    m.discuss("i1", "i2", "i3")
    for series, drawn in (("A", 4), ("R", 4), ("G", 6)):
        for index in range(drawn, m.meeting.series[series].printed):
            m.leftover(m.slot, index, series)
    items = ["i1", "i2", "i3"]
    played.refuse("open", **m.open_body(items, series=["A", "R"]))
    slot = m.open(items, series=["A", "R", "G"])
    m.spoil(slot)
    m.seal(slot, 14)
    m.finish(slot)
    m.close()
    return played


def apart() -> Played:
    """A recommendation: every group votes on the same items in a paper of its own."""
    m = Simulation(read_draft(RECOMMENDED))
    played = Played(m)
    m.sign_in(7)
    drawn = {"A": 7, "G": 6, "H": 4, "K": 2}
    for group in ("G", "H", "K"):
        m.act("present", group=group, series=group, count=drawn[group])
    items = ["i1", "i2"]
    m.discuss(*items)

    def leftovers(*series: str) -> None:
        for one in series:
            for index in range(drawn[one], m.meeting.series[one].printed):
                m.leftover(m.slot, index, one)

    leftovers("A")
    first = m.open(items, series=["A"])
    played.refuse("open", **m.open_body(items, series=["A"]))
    leftovers("K")
    played.refuse("open", **m.open_body(items, series=["K"]))
    played.refuse("open", **{**m.open_body(items, series=["G"]), "round": 2})
    leftovers("G")
    second = m.open(items, series=["G"])
    m.act("minute", item="i1", what="remark", line="c" * 64, late=True)
    m.seal(first, 7)
    m.act("void", slot=first, reason="重新推荐", pen=None)
    leftovers("A")
    played.refuse("open", **{**m.open_body(items, series=["A"]), "round": 1})
    again = m.open(items, series=["A"])
    leftovers("H", "K")
    third = m.open(items, series=["H", "K"])
    m.spoil(third)
    for slot, returned in ((second, 6), (again, 7), (third, 5)):
        m.seal(slot, returned)
        m.act("no-objection", slot=slot)
        m.count(slot)
        played.refuse("release", slot=slot)
        for officer in ("scrutineer-1", "scrutineer-2", "chair"):
            m.act("certify", **m.certify_body(slot, officer))
    m.close()
    return played


CHAINED = draft_text(
    items=item_of(1)
    + item_of(1)
    .replace('"i1"', '"i2"')
    .replace("gates = [", 'gates = [{ gate = "reconsidered", item = "i1", voucher = "秘书" }, ')
).replace(
    "[trustees]",
    "[chain]\nwindows = [{ from = 2026-11-22, until = 2026-11-30, why = '机构改革' }]\n[trustees]",
)
"""A vote that waits for the item before it, the day before a freeze window."""


def chained() -> Played:
    """A fresh vote that waits for its motion, and a window that begins at midnight in Beijing."""
    m = Simulation(read_draft(CHAINED))
    played = Played(m)
    m.sign_in(6)
    m.prepare(["i1", "i2"])
    played.refuse("open", **m.open_body(["i2"]))
    late = datetime(2026, 11, 21, 16, tzinfo=UTC)
    act = replace(m.propose("open", **m.open_body(["i1"])), at=late.strftime("%Y-%m-%dT%H:%M:%SZ"))
    played.refuse_line(m.sign(act))
    played.refuse_line(m.sign(replace(act, at="2026-11-20T15:00:00Z")))  # dated before all others
    before = replace(m.propose("attend", **m.person(6)), at="2026-11-21T08:59:59Z")
    played.refuse_line(m.sign(before))
    first = m.open(["i1"])
    m.seal(first, 6)
    m.act("no-objection", slot=first)
    m.count(first)
    m.prepare(["i2"])
    played.refuse("open", **m.open_body(["i2"]))
    m.certify(first)
    m.open(["i2"])
    return played


def written() -> Iterator[dict[str, object]]:
    """Names in words, and what two scrutineers read them as."""
    named = Played(Simulation(read_draft(NOMINATED)))
    yield readings.nominated(named).to_json("homonyms in words, read, and read again")
    elected = Played(Simulation(read_draft(ELECTED_WORDS)))
    yield readings.elected(elected).to_json("names from outside in words, and a next round")
    told = Played(Simulation(read_draft(ELECTED_WORDS)))
    yield readings.told(told).to_json("words of a round that was released")
    alone = Played(readings.one_person())
    yield readings.alone(alone).to_json("one person with the keys of two scrutineers")


def contests() -> Iterator[dict[str, object]]:
    """Later rounds of a contest and of an election."""
    ties = Played(Simulation(read_draft(CONTESTED.replace("slots = 4", "slots = 6"))))
    yield contests_ledger.contested(ties).to_json("a tie, a seat that is left, and what may stand")
    written_in = Played(Simulation(read_draft(ELECTED)))
    yield contests_ledger.elected(written_in).to_json("a next round with names from outside")


def lines() -> list[dict[str, object]]:
    """Lines that are no lines, before any ledger is asked."""
    m = Simulation.fresh()
    line = m.sign(m.propose("attend", **m.person(0))).raw.decode()
    spoil = m.sign(m.propose("spoil", slot=m.slot, tracker="A" * 43), "server").raw.decode()
    at = '"2026-11-21T09:00:02Z"'
    changed = {
        "a field too many": line.replace('"body":{', '"body":{"a":1,', 1),
        "fields in another order": line.replace('"height":2,"parent"', '"parent":"","height"', 1),
        "no kind": line.replace('"attend"', '"attends"', 1),
        "no time of day": line.replace("T09:", "T25:", 1),
        "a time that the calendar has not": line.replace("2026-11-21", "2026-02-30", 1),
        "an hour 24": line.replace("T09:00:02Z", "T24:00:00Z", 1),
        "a second 60": line.replace("T09:00:02Z", "T23:59:60Z", 1),
        "a time in the year 9999": line.replace("2026-11-21", "9999-12-31", 1),
        "a time in the year 1999": line.replace("2026-11-21", "1999-12-31", 1),
        "an id that is a number": line.replace('"series":"A"', '"series":"10"', 1),
        "no time": line.replace(f'"at":{at}', '"at":null', 1),
        "a time that could point at a person": spoil.replace('"at":null', f'"at":{at}'),
        "an unseen sign": line.replace("server", "ser\u200bver", 1),
        "a space": line.replace('":', '": ', 1),
        "no signature": line[: line.index('"signatures"')] + '"signatures":[]}',
        "an object that is none": "[]",
        **readings.malformed(readings.good_line()),
    }
    return [{"comment": comment, "line": text} for comment, text in changed.items()]


def file() -> bytes:
    """Return the file's bytes."""
    value = {
        "spec": "docs/spec/ledger.md",
        "ledgers": [
            named().to_json("recusal, withdrawal, comparison aloud, void, under the floor"),
            grouped().to_json("groups that are counted, a series that is void, a correction"),
            apart().to_json("groups that vote apart on the same items"),
            *written(),
            *contests(),
            chained().to_json("a vote that waits for its motion, and a freeze window"),
        ],
        "malformed": lines(),
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


if __name__ == "__main__":
    (DATA / NAME).write_bytes(file())
