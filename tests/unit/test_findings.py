"""The verdict: every needed check passed, and no other failed."""

from __future__ import annotations

import pytest

from tally.verify.archive import ArchiveReport
from tally.verify.findings import CHECKS, CheckError, Finding, require_valid, run_check
from voting.errors import FormatError, UnavailableError, UnsupportedError, VerificationError
from voting.words import LANGS, say

PASSED, NOT_RUN = Finding("V6"), Finding("V6", ran=False)
FAILED = Finding("V7", VerificationError("x"))


def raising(error):
    def body():
        raise error

    return body


def test_all_needed_checks_passed_is_valid():
    require_valid([PASSED, Finding("V16", ran=False)], ["V6"])


@pytest.mark.parametrize(
    ("findings", "wrong"),
    [([], ["V6"]), ([NOT_RUN], ["V6"]), ([Finding("V8")], ["V6"]), ([PASSED, FAILED], ["V7"])],
    ids=["nothing", "not run", "another check", "a check beside the needed ones failed"],
)
def test_anything_else_is_not(findings, wrong):
    with pytest.raises(VerificationError) as e:
        require_valid(findings, ["V6"])

    assert (e.value.code, e.value.params) == ("not-valid", {"checks": wrong})


def test_the_first_fault_is_the_cause():
    with pytest.raises(VerificationError) as e:
        require_valid([FAILED, Finding("V8", VerificationError("y"))], ["V7"])

    assert e.value.__cause__ is FAILED.error


@pytest.mark.parametrize("stage", [None, "open", "closed", "tallied", "decrypting", "result"])
def test_a_report_without_findings_is_never_valid(stage):
    with pytest.raises(VerificationError):
        ArchiveReport(stage, 0, ()).require_valid()


def test_a_result_is_not_valid_by_the_checks_of_an_open_archive():
    findings = tuple(Finding(check) for check in ("V6", "V7", "V8", "V9", "V10", "V11"))

    ArchiveReport("open", 0, findings).require_valid()
    with pytest.raises(VerificationError) as e:
        ArchiveReport("result", 0, findings).require_valid()
    assert e.value.params == {"checks": ["V12", "V13", "V14", "V16"]}


def test_an_error_becomes_a_finding_with_its_place():
    error = VerificationError("x")

    assert run_check("V6", lambda: None) == Finding("V6")
    assert run_check("V6", raising(FormatError("a.b", "w"))).place == "a.b"
    assert run_check("V6", raising(CheckError("ballots[3]", error))) == Finding(
        "V6", error, "ballots[3]"
    )


@pytest.mark.parametrize(
    "error", [UnsupportedError(kind="Lists"), UnavailableError("x"), KeyError("fault")]
)
def test_what_is_no_verdict_is_not_a_finding(error):
    with pytest.raises(type(error)):
        run_check("V6", raising(error))


@pytest.mark.parametrize("lang", LANGS)
def test_every_check_has_a_name(lang):
    assert len({say(Finding(check).title_id, lang) for check in CHECKS}) == len(CHECKS) == 21
