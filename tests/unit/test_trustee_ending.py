"""The end on a trustee's device: nobody is hurried, and what goes wrong after it is said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.device import ending, trustee
from kiosk.device.ending import Ending
from kiosk.device.followed import Followed
from kiosk.device.trustee import TrusteeDevice
from tally.memory import encode_keys
from tests.support.sealed import new_case
from tests.support.trustees import refuses
from voting.errors import ConflictError, RefusedError, UnavailableError, VerificationError
from voting.meeting import ledger
from voting.meeting.state import RoundState

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.sealed import Case


@dataclass
class Person:
    """Answers questions from a list, and remembers what was said."""

    answers: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    offer_answer: str | None = None
    taken_back: int = 0

    def tell(self, event: str, **_params: object) -> None:
        self.said.append(event)

    def complain(self, error: Exception) -> None:
        self.said.append(f"error {error.code}")

    def ask(self, event: str, **_params: object) -> str:
        self.said.append(f"{event}?")
        return self.answers.pop(0)

    def offer(self, event: str, **_params: object) -> None:
        self.said.append(f"{event}?")
        self.offer_answer = None

    def answered(self) -> str | None:
        said, self.offer_answer = self.offer_answer, None
        return said

    def withdraw(self) -> None:
        self.taken_back += 1


@dataclass
class Files:
    """The media of a key file."""

    paths: tuple[Path, ...]
    stuck: int = 0
    erased: int = 0

    def destroy(self) -> None:
        if self.stuck:
            self.stuck -= 1
            raise RefusedError("keyfile-not-destroyed", number=1)
        self.erased += 1


@dataclass
class Server:
    """Shows a ledger, and takes the act in after as many failures as a test says."""

    case: Case
    file: Files
    failures: list[Exception] = field(default_factory=list)
    broken: bool = False
    lost: bool = False
    posted: list[tuple[Any, int]] = field(default_factory=list)

    def get_bytes(self, path: str) -> bytes:
        if path == "/api/meeting":
            return self.case.sim.meeting.raw
        start = int(path.removeprefix("/api/ledger?from="))
        lines = self.case.ledger.splitlines(keepends=True)
        if self.broken and start == 0:
            lines = lines[:-1]
        return b"".join(lines[start:])

    def get(self, path: str) -> Any:
        if path == "/api/binding":
            return None
        assert path == "/api/destroy"
        act = self.case.sim.propose("destroy", trustee=1)
        return {"act": ledger.encode_act(act).decode()}

    def post(self, path: str, value: Any) -> Any:
        assert path == "/api/destroy"
        self.posted.append((value, self.file.erased))
        if self.lost:
            self.lost = False
            self.case.sim.act("destroy", trustee=1)
            raise UnavailableError("server-silent")
        if self.failures:
            raise self.failures.pop(0)
        return {}


@pytest.fixture
def media(tmp_path):
    paths = (tmp_path / "a.key", tmp_path / "b.key")
    for path in paths:
        path.write_bytes(b"x")
    return Files(paths)


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    monkeypatch.setattr(ending, "PAUSE", 0)
    monkeypatch.setattr(ending, "TRIES", 3)
    monkeypatch.setattr(ending, "_LONG", 4)


@pytest.fixture
def case():
    """A meeting whose one round is over."""
    case = new_case()
    slot = case.open(["i1"])
    case.sim.act("void", slot=slot, reason="演练", pen=None)
    assert case.sim.state.rounds[slot].state is RoundState.VOID
    return case


def end_of(case, media, person, **server):
    own = case.devices[0]
    own.memory = replace(own.memory, rehearsed=True)
    client = Server(case, media, **server)
    made = Ending(client, media, person, Followed(client), False)
    return made, client, own


# Asking


def test_while_a_person_thinks_the_device_goes_on_and_a_new_round_takes_the_question_back(
    case, media
):
    person = Person()
    made, _, _ = end_of(case, media, person)
    meeting, state = case.sim.meeting, case.sim.state

    assert not made.may_end(meeting, state)
    assert not made.may_end(meeting, state)
    assert person.said == ["destroy-early?"]

    one = next(iter(state.rounds.values()))
    busy = replace(state, rounds={one.slot: replace(one, state=RoundState.OPEN)})
    person.offer_answer = "yes"  # too late: it was asked about another state of things
    assert not made.may_end(meeting, busy)
    assert person.taken_back == 1


def test_only_yes_ends_and_a_no_is_not_asked_again_until_something_happens(case, media):
    person = Person()
    made, _, _ = end_of(case, media, person)
    meeting, state = case.sim.meeting, case.sim.state
    made.may_end(meeting, state)

    person.offer_answer = "no"
    assert not made.may_end(meeting, state)
    assert not made.may_end(meeting, state)
    assert person.said == ["destroy-early?"]

    later = replace(state, head="1" * 64)
    made.may_end(meeting, later)
    assert person.said == ["destroy-early?", "destroy-early?"]
    person.offer_answer = "yes"
    assert made.may_end(meeting, later)


def test_nobody_is_asked_before_every_round_is_over(media):
    case, person = new_case(), Person()
    made, _, _ = end_of(case, media, person)

    assert not made.may_end(case.sim.meeting, case.sim.state)
    case.open(["i1"])
    assert not made.may_end(case.sim.meeting, case.sim.state)
    assert person.said == []


def test_a_medium_that_is_not_inserted_is_named_before_the_question(case, media):
    person = Person()
    made, _, _ = end_of(case, media, person)
    media.paths[1].unlink()

    made.may_end(case.sim.meeting, case.sim.state)

    assert person.said == ["media-absent", "destroy-early?"]


def test_a_question_that_another_one_took_the_place_of_is_asked_again(case, media, monkeypatch):
    """The device stopped by an error asks whether to go on; its share was never destroyed then."""
    person = Person()
    _, server, own = end_of(case, media, person)
    held = encode_keys(own.secrets, replace(own.memory, frozen=case.sim.meeting.fingerprint))
    file = SimpleNamespace(held=held.decode(), file=media, keep=lambda _held: None)
    device = TrusteeDevice(server, file, person, bytes, unattended=False)
    looks = iter(["work"] * 2 + ["broken"] + ["work"] * 2 + ["broken"])

    def pause(_seconds):
        if next(looks) == "broken":
            raise VerificationError("broken-chain", height=9)

    monkeypatch.setattr(trustee.time, "sleep", pause)

    for _ in range(2):
        refuses(VerificationError, "broken-chain", device.run, 1)

    assert person.said == ["destroy-early?"] * 2


# Erasing and saying so


def test_the_share_is_erased_before_the_ledger_says_so(case, media):
    made, server, own = end_of(case, media, Person())

    memory = made.end(own.memory, own.secrets)

    assert memory.destroyed
    assert [erased for _, erased in server.posted] == [1]


def test_a_ledger_that_does_not_hold_is_found_while_the_share_is_still_there(case, media):
    made, server, own = end_of(case, media, Person(), broken=True)
    own.memory = replace(own.memory, height=case.sim.state.height, head=case.sim.state.head)

    refuses(VerificationError, "ledger-rewritten", made.end, own.memory, own.secrets)

    assert media.erased == 0
    assert server.posted == []


def test_what_stands_in_the_way_after_the_erasure_is_said_and_asked_about(case, media):
    """It once tried for ever, and said nothing."""
    person = Person(["yes", "no"])
    broken = VerificationError("broken-chain", height=9)
    made, server, own = end_of(case, media, person, failures=[broken, broken])

    assert made.end(own.memory, own.secrets) is None

    assert person.said == [
        "destroying",
        "error broken-chain",
        "destroy-again?",
        "error broken-chain",
        "destroy-again?",
    ]
    first, second = (value for value, _ in server.posted)
    assert first == second  # the act that was signed is kept


def test_trying_again_succeeds_once_the_server_is_mended(case, media):
    person = Person(["yes"])
    failures = [VerificationError("broken-chain", height=9)]
    made, _, own = end_of(case, media, person, failures=failures)

    assert made.end(own.memory, own.secrets).destroyed
    assert person.answers == []


@pytest.mark.parametrize(
    ("error", "times"), [(ConflictError("ledger-moved"), 3), (UnavailableError("server-silent"), 4)]
)
def test_a_ledger_that_moves_or_a_silent_server_is_not_waited_for_without_end(
    error, times, case, media
):
    person = Person(["no"])
    made, server, own = end_of(case, media, person, failures=[error] * 9)

    assert made.end(own.memory, own.secrets) is None

    assert len(server.posted) == times
    assert person.said == ["destroying", f"error {error.code}", "destroy-again?"]


def test_an_answer_that_was_lost_is_found_in_the_ledger(case, media):
    made, server, own = end_of(case, media, Person(), lost=True)

    assert made.end(own.memory, own.secrets).destroyed
    assert len(server.posted) == 1


def test_a_medium_that_cannot_be_erased_is_asked_for(case, media):
    person = Person([""])
    media.stuck = 1
    made, _, own = end_of(case, media, person)

    assert made.end(own.memory, own.secrets).destroyed
    assert person.said == ["error keyfile-not-destroyed", "media-again?", "destroying"]
