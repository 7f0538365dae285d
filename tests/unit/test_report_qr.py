"""Symbols are fixed in size and refuse what does not fit."""

from __future__ import annotations

import pytest

from tally.report.qr import CAPACITY, SIZE, matrix, outline


def test_a_symbol_has_its_three_finder_patterns():
    rows = matrix("A" * CAPACITY)

    assert [len(row) for row in rows] == [SIZE] * SIZE
    for y, x in ((0, 0), (0, SIZE - 7), (SIZE - 7, 0)):
        assert all(rows[y][x : x + 7])
        assert rows[y + 1][x : x + 7] == [True, False, False, False, False, False, True]


@pytest.mark.parametrize("payload", ["", "A" * (CAPACITY + 1), "lower", "票", "A\n"])
def test_a_payload_that_does_not_fit_is_refused_and_not_shown(payload):
    with pytest.raises(ValueError, match="does not fit") as caught:
        matrix(payload)

    assert not payload or payload not in str(caught.value)


def test_a_run_of_dark_modules_is_one_rectangle():
    assert outline([[True, True, False], [False, False, True]]) == "M0 0h2v1.02H0zM2 1h1v1.02H2z"
