"""A plugin for pytest: writes down every line that tests have the fold apply, and what it said.

``pytest -p tests.support.fold_recorder``, the file in ``PIAOJUE_FOLDED``. What was tested of one
program can so be asked of another that folds the same ledger (``test_js_fold``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.fold_json import state_digest
from voting.errors import PiaojueError
from voting.meeting import fold
from voting.meeting.frozen import decode_meeting

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line
    from voting.meeting.state import State

_apply = fold.apply
_meetings: dict[str, str] = {}
_cases: dict[str, dict[str, Any]] = {}


def pytest_configure() -> None:
    fold.apply = _recorded


def pytest_sessionfinish() -> None:
    made = {"meetings": _meetings, "cases": list(_cases.values())}
    Path(os.environ["PIAOJUE_FOLDED"]).write_text(json.dumps(made))


def _recorded(meeting: Meeting, state: State, line: Line) -> State:
    try:
        after = _apply(meeting, state, line)
    except PiaojueError as e:
        _note(meeting, state, line, code=e.code)
        raise
    _note(meeting, state, line, digest=state_digest(after))
    return after


def _note(meeting: Meeting, state: State, line: Line, **said: str) -> None:
    if not _is_frozen(meeting):
        return
    case = {"meeting": meeting.fingerprint, "head": state.head, "line": line.raw.decode(), **said}
    _cases.setdefault(f"{meeting.fingerprint} {state.head} {line.raw!r}", case)


def _is_frozen(meeting: Meeting) -> bool:
    """A meeting that could not be decoded is a test's own, and nobody else can have it."""
    if meeting.fingerprint not in _meetings:
        try:
            if decode_meeting(meeting.raw) != meeting:
                return False
        except PiaojueError:
            return False
        _meetings[meeting.fingerprint] = meeting.raw.decode()
    return decode_meeting(meeting.raw) == meeting
