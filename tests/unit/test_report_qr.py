"""Symbols are fixed in size, are what ``qrcode`` draws, and refuse what does not fit."""

from __future__ import annotations

import random

import pytest

from tally.report.qr import CAPACITY, SIZE, STRIDE, draw, outline, symbol

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def test_a_symbol_has_its_three_finder_patterns():
    modules = symbol("A" * CAPACITY)
    rows = [modules[at : at + STRIDE] for at in range(0, len(modules), STRIDE)]

    assert [len(row) for row in rows] == [STRIDE] * SIZE
    assert all(row.endswith("0") for row in rows)
    for y, x in ((0, 0), (0, SIZE - 7), (SIZE - 7, 0)):
        assert rows[y][x : x + 7] == "1111111"
        assert rows[y + 1][x : x + 7] == "1000001"


@pytest.mark.parametrize("length", [1, 2, 31, 32, CAPACITY])
def test_a_sum_of_symbols_is_the_symbol_that_qrcode_draws(length):
    source = random.Random(length)
    payloads = ["".join(source.choices(CHARACTERS, k=length)) for _ in range(20)]

    assert all(symbol(payload) == draw(payload) for payload in (*payloads, ":" * length))


@pytest.mark.parametrize("payload", ["", "A" * (CAPACITY + 1), "lower", "票", "A\n"])
def test_a_payload_that_does_not_fit_is_refused_and_not_shown(payload):
    with pytest.raises(ValueError, match="does not fit") as caught:
        symbol(payload)

    assert not payload or payload not in str(caught.value)


def test_a_run_of_dark_modules_is_one_rectangle():
    modules = "11".ljust(STRIDE, "0") + "001".ljust(STRIDE, "0")

    assert outline(modules) == "M0 0h2v1.02H0zM2 1h1v1.02H2z"
