"""One value has one spelling: anything else is refused with its place."""

from __future__ import annotations

import pytest

from voting.errors import FormatError
from voting.protocol import codec


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        ({"b": 1, "a": [True, None, "表决"]}, '{"b":1,"a":[true,null,"表决"]}'),
        ('\b\f\n\r\t"\\', '"\\b\\f\\n\\r\\t\\"\\\\"'),
        ("\x00\x1f\x7f", '"\\u0000\\u001f\\u007f"'),
        ("/\u2028😀\x80", '"/\u2028😀\x80"'),
    ],
)
def test_encode_spells_as_yojson_does(value, spelled):
    assert codec.encode(value) == spelled.encode()
    assert codec.decode_exact(codec.encode(value), "x") == value


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"a":1,"a":1}', id="key twice"),
        pytest.param(b"[1.0]", id="float"),
        pytest.param(b"1e3", id="exponent"),
        pytest.param(b"-0", id="minus zero"),
        pytest.param(b"NaN", id="NaN"),
        pytest.param(b"-Infinity", id="infinity"),
        pytest.param(b"9007199254740992", id="2**53"),
        pytest.param(b"9" * 5000, id="very large number"),
        pytest.param(b"[1, 2]", id="space"),
        pytest.param(b"1\n", id="line end"),
        pytest.param(b"\xef\xbb\xbf1", id="byte order mark"),
        pytest.param(b'"\\u0041"', id="needless escape"),
        pytest.param(b'"\\/"', id="escaped slash"),
        pytest.param(b'"\\u007F"', id="upper-case escape"),
        pytest.param(b'"\x7f"', id="raw delete"),
        pytest.param(b'"\\ud800"', id="lone surrogate"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(b'"\xc0\xaf"', id="overlong UTF-8"),
        pytest.param(b"[" * 17 + b"]" * 17, id="too deep"),
        pytest.param(b"[" * 100_000, id="much too deep"),
        pytest.param(b"[1]]", id="trailing bracket"),
        pytest.param(b"", id="nothing"),
        pytest.param(b'"\\' + b'"\\' * 50_000, id="quotes without end"),
    ],
)
def test_another_spelling_is_refused(data):
    with pytest.raises(FormatError) as caught:
        codec.decode_exact(data, "ballot")

    assert caught.value.place == "ballot"


def test_sixteen_levels_are_read_and_brackets_in_strings_do_not_count():
    deep = b"[" * 16 + b"]" * 16

    assert codec.encode(codec.decode_exact(deep, "x")) == deep
    assert codec.decode_exact(b'["' + b"[" * 100 + b'\\"{"]', "x") == ["[" * 100 + '"{']


def test_a_key_named_twice_is_refused_for_that_reason():
    with pytest.raises(FormatError, match="names a key twice"):
        codec.decode_exact(b'[{"a":1,"b":2,"a":1}]', "x")


def test_more_bytes_than_allowed_are_not_even_parsed():
    with pytest.raises(FormatError, match="longer than 3 bytes"):
        codec.decode_exact(b"1234", "x", max_bytes=3)


def test_fields_are_exactly_these_in_this_order():
    assert codec.fields({"a": 1, "b": None}, "x", "a", "b") == (1, None)
    assert codec.fields({"a": 1}, "x", "a", "b?") == (1, None)
    assert codec.fields({"a": 1, "b": 2}, "x", "a", "b?") == (1, 2)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"b": 1, "a": 1}, id="other order"),
        pytest.param({"a": 1}, id="one missing"),
        pytest.param({"a": 1, "b": 1, "d": 1}, id="one more"),
        pytest.param({"a": 1, "b": 1, "c": None}, id="optional field is null"),
        pytest.param([1, 1], id="no object"),
    ],
)
def test_other_fields_are_refused(value):
    with pytest.raises(FormatError):
        codec.fields(value, "x", "a", "b", "c?")


@pytest.mark.parametrize(
    ("take", "good", "bad"),
    [
        (codec.text, ["", "表"], [1, None, "x" * 10_001]),
        (codec.integer, [0, 2**53 - 1], [-1, True, "1", None]),
        (codec.boolean, [True, False], [0, 1, None]),
        (codec.array, [[], [1]], [{}, "", None]),
        (codec.hex64, ["0" * 64], ["0" * 63, "A" * 64, "0" * 64 + "\n", 0]),
        (codec.b64_hash, ["A" * 43], ["A" * 42 + "B", "A" * 43 + "=", "-" * 43]),
        (codec.uuid, ["1" * 14, "z" * 64], ["1" * 13, "0" * 14, "l" * 14, "1" * 65, "一" * 14]),
        (codec.weight, [0, 2**30 - 1, str(2**30)], [2**30, "1", "01", "-1", 1.5, str(2**200)]),
    ],
)
def test_takers_convert_nothing_and_name_the_place(take, good, bad):
    for value in good:
        assert take(value, "x.y") == (int(value) if take is codec.weight else value)
    for value in bad:
        with pytest.raises(FormatError) as caught:
            take(value, "x.y")
        assert caught.value.place == "x.y"


def test_an_array_has_the_size_that_is_asked_for():
    assert codec.array([1, 2], "x", size=2) == [1, 2]
    with pytest.raises(FormatError, match="has 3 entries, expected 2"):
        codec.array([1, 2, 3], "x", size=2)


@pytest.mark.parametrize("n", [1, 2**30 - 1, 2**30, 2**70])
def test_a_weight_is_written_as_it_is_read(n):
    assert codec.weight(codec.weight_json(n), "x") == n
