"""``piaojue verify PATH``: a record's folder or zip, or a bare ``.bel`` at any stage.

The fingerprints come first, because a record that verifies may still be another one than the one
signed by hand in the room. Then every check with its number, then the verdict. Exit codes: 0
valid, 1 not valid, unsigned, or not what ``--expect`` names, 2 it could not be read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kiosk.commands.opened import doubts_beside, is_archive, mapped, normal, read_note, read_shelf
from kiosk.commands.progress import progress_bar
from kiosk.commands.shared import both, both_paragraphs, in_language
from tally.record.doubt import verify_doubt
from tally.record.layout import RESULT
from tally.record.read import read_record
from tally.verify.archive import verify_archive
from tally.verify.earlier import Shelf, check_earlier
from tally.verify.findings import Finding, run_check
from tally.verify.record import RecordVerifier
from tally.verify.verdict import WHOLE, Checked
from voting.crypto.hashing import code_80bits
from voting.errors import InputError, VerificationError
from voting.meeting.state import ENDS, RoundState
from voting.words import explain, harmless, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.commands.progress import Progress
    from tally.verify.archive import ArchiveReport
    from tally.verify.verdict import RecordReport
    from voting.meeting.frozen import Meeting
    from voting.words import Lang

_PATH: Final = click.Path(path_type=Path)
_MARKS: Final = {"passed": "✓", "failed": "✗", "not-run": "–"}
_ENDED: Final = ENDS | {RoundState.COUNTED}


@dataclass(slots=True)
class Outcome:
    """What is shown. ``fingerprints``: by name, the SHA-256 in hex, None where there is none."""

    kind: str
    fingerprints: dict[str, str | None]
    checked: list[Checked] = field(default_factory=list)
    valid: bool = False
    stage: str | None = None
    ballots: int | None = None
    remarks: tuple[Any, ...] = ()
    expected: bool | None = None
    doubts: list[dict[str, Any]] = field(default_factory=list)
    stray: list[dict[str, str]] = field(default_factory=list)
    alone: bool = False
    meeting: Meeting | None = None


@click.command("verify", help=both_paragraphs("cli.verify.help"))
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help=both("cli.verify.json"))
@click.option("--expect", metavar="FINGERPRINT", help=both("cli.verify.expect"))
@click.option(
    "--earlier", metavar="PATH", multiple=True, type=_PATH, help=both("cli.verify.earlier")
)
@click.option("--doubt", metavar="NOTE", multiple=True, type=_PATH, help=both("cli.verify.doubt"))
@in_language
def verify(
    lang: Lang,
    path: Path,
    expect: str | None,
    earlier: tuple[Path, ...],
    doubt: tuple[Path, ...],
    *,
    as_json: bool,
) -> int:
    """Verify what lies at PATH."""
    wanted = None if expect is None else normal(expect)
    shelf = read_shelf(earlier)
    with progress_bar(lang) as progress:
        outcome = _outcome(path, wanted, lang, progress, shelf, as_json=as_json)
    if outcome.kind == "record":
        _doubts(path, outcome, doubt, lang)
    if as_json:
        click.echo(json.dumps(_as_json(outcome, path, lang), ensure_ascii=False))
    else:
        _show_end(outcome, lang)
    return 0 if outcome.valid and outcome.expected is not False else 1


# --- running -------------------------------------------------------------------------------------


def _outcome(
    path: Path, wanted: str | None, lang: Lang, progress: Progress, shelf: Shelf, *, as_json: bool
) -> Outcome:
    if is_archive(path):
        return _archive(path, wanted, lang, progress, as_json=as_json)
    try:
        files = read_record(path)
    except VerificationError as e:
        outcome = Outcome("record", {"meeting": None, "result": None})
        outcome.checked = [Checked(Finding("V1", e))]
        outcome.checked += [Checked(Finding(check, ran=False)) for check in WHOLE[1:]]
        _begin(outcome, wanted, lang, as_json=as_json)
        _each(outcome.checked, lang, as_json=as_json)
        return outcome
    verifier = RecordVerifier(files, progress=progress)
    outcome = Outcome("record", {"meeting": verifier.fingerprint, "result": verifier.result})
    _begin(outcome, wanted, lang, as_json=as_json)
    outcome.checked = _each(verifier.findings(), lang, as_json=as_json, verifier=verifier)
    report = verifier.report(tuple(outcome.checked))
    agreed = any(_passed(one, "V19") for one in outcome.checked)
    chain = _chain(verifier, shelf) if agreed else Finding("V22", ran=False)
    outcome.checked += _each([Checked(chain)], lang, as_json=as_json)
    outcome.remarks = report.remarks
    outcome.valid = _holds(report) and chain.status == "passed"
    outcome.alone = _holds(report) and _missing(chain)
    outcome.meeting = verifier.meeting
    return outcome


def _chain(verifier: RecordVerifier, shelf: Shelf) -> Finding:
    """Run V22: gates, and the earlier records that they refer to.

    The record's own result is as V19 makes it: motions of the same meeting are looked up in it.
    """
    meeting, own = verifier.meeting, verifier.files.get(RESULT)
    if meeting is None or own is None:
        return Finding("V22", ran=False)
    items = meeting.items.values()
    return run_check("V22", lambda: check_earlier(meeting, items, shelf, own=own))


def _passed(one: Checked, check: str) -> bool:
    return (one.finding.check, one.finding.status) == (check, "passed")


def _missing(chain: Finding) -> bool:
    return chain.error is not None and chain.error.code == "earlier-missing"


def _doubts(path: Path, outcome: Outcome, named: tuple[Path, ...], lang: Lang) -> None:
    """Note what was doubted of this record; it changes no verdict.

    A note that was asked about must be right; one that merely lies beside the record, where anybody
    may have put it, is called stray when it is not.

    Raises FormatError or VerificationError for a note of ``named`` that is not signed as it must.
    """
    result = outcome.fingerprints["result"]
    if outcome.meeting is None or result is None:
        return
    asked = [one.resolve() for one in named]
    for file in dict.fromkeys((*doubts_beside(path), *asked)):
        try:
            doubt, signers = verify_doubt(read_note(file), outcome.meeting, result)
        except (InputError, VerificationError) as e:
            if file in asked:
                raise
            outcome.stray.append({"file": file.name, "reason": explain(e, lang)})
            continue
        said = {"file": file.name, **dataclasses.asdict(doubt), "signers": list(signers)}
        outcome.doubts.append(said)


def _archive(
    path: Path, wanted: str | None, lang: Lang, progress: Progress, *, as_json: bool
) -> Outcome:
    with mapped(path) as data:
        report = verify_archive(data, progress=lambda done, total: progress("", done, total))
        digest = hashlib.sha256(data).hexdigest()
    outcome = Outcome("archive", {"archive": digest})
    outcome.stage, outcome.ballots = report.stage, report.ballots
    outcome.valid = _holds(report)
    _begin(outcome, wanted, lang, as_json=as_json)
    if not as_json and report.fingerprint is not None:
        click.echo(say("cli.verify.phi", lang, phi=report.fingerprint))
    outcome.checked = _each((Checked(one) for one in report.findings), lang, as_json=as_json)
    return outcome


def _holds(report: RecordReport | ArchiveReport) -> bool:
    try:
        report.require_valid()
    except VerificationError:
        return False
    return True


# --- fingerprints --------------------------------------------------------------------------------


def _begin(outcome: Outcome, wanted: str | None, lang: Lang, *, as_json: bool) -> None:
    known = [digest for digest in outcome.fingerprints.values() if digest is not None]
    if wanted is not None:
        codes = {code_80bits(digest).replace(" ", "") for digest in known}
        outcome.expected = wanted in codes.union(known)
    if as_json:
        return
    click.echo(say("cli.verify.compare", lang))
    for name, digest in outcome.fingerprints.items():
        shown = "—" if digest is None else code_80bits(digest)
        click.echo(f"  {say(f'cli.verify.fingerprint.{name}', lang)}  {shown}")
    if outcome.expected is not None:
        click.echo(say(f"cli.verify.{'same' if outcome.expected else 'other'}", lang))


# --- showing -------------------------------------------------------------------------------------


def _each(
    checked: Iterable[Checked],
    lang: Lang,
    *,
    as_json: bool,
    verifier: RecordVerifier | None = None,
) -> list[Checked]:
    """Show each finding as soon as it is there, and keep it."""
    kept: list[Checked] = []
    for one in checked:
        if not as_json:
            if one.slot and (not kept or kept[-1].slot != one.slot):
                _print(_slot_line(one.slot, verifier, lang))
            _show(one, lang)
        kept.append(one)
    return kept


def _slot_line(slot: str, verifier: RecordVerifier | None, lang: Lang) -> str:
    """Head a slot's findings, with how its round ended where the ledger says so."""
    state = None if verifier is None else verifier.state
    if state is None or slot not in state.rounds or state.rounds[slot].state not in _ENDED:
        return say("cli.verify.slot", lang, slot=slot)
    ended = say(f"report.state-{state.rounds[slot].state}", lang)
    return say("cli.verify.slot-state", lang, slot=slot, state=ended)


def _print(text: str) -> None:
    """Print a line that may hold a stranger's words."""
    click.echo(harmless(text))


def _show(one: Checked, lang: Lang) -> None:
    finding = one.finding
    status = say(f"check.status.{finding.status}", lang)
    indent = "    " if one.slot else "  "
    mark = _MARKS[finding.status]
    _print(f"{indent}{mark} {finding.check:<4}{say(finding.title_id, lang)}  {status}")
    if finding.error is not None:
        place = f"[{finding.place}] " if finding.place else ""
        _print(f"{indent}       {place}{explain(finding.error, lang)}")


def _show_end(outcome: Outcome, lang: Lang) -> None:
    for remark in outcome.remarks:
        _print(say("cli.verify.remark", lang, text=remark.text(lang)))
    if outcome.stage is not None:
        stage = say(f"stage.{outcome.stage}", lang)
        click.echo(say("cli.verify.stage", lang, stage=stage, ballots=outcome.ballots))
    for one in outcome.doubts:
        facts = {key: one[key] for key in ("item", "date", "reason", "signers")}
        matter = say(f"doubt.matter.{one['matter']}", lang)
        _print(say("cli.verify.doubted", lang, matter=matter, **facts))
    for stray in outcome.stray:
        _print(say("cli.verify.stray", lang, **stray))
    failed = list(dict.fromkeys(_failed(outcome)))
    if outcome.alone:
        click.echo(say("cli.verify.alone", lang))
    elif not outcome.valid:
        click.echo(say("cli.verify.invalid", lang, checks=failed))
    elif outcome.expected is False:
        click.echo(say("cli.verify.valid-other", lang))
    else:
        click.echo(say(f"cli.verify.valid.{outcome.kind}", lang))


def _failed(outcome: Outcome) -> list[str]:
    failed = [one.finding.check for one in outcome.checked if one.finding.status == "failed"]
    return failed or [one.finding.check for one in outcome.checked if not one.finding.ran]


def _as_json(outcome: Outcome, path: Path, lang: Lang) -> dict[str, object]:
    return {
        "path": str(path),
        "kind": outcome.kind,
        "valid": outcome.valid,
        "expected": outcome.expected,
        "fingerprints": {
            name: None if digest is None else {"code": code_80bits(digest), "sha256": digest}
            for name, digest in outcome.fingerprints.items()
        },
        "stage": outcome.stage,
        "ballots": outcome.ballots,
        "checks": [_finding_json(one, lang) for one in outcome.checked],
        "remarks": [remark.text(lang) for remark in outcome.remarks],
        "doubts": outcome.doubts,
        "stray": outcome.stray,
    }


def _finding_json(one: Checked, lang: Lang) -> dict[str, object]:
    finding, error = one.finding, one.finding.error
    return {
        "check": finding.check,
        "title": say(finding.title_id, lang),
        "slot": one.slot or None,
        "status": finding.status,
        "code": None if error is None else error.code,
        "place": finding.place or None,
        "reason": None if error is None else explain(error, lang),
    }
