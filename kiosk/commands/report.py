"""``piaojue report RECORD``: typeset the forms again, and compare them with the record's own.

It verifies nothing else. Another version of the typesetter or the fonts may set the same words
differently; then the comparison says so and the record is no less valid.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.files import write_new
from tally.record.contents import remake_record
from tally.record.layout import LEDGER, MEETING, REPORT, RESULT
from tally.record.read import read_record
from voting.errors import InputError
from voting.words import say

if TYPE_CHECKING:
    from voting.words import Lang


@click.command("report", help=both_paragraphs("cli.report.help"))
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@click.option(
    "--out", metavar="FILE.pdf", type=click.Path(path_type=Path), help=both("cli.report.out")
)
@click.option("--subject", metavar="NAME", help=both("cli.report.subject"))
@in_language
def report(lang: Lang, record: Path, out: Path | None, subject: str | None) -> int:
    """Typeset the forms of a record, or one person's part of an assessment."""
    if subject is not None:
        return _extract(lang, record, subject, out)
    files = read_record(record)
    made = remake_record(files)[REPORT]
    if out is not None:
        write_new(out, made)
        click.echo(say("cli.report.written", lang, path=str(out)))
    same = files.get(REPORT) == made
    click.echo(say("cli.report.same" if same else "cli.report.differs", lang))
    return 0 if same else 1


def _extract(lang: Lang, record: Path, subject: str, out: Path | None) -> int:
    """Write what the record says of one person whom it assesses."""
    from tally.record.extract import extract_report

    if out is None:
        raise InputError("extract-without-out")
    files = read_record(record)
    if not {MEETING, LEDGER, RESULT} <= files.keys():
        raise InputError("not-a-record", path=str(record))
    write_new(out, extract_report(files, subject))
    click.echo(say("cli.report.extracted", lang, path=str(out), name=subject))
    return 0
