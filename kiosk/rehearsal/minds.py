"""What simulated members choose, by the draft's weights; the only thing that a seed repeats.

A mind is made up for what takes one mark when the meeting begins, and for a contest when it is
asked, since who stands in a later round follows from the votes. Every such choice has a source of
randomness of its own, so that the order in which members come to the kiosks changes nothing.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from voting.meeting.binding import NOTHING
from voting.meeting.questions import BLANK, asks_of, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from voting.meeting.draft import Draft
    from voting.meeting.frozen import Meeting
    from voting.meeting.marks import AskMark, Marks, Standings
    from voting.meeting.questions import Ask
    from voting.rules.shapes import Standing

_FULL: Final = 0.8
"""How likely a member uses all the places that he has."""
_EMPTY: Final = 0.05
"""How likely he chooses nobody, where he may say so."""
_OUTSIDE: Final = 0.3
"""How likely who is against somebody writes in another."""


@dataclass(slots=True)
class Mind:
    """One member's. ``single`` are his options of the items that take one mark."""

    label: str
    draft: Draft = field(repr=False)
    single: Mapping[str, str] = field(repr=False)
    seed: int | None = None

    def marks(
        self, meeting: Meeting, items: Iterable[str], standings: Standings = NOTHING
    ) -> Marks:
        """Return his marks on a paper; the same again for the same paper where there is a seed."""
        return {
            item: self.single[item]
            if meeting.items[item].contest is None
            else self._of_contest(meeting, item, standings.get(item))
            for item in items
        }

    def _of_contest(
        self, meeting: Meeting, item: str, standing: Standing | None
    ) -> dict[str, AskMark]:
        asked = "" if standing is None else ",".join((*standing.names, standing.why))
        rng = _source(self.seed, self.label, item, asked)
        plan = self.draft.rehearsal.weights
        weights = plan.get(item) or plan.get("default") or {}
        marks: dict[str, AskMark] = {}
        for ask in asks_of(meeting, item, standing):
            if ask.id == "against":
                marks[ask.id] = _against(rng, ask, marks["for"])
            elif ask.id == "others":
                marks[ask.id] = _others(rng, ask, marks, self.draft)
            elif ask.type == "one":
                marks[ask.id] = _one(rng, ask, weights, name_of(meeting, item, ask.id))
            else:
                marks[ask.id] = _some(rng, ask, weights)
        return marks


def make_minds(draft: Draft, people: Iterable[str], seed: int | None) -> dict[str, Mind]:
    """Make up every member's mind; by label.

    Args:
        seed: Repeats the choices of an earlier rehearsal; None for new ones.
    """
    rng: random.Random = secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311
    single = [item.id for item in draft.items if item.contest.empty]
    return {
        label: Mind(label, draft, {item: _option(rng, draft, item) for item in single}, seed)
        for label in people
    }


def _source(seed: int | None, *of: str) -> random.Random:
    if seed is None:
        return secrets.SystemRandom()
    return random.Random("\n".join((str(seed), *of)))  # noqa: S311


def _option(rng: random.Random, draft: Draft, item: str) -> str:
    plan = draft.rehearsal
    options = next(draft.rules[one.rule].options for one in draft.items if one.id == item)
    weights = plan.weights.get(item) or plan.weights.get("default") or dict.fromkeys(options, 1)
    return rng.choices(options, [weights.get(option, 0) for option in options])[0]


def _one(rng: random.Random, ask: Ask, weights: Mapping[str, int], name: str) -> str:
    """By the weights of options or grades; of a name, that many of a hundred say the first."""
    options = ask.ids
    given = [weights.get(option, 0) for option in options]
    if name in weights:
        liked, others = min(weights[name], 100), len(options) - 1
        given = [liked * others, *[100 - liked] * others]
    return rng.choices(options, given if any(given) else [1] * len(options))[0]


def _some(rng: random.Random, ask: Ask, weights: Mapping[str, int]) -> list[int | str]:
    """Draw answers without putting any back: by weights of names, or of roster numbers.

    Where names may be written in words, a weight of somebody who is no number is of these words.
    """
    if ask.blank and rng.random() < _EMPTY:
        return [BLANK]
    keys = {ident: ident if ask.type == "roster" else word for ident, word in ask.answers}
    left = {ident: weights.get(key, 0) for ident, key in keys.items()}
    if ask.text:
        left |= {word: weight for word, weight in weights.items() if not word.isdecimal()}
    if not any(left.values()):
        left = dict.fromkeys(keys, 1)
    most = min(ask.maximum, sum(weight > 0 for weight in left.values()))
    number = most if rng.random() < _FULL else rng.randint(1, most)
    chosen = []
    for _ in range(number):
        ident = rng.choices(list(left), list(left.values()))[0]
        chosen.append(ident)
        del left[ident]
    return _as_mark(ask, chosen)


def _against(rng: random.Random, ask: Ask, for_: AskMark) -> list[int | str]:
    """Of who was not voted for, half are voted against; the others abstained from."""
    return [ident for ident in ask.ids if ident not in for_ and rng.random() < 0.5]


def _others(
    rng: random.Random, ask: Ask, marks: Mapping[str, AskMark], draft: Draft
) -> list[int | str]:
    """Write in at most as many as were voted against, and as there are seats left on the paper."""
    refused = len(marks["against"]) if "against" in marks else _count(marks, "disagree")
    taken = len(marks["for"]) if "for" in marks else _count(marks, "agree")
    if not refused or taken >= ask.maximum or rng.random() >= _OUTSIDE:
        return []
    if ask.answers:
        return _as_mark(ask, [rng.choice(ask.ids)])
    return [rng.choice([person.name for person in draft.roll])]


def _count(marks: Mapping[str, AskMark], option: str) -> int:
    return sum(mark == option for mark in marks.values())


def _as_mark(ask: Ask, chosen: Sequence[str]) -> list[int | str]:
    """Return a mark in its one order."""
    if ask.type == "roster":
        words = sorted((one for one in chosen if not one.isdecimal()), key=_coded)
        return [*sorted(int(one) for one in chosen if one.isdecimal()), *words]
    return [ident for ident in ask.ids if ident in chosen]


def _coded(text: str) -> bytes:
    """Words stand in the order of their bytes on a ballot."""
    return text.encode("gb18030")
