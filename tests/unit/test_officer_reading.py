"""An officer's device reads the words out of the box itself before it signs a reading of them."""

from __future__ import annotations

from functools import cache

import pytest

from kiosk.device import certifying
from tests.support.readings import NOMINATED, body_of, entry
from tests.support.words_record import Written
from tests.unit.test_officer_device import Server, device_of
from voting.crypto.hashing import sha256_hex
from voting.errors import FormatError, RefusedError, VerificationError
from voting.meeting.ledger import encode_act

MARKS = [[7, "王伟"], [1, "王炜"], [1, 2], ["张三"], [1], []]
READ = [entry("张三", "written"), entry("王伟", 7), entry("王炜", "invalid")]


@cache
def _counted() -> Written:
    return Written(NOMINATED).counted([{"": mark} for mark in MARKS])


@pytest.fixture
def counted():
    """The counted meeting, and a scrutineer's device in front of its server."""
    one = _counted().copy()
    slot, meeting = one.slot, one.meeting
    files = {
        f"/api/slots/{slot}/archive/final": meeting.papers[slot],
        f"/api/slots/{slot}/archive/proofs": meeting.proofs[slot],
    }
    return one, device_of(Server(one.sim, files), "scrutineer-1")


def proposed(one, entries):
    return one.sim.propose("reading", **one.body(*entries))


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "zh",
            (
                "“张三”（1 处）：按所写的姓名计",
                "“王伟”（1 处）：7 号 王伟(水利局)",
                "“王炜”（1 处）：无效",
            ),
        ),
        (
            "en",
            ("counted as it is written", "number 7, 王伟(水利局)", "(written 1 times): invalid"),
        ),
    ],
)
def test_every_text_is_shown_with_how_often_it_was_written_and_what_it_is_read_as(
    counted, lang, wanted
):
    one, device = counted
    text = device.review(proposed(one, READ), None, lang)
    assert [line for line in wanted if line not in text] == []
    assert device.reviewed is not None


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (READ[:2], "reading-mismatch"),
        ([*READ, entry("陌生人", "written")], "reading-mismatch"),
        ([READ[0], entry("王伟", "written"), READ[2]], "reading-name"),
        ([entry("张三", 8), *READ[1:]], "reading-number"),
    ],
    ids=["one left out", "one that nobody wrote", "a namesake as written", "number 8 of 7"],
)
def test_a_reading_that_is_not_of_the_box_is_not_signed(counted, entries, code):
    one, device = counted
    act = proposed(one, entries)
    with pytest.raises(VerificationError) as caught:
        device.review(act, None, "zh")
    assert caught.value.code == code
    assert device.reviewed is None


def test_a_reading_masked_for_another_box_is_not_signed(counted):
    """Whatever it opens to here: that it says three times what it may has no chance."""
    one, device = counted
    act = one.sim.propose("reading", **body_of(one.slot, READ))
    with pytest.raises(VerificationError):
        device.review(act, None, "zh")
    assert device.reviewed is None


OTHERWISE = [entry("张三", "invalid"), *READ[1:]]
SWAPPED = [READ[0], entry("王伟", "invalid"), entry("王炜", 7)]
"""What a server makes of the right list when it told another order of the texts."""


def test_the_server_is_sent_what_texts_are_read_as_and_no_text(counted):
    one, device = counted
    device.propose("reading", {"slot": one.slot, "entries": READ})
    (sent,) = device._client.posted
    assert sent == {
        "kind": "reading",
        "body": {"slot": one.slot, "read": ["written", 7, "invalid"]},
    }
    assert device.review(proposed(one, READ), None, "zh")
    device.sign()


@pytest.mark.parametrize("built", [OTHERWISE, SWAPPED], ids=["one otherwise", "two swapped"])
def test_a_reading_other_than_the_one_proposed_here_is_refused_until_it_is_withdrawn(
    counted, built
):
    one, device = counted
    device.propose("reading", {"slot": one.slot, "entries": READ})
    for _ in range(2):
        with pytest.raises(VerificationError) as caught:
            device.review(proposed(one, built), None, "zh")
        assert caught.value.code == "reading-otherwise"
        assert device.reviewed is None
    waits = device._client.act = proposed(one, READ)
    device.withdraw(sha256_hex(encode_act(waits)))
    assert device.review(proposed(one, built), None, "zh")  # the other scrutineer's, from now on


def test_a_box_is_verified_once_however_often_its_act_is_proposed(counted, monkeypatch):
    """A proposal lives two minutes: a device that needs longer would begin again every time."""
    one, device = counted
    assert device.review(proposed(one, READ), None, "zh")
    monkeypatch.setattr(certifying, "counted_box", lambda *_: pytest.fail("verified again"))

    assert device.review(proposed(one, READ), None, "zh")


def test_of_a_proposal_that_the_server_refused_nothing_is_expected(counted):
    one, device = counted

    def refusing(_path, _value):
        raise RefusedError("proposal-pending")

    device._client.post = refusing
    with pytest.raises(RefusedError):
        device.propose("reading", {"slot": one.slot, "entries": READ})
    assert device.review(proposed(one, OTHERWISE), None, "zh")


@pytest.mark.parametrize("again", ["reading", "minute"])
def test_what_the_server_refuses_later_takes_no_reading_back_that_waits(counted, again):
    """A server that refused anything at all could then put another reading in its place."""
    one, device = counted
    body = {"slot": one.slot, "entries": READ}
    device.propose("reading", body)

    def refusing(_path, _value):
        raise RefusedError("proposal-pending")

    device._client.post = refusing
    with pytest.raises(RefusedError):
        device.propose(again, body)
    with pytest.raises(VerificationError, match="reading-otherwise"):
        device.review(proposed(one, OTHERWISE), None, "zh")


@pytest.mark.parametrize(
    "body", [{"entries": READ}, {"slot": "x", "entries": READ}, {"slot": "1" * 22, "entries": [7]}]
)
def test_a_reading_that_is_typed_wrongly_is_not_sent(counted, body):
    _, device = counted
    with pytest.raises(FormatError):
        device.propose("reading", body)
    assert device._client.posted == []


def test_nothing_is_certified_before_the_words_are_read(counted):
    one, device = counted
    body = one.sim.certify_body(one.slot, "scrutineer-1")
    with pytest.raises(RefusedError) as caught:
        device.review(one.sim.propose("certify", **body), None, "zh")
    assert caught.value.code == "reading-missing"


def test_a_device_says_what_there_is_to_read(counted):
    one, device = counted
    found = {each["text"]: each for each in device.written(one.slot)}
    assert list(found) == ["张三", "王伟", "王炜"]
    assert (found["王伟"]["named"], found["王伟"]["votes"]) == ([6, 7], 1)
    assert found["张三"]["named"] == []
