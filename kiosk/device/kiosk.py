"""What a kiosk does with a ticket, without a page: the rehearsal's members vote through this.

The order of things is the page's: take the open papers, show every item, seal all marks of a
paper at once, then cast or have the device checked. The token stays here; what leaves are sealed
ballots, trackers, and acts signed by the ticket's key for one slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.device.client import patiently
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars
from voting.errors import FormatError, VerificationError
from voting.meeting import binding
from voting.meeting.bodies import STANDINGS
from voting.protocol import codec, spoil
from voting.protocol.ballot import seal_ballot
from voting.protocol.credential import private_credential, public_credential, sign_ticket_act
from voting.protocol.election import decode_election
from voting.protocol.values import proof_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kiosk.device.client import Client
    from voting.meeting.frozen import Meeting
    from voting.protocol.ballot import SealedBallot
    from voting.protocol.credential import Token
    from voting.protocol.election import Election
    from voting.rules.shapes import Standing


@dataclass(frozen=True, slots=True)
class Paper:
    """An open round: its election, its items, and who stands where it is a later round."""

    election: Election
    items: list[str]
    standings: Mapping[str, Standing]


class Kiosk:
    """One kiosk. ``rand`` gives fresh bytes; nothing is kept after a cast."""

    def __init__(self, client: Client, rand: Callable[[int], bytes]) -> None:
        self.client = client
        self._rand = rand
        self._draw = fresh_scalars(rand, ED25519)
        self._credentials: dict[str, frozenset[str]] = {}

    def papers(self, meeting: Meeting) -> list[Paper]:
        """Return the open papers, recusal papers first.

        Args:
            meeting: As frozen, its fingerprint compared by people when the kiosk was set up. Every
                election is rebuilt from it: a server that could name another key would read
                every choice, and one that could name another question would change its meaning.

        Raises:
            VerificationError: ``election-mismatch``.
        """
        found = []
        for paper in codec.array(self.client.get("/api/kiosk/papers"), "papers"):
            names = ("slot", "items", "standings", "election")
            slot, items, said, raw = codec.fields(paper, "paper", *names)
            data = codec.text(raw, "paper.election", max_length=2**22).encode()
            election = decode_election(data)
            listed = [codec.text(item, "item") for item in codec.array(items, "paper.items")]
            standings = binding.standings_of({"standings": STANDINGS(said, "paper.standings")})
            known = {*listed, *standings} <= set(meeting.items) and election.uuid in meeting.slots
            wanted = _rebuilt(meeting, election, listed, standings) if known else None
            if election.uuid != slot or data != wanted:
                raise VerificationError("election-mismatch", slot=slot)
            found.append(Paper(election, listed, standings))
        return found

    def holds(self, token: Token, slot: str) -> bool:
        """Tell whether a ticket is good for a paper: it may be another group's, or withdrawn."""
        listed = self._credentials.get(slot)
        if listed is None:
            raw = self.client.get_bytes(f"/api/slots/{slot}/credentials")
            found = codec.array(codec.decode_exact(raw, "credentials"), "credentials")
            listed = self._credentials[slot] = frozenset(map(str, found))
        secret = private_credential(token, slot, ED25519)
        return public_credential(secret, ED25519).text in listed

    def seal(
        self, election: Election, token: Token, choices: Sequence[Sequence[int]]
    ) -> SealedBallot:
        """Encrypt, prove and sign one paper's choices from a fresh seed."""
        secret = private_credential(token, election.uuid, ED25519)
        return seal_ballot(
            election, secret, choices, seed=self._rand(32), signature_nonce=self._draw()
        )

    def cast(self, election: Election, ballot: SealedBallot) -> str:
        """Send a sealed ballot until it is answered, always the same bytes; return its tracker."""
        path = f"/api/slots/{election.uuid}/ballots"
        value = patiently(lambda: self.client.post_bytes(path, ballot.data))
        if value != {"tracker": ballot.tracker}:
            raise VerificationError("tracker-mismatch")
        return ballot.tracker

    def open_spoiled(self, election: Election, ballot: SealedBallot) -> bytes:
        """Have the tracker marked spoiled; only then return what the checking device scans."""
        path = f"/api/slots/{election.uuid}/spoil"
        patiently(lambda: self.client.post(path, {"tracker": ballot.tracker}))
        return spoil.encode_opening(spoil.opening_of(election, ballot))

    def void(
        self, token: Token, slot: str, act: Literal["leftover", "withdraw"], meeting: str
    ) -> None:
        """Void a ticket for one slot, signed by its key there."""
        self._ticket_act(token, slot, act, meeting)

    def counted(self, token: Token, slot: str, meeting: str) -> str | None:
        """Ask whether this ticket's ballot was stored; return its tracker or None."""
        value = patiently(lambda: self._ticket_act(token, slot, "query", meeting))
        tracker: str | None = value["tracker"]
        return tracker

    def _ticket_act(
        self, token: Token, slot: str, act: Literal["leftover", "withdraw", "query"], meeting: str
    ) -> dict[str, str | None]:
        secret = private_credential(token, slot, ED25519)
        proof = sign_ticket_act(
            secret,
            act,
            slot=slot,
            meeting_fingerprint=meeting,
            nonce=self._draw(),
            group=ED25519,
        )
        value: dict[str, str | None] = self.client.post(
            "/api/ticket-acts",
            {
                "act": act,
                "slot": slot,
                "credential": public_credential(secret, ED25519).text,
                "proof": proof_json(proof),
            },
        )
        return value


def _rebuilt(
    meeting: Meeting, election: Election, items: list[str], standings: Mapping[str, Standing]
) -> bytes | None:
    """Return the election of these items; number and standings are taken from what came.

    Another standing would be another election than trustees and officers agreed to, whose box no
    trustee opens.
    """
    number = election.description.split(" ")[-2:-1]
    if not items or not number or not number[0].isdecimal() or len(number[0]) > 3:
        return None
    try:
        return binding.round_election(meeting, election.uuid, items, int(number[0]), standings)
    except FormatError:
        return None
