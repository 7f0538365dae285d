"""A counted box with shuffles as the verifier of a record sees it, honest and forged.

Every key is the test's own: the forger is all trustees and the server at once. Each forgery is one
thing; the act that counts is made to fit it as far as the fold allows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any

import pytest

from tally.count import Count, combine, complete_archive
from tally.mixing import Shuffled, apply_shuffle
from tally.outcome import opened_of
from tally.release import Factors, _decrypt
from tally.verify.archive import verify_archive
from tally.verify.box import Box
from tests.support.meeting import seed_of
from tests.support.sealed import TIMESTAMP, new_case
from tests.support.shuffled import ENTRIES, RosterCase, numbers, roster, signed_case
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars, sha256_hex
from voting.protocol import codec
from voting.protocol.archive import read_archive
from voting.protocol.checkpoint import signer
from voting.protocol.mixing import Chain, sign_chain
from voting.protocol.note import encode_note, parse_signature_line
from voting.protocol.shuffles import encode_shuffle, make_shuffle
from voting.protocol.trustees import decode_trustees

pytestmark = pytest.mark.usefixtures(roster.__name__)
WHOLE = ["V6", "V7", "V8", "V9", "V10", "V11", "V12", "V13", "V14", "V15", "V16"]


@dataclass
class Forger:
    """Shuffles, decrypts and counts as it likes."""

    case: RosterCase
    box: Any
    note: bytes
    sealed: bytes
    shuffles: list[tuple[int, bytes]] = field(default_factory=list)
    signed: list[tuple[int, bytes]] | None = None
    openers: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        self.ciphertexts = self.box.ciphertexts

    def shuffle(self, owner: int) -> Forger:
        draw = fresh_scalars(token_bytes, ED25519)
        body = encode_shuffle(make_shuffle(self.box.election, self.ciphertexts, token_bytes, draw))
        self.ciphertexts = apply_shuffle(self.box.election, self.ciphertexts, owner, body)
        self.shuffles.append((owner, body))
        return self

    def answer(self, index: int) -> Factors:
        device = self.case.devices[index - 1]
        box = replace(self.box, ciphertexts=self.ciphertexts)
        return Factors(index, *_decrypt(device.memory, device.secrets, box, token_bytes))

    def count(self) -> Count:
        made = combine(
            self.box.election,
            decode_trustees(self.case.trustees, ED25519),
            self.box.ciphertexts,
            [self.answer(index) for index in self.openers],
            number=6,
            mixed=self.ciphertexts,
        )
        return Count(
            made.tally, made.shares, made.proofs, made.result, shuffles=dict(self.shuffles)
        )

    def said(self) -> dict[str, Any]:
        chain = Chain(self.box.checkpoint.digest)
        links = []
        for owner, body in self.shuffles if self.signed is None else self.signed:
            chain = chain.then(owner, sha256_hex(body))
            links.append(sign_chain(chain, owner, seed_of(signer(owner))))
        lines = [sign_chain(chain, index, seed_of(signer(index))) for index in (1, 2, 3)]
        note = encode_note(chain.text, [parse_signature_line(line) for line in lines])
        return {"note": note.decode(), "links": links}

    def found(self) -> tuple[dict[str, str | None], Box, bytes]:
        """Count, append the act, and verify the box: check by check None or the error's code."""
        count = self.count()
        final = complete_archive(self.sealed, read_archive(self.sealed), count)
        body = {
            "slot": self.box.slot,
            "checkpoint": self.note.decode(),
            "archive": sha256_hex(final),
            "proofs": sha256_hex(count.proofs),
        }
        if self.shuffles or self.signed:
            body["shuffles"] = self.said()
        self.case.sim.act("count", **body)
        opened_at = datetime.fromtimestamp(TIMESTAMP, UTC).isoformat()
        sim = self.case.sim
        box = Box(self.box.slot, final, count.proofs, sim.meeting, sim.state, opened_at, workers=1)
        found = {
            one.check: None if one.error is None else one.error.code
            for one in box.findings()
            if one.status != "not-run"
        }
        return found, box, final


def forger() -> Forger:
    return Forger(*signed_case())


def failed(one: Forger) -> dict[str, str | None]:
    return {check: code for check, code in one.found()[0].items() if code is not None}


def test_an_honest_box_passes_every_check():
    found, box, final = forger().shuffle(1).shuffle(2).shuffle(3).found()

    assert found == dict.fromkeys(WHOLE)
    opened = box.opened()
    assert opened == opened_of(final)
    assert sorted(opened.entries[1]) == sorted(map(numbers, ENTRIES))


def test_a_shuffle_left_out_of_the_archive_is_noticed():
    """Three were signed, two stand in the archive: of the third nobody knows what it was."""
    one = forger().shuffle(1).shuffle(2)
    other = forger().shuffle(1).shuffle(2).shuffle(3)
    one.signed = other.shuffles

    assert failed(one) == {"V13": "record-shuffles"}


def test_no_shuffle_at_all_is_noticed():
    one = forger()

    assert failed(one) == {"V13": "shuffle-missing"}


def test_a_shuffle_under_anothers_number_is_noticed():
    """The same shuffles, and the archive says that trustee 3 made the second."""
    one = forger().shuffle(1).shuffle(2).shuffle(3)
    one.signed = list(one.shuffles)
    (_, a), (_, b), (_, c) = one.shuffles
    one.shuffles = [(1, a), (3, b), (2, c)]

    assert failed(one) == {"V13": "record-shuffles"}


def test_shuffles_that_nobody_signed_are_noticed():
    """A server that made all three itself knows whose entry is which."""
    one = forger().shuffle(1).shuffle(2).shuffle(3)
    one.signed = forger().shuffle(1).shuffle(2).shuffle(3).shuffles

    assert failed(one) == {"V13": "record-shuffles"}


def changed(body: bytes, change: Any) -> bytes:
    value = json.loads(body)
    change(value)
    return codec.encode(value)


def commitment(value: Any) -> None:
    value["proofs"][0][2][0] = ED25519.multiply_generator(5).text


def output(value: Any) -> None:
    value["ciphertexts"][0][0] = value["ciphertexts"][0][1]


def response(value: Any) -> None:
    value["proofs"][0][1][3] = "5"


@pytest.mark.parametrize("change", [commitment, output, response])
@pytest.mark.parametrize("at", [0, 2])
def test_a_shuffle_that_is_not_proved_names_its_maker(change, at):
    one = forger().shuffle(1).shuffle(2).shuffle(3)
    owner, body = one.shuffles[at]
    one.shuffles[at] = (owner, changed(body, change))
    found, box, _ = one.found()

    assert found["V13"] == "faulty-trustee"
    assert box.opened() is None


def test_a_shuffle_of_anothers_inputs_is_noticed():
    """The third shuffles what the first made: the second's permutation is lost."""
    one = forger().shuffle(1)
    after_first = one.ciphertexts
    one.shuffle(2)
    one.ciphertexts = after_first
    one.shuffle(3)

    assert failed(one)["V13"] == "faulty-trustee"


def test_who_did_not_shuffle_opens_nothing():
    one = forger()
    one.box = one.case.without(one.box, 1)
    one.shuffle(2).shuffle(3)
    one.openers = (1, 2)

    assert failed(one) == {"V14": "share-unshuffled"}


def test_factors_are_of_the_last_shuffle():
    """Factors of the sorted tally open the same entries, each with the ballot it came from."""
    one = forger().shuffle(1).shuffle(2).shuffle(3)
    one.ciphertexts = one.box.ciphertexts

    assert failed(one) == {"V14": "faulty-trustee"}


@pytest.fixture
def strange(monkeypatch):
    """A box in which one voter sealed an element that no numbers embed to, on purpose."""
    plain = new_case()
    case = RosterCase(plain.sim, plain.devices, plain.trustees)
    slot = case.open(["i1"])
    with monkeypatch.context() as inner:
        inner.setattr(type(ED25519), "embed", lambda *_: 5 * ED25519.generator)
        case.ballots[slot][2] = case.ballot(slot, 2)
    archive = case.archive(slot)
    case.seal(slot, archive)
    boxes = [device.check(case, slot, archive) for device in case.devices]
    lines = [device.sign(box) for device, box in zip(case.devices, boxes, strict=True)]
    return Forger(case, boxes[0], case.note(boxes[0], *lines), archive)


def test_what_no_numbers_embed_to_is_one_invalid_entry_in_a_record_and_voids_a_bare_archive(
    strange,
):
    """Nothing proves in a bare archive that it was a voter's; the second proofs do."""
    found, box, final = strange.shuffle(1).shuffle(2).shuffle(3).found()

    assert found == dict.fromkeys(WHOLE)
    entries = box.opened().entries[1]
    assert entries.count(None) == 1
    assert len(entries) == 6
    assert opened_of(final).entries[1] == entries
    bare = verify_archive(final, workers=1)
    assert [(one.check, one.error.code) for one in bare.findings if one.status == "failed"] == [
        ("V16", "result-plaintext")
    ]


def test_a_shuffled_is_not_shown_in_full():
    shown = repr(Shuffled(1, b"secretly long", "line"))

    assert "secretly" not in shown
