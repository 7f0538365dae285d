"""A device's conversation: a passphrase that nobody sees is typed twice before it locks a file."""

from __future__ import annotations

import getpass
import io
import sys

import pytest

from kiosk.device.talk import TerminalTalk
from voting.errors import InputError


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def types(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())

    def give(*words):
        typed = iter(words)
        monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(typed))

    return give


def test_a_new_passphrase_with_a_slip_in_it_is_refused(types):
    types("four plain words here", "four plain words hear")

    with pytest.raises(InputError) as caught:
        TerminalTalk("zh").passphrase(new=True)

    assert caught.value.code == "passphrases-differ"


def test_a_new_passphrase_is_asked_twice_and_an_old_one_once(types):
    types("four plain words here", "four plain words here")
    assert TerminalTalk("zh").passphrase(new=True) == "four plain words here"

    types("four plain words here")
    assert TerminalTalk("zh").passphrase(new=False) == "four plain words here"


def test_a_program_that_types_the_passphrase_gives_it_once(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("four plain words here\nyes\n"))
    talk = TerminalTalk("zh")

    assert talk.passphrase(new=True) == "four plain words here"
    assert talk.hear() == "yes"
