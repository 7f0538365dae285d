"""The frozen meeting: ``meeting.json``, the one file that every device demands again later.

Format: docs/spec/meeting.md. ``decode_meeting`` is strict and keeps the raw bytes; the
fingerprint is SHA-256 over a prefix and those bytes, and people compare its first 80 bits. What
is frozen never changes: a later change is a new meeting (ARCHITECTURE step 3).

Papers are not frozen. They are made when a round is bound, from the items that are left and
the recusals (``voting.meeting.binding``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from voting.crypto.group import ED25519
from voting.crypto.hashing import code_80bits
from voting.errors import FormatError
from voting.meeting import contests, frozen_chain, shape
from voting.meeting.frozen_parts import check_parts
from voting.meeting.keys import check_key
from voting.protocol import codec
from voting.protocol.checkpoint import cosigners_needed
from voting.rules import Rule
from voting.rules.values import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voting.meeting.contests import Contest, Roster
    from voting.meeting.frozen_chain import Chain
    from voting.rules.gates import AnyGate
    from voting.rules.values import Role

PREFIX: Final = b"piaojue/meeting/1\n"
MAX_BYTES: Final = 4 * 2**20


@dataclass(frozen=True, slots=True)
class RollSummary:
    """What the meeting says about the roll: a salted digest and numbers, no name.

    ``due`` is everybody who is due as a member: those named on the roll, ``members``, and those
    of the groups that are counted and not named.
    """

    digest: str
    due: int
    members: int
    alternates: int
    attendees: int

    def of_class(self, cls: str) -> int:
        """Return how many of a class are named on the roll."""
        return {
            "member": self.members,
            "alternate": self.alternates,
            "attendee": self.attendees,
        }[cls]


@dataclass(frozen=True, slots=True)
class Group:
    """People who are due and counted, not named: they draw from a series of their own."""

    id: str
    title: str
    cls: str
    series: str
    count: int


@dataclass(frozen=True, slots=True)
class Item:
    """One matter to vote on. ``question`` is what the ballot asks, word for word."""

    id: str
    rule: str
    question: str
    candidate: str
    current: str
    proposed: str
    removed: str
    gates: tuple[AnyGate, ...]
    contest: Contest | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Tickets printed together for one group, or as its reserve."""

    id: str
    title: str
    printed: int


@dataclass(frozen=True, slots=True)
class Trustees:
    """Who holds the decryption key. Indexes in acts are 1-based positions in ``names``."""

    threshold: int
    names: tuple[str, ...]
    certificates: str
    public_key: str
    note_keys: tuple[str, ...]

    @property
    def majority(self) -> int:
        """How many signatures exclude two different boxes: more than (n + t - 1) / 2."""
        return cosigners_needed(len(self.names), self.threshold)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person with an office. ``key`` is None for one who signs by pen."""

    id: str
    role: Role
    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Mode:
    """Where the pages come from, and where the tickets were made."""

    pages: Literal["installed", "server"]
    tickets: Literal["apart", "server"]


T = TypeVar("T", Group, Item, Series, Officer)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A view of ``raw``. The mappings by id are in the order of the file.

    ``options`` are the words on the ballot by the rules' option ids, as 同意 for ``agree``: frozen
    too, so that a later wording of the program changes no election. Where two rules have different
    words for an option, it stands under ``RULE.option`` for each: see ``word``.
    """

    raw: bytes
    uuid: str
    title: str
    body: str
    number: str
    date: str
    language: Literal["zh", "en"]
    secrecy: str
    retention: str
    roll: RollSummary
    groups: Mapping[str, Group]
    floor: int
    spoil_quota: int
    options: Mapping[str, str]
    rules: Mapping[str, Rule]
    items: Mapping[str, Item]
    rosters: Mapping[str, Roster]
    chain: Chain
    slots: tuple[str, ...]
    series: Mapping[str, Series]
    trustees: Trustees
    officers: Mapping[str, Officer]
    server: str
    mode: Mode

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the prefix and the bytes, 64 hex digits."""
        return fingerprint(self.raw)

    @property
    def code(self) -> str:
        """The fingerprint as people compare it: 80 bits, 16 symbols in groups of four."""
        return code_80bits(self.fingerprint)

    def with_role(self, *roles: str) -> tuple[Officer, ...]:
        """Return the officers with one of these roles, in the meeting's order."""
        return tuple(o for o in self.officers.values() if o.role in roles)

    def due_under(self, rule: Rule) -> int:
        """Return 应到: how many are of the classes that vote under a rule, named or counted."""
        counted = sum(one.count for one in self.groups.values() if one.cls in rule.voters)
        return counted + sum(self.roll.of_class(cls) for cls in rule.voters)

    def group_of(self, series: str) -> Group | None:
        """Return the counted group to which a series belongs, None for any other series."""
        return next((one for one in self.groups.values() if one.series == series), None)

    def floor_under(self, rule: Rule) -> int:
        """Return the number of ballots below which a box stays shut: the stricter floor."""
        return max(self.floor, rule.floor)

    def rule_of(self, item: str) -> Rule:
        """Return the frozen rule under which an item is voted."""
        return self.rules[self.items[item].rule]

    def word(self, rule: Rule, option: str) -> str:
        """Return the frozen word of an option on the ballots under a rule."""
        return self.options.get(f"{rule.id}.{option}") or self.options[option]


@lru_cache(maxsize=4)  # asked for with every act; of the same bytes it is the same
def fingerprint(raw: bytes) -> str:
    """Return the fingerprint of the bytes of a ``meeting.json``, in hex."""
    return hashlib.sha256(PREFIX + raw).hexdigest()


_SHAPE: Final = shape.record(
    version=shape.count(1, 1),
    uuid=shape.uuid22,
    title=shape.words,
    body=shape.words,
    number=shape.prose,
    date=shape.date,
    language=shape.one_of("zh", "en"),
    secrecy=shape.prose,
    retention=shape.prose,
    roll=shape.record(
        digest=shape.hex64,
        due=shape.count(1),
        members=shape.count(),
        alternates=shape.count(),
        attendees=shape.count(),
    ),
    groups=shape.sequence(
        shape.record(
            id=shape.identifier,
            title=shape.words,
            **{"class": shape.one_of("member")},
            series=shape.identifier,
            count=shape.count(1),
        )
    ),
    floor=shape.count(1),
    spoil_quota=shape.count(),
    options=shape.mapping(lambda value, place: _option(value, place), shape.words),
    rules=shape.mapping(shape.identifier, lambda value, _place: value),
    items=shape.sequence(
        shape.record(
            id=shape.identifier,
            rule=shape.identifier,
            question=shape.words,
            candidate=shape.called,
            current=shape.prose,
            proposed=shape.prose,
            removed=shape.prose,
            gates=shape.sequence(frozen_chain.gate),
            contest=shape.optional(contests.contest),
        ),
        low=1,
    ),
    rosters=contests.ROSTERS,
    chain=frozen_chain.CHAIN,
    slots=shape.distinct(shape.uuid22, low=1),
    series=shape.sequence(
        shape.record(id=shape.identifier, title=shape.words, printed=shape.count(1)), low=1
    ),
    trustees=shape.record(
        threshold=shape.count(2),
        names=shape.sequence(shape.name, low=2, high=99),
        certificates=shape.hex64,
        public_key=lambda value, place: ED25519.decode(value, place),
        note_keys=shape.distinct(check_key, low=2),
    ),
    officers=shape.sequence(
        shape.record(
            id=shape.identifier,
            role=shape.one_of(*ROLES),
            name=shape.name,
            key=shape.optional(check_key),
        ),
        low=2,
    ),
    server=check_key,
    mode=shape.record(
        pages=shape.one_of("installed", "server"), tickets=shape.one_of("apart", "server")
    ),
)

_PLAIN: Final = (
    "uuid",
    "title",
    "body",
    "number",
    "date",
    "language",
    "secrecy",
    "retention",
    "floor",
    "spoil_quota",
    "server",
)


def decode_meeting(raw: bytes) -> Meeting:
    """Read ``meeting.json``.

    Raises:
        FormatError: Not canonical, a field missing, unknown or out of range, or two parts
            that do not fit together, as an item whose rule is not there.
    """
    value: Any = _SHAPE(codec.decode_exact(raw, "meeting", max_bytes=MAX_BYTES), "meeting")
    trustees, roll = value["trustees"], value["roll"]
    meeting = Meeting(
        raw=raw,
        **{name: value[name] for name in _PLAIN},
        roll=RollSummary(**roll),
        groups=_by_id([_group(one) for one in value["groups"]], "meeting.groups"),
        options=MappingProxyType(value["options"]),
        rules=MappingProxyType({name: _rule(name, rule) for name, rule in value["rules"].items()}),
        items=_by_id(
            [_item(item, f"meeting.items[{i}]") for i, item in enumerate(value["items"])],
            "meeting.items",
        ),
        rosters=contests.rosters_of(value["rosters"], "meeting.rosters"),
        chain=frozen_chain.chain_of(value["chain"], "meeting.chain"),
        slots=tuple(value["slots"]),
        series=_by_id([Series(**one) for one in value["series"]], "meeting.series"),
        trustees=Trustees(
            threshold=trustees["threshold"],
            names=tuple(trustees["names"]),
            certificates=trustees["certificates"],
            public_key=trustees["public_key"],
            note_keys=tuple(trustees["note_keys"]),
        ),
        officers=_by_id([Officer(**one) for one in value["officers"]], "meeting.officers"),
        mode=Mode(**value["mode"]),
    )
    check_parts(meeting)
    return meeting


def _option(value: object, place: str) -> Any:
    """Take an option's id, alone or after a rule's id and a dot."""
    for part in str(value).split(".", 1):
        shape.identifier(part, place)
    return value


def _group(value: Any) -> Group:
    return Group(value["id"], value["title"], value["class"], value["series"], value["count"])


def _item(value: Any, place: str) -> Item:
    gates = tuple(frozen_chain.gate_of(gate) for gate in value["gates"])
    asked = value["contest"]
    contest = None if asked is None else contests.contest_of(asked, f"{place}.contest")
    return Item(**{**value, "gates": gates, "contest": contest})


def _rule(name: str, value: object) -> Rule:
    rule = Rule.from_json(value, f"meeting.rules.{name}")
    if rule.id != name:
        raise FormatError(f"meeting.rules.{name}", "a rule under another rule's id")
    return rule


def _by_id(listed: list[T], place: str) -> Mapping[str, T]:
    shape.unique([one.id for one in listed], place)
    return MappingProxyType({one.id: one for one in listed})
