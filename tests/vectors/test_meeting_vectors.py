"""The meeting that JavaScript reads too: the same bytes again, and the same verdicts here."""

from __future__ import annotations

import json

import pytest

from tests.vectors import generate_meeting as g
from voting.errors import FormatError
from voting.meeting.binding import round_election
from voting.meeting.frozen import decode_meeting


def vectors(kind):
    listed = json.loads((g.DATA / "meeting.json").read_bytes())["tests"]
    return [pytest.param(test, id=test["id"]) for test in listed if test["kind"] == kind]


def test_the_generator_writes_the_same_file_again():
    for name, data in g.files().items():
        assert (g.DATA / name).read_bytes() == data, f"{name} is not what the code makes"


@pytest.mark.parametrize("test", vectors("meeting"))
def test_a_meeting_gives_its_elections(test):
    meeting = decode_meeting(test["meeting"].encode())

    assert meeting.fingerprint == test["fingerprint"]
    assert meeting.code == test["code"]
    for one in test["rounds"]:
        made = round_election(meeting, one["slot"], one["items"], one["number"])
        assert made.decode() == one["election"]


@pytest.mark.parametrize("test", vectors("refuse"))
def test_a_meeting_is_refused(test):
    with pytest.raises(FormatError) as caught:
        decode_meeting(test["meeting"].encode())

    assert caught.value.place == test["error"]["place"]
