"""Small drafts for tests, as text: change a line and read it again."""

from __future__ import annotations

GATES = (
    "gates = ["
    + ", ".join(
        f'{{ gate = "{gate}", digest = "{"ab" * 32}", voucher = "组织部" }}'
        for gate in ("examined", "department-discussed", "consulted", "opinions")
    )
    + "]"
)


def roll_of(members: int, attendees: int = 3) -> str:
    """Members 成员1 … and staff 工作人员1 …"""
    rows = [f'[[roll]]\nname = "成员{i}"\npost = "常委"\n' for i in range(1, members + 1)]
    rows += [
        f'[[roll]]\nname = "工作人员{i}"\nclass = "attendee"\n' for i in range(1, attendees + 1)
    ]
    return "\n".join(rows)


def post_of(index: int) -> str:
    """A name of a recommendation's directed list."""
    return (
        f'[[items]]\nid = "i{index}"\nrule = "recommendation"\ncandidate = "人选{index}"\n'
        f'proposed = "局长"\n'
    )


def item_of(index: int, rule: str = "standing-committee") -> str:
    return (
        f'[[items]]\nid = "i{index}"\nrule = "{rule}"\ncandidate = "人选{index}"\n'
        f'current = "副局长"\nproposed = "局长"\n{GATES}\n'
    )


OFFICERS = """
[[officers]]
role = "chair"
name = "成员1"

[[officers]]
role = "secretary"
name = "工作人员1"

[[officers]]
role = "scrutineer"
name = "成员2"

[[officers]]
role = "scrutineer"
name = "成员3"

[[officers]]
role = "teller"
name = "工作人员2"
pen = true

[[officers]]
role = "recorder"
name = "工作人员3"
pen = true
"""


def group_of(ident: str, count: int, printed: int) -> str:
    """A group that is counted, with a series of its own of the same id."""
    return (
        f'[[groups]]\nid = "{ident}"\ntitle = "组别{ident}"\ncount = {count}\n'
        f'[[series]]\nid = "{ident}"\nprinted = {printed}\n'
    )


def draft_text(
    *,
    members: int = 7,
    items: str = "",
    printed: int = 9,
    slots: int = 4,
    quota: int = 1,
    groups: str = "",
) -> str:
    """A draft that has no fault: floor 5, trustees 2 of 3, series A and reserve R."""
    return f"""
[meeting]
title = "测试会议"
body = "测试常委会"
number = "第1次"
date = "2026-11-21"
floor = 5
spoil-quota = {quota}
slots = {slots}

{roll_of(members)}
{items or "".join(item_of(i) for i in (1, 2, 3))}
[[series]]
id = "A"
title = "常委"
printed = {printed}

[[series]]
id = "R"
printed = {printed}

{groups}
[trustees]
threshold = 2
names = ["成员2", "成员3", "工作人员3"]
{OFFICERS}
"""


SMALL = draft_text()
GROUPED = draft_text(groups=group_of("G", 6, 8) + group_of("H", 4, 6))
"""Seven named members, and ten who are counted: six of series G, four of series H."""
RECOMMENDED = draft_text(
    items=post_of(1) + post_of(2),
    groups=group_of("G", 6, 8) + group_of("H", 4, 6) + group_of("K", 2, 4),
    slots=6,
)
"""The same with two more of series K; A has seven who are named. The groups vote apart."""
