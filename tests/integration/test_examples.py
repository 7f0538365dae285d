"""The meetings of ``examples``: each is a whole draft; two are played here."""

from __future__ import annotations

import json
import re

import pytest

from kiosk.draft import load
from tally.outcome import opened_of, reading_in
from tally.record.layout import LEDGER, MEETING, RESULT, archive_path
from tally.record.pack import unpack
from tests.examples import EXAMPLES, papers, rehearse
from tests.interop.tool import ask_oracle
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.rules import list_rules

DRAFTS = sorted(EXAMPLES.glob("*.toml"))
HAN = re.compile(r"[一-鿿]")


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
def test_each_example_passes_check_and_says_first_what_it_is(path):
    _, draft = load(path)
    assert draft.items
    comment = path.read_text("utf-8").split("\n\n")[0]
    assert all(line.startswith("# ") for line in comment.splitlines())
    assert HAN.search(comment.splitlines()[0])
    assert "nvented" in comment
    assert f"({path.name})" in (EXAMPLES / "README.md").read_text("utf-8")


def test_every_rule_of_the_book_that_is_a_ballot_has_an_example():
    used = {item.rule for path in DRAFTS for item in load(path)[1].items}
    assert used == {rule.id for rule in list_rules() if rule.votes}


def played(path, folder):
    done = rehearse(path, folder / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    record = unpack((folder / "out" / "record.zip").read_bytes())
    for paper in papers(record, folder / "papers"):
        accepted, said = ask_oracle(paper)
        assert accepted, said
    return record, done.stdout


def test_two_rounds_for_five_seats_of_eight_names_and_the_second_is_computed(tmp_path):
    record, said = played(EXAMPLES / "contested-plenum.toml", tmp_path)
    first, second = json.loads(record[RESULT])["rounds"]
    results = first["items"][0]["evaluation"]["names"]
    elected = [one["id"] for one in results if one["result"] == "elected"]
    nexts = [one["id"] for one in results if one["result"] == "next"]
    assert len(elected) == 4
    assert len(nexts) == 2
    opened = [json.loads(line)["act"] for line in record[LEDGER].splitlines()]
    standings = [act["body"]["standings"] for act in opened if act["kind"] == "open"]
    assert standings[0] == {}
    assert (standings[1]["i1"]["names"], standings[1]["i1"]["seats"]) == (nexts, 1)
    assert [one["id"] for one in second["items"][0]["evaluation"]["names"]] == nexts
    assert "第2轮" in said


def test_names_in_words_are_read_by_two_scrutineers_and_counted_so(tmp_path):
    """Namesakes by words alone are nobody; who is listed is his number; a stranger stands."""
    record, said = played(EXAMPLES / "nomination-words.toml", tmp_path)
    acts = [json.loads(line) for line in record[LEDGER].splitlines()]
    (reading,) = [line for line in acts if line["act"]["kind"] == "reading"]
    signers = [one["by"] for one in reading["signatures"]]
    assert sorted(signers) == ["scrutineer-1", "scrutineer-2", "server"]
    assert not any(text in record[LEDGER].decode() for text in ("屈敬之", "王伟", "童望舒"))
    meeting = decode_meeting(record[MEETING])
    masked = fold(meeting, decode_ledger(record[LEDGER])).rounds[reading["act"]["body"]["slot"]]
    opened = opened_of(record[archive_path(masked.slot)])
    (meant,) = reading_in(meeting, masked, opened).values()
    assert meant == {"屈敬之": 3, "王伟": "invalid", "童望舒": "written"}
    (one,) = json.loads(record[RESULT])["rounds"]
    counts = one["items"][0]["counts"][""]
    assert counts["numbers"]["3"]
    assert [row["text"] for row in counts["texts"]] == ["童望舒"]
    assert "认读" in said


def test_a_roster_of_153_is_shuffled_and_counted_by_numbers(tmp_path):
    """The example with fewer people, who make one paper."""
    text = (EXAMPLES / "nomination-153.toml").read_text("utf-8")
    fewer = {"count = 20": "count = 4", "count = 36": "count = 5", "away = { A = 1, B = 4 }\n": ""}
    for old, new in fewer.items():
        assert old in text
        text = text.replace(old, new)
    draft = tmp_path / "meeting.toml"
    draft.write_text(text, "utf-8")
    record, said = played(draft, tmp_path)
    (one,) = json.loads(record[RESULT])["rounds"]
    numbers = one["items"][0]["counts"][""]["numbers"]
    assert one["numbers"]["returned"] == 9
    assert sum(numbers.values()) <= 9 * 8
    assert len(numbers) >= 8
    assert "区管助理" in said
