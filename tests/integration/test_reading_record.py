"""Records with words of voters: nobody read them, or not all, or others than were written."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tally.record.layout import RESULT
from tally.verify.record import verify_record
from tests.support.readings import NOMINATED, entry
from tests.support.words_record import Written

MARKS = [[7, "王伟"], [1, "王炜"], [1, 2], ["张三"], [1], []]
HONEST = (entry("张三", "written"), entry("王伟", 7), entry("王炜", 6))
SHORT = HONEST[:2]
STRANGE = (*HONEST[:2], entry("王炜", 6), entry("陌生人", "written"))
OTHERWISE = (entry("张三", "invalid"), entry("王伟", 6), entry("王炜", 6))


@cache
def _counted() -> Written:
    return Written(NOMINATED).counted([{"": mark} for mark in MARKS])


def record(*readings, said=HONEST):
    """A record whose ledger has these readings, and whose result was made as ``said``."""
    one = _counted().copy()
    for entries in readings:
        one.sim.act("reading", **one.body(*entries))
    return one.closed(*said)


def failures(files):
    report = verify_record(files, workers=1)
    failed = [one.finding for one in report.checked if one.finding.status == "failed"]
    return {one.check: one.error.code for one in failed}, report


def test_a_record_is_counted_as_the_scrutineers_read_it():
    files = record(OTHERWISE, HONEST)
    found, report = failures(files)
    assert found == {}
    report.require_valid()
    (one,) = json.loads(files[RESULT])["rounds"]
    assert one["items"][0]["counts"][""] == {
        "numbers": {"1": 3, "2": 1, "6": 1, "7": 1},
        "none": 1,
        "invalid": 0,
        "texts": [{"text": "张三", "votes": 1}],
    }


@pytest.mark.parametrize(
    ("readings", "said", "wanted"),
    [
        ([], HONEST, {"V19": "reading-missing", "V20": "reading-missing"}),
        ([SHORT], HONEST, {"V19": "reading-mismatch", "V20": "reading-mismatch"}),
        ([STRANGE], HONEST, {"V19": "reading-mismatch", "V20": "reading-mismatch"}),
        ([STRANGE, HONEST], HONEST, {"V19": "reading-mismatch"}),
        ([HONEST], OTHERWISE, {"V19": "result-differs", "V20": "certify-outcome"}),
    ],
    ids=["nobody read", "one left out", "one that nobody wrote", "an earlier one", "as not read"],
)
def test_a_record_that_was_not_read_or_not_counted_so_is_found_out(readings, said, wanted):
    assert failures(record(*readings, said=said))[0] == wanted
