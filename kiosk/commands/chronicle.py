"""``piaojue chronicle RECORD --item N``: 全程纪实表 (F20), how one item came to its decision.

The record and every earlier one that its gates lead to are verified whole before a number is
taken from any of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.opened import read_shelf
from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.files import write_new
from tally.record.chronicle import chronicle as make_chronicle
from tally.record.layout import RESULT
from tally.record.read import read_record
from tally.report.chronicle import chronicle_text, typeset_chronicle
from voting.crypto.hashing import sha256_hex
from voting.errors import InputError, VerificationError
from voting.words import harmless, say

if TYPE_CHECKING:
    from tally.verify.earlier import Shelf
    from voting.words import Lang

_PATH: Final = click.Path(path_type=Path)


@click.command("chronicle", help=both_paragraphs("cli.chronicle.help"))
@click.argument("record", metavar="RECORD", type=_PATH)
@click.option(
    "--item",
    "number",
    metavar="N",
    required=True,
    type=click.IntRange(1),
    help=both("cli.chronicle.item"),
)
@click.option(
    "--earlier", metavar="PATH", multiple=True, type=_PATH, help=both("cli.chronicle.earlier")
)
@click.option("--pdf", metavar="FILE", type=_PATH, help=both("cli.chronicle.pdf"))
@in_language
def chronicle(
    lang: Lang, record: Path, number: int, earlier: tuple[Path, ...], pdf: Path | None
) -> int:
    """Print the sheet, and typeset it."""
    files = read_record(record)
    if RESULT not in files:
        raise InputError("not-a-record", path=str(record))
    digest = sha256_hex(files[RESULT])
    shelf = read_shelf((record, *earlier))
    click.echo(say("cli.chronicle.verifying", lang), err=True)
    _verify(shelf, record, digest)
    verified = shelf.verified()
    sheet = make_chronicle(verified, digest, number, lang)
    if pdf is not None:
        write_new(pdf, typeset_chronicle(sheet, lang))
    for line in chronicle_text(sheet, lang):
        click.echo(harmless(line))
    click.echo(say("cli.chronicle.verified", lang, records=len(verified)))
    return 0


def _verify(shelf: Shelf, record: Path, digest: str) -> None:
    """Verify a record and all that it leads to. Raises VerificationError, with the path."""
    try:
        shelf.meeting(digest)
    except VerificationError as e:
        if e.code == "earlier-invalid" and e.params["path"] == str(record):
            raise VerificationError("record-invalid", path=str(record)) from e
        raise
