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
from tally.record.layout import REPORT
from tally.record.read import read_record
from voting.words import say

if TYPE_CHECKING:
    from voting.words import Lang


@click.command("report", help=both_paragraphs("cli.report.help"))
@click.argument("record", metavar="RECORD", type=click.Path(path_type=Path))
@click.option(
    "--out", metavar="FILE.pdf", type=click.Path(path_type=Path), help=both("cli.report.out")
)
@in_language
def report(lang: Lang, record: Path, out: Path | None) -> int:
    """Typeset the forms of a record."""
    files = read_record(record)
    made = remake_record(files)[REPORT]
    if out is not None:
        write_new(out, made)
        click.echo(say("cli.report.written", lang, path=str(out)))
    same = files.get(REPORT) == made
    click.echo(say("cli.report.same" if same else "cli.report.differs", lang))
    return 0 if same else 1
