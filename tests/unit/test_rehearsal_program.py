"""A program of a rehearsal is given up for its silence, not for the time its work takes."""

from __future__ import annotations

from queue import Empty, Queue
from typing import TYPE_CHECKING, cast

import pytest

from kiosk.rehearsal.room import Program
from voting.errors import UnavailableError

if TYPE_CHECKING:
    import subprocess


class Said(Queue):
    """What a program says, with how long somebody was ready to wait for each word."""

    def __init__(self, *events: str) -> None:
        super().__init__()
        self.waits: list[float | None] = []
        for event in events:
            self.put({"event": event})

    def get(self, block: bool = True, timeout: float | None = None) -> object:
        self.waits.append(timeout)
        if self.empty():
            raise Empty
        return super().get(block)


def program(*events: str) -> Program:
    return Program("trustee:1", cast("subprocess.Popen[str]", None), Said(*events))


def test_every_word_is_waited_for_as_long_as_the_first():
    slow = program("progress", "progress", "posted")

    assert slow.hear("posted", seconds=7.0) == {"event": "posted"}
    assert slow.events.waits == [7.0, 7.0, 7.0]


def test_a_program_that_says_nothing_more_is_given_up():
    with pytest.raises(UnavailableError, match="program-silent"):
        program("progress").hear("posted", seconds=7.0)


def test_a_look_tells_whether_there_was_a_sign_of_life():
    working = program("progress")

    assert working.check()
    assert [one["event"] for one in working.heard] == ["progress"]
    working.events.get_nowait = lambda: (_ for _ in ()).throw(Empty)
    assert not working.check()
