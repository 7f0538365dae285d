"""Records with contests: rounds follow from rounds, and a forger who holds every key is found."""

from __future__ import annotations

import json

import pypdfium2
import pytest

from kiosk.rehearsal.account import tell
from tally.record.contents import make_record
from tally.record.layout import REPORT, RESULT
from tally.verify.record import verify_record
from tests.support.contest_record import Played
from tests.support.contests import ASSESSED, CONTESTED, ELECTED
from tests.support.record import sign
from voting.errors import RefusedError
from voting.meeting.ledger import encode_ledger
from voting.protocol import codec
from voting.rules.shapes import Standing

FIRST = [{"": ["c1", "c2"]}] * 3 + [{"": ["c1", "c3"]}] * 3
"""c1 has six of seven and a seat; c2 and c3 have three and stand again for the other."""
SECOND = Standing(("c2", "c3"), 1, "open", 2)
LAST = [{"": ["c2"]}] * 5 + [{"": ["blank"]}]

PLAIN = ELECTED.replace('roster = "r1"', 'write-in = "none"')
PLAIN = PLAIN[: PLAIN.index("[[rosters]]")] + PLAIN[PLAIN.index("[trustees]") :]


def found(files):
    """The checks that fail, with their codes."""
    report = verify_record(files, workers=1)
    failed = [one.finding for one in report.checked if one.finding.status == "failed"]
    if not failed:
        report.require_valid()
    return {one.check: one.error.code for one in failed}


def decisions(files):
    rounds = json.loads(files[RESULT])["rounds"]
    return [one["items"][0]["evaluation"]["decision"] for one in rounds]


def two_rounds(**changes):
    play = Played(CONTESTED)
    first = play.round("i1", FIRST)
    if changes.get("early"):
        play.sim.act("release", slot=first)
    standing = changes.get("standing", SECOND)
    play.round("i1", changes.get("last", LAST), standings={"i1": standing})
    if not changes.get("early"):
        play.sim.act("release", slot=first)
    return play


def test_a_next_round_asks_of_those_whom_the_rule_names_and_the_record_verifies():
    play = Played(CONTESTED)
    play.round("i1", FIRST)
    assert play.following() == {"i1": SECOND}
    play.round("i1", LAST, standings=play.following())
    assert play.following() == {}
    files = play.files()
    assert found(files) == {}
    assert decisions(files) == ["next_round", "elected"]
    second = json.loads(files[RESULT])["rounds"][1]["items"][0]["evaluation"]
    assert second["contest"] == SECOND.to_json()
    assert [one["id"] for one in second["names"] if one["result"] == "elected"] == ["c2"]


def test_the_first_round_may_be_released_after_the_last():
    assert found(two_rounds().files()) == {}


def test_a_seat_that_is_left_open_is_a_valid_record_with_no_release():
    play = Played(CONTESTED)
    play.round("i1", FIRST)
    assert found(play.files()) == {}


@pytest.mark.parametrize(
    "standing",
    [
        pytest.param(Standing(("c2", "c4"), 1, "open", 2), id="somebody else"),
        pytest.param(Standing(("c2",), 1, "open", 2), id="one too few"),
        pytest.param(Standing(("c2", "c3"), 1, "tie", 1), id="as if they were tied"),
        pytest.param(Standing(("c2", "c3"), 2, "open", 2), id="a seat too many"),
    ],
)
def test_who_stands_otherwise_than_the_rule_says_is_found(standing):
    votes = [{"": ["c2"]}] * 6
    files = two_rounds(standing=standing, last=votes).files()
    assert found(files) == {"V19": "standing-mismatch"}


def test_a_round_that_the_rule_does_not_have_is_found():
    play = Played(CONTESTED)
    play.round("i1", [{"": ["c1", "c2"]}] * 6)
    assert play.following() == {}
    play.round("i1", [{"": ["c3"]}] * 6, standings={"i1": Standing(("c3", "c4"), 1, "open", 2)})
    assert found(play.files()) == {"V19": "standing-mismatch"}


def test_after_the_counts_were_told_there_is_no_next_round():
    with pytest.raises(RefusedError) as caught:
        two_rounds(early=True)
    assert caught.value.code == "contest-released"


def test_a_seat_is_left_open_by_telling_the_counts():
    play = Played(CONTESTED)
    slot = play.round("i1", FIRST)
    assert play.following()
    play.sim.act("release", slot=slot)
    assert play.following() == {}
    assert found(play.files()) == {}


def test_a_decision_that_the_counts_do_not_give_is_found():
    files = two_rounds().files()
    value = json.loads(files[RESULT])
    value["rounds"][0]["items"][0]["evaluation"]["next"] = None
    forged = sign({**files, RESULT: codec.encode(value)})
    assert found(forged) == {"V19": "result-differs"}


# --- an election: what ballots can say together --------------------------------------------------


def words(for_, against):
    names = ("c1", "c2", "c3", "c4")
    return [[int(one in part) for one in names] for part in (for_, against)]


def test_an_election_of_more_names_than_seats_is_counted_by_for_and_against():
    play = Played(PLAIN)
    play.round("i1", [words(["c1", "c2"], ["c3"])] * 6)
    files = play.files()
    assert found(files) == {}
    assert decisions(files) == ["elected"]
    (one,) = json.loads(files[RESULT])["rounds"]
    assert one["items"][0]["counts"]["against"] == {"c1": 0, "c2": 0, "c3": 6, "c4": 0}


def test_who_says_both_of_a_name_elects_nobody_where_it_shows():
    play = Played(PLAIN)
    play.round("i1", [words(["c1", "c2"], [])] * 5 + [words(["c1", "c2"], ["c1"])])
    files = play.files()
    assert found(files) == {}
    assert decisions(files) == ["uncertified"]
    value = json.loads(files[RESULT])
    value["rounds"][0]["items"][0]["evaluation"]["decision"] = "elected"
    assert found(sign({**files, RESULT: codec.encode(value)})) == {"V19": "result-differs"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_rehearsal_is_told_in_either_language_whatever_the_ballots_are_in(lang):
    play = Played(ASSESSED)
    grades = {"s1.a1": "excellent", "s1.a2": "competent", "s2.a1": "good", "s2.a2": "fair"}
    play.round("g", [grades] * 6)
    told = "\n".join(tell(play.files(), lang))
    assert "李一" in told
    assert {"zh": "优秀", "en": "excellent"}[lang] in told


def test_what_was_typed_as_a_reason_never_stands_in_the_way_of_the_record():
    """A character that no font has was accepted of the chair, and no record could be made."""
    played = Played(CONTESTED)
    slot = played.meeting.case.open(["i1"], voters=0)
    played.sim.act("void", slot=slot, reason="设备故障\U0002000b，重新表决", pen=None)
    played.sim.close()
    files = make_record(played.sim.meeting.raw, encode_ledger(played.sim.lines), {}, {})

    pages = pypdfium2.PdfDocument(files[REPORT])
    text = "".join("".join(one.get_textpage().get_text_range().split()) for one in pages)
    assert "设备故障[U+2000B]，重新表决" in text
