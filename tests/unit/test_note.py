"""Signed notes: one spelling, no line that nobody checks."""

from __future__ import annotations

import base64
import hashlib

import pytest
from nacl.signing import SigningKey

from voting.errors import FormatError, ProofError
from voting.protocol.checkpoint import (
    Checkpoint,
    ballots_digest,
    cosigners_needed,
    parse_checkpoint,
    signer,
    verify_checkpoint,
)
from voting.protocol.note import Note, encode_note, key_id, parse_note, sign_note, verify_note

SEEDS = [bytes([i]) * 32 for i in range(1, 4)]
KEYS = [bytes(SigningKey(seed).verify_key) for seed in SEEDS]
KNOWN = {signer(i): key for i, key in enumerate(KEYS, start=1)}
TEXT = "piaojue/test/1\nsome line\n"


def note_by(*signers: int, text: str = TEXT) -> bytes:
    return encode_note(text, [sign_note(text, signer(i), SEEDS[i - 1]) for i in signers])


def a_checkpoint(**changes: object) -> Checkpoint:
    values: dict[str, object] = {
        "meeting": "0a" * 32,
        "slot": "AAAAAAAAAAAAAAAAAAAAAA",
        "phi": "A" * 43,
        "trustees": "0b" * 32,
        "credentials": "0c" * 32,
        "ballots": ballots_digest(["b" * 43, "a" * 43]),
        "number": 2,
    }
    return Checkpoint(**{**values, **changes})  # type: ignore[arg-type]


def test_a_note_is_read_back_and_names_its_signers():
    data = note_by(2, 1)

    note = parse_note(data)

    assert note.text == TEXT
    assert verify_note(note, KNOWN) == ("trustee:1", "trustee:2")
    assert encode_note(note.text, note.signatures) == data


def test_the_key_id_is_that_of_the_c2sp_text():
    expected = hashlib.sha256(b"trustee:1\n\x01" + KEYS[0]).digest()[:4]

    assert key_id("trustee:1", KEYS[0]) == expected
    line = note_by(1).decode().splitlines()[-1]
    assert line.startswith("— trustee:1 ")
    assert base64.b64decode(line.split(" ")[2])[:4] == expected


def test_an_unknown_signer_is_an_error_and_not_skipped():
    note = parse_note(note_by(1, 3))

    with pytest.raises(ProofError) as caught:
        verify_note(note, {"trustee:1": KEYS[0]})

    assert caught.value.code == "note-unknown-signer"


def test_a_known_name_with_another_key_is_an_unknown_signer():
    note = parse_note(encode_note(TEXT, [sign_note(TEXT, signer(1), SEEDS[1])]))

    with pytest.raises(ProofError) as caught:
        verify_note(note, KNOWN)

    assert caught.value.code == "note-unknown-signer"


def test_a_changed_text_breaks_the_signature():
    changed = note_by(1).replace(b"some line", b"some Line")

    with pytest.raises(ProofError) as caught:
        verify_note(parse_note(changed), KNOWN)

    assert caught.value.code == "bad-signature"


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda d: d.removesuffix(b"\n"), id="no last line break"),
        pytest.param(lambda d: d + b"\n", id="a blank line at the end"),
        pytest.param(lambda d: d + b"- x y\n", id="a line of another kind"),
        pytest.param(lambda d: d.replace(b"some line", b"some\tline"), id="a control character"),
        pytest.param(lambda d: d.replace(b"some line", b"some\xff"), id="not UTF-8"),
        pytest.param(lambda d: d.replace(b"=\n", b"\n", 1), id="Base64 without its padding"),
        pytest.param(lambda d: TEXT.encode(), id="no signature"),
        pytest.param(
            lambda d: b"\n".join([*d.split(b"\n")[:3], *d.split(b"\n")[4:2:-1], b""]),
            id="signatures in another order",
        ),
        pytest.param(lambda d: d + d.splitlines(keepends=True)[-1], id="the same signature twice"),
    ],
)
def test_another_spelling_of_a_note_is_refused(spoil):
    data = note_by(1, 2)
    assert spoil(data) != data

    with pytest.raises(FormatError):
        parse_note(spoil(data))


def test_base64_with_unused_bits_is_refused():
    data = note_by(1)
    line = data.decode().splitlines()[-1]
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = line[-2]
    twin = digits[digits.index(last) + 1]
    assert base64.b64decode(line[-4:-2] + twin + "=") == base64.b64decode(line[-4:])

    with pytest.raises(FormatError):
        parse_note(data.replace(line.encode(), (line[:-2] + twin + "=").encode()))


def test_a_checkpoint_is_read_back_with_the_trustees_that_signed():
    checkpoint = a_checkpoint()
    data = note_by(3, 1, text=checkpoint.text)

    assert parse_checkpoint(checkpoint.text) == checkpoint
    assert verify_checkpoint(data, KEYS) == (checkpoint, frozenset({1, 3}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n2\n", "\n02\n"),
        ("\n2\n", "\n²\n"),
        ("\n2\n", "\n-2\n"),
        ("0a0a", "0A0a"),
        ("checkpoint/1", "checkpoint/2"),
        ("\n2\n", "\n2\n\n"),
        ("\n2\n", "\n2\nmore\n"),
    ],
)
def test_another_spelling_of_a_checkpoint_is_refused(old, new):
    text = a_checkpoint().text
    assert old in text

    with pytest.raises(FormatError):
        parse_checkpoint(text.replace(old, new, 1))


def test_the_ballots_digest_does_not_depend_on_the_order_given():
    assert ballots_digest(["b" * 43, "a" * 43]) == ballots_digest(["a" * 43, "b" * 43])
    assert ballots_digest([]) == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("size", range(1, 10))
def test_two_sets_of_cosigners_have_threshold_trustees_in_common(size):
    for threshold in range(1, size + 1):
        needed = cosigners_needed(size, threshold)

        assert 2 * needed > size + threshold - 1 >= 2 * (needed - 1)
        assert 2 * needed - size >= threshold


@pytest.mark.parametrize("name", ["", "two words", "a+b", "x" * 101])
def test_a_name_that_could_not_be_read_back_signs_nothing(name):
    with pytest.raises(FormatError):
        sign_note(TEXT, name, SEEDS[0])


@pytest.mark.parametrize("text", ["", "\n", "no line break at the end"])
def test_only_a_text_of_whole_lines_is_signed(text):
    with pytest.raises(FormatError):
        sign_note(text, "trustee:1", SEEDS[0])


def test_a_note_that_is_too_long_is_refused_unread():
    with pytest.raises(FormatError, match="longer"):
        parse_note(note_by(1, text="line\n" * 20_000))


def test_one_name_counts_once_however_the_note_was_made():
    note = parse_note(note_by(1))

    with pytest.raises(ProofError) as caught:
        verify_note(Note(note.text, note.signatures * 2), KNOWN)

    assert caught.value.code == "note-signed-twice"
