"""``piaojue nominate FORM.toml``: check a signed nomination, sign it, print it.

Prints the digest that an item's gate ``nominated`` names. The form has nothing to do with a ballot
and is read by no other command.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kiosk.commands.shared import both, both_paragraphs, in_language
from kiosk.device.keyfile import KeyFile
from kiosk.device.talk import TerminalTalk
from kiosk.draft import RULES
from kiosk.files import write_new
from voting.crypto.hashing import code_80bits
from voting.errors import DraftError, InputError
from voting.meeting.keys import public_key
from voting.meeting.named import BOOK, check_page, read_nomination
from voting.rules import list_rules, load_rule, read_own
from voting.words import say

if TYPE_CHECKING:
    from voting.meeting.named import Nomination
    from voting.rules import Rule
    from voting.words import Lang

_PATH: Final = click.Path(path_type=Path)


@click.command("nominate", help=both_paragraphs("cli.nominate.help"))
@click.argument("form", metavar="FORM.toml", type=_PATH)
@click.option("--pdf", metavar="FILE", type=_PATH, help=both("cli.nominate.pdf"))
@click.option("--sign", "key", metavar="KEYFILE", type=_PATH, help=both("cli.nominate.sign"))
@click.option("--page", metavar="SCAN", type=_PATH, help=both("cli.nominate.page"))
@click.option("--rule", "rule_id", metavar="ID", default=BOOK, help=both("cli.nominate.rule"))
@in_language
def nominate(
    lang: Lang, form: Path, pdf: Path | None, key: Path | None, page: Path | None, rule_id: str
) -> int:
    """Check a form, and sign, compare or print it."""
    text = _text(form)
    read = read_nomination(text, signed=pdf is None and key is None, rule=_rule(form, rule_id))
    if page is not None:
        check_page(read, _bytes(page))
    if key is not None:
        _sign(read, key, lang)
        return 0
    if pdf is not None:
        from tally.report.nomination import typeset_nomination

        write_new(pdf, typeset_nomination(read, lang))
        click.echo(say("cli.nominate.printed", lang, path=str(pdf)))
    if read.signature is None:
        click.echo(say("cli.nominate.unsigned", lang))
    else:
        code = code_80bits(read.digest)
        click.echo(say("cli.nominate.digest", lang, digest=read.digest, code=code))
    return 0


def _rule(form: Path, rule_id: str) -> Rule:
    """Return a rule of the book, or of the folder ``rules`` beside the form."""
    own = read_own(form.parent / RULES)
    rule = load_rule(rule_id, "--rule", own)
    if rule.votes:
        allowed = [one.id for one in (*list_rules(), *own.values()) if not one.votes]
        raise DraftError("rule-bad-value", "--rule", allowed=allowed)
    return rule


def _sign(form: Nomination, path: Path, lang: Lang) -> None:
    """Print the lines that sign the form; the key is made at its first use."""
    from nacl.signing import SigningKey

    new = not path.exists()
    passphrase = TerminalTalk(lang).passphrase(new=new)
    if new:
        file = KeyFile.create([path], passphrase, secrets.token_bytes(32))
    else:
        file = KeyFile.open([path], passphrase, hold=False)
    if len(file.payload) != 32:
        raise InputError("nominate-key")
    signature = SigningKey(file.payload).sign(form.signing_bytes).signature
    click.echo(say("cli.nominate.append", lang))
    click.echo(f'[signature]\nkey = "{public_key(file.payload)}"\nsignature = "{signature.hex()}"')


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError as e:
        raise DraftError("not-utf8", path.name) from e


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise InputError("path-unreadable", path=str(path)) from e
