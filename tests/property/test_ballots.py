"""What holds for every ballot: round trip, one text, a tight size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import ballots as b
from voting.crypto.group import ED25519
from voting.errors import PiaojueError
from voting.protocol import codec
from voting.protocol.answers import answer_json
from voting.protocol.ballot import decode_ballot, seal_ballot, size_limit, verify_ballot
from voting.protocol.election import HomomorphicQuestion, NonHomomorphicQuestion
from voting.protocol.spoil import check_opening, decode_opening, encode_opening, opening_of

scalars = st.integers(1, ED25519.order - 1)
seeds = st.binary(min_size=32, max_size=32)


@st.composite
def questions(draw):
    size = draw(st.integers(1, 4))
    answers = tuple("甲乙丙丁"[:size])
    if draw(st.booleans()):
        return NonHomomorphicQuestion(question="问", answers=answers)
    maximum = draw(st.integers(1, size))
    return HomomorphicQuestion(
        question="问",
        answers=answers,
        minimum=draw(st.integers(0, maximum)),
        maximum=maximum,
        blank=draw(st.booleans()),
    )


@st.composite
def sealings(draw):
    asked = draw(st.lists(questions(), min_size=1, max_size=3))
    choices = []
    for question in asked:
        if isinstance(question, NonHomomorphicQuestion):
            size = question.size
            choices.append(tuple(draw(st.lists(st.integers(0, 255), min_size=size, max_size=size))))
            continue
        blank = question.blank and draw(st.booleans())
        least = 0 if blank else question.minimum
        most = 0 if blank else question.maximum
        count = draw(st.integers(least, most))
        chosen = draw(st.permutations([1] * count + [0] * (len(question.answers) - count)))
        choices.append((*([int(blank)] if question.blank else []), *chosen))
    election = b.make(*asked)
    seed, x, nonce = draw(seeds), draw(scalars), draw(scalars)
    return election, seal_ballot(election, x, choices, seed=seed, signature_nonce=nonce)


@given(sealings())
@settings(max_examples=40, deadline=None)
def test_what_is_sealed_is_read_back_verified_and_opened(sealing):
    election, sealed = sealing

    ballot = decode_ballot(sealed.data, election)
    verify_ballot(election, ballot)
    opening = decode_opening(encode_opening(opening_of(election, sealed)), election)

    written = [answer_json(answer) for answer in ballot.answers]
    assert codec.encode(written) in sealed.data
    assert check_opening(election, opening, sealed.tracker) == sealed.data


@given(sealings())
@settings(max_examples=20, deadline=None)
def test_the_size_limit_holds_and_is_tight(sealing):
    election, sealed = sealing
    scalars_in_it = sealed.data.count(b'"challenge"') * 2

    # A scalar has at most 76 digits and almost never less than 70.
    assert size_limit(election) - 6 * scalars_in_it <= len(sealed.data) <= size_limit(election)


ELECTION = b.make(b.ONE_OF_THREE)
SEALED = b.seal(ELECTION, ((0, 1, 0),))


@given(place=st.integers(0, len(SEALED.data) - 1), flip=st.integers(1, 255))
@settings(max_examples=250, deadline=None)
def test_a_ballot_with_any_byte_changed_is_refused(place, flip):
    data = bytearray(SEALED.data)
    data[place] ^= flip

    with pytest.raises(PiaojueError):
        verify_ballot(ELECTION, decode_ballot(bytes(data), ELECTION))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-codec.MAX_INTEGER, codec.MAX_INTEGER)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(json_values)
def test_every_value_has_one_text_that_reads_back(value):
    assert codec.decode_exact(codec.encode(value), "x") == value


@given(st.binary(max_size=60) | st.text(alphabet='[]{}":,019.eE-+ntruefals\\ u', max_size=40))
@settings(max_examples=300)
def test_bytes_are_refused_or_read_to_what_writes_them_again(data):
    data = data if isinstance(data, bytes) else data.encode()
    try:
        value = codec.decode_exact(data, "x")
    except PiaojueError:
        return
    assert codec.encode(value) == data
