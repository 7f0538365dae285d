"""Forgers who hold keys: the note is signed anew, often the ledger too; a deeper check finds it.

Each forgery names every check that fails, so that the numbers mean what docs/spec/verification.md
says. What all officers, all trustees and the server forge together from the beginning is another
meeting; its fingerprint is not the one on the report signed by hand.
"""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from pathlib import Path

import pytest

from tally.record.layout import LEDGER, MEETING, RESULT
from tally.verify.record import verify_record
from tests.support.drafts import draft_text
from tests.support.meeting import make_meeting, seed_of
from tests.support.record import (
    AGAIN,
    COUNTED,
    UNDER_FLOOR,
    VOIDED,
    bel,
    changed,
    closed_meeting,
    closed_record,
    drop,
    edit,
    rewritten,
    sign,
    slot_of,
    with_result,
)
from voting.crypto.group import ED25519
from voting.crypto.hashing import sha256_hex
from voting.errors import VerificationError
from voting.meeting.draft import read_draft
from voting.meeting.ledger import decode_ledger, encode_ledger
from voting.meeting.rounds import checkpoint_of
from voting.protocol import codec
from voting.protocol.archive import ArchiveWriter, read_archive, write_archive
from voting.protocol.ballot import tracker
from voting.protocol.checkpoint import ballots_digest, signer
from voting.protocol.note import encode_note, sign_note

SAMPLES = Path(__file__).parent.parent / "samples"


def meeting():
    return closed_meeting()


def ballots(number):
    return sorted(meeting().case.ballots[slot_of(number)], key=tracker)


def other_ballot(number, member):
    """Another ballot with a member's ticket."""
    return meeting().case.ballot(slot_of(number), member, number=7)


def replaced(number, member):
    """The box with one ballot exchanged."""
    own = meeting().case.ballot(slot_of(number), member)
    changed_ballots = [one for one in ballots(number) if one != own]
    assert len(changed_ballots) == len(ballots(number)) - 1
    return sorted([*changed_ballots, other_ballot(number, member)], key=tracker)


def proofs(number):
    return f"papers/{slot_of(number)}.proofs"


def box(number, **changes):
    """One box with a changed part, closed or opened as its round was."""
    slot = slot_of(number)
    sealed = meeting().box(slot, **changes)
    if number in (VOIDED, UNDER_FLOOR):
        return {bel(number): sealed}
    archive, second = meeting().opened(sealed)
    return {bel(number): archive, proofs(number): second}


def swap_in(files):
    """The record with these files, and the note made to fit."""
    return sign({**closed_record(), **files})


def agreed(number, files, *, listed=None, **seal):
    """The record with another box of a slot, to which seal and count act agree."""
    listed = ballots(number) if listed is None else listed
    sealed = files[bel(number)] if number in (VOIDED, UNDER_FLOOR) else _prefix(files[bel(number)])
    values = {
        "ballots": ballots_digest(tracker(one) for one in listed),
        "archive": sha256_hex(sealed),
        "returned": len(listed),
        "heads": len(listed),
        **seal,
    }
    changes = [edit("seal", number, **values)]
    if number in (COUNTED, AGAIN):
        digests = {
            "archive": sha256_hex(files[bel(number)]),
            "proofs": sha256_hex(files[proofs(number)]),
            "checkpoint": _checkpoint(
                number, **{name: values[name] for name in ("ballots", "returned")}
            ),
        }
        changes.append(edit("count", number, **digests))
    return rewritten(_both(*changes), **files)


def _both(*changes):
    def change(kind, body):
        for one in changes:
            kind, body = one(kind, body)
        return kind, body

    return change


def _prefix(archive):
    read = read_archive(archive)
    events = list(write_archive(read))
    return b"".join(events[: len(read.ballots) + 2])


def _checkpoint(number, *, ballots, returned):
    """The note over the checkpoint of a box that was never sealed, signed by every trustee."""
    sim = meeting().sim
    one = dataclasses.replace(sim.round(slot_of(number)), ballots=ballots, returned=returned)
    text = checkpoint_of(sim.meeting, one).text
    return encode_note(
        text, [sign_note(text, signer(i), seed_of(signer(i))) for i in (1, 2, 3)]
    ).decode()


# --- files alone: the note is made to fit, the ledger is not -------------------------------------


def swapped():
    files = closed_record()
    pairs = [(bel(COUNTED), bel(AGAIN)), (proofs(COUNTED), proofs(AGAIN))]
    return sign({**files, **{a: files[b] for a, b in pairs}, **{b: files[a] for a, b in pairs}})


def other_election():
    slot = slot_of(VOIDED)
    election = meeting().case.elections[slot].replace("局长".encode(), "处长".encode(), 1)
    return swap_in(box(VOIDED, election=election))


def added_credential():
    listed = json.loads(meeting().case.credentials[slot_of(VOIDED)])
    more = codec.encode([*listed, ED25519.multiply_generator(4).text])
    return swap_in(box(VOIDED, credentials=more))


def named_trustees():
    """The same keys and proofs, and a name that nobody froze."""
    value = json.loads(meeting().case.trustees)
    value[0][1]["verification_keys"][0]["name"] = "other"
    return swap_in(box(VOIDED, trustees=codec.encode(value)))


def opened_under_the_floor():
    archive, _ = meeting().opened(closed_record()[bel(UNDER_FLOOR)])
    return changed(bel(UNDER_FLOOR), archive)


def broken_proof():
    value = json.loads(closed_record()[proofs(AGAIN)])
    entry = value["trustees"][0]["proofs"][0][0]
    entry["response"] = str((int(entry["response"]) + 1) % ED25519.order)
    return changed(proofs(AGAIN), codec.encode(value))


def one_owner_less():
    value = json.loads(closed_record()[proofs(AGAIN)])
    del value["trustees"][1]
    return changed(proofs(AGAIN), codec.encode(value))


def proved_again():
    """Right proofs, but not those that were counted with."""
    again = meeting().counted(_prefix(closed_record()[bel(AGAIN)])).proofs
    archive = closed_record()[bel(AGAIN)]
    assert again != closed_record()[proofs(AGAIN)]
    return sign({**closed_record(), bel(AGAIN): archive, proofs(AGAIN): again})


def without(path):
    files = closed_record()
    del files[path]
    return sign(files)


def result_with(change):
    value = json.loads(closed_record()[RESULT])
    change(value)
    return changed(RESULT, codec.encode(value))


def _passes(value):
    value["rounds"][2]["items"][0]["evaluation"]["decision"] = "not_passed"


def _one_more(value):
    value["rounds"][0]["items"][0]["counts"]["agree"] = 5


def other_meeting():
    other, _ = make_meeting(read_draft(draft_text(quota=2)))
    return changed(MEETING, other.raw)


def two_lines_swapped():
    lines = list(decode_ledger(closed_record()[LEDGER]))
    lines[5], lines[6] = lines[6], lines[5]
    return changed(LEDGER, encode_ledger(lines))


def last_signature_changed():
    ledger = closed_record()[LEDGER]
    at = ledger.rindex(b'"signature":"') + 20
    digit = b"1" if ledger[at : at + 1] == b"0" else b"0"
    return changed(LEDGER, ledger[:at] + digit + ledger[at + 1 :])


def padded(path, more):
    return changed(path, closed_record()[path] + more)


FILES = {
    "a ballot replaced": (
        lambda: swap_in(box(COUNTED, ballots=replaced(COUNTED, 4))),
        {"V6": "record-archive", "V10": "ballots-mismatch", "V15": "proofs-digest"},
    ),
    "a ballot replaced in a box that was not opened": (
        lambda: swap_in(box(VOIDED, ballots=replaced(VOIDED, 4))),
        {"V10": "ballots-mismatch"},
    ),
    "a ballot dropped": (
        lambda: swap_in(box(COUNTED, ballots=ballots(COUNTED)[1:])),
        {
            "V6": "record-archive",
            "V10": "returned-mismatch",
            "V15": "proofs-digest",
            "V18": "numbers-returned",
        },
    ),
    "a ballot twice": (
        lambda: swap_in(box(VOIDED, ballots=[*ballots(VOIDED)[:5], ballots(VOIDED)[4]])),
        {"V10": "ballot-duplicate"},
    ),
    "boxes swapped": (
        swapped,
        {
            "V6": "record-time",
            "V7": "election-mismatch",
            "V9": "credentials-mismatch",
            "V10": "ballots-mismatch",
            "V15": "proofs-digest",
        },
    ),
    "another election": (other_election, {"V7": "election-mismatch", "V10": "ballot-election"}),
    "a credential added": (
        added_credential,
        {"V9": "credentials-mismatch", "V10": "record-sealed"},
    ),
    "trustees that were not frozen": (
        named_trustees,
        {"V8": "record-trustees", "V10": "record-sealed"},
    ),
    "another time in every record": (
        lambda: swap_in(box(VOIDED, timestamp=1)),
        {"V6": "record-time", "V10": "record-sealed"},
    ),
    "a box under the floor opened": (
        opened_under_the_floor,
        {"V6": "record-stage", "V15": "proofs-missing"},
    ),
    "a counted box without its count": (
        lambda: changed(bel(COUNTED), _prefix(closed_record()[bel(COUNTED)])),
        {"V6": "record-stage"},
    ),
    "a second proof broken": (broken_proof, {"V15": "faulty-trustee"}),
    "a second proof of one trustee less": (one_owner_less, {"V15": "proofs-owners"}),
    "second proofs made again": (proved_again, {"V15": "proofs-digest"}),
    "second proofs missing": (
        lambda: without(proofs(AGAIN)),
        {"V1": "file-missing", "V15": "proofs-missing"},
    ),
    "a box missing": (lambda: without(bel(AGAIN)), {"V1": "file-missing"}),
    "a question of a kind that is refused": (
        lambda: changed(bel(VOIDED), _unsupported()),
        {"V6": "record-stage", "V7": "unsupported"},
    ),
    "no archive": (lambda: changed(bel(VOIDED), b"text"), {"V6": "archive-truncated"}),
    "another decision": (lambda: result_with(_passes), {"V19": "result-differs"}),
    "another count": (lambda: result_with(_one_more), {"V19": "result-differs"}),
    "a padded result": (lambda: padded(RESULT, b"\n"), {"V19": "result-differs"}),
    "a padded meeting": (lambda: padded(MEETING, b" "), {"V3": "malformed"}),
    "a padded ledger": (lambda: padded(LEDGER, b"\n"), {"V4": "malformed"}),
    "padded second proofs": (lambda: padded(proofs(AGAIN), b" "), {"V15": "malformed"}),
    "padded archive": (lambda: padded(bel(VOIDED), bytes(512)), {"V6": "archive-header"}),
    "another meeting": (
        other_meeting,
        {"V3": "other-meeting", "V4": "bad-signature", "V5": "other-meeting"},
    ),
    "two lines of the ledger swapped": (
        two_lines_swapped,
        {"V4": "broken-chain", "V5": "time-backwards"},
    ),
    "a signature of the ledger changed": (last_signature_changed, {"V4": "bad-signature"}),
    "a meeting on a day that the calendar has not": (
        lambda: changed(MEETING, closed_record()[MEETING].replace(b"2026-11-21", b"2026-99-99", 1)),
        {"V3": "malformed"},
    ),
    "an empty ledger": (
        lambda: changed(LEDGER, b""),
        {"V1": "file-unknown", "V19": "result-differs", "V21": "ledger-open"},
    ),
}


def _unsupported():
    return next(SAMPLES.glob("unsupported/**/*.bel")).read_bytes()


def found(files):
    report = verify_record(files)
    with pytest.raises(VerificationError) as caught:
        report.require_valid()
    errors = {
        one.finding.check: one.finding.error.code
        for one in report.checked
        if one.finding.status == "failed"
    }
    assert caught.value.params["checks"] == list(errors)
    return errors


@pytest.mark.parametrize("name", FILES)
def test_a_forged_file_is_found(name):
    make, expected = FILES[name]

    assert found(make()) == expected


# --- the ledger too, signed by everybody ---------------------------------------------------------


def with_spoiled_cast():
    cast = tracker(meeting().case.ballot(slot_of(AGAIN), 0))
    return rewritten(edit("spoil", AGAIN, tracker=cast))


def with_note_of(*trustees):
    return rewritten(edit("count", AGAIN, checkpoint=meeting().sim.note(slot_of(AGAIN), trustees)))


def ended(number):
    """The ledger up to the act of that number from the end."""
    lines = decode_ledger(closed_record()[LEDGER])
    return changed(LEDGER, encode_ledger(lines[:-number]))


def wrong_total():
    """A result that does not add up, with factors and digests that do."""
    archive = closed_record()[bel(COUNTED)]
    read = read_archive(archive)
    counted = meeting().counted(_prefix(archive))
    totals = json.loads(counted.result_bytes)
    totals["result"][0][0] += 1
    writer = ArchiveWriter.resume(read_archive(_prefix(archive)))
    parts = [_prefix(archive), writer.encrypted_tally(counted.tally)]
    parts += [writer.partial_decryption(one.owner, one.payload) for one in read.shares]
    forged = b"".join([*parts, writer.result(codec.encode(totals))])
    return rewritten(edit("count", COUNTED, archive=sha256_hex(forged)), **{bel(COUNTED): forged})


LEDGERS = {
    "a leftover left out": (
        partial(drop, "leftover"),
        {"V5": "issued-mismatch", "V18": "numbers-issued"},
    ),
    "somebody signed in less": (partial(drop, "attend"), {"V5": "issued-mismatch"}),
    "a withdrawal left out": (
        partial(drop, "withdraw"),
        {"V5": "issued-mismatch", "V18": "numbers-issued"},
    ),
    "no objection left out": (
        partial(drop, "no-objection"),
        {"V5": "objection-open", "V17": "objection-open"},
    ),
    "a signer of the result left out": (partial(drop, "certify", 7), {"V5": "round-unfinished"}),
    "the void act left out": (partial(drop, "void"), {"V5": "item-voted", "V18": "numbers-floor"}),
    "heads other than returned": (
        partial(edit, "seal", COUNTED, heads=5),
        {"V5": "heads-mismatch", "V18": "numbers-heads"},
    ),
    "more active than issued": (
        partial(edit, "open", COUNTED, active=7),
        {"V5": "active-mismatch", "V18": "numbers-issued"},
    ),
    "another archive in the count": (
        partial(edit, "count", AGAIN, archive="ab" * 32),
        {"V6": "record-archive"},
    ),
    "other proofs in the count": (
        partial(edit, "count", AGAIN, proofs="ab" * 32),
        {"V15": "proofs-digest"},
    ),
    "another archive in the seal": (
        partial(edit, "seal", VOIDED, archive="ab" * 32),
        {"V10": "record-sealed"},
    ),
    "another outcome certified": (
        partial(edit, "certify", AGAIN, outcome="ab" * 32),
        {"V20": "certify-outcome"},
    ),
    "another meeting frozen": (
        partial(edit, "freeze", meeting="ab" * 32),
        {"V3": "other-meeting", "V5": "other-meeting"},
    ),
}


@pytest.mark.parametrize("name", LEDGERS)
def test_a_forged_act_is_found(name):
    make, expected = LEDGERS[name]

    assert found(rewritten(make())) == expected


WHOLE = {
    "a spoiled ballot cast": (with_spoiled_cast, {"V10": "ballot-spoiled"}),
    "too few trustees for the checkpoint": (
        lambda: with_note_of(1, 2),
        {"V5": "checkpoint-signatures", "V17": "checkpoint-signatures"},
    ),
    "the checkpoint of another box": (
        lambda: rewritten(edit("count", AGAIN, checkpoint=meeting().sim.note(slot_of(COUNTED)))),
        {"V5": "checkpoint-mismatch", "V17": "checkpoint-mismatch"},
    ),
    "a ledger that was not closed": (lambda: ended(1), {"V21": "ledger-open"}),
    "an act dated before those that it follows": (
        lambda: rewritten(edit("close"), back="close"),
        {"V5": "time-backwards"},
    ),
    "a certification that was not finished": (
        lambda: _until_certified(),
        {"V20": "certify-missing", "V21": "ledger-open"},
    ),
    "a ballot replaced by everybody after the certification": (
        lambda: agreed(
            COUNTED, box(COUNTED, ballots=replaced(COUNTED, 4)), listed=replaced(COUNTED, 4)
        ),
        {"V20": "certify-outcome"},
    ),
    "ballots in another order": (
        lambda: agreed(VOIDED, box(VOIDED, ballots=ballots(VOIDED)[::-1])),
        {"V10": "record-unsorted"},
    ),
    "a credential twice": (
        lambda: agreed(VOIDED, box(VOIDED, ballots=_revoted()), listed=_revoted()),
        {"V10": "credential-twice"},
    ),
    "a certificate in the setup": (
        lambda: agreed(VOIDED, box(VOIDED, certificate=b"{}")),
        {"V9": "record-certificate"},
    ),
    "a total that does not add up": (
        wrong_total,
        {"V16": "result-sum", "V18": "numbers-counts"},
    ),
    "a counted box of more ballots than tickets": (
        lambda: agreed(COUNTED, box(COUNTED, ballots=_seven(COUNTED)), listed=_seven(COUNTED)),
        {"V5": "round-void", "V12": "tally-wrong", "V18": "numbers-over"},
    ),
}


def _until_certified():
    """Up to before the last signature of the second counted round, and nothing of the third."""
    lines = decode_ledger(closed_record()[LEDGER])
    last = max(i for i, line in enumerate(lines) if line.act.kind == "certify")
    files = {**closed_record(), LEDGER: encode_ledger(lines[:last])}
    del files[bel(UNDER_FLOOR)]
    return with_result(files)


def _revoted():
    """Six ballots, two of them with the ticket of member 0."""
    own = meeting().case.ballot(slot_of(VOIDED), 5)
    kept = [one for one in ballots(VOIDED) if one != own]
    return sorted([*kept, other_ballot(VOIDED, 0)], key=tracker)


def _seven(number):
    return sorted([*ballots(number), other_ballot(number, 0)], key=tracker)


@pytest.mark.parametrize("name", WHOLE)
def test_a_forged_record_is_found(name):
    make, expected = WHOLE[name]

    assert found(make()) == expected


def test_a_box_that_the_rule_voided_for_its_ballots_is_no_fault_of_the_record():
    """More ballots than tickets: void, vote again, and the box stays as the proof of it."""

    def change(kind, body):
        return None if kind == "void" else overfull(kind, body)

    seven = _seven(VOIDED)
    files = box(VOIDED, ballots=seven)
    overfull = edit(
        "seal",
        VOIDED,
        ballots=ballots_digest(tracker(one) for one in seven),
        archive=sha256_hex(files[bel(VOIDED)]),
        returned=7,
        heads=7,
    )
    record = rewritten(change, **files)

    verify_record(record).require_valid()
    assert json.loads(record[RESULT])["rounds"][1]["reason"] == "returned-exceeds-issued"


def test_a_fault_in_one_slot_does_not_hide_one_in_another():
    files = {
        **box(VOIDED, ballots=replaced(VOIDED, 4)),
        bel(UNDER_FLOOR): closed_record()[bel(UNDER_FLOOR)][:-512],
    }
    report = verify_record(swap_in(files))
    failed = {(one.slot, one.finding.check) for one in report.checked if one.finding.error}

    assert failed == {(slot_of(VOIDED), "V10"), (slot_of(UNDER_FLOOR), "V6")}


def test_the_place_of_a_fault_is_named():
    def place(files, check):
        report = verify_record(files)
        return next(one.finding.place for one in report.checked if one.finding.check == check)

    assert place(result_with(_passes), "V19") == "result.rounds[2].items[0].evaluation.decision"
    assert place(rewritten(edit("seal", COUNTED, heads=5)), "V5").endswith("] seal")
    assert place(changed(RESULT, b"{}x"), "V19") == "result.json"
