"""V22: every gate of every item is there, and the earlier records that gates refer to show it.

A *shelf* is the earlier records that somebody has at hand. Each is verified whole, once, and so are
those that it refers to itself; then what it shows of an item is held against what the gate claims
(``voting.rules.earlier``). A record that is not on the shelf settles nothing: the gate fails by
name, and the reader is told which record to fetch.

The same function serves the verifier, with the frozen meeting, and ``piaojue check``, with the
draft, so that a fault is found the day before. Who holds a record that a draft conceals, as a
failure of last month, puts it on the shelf too: a failure that no gate tells of is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from tally.record.layout import MEETING, RESULT
from tally.verify.findings import CheckError, at
from tally.verify.record import verify_record
from tally.verify.shown import shown_of
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import PiaojueError, RefusedError, VerificationError
from voting.meeting.draft_chain import again_here, post_of, standing
from voting.meeting.frozen import Meeting, decode_meeting
from voting.rules.earlier import (
    DECIDING,
    RECOMMENDING,
    check_examined,
    check_reference,
    check_retry,
    check_shown,
    second_list,
)
from voting.rules.gates import Reference, check_gates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from voting.meeting.draft import DraftItem
    from voting.meeting.frozen import Item
    from voting.meeting.frozen_chain import Chain
    from voting.rules import Rule
    from voting.rules.earlier import Shown

FIRST: Final = "first-round"
EXAMINED: Final = "examined"


class Agenda(Protocol):
    """What a frozen meeting and a draft have in common."""

    @property
    def date(self) -> str: ...
    @property
    def chain(self) -> Chain: ...
    @property
    def rules(self) -> Mapping[str, Rule]: ...


@dataclass(slots=True)
class _Record:
    path: str
    files: Mapping[str, bytes] = field(repr=False)
    meeting: Meeting | None = None


class Shelf:
    """Earlier records, by the SHA-256 of their ``result.json``."""

    def __init__(self, records: Iterable[tuple[str, Mapping[str, bytes] | None]] = ()) -> None:
        """Take records as ``read_record`` gives them, each with the path to be named in errors.

        What it could not read has no files (None).
        """
        self._records: dict[str, _Record] = {}
        self._unread: list[str] = []
        for path, files in records:
            if files is None or RESULT not in files:
                self._unread.append(path)
            else:
                self._records[sha256_hex(files[RESULT])] = _Record(path, files)

    def __len__(self) -> int:
        return len(self._records)

    def digests(self) -> tuple[str, ...]:
        """Return the records' digests, in the order in which they were given."""
        return tuple(self._records)

    def require_read(self) -> None:
        """Raise VerificationError ``earlier-invalid`` for the first that is no record, by path."""
        for path in self._unread:
            raise VerificationError("earlier-invalid", path=path)

    def meeting(self, digest: str) -> Meeting:
        """Return the meeting of a record that verifies, with all that it refers to itself.

        Raises:
            VerificationError: ``earlier-missing``, ``earlier-invalid``.
        """
        one = self._records.get(digest)
        if one is None:
            raise VerificationError("earlier-missing", code=code_80bits(digest))
        if one.meeting is None:
            try:
                verify_record(one.files).require_valid()
                meeting = decode_meeting(one.files[MEETING])
                _follow_all(meeting, list(meeting.items.values()), self, one.files[RESULT])
            except CheckError as e:
                raise _named(one.path, e.error) from e
            except PiaojueError as e:
                raise _named(one.path, e) from e
            one.meeting = meeting
        return one.meeting

    def verified(self) -> dict[str, Mapping[str, bytes]]:
        """Return the files of every record that ``meeting`` has verified so far, by digest."""
        return {key: one.files for key, one in self._records.items() if one.meeting is not None}

    def result(self, digest: str) -> bytes:
        """Return ``result.json`` of a record that ``meeting`` has verified."""
        return self._records[digest].files[RESULT]


def _named(path: str, error: PiaojueError) -> PiaojueError:
    """Return what is wrong with a record as its path; a missing one is named itself."""
    if error.code == "earlier-missing":
        return error
    return VerificationError("earlier-invalid", path=path)


def check_earlier(
    agenda: Agenda,
    items: Iterable[Item | DraftItem],
    shelf: Shelf,
    *,
    own: bytes | None = None,
) -> None:
    """Check the gates of an agenda: follow every reference, and look for failures not told of.

    Args:
        own: The meeting's own ``result.json``, verified; None before there is one, when motions
            of the same meeting cannot be looked up yet.

    Raises:
        CheckError: The first fault with its place, as ``items[2].gates[3]``.
        VerificationError: A record of the shelf, named by its path, that does not verify.
    """
    listed = list(items)
    _follow_all(agenda, listed, shelf, own)
    others = [one for one in shelf.digests() if own is None or one != sha256_hex(own)]
    for digest in others:
        shelf.meeting(digest)
    shelf.require_read()
    for i, item in enumerate(listed, 1):
        with at(f"items[{i}]"):
            again = again_here(listed, agenda.rules, item)
            _check_failures(agenda, item, shelf, others, again=again)


def _follow_all(
    agenda: Agenda, items: list[Item | DraftItem], shelf: Shelf, own: bytes | None
) -> None:
    for i, item in enumerate(items, 1):
        with at(f"items[{i}].gates"):
            check_gates(item.gates, agenda.rules[item.rule].gates)
        for j, gate in enumerate(item.gates, 1):
            if isinstance(gate, Reference):
                with at(f"items[{i}].gates[{j}]"):
                    _follow(agenda, items, item, gate, shelf, own)


def _follow(
    agenda: Agenda,
    items: list[Item | DraftItem],
    item: Item | DraftItem,
    gate: Reference,
    shelf: Shelf,
    own: bytes | None,
) -> None:
    if gate.record is None:
        if own is not None and isinstance(agenda, Meeting):
            _check(agenda, items, item, gate, shown_of(agenda, own, gate.item))
        return
    check_reference(gate, agenda.date)
    meeting = shelf.meeting(gate.record)
    shown = shown_of(meeting, shelf.result(gate.record), gate.item)
    _check(agenda, items, item, gate, shown)
    if gate.gate == FIRST:
        _check_second(agenda, items, item, shown.votes)


def _check(
    agenda: Agenda,
    items: list[Item | DraftItem],
    item: Item | DraftItem,
    gate: Reference,
    shown: Shown,
) -> None:
    check_shown(
        gate,
        shown,
        candidates=standing(item),
        post=post_of(item),
        concentration=agenda.chain.concentration,
    )
    if gate.gate == EXAMINED and agenda.chain.ratio is not None and item.proposed:
        check_examined(shown, item.proposed, _posts(agenda, items, item), agenda.chain.ratio)


def _posts(agenda: Agenda, items: list[Item | DraftItem], item: Item | DraftItem) -> int:
    """Return how many are to be appointed to the post of an item: one by one, or its seats."""
    same = [
        one
        for one in items
        if one.proposed == item.proposed and agenda.rules[one.rule].kind in DECIDING
    ]
    return sum(getattr(one.contest, "seats", None) or 1 for one in same)


def _check_second(
    agenda: Agenda, items: list[Item | DraftItem], item: Item | DraftItem, votes: Mapping[str, int]
) -> None:
    """The second list is what the first round gives by the ratio: nobody added, nobody left out."""
    ratio = agenda.chain.ratio
    if ratio is None:
        raise RefusedError("chain-ratio")
    same = [
        one
        for one in items
        if post_of(one) == post_of(item) and agenda.rules[one.rule].kind in RECOMMENDING
    ]
    here = {name for one in same for name in standing(one)}
    posts = getattr(item.contest, "seats", None) or 1
    wanted = second_list(votes, posts, ratio)
    if here != set(wanted):
        raise RefusedError(
            "earlier-second-list",
            missing=[name for name in wanted if name not in here],
            more=sorted(here - set(wanted)),
        )


def _check_failures(
    agenda: Agenda, item: Item | DraftItem, shelf: Shelf, others: list[str], *, again: bool
) -> None:
    """Every failure on the shelf is told of by a gate, and none is one too many."""
    rule = agenda.rules[item.rule]
    if rule.kind not in DECIDING:
        return
    said = [g for g in item.gates if isinstance(g, Reference) and g.gate == "failed"]
    for name in standing(item):
        failures = list(_failures(shelf, others, agenda.date, name, post_of(item)))
        for digest in failures:
            if all(gate.record != digest for gate in said):
                raise RefusedError("earlier-unsaid", name=name, code=code_80bits(digest))
        check_retry(rule.retry, failures, again_here=again)


def _failures(shelf: Shelf, others: list[str], today: str, name: str, post: str) -> Iterator[str]:
    """Yield the records on the shelf in which this name failed for this post."""
    for digest in others:
        meeting = shelf.meeting(digest)
        for item in meeting.items.values():
            if meeting.date > today or post_of(item) != post or name not in standing(item):
                continue
            if meeting.rules[item.rule].kind not in DECIDING:
                continue
            if name in shown_of(meeting, shelf.result(digest), item.id).failed:
                yield digest
                break
