"""Meetings whose papers ask for names and grades, and what a ballot in their box says.

``MIXED`` has a paper of each kind that asks for names, ``GRID`` forty people of six aspects,
``TEAMS`` two scales, ``FOLLOWED`` two rounds. ``marks_in`` opens single ballots with the
trustees' shares, as nobody can in a meeting, and reads them with the server's own code.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from kiosk.server.services import casting
from tests.support.ballots import scalar, seed
from tests.support.browser import axe
from tests.support.drafts import GATES, draft_text
from tests.support.meeting import token_of
from voting.crypto.dkg import lagrange_at_zero
from voting.crypto.group import ED25519
from voting.meeting.marks import choices_of, marks_of
from voting.protocol.answers import HomomorphicAnswer
from voting.protocol.ballot import decode_ballot, seal_ballot, verify_ballot
from voting.protocol.credential import private_credential
from voting.protocol.election import MAX_NUMBERS, decode_election

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.server import Hall
    from tests.support.serving import Serving
    from voting.crypto.elgamal import Ciphertext
    from voting.meeting.marks import Marks

UNTOUCHABLE = """() => [...document.querySelectorAll(".screen button")].filter((key) => {
  const { left, top, width, height } = key.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  return there === null || !(key.contains(there) || there.contains(key));
}).map((key) => key.textContent)"""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = ("建国", "志强", "文静", "晓明", "桂兰", "海涛", "国庆", "雪梅")
UNITS = ("县财政局", "县发展和改革局", "县教育局", "青山镇", "白水镇", "县卫生健康局", "县水利局")


def people(count: int) -> list[str]:
    """Names as they are, the given ones before the surnames turn: 王建国, 李建国, …"""
    return [f"{surname}{given}" for given, surname in product(GIVEN, SURNAMES)][:count]


def roster(ident: str, count: int, standing: int = 0) -> str:
    """A roster without the first who stand; two are called 于志强 and told apart by a key."""
    rows = [(name, "") for name in people(count + standing)[standing:]]
    rows[-2:] = [("于志强", "男"), ("于志强", "女")]
    rows = [row for row in rows if row[0] != "于志强" or row[1]]
    listed = "".join(
        f'[[rosters.names]]\nname = "{name}"\nkey = "{key}"\nunit = "{UNITS[i % len(UNITS)]}"\n'
        for i, (name, key) in enumerate(rows)
    )
    return f'[[rosters]]\nid = "{ident}"\ntitle = "符合条件干部名册"\n{listed}'


def _names(*listed: tuple[str, str]) -> str:
    return "".join(
        f'[[items.names]]\nname = "{name}"\ncurrent = "{post}"\n' for name, post in listed
    )


def _post(ident: str, rule: str, post: str, seats: int, more: str) -> str:
    return (
        f'[[items]]\nid = "{ident}"\nrule = "{rule}"\nproposed = "{post}"\nseats = {seats}\n{more}'
    )


def _same(post: str, count: int) -> str:
    """So many names of one post."""
    return _names(*[(name, post) for name in people(count)])


TOWN = _post(
    "mayor",
    "contested",
    "青山镇镇长",
    1,
    f"{GATES}\n" + _names(("孙立国", "青山镇党委副书记"), ("李慧敏", "县民政局副局长")),
) + _post("deputies", "contested", "青山镇副镇长", 3, f"{GATES}\n" + _same("白水镇组织委员", 9))
"""One paper, two posts: two names for one seat, nine for three."""
PLENUM = _post(
    "bureau",
    "contested-plenum",
    "县水利局局长",
    1,
    f"{GATES}\n"
    + _names(("周远山", "县水利局副局长"), ("罗晴川", "县林业局副局长"), ("袁知秋", "白水镇镇长")),
)
"""A word for each name."""
BRANCH = _post(
    "branch", "grassroots-election", "支部委员会委员", 3, 'roster = "r2"\n' + _same("第一党小组", 4)
)
"""Four names for three seats, and others from a roster of 150, on which none of the four is."""
NOMINATED = (
    _post("finance", "nomination", "县财政局局长", 1, 'roster = "r1"\n')
    + _post("deputy", "nomination", "副县级领导职务", 8, 'roster = "r1"\n')
    + _post("listed", "nomination", "县教育局局长", 2, _same("县教育局副局长", 6))
)
"""Two posts of a roster of 153, one of a list of six; names in words are allowed."""
MIXED_PAPERS = (["mayor", "deputies"], ["bureau"], ["branch"], ["finance", "deputy", "listed"])
MIXED = draft_text(
    items=TOWN + PLENUM + BRANCH + NOMINATED,
    groups=roster("r1", 153)
    + roster("r2", 150, standing=4)
    + '[rules.contested-plenum]\nballot = "each"\n[rules.nomination]\nwrite-in = "text"\n',
    slots=6,
)
FOLLOWED = draft_text(
    items=_post("posts", "contested", "县水利局副局长", 2, f"{GATES}\n" + _same("县水利局科长", 4)),
    quota=0,
)
"""Two seats for four names; ``first_round`` fills one of them."""
ASPECTS = ("德", "能", "勤", "绩", "廉", "总体评价")


def _grid(
    ident: str, question: str, aspects: tuple[str, ...], *scales: tuple[str, str, int]
) -> str:
    listed = ", ".join(f'"{one}"' for one in aspects)
    subjects = "".join(
        f'[[items.subjects]]\nname = "{name}"\ncurrent = "{post}"\nscale = "{scale}"\n'
        for scale, post, count in scales
        for name in (UNITS if scale == "team" else people(count))[:count]
    )
    return (
        f'[[items]]\nid = "{ident}"\nrule = "assessment"\nquestion = "{question}"\n'
        f"aspects = [{listed}]\n{subjects}"
    )


GRID = draft_text(
    items=_grid("cadres", "年度考核民主测评", ASPECTS, ("cadre", "县直机关班子成员", 40))
)
"""Forty people of six aspects: 240 questions of five grades."""
TEAMS = draft_text(
    items=_grid(
        "teams", "年度测评", ("政治素质", "工作实绩"), ("team", "领导班子", 3), ("cadre", "局长", 3)
    )
    + _grid("single", "新选拔任用干部评议", ("评议意见",), ("cadre", "副局长", 9))
)
"""Two aspects of teams and of cadres, which stand apart; and one aspect of nine people."""


async def first_round(h: Hall) -> None:
    """Six ballots by which the first name is chosen, and two go on for the seat that is left."""
    meeting, _ = await h.frozen()
    chosen = [["c1", "c2"]] * 3 + [["c1", "c3"]] * 2 + [["c1", "c4"]]
    election = decode_election(await casting.election_of(h.room, h.slot))
    for index, names in enumerate(chosen):
        sealed = seal_ballot(
            election,
            private_credential(token_of("A", index), election.uuid, ED25519),
            choices_of(meeting, ["posts"], {"posts": {"": names}}),
            seed=seed(500 + index),
            signature_nonce=scalar(7000 + index),
        )
        await h.cast(sealed.data)
    await h.seal(h.slot, 6)
    await h.count(h.slot)


async def marks_in(h: Hall, slot: str) -> list[Marks]:
    """The marks of every ballot in a box, opened one by one with the shares."""
    meeting, state = await h.frozen()
    async with h.room.store.reading() as tx:
        election = decode_election(await tx.archive(slot, "election") or b"")
        bodies = [body.body for body in await tx.ballots(slot)]
    secret = _secret(h)
    one = state.rounds[slot]
    found = []
    for data in bodies:
        ballot = decode_ballot(data, election)
        verify_ballot(election, ballot)
        rows = [_row(secret, answer) for answer in ballot.answers]
        found.append(marks_of(meeting, one.items, rows, one.standings))
    return found


def _secret(h: Hall) -> int:
    """The election's secret key, of two shares."""
    weights = lagrange_at_zero(ED25519, (1, 2))
    return sum(weights[i] * h.devices.trustees[i - 1][0].share for i in weights) % ED25519.order


def _row(secret: int, answer: Any) -> list[int]:
    if isinstance(answer, HomomorphicAnswer):
        return [_bit(secret, one) for one in answer.choices]
    return ED25519.extract(MAX_NUMBERS, _opened(secret, answer.choices))


def _bit(secret: int, sealed: Ciphertext) -> int:
    return int(_opened(secret, sealed) == ED25519.generator)


def _opened(secret: int, sealed: Ciphertext) -> Any:
    return sealed.beta - secret * sealed.alpha


def marked(s: Serving, slot: str) -> list[Marks]:
    """``marks_in`` of a hall that is served."""
    found: list[Marks] = s.do(lambda h: marks_in(h, slot))
    return found


def look(page: Page) -> None:
    """Nothing that axe would find is on the screen, and every key of it can be touched."""
    page.wait_for_timeout(150)
    assert axe(page) == []
    assert untouchable(page) == []


def untouchable(page: Page) -> list[str]:
    """The keys of a kiosk's screen whose middle is off it, or under something else."""
    found: list[str] = page.evaluate(UNTOUCHABLE)
    return found
