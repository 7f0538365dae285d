"""The ledgers' vectors: written again to the same bytes, and folded from the bytes alone."""

from __future__ import annotations

import json

import pytest

from tests.support.fold_json import state_digest, state_json
from tests.vectors.generate_ledger import DATA, NAME, file
from voting.errors import FormatError, PiaojueError
from voting.meeting.fold import apply, fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_line

VECTOR = json.loads((DATA / NAME).read_bytes())
LEDGERS = VECTOR["ledgers"]


def test_the_generator_writes_the_same_bytes():
    assert (DATA / NAME).read_bytes() == file()


@pytest.mark.parametrize("vector", LEDGERS, ids=lambda one: one["comment"])
def test_a_ledger_folds_to_its_state(vector):
    lines = [decode_line(line.encode()) for line in vector["lines"]]
    state = fold(decode_meeting(vector["meeting"].encode()), lines)
    assert state_json(state) == vector["state"]
    assert state_digest(state) == vector["digest"]


@pytest.mark.parametrize("vector", LEDGERS, ids=lambda one: one["comment"])
def test_what_was_refused_is_refused_where_it_was(vector):
    meeting = decode_meeting(vector["meeting"].encode())
    lines = [decode_line(line.encode()) for line in vector["lines"]]
    for one in vector["refused"]:
        state = fold(meeting, lines[: one["height"]])
        with pytest.raises(PiaojueError) as caught:
            apply(meeting, state, decode_line(one["line"].encode()))
        assert caught.value.code == one["code"]


@pytest.mark.parametrize("one", VECTOR["malformed"], ids=lambda one: one["comment"])
def test_what_is_no_line_is_refused_before_any_ledger_is_asked(one):
    with pytest.raises(FormatError):
        decode_line(one["line"].encode())
