"""Hashes, fingerprints, spoken codes and the streams that provers draw from."""

import hashlib
import secrets

import pytest

from tests.support.finite_field import BELENIOS_2048, RFC_3526_2048
from voting.crypto import hashing
from voting.crypto.group import ED25519


def test_parts_are_hashed_end_to_end_as_utf_8():
    expected = int(hashlib.sha256("sk|会".encode()).hexdigest(), 16) % ED25519.order

    assert hashing.hash_to_scalar(ED25519, "sk|", "会") == expected
    assert hashing.hash_to_scalar(ED25519, b"sk", "|会") == expected


def test_fingerprints_have_43_characters_and_both_forms_agree():
    digest = hashing.sha256_hex(b"")

    assert digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert hashing.b64_fingerprint("") == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    assert hashing.b64_digest(bytes.fromhex(digest)) == hashing.b64_fingerprint(b"")


@pytest.mark.parametrize(
    ("digest", "code"),
    [
        ("0" * 64, "0000 0000 0000 0000"),
        ("f" * 64, "ZZZZ ZZZZ ZZZZ ZZZZ"),
        ("00443214c74254b635cf" + "0" * 44, "0123 4567 89AB CDEF"),
        ("84653a56d7c675be77df" + "f" * 44, "GHJK MNPQ RSTV WXYZ"),
    ],
)
def test_a_code_is_the_first_80_bits_without_letters_that_look_alike(digest, code):
    assert hashing.code_80bits(digest) == code


def test_fresh_scalars_reject_what_is_not_below_the_order_and_mask_the_rest():
    order = ED25519.order
    answers = iter([order, order - 1, (7 << 253) + 5])
    draw = hashing.fresh_scalars(lambda n: next(answers).to_bytes(n, "big"), ED25519)

    assert [draw(), draw()] == [order - 1, 5]


@pytest.mark.parametrize("group", [ED25519, BELENIOS_2048, RFC_3526_2048], ids=lambda g: g.name)
def test_both_streams_stay_below_the_order(group):
    fresh = hashing.fresh_scalars(secrets.token_bytes, group)
    seeded = hashing.seeded_scalars(bytes(32), "answers", group)

    drawn = [draw() for draw in (fresh, seeded) for _ in range(20)]

    assert len(set(drawn)) == 40
    assert all(0 <= x < group.order for x in drawn)
    assert max(drawn).bit_length() > group.order.bit_length() - 8


def test_a_seed_expands_as_documented():
    seed = bytes(range(32))
    draw = hashing.seeded_scalars(seed, b"answers", ED25519)
    block = hashlib.shake_256(b"piaojue/seal/1|answers|" + seed + b"\0\0\0\1").digest(64)

    draw()

    assert draw() == int.from_bytes(block, "big") % ED25519.order


def test_label_and_seed_separate_the_streams():
    streams = [(bytes(32), "a"), (bytes(32), "b"), (bytes(31) + b"\1", "a")]

    firsts = {hashing.seeded_scalars(seed, label, ED25519)() for seed, label in streams}

    assert len(firsts) == 3


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        hashing.seeded_scalars(bytes(16), "answers", ED25519)
