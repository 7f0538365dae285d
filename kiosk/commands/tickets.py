"""``piaojue tickets MEETING --out DIR``: the ticket sheets, and the public parts to upload.

Best run on a machine that is not the server, and that prints: then the server never held what
could vote for a silent member. Tokens are drawn here, typeset and forgotten; the sheets are the
only place where they are, so their files can be read by nobody else.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.tickets import make_tickets
from kiosk.files import write_new
from voting.errors import InputError
from voting.meeting.frozen import MAX_BYTES, decode_meeting
from voting.words import say

if TYPE_CHECKING:
    from voting.meeting.frozen import Meeting
    from voting.words import Lang

MEETING: Final = "meeting.json"
PUBLIC: Final = "public.json"


@click.command("tickets", help=both_paragraphs("cli.tickets.help"))
@click.argument("meeting", metavar="MEETING")
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help=both("cli.tickets.out"),
)
@click.option("--count", type=int, help=both("cli.tickets.count"))
@click.option("--fingerprint", help=both("help.fingerprint"))
@in_language
def tickets(lang: Lang, meeting: str, out: Path, count: int | None, fingerprint: str | None) -> int:
    """Make every series of a frozen meeting."""
    frozen = decode_meeting(_source(meeting, fingerprint))
    printed = sum(one.printed for one in frozen.series.values())
    if count is not None and count != printed:
        raise InputError("ticket-count", printed=printed, count=count)
    _make(frozen, out, lang)
    return 0


def _make(meeting: Meeting, out: Path, lang: Lang) -> None:
    paths = {series: out / f"tickets-{series}.pdf" for series in meeting.series}
    for path in (*paths.values(), out / PUBLIC):
        if path.exists():
            raise InputError("file-exists", path=str(path))
    click.echo(say("cli.tickets.meeting", lang, title=meeting.title, code=meeting.code))
    made = make_tickets(meeting, rand=secrets.token_bytes)
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as e:
        raise InputError("path-unwritable", path=str(out)) from e
    for series, path in paths.items():
        write_new(path, made.sheets[series])
        number = meeting.series[series].printed
        click.echo(say("cli.tickets.sheet", lang, path=str(path), series=series, count=number))
    write_new(out / PUBLIC, made.public)
    click.echo(say("cli.tickets.public", lang, path=str(out / PUBLIC)))


def _source(meeting: str, fingerprint: str | None) -> bytes:
    """Return ``meeting.json`` from a server, a folder or a file."""
    if meeting.startswith(("http://", "https://")):
        from kiosk.device.client import connect

        client = connect(meeting, fingerprint=fingerprint)
        try:
            return client.get_bytes("/api/meeting")
        finally:
            client.close()
    path = Path(meeting)
    if path.is_dir():
        path /= MEETING
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
