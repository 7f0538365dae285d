"""Elements: only canonical members get in, and arithmetic on members never fails."""

import pickle

import pytest
from nacl import bindings  # noqa: TID251 -- makes the points that must be refused

from tests.support.finite_field import BELENIOS_2048, RFC_3526_2048
from voting.crypto.group import ED25519, GROUPS, decode_scalar
from voting.errors import FormatError, ProofError, UnsupportedError

P = 2**255 - 19
ORDER_2 = (P - 1).to_bytes(32, "little")
ORDER_4 = bytes(32)
ORDER_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
G = ED25519.generator
IDENTITY = ED25519.identity
groups = pytest.mark.parametrize(
    "group", [ED25519, BELENIOS_2048, RFC_3526_2048], ids=lambda g: g.name
)


def text(raw: bytes) -> str:
    return raw[::-1].hex()


def raw(element) -> bytes:
    return bytes.fromhex(element.text)[::-1]


def test_texts_are_those_of_the_protocol():
    assert IDENTITY.text == "0" * 63 + "1"
    assert G.text == "6" * 62 + "58"
    assert (2 * G).text == "2260cdf3092329c21da25ee8c9a21f5697390f51643851560e5f46ae6af8a3c9"


@pytest.mark.parametrize(
    ("i", "expected"),
    [
        (-1, "d6f7c1ea42e2474a28baea1141185bb7b39fe58011e5fc31d093b5c9345f18c7"),
        (0, "c95c81b40c41366b2e62e68fec3c5fa4dbb93f0c3c242ac2fe7a07c0e0fd92fe"),
        (1, "8278c9f7f36153e64f1e858bf1bfbf7f3a42f2f9589a4010c192a5d11c89746c"),
    ],
)
def test_derived_generators_are_those_of_the_protocol(i, expected):
    assert ED25519.derive_generator(i).text == expected
    assert ED25519.decode(expected) == ED25519.derive_generator(i)


def test_numbers_embed_as_the_protocol_says():
    element = ED25519.embed([1, 2, 3])

    assert element.text == "000000000000000000000000000000000000000000000000000000004080c009"
    assert ED25519.extract(3, element) == [1, 2, 3]


def test_thirty_zeros_embed_as_the_identity_and_come_back():
    assert ED25519.embed([0] * 30) == IDENTITY
    assert ED25519.extract(30, IDENTITY) == [0] * 30


@pytest.mark.parametrize("numbers", [[0] * 31, [256], [-1]])
def test_numbers_that_do_not_fit_are_refused(numbers):
    with pytest.raises(FormatError):
        ED25519.embed(numbers)


@groups
def test_identity_and_zero_are_ordinary(group):
    element = 5 * group.generator

    assert 0 * element == group.identity
    assert group.order * element == group.identity
    assert element - element == group.identity
    assert 7 * group.identity == group.identity
    assert -group.identity == group.identity
    assert element + group.identity == element == group.identity + element
    assert group.identity - element == -element
    assert group.total([]) == group.identity
    assert group.multiply_generator(0) == group.identity
    assert group.decode(group.identity.text) == group.identity


@groups
def test_scalars_are_read_modulo_the_order(group):
    element = group.derive_generator(0)

    assert (group.order + 2) * element == element + element
    assert -1 * element == (group.order - 1) * element == -element
    assert -3 * element == -(3 * element)
    assert group.lincomb([(2, element), (-2, element), (3, group.generator)]) == (
        3 * group.generator
    )


@groups
def test_text_survives_a_round_trip(group):
    element = 12345 * group.generator

    assert group.decode(element.text) == element
    assert element.group is group


def test_groups_and_elements_survive_the_way_to_another_process():
    element = 9 * G

    assert pickle.loads(pickle.dumps(element)) == element
    assert pickle.loads(pickle.dumps(ED25519)) is ED25519 is GROUPS["Ed25519"]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(text(ORDER_2), id="order 2"),
        pytest.param(text(ORDER_4), id="order 4"),
        pytest.param(text(ORDER_8), id="order 8"),
        pytest.param(text(bindings.crypto_core_ed25519_add(raw(G), ORDER_2)), id="g + order 2"),
        pytest.param(text(bindings.crypto_core_ed25519_add(raw(G), ORDER_4)), id="g + order 4"),
        pytest.param(text(bindings.crypto_core_ed25519_add(raw(G), ORDER_8)), id="g + order 8"),
        pytest.param("0" * 63 + "2", id="not on the curve"),
        pytest.param(text((P + 1).to_bytes(32, "little")), id="identity, y not reduced"),
        pytest.param(text((P + 9).to_bytes(32, "little")), id="y not reduced"),
        pytest.param("8" + "0" * 62 + "1", id="identity with a sign"),
        pytest.param(text((2**255 - 1).to_bytes(32, "little")), id="all ones"),
        pytest.param("6" * 61 + "658".upper() + "0", id="too long"),
        pytest.param("6" * 62, id="too short"),
        pytest.param(" " + "6" * 61 + "58", id="space"),
        pytest.param((2 * G).text.upper(), id="upper case"),
        pytest.param("6" * 62 + "5\uff18", id="full-width digit"),
        pytest.param((2 * G).text + "\n", id="newline"),
        pytest.param(None, id="null"),
        pytest.param(1, id="number"),
        pytest.param(raw(G), id="bytes"),
    ],
)
@pytest.mark.parametrize("multiplier", [0, 1, 8, 2**251, ED25519.order - 1])
def test_anything_but_canonical_members_is_refused(bad, multiplier):
    """With a multiplier it is libsodium's multiplication that must refuse the same texts."""
    with pytest.raises(FormatError) as caught:
        ED25519.decode(bad, "ballot.credential", multiplier=multiplier)

    assert caught.value.place == "ballot.credential"


@pytest.mark.parametrize("k", [0, 1, 2, 2**251, ED25519.order - 1, ED25519.order, -3])
@pytest.mark.parametrize("element", [ED25519.identity, G, 77 * G], ids=["identity", "g", "77 g"])
def test_a_multiplier_changes_no_product(element, k):
    decoded = ED25519.decode(element.text, multiplier=k)

    assert decoded == element
    assert [n * decoded for n in (k, k + 1, 5, -k)] == [n * element for n in (k, k + 1, 5, -k)]


@pytest.mark.parametrize("bad", ["0", "01", "-1", "", "20", "x", None, 1, "1" * 5000])
def test_finite_field_refuses_what_is_no_canonical_member(bad):
    with pytest.raises(FormatError):
        BELENIOS_2048.decode(bad)


def test_finite_field_embedding():
    assert RFC_3526_2048.extract(3, RFC_3526_2048.embed([1, 2, 3])) == [1, 2, 3]
    with pytest.raises(UnsupportedError):
        BELENIOS_2048.embed([1])


def test_check_all_names_the_first_equation_that_fails():
    true = [(2, G), (-1, 2 * G)]

    ED25519.check_all([true, true, []])
    with pytest.raises(ProofError) as caught:
        ED25519.check_all([true, [(1, G), (1, G)], [(1, G)]])

    assert caught.value.params == {"equation": 1}


def test_elements_of_two_groups_do_not_mix():
    with pytest.raises(TypeError):
        G + BELENIOS_2048.generator
    with pytest.raises(TypeError):
        BELENIOS_2048.generator + G


def test_elements_sort_by_the_bytes_of_libsodium_not_by_text():
    one, other = ED25519.derive_generator(0), ED25519.derive_generator(-1)

    assert one.text < other.text
    assert ED25519.sort_key(one) == raw(one) > raw(other)


@pytest.mark.parametrize("good", ["0", "1", str(ED25519.order - 1)])
def test_scalars_below_the_order_are_taken(good):
    assert decode_scalar(good, ED25519.order) == int(good)


@pytest.mark.parametrize(
    "bad",
    [str(ED25519.order), "00", "01", "-1", "+1", "1.0", "", " 1", "1\n", "１", 1, None, "9" * 9999],
)
def test_scalars_have_one_spelling(bad):
    with pytest.raises(FormatError) as caught:
        decode_scalar(bad, ED25519.order, "proof.challenge")

    assert caught.value.place == "proof.challenge"
