"""The clauses whose values are tables of their own: scales with grades, flags, groups, ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from voting.characters import is_number
from voting.errors import DraftError
from voting.rules.reading import both, fraction, line, one_of, table, whole
from voting.rules.values import Flag, Grade, Ratio, Scale, VoterGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voting.rules.fraction import Fraction

OPS: Final = (">", ">=", "<", "<=")
MOST_WEIGHT: Final = 100


def parse_scales(value: object, place: str) -> tuple[Scale, ...]:
    """Read the scales of an assessment: at least one, each with at least two grades."""
    scales = _rows(value, place, _scale)
    if not scales:
        raise DraftError("rule-bad-value", place, allowed=">= 1")
    _unique((one.id for one in scales), place)
    return scales


def dump_scales(scales: tuple[Scale, ...]) -> list[object]:
    """Return the scales as plain data."""
    return [_dump_scale(one) for one in scales]


def parse_flags(value: object, place: str) -> tuple[Flag, ...]:
    """Read the flags of an assessment; that scale and grades exist is ``check_flags``'s."""
    flags = _rows(value, place, _flag)
    _unique((one.id for one in flags), place)
    return flags


def dump_flags(flags: tuple[Flag, ...]) -> list[object]:
    """Return the flags as plain data."""
    return [
        {
            "id": one.id,
            "scale": one.scale,
            "grades": list(one.grades),
            "numerator": one.numerator,
            "denominator": one.denominator,
            "op": one.op,
        }
        for one in flags
    ]


def check_flags(scales: tuple[Scale, ...], flags: tuple[Flag, ...], place: str) -> None:
    """Raise DraftError for a flag of a scale, or of a grade, that the rule does not have."""
    grades = {one.id: [grade.id for grade in one.grades] for one in scales}
    for i, flag in enumerate(flags):
        one_of(flag.scale, f"{place}[{i}].scale", *grades)
        for grade in flag.grades:
            one_of(grade, f"{place}[{i}].grades", *grades[flag.scale])


def parse_groups(value: object, place: str) -> tuple[VoterGroup, ...]:
    """Read the groups that a rule names; an empty list leaves them to the meeting."""
    groups = _rows(value, place, _group)
    _unique((one.id for one in groups), place)
    return groups


def dump_groups(groups: tuple[VoterGroup, ...]) -> list[object]:
    """Return the groups as plain data."""
    rows: list[object] = []
    for one in groups:
        row: dict[str, object] = {"id": one.id, "title": dict(one.title)}
        if one.quorum is not None:
            row["quorum"] = dump_fraction(one.quorum)
        if one.quota is not None:
            row["quota"] = one.quota
        rows.append(row)
    return rows


def parse_ratio(value: object, place: str) -> Ratio:
    """Read so many names for so many seats, never fewer names than seats."""
    part = table(value, place, ("names", "per"))
    per = whole(part["per"], f"{place}.per", 1)
    return Ratio(whole(part["names"], f"{place}.names", per), per)


def dump_ratio(ratio: Ratio) -> dict[str, object]:
    """Return the ratio as plain data."""
    return {"names": ratio.names, "per": ratio.per}


def parse_lines(value: object, place: str) -> tuple[str, ...]:
    """Read a list of different lines of text."""
    lines = _rows(value, place, line)
    _unique(lines, place)
    return lines


def dump_fraction(part: Fraction) -> dict[str, object]:
    """Return a fraction as plain data."""
    return {
        "numerator": part.numerator,
        "denominator": part.denominator,
        "inclusive": part.inclusive,
    }


def identifier(value: object, place: str) -> str:
    """Return ``value`` as an id: a-z, 0-9 and -, with a letter or a digit; never a number."""
    name = line(value, place)
    if not name.isascii() or not name.replace("-", "").isalnum() or name != name.lower():
        raise DraftError("rule-bad-value", place, allowed="a-z 0-9 -")
    if is_number(name):
        raise DraftError("id-number", place, id=name)
    return name


def _scale(value: object, place: str) -> Scale:
    part = table(value, place, ("id", "title", "grades", "favourable"))
    grades = _rows(part["grades"], f"{place}.grades", _grade)
    if len(grades) < 2:
        raise DraftError("rule-scale-without-grades", f"{place}.grades")
    names = [grade.id for grade in grades]
    _unique(names, f"{place}.grades")
    liked = part["favourable"]
    if not isinstance(liked, list) or not liked or liked != [one for one in names if one in liked]:
        raise DraftError("rule-bad-value", f"{place}.favourable", allowed=names)
    unknown = [one.id for one in grades if one.unknown]
    if set(unknown) & set(liked) or len(unknown) == len(grades):
        raise DraftError("rule-bad-value", f"{place}.grades", allowed="unknown")
    return Scale(
        identifier(part["id"], f"{place}.id"),
        both(part["title"], f"{place}.title"),
        grades,
        tuple(liked),
    )


def _grade(value: object, place: str) -> Grade:
    part = table(value, place, ("id", "title"), ("weight", "unknown"))
    weight = part.get("weight")
    if weight is not None and whole(weight, f"{place}.weight", 0) > MOST_WEIGHT:
        raise DraftError("rule-bad-value", f"{place}.weight", allowed=f"0-{MOST_WEIGHT}")
    unknown = part.get("unknown", False)
    if not isinstance(unknown, bool):
        raise DraftError("rule-bad-value", f"{place}.unknown", allowed=["true", "false"])
    if unknown and weight is not None:
        raise DraftError("rule-bad-value", f"{place}.weight", allowed="unknown = false")
    name = identifier(part["id"], f"{place}.id")
    return Grade(name, both(part["title"], f"{place}.title"), weight, unknown)


def _dump_scale(scale: Scale) -> dict[str, object]:
    return {
        "id": scale.id,
        "title": dict(scale.title),
        "grades": [_dump_grade(grade) for grade in scale.grades],
        "favourable": list(scale.favourable),
    }


def _dump_grade(grade: Grade) -> dict[str, object]:
    row: dict[str, object] = {"id": grade.id, "title": dict(grade.title)}
    if grade.weight is not None:
        row["weight"] = grade.weight
    if grade.unknown:
        row["unknown"] = True
    return row


def _flag(value: object, place: str) -> Flag:
    part = table(value, place, ("id", "scale", "grades", "numerator", "denominator", "op"))
    numerator = whole(part["numerator"], f"{place}.numerator", 0)
    denominator = whole(part["denominator"], f"{place}.denominator", 0)
    if denominator == 0:
        raise DraftError("rule-zero-denominator", f"{place}.denominator")
    if numerator > denominator:
        raise DraftError("rule-fraction-above-one", f"{place}.numerator")
    grades = parse_lines(part["grades"], f"{place}.grades")
    if not grades:
        raise DraftError("rule-bad-value", f"{place}.grades", allowed=">= 1")
    return Flag(
        identifier(part["id"], f"{place}.id"),
        line(part["scale"], f"{place}.scale"),
        grades,
        numerator,
        denominator,
        one_of(part["op"], f"{place}.op", *OPS),
    )


def _group(value: object, place: str) -> VoterGroup:
    part = table(value, place, ("id", "title"), ("quorum", "quota"))
    quorum = None
    if "quorum" in part:
        keys = ("numerator", "denominator", "inclusive")
        quorum = fraction(table(part["quorum"], f"{place}.quorum", keys), f"{place}.quorum")
    quota = whole(part["quota"], f"{place}.quota", 1) if "quota" in part else None
    return VoterGroup(
        identifier(part["id"], f"{place}.id"), both(part["title"], f"{place}.title"), quorum, quota
    )


def _rows(value: object, place: str, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise DraftError("rule-bad-value", place, allowed="[…]")
    return tuple(read(one, f"{place}[{i}]") for i, one in enumerate(value))


def _unique(names: Iterable[str], place: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DraftError("rule-id-twice", place, id=name)
        seen.add(name)
