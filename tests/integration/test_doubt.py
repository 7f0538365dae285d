"""程序存疑: a signed note beside a record, which changes nothing of it."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.device.keys import DeviceKeys
from kiosk.device.seen import OfficerKeys
from tally.record.doubt import Doubt, doubt_text, parse_doubt, verify_doubt
from tally.record.layout import RESULT
from tests.support.meeting import seed_of
from tests.support.record import closed_meeting, closed_record
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError
from voting.protocol.note import encode_note, sign_note

PASSPHRASE = "correct horse battery"
DIGEST = sha256_hex(closed_record()[RESULT])
DOUBT = Doubt(DIGEST, "i1", "recusal", "2026-12-03", "-", "一名成员与人选有近姻亲关系，未申报。")


def note_of(doubt, *officers):
    text = doubt_text(doubt)
    return encode_note(text, [sign_note(text, one, seed_of(one)) for one in officers])


def judged(data):
    return verify_doubt(data, closed_meeting().sim.meeting, DIGEST)


def piaojue(*words, stdin=f"{PASSPHRASE}\n"):
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A record in a folder, and the key files of three officers."""
    place = tmp_path_factory.mktemp("doubt")
    for path, data in closed_record().items():
        (place / "record" / path).parent.mkdir(parents=True, exist_ok=True)
        (place / "record" / path).write_bytes(data)
    for officer in ("secretary", "scrutineer-1", "scrutineer-2"):
        held = OfficerKeys(seed_of(officer)).encode()
        DeviceKeys.create([place / officer], PASSPHRASE, held)
    return place


def noted(room, officer, out, *more):
    return piaojue(
        "doubt", room / "record", "--officer", officer, "--key", room / officer, "--out", out, *more
    )


WHAT = ("--item", "i1", "--date", "2026-12-03", "--reason", "一名成员未回避")


def test_two_roles_sign_and_the_verdict_stays_what_it_was(room, tmp_path):
    before = {path: path.read_bytes() for path in (room / "record").rglob("*.*")}
    half, whole = tmp_path / "half.note", room / "record.doubt-1.note"

    first = noted(room, "secretary", half, *WHAT)
    assert first.exit_code == 0, first.output
    assert "加签" in first.output
    assert noted(room, "scrutineer-1", whole, "--add", half).exit_code == 0

    done = piaojue("verify", room / "record")
    assert done.exit_code == 0
    line = next(line for line in done.output.splitlines() if line.startswith("程序存疑"))
    assert "i1" in line
    assert "scrutineer-1、secretary" in line
    assert (
        json.loads(piaojue("verify", room / "record", "--json").stdout)["doubts"][0]["item"] == "i1"
    )
    assert {path: path.read_bytes() for path in (room / "record").rglob("*.*")} == before
    other = tmp_path / "elsewhere.note"
    whole.rename(other)
    assert "程序存疑" not in piaojue("verify", room / "record").output
    assert "程序存疑" in piaojue("verify", room / "record", "--doubt", other).output


def test_canvassing_that_is_reported_of_a_round_is_noted_with_the_paper_s_digest(room, tmp_path):
    half, whole = tmp_path / "half.note", tmp_path / "whole.note"
    said = ("--matter", "canvassing", "--paper", "ab" * 32)

    assert noted(room, "secretary", half, *WHAT, *said).exit_code == 0
    assert noted(room, "scrutineer-1", whole, "--add", half).exit_code == 0

    assert "拉票" in piaojue("verify", room / "record", "--doubt", whole).output


def test_one_signature_or_two_of_one_role_mark_nothing(room, tmp_path):
    for officers in (("secretary",), ("scrutineer-1", "scrutineer-2")):
        with pytest.raises(PiaojueError, match="doubt-signers"):
            judged(note_of(DOUBT, *officers))
    half = tmp_path / "half.note"
    noted(room, "secretary", half, *WHAT)
    assert piaojue("verify", room / "record", "--doubt", half).exit_code == 1
    assert noted(room, "secretary", tmp_path / "n", "--add", half).exit_code == 2


def test_only_the_officer_s_own_key_signs(room, tmp_path):
    as_other = piaojue(
        "doubt",
        room / "record",
        "--officer",
        "scrutineer-1",
        "--key",
        room / "secretary",
        "--out",
        tmp_path / "n",
        *WHAT,
    )

    assert as_other.exit_code == 2
    assert noted(room, "secretary", tmp_path / "n", "--item", "i1").exit_code == 2
    assert noted(room, "secretary", tmp_path / "n", *WHAT, "--item", "i9").exit_code == 1
    nobody = piaojue(
        "doubt",
        room / "record",
        "--officer",
        "chair2",
        "--key",
        room / "secretary",
        "--out",
        tmp_path / "n",
        *WHAT,
    )
    assert nobody.exit_code == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"result": "ab" * 32}, "doubt-other-record"),
        ({"item": "i9"}, "doubt-item"),
    ],
)
def test_a_note_about_something_else_is_refused(change, code):
    with pytest.raises(PiaojueError) as caught:
        judged(note_of(dataclasses.replace(DOUBT, **change), "secretary", "scrutineer-1"))

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("piaojue/doubt/1", "piaojue/doubt/2"),
        ("matter recusal", "matter gossip"),
        ("item i1\n", ""),
        ("date 2026-12-03", "date 3 December"),
        ("paper -", "paper +"),
        ("\nitem", "\nitem  i1\nitem"),
        ("reason ", "reason  "),
    ],
)
def test_a_doubt_has_one_spelling(old, new):
    text = doubt_text(DOUBT)
    assert parse_doubt(text) == DOUBT

    with pytest.raises(PiaojueError):
        parse_doubt(text.replace(old, new))


def test_a_changed_word_breaks_the_signatures():
    good = note_of(DOUBT, "secretary", "scrutineer-1")
    assert judged(good)[1] == ("scrutineer-1", "secretary")

    with pytest.raises(PiaojueError, match="bad-signature"):
        judged(good.replace("未申报".encode(), "已申报".encode()))


def test_one_person_in_two_roles_is_one_person():
    meeting = closed_meeting().sim.meeting
    secretary, scrutineer = (meeting.officers[one] for one in ("secretary", "scrutineer-1"))
    both = dataclasses.replace(scrutineer, name=secretary.name)
    officers = {**meeting.officers, "scrutineer-1": both}
    data = note_of(DOUBT, "secretary", "scrutineer-1")

    judged(data)
    with pytest.raises(PiaojueError, match="doubt-signers"):
        verify_doubt(data, dataclasses.replace(meeting, officers=officers), DIGEST)


def test_a_stray_file_beside_a_record_takes_nobody_s_verdict_away(room):
    """Anybody who may write beside a record could have kept its verdict from being shown."""
    junk, folder = (room / f"record.doubt-{n}.note" for n in (8, 9))
    junk.write_text("\x1b[2J\n")
    folder.mkdir()
    done = piaojue("verify", room / "record")
    junk.unlink()
    folder.rmdir()

    assert done.exit_code == 0
    assert "核验通过" in done.output.splitlines()[-1]
    for one in (junk, folder):
        assert f"{one.name} 不是这份记录的有效附记" in done.output
