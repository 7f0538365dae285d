"""``piaojue minutes RECORD --names FOLDER``: the named minutes, held against the record's ledger.

What names people lies in the meeting's folder and never in the record. The ledger has a digest of
every line of it, so nothing can be changed, left out or added afterwards; that is what this command
looks up before it writes form F19 for chair and recorder to sign.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.files import write_new
from tally.record.layout import LEDGER, MEETING, RESULT
from tally.record.read import read_record
from tally.report.minutes import minutes_sections, minutes_text, typeset_minutes
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import InputError
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.meeting.minutes import decode_minutes_line, verify_minutes
from voting.meeting.roll import decode_roll, verify_roll
from voting.words import say

if TYPE_CHECKING:
    from voting.words import Lang

_PATH: Final = click.Path(path_type=Path)
ROLL: Final = "roll.jsonl"
MINUTES: Final = "minutes.jsonl"


@click.command("minutes", help=both_paragraphs("cli.minutes.help"))
@click.argument("record", metavar="RECORD", type=_PATH)
@click.option(
    "--names", required=True, metavar="FOLDER", type=_PATH, help=both("cli.minutes.names")
)
@click.option("--pdf", metavar="FILE", type=_PATH, help=both("cli.minutes.pdf"))
@in_language
def minutes(lang: Lang, record: Path, names: Path, pdf: Path | None) -> int:
    """Print the minutes, and typeset them."""
    files = read_record(record)
    if any(name not in files for name in (MEETING, LEDGER, RESULT)):
        raise InputError("not-a-record", path=str(record))
    meeting, lines = decode_meeting(files[MEETING]), decode_ledger(files[LEDGER])
    roll = decode_roll(_bytes(names / ROLL))
    verify_roll(meeting, roll)
    raw = _bytes(names / MINUTES).split(b"\n")[:-1]
    verify_minutes(lines, raw)
    told = [decode_minutes_line(one) for one in raw]
    sections = minutes_sections(meeting, lines, roll, told, lang)
    if pdf is not None:
        code = code_80bits(sha256_hex(files[RESULT]))
        write_new(pdf, typeset_minutes(meeting, sections, code, lang))
    click.echo(say("minutes.title", lang, body=meeting.body))
    for line in minutes_text(sections, lang):
        click.echo(line)
    click.echo(say("cli.minutes.same", lang, lines=len(told)))
    return 0


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
