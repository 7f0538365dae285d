"""``piaojue doubt RECORD``: mark an item 程序存疑 in a signed note beside the record.

One officer writes the note and signs it on his own device; another, of another role, adds his
signature to it (``--add``). Nothing of the record is touched, and nothing is decided again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.opened import read_note
from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.keys import DeviceKeys
from kiosk.device.seen import OfficerKeys
from kiosk.device.talk import TerminalTalk
from kiosk.files import write_new
from tally.record.doubt import MATTERS, Doubt, check_item, doubt_text, enough, parse_doubt
from tally.record.layout import MEETING, RESULT, note_signers
from tally.record.read import read_record
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.errors import InputError, RefusedError, VerificationError
from voting.meeting.frozen import decode_meeting
from voting.protocol.note import encode_note, parse_note, public_note_key, sign_note, verify_note
from voting.words import say

if TYPE_CHECKING:
    import datetime as dt

    from voting.meeting.frozen import Meeting
    from voting.protocol.note import NoteSignature
    from voting.words import Lang

_PATH: Final = click.Path(path_type=Path)


@click.command("doubt", help=both_paragraphs("cli.doubt.help"))
@click.argument("record", metavar="RECORD", type=_PATH)
@click.option("--key", required=True, type=_PATH, help=both("help.key"))
@click.option("--officer", required=True, metavar="ID", help=both("cli.doubt.officer"))
@click.option("--out", required=True, metavar="NOTE", type=_PATH, help=both("cli.doubt.out"))
@click.option("--item", metavar="ID", help=both("cli.doubt.item"))
@click.option(
    "--matter", type=click.Choice(MATTERS), default="recusal", help=both("cli.doubt.matter")
)
@click.option("--reason", metavar="TEXT", help=both("cli.doubt.reason"))
@click.option(
    "--date", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help=both("cli.doubt.date")
)
@click.option("--paper", metavar="SHA256", default="-", help=both("cli.doubt.paper"))
@click.option("--add", metavar="NOTE", type=_PATH, help=both("cli.doubt.add"))
@in_language
def doubt(
    lang: Lang,
    record: Path,
    key: Path,
    officer: str,
    out: Path,
    item: str | None,
    matter: str,
    reason: str | None,
    date: dt.datetime | None,
    paper: str,
    add: Path | None,
) -> int:
    """Write or countersign a note of doubt."""
    files = read_record(record)
    if MEETING not in files or RESULT not in files:
        raise InputError("not-a-record", path=str(record))
    meeting, result = decode_meeting(files[MEETING]), sha256_hex(files[RESULT])
    if add is None:
        if item is None or reason is None or date is None:
            raise InputError("doubt-incomplete")
        day = date.date().isoformat()
        made = Doubt(result, item, matter, day, paper, reason.strip())  # type: ignore[arg-type]
        before: tuple[NoteSignature, ...] = ()
    else:
        note = parse_note(read_note(add), "doubt")
        made, before = parse_doubt(note.text), note.signatures
        verify_note(note, note_signers(meeting))
        if made.result != result:
            raise VerificationError("doubt-other-record", code=code_80bits(made.result))
    check_item(made, meeting)
    if any(one.name == officer for one in before):
        raise RefusedError("doubt-signed", officer=officer)
    text = doubt_text(made)
    click.echo(text, nl=False)
    signed = (*before, sign_note(text, officer, _seed(meeting, officer, key, lang)))
    write_new(out, encode_note(text, signed))
    click.echo(say("cli.doubt.written", lang, path=str(out)))
    if not enough(meeting, [one.name for one in signed]):
        click.echo(say("cli.doubt.one-more", lang))
    return 0


def _seed(meeting: Meeting, officer: str, key: Path, lang: Lang) -> bytes:
    """Return the officer's seed out of his device's key file, if it is his key."""
    known = note_signers(meeting)
    if officer not in known:
        raise RefusedError("doubt-no-key", officer=officer)
    keys = DeviceKeys.open([key], TerminalTalk(lang).passphrase(new=False), hold=False)
    seed = OfficerKeys.decode(keys.held).seed
    if seed is None or public_note_key(seed) != known[officer]:
        raise RefusedError("doubt-other-key", officer=officer)
    return seed
