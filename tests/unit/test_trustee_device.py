"""A trustee's program: what it asks the person, and what it stores before it speaks."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.device import ceremony, trustee
from kiosk.device.trustee import TrusteeDevice
from tally.memory import decode_keys, encode_keys
from tally.rehearsal import make_rehearsal
from tests.support.sealed import new_case
from tests.support.trustees import MEETING, refuses
from voting.errors import RefusedError, VerificationError
from voting.meeting.frozen import decode_meeting
from voting.meeting.state import Compared
from voting.protocol import codec
from voting.protocol.envelope import Session
from voting.words import LANGS

if TYPE_CHECKING:
    from tally.ceremony import Keys
    from tests.support.sealed import Case
    from voting.errors import PiaojueError


@dataclass
class Person:
    """Answers every question with one word, and remembers what was asked."""

    answer: str = "yes"
    lang: str = "zh"
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def tell(self, event: str, **params: object) -> None:
        """Hear nothing."""

    def complain(self, error: PiaojueError) -> None:
        """Hear nothing."""

    def ask(self, event: str, **params: object) -> str:
        self.asked.append((event, params))
        return self.answer


@dataclass
class Paths:
    paths: tuple[str, ...] = ("one", "two")


@dataclass
class Keep:
    """A key file in memory."""

    held: str
    file: Paths = field(default_factory=Paths)

    def keep(self, held: str) -> None:
        self.held = held


@dataclass
class Files:
    """A server that shows a meeting and a ledger."""

    case: Case
    meeting: bytes | None = None

    def get_bytes(self, path: str) -> bytes:
        if path == "/api/meeting":
            return self.meeting or self.case.sim.meeting.raw
        start = int(path.removeprefix("/api/ledger?from="))
        return b"".join(self.case.ledger.splitlines(keepends=True)[start:])


def device_of(case: Case, person: Person, **files: Any) -> tuple[TrusteeDevice, Keep]:
    own = case.devices[0]
    keep = Keep(encode_keys(own.secrets, replace(own.memory, rehearsed=True)).decode())
    device = TrusteeDevice(
        Files(case, **files), keep, person, secrets.token_bytes, unattended=False
    )
    device._secrets, device._memory = decode_keys(keep.held.encode())
    return device, keep


# The frozen meeting


def test_the_frozen_meeting_is_accepted_by_a_person_and_remembered():
    case, person = new_case(), Person()
    device, keep = device_of(case, person)

    assert device._accept()

    ((event, params),) = person.asked
    assert event == "accept"
    assert params["code"] == case.sim.meeting.code
    for lang in LANGS:
        assert case.sim.meeting.code in params["text"][lang]
        assert all(one.name in params["text"][lang] for one in case.sim.meeting.officers.values())
    assert decode_keys(keep.held.encode())[1].frozen == case.sim.meeting.fingerprint


def test_a_meeting_whose_fingerprint_the_person_does_not_confirm_is_never_served():
    """A server with officers of its own making could have any box opened."""
    device, keep = device_of(new_case(), Person("no"))

    refuses(RefusedError, "meeting-refused", device.run, 1)

    assert decode_keys(keep.held.encode())[1].frozen is None


def test_after_the_first_no_other_meeting_is_looked_at():
    case = new_case()
    device, _ = device_of(case, Person())
    device._accept()
    mine = case.sim.meeting.raw.replace(b'"floor":5', b'"floor":1')
    assert decode_meeting(mine).floor == 1
    device._client.meeting = mine
    device._followed.forget()  # as after the device was switched off and on

    refuses(VerificationError, "other-meeting", device._answer)


def sealed_after_comparison(case):
    slot = case.open(["i1"])
    return replace(case.sim.state.rounds[slot], compared=Compared("ab" * 32, (3,)))


@pytest.mark.parametrize(("answer", "confirmed"), [("yes", True), ("no", False), ("", False)])
def test_only_a_persons_yes_confirms_the_comparison_aloud_and_he_is_asked_once(answer, confirmed):
    case, person = new_case(), Person(answer)
    device, _ = device_of(case, person)
    one = sealed_after_comparison(case)

    assert [device._confirm(one), device._confirm(one)] == [confirmed, confirmed]
    assert [event for event, _ in person.asked] == ["compare-aloud"]


def test_nobody_is_asked_and_nothing_confirmed_without_the_act_or_without_a_person():
    case, person = new_case(), Person()
    device, _ = device_of(case, person)
    one = sealed_after_comparison(case)
    assert device._confirm(replace(one, compared=None)) is False

    device._unattended = True

    assert device._confirm(one) is False
    assert person.asked == []


# The ceremony


@pytest.mark.parametrize("moved", [True, False])
def test_a_restart_that_was_asked_for_before_is_done_unless_there_is_none(moved):
    class Over:
        """Another asked first, or the answer was lost; or the ceremony is complete."""

        def get(self, path):
            assert path == "/api/ceremony"
            now = {"meeting": MEETING, "attempt": 2 if moved else 1, "threshold": 2, "size": 3}
            return {**now, "complete": not moved}

        def post(self, path, _value):
            assert path == "/api/ceremony/1/restart"
            raise RefusedError("ceremony-over", attempt=2 if moved else 1)

    if moved:
        ceremony.restart(Over(), 1)
    else:
        with pytest.raises(RefusedError, match="ceremony-over"):
            ceremony.restart(Over(), 1)


class LostPowerError(Exception):
    pass


@dataclass
class Relay:
    """An honest server for the ceremony's steps."""

    size: int = 3
    attempt: int = 1
    said: dict[tuple[int, str], dict[int, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def session(self) -> Session:
        return Session(meeting=MEETING, attempt=self.attempt, threshold=2, size=self.size)


@dataclass
class Line:
    """One trustee's line to it."""

    relay: Relay
    index: int

    def get(self, path: str) -> Any:
        relay = self.relay
        with relay.lock:
            if path == "/api/ceremony":
                return {
                    "meeting": MEETING,
                    "attempt": relay.attempt,
                    "threshold": 2,
                    "size": relay.size,
                    "complete": False,
                }
            attempt, step = path.split("/")[-2:]
            found = relay.said.get((int(attempt), step), {})
            return {"messages": {str(by): text for by, text in found.items()}}

    def post(self, path: str, value: object) -> Any:
        assert path.endswith("/restart")
        assert value == {}
        with self.relay.lock:
            if int(path.split("/")[-2]) == self.relay.attempt:
                self.relay.attempt += 1
        return {}

    def post_bytes(self, path: str, body: bytes) -> Any:
        relay = self.relay
        name, step = path.split("/")[-2:]
        with relay.lock:
            if int(name) != relay.attempt:
                raise RefusedError("ceremony-over", attempt=relay.attempt)
            found = relay.said.setdefault((relay.attempt, step), {})
            if found.setdefault(self.index, body.decode()) != body.decode():
                raise RefusedError("message-exists")
            if step == "trustees" and len(found) == relay.size:
                question = make_rehearsal(relay.session, body, rand=secrets.token_bytes)
                relay.said[relay.attempt, "rehearsal"] = {0: question.decode()}
        return {}


@pytest.fixture
def fast(monkeypatch):
    for module in (ceremony, trustee):
        monkeypatch.setattr(module, "PAUSE", 0.005)


def hold_all(relay: Relay, lose: set[int]) -> list[Keep]:
    """Run every device to its rehearsal; those in ``lose`` lose power once, before they store."""
    keeps = [Keep("") for _ in range(relay.size)]
    failed: list[BaseException] = []

    def serve(index: int) -> None:
        keep = keeps[index - 1]
        device = TrusteeDevice(
            Line(relay, index), keep, Person(), secrets.token_bytes, unattended=True
        )
        if index in lose:
            lose.discard(index)

            def store(_made: Keys) -> None:
                raise LostPowerError

            with pytest.raises(LostPowerError):
                ceremony.hold_ceremony(
                    Line(relay, index), Person(), index, secrets.token_bytes, store
                )
            assert index not in relay.said.get((1, "trustees"), {})
        device._make_keys(index)
        while not device._rehearse():
            device._make_keys(index)

    def guarded(index: int) -> None:
        try:
            serve(index)
        except BaseException as e:
            failed.append(e)

    threads = [threading.Thread(target=guarded, args=(i,)) for i in range(1, relay.size + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failed
    return keeps


def test_the_person_sees_t_of_n_with_the_code(fast):
    relay, person = Relay(), Person()
    lines = [Line(relay, i) for i in (1, 2, 3)]
    people = [person, Person(), Person()]
    kept: list[Keys] = []
    threads = [
        threading.Thread(
            target=ceremony.hold_ceremony,
            args=(line, one, line.index, secrets.token_bytes, kept.append),
        )
        for line, one in zip(lines, people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    ((event, params),) = person.asked
    assert event == "code"
    assert (params["threshold"], params["size"], params["meeting"]) == (2, 3, MEETING[:8])
    assert len(kept) == 3


def test_keys_are_stored_before_the_server_learns_of_them_and_a_loss_begins_again(fast):
    """One device loses its keys at the last moment: the others do not hang with keys of no use."""
    relay = Relay()

    keeps = hold_all(relay, {3})

    memories = [decode_keys(keep.held.encode())[1] for keep in keeps]
    assert relay.attempt == 2
    assert all(one.rehearsed and one.session.attempt == 2 for one in memories)
    assert len({codec.encode(one.trustees) for one in memories}) == 1
