"""Papers, elections and credential lists: what a round is bound to, each a pure function.

The console proposes with these, the fold checks with them, and the verifier rebuilds the same
bytes (docs/spec/ledger.md, *Binding*).

Papers: items from which the same people leave the vote form one paper; everything else under
one rule is one paper. Those with recusals come first. Under a rule whose groups vote apart
(``papers`` is ``by-series``) each series has a paper of its own, with too small ones joined to a
neighbour, because a box publishes its totals. Papers are not prescribed by the ledger, only that
the items of one agree in rule and recusals, and that it has enough people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import VerificationError
from voting.meeting.attendance import eligible, voters_out
from voting.meeting.chain import waits_for
from voting.meeting.questions import asks_of, question_of
from voting.protocol import codec
from voting.protocol.election import MAX_QUESTIONS, make_election
from voting.rules.shapes import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voting.meeting.frozen import Meeting
    from voting.meeting.marks import Standings
    from voting.meeting.state import State

NOTHING: Final[Mapping[str, Standing]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A round that could be bound now: what its ``open`` act would say, and who leaves."""

    slot: str
    round: int
    rule: str
    items: tuple[str, ...]
    series: tuple[str, ...]
    recused: int
    standings: Standings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActiveCredentials:
    """The archive's ``public_credentials.json`` for one slot.

    ``digest`` is SHA-256 of ``raw`` in hex. ``by_series`` counts them in the order of the list.
    """

    raw: bytes
    digest: str
    elements: tuple[str, ...]
    by_series: Mapping[str, int]


def next_slot(meeting: Meeting, state: State) -> str | None:
    """Return the first unused slot, None when all are used."""
    used = len(state.rounds)
    return meeting.slots[used] if used < len(meeting.slots) else None


def by_series(meeting: Meeting, items: Sequence[str]) -> bool:
    """Tell whether the groups vote apart on these items, which are under one rule."""
    return meeting.rule_of(items[0]).papers == "by-series"


def round_number(state: State, items: Iterable[str], series: Iterable[str] | None = None) -> int:
    """Return the number of a new round of these items: one more than any of them has had.

    Args:
        series: Where the groups vote apart, who votes: what other series had does not count.
    """
    wanted = set(items)
    voting = None if series is None else set(series)
    return 1 + max(
        (
            one.number
            for one in state.rounds.values()
            if wanted & set(one.items) and (voting is None or voting & set(one.series))
        ),
        default=0,
    )


def items_left(meeting: Meeting, state: State, following: Standings = NOTHING) -> tuple[str, ...]:
    """Return the items that have no round, or only void ones, and those with a next round.

    Where the groups vote apart, also those on which a series in the room has not voted.

    Args:
        following: Who stands in the next round of a contest, by item, where the rule says that
            there is one: the ledger has no totals and cannot tell (``tally.following``).
    """
    return tuple(
        item for item in meeting.items if item in following or _is_left(meeting, state, item)
    )


def series_left(meeting: Meeting, state: State, items: Sequence[str]) -> tuple[str, ...]:
    """Return the series in the room that have no round of these items that is not void."""
    voters = eligible(meeting, state, items)
    done = {series for one in state.rounds_of(items) for series in one.series}
    return tuple(one for one in meeting.series if voters[one] and one not in done)


def propose_rounds(
    meeting: Meeting, state: State, following: Standings = NOTHING
) -> tuple[Paper, ...]:
    """Return the papers of the items that are left, recusal papers first, on the next slots.

    Empty series when nobody has signed in yet. Fewer papers when slots run out. Items whose next
    round it is stand on papers of their own, by how many rounds they have had. An item that waits
    for a motion of this meeting is not among them yet.

    Args:
        following: As ``items_left``.
    """
    groups: dict[tuple[str, frozenset[str], int], list[str]] = {}
    for item in items_left(meeting, state, following):
        if waits_for(meeting, state, item) is not None:
            continue
        had = round_number(state, [item]) if item in following else 0
        key = (meeting.items[item].rule, voters_out(meeting, state, item), had)
        groups.setdefault(key, []).append(item)
    ordered = sorted(groups.items(), key=lambda group: not group[0][1])
    papers = [
        (rule, part, series, len(out))
        for (rule, out, _), items in ordered
        for part in _fitting(meeting, items, following)
        for series in _papers_of(meeting, state, part)
    ]
    slots = meeting.slots[len(state.rounds) :]
    return tuple(
        Paper(
            slot=slot,
            round=next_round(meeting, state, items, series),
            rule=rule,
            items=tuple(items),
            series=series,
            recused=recused,
            standings={item: following[item] for item in items if item in following},
        )
        for slot, (rule, items, series, recused) in zip(slots, papers, strict=False)
    )


def next_round(meeting: Meeting, state: State, items: Sequence[str], series: Sequence[str]) -> int:
    """Return the number that a round of these items for these series would have."""
    return round_number(state, items, series if by_series(meeting, items) else None)


def round_election(
    meeting: Meeting,
    slot: str,
    items: Sequence[str],
    number: int,
    standings: Standings = NOTHING,
) -> bytes:
    """Return the ``election.json`` of a round: fixed by the frozen meeting and the open act.

    Args:
        slot: Becomes the election's uuid.
        items: In the meeting's order; what each asks is ``questions.asks_of``.
        number: The round's number.
        standings: Who stands in a later round, by item, as the act says.
    """
    questions = [
        question_of(ask) for item in items for ask in asks_of(meeting, item, standings.get(item))
    ]
    return make_election(
        uuid=slot,
        name=meeting.title,
        description=f"piaojue/round/1 {meeting.fingerprint} {number} {','.join(items)}",
        public_key=ED25519.decode(meeting.trustees.public_key),
        questions=questions,
    )


def standings_of(body: Mapping[str, Any]) -> dict[str, Standing]:
    """Return what an ``open`` act says of who stands, by item."""
    return {
        item: Standing(tuple(one["names"]), one["seats"], one["why"], one["round"])
        for item, one in body["standings"].items()
    }


def list_digest(credentials: Iterable[str]) -> str:
    """Return the digest that ``issue`` commits to for one series and slot.

    Args:
        credentials: Texts of the public parts, in any order: they are sorted here.
    """
    return sha256_hex(codec.encode(sorted(credentials)))


def active_credentials(
    state: State, slot: str, series: Sequence[str], lists: Mapping[str, Iterable[str]]
) -> ActiveCredentials:
    """Return the active list of a slot about to be opened.

    Args:
        series: In the order of the open act.
        lists: By series, all public parts of this slot as committed at *issue*.

    Raises:
        VerificationError: ``list-mismatch``, a list is not the one that was committed.
    """
    parts: dict[str, list[str]] = {}
    for one in series:
        listed = sorted(lists[one])
        if list_digest(listed) != state.lists[one][slot]:
            raise VerificationError("list-mismatch", slot=slot, series=one)
        out = _void_of(state, slot, one)
        parts[one] = [credential for credential in listed if credential not in out]
    elements = tuple(credential for part in parts.values() for credential in part)
    raw = codec.encode(list(elements))
    return ActiveCredentials(
        raw, sha256_hex(raw), elements, {one: len(part) for one, part in parts.items()}
    )


def verify_active(state: State, slot: str, raw: bytes) -> None:
    """Verify an archive's ``public_credentials.json`` against the digests of *issue*.

    The list is cut by series as issued, leftovers and withdrawals are put back, and each part
    must be what was committed before the meeting.

    Raises:
        FormatError: Not a canonical list of strings.
        VerificationError: ``credentials-mismatch``.
        RefusedError: ``no-round``.
    """
    one = state.round_at(slot)
    value = codec.array(codec.decode_exact(raw, "credentials"), "credentials")
    elements = [codec.hex64(text, f"credentials[{i}]") for i, text in enumerate(value)]
    if sha256_hex(raw) != one.credentials or len(elements) != one.issued:
        raise VerificationError("credentials-mismatch", slot=slot)
    start = 0
    for series, issued in one.issued_by_series.items():
        part = elements[start : start + issued]
        start += issued
        whole = [*part, *_void_of(state, slot, series)]
        ascending = part == sorted(part) and len(set(whole)) == len(whole)
        if not ascending or list_digest(whole) != state.lists[series][slot]:
            raise VerificationError("credentials-mismatch", slot=slot, series=series)


def _is_left(meeting: Meeting, state: State, item: str) -> bool:
    if state.round_of(item) is None:
        return True
    return by_series(meeting, [item]) and bool(series_left(meeting, state, [item]))


def _fitting(meeting: Meeting, items: Sequence[str], following: Standings) -> list[list[str]]:
    """Cut items into parts that one election can ask: each with at most as many questions."""
    parts: list[list[str]] = []
    room = 0
    for item in items:
        asked = len(asks_of(meeting, item, following.get(item)))
        if not parts or asked > room:
            parts.append([])
            room = MAX_QUESTIONS
        parts[-1].append(item)
        room -= asked
    return parts


def _papers_of(meeting: Meeting, state: State, items: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the series of each paper of these items.

    Where the groups vote apart a part with fewer people than the floor is joined with the next
    series, and what is left at the end with the part before it.
    """
    if not by_series(meeting, items):
        voters = eligible(meeting, state, items)
        return [tuple(one for one in meeting.series if voters[one])]
    voters = eligible(meeting, state, items)
    floor = meeting.floor_under(meeting.rule_of(items[0]))
    parts: list[tuple[str, ...]] = []
    part: tuple[str, ...] = ()
    for one in series_left(meeting, state, items):
        part = (*part, one)
        if sum(voters[series] for series in part) >= floor:
            parts.append(part)
            part = ()
    if part or not parts:
        parts[-1:] = [(*parts[-1], *part) if parts else part]
    return parts


def _void_of(state: State, slot: str, series: str) -> set[str]:
    return {
        credential
        for void in (state.leftovers, state.withdrawn)
        for credential, of in void.get(slot, {}).items()
        if of == series
    }
