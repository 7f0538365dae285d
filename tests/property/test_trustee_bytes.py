"""Any one bit of a signed note or of a ceremony's message changed: refused, whatever it was."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally import ceremony
from tests.support.trustees import Room, random_bytes
from tests.unit.test_note import KEYS, a_checkpoint, note_by
from voting.errors import PiaojueError
from voting.protocol.checkpoint import verify_checkpoint


@cache
def dealt() -> Room:
    return Room(rand=random_bytes("bits")).dealt()


def flipped(data: bytes, at: int) -> bytes:
    at %= 8 * len(data)
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


@settings(max_examples=100, deadline=None)
@given(at=st.integers(min_value=0))
def test_a_checkpoint_note_has_no_bit_to_spare(at):
    data = note_by(1, 2, 3, text=a_checkpoint().text)
    verify_checkpoint(data, KEYS)

    with pytest.raises(PiaojueError):
        verify_checkpoint(flipped(data, at), KEYS)


@settings(max_examples=50, deadline=None)
@given(at=st.integers(min_value=0), who=st.integers(min_value=0, max_value=2))
def test_a_reveal_has_no_bit_to_spare(at, who):
    room = dealt()
    before = ceremony.reveal(
        ceremony.begin(room.session, 1, rand=random_bytes("bits"))[0], room.messages["commit"]
    )[0]
    reveals = list(room.messages["reveal"])
    ceremony.compare(before, reveals)
    reveals[who] = flipped(reveals[who], at)

    with pytest.raises(PiaojueError):
        ceremony.compare(before, reveals)


@settings(max_examples=50, deadline=None)
@given(at=st.integers(min_value=0), who=st.integers(min_value=0, max_value=2))
def test_a_shares_message_has_no_bit_to_spare(at, who):
    room = dealt()
    messages = list(room.messages["shares"])
    messages[who] = flipped(messages[who], at)

    with pytest.raises(PiaojueError):
        ceremony.receive(room.states[0], messages, rand=random_bytes("x"))
