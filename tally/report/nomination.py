"""领导干部署名推荐表 (F12), typeset from a form that was read; it is no ballot and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tally.report.typeset import compile_pdf
from voting.crypto.hashing import code_80bits
from voting.words import say

if TYPE_CHECKING:
    from voting.meeting.named import Nomination
    from voting.words import Lang

_ROWS: Final = (
    ("proposer", "date"),
    ("nominator", "nominator_post"),
    ("nominee", "nominee_current"),
    ("post", "relation"),
)
_TEXTS: Final = ("reasons", "strengths", "weaknesses")


def typeset_nomination(form: Nomination, lang: Lang = "zh") -> bytes:
    """Return the form as one PDF/A-2u, with a line for the signature where none is yet.

    Raises DraftError for a character that no font has.
    """
    return compile_pdf("nomination", _data(form, lang), date=form.date, tagged=True)


def _data(form: Nomination, lang: Lang) -> dict[str, object]:
    said = {name: getattr(form, name) for pair in _ROWS for name in pair}
    said["proposer"] = say(f"nominate.proposer.{form.proposer}", lang)
    kin = say(f"nominate.kin.{form.relation}", lang)
    said["relation"] = f"{kin} {form.relation_note}".strip()
    by = form.signature
    way = "to-sign" if by is None else "by-pen" if by.key is None else "by-key"
    return {
        "title": say("nominate.title", lang),
        "lang": lang,
        "rows": [
            [part for name in pair for part in (say(f"nominate.{name}", lang), said[name])]
            for pair in _ROWS
        ],
        "texts": [[say(f"nominate.{name}", lang), getattr(form, name)] for name in _TEXTS],
        "signature": say("nominate.signature", lang),
        "way": say(f"nominate.{way}", lang),
        "code": "" if by is None else f"{say('nominate.code', lang)} {code_80bits(form.digest)}",
        "note": say("nominate.no-ballot", lang),
    }
