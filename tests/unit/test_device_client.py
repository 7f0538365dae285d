"""What a server says is shown as one harmless line."""

from __future__ import annotations

import httpx2
import pytest

from kiosk.device.client import _error, printable
from voting.errors import ConflictError, RefusedError, UnavailableError
from voting.protocol import codec
from voting.words import explain


def answer(value: object, status: int = 409) -> httpx2.Response:
    return httpx2.Response(status, content=codec.encode(value))


@pytest.mark.parametrize("trick", ["\x1b[2J\x1b[H", "一行\n第二行", "\u202e反", "\u2028"])
def test_an_error_s_params_cannot_draw_on_the_screen(trick):
    error = _error(
        answer({"code": "wrong-slot", "params": {"slot": f"a{trick}b", "more": [trick]}})
    )

    assert isinstance(error, RefusedError)
    text = explain(error, "zh")
    assert text.isprintable()
    assert not any(one in text for one in trick if not one.isprintable())
    assert all(one.isprintable() for one in error.params["more"])


def test_a_code_that_is_no_code_is_shown_harmlessly():
    assert explain(_error(answer({"code": "\x1b[31m", "params": {}})), "en").isprintable()


def test_conflicts_keep_their_family_and_numbers_their_kind():
    error = _error(answer({"code": "ledger-moved", "params": {"height": 3, "done": True}}))

    assert isinstance(error, ConflictError)
    assert error.params == {"height": 3, "done": True}


def test_what_is_no_error_of_ours_is_no_answer():
    assert isinstance(_error(httpx2.Response(500, content=b"<html>")), UnavailableError)


def test_a_long_text_is_cut():
    assert len(printable("x" * 10_000)) == 500
