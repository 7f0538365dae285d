"""Rounds of contests and grids for tests of the rules, and what is said of them."""

from __future__ import annotations

from voting.rules.evaluate import evaluate_item
from voting.rules.shapes import Contest, Grid, Numbers, Standing


def numbers(due, present=None, returned=None, **changes):
    """Everybody present votes, unless it is said otherwise."""
    present = due if present is None else present
    returned = present if returned is None else returned
    held = {"present_at_seal": present, "issued": present, "returned": returned, **changes}
    return Numbers(due=due, present_at_open=present, **held)


def contest(names, seats, why="first", number=1, **more):
    """A contest of the names, given as a string of one-letter ids or as ids."""
    return Contest(Standing(tuple(names), seats, why, number), **more)


def choose(rule, shape, box, votes, blank=0, **more):
    """A box whose ballots chose names: ``votes`` by name."""
    return evaluate_item(rule, shape, box, {"": {"blank": blank, **votes, **more}})


def each(rule, shape, box, votes, against=0):
    """A box with a word for each name; ``votes`` are 同意, the rest abstained."""
    row = {
        name: {"agree": n, "disagree": against, "abstain": box.returned - n - against}
        for name, n in votes.items()
    }
    return evaluate_item(rule, shape, box, row)


def elect(rule, shape, box, votes, against=None, others=None):
    """A box of an election, as its form is for these names and seats."""
    if shape.each:
        against = against or {}
        counts = {
            name: {
                "agree": n,
                "disagree": against.get(name, 0),
                "abstain": box.returned - n - against.get(name, 0),
            }
            for name, n in votes.items()
        }
    else:
        counts = {"for": votes, "against": against or {}}
    if others is not None:
        counts["others"] = others
    return evaluate_item(rule, shape, box, counts)


def grade(rule, cells, box):
    """A box of a grid: by cell, its scale and the counts by grade."""
    grid = Grid({ask: scale for ask, (scale, _) in cells.items()})
    return evaluate_item(rule, grid, box, {ask: row for ask, (_, row) in cells.items()})


def standing(evaluation):
    """What the next round asks, shortly: names as a string, seats, why, round."""
    found = evaluation.next
    return found and ("".join(found.names), found.seats, found.why, found.round)


def results(evaluation):
    """The word for each name."""
    return {one.id: one.result for one in evaluation.names}
