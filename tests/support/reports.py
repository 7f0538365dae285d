"""Data for the forms, as a meeting would give them: names are invented, numbers consistent."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tally.report.data import ItemData, OfficerData, ReportData, RoundData

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("永强", "晓明", "丽", "建国", "㛃", "志远", "䶮", "海燕", "文博", "玉兰", "一凡")
_BASE = "以应到会成员超过半数同意形成决定（应到12名，需7票）"
_QUORUM = "应到会成员三分之二以上到会方可表决。"


def item(n: int, agree: int | None = 9, **changes: object) -> ItemData:
    """Return one appointment; ``agree`` of 10 votes, the rest against."""
    given = _GIVEN[n % len(_GIVEN)]
    name = _FAMILY[n % len(_FAMILY)] + given
    passed = None if agree is None else agree >= 7
    values: dict[str, object] = {
        "n": n,
        "name": name,
        "current": "市发展和改革委员会党组成员、副主任" if n % 2 else "××县副县长",
        "proposed": "××县委副书记，提名为××县人民政府县长候选人" if n % 3 == 0 else "市审计局局长",
        "removed": "××县副县长职务" if n % 3 == 0 else "",
        "agree": agree,
        "disagree": None if agree is None else 10 - agree,
        "abstain": None if agree is None else 0,
        "defer": None,
        "passed": passed,
        "decision_text": {True: "通过", False: "未通过", None: "封存未开"}[passed],
        "base_text": _BASE + "。" if agree is not None else "",
        "note": "",
        "names": None,
        "grid": None,
    }
    return {**values, **changes}  # type: ignore[return-value]


def a_round(n: int, items: list[ItemData], **changes: object) -> RoundData:
    """Return a round in which ten of twelve were present and all voted."""
    values: dict[str, object] = {
        "n": n,
        "kind": "confirmation",
        "rule": "常委会票决",
        "options": ["同意", "不同意", "弃权"],
        "voters": "",
        "slot": f"{n}HGTgRdpmCsVGp8NtGtrmQ",
        "state": "counted",
        "reason": "",
        "due": 12,
        "present": 10,
        "leave": 2,
        "recused": 0,
        "recused_items": [],
        "eligible": 10,
        "needed": 8,
        "quorum_met": True,
        "quorum_text": _QUORUM,
        "printed": 16,
        "issued": 10,
        "leftover": 6,
        "withdrawn": 0,
        "returned": 10,
        "heads": 10,
        "spoiled": 1,
        "valid": 10,
        "invalid": 0,
        "archive": sha256(b"archive %d" % n).hexdigest(),
        "items": items,
        "entries": [],
        "readers": [],
    }
    return {**values, **changes}  # type: ignore[return-value]


def officers() -> list[OfficerData]:
    """Return four who sign, two of them by key."""
    return [
        {"role": "chair", "name": "周主持", "key": None},
        {"role": "scrutineer", "name": "吴建", "key": sha256(b"wu").hexdigest()},
        {"role": "scrutineer", "name": "郑㛃", "key": sha256(b"zheng").hexdigest()},
        {"role": "teller", "name": "王计", "key": None},
        {"role": "recorder", "name": "冯录", "key": None},
    ]


def report(rounds: list[RoundData] | None = None) -> ReportData:
    """Return six items in two rounds: five together, one from which a member withdrew."""
    return {
        "meeting": {
            "title": "中共××市委常委会2026年第21次会议",
            "body": "中共××市委常委会",
            "number": "2026年第21次",
            "date": "2026-11-21",
            "place": "市委常委会议室",
            "secrecy": "机密",
            "retention": "永久",
        },
        "officers": officers(),
        "rounds": rounds if rounds is not None else _two_rounds(),
        "sums": [],
        "digests": {
            "of": "result",
            "result": sha256(b"result").hexdigest(),
            "meeting": sha256(b"m").hexdigest(),
        },
    }


def _two_rounds() -> list[RoundData]:
    alone = item(6, 8, disagree=1, note="若以应到会减去回避人数11名为基数，需6票，结论相同。")
    recused = a_round(
        2,
        [alone],
        recused=1,
        recused_items=[6],
        eligible=9,
        issued=9,
        withdrawn=1,
        returned=9,
        heads=9,
        spoiled=0,
        valid=9,
    )
    return [a_round(1, [item(1), item(2, 10), item(3, 6), item(4, 8), item(5)]), recused]
