"""election.json: the bytes are what is fingerprinted; nothing unknown is let in."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.support import ballots as b
from tests.support.finite_field import FINITE_FIELDS
from voting.crypto.group import ED25519
from voting.errors import FormatError, UnsupportedError
from voting.protocol.election import HomomorphicQuestion, decode_election, make_election

QUESTION = '{"answers":["同意","不同意","弃权"],"min":1,"max":1,"question":"一"}'
KEY = ED25519.multiply_generator(7).text


def text(
    *,
    head='{"version":1',
    group="Ed25519",
    key=KEY,
    questions=f"[{QUESTION}]",
    end="}",
    uuid=b.UUID,
):
    return (
        f'{head},"description":"说明","name":"选举","group":"{group}","public_key":"{key}",'
        f'"questions":{questions},"uuid":"{uuid}"{end}'
    ).encode()


def test_the_bytes_are_kept_and_fingerprinted():
    election = decode_election(text())

    digest = hashlib.sha256(text()).digest()
    assert election.raw == text()
    assert election.digest == digest.hex()
    assert base64.b64decode(election.fingerprint + "=") == digest
    assert election.public_key.text == KEY
    assert election.questions == (
        HomomorphicQuestion(
            question="一", answers=("同意", "不同意", "弃权"), minimum=1, maximum=1
        ),
    )


def test_every_kind_of_question_is_written_as_it_is_read():
    election = b.make(b.ONE_OF_THREE, b.TWO_TO_THREE, b.WITH_BLANK, b.NAMES)

    assert election.questions == (b.ONE_OF_THREE, b.TWO_TO_THREE, b.WITH_BLANK, b.NAMES)
    assert [question.size for question in election.questions] == [3, 4, 4, 30]


def test_who_runs_the_election_and_its_language_may_be_said():
    end = ',"administrator":"甲","credential_authority":"乙","language":["zh-CN","ltr"]}'
    election = decode_election(text(end=end))

    assert election.administrator == "甲"
    assert election.credential_authority == "乙"
    assert election.language == ("zh-CN", "ltr")
    made = make_election(
        uuid=b.UUID,
        name="选举",
        description="说明",
        public_key=election.public_key,
        questions=election.questions,
        administrator="甲",
        credential_authority="乙",
    )
    assert made == text(end=',"administrator":"甲","credential_authority":"乙"}')


@pytest.mark.parametrize(
    ("data", "place"),
    [
        pytest.param(text(head='{"version":2'), "election.version", id="version 2"),
        pytest.param(text(head='{"version":true'), "election.version", id="version true"),
        pytest.param(text(end=',"more":1}'), "election", id="unknown field"),
        pytest.param(text(end=',"language":["zh","up"]}'), "election.language[1]", id="direction"),
        pytest.param(text(end=',"administrator":null}'), "election.administrator", id="null"),
        pytest.param(text(end="}\n"), "election", id="line end"),
        pytest.param(text(key=ED25519.identity.text), "election.public_key", id="identity"),
        pytest.param(text(key="2" * 64), "election.public_key", id="no element"),
        pytest.param(text(uuid="1" * 13), "election.uuid", id="short uuid"),
        pytest.param(text(questions="[]"), "election.questions", id="no question"),
        pytest.param(
            text(questions='[{"answers":["a"],"min":0,"max":0,"question":"q"}]'),
            "election.questions[0].max",
            id="nothing can be chosen",
        ),
        pytest.param(
            text(questions='[{"answers":["a"],"min":1,"max":2,"question":"q"}]'),
            "election.questions[0].max",
            id="more than there are",
        ),
        pytest.param(
            text(questions='[{"answers":["a","b"],"min":2,"max":1,"question":"q"}]'),
            "election.questions[0].max",
            id="minimum above maximum",
        ),
        pytest.param(
            text(questions='[{"answers":[],"min":0,"max":0,"question":"q"}]'),
            "election.questions[0].answers",
            id="no answer",
        ),
        pytest.param(
            text(questions='[{"answers":["a"],"min":1,"max":1,"question":"q","x":1}]'),
            "election.questions[0]",
            id="unknown field in a question",
        ),
        pytest.param(
            text(
                questions='[{"type":"NonHomomorphic","value":{"answers":['
                + ",".join(['"1"'] * 31)
                + '],"question":"q"}}]'
            ),
            "election.questions[0].value.answers",
            id="more numbers than an element holds",
        ),
    ],
)
def test_a_fault_is_refused_at_its_place(data, place):
    with pytest.raises(FormatError) as caught:
        decode_election(data)

    assert caught.value.place == place


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (text(group="BELENIOS-2048"), "group BELENIOS-2048"),
        (
            text(questions='[{"type":"Lists","value":{"answers":[["a","b"]],"question":"q"}}]'),
            "Lists",
        ),
    ],
)
def test_what_is_not_supported_is_refused_by_name(data, kind):
    with pytest.raises(UnsupportedError) as caught:
        decode_election(data)

    assert caught.value.params == {"kind": kind}


def test_another_group_is_read_when_it_is_given():
    group = FINITE_FIELDS["BELENIOS-2048"]

    assert b.make(b.ONE_OF_THREE, group=group).group is group


def test_an_election_that_could_not_be_read_back_is_not_made():
    with pytest.raises(FormatError):
        b.make(HomomorphicQuestion(question="q", answers=("a",), minimum=0, maximum=2))
    with pytest.raises(FormatError):
        b.make(b.ONE_OF_THREE, uuid="x")
