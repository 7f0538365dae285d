"""The recorder's lines: what comes when, what is late, and the words behind the digests."""

from __future__ import annotations

import pytest

from tests.support.meeting import Simulation
from tests.support.refusals import refused
from voting.errors import FormatError, VerificationError
from voting.meeting.bodies import MINUTES
from voting.meeting.minutes import Spoken, decode_minutes_line, minutes_line, verify_minutes
from voting.meeting.recording import is_late

SALT = bytes(range(16))


@pytest.fixture
def m():
    return Simulation.fresh()


def line(what: str, item: str | None = "i1", *, late: bool = False, digest: str = "c" * 64):
    return {"item": item, "what": what, "line": digest, "late": late}


def test_every_kind_of_line_is_kept_in_order(m):
    order = ["introducer", "speaker", "recused-out", "speaker", "recused-in", "principal-last"]
    for what in order:
        m.act("minute", **line(what))
    m.act("minute", **line("remark"))
    assert m.state.minutes == {"i1": (*order, "remark")}
    assert {*order, "remark"} == set(MINUTES)


def test_only_a_remark_is_about_no_item(m):
    m.act("minute", **line("remark", None))
    assert refused(m, "minute", **line("speaker", None)).code == "unknown-item"
    assert refused(m, "minute", **line("speaker", "i9")).code == "unknown-item"


def test_nobody_speaks_after_the_principal(m):
    m.act("minute", **line("principal-last"))
    for what in ("introducer", "speaker", "principal-last"):
        assert refused(m, "minute", **line(what)).code == "minute-order"
    m.act("minute", **line("remark"))
    m.act("minute", **line("speaker", "i2"))


def test_nobody_comes_back_who_is_not_out(m):
    assert refused(m, "minute", **line("recused-in")).code == "minute-order"
    m.act("minute", **line("recused-out"))
    m.act("minute", **line("recused-in"))
    assert refused(m, "minute", **line("recused-in")).code == "minute-order"


def test_a_line_is_late_exactly_while_the_item_has_a_round(m):
    m.sign_in(6)
    m.prepare(["i1"])
    assert refused(m, "minute", **line("speaker", late=True)).code == "late-differs"
    slot = m.open(["i1"])
    assert refused(m, "minute", **line("speaker")).code == "late-differs"
    m.act("minute", **line("speaker", late=True))
    m.act("minute", **line("speaker", "i2"))
    m.act("void", slot=slot, reason="power cut", pen=None)
    assert not is_late(m.state, "i1")
    m.act("minute", **line("speaker"))


def test_what_was_forgotten_comes_late_also_after_the_principal(m):
    m.sign_in(6)
    m.act("minute", **line("principal-last"))
    m.prepare(["i1"])
    m.open(["i1"])
    m.act("minute", **line("speaker", late=True))


def test_a_step_of_the_room_never_comes_late(m):
    m.sign_in(6)
    m.prepare(["i1"])
    m.open(["i1"])
    for step in ("introduced", "discussed", "principal-last"):
        assert refused(m, "room", item="i1", step=step).code == "room-step-order"


def test_lines_are_taken_until_the_close(m):
    m.act("destroy", trustee=1)
    m.act("minute", **line("remark", None))
    m.act("destroy", trustee=2)
    m.act("destroy", trustee=3)
    m.act("close", missing=[])
    assert refused(m, "minute", **line("remark", None)).code == "closed"


def spoken(text: str = "同意", what: str = "speaker", salt: bytes = SALT) -> Spoken:
    return Spoken(what, "成员1", text, salt)


def test_the_words_are_what_the_digest_is_of(m):
    said = spoken()
    m.act("minute", **line("speaker", digest=said.digest))
    told = minutes_line(m.lines[-1], said)
    verify_minutes(m.lines, [told])
    assert decode_minutes_line(told).behind == said


@pytest.mark.parametrize(
    "other",
    [spoken("不同意"), spoken(salt=bytes(16)), spoken(what="remark")],
    ids=["words", "salt", "what"],
)
def test_other_words_do_not_fit_the_digest(m, other):
    m.act("minute", **line("speaker", digest=spoken().digest))
    with pytest.raises(VerificationError, match="minutes-mismatch"):
        verify_minutes(m.lines, [minutes_line(m.lines[-1], other)])


def test_a_line_of_another_kind_than_the_act_s_is_found(m):
    said = spoken(what="remark")
    m.act("minute", **line("speaker", digest=said.digest))
    with pytest.raises(VerificationError, match="minutes-mismatch"):
        verify_minutes(m.lines, [minutes_line(m.lines[-1], said)])


def test_persons_and_words_are_told_apart(m):
    m.sign_in(1)
    said = spoken(what="remark")
    m.act("minute", **line("remark", None, digest=said.digest))
    entry = m.roll[0]
    verify_minutes(m.lines, [minutes_line(m.lines[-2], entry), minutes_line(m.lines[-1], said)])
    crossed = minutes_line(m.lines[-1], entry)
    with pytest.raises(FormatError):
        verify_minutes(m.lines, [minutes_line(m.lines[-2], entry), crossed])


@pytest.mark.parametrize("salt", [SALT.hex().upper(), "zz" * 16, "00" * 15])
def test_a_salt_has_one_spelling(m, salt):
    m.act("minute", **line("speaker", digest=spoken().digest))
    told = minutes_line(m.lines[-1], spoken()).replace(SALT.hex().encode(), salt.encode())
    with pytest.raises(FormatError):
        decode_minutes_line(told)
