"""The conversation through a page: what is asked, what is answered, and what is not mixed up."""

from __future__ import annotations

import threading

import pytest

from kiosk.device.page_talk import PageTalk
from tests.support.trustees import refuses
from voting.errors import RefusedError


@pytest.fixture
def talk():
    return PageTalk()


def asked_in_a_thread(talk, event, **params):
    """Ask as a device does, in its own thread; the answers come in the list."""
    said = []

    def ask():
        try:
            said.append(talk.ask(event, **params))
        except RefusedError as e:
            said.append(e.code)

    thread = threading.Thread(target=ask)
    thread.start()
    while talk.since(0)[1] is None:
        pass
    return thread, said


def test_a_page_sees_every_event_once_and_in_order(talk):
    talk.tell("enrolled", account="trustee:1")
    talk.tell("ceremony", attempt=1, threshold=2, size=3)

    events, asking = talk.since(0)
    assert [one["n"] for one in events] == [1, 2]
    assert events[1] == {
        "n": 2,
        "event": "ceremony",
        "params": {"attempt": 1, "threshold": 2, "size": 3},
    }
    assert asking is None
    assert [one["event"] for one in talk.since(1)[0]] == ["ceremony"]


def test_the_device_waits_until_the_page_answers(talk):
    thread, said = asked_in_a_thread(talk, "code", code="01234 56789")
    asking = talk.since(0)[1]

    talk.answer(asking["n"], "yes")

    thread.join(5)
    assert said == ["yes"]
    assert talk.since(0)[1] is None


def test_an_answer_to_another_question_is_refused_and_answers_nothing(talk):
    thread, said = asked_in_a_thread(talk, "accept", code="ABCD")
    n = talk.since(0)[1]["n"]

    refuses(RefusedError, "not-asked", talk.answer, n + 1, "yes")
    talk.answer(n, "no")
    thread.join(5)
    refuses(RefusedError, "not-asked", talk.answer, n, "yes")

    assert said == ["no"]


def test_an_offer_does_not_wait_and_its_answer_is_given_once(talk):
    talk.offer("destroy", items=())

    assert talk.answered() is None
    talk.answer(talk.since(0)[1]["n"], "yes")
    assert talk.answered() == "yes"
    assert talk.answered() is None


def test_an_answer_to_what_was_taken_back_or_replaced_counts_for_nothing(talk):
    talk.offer("destroy-early", items=("i3",))
    talk.answer(1, "yes")
    talk.offer("destroy", items=())
    assert talk.answered() is None

    talk.answer(2, "yes")
    talk.withdraw()
    assert talk.answered() is None
    assert talk.since(0)[1] is None


def test_progress_takes_the_place_of_earlier_progress(talk):
    talk.tell("checking", slot="s", ballots=500)
    for done in (8, 16, 24):
        talk.tell("progress", slot="s", done=done, total=500)

    events, _ = talk.since(0)
    assert [one["event"] for one in events] == ["checking", "progress"]
    assert (events[1]["n"], events[1]["params"]["done"]) == (4, 24)


def test_who_waits_for_an_answer_gets_none_when_the_page_is_closed(talk):
    thread, said = asked_in_a_thread(talk, "code", code="01234 56789")

    talk.close()

    thread.join(5)
    assert said == ["no-answer"]


def test_an_error_comes_with_its_code_and_plain_parameters(talk):
    talk.complain(RefusedError("ceremony-incomplete", missing={2, 1}))

    assert talk.since(0)[0][0]["params"] == {
        "code": "ceremony-incomplete",
        "params": {"missing": [1, 2]},
    }
