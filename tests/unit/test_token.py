"""A ticket's token: every single fault and every exchange is seen before anything is derived."""

from __future__ import annotations

import pytest

from voting.crypto.hashing import ALPHABET
from voting.errors import FormatError, InputError
from voting.protocol import credential as c

RAWS = [
    bytes(16),
    b"\xff" * 16,
    bytes(range(16)),
    bytes.fromhex("9c1185a5c5e9fc54612808977ee8f548"),
]
TOKENS = [c.token_from_bytes(raw) for raw in RAWS]


def printed(token):
    return c.format_token(token).replace("-", "")


def code_of(call, text):
    with pytest.raises(InputError) as caught:
        call(text)
    assert text not in str(caught.value) or not text
    return caught.value.code


@pytest.mark.parametrize("raw", RAWS, ids=bytes.hex)
def test_a_token_is_sixteen_bytes_in_26_symbols(raw):
    token = c.new_token(lambda n: raw if n == 16 else b"")
    number = 0
    for symbol in token:
        number = number * 32 + ALPHABET.index(symbol)

    assert len(token) == 26
    assert number.to_bytes(17, "big") == b"\0" + raw


def test_tokens_are_made_of_sixteen_bytes_only():
    with pytest.raises(FormatError):
        c.token_from_bytes(bytes(15))


def test_the_alphabet_has_32_symbols_that_do_not_look_alike():
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")


@pytest.mark.parametrize("token", TOKENS)
def test_what_is_printed_is_read_back_in_any_case_and_grouping(token):
    text = c.format_token(token)

    assert [len(part) for part in text.split("-")] == [4] * 7
    assert c.parse_token(text) == token
    assert c.parse_token(text.lower().replace("-", "  ")) == token
    assert c.parse_token(f" {printed(token)}- ") == token


@pytest.mark.parametrize("token", TOKENS)
def test_every_substitution_of_one_symbol_is_caught(token):
    good = printed(token)
    for i in range(28):
        for symbol in ALPHABET.replace(good[i], ""):
            assert code_of(c.parse_token, good[:i] + symbol + good[i + 1 :]) == "token-mistyped"


def test_the_code_is_linear_so_testing_every_difference_tests_every_token():
    zero = printed(TOKENS[0])
    assert zero == "0" * 28
    seen = 0
    for i in range(28):
        for j in range(i + 1, 28):
            for d in range(1, 32):
                # An exchange of symbols that differ by d changes both places by d.
                values = [0] * 28
                values[i] = values[j] = d
                text = "".join(ALPHABET[v] for v in values)
                assert code_of(c.parse_token, text) == "token-mistyped"
                seen += 1
    assert seen == 28 * 27 // 2 * 31


@pytest.mark.parametrize("token", TOKENS[2:])
def test_every_exchange_of_two_different_symbols_is_caught(token):
    good = printed(token)
    for i in range(28):
        for j in range(i + 1, 28):
            if good[i] != good[j]:
                other = list(good)
                other[i], other[j] = other[j], other[i]
                assert code_of(c.parse_token, "".join(other)) == "token-mistyped"


def test_a_token_of_more_than_128_bits_is_refused_although_its_check_symbols_fit():
    large = c.Token("8" + "0" * 25)

    assert code_of(c.parse_token, c.format_token(large)) == "token-mistyped"
    with pytest.raises(FormatError):
        c.private_credential(large, "1" * 14, None)


@pytest.mark.parametrize("symbol", ["O", "i", "L", "u", "!", "ı", "ß", "ſ", "ﬆ", "Ａ", "²", "\n"])
def test_a_symbol_outside_the_alphabet_is_pointed_at(symbol):
    text = printed(TOKENS[2])
    with pytest.raises(InputError) as caught:
        c.parse_token(text[:4] + "-" + symbol + text[5:])

    assert caught.value.code == "token-symbol"
    assert caught.value.params == {"position": 5}


@pytest.mark.parametrize("length", [0, 1, 26, 27, 29])
def test_missing_and_spare_symbols_are_counted(length):
    with pytest.raises(InputError) as caught:
        c.parse_token((printed(TOKENS[2]) * 2)[:length])

    assert caught.value.code == "token-length"
    assert caught.value.params == {"length": length}


@pytest.mark.parametrize("token", TOKENS)
def test_the_qr_code_holds_prefix_and_token_in_alphanumeric_mode(token):
    payload = c.qr_payload(token)

    assert len(payload) == 32
    assert set(payload) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert c.parse_qr(payload) == token


def test_half_a_code_is_told_from_a_foreign_one_and_from_a_damaged_one():
    payload = c.qr_payload(TOKENS[2])
    swapped = payload[:-2] + payload[:-3:-1]

    assert all(code_of(c.parse_qr, payload[:n]) == "qr-incomplete" for n in range(1, 32))
    for foreign in ["", "https://example.org/", "pj1:", "PJ2:" + payload[4:], payload[4:]]:
        assert code_of(c.parse_qr, foreign) == "qr-foreign"
    for damaged in [swapped, payload + "0", payload.lower().replace("pj", "PJ"), payload + " "]:
        assert code_of(c.parse_qr, damaged) == "qr-damaged"
