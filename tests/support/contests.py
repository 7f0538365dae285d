"""Small drafts of meetings that hold contests, and the marks of their voters."""

from __future__ import annotations

from tests.support.drafts import GATES, draft_text, item_of

NAMES = ("孙一", "孙二", "孙三", "孙四")


def names_of(*names: str) -> str:
    return "".join(f'[[items.names]]\nname = "{name}"\n' for name in names)


def contest_item(
    ident: str, rule: str, *, seats: int = 1, names: tuple[str, ...] = NAMES, more: str = ""
) -> str:
    """An item of names for seats."""
    return (
        f'[[items]]\nid = "{ident}"\nrule = "{rule}"\nproposed = "镇长"\nseats = {seats}\n{more}'
        f"{names_of(*names)}"
    )


def roster_item(ident: str, rule: str = "nomination", *, seats: int = 2, roster: str = "r1") -> str:
    """An item that is answered by numbers of a roster."""
    return (
        f'[[items]]\nid = "{ident}"\nrule = "{rule}"\nproposed = "财政局局长"\nseats = {seats}\n'
        f'roster = "{roster}"\n'
    )


def roster_of(count: int, ident: str = "r1") -> str:
    people = "".join(f'[[rosters.names]]\nname = "干部{i}"\n' for i in range(1, count + 1))
    return f'[[rosters]]\nid = "{ident}"\ntitle = "干部名册"\n{people}'


GRID = """
[[items]]
id = "g"
rule = "assessment"
question = "年度考核民主测评"
aspects = ["德", "能"]
[[items.subjects]]
name = "李一"
current = "县长"
scale = "cadre"
[[items.subjects]]
name = "县政府班子"
scale = "team"
"""

CONTESTED = draft_text(
    items=contest_item("i1", "contested", seats=2, more=f"{GATES}\n") + item_of(2)
)
"""Two seats for four names, and one confirmation; floor 5, seven due, four slots."""
ELECTED = draft_text(
    items=contest_item("i1", "grassroots-election", seats=2, more='roster = "r1"\n'),
    groups=roster_of(30),
)
"""An election of more names than seats, with names from outside by a roster of 30."""
NOMINATED = draft_text(items=roster_item("i1"), groups=roster_of(30))
ASSESSED = draft_text(items=GRID)
