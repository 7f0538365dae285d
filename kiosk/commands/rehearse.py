"""``piaojue rehearse MEETING``: play a whole meeting, and leave a verified record."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.draft import DRAFT, RULES, load
from kiosk.rehearsal.account import tell
from kiosk.rehearsal.play import Play
from tally.record.pack import unpack
from voting.errors import InputError
from voting.words import say

if TYPE_CHECKING:
    from voting.words import Lang

_OURS: Final = ("record", "record.zip", "forms-to-sign.pdf", "tickets-*.pdf")
"""What an earlier rehearsal left in its folder; nothing else is ever removed."""


@click.command("rehearse", help=both_paragraphs("rehearse.help"))
@click.argument("meeting", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help=both("rehearse.help.out")
)
@click.option("--seed", type=int, help=both("rehearse.help.seed"))
@in_language
def rehearse(lang: Lang, meeting: Path, out: Path, seed: int | None) -> int:
    """Play, verify, tell."""
    text, draft = load(meeting)
    _make_room(out)
    started = time.monotonic()

    def progress(step: str, **params: object) -> None:
        line = say(f"rehearse.{step}", lang, **params)
        click.echo(f"[{time.monotonic() - started:5.1f} s] {line}")

    with tempfile.TemporaryDirectory(prefix="piaojue-") as name, ExitStack() as stack:
        private = Path(name)
        (private / "meeting").mkdir(mode=0o700)
        (private / "meeting" / DRAFT).write_text(text, "utf-8")
        own = (meeting if meeting.is_dir() else meeting.parent) / RULES
        if own.is_dir():
            shutil.copytree(own, private / "meeting" / RULES)
        path = Play(draft, private, out, seed, progress, stack).run()
    files = unpack(path.read_bytes())
    for inside, body in files.items():
        target = out / "record" / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    progress("verifying")
    code = _verify(out / "record", lang)
    click.echo("")
    for line in tell(files, lang):
        click.echo(line)
    click.echo("")
    click.echo(say("rehearse.where", lang, record=out / "record", zip=path))
    return code


def _make_room(out: Path) -> None:
    """Make the folder, or clear what an earlier rehearsal left; refuse anybody else's files."""
    if out.exists():
        ours = {path for pattern in _OURS for path in out.glob(pattern)} if out.is_dir() else set()
        if not out.is_dir() or set(out.iterdir()) - ours:
            raise InputError("out-not-ours", path=str(out))
        for path in ours:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    out.mkdir(parents=True, exist_ok=True)


def _verify(record: Path, lang: Lang) -> int:
    """Run the verifier as anybody would, in a process of its own."""
    command = [sys.executable, "-m", "kiosk", "verify", str(record), "--lang", lang]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own program
