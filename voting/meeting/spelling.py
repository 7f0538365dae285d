"""How a name is read, to find it by: pinyin in ASCII, a blank between syllables (ADR 162).

``spelling`` is for searching alone; a reading that is wrong here is mended in the draft and changes
no vote. Characters that have no reading are left out, Latin letters are kept.
"""

from __future__ import annotations

import re
from typing import Final

_SURNAMES: Final = {
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "长孙": "zhang sun",
    "澹台": "tan tai",
    "令狐": "ling hu",
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "朴": "piao",
    "查": "zha",
    "盖": "ge",
    "区": "ou",
    "任": "ren",
    "华": "hua",
    "缪": "miao",
    "乐": "yue",
    "翟": "zhai",
    "员": "yun",
    "种": "chong",
    "黑": "he",
    "折": "she",
    "召": "shao",
    "宓": "mi",
    "秘": "bi",
    "繁": "po",
    "那": "na",
    "覃": "qin",
    "冼": "xian",
    "洗": "xian",
    "燕": "yan",
    "应": "ying",
    "过": "guo",
    "牟": "mu",
    "重": "chong",
    "逄": "pang",
    "阚": "kan",
    "祭": "zhai",
    "郇": "xun",
    "哈": "ha",
}
"""Surnames that are read otherwise than their characters usually are."""

_SYLLABLE: Final = re.compile(r"[a-z]+")


def spell(name: str) -> str:
    """Return the reading of a name, as ``zeng guo fan``; empty when nothing of it can be read."""
    from pypinyin import lazy_pinyin  # takes half a second, and few meetings have a roster

    surname = next((one for one in _SURNAMES if name.startswith(one)), "")
    rest = lazy_pinyin(name[len(surname) :], v_to_u=False)
    read = " ".join([_SURNAMES.get(surname, ""), *rest]).lower()
    return " ".join(_SYLLABLE.findall(read))
