"""The program on a trustee's device takes part in the shuffles, in turn, and says how far it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.device.trustee import TrusteeDevice
from tally.count import complete_archive
from tally.memory import decode_keys, encode_keys
from tally.mixing import Shuffled
from tally.outcome import opened_of
from tally.release import Factors
from tests.support.shuffled import ENTRIES, numbers, roster, signed_case
from tests.support.trustees import refuses
from tests.unit.test_trustee_device import Keep
from voting.crypto.hashing import sha256_hex
from voting.errors import FaultyTrusteeError, UnavailableError, VerificationError
from voting.protocol.archive import read_archive
from voting.protocol.mixing import Chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line

pytestmark = pytest.mark.usefixtures(roster.__name__)


@dataclass
class Server:
    """Relays what trustees' devices post, in the order of their indexes."""

    case: Any
    slot: str
    archive: bytes
    texts: dict[str, str]
    lines: dict[int, str] = field(default_factory=dict)
    shuffles: dict[int, tuple[str, str]] = field(default_factory=dict)
    agreed: dict[int, str] = field(default_factory=dict)
    factors: dict[int, Factors] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def get_bytes(self, path: str) -> bytes:
        if path == "/api/meeting":
            return self.case.sim.meeting.raw
        if path.startswith("/api/ledger"):
            start = int(path.removeprefix("/api/ledger?from="))
            return b"".join(self.case.ledger.splitlines(keepends=True)[start:])
        if path.endswith("archive/sealed"):
            return self.archive
        return self.shuffles[int(path.rpartition("/")[2])][0].encode()

    def note(self, text: str, lines: dict[int, str]) -> str | None:
        if not lines:
            return None
        return encode_note(text, [parse_signature_line(one) for one in lines.values()]).decode()

    def get(self, path: str) -> Any:
        if path == "/api/binding":
            return None
        if path.endswith("/checkpoint"):
            return {"note": self.note(self.texts["checkpoint"], self.lines)}
        chain = Chain(self.case.checkpoint_digest(self.slot))
        for owner, (body, _) in sorted(self.shuffles.items()):
            chain = chain.then(owner, sha256_hex(body))
        listed = [{"owner": k, "line": line} for k, (_, line) in sorted(self.shuffles.items())]
        return {"shuffles": listed, "note": self.note(chain.text, self.agreed)}


@dataclass
class Client:
    """One trustee's line to it; what is in ``lost`` arrives and its answer does not."""

    server: Server
    index: int

    def get_bytes(self, path: str) -> bytes:
        return self.server.get_bytes(path)

    def get(self, path: str) -> Any:
        return self.server.get(path)

    def post(self, path: str, value: Any) -> Any:
        server, what = self.server, path.rpartition("/")[2]
        if what == "checkpoint":
            server.lines[self.index] = value["line"]
        elif what == "signature":
            server.agreed[self.index] = value["line"]
        elif what == "factors":
            share, proofs = value["share"].encode(), value["proofs"].encode()
            server.factors[self.index] = Factors(self.index, share, proofs)
        else:
            assert what == "shuffles"
            made = (value["shuffle"], value["line"])
            assert server.shuffles.setdefault(self.index, made) == made
        if what in server.lost:
            server.lost.discard(what)
            raise UnavailableError("server-silent")
        return {}


@dataclass
class Told:
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def tell(self, event: str, **params: Any) -> None:
        self.events.append((event, params))

    def complain(self, error: Any) -> None:
        self.events.append(("error", {"code": error.code}))

    def ask(self, event: str, **_params: Any) -> str:
        self.events.append((event, {}))
        return "yes"

    @property
    def names(self) -> list[str]:
        return [event for event, _ in self.events]


def room(**changes: Any) -> tuple[Server, list[TrusteeDevice], list[Told]]:
    case, box, _note, archive = signed_case()
    server = Server(case, box.slot, archive, {"checkpoint": box.checkpoint.text}, **changes)
    told = [Told(), Told(), Told()]
    return server, [device(server, i, told[i - 1]) for i in (1, 2, 3)], told


def device(server: Server, index: int, told: Told, keep: Keep | None = None) -> TrusteeDevice:
    own = server.case.devices[index - 1]
    keep = keep or Keep(encode_keys(own.secrets, own.memory).decode())
    made = TrusteeDevice(Client(server, index), keep, told, secrets.token_bytes, unattended=False)
    made._secrets, made._memory = decode_keys(keep.held.encode())
    return made


def look(devices: list[TrusteeDevice], times: int = 8) -> None:
    for _ in range(times):
        for one in devices:
            one._step()


def test_three_programs_shuffle_agree_and_open():
    server, devices, told = room()

    look(devices)

    assert list(server.shuffles) == [1, 2, 3]
    assert sorted(server.factors) == [1, 2, 3]
    for one in told:
        names = [name for name in one.names if not name.startswith(("progress", "cosigners"))]
        assert names.count("shuffling") == names.count("shuffled") == 1
        assert names.index("shuffled") < names.index("shuffles-agreed") < names.index("decrypted")
        assert "error" not in names
    assert ("shuffle-waits", {"slot": server.slot, "trustee": 1}) in told[2].events
    assert ("shuffle-checking", {"slot": server.slot, "trustee": 1}) in told[2].events
    count = server.case.copy()
    count.chain = [_relayed(server, owner) for owner in (1, 2, 3)]
    box = devices[0]._boxes[server.slot]
    final = complete_archive(
        server.archive,
        read_archive(server.archive),
        count.counted(box, list(server.factors.values())),
    )
    assert sorted(opened_of(final).entries[1]) == sorted(map(numbers, ENTRIES))


def _relayed(server, owner):
    body, line = server.shuffles[owner]
    return Shuffled(owner, body.encode(), line)


@pytest.mark.parametrize("what", ["checkpoint", "shuffles", "signature", "factors"])
def test_a_program_that_was_stopped_at_any_answer_goes_on_with_the_same_bytes(what):
    server, devices, told = room(lost={what})
    lost = []
    for _ in range(10):
        for i, one in enumerate(devices):
            before = set(server.lost)
            one._step()
            if before != server.lost:  # power off; what is stored is what there is
                lost.append(i + 1)
                devices[i] = device(server, i + 1, told[i], one._keys)

    assert len(lost) == 1
    assert sorted(server.factors) == [1, 2, 3]


def test_a_program_stores_its_shuffle_before_it_sends_it():
    server, devices, _ = room()
    for one in devices:
        one._step()  # checks and signs
    sent = []

    def stored(path, value):
        held = decode_keys(devices[0]._keys.held.encode())[1].slots[server.slot]
        sent.append((held.shuffle == value["shuffle"], held.link is not None))
        return {}

    devices[0]._mixing.client.post = stored
    devices[0]._step()

    assert sent == [(True, True)]


def test_who_is_named_missing_is_passed_over_and_says_so():
    server, devices, told = room()
    case = server.case
    digest = case.checkpoint_digest(server.slot)
    case.sim.act("compared", slot=server.slot, checkpoint=digest, missing=[1])

    look(devices)

    assert list(server.shuffles) == [2, 3]
    assert sorted(server.factors) == [2, 3]
    assert told[0].names.count("shuffle-passed") == 1
    assert "compare-aloud" in told[1].names


def test_a_wrong_shuffle_stops_the_program_and_names_whose_it_is():
    server, devices, _ = room()
    look(devices[:1], 3)
    look(devices[1:], 1)
    devices[0]._step()
    body, _ = server.shuffles[1]
    broken = body.replace('"alpha":"', '"alpha":"0', 1)
    chain = Chain(server.case.checkpoint_digest(server.slot)).then(1, sha256_hex(broken))
    seed = server.case.devices[0].secrets.note_seed
    server.shuffles[1] = (broken, sign_chain(chain, 1, seed))

    error = refuses(FaultyTrusteeError, "faulty-trustee", look, devices[1:2], 3)
    assert error.trustee == 1


def test_a_server_that_shows_another_chain_than_before_is_noticed():
    """After the second trustee has shuffled, the first one's shuffle becomes another."""
    server, devices, _ = room()
    other = server.case.copy()
    look(devices, 3)
    assert set(server.shuffles) >= {1, 2}
    note = server.note(server.texts["checkpoint"], server.lines).encode()
    box = devices[0]._boxes[server.slot]
    made = other.shuffle(1, box, note)
    server.shuffles[1] = (made.body.decode(), made.line)
    server.shuffles.pop(3, None)
    server.agreed.clear()
    fresh = device(server, 2, Told(), devices[1]._keys)

    refuses(VerificationError, "second-shuffle", look, [fresh], 3)
