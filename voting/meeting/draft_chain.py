"""What a draft says of the votes before it, and the relations that recusals are proposed from.

``[chain]``, the gates of items, ``[[relations]]`` (docs/spec/draft.md). Everything that needs no
earlier record is checked here, when the draft is read; the records themselves are followed by
``piaojue check --earlier`` and by the verifier (``tally.verify.earlier``).

Relations are names. They are never frozen, nor is a digest of them: the record must not tell who
is whose brother-in-law. They live in the draft and are shown to the secretary and the recorder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from voting.errors import DraftError, InputError, RefusedError
from voting.meeting.frozen_chain import Chain, Window
from voting.rules.earlier import DECIDING, check_motion_names, check_reference, check_retry
from voting.rules.fraction import Fraction
from voting.rules.gates import AnyGate, Gate, Reference
from voting.rules.values import Ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voting.meeting.draft import Draft, DraftItem
    from voting.meeting.frozen import Item
    from voting.meeting.table import Table
    from voting.rules import Rule

Kin = Literal["spouse", "direct", "collateral", "affine", "other"]
KIN: Final[tuple[Kin, ...]] = get_args(Kin)
"""夫妻, 直系血亲, 三代以内旁系血亲, 近姻亲; and what else is written down."""
MUST: Final[frozenset[Kin]] = frozenset({"spouse", "direct", "collateral", "affine"})
"""Relations that must recuse (2014 and 2019, on recusal); any other is recorded only."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A person of the roll, the candidate whose relation he is, and what is written of it."""

    who: str
    of: str
    kin: Kin
    note: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A recusal that follows from a relation, for a human to confirm; ``must`` by the rule."""

    item: str
    who: str
    kin: Kin
    must: bool
    note: str


def read_gate(row: Table) -> AnyGate:
    """Read a gate: of a paper, or of an earlier vote if it names an item."""
    kind = row.identifier("gate")
    keys = row.left()
    if "item" not in keys and "record" not in keys:
        return Gate(kind, row.text("digest"), row.text("voucher"))
    record = row.text("record") if "record" in keys else None
    return Reference(
        kind,
        record,
        row.identifier("item"),
        row.date("date") if record is not None or "date" in keys else "",
        row.text("voucher"),
        row.text("override", ""),
    )


def dated(items: Iterable[DraftItem], day: str) -> tuple[DraftItem, ...]:
    """Give references to items of this meeting its day."""
    return tuple(
        replace(item, gates=tuple(_dated(one, day) for one in item.gates)) for item in items
    )


def read_chain(table: Table) -> Chain:
    """Read ``[chain]``. Raises DraftError."""
    windows = table.rows("windows", _window, required=False)
    concentration = _concentration(table) if "concentration" in table.left() else None
    ratio = _ratio(table.table("ratio")) if "ratio" in table.left() else None
    table.finish()
    return Chain(windows, concentration, ratio)


def read_relation(row: Table) -> Relation:
    """Read a line of ``[[relations]]``."""
    return Relation(row.text("who"), row.text("of"), row.choice("kin", KIN), row.text("note", ""))


def proposals(draft: Draft) -> tuple[Proposal, ...]:
    """Return the recusals that the relations ask for, item by item in the order of the roll."""
    order = {person.label: n for n, person in enumerate(draft.roll)}
    found = [
        Proposal(item.id, one.who, one.kin, one.kin in MUST, one.note)
        for item in draft.items
        for one in sorted(draft.relations, key=lambda one: order[one.who])
        if one.of in standing(item)
    ]
    return tuple(found)


def standing(item: Item | DraftItem) -> tuple[str, ...]:
    """Return who stands in an item: its candidate, or who its contest names or assesses."""
    if item.candidate:
        return (item.candidate,)
    asked = getattr(item, "contest", None)
    listed = getattr(asked, "names", ()) or getattr(asked, "subjects", ())
    return tuple(one.name for one in listed)


def post_of(item: Item | DraftItem) -> str:
    """Return the post that an item is about: the one to be filled, or else vacated."""
    return item.proposed or item.removed


def is_appointment(kind: str, item: Item | DraftItem) -> bool:
    """Return whether an item decides on a post."""
    return kind in DECIDING and bool(item.proposed or item.removed)


def check_chain(draft: Draft) -> None:
    """Raise DraftError for the first gate, window or relation that cannot stand."""
    for i, item in enumerate(draft.items, 1):
        place = f"items[{i}]"
        kind = draft.rules[item.rule].kind
        for window in draft.chain.windows if is_appointment(kind, item) else ():
            if window.holds(draft.date):
                raise DraftError("freeze-window", place, day=draft.date, why=window.why)
        for j, gate in enumerate(item.gates, 1):
            if isinstance(gate, Reference):
                _check_reference(draft, item, gate, f"{place}.gates[{j}]")
        try:
            check_retry(
                draft.rules[item.rule].retry,
                _failures(item),
                again_here=again_here(draft.items, draft.rules, item),
            )
        except (RefusedError, InputError) as e:
            raise DraftError(e.code, place, **e.params) from e
    _check_relations(draft)


def _check_reference(draft: Draft, item: DraftItem, gate: Reference, place: str) -> None:
    try:
        check_reference(gate, draft.date)
    except RefusedError as e:
        raise DraftError(e.code, place, **e.params) from e
    if gate.gate == "concentrated" and not gate.override and draft.chain.concentration is None:
        raise DraftError("missing-key", "chain.concentration")
    if gate.gate == "first-round" and draft.chain.ratio is None:
        raise DraftError("missing-key", "chain.ratio")
    if gate.record is None:
        before = [one.id for one in draft.items[: draft.items.index(item)]]
        if gate.item not in before:
            raise DraftError("gate-item", f"{place}.item", item=gate.item)
        motion = draft.items[before.index(gate.item)]
        try:
            check_motion_names(standing(item), standing(motion), motion.question)
        except RefusedError as e:
            raise DraftError("motion-other-name", f"{place}.item", **e.params) from e


def again_here(
    items: Sequence[Item | DraftItem], rules: Mapping[str, Rule], item: Item | DraftItem
) -> bool:
    """Return whether an item before this one decides on the same name and post.

    Not where a motion to reconsider lies between.
    """
    if not is_appointment(rules[item.rule].kind, item) or _references(item, "reconsidered"):
        return False
    before = items[: items.index(item)]
    return any(
        post_of(one) == post_of(item)
        and set(standing(one)) & set(standing(item))
        and is_appointment(rules[one.rule].kind, one)
        for one in before
    )


def _failures(item: DraftItem) -> list[str | None]:
    """Return the failures that the gates tell of; whose they are in a contest, the records show."""
    return [one.record for one in _references(item, "failed")] if item.candidate else []


def _references(item: Item | DraftItem, kind: str) -> list[Reference]:
    return [one for one in item.gates if isinstance(one, Reference) and one.gate == kind]


def _check_relations(draft: Draft) -> None:
    people = {person.label for person in draft.roll}
    candidates = {name for item in draft.items for name in standing(item)}
    scrutineers = {one.name for one in draft.officers if one.role == "scrutineer"}
    for i, one in enumerate(draft.relations, 1):
        if one.who not in people:
            raise DraftError("unknown-person", f"relations[{i}].who", name=one.who)
        if one.of not in candidates:
            raise DraftError("unknown-candidate", f"relations[{i}].of", name=one.of)
        if one.who in scrutineers and one.kin in MUST:
            raise DraftError("scrutineer-relative", f"relations[{i}].who", name=one.who)


def _window(row: Table) -> Window:
    start, until = row.date("from"), row.date("until")
    if start > until:
        raise DraftError("window-backwards", row.at("until"))
    return Window(start, until, row.text("why"))


def _concentration(table: Table) -> Fraction:
    part = table.table("concentration")
    numerator = part.number("numerator", low=1, high=1_000_000)
    denominator = part.number("denominator", low=1, high=1_000_000)
    inclusive = part.flag("inclusive", True)
    part.finish()
    try:
        return Fraction(numerator, denominator, inclusive)
    except ValueError as e:
        raise DraftError("rule-fraction-above-one", part.at("numerator")) from e


def _ratio(part: Table) -> Ratio:
    ratio = Ratio(part.number("names", low=1, high=100), part.number("seats", low=1, high=100))
    part.finish()
    return ratio


def _dated(one: AnyGate, day: str) -> AnyGate:
    if isinstance(one, Reference) and not one.date:
        return replace(one, date=day)
    return one
