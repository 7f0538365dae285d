"""Simulated trustees' devices with a server between them that can be told to cheat."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tally import ceremony, rehearsal
from tally.ceremony import Ceremony, Keys
from voting.protocol.ceremony import Reveal, Session
from voting.protocol.codec import encode

if TYPE_CHECKING:
    from voting.errors import PiaojueError

MEETING = "1Meeting1Meeting1Meet1"
Relay = Callable[[str, int, list[bytes]], list[bytes]]
"""Given the step, the recipient and the true messages: what the recipient gets."""


def honest(_step: str, _recipient: int, messages: list[bytes]) -> list[bytes]:
    return messages


def random_bytes(seed: str) -> Callable[[int], bytes]:
    """A repeatable source for tests that compare bytes."""
    count = 0

    def rand(n: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}|{count}".encode()).digest(n)

    return rand


@dataclass
class Room:
    """n devices in one ceremony. Messages are kept by step, in the order of the trustees."""

    threshold: int = 2
    size: int = 3
    attempt: int = 1
    meeting: str = MEETING
    relay: Relay = honest
    rand: Callable[[int], bytes] = secrets.token_bytes
    states: list[Ceremony] = field(default_factory=list)
    messages: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return Session(
            meeting=self.meeting, attempt=self.attempt, threshold=self.threshold, size=self.size
        )

    def begin(self) -> Room:
        made = [ceremony.begin(self.session, i, rand=self.rand) for i in range(1, self.size + 1)]
        self.states = [state for state, _ in made]
        self.messages["commit"] = [message for _, message in made]
        return self

    def given(self, step: str, recipient: int) -> list[bytes]:
        """What the server hands to a trustee (from 1)."""
        return self.relay(step, recipient, list(self.messages[step]))

    def _step(self, name: str, made: list[tuple[Ceremony, bytes]]) -> Room:
        self.states = [state for state, _ in made]
        self.messages[name] = [message for _, message in made]
        return self

    def reveal(self) -> Room:
        return self._step(
            "reveal",
            [ceremony.reveal(s, self.given("commit", s.index)) for s in self.states],
        )

    def compare(self) -> Room:
        self.states = [ceremony.compare(s, self.given("reveal", s.index)) for s in self.states]
        return self

    def deal(self) -> Room:
        return self._step("shares", [ceremony.deal(s, s.code, rand=self.rand) for s in self.states])

    def receive(self) -> Room:
        return self._step(
            "answer",
            [
                ceremony.receive(s, self.given("shares", s.index), rand=self.rand)
                for s in self.states
            ],
        )

    def finish(self) -> list[Keys]:
        return [ceremony.finish(s, self.given("answer", s.index)) for s in self.states]

    def dealt(self) -> Room:
        return self.begin().reveal().compare().deal()

    def keys(self, *, rehearsed: bool = True) -> list[Keys]:
        """A whole honest ceremony with its rehearsal."""
        keys = self.dealt().receive().finish()
        return rehearse(keys, self.rand) if rehearsed else keys


def rehearse(keys: list[Keys], rand: Callable[[int], bytes] = secrets.token_bytes) -> list[Keys]:
    """Play the rehearsal; every device remembers that it succeeded."""
    asked = rehearsal.make_rehearsal(keys[0].memory.session, keys[0].trustees, rand=rand)
    answers = [rehearsal.answer_rehearsal(one.memory, one.secrets, asked) for one in keys]
    return [
        Keys(one.trustees, one.secrets, rehearsal.check_rehearsal(one.memory, asked, answers))
        for one in keys
    ]


def reveal_with(room: Room, index: int, shown: Reveal) -> list[bytes]:
    """Play a dishonest trustee ``index`` who commits to and reveals ``shown``."""
    commits = list(room.messages["commit"])
    body = {**json.loads(commits[index - 1]), "body": {"commitment": shown.commitment}}
    commits[index - 1] = encode(body)
    others = [state for state in room.states if state.index != index]
    made = [ceremony.reveal(state, commits) for state in others]
    for state, _ in made:
        room.states[state.index - 1] = state
    reveals = [state.own.encode(room.session) for state in room.states]
    reveals[index - 1] = shown.encode(room.session)
    return reveals


def refuses(
    error: type[PiaojueError], wanted: str, call: Callable[..., object], *args: object, **kw: object
) -> PiaojueError:
    """Require that a call raises this error with this code; returns the error."""
    with pytest.raises(error) as caught:
        call(*args, **kw)
    assert caught.value.code == wanted
    return caught.value
