"""An officer's device reads the words out of the box itself before it signs a reading of them."""

from __future__ import annotations

from functools import cache

import pytest

from tests.support.readings import NOMINATED, entry
from tests.support.words_record import Written
from tests.unit.test_officer_device import Server, device_of
from voting.errors import RefusedError, VerificationError

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
    text = device.review(one.sim.propose("reading", slot=one.slot, entries=READ), None, lang)
    assert [line for line in wanted if line not in text] == []
    assert device.reviewed is not None


@pytest.mark.parametrize(
    "entries",
    [READ[:2], [*READ[:2], entry("王炜炜", "written")], [*READ, entry("陌生人", "written")]],
    ids=["one left out", "another text", "one that nobody wrote"],
)
def test_a_reading_that_is_not_of_the_box_is_not_signed(counted, entries):
    one, device = counted
    act = one.sim.propose("reading", slot=one.slot, entries=entries)
    with pytest.raises(VerificationError) as caught:
        device.review(act, None, "zh")
    assert caught.value.code == "reading-mismatch"
    assert device.reviewed is None


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
