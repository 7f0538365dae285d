"""No other bytes pass for a valid archive: flips, consistent changes, truncations."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tally.verify.archive import verify_archive
from voting.errors import InputError, VerificationError
from voting.protocol.archive import read_archive, write_archive

SAMPLES = Path(__file__).parents[1] / "samples" / "valid"
FLIPS = 100
CHANGES = 24


def sample(name: str) -> bytes:
    (path,) = (SAMPLES / name).glob("*.bel")
    return path.read_bytes()


def boundaries(data: bytes) -> list[tuple[int, bool]]:
    """Return where each record ends, and whether it is an event's."""
    at, ends = 0, []
    while at < len(data):
        size = int(data[at + 124 : at + 135], 8)
        event = b".event.json" in data[at : at + 100]
        at += 512 + size + -size % 512
        ends.append((at, event))
    return ends


def refused(data: bytes) -> bool:
    try:
        verify_archive(data, workers=1).require_valid()
    except (VerificationError, InputError):
        return True
    return False


@pytest.mark.parametrize("name", ["mixnet", "blank"])
def test_any_flipped_bit_is_refused(name):
    data, chance = sample(name), random.Random(name)
    for _ in range(FLIPS // 2):
        flipped = bytearray(data)
        at = chance.randrange(len(data))
        flipped[at] ^= 1 << chance.randrange(8)

        assert refused(bytes(flipped)), at


@pytest.mark.parametrize("name", ["mixnet", "threshold-2of3"])
def test_a_changed_body_is_refused_when_every_hash_is_mended(name):
    """The chain is written anew around the change, so no check of the chain can find it."""
    chance = random.Random(name)
    for round_ in range(CHANGES):
        archive = read_archive(sample(name))
        bodies = [
            (archive.setup, "election"),
            (archive.setup, "trustees"),
            (archive.setup, "credentials"),
            (archive.tally, "encrypted_tally"),
            (archive.shares[0], "payload"),
            (archive.shares[-1], "payload"),
            (archive, "result"),
            *((shuffle, "payload") for shuffle in archive.shuffles),
        ]
        owner, attribute = bodies[round_ % len(bodies)]
        body = bytearray(getattr(owner, attribute))
        digits = [i for i, byte in enumerate(body) if byte in b"0123456789"]
        at = chance.choice(digits)
        body[at] = chance.choice([byte for byte in b"123456789" if byte != body[at]])
        object.__setattr__(owner, attribute, bytes(body))

        changed = b"".join(write_archive(archive))

        assert read_archive(changed).stage == "result"
        assert refused(changed), (attribute, at)


def test_an_archive_cut_after_an_event_is_one_of_an_earlier_stage():
    data, stages = sample("mixnet"), []
    for end, event in boundaries(data):
        if event:
            report = verify_archive(data[:end], workers=1)
            report.require_valid()
            stages.append(report.stage)

    order = ["open", "closed", "tallied", "decrypting", "result"]
    assert stages == sorted(stages, key=order.index)
    assert set(stages) == set(order)


@pytest.mark.parametrize("name", ["mixnet", "threshold-2of3"])
def test_any_other_cut_is_refused(name):
    data, chance = sample(name), random.Random(name)
    ends = boundaries(data)
    whole = {end for end, event in ends if event}
    cuts = {end for end, _ in ends} | {end - 512 for end, _ in ends} | {end - 1 for end, _ in ends}
    cuts |= {chance.randrange(len(data)) for _ in range(100)}
    for cut in cuts - whole:
        with pytest.raises(VerificationError):
            read_archive(data[:cut])


@pytest.mark.parametrize("name", [p.name for p in sorted(SAMPLES.iterdir())])
def test_reading_and_writing_are_inverse(name):
    data = sample(name)

    assert b"".join(write_archive(read_archive(data))) == data
