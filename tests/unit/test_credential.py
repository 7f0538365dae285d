"""Credentials of a ticket, their public lists, and the acts that they sign."""

from __future__ import annotations

import json

import pytest

from tests.support import ballots as b
from tests.support.scalars import repeatable
from voting.crypto.group import ED25519
from voting.crypto.proofs import Proof
from voting.crypto.signature import sign, sign_ballot
from voting.errors import FormatError, VerificationError
from voting.protocol import credential as c

TOKEN = c.token_from_bytes(bytes(range(16)))
MEETING = "ab" * 32
ELEMENTS = [ED25519.multiply_generator(n) for n in range(2, 8)]


def test_belenios_credential_of_the_specification_gives_its_key():
    x = c.derive_credential("11111-222222-33333-444444", "AAAAAAAAAAAAAA", ED25519)

    assert x == 574645347675559571366035541674143278876509364358863788850583166001342847159
    assert (
        c.public_credential(x, ED25519).text
        == "5ba5307b8e5df5168d333285a9d53f3c25e26459048f7a42cf1f3db97a4939c2"
    )


def test_a_ticket_has_another_credential_in_every_slot():
    slots = ["1" * 22, "2" * 22, "3" * 22]

    assert len({c.private_credential(TOKEN, slot, ED25519) for slot in slots}) == 3


@pytest.mark.parametrize("token", ["", "0" * 28, "8" + "0" * 25, "O" * 26, "a" * 26])
def test_only_a_bare_token_has_credentials(token):
    with pytest.raises(FormatError):
        c.private_credential(token, b.UUID, ED25519)


def test_a_public_list_is_written_in_the_order_given_and_read_back():
    data = c.encode_credentials(ELEMENTS)

    assert json.loads(data) == [element.text for element in ELEMENTS]
    assert [line.element for line in c.decode_credentials(data, ED25519)] == ELEMENTS
    assert [line.votes for line in c.decode_credentials(data, ED25519)] == [1] * 6
    texts = [element.text for element in c.sorted_credentials(ELEMENTS)]
    assert texts == sorted(texts)


def test_a_list_without_credentials_is_a_list():
    assert c.decode_credentials(b"[]", ED25519) == ()


def test_weights_are_read():
    data = json.dumps([ELEMENTS[0].text + ",12", ELEMENTS[1].text], separators=(",", ":")).encode()

    first, second = c.decode_credentials(data, ED25519)
    assert (first.weight, first.votes) == (12, 12)
    assert (second.weight, second.votes) == (None, 1)


@pytest.mark.parametrize("weight", ["", "0", "01", "-1", "1,甲", "1.5", "x"])
def test_a_weight_is_a_positive_decimal_number(weight):
    data = json.dumps([f"{ELEMENTS[0].text},{weight}"], ensure_ascii=False).encode()

    with pytest.raises(FormatError) as caught:
        c.decode_credentials(data, ED25519)
    assert caught.value.place == "credentials[0]"


@pytest.mark.parametrize("text", ["", "2" * 64, ELEMENTS[1].text.upper(), ELEMENTS[1].text + " "])
def test_only_elements_are_credentials(text):
    with pytest.raises(FormatError) as caught:
        c.decode_credentials(
            json.dumps([ELEMENTS[0].text, text]).replace(", ", ",").encode(), ED25519
        )
    assert caught.value.place == "credentials[1]"


def test_the_identity_is_nobodys_credential():
    with pytest.raises(FormatError, match="the identity"):
        c.decode_credentials(c.encode_credentials([ED25519.identity]), ED25519)


@pytest.mark.parametrize("suffix", ["", ",3"])
def test_a_credential_stands_in_a_list_once(suffix):
    lines = [ELEMENTS[0].text, ELEMENTS[1].text, ELEMENTS[0].text + suffix]
    with pytest.raises(VerificationError) as caught:
        c.decode_credentials(json.dumps(lines, separators=(",", ":")).encode(), ED25519)

    assert caught.value.code == "credential-duplicate"
    assert caught.value.params == {"index": 2}


X = 12345
PUBLIC = c.public_credential(X, ED25519)


def signed(act="withdraw", slot=b.UUID, meeting=MEETING, x=X):
    return c.sign_ticket_act(
        x, act, slot=slot, meeting_fingerprint=meeting, nonce=repeatable(3)(), group=ED25519
    )


@pytest.mark.parametrize("act", c.TICKET_ACTS)
def test_a_ticket_signs_its_acts(act):
    c.verify_ticket_act(PUBLIC, act, slot=b.UUID, meeting_fingerprint=MEETING, proof=signed(act))


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param(signed("leftover"), id="another act"),
        pytest.param(signed(slot="2" * 22), id="another slot"),
        pytest.param(signed(meeting="cd" * 32), id="another meeting"),
        pytest.param(signed(x=X + 1), id="another ticket"),
        pytest.param(Proof(0, 0), id="no proof at all"),
        pytest.param(
            Proof(signed().challenge + ED25519.order, signed().response), id="not reduced"
        ),
        pytest.param(
            sign_ballot(ED25519, X, f"withdraw|{b.UUID}|{MEETING}|{PUBLIC.text}", 77),
            id="a ballot's signature",
        ),
        pytest.param(
            sign(ED25519, X, "piaojue/ticket-act/1", f"withdraw|{b.UUID}|{MEETING}", 77),
            id="without the credential",
        ),
    ],
)
def test_an_act_cannot_be_signed_by_or_for_another(proof):
    with pytest.raises(VerificationError) as caught:
        c.verify_ticket_act(
            PUBLIC, "withdraw", slot=b.UUID, meeting_fingerprint=MEETING, proof=proof
        )
    assert caught.value.code == "ticket-act"
    assert caught.value.params == {"act": "withdraw", "slot": b.UUID}


@pytest.mark.parametrize(
    "wrong", [{"act": "cast"}, {"slot": "a|b"}, {"meeting": "AB" * 32}, {"x": ED25519.order}]
)
def test_what_is_no_act_slot_meeting_or_credential_is_not_signed(wrong):
    with pytest.raises(FormatError):
        signed(**wrong)
