"""A real closed record: it verifies, and any one byte of any of its files changed does not."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from dataclasses import replace

import pytest

from tally.record.contents import make_record, remake_record
from tally.record.layout import LEDGER, MEETING, NOTE, README, REPORT, RESULT, note_text
from tally.record.pack import pack, unpack
from tally.record.read import read_record
from tally.verify.findings import CHECKS
from tally.verify.record import RecordVerifier, verify_record
from tally.verify.remarks import remarks_of
from tally.verify.unsigned import verify_unsigned
from tally.verify.verdict import RecordReport
from tests.support.meeting import seed_of
from tests.support.record import (
    AGAIN,
    COUNTED,
    UNDER_FLOOR,
    VOIDED,
    bel,
    changed,
    closed_meeting,
    closed_record,
    sign,
    slot_of,
)
from voting.crypto.hashing import sha256_hex
from voting.errors import FormatError, InputError, VerificationError
from voting.meeting.frozen import Mode
from voting.meeting.ledger import decode_ledger, encode_ledger
from voting.meeting.state import Compared
from voting.protocol.note import encode_note, sign_note
from voting.words import LANGS

PATHS = sorted(closed_record())


def failed(report):
    return [one.finding.check for one in report.checked if one.finding.status == "failed"]


def beginning(files):
    """V1 and V2 alone."""
    found = itertools.islice(RecordVerifier(files).findings(), 2)
    return {one.finding.check: one.finding for one in found}


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def positions(data):
    return sorted({0, len(data) // 3, len(data) // 2, len(data) - 1})


# --- a good record -------------------------------------------------------------------------------


def test_a_closed_record_verifies_and_every_check_was_made():
    told = []
    report = verify_record(closed_record(), progress=lambda *args: told.append(args))

    report.require_valid()
    assert {one.finding.check for one in report.checked if one.finding.ran} == set(CHECKS)
    assert told[-1] == (slot_of(UNDER_FLOOR), 4, 4)


def test_only_what_was_counted_was_opened():
    report = verify_record(closed_record())
    opened = {
        one.slot
        for one in report.checked
        if one.slot and one.finding.check == "V16" and one.finding.ran
    }

    assert opened == {slot_of(COUNTED), slot_of(AGAIN)}


def test_what_a_reader_should_know_is_remarked_in_both_languages():
    remarks = {one.code: one for one in verify_record(closed_record()).remarks}

    assert set(remarks) == {"shares-kept", "by-pen"}
    assert remarks["shares-kept"].params["trustees"] == [3]
    assert all(remark.text(lang) for remark in remarks.values() for lang in LANGS)


def test_every_remark_has_its_cause_in_the_ledger_or_the_meeting():
    sim = closed_meeting().sim
    simple = replace(sim.meeting, mode=Mode("server", "server"))
    one = sim.state.rounds[slot_of(COUNTED)]
    odd = replace(one, override=True, compared=Compared("ab" * 32, (3,)), signed=())
    state = replace(sim.state, rounds={slot_of(COUNTED): odd}, destroyed=frozenset({1, 2, 3}))

    found = remarks_of(simple, state)
    assert [one.code for one in found] == [
        "compared",
        "override",
        "items-left",
        "pages-by-server",
        "tickets-by-server",
    ]
    assert all(remark.text(lang) for remark in found for lang in LANGS)


def test_a_report_that_lost_a_finding_is_no_yes():
    report = verify_record(closed_record())
    for left_out in ("V1", "V11", "V15", "V21"):
        kept = tuple(one for one in report.checked if one.finding.check != left_out)
        with pytest.raises(VerificationError) as caught:
            RecordReport(kept, report.needed).require_valid()
        assert caught.value.params["checks"] == [left_out]


def test_one_slot_does_not_answer_for_another():
    report = verify_record(closed_record())
    kept = tuple(
        one for one in report.checked if (one.slot, one.finding.check) != (slot_of(AGAIN), "V15")
    )

    with pytest.raises(VerificationError):
        RecordReport(kept, report.needed).require_valid()


def test_the_same_meeting_always_gives_the_same_record():
    files = closed_record()

    assert remake_record(files) == {path: files[path] for path in files if path != NOTE}


def test_no_record_is_made_of_a_meeting_that_goes_on():
    meeting = closed_meeting()
    lines = encode_ledger(meeting.sim.lines[:-1])

    with pytest.raises(VerificationError) as caught:
        make_record(meeting.sim.meeting.raw, lines, meeting.papers, meeting.proofs)
    assert caught.value.code == "not-closed"


@pytest.mark.parametrize("path", [bel(VOIDED), bel(COUNTED), MEETING])
def test_no_record_is_made_without_one_of_its_files(path):
    files = closed_record()
    del files[path]

    with pytest.raises(VerificationError) as caught:
        remake_record(files)
    assert caught.value.code == "record-papers"


def test_no_name_of_a_voter_is_in_the_record():
    sim = closed_meeting().sim
    public = {one.name for one in sim.meeting.officers.values()} | set(sim.meeting.trustees.names)
    voters = {entry.person.name for entry in sim.roll} - public
    assert voters

    for path, data in closed_record().items():
        assert not [name for name in voters if name.encode() in data], path


# --- an officer, before he signs -----------------------------------------------------------------


def unsigned():
    return {path: data for path, data in closed_record().items() if path != NOTE}


def test_an_officer_signs_a_record_that_is_whole():
    verify_unsigned(unsigned())


@pytest.mark.parametrize("path", [README, REPORT])
def test_an_officer_signs_no_page_but_the_one_that_the_record_gives(path):
    with pytest.raises(VerificationError) as caught:
        verify_unsigned({**unsigned(), path: closed_record()[path] + b"\n"})
    assert (caught.value.code, caught.value.params["path"]) == ("record-remade", path)


def test_an_officer_signs_no_other_result():
    other = closed_record()[RESULT].replace(b'"disagree"', b'"abstain"', 1)
    with pytest.raises(VerificationError) as caught:
        verify_unsigned({**unsigned(), RESULT: other})
    assert caught.value.params["checks"] == ["V19"]


# --- one byte ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [path for path in PATHS if path != NOTE])
def test_one_byte_of_a_file_changed_is_found_by_its_digest(path):
    files = closed_record()
    for at in positions(files[path]):
        found = beginning({**files, path: flipped(files[path], at)})["V1"]
        assert found.error is not None, at
        assert found.error.code in ("file-digest", "file-missing", "file-unknown"), at


def test_one_byte_of_the_note_changed_is_found():
    note = closed_record()[NOTE]
    for at in {*positions(note), *range(0, len(note), 211)}:
        found = beginning({**closed_record(), NOTE: flipped(note, at)})
        assert found["V2"].status == "failed", at


@pytest.mark.parametrize("path", PATHS)
def test_a_file_cut_short_or_left_out_is_found(path):
    files = closed_record()
    check = "V2" if path == NOTE else "V1"

    assert beginning({**files, path: files[path][:-1]})[check].status == "failed"
    del files[path]
    found = beginning(files)["V1"]
    assert found.error.code == "file-missing"
    assert found.error.params["path"] == path


@pytest.mark.parametrize(
    ("path", "check"),
    [
        (MEETING, "V3"),
        (LEDGER, "V4"),
        (RESULT, "V19"),
        (bel(COUNTED), "V6"),
        (bel(VOIDED), "V6"),
        (f"papers/{slot_of(AGAIN)}.proofs", "V15"),
    ],
)
def test_one_byte_changed_with_a_note_made_to_fit_is_found_by_its_own_check(path, check):
    data = closed_record()[path]
    for at in (len(data) // 3, len(data) - 1):
        report = verify_record(changed(path, flipped(data, at)))
        assert check in failed(report), at
        assert "V1" not in failed(report)
        with pytest.raises(VerificationError):
            report.require_valid()


# --- the files and the note ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["notes.txt", f"papers/{slot_of(VOIDED)}.proofs", "papers/x.bel", "README.TXT", "a\nb"]
)
def test_a_file_that_does_not_belong_is_found(path):
    files = {**closed_record(), path: b"{}"}
    plain = "\n" not in path

    for given in (files, sign(files) if plain else files):
        assert beginning(given)["V1"].error.code == "file-unknown"


def test_a_note_that_names_other_files_is_found():
    files = closed_record()
    text = "".join(
        line for line in note_text(files).splitlines(keepends=True) if README not in line
    )
    signed = [sign_note(text, one, seed_of(one)) for one in keyed()]

    found = beginning({**files, NOTE: encode_note(text, signed)})
    assert found["V1"].error.code == "file-unnamed"
    assert found["V2"].status == "passed"


def keyed():
    officers = closed_meeting().sim.meeting.officers.values()
    return [one.id for one in officers if one.key is not None]


def test_a_record_without_a_note_is_unsigned():
    found = beginning(unsigned())

    assert found["V1"].error.code == "file-missing"
    assert found["V2"].error.code == "note-incomplete"
    assert found["V2"].error.params["missing"] == sorted(keyed())


@pytest.mark.parametrize("officer", ["chair", "secretary", "scrutineer-2"])
def test_every_officer_who_has_a_key_signed(officer):
    found = beginning(sign(closed_record(), without=officer))

    assert found["V1"].status == "passed"
    assert found["V2"].error.code == "note-incomplete"
    assert found["V2"].error.params["missing"] == [officer]


@pytest.mark.parametrize("name", ["teller", "server", "scrutineer-3"])
def test_nobody_else_signed(name):
    text = note_text(closed_record())
    signed = [sign_note(text, one, seed_of(one)) for one in (*keyed(), name)]

    found = beginning({**closed_record(), NOTE: encode_note(text, signed)})
    assert found["V2"].error.code == "note-unknown-signer"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("piaojue/record/1", "piaojue/record/2"),
        lambda text: text.replace(text.split("\n")[1], "0000 0000 0000 0000"),
        lambda text: "\n".join([*text.split("\n")[:2], *reversed(text.split("\n")[2:-1]), ""]),
        lambda text: text + "\n",
        lambda text: text.replace("  meeting.json", " meeting.json"),
        lambda text: text.replace("  result.json", "  result.jso"),
    ],
)
def test_a_note_has_one_spelling(change):
    text = change(note_text(closed_record()))
    signed = [sign_note(text, one, seed_of(one)) for one in keyed()]
    found = beginning({**closed_record(), NOTE: encode_note(text, signed)})

    assert found["V2"].status == "failed"


# --- the zip -------------------------------------------------------------------------------------


def zipped(files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as made:
        for path, data in files.items():
            made.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def test_a_zip_gives_back_its_files_and_other_programs_read_it():
    files = closed_record()
    data = pack(files)

    assert unpack(data) == files
    with zipfile.ZipFile(io.BytesIO(data)) as other:
        assert other.testzip() is None
        assert {name: other.read(name) for name in other.namelist()} == files
        assert other.namelist() == sorted(files)


@pytest.mark.parametrize("at", [4, 10, 14, 20, 28, 30, 400, -1, -5, -22, -30, -60])
def test_one_byte_of_a_zip_changed_is_found(at):
    data = pack(closed_record())

    with pytest.raises(VerificationError) as caught:
        unpack(flipped(data, at % len(data)))
    assert caught.value.code == "zip-differs"


FORGED_ZIPS = {
    "compressed": lambda files: zipped(files, compression=zipfile.ZIP_DEFLATED),
    "another program's": zipped,
    "another order": lambda files: _reordered(files),
    "something behind": lambda files: pack(files) + b"x",
    "something before the directory": lambda files: pack(files).replace(
        b"PK\x01\x02", b"xPK\x01\x02", 1
    ),
    "a comment": lambda files: pack(files)[:-2] + b"\x01\x00x",
    "a name twice": lambda files: _twice(pack(files), pack({README: b"other"})),
    "cut": lambda files: pack(files)[:-100],
    "nothing but a beginning": lambda _files: b"PK\x03\x04",
    "a name that is not ASCII": lambda files: pack(files).replace(
        b"README", b"README"[:-1] + b"\xc9"
    ),
}


def _reordered(files):
    first, second = pack({README: files[README]}), pack({MEETING: files[MEETING]})
    return second[: second.index(b"PK\x01\x02")] + first


def _twice(data, more):
    local = more[: more.index(b"PK\x01\x02")]
    return local + data


@pytest.mark.parametrize("name", FORGED_ZIPS)
def test_a_zip_has_one_spelling(name):
    with pytest.raises(VerificationError) as caught:
        unpack(FORGED_ZIPS[name](closed_record()))
    assert caught.value.code == "zip-differs"


def test_what_is_no_zip_cannot_be_read():
    with pytest.raises(FormatError):
        unpack(b"PK\x05\x06" + bytes(18))


# --- reading -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for path, data in closed_record().items():
        place = tmp_path / "record" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return tmp_path / "record"


def test_a_folder_and_a_zip_read_alike(folder, tmp_path):
    packed = tmp_path / "record.zip"
    packed.write_bytes(pack(closed_record()))

    assert read_record(folder) == read_record(packed) == closed_record()


def test_whatever_is_in_the_folder_is_read(folder):
    (folder / "papers" / "more").write_bytes(b"?")
    (folder / ".hidden").write_bytes(b"?")

    assert read_record(folder).keys() - closed_record().keys() == {"papers/more", ".hidden"}


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: (folder / "link").symlink_to(folder / RESULT),
        lambda folder: (folder / "more").mkdir(),
        lambda folder: (folder / "papers" / "papers").mkdir(),
        lambda folder: (folder / "名").write_bytes(b""),
        lambda folder: (folder / "a\tb").write_bytes(b""),
    ],
)
def test_an_odd_entry_of_the_folder_is_refused(folder, make):
    make(folder)

    with pytest.raises(VerificationError) as caught:
        read_record(folder)
    assert caught.value.code == "record-entry"
    assert caught.value.params["path"].isascii()


def test_a_linked_file_is_not_followed(folder):
    place = folder / RESULT
    place.rename(folder.parent / "elsewhere")
    place.symlink_to(folder.parent / "elsewhere")

    with pytest.raises(VerificationError, match="record-entry"):
        read_record(folder)


@pytest.mark.parametrize(("name", "code"), [("no", "path-unreadable"), ("plain", "not-a-record")])
def test_what_is_no_record_cannot_be_read(tmp_path, name, code):
    (tmp_path / "plain").write_bytes(b"text")
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError) as caught:
        read_record(tmp_path / name)
    assert caught.value.code == code
    with pytest.raises(InputError, match="not-a-record"):
        read_record(tmp_path / "empty")


def test_a_record_of_too_many_files_is_refused(monkeypatch, folder):
    monkeypatch.setattr("tally.record.read.MAX_FILES", 3)
    monkeypatch.setattr("tally.record.pack.MAX_FILES", 3)

    with pytest.raises(InputError, match="record-too-large"):
        read_record(folder)
    with pytest.raises(InputError, match="record-too-large"):
        pack(closed_record())


# --- what the files say --------------------------------------------------------------------------


def test_the_result_names_what_it_comes_from_and_what_the_rule_decides():
    files = closed_record()
    result = json.loads(files[RESULT])
    heads = [line.digest for line in decode_ledger(files[LEDGER]) if line.act.kind == "seal"]

    assert result["meeting"] == sha256_hex(files[MEETING])
    assert result["head"] == heads[-1]
    assert [one["state"] for one in result["rounds"]] == [
        "counted",
        "void",
        "counted",
        "under-floor",
    ]
    for one in result["rounds"]:
        assert one["archive"] == sha256_hex(files[f"papers/{one['slot']}.bel"])
    item = result["rounds"][0]["items"][0]
    assert item["counts"] == {"agree": 4, "disagree": 1, "abstain": 1}
    assert item["evaluation"]["decision"] == "passed"
