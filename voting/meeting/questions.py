"""What an item asks on a ballot: its asks, and the Belenios question of each.

    kind                          asks of one item, in order
    confirmation, recommendation, "" : exactly one of the rule's options
      consultation
    contested, each; election,    "c1" … : exactly one of the options for each name that stands
      no more names than seats
    contested, choose; nomination "" : some of the names, or the blank vote
    nomination by roster          "" : some of the roster's numbers
    election, more names          "for" : up to as many as seats; "against" : any number
    election with names from      "others" besides, the last: some of a roster's numbers, or words
      outside
    assessment                    "s1.a1" … : exactly one grade; subjects outer, aspects inner

A round asks of those who stand in it: ``Standing``, as frozen in the first one. Everything is a
function of the frozen meeting and the standing, no word of the catalogue among it. The same in
JavaScript: ``kiosk/web/src/meeting/questions.js``. Format: docs/spec/ledger.md, *Binding*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from voting.meeting.contests import MAX_PLACES, FromRoster, Grid, Names
from voting.protocol.election import MAX_NUMBERS, HomomorphicQuestion, NonHomomorphicQuestion
from voting.rules import shapes
from voting.rules.shapes import Standing

if TYPE_CHECKING:
    from voting.meeting.contests import Roster
    from voting.meeting.frozen import Meeting
    from voting.protocol.election import Question
    from voting.rules import Rule
    from voting.rules.evaluation import Evaluation

ROSTER_METHOD: Final = "piaojue-roster/1"
BLANK: Final = "blank"
"""The answer that chooses nobody, where an ask allows it."""
APART: Final = " · "
"""Between the parts of a question: no word, so that it is the same in every language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question of a ballot.

    Attributes:
        id: Within the item.
        type: ``one``: exactly one answer; ``some``: ``minimum`` to ``maximum``; ``roster``: up to
            ``maximum`` roster numbers, shuffled and opened one by one.
        question: What is asked, word for word.
        answers: Id and word of each, in order; of a roster the number and the name.
        blank: Whether the blank vote is one more answer (``some``).
        text: Whether a ballot may hold names in words too (``roster``).
    """

    id: str
    type: Literal["one", "some", "roster"]
    question: str
    answers: tuple[tuple[str, str], ...]
    minimum: int = 1
    maximum: int = 1
    blank: bool = False
    text: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that a count of this ask has, in the order of the election's choices."""
        own = tuple(ident for ident, _ in self.answers)
        return (BLANK, *own) if self.blank else own


def standing_of(meeting: Meeting, item: str) -> Standing | None:
    """Return what the first round of an item asks; None where there are no names for seats."""
    contest = meeting.items[item].contest
    if isinstance(contest, Names):
        return Standing(contest.ids, contest.seats)
    return Standing((), contest.seats) if isinstance(contest, FromRoster) else None


def shape_of(meeting: Meeting, item: str, standing: Standing | None = None) -> shapes.Shape:
    """Return the shape by which the rules evaluate an item, as ``standing`` asked it."""
    contest = meeting.items[item].contest
    if contest is None:
        return None
    if isinstance(contest, Grid):
        return shapes.Grid(
            {
                f"{subject.id}.{aspect.id}": subject.scale
                for subject in contest.subjects
                for aspect in contest.aspects
            }
        )
    asked = standing or standing_of(meeting, item)
    assert asked is not None
    if isinstance(contest, FromRoster):
        return shapes.Contest(asked, meeting.rule_of(item).write_in, roster=True)
    outside = contest.write_in
    if outside is None or asked.why != "first":
        return shapes.Contest(asked)
    return shapes.Contest(asked, "text" if outside.roster is None else "roster")


def asks_of(meeting: Meeting, item: str, standing: Standing | None = None) -> tuple[Ask, ...]:
    """Return what a round asks of an item, in the order of its questions.

    Args:
        standing: Who stands and for how many seats; None: as frozen.
    """
    frozen, rule = meeting.items[item], meeting.rule_of(item)
    contest, options = frozen.contest, _options(meeting, rule)
    if contest is None:
        return (Ask(id="", type="one", question=frozen.question, answers=options),)
    if isinstance(contest, Grid):
        return _cells(meeting, rule, frozen.question, contest)
    standing = standing or standing_of(meeting, item)
    assert standing is not None
    if isinstance(contest, FromRoster):
        roster = meeting.rosters[contest.roster]
        text = rule.write_in == "text"
        return (_roster(frozen.question, "", roster, min(standing.seats, MAX_PLACES), text),)
    names = tuple((one, name_of(meeting, item, one)) for one in standing.names)
    each = _each(frozen.question, names, options)
    if rule.kind == "election":
        few = len(names) <= standing.seats
        asks = each if few else _for_and_against(meeting, rule, frozen.question, names, standing)
        return (*asks, *_others(meeting, rule, frozen.question, contest, standing))
    if rule.kind == "contested" and rule.ballot == "each":
        return each
    return (
        Ask(
            id="",
            type="some",
            question=frozen.question,
            answers=names,
            maximum=min(standing.seats, len(names)),
            blank=True,
        ),
    )


def name_of(meeting: Meeting, item: str, ident: str) -> str:
    """Return the name behind an id of a contest's results: of the contest, a roster, a text."""
    contest = meeting.items[item].contest
    roster: str | None = None
    if isinstance(contest, Names):
        if (own := next((one for one in contest.names if one.id == ident), None)) is not None:
            return own.name
        roster = None if contest.write_in is None else contest.write_in.roster
    elif isinstance(contest, FromRoster):
        roster = contest.roster
    given = ident.removeprefix(shapes.OUTSIDE)
    if (
        roster is not None
        and given.isdecimal()
        and 0 < int(given) <= len(meeting.rosters[roster].names)
    ):
        return meeting.rosters[roster].names[int(given) - 1].label
    return given


def called_of(meeting: Meeting, item: str, evaluation: Evaluation) -> dict[str, str]:
    """Return what the ids of an item's results are called: names, or cells of a grid."""
    contest = meeting.items[item].contest
    if isinstance(contest, Grid):
        return {
            f"{subject.id}.{aspect.id}": f"{subject.name}{APART}{aspect.title}"
            for subject in contest.subjects
            for aspect in contest.aspects
        }
    return {one.id: name_of(meeting, item, one.id) for one in evaluation.names}


def question_of(ask: Ask) -> Question:
    """Return the Belenios question of an ask (PROTOCOL 1.3; a roster's: 5.5)."""
    if ask.type == "roster":
        extra: dict[str, object] = {
            "method": ROSTER_METHOD,
            "max": ask.maximum,
            "roster": [name for _, name in ask.answers],
        }
        if ask.text:
            extra["text"] = True
        return NonHomomorphicQuestion(
            question=ask.question,
            answers=tuple(str(i) for i in range(1, MAX_NUMBERS + 1)),
            extra=extra,
        )
    return HomomorphicQuestion(
        question=ask.question,
        answers=tuple(word for _, word in ask.answers),
        minimum=ask.minimum,
        maximum=ask.maximum,
        blank=ask.blank,
    )


def _options(meeting: Meeting, rule: Rule) -> tuple[tuple[str, str], ...]:
    return tuple((option, meeting.word(rule, option)) for option in rule.options)


def _each(
    question: str, names: tuple[tuple[str, str], ...], options: tuple[tuple[str, str], ...]
) -> tuple[Ask, ...]:
    return tuple(
        Ask(id=ident, type="one", question=f"{question}{APART}{name}", answers=options)
        for ident, name in names
    )


def _for_and_against(
    meeting: Meeting,
    rule: Rule,
    question: str,
    names: tuple[tuple[str, str], ...],
    standing: Standing,
) -> tuple[Ask, Ask]:
    """赞成 of at most as many as there are seats, and 不赞成 of any; what is neither abstains."""
    asked = (("for", "agree", standing.seats), ("against", "disagree", len(names)))
    first, second = (
        Ask(
            id=ident,
            type="some",
            question=f"{question}{APART}{meeting.word(rule, option)}",
            answers=names,
            minimum=0,
            maximum=most,
        )
        for ident, option, most in asked
    )
    return first, second


def _others(
    meeting: Meeting, rule: Rule, question: str, contest: Names, standing: Standing
) -> tuple[Ask, ...]:
    """另选他人: as many at most as there are seats, and never more than 不赞成 in all.

    Only in the first round: who stands in a later one follows from the votes of the one before.
    """
    outside = contest.write_in
    if outside is None or standing.why != "first":
        return ()
    asked = f"{question}{APART}+"
    if outside.roster is None:
        return (_roster(asked, "others", None, min(standing.seats, MAX_PLACES), text=True),)
    roster = meeting.rosters[outside.roster]
    return (_roster(asked, "others", roster, min(standing.seats, MAX_PLACES), text=False),)


def _roster(question: str, ident: str, roster: Roster | None, places: int, text: bool) -> Ask:
    names = () if roster is None else roster.names
    return Ask(
        id=ident,
        type="roster",
        question=question,
        answers=tuple((str(i), one.label) for i, one in enumerate(names, 1)),
        minimum=0,
        maximum=places,
        text=text,
    )


def _cells(meeting: Meeting, rule: Rule, question: str, grid: Grid) -> tuple[Ask, ...]:
    scales = {
        scale.id: tuple((grade.id, grade.title[meeting.language]) for grade in scale.grades)
        for scale in rule.scales
    }
    return tuple(
        Ask(
            id=f"{subject.id}.{aspect.id}",
            type="one",
            question=APART.join((question, subject.name, aspect.title)),
            answers=scales[subject.scale],
        )
        for subject in grid.subjects
        for aspect in grid.aspects
    )
