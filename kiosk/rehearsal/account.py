"""What happened at a rehearsal, told from the record that it left and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tally.outcome import opened_of
from tally.record.forms import report_data
from tally.record.layout import LEDGER, MEETING, RESULT, archive_path
from voting.crypto.hashing import code_80bits, sha256_hex
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.ledger import decode_ledger
from voting.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tally.report.data import ItemData, RoundData
    from voting.words import Lang


def tell(files: Mapping[str, bytes], lang: Lang) -> Iterator[str]:
    """Return the account line by line.

    Args:
        files: The record's files by path, after they were verified.
    """
    meeting = decode_meeting(files[MEETING])
    lines = decode_ledger(files[LEDGER])
    state = fold(meeting, lines)
    opened = {
        slot: opened_of(files[archive_path(slot)])
        for slot, one in state.rounds.items()
        if one.proofs is not None
    }
    told = replace(meeting, language=lang)  # the forms keep the meeting's own language
    data = report_data(told, lines, opened, files[RESULT])
    yield say("account.title", lang, title=meeting.title, number=meeting.number, date=meeting.date)
    for one in data["rounds"]:
        rule = meeting.rules[state.rounds[one["slot"]].rule]
        words = tuple(say(rule.option_word(one), lang) for one in ("agree", "disagree", "abstain"))
        yield from _round(one, words, lang)
    yield ""
    yield say("account.meeting-code", lang, code=meeting.code)
    yield say("account.result-code", lang, code=code_80bits(sha256_hex(files[RESULT])))


def _round(one: RoundData, options: tuple[str, ...], lang: Lang) -> Iterator[str]:
    yield ""
    yield say("account.round", lang, n=one["n"], slot=one["slot"][:8])
    if one["voters"]:
        yield f"  {say('report.voters', lang, series=one['voters'])}"
    yield say(
        "account.attendance",
        lang,
        due=one["due"],
        present=one["present"],
        leave=one["leave"],
        recused=one["recused"],
        needed=one["needed"],
    )
    yield say(
        "account.tickets",
        lang,
        printed=one["printed"],
        leftover=one["leftover"],
        withdrawn=one["withdrawn"],
        issued=one["issued"],
        returned=one["returned"],
        heads=one["heads"],
        spoiled=one["spoiled"],
    )
    for item in one["items"]:
        yield _item(item, options, lang)
        yield f"     {item['base_text']}"
        if item["note"]:
            yield f"      {item['note']}"


def _item(item: ItemData, options: tuple[str, ...], lang: Lang) -> str:
    names = dict(zip(("yes", "no", "neither"), options, strict=True))
    return say(
        "account.item" if item["agree"] is not None else "account.item-unopened",
        lang,
        **names,
        n=item["n"],
        name=item["name"],
        proposed=item["proposed"] or item["removed"],
        agree=item["agree"],
        disagree=item["disagree"],
        abstain=item["abstain"],
        decision=item["decision_text"],
    )
