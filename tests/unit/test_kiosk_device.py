"""A kiosk seals nothing but the elections that follow from the frozen meeting."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.device.kiosk import Kiosk
from tests.support.meeting import Simulation
from tests.support.trustees import refuses
from voting.crypto.group import ED25519
from voting.errors import VerificationError
from voting.meeting import binding
from voting.protocol.election import decode_election, make_election


class Server:
    """Offers one paper."""

    def __init__(self, slot: str, items: list[str], election: bytes) -> None:
        self.paper = {
            "slot": slot,
            "items": items,
            "standings": {},
            "election": election.decode(),
        }

    def get(self, path: str) -> Any:
        assert path == "/api/kiosk/papers"
        return [self.paper]


MEETING = Simulation.fresh().meeting
SLOT = MEETING.slots[0]
TRUE = binding.round_election(MEETING, SLOT, ["i1", "i2"], 1)


def offered(election: bytes, *, slot: str = SLOT, items: tuple[str, ...] = ("i1", "i2")) -> Any:
    return Kiosk(Server(slot, list(items), election), lambda n: bytes(n)).papers(MEETING)


def other(**changes: Any) -> bytes:
    election = decode_election(TRUE)
    parts = {
        "uuid": election.uuid,
        "name": election.name,
        "description": election.description,
        "public_key": election.public_key,
        "questions": election.questions,
    }
    return make_election(**{**parts, **changes})


def test_the_election_of_the_frozen_meeting_is_taken():
    (paper,) = offered(TRUE)

    assert paper.election.raw == TRUE
    assert paper.items == ["i1", "i2"]


@pytest.mark.parametrize(
    "election",
    [
        pytest.param(other(public_key=ED25519.multiply_generator(99)), id="the server's own key"),
        pytest.param(
            other(questions=decode_election(TRUE).questions[::-1]), id="questions swapped"
        ),
        pytest.param(other(description="piaojue/round/1"), id="another meeting"),
        pytest.param(
            other(description=decode_election(TRUE).description.replace(" 1 ", " 01 ")),
            id="another spelling of the round",
        ),
    ],
)
def test_an_election_that_does_not_follow_from_the_meeting_is_refused(election):
    refuses(VerificationError, "election-mismatch", offered, election)


def test_a_slot_that_the_meeting_does_not_have_is_refused():
    """The server could use one slot of another meeting for which it keeps the tickets' keys."""
    foreign = MEETING.uuid
    election = binding.round_election(MEETING, foreign, ["i1"], 1)

    refuses(VerificationError, "election-mismatch", offered, election, slot=foreign, items=("i1",))


def test_items_that_the_election_does_not_ask_are_refused():
    """Marks would be sealed under the wrong questions."""
    refuses(VerificationError, "election-mismatch", offered, TRUE, items=("i2", "i1"))
    refuses(VerificationError, "election-mismatch", offered, TRUE, items=("i9",))
    refuses(VerificationError, "election-mismatch", offered, TRUE, items=())
