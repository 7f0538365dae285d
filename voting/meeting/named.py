"""署名推荐 (F12): a named form, apart from every ballot. It says who recommends whom, and why.

The form is strict: every field is there, the relation is declared even when it is none, and a
reason that says no more than 工作需要 is refused: relations and stock phrases are those of the rule
(``relations``, ``thin-reasons``). It is signed by its author's Ed25519 key over the
bytes below, or by pen on a page whose scan it names by digest. Its own digest goes into a meeting
as the gate ``nominated``; the form itself goes into no meeting, no ledger and no record of a
secret vote (署名 and 无记名 must not meet). Format: docs/spec/nomination.md.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from voting.errors import DraftError, VerificationError
from voting.meeting.keys import check_key
from voting.meeting.table import Table
from voting.protocol import codec
from voting.protocol.note import verify_signature
from voting.rules import load_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voting.rules import Rule

PREFIX: Final = b"piaojue/nomination/1\n"
Proposer = Literal["person", "leader", "unit", "organisation"]
PROPOSERS: Final[tuple[Proposer, ...]] = get_args(Proposer)
"""个人、领导干部、单位党组织、组织; what a secretary names counts as 组织 (working papers)."""
BOOK: Final = "named-nomination"
"""The rule of the book; an institution's own says other phrases and fewer relations."""
LEAST: Final = 10
"""Characters of a reason beside the stock phrases."""

_LEAD: Final = (
    "(?:根据|因为|由于|出于|鉴于|考虑到|为了|按照|确因|确属|属于|纯属|是|因|为|系)?"
    "(?:当前|目前|实际|班子|组织|岗位|干部队伍|事业|现实|本单位)*(?:的)?"
)
"""What stands before a stock phrase of the rule and says no more than it."""
_FRAME: Final = re.compile(
    "经?(?:集体|认真|慎重)?(?:研究|考虑|酝酿)(?:决定)?|综合考虑|特此|现将?|拟|同意|推荐|提名|"
    "该?同志|本人|担任|出任|任(?=职|$)|人选|职务|职位|一职|适合|符合|胜任|条件"
)
"""What every nomination says of everybody, and so no reason."""
_HEX64: Final = re.compile(r"[0-9a-f]{64}")
_HEX128: Final = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Signature:
    """By key: ``key`` and ``signature`` in hex; by pen: ``page``, SHA-256 of the scan, in hex."""

    key: str | None
    signature: str | None
    page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """A form. ``signature`` is None only while it is still to be signed."""

    proposer: Proposer
    date: str
    post: str
    nominator: str
    nominator_post: str
    nominee: str
    nominee_current: str
    relation: str
    relation_note: str
    reasons: str
    strengths: str
    weaknesses: str
    signature: Signature | None

    def to_json(self) -> dict[str, object]:
        """Return what is signed, in this order."""
        return {
            "version": 1,
            "proposer": self.proposer,
            "date": self.date,
            "post": self.post,
            "nominator": {"name": self.nominator, "post": self.nominator_post},
            "nominee": {"name": self.nominee, "current": self.nominee_current},
            "relation": {"kin": self.relation, "note": self.relation_note},
            "reasons": self.reasons,
            "strengths": self.strengths,
            "weaknesses": self.weaknesses,
        }

    @property
    def signing_bytes(self) -> bytes:
        """What the author's key signs."""
        return PREFIX + codec.encode(self.to_json())

    @property
    def digest(self) -> str:
        """SHA-256 of the signed form in hex: the digest of the gate ``nominated``."""
        by = self.signature
        signed = None if by is None else {"key": by.key, "signature": by.signature, "page": by.page}
        body = codec.encode({**self.to_json(), "signature": signed})
        return hashlib.sha256(PREFIX + body).hexdigest()


def read_nomination(text: str, *, signed: bool = True, rule: Rule | None = None) -> Nomination:
    """Read a form in TOML, and verify its signature.

    Args:
        signed: False for a form that is still to be printed or signed.
        rule: Of kind ``named``: which relations there are to choose from, and which reasons will
            not do alone. Without it, the book's.

    Raises:
        DraftError: The first fault, at its key; ``reason-too-thin``, ``relation-not-told``,
            ``not-signed`` among them.
        ProofError: The signature does not verify.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise DraftError("not-toml", "TOML", what=str(e)) from e
    form = _read(Table(data, ""), data, rule or load_rule(BOOK))
    if form.signature is None and signed:
        raise DraftError("not-signed", "signature")
    return form


def _read(top: Table, data: Mapping[str, object], rule: Rule) -> Nomination:
    nominator, nominee, relation = (
        top.table(name) for name in ("nominator", "nominee", "relation")
    )
    form = Nomination(
        proposer=top.choice("proposer", PROPOSERS),
        date=top.date("date"),
        post=top.text("post"),
        nominator=nominator.name("name"),
        nominator_post=nominator.text("post"),
        nominee=nominee.name("name"),
        nominee_current=nominee.text("current"),
        relation=relation.choice("kin", rule.relations),
        relation_note=relation.text("note", ""),
        reasons=top.text("reasons"),
        strengths=top.text("strengths"),
        weaknesses=top.text("weaknesses"),
        signature=_signature(top.table("signature")) if "signature" in data else None,
    )
    for part in (nominator, nominee, relation, top):
        part.finish()
    if form.nominator == form.nominee:
        raise DraftError("nominates-himself", "nominee.name", name=form.nominee)
    if form.relation == "other" and not form.relation_note:
        raise DraftError("relation-not-told", "relation.note")
    for field in ("reasons", "strengths", "weaknesses"):
        known = (form.nominee, form.post, form.nominee_current)
        least = LEAST if field == "reasons" else 2
        if too_thin(getattr(form, field), least, known, rule):
            raise DraftError("reason-too-thin", field, least=LEAST, thin=list(rule.thin_reasons))
    _verify(form)
    return form


def too_thin(
    text: str, least: int = LEAST, known: Sequence[str] = (), rule: Rule | None = None
) -> bool:
    """Return whether a text says less than ``least`` characters beside the rule's ``thin-reasons``.

    Args:
        known: What the form says elsewhere, as name and post; it is no reason either.
        rule: Of kind ``named``; without it, the book's.
    """
    bare = _bare(text)
    for one in sorted(map(_bare, known), key=len, reverse=True):
        bare = bare.replace(one, "") if one else bare
    thin = filter(None, map(_bare, (rule or load_rule(BOOK)).thin_reasons))
    phrases = "|".join(_loosely(one) for one in sorted(thin, key=len, reverse=True))
    bare = re.sub(f"{_LEAD}(?:{phrases})", "", bare) if phrases else bare
    return len(_FRAME.sub("", bare)) < least


def _loosely(phrase: str) -> str:
    """Return the pattern of a phrase, with 的 or 实际 before its 需要 or without."""
    return re.escape(phrase).replace("需要", "(?:的)?(?:实际|现实)?需要")


def _bare(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")


def _signature(table: Table) -> Signature:
    by_key = "key" in table.left()
    names = ("key", "signature") if by_key else ("page",)
    values = {name: table.text(name) for name in names}
    table.finish()
    for name, pattern in (("key", _HEX64), ("signature", _HEX128), ("page", _HEX64)):
        if name in values and not pattern.fullmatch(values[name]):
            raise DraftError("not-hex", table.at(name))
    if by_key:
        check_key(values["key"], table.at("key"))
    return Signature(values.get("key"), values.get("signature"), values.get("page"))


def _verify(form: Nomination) -> None:
    by = form.signature
    if by is None or by.key is None or by.signature is None:
        return
    signature = bytes.fromhex(by.signature)
    verify_signature(bytes.fromhex(by.key), form.signing_bytes, signature, by=form.nominator)


def check_page(form: Nomination, page: bytes) -> None:
    """Compare the scan of the signed page. Raises VerificationError ``nomination-page``."""
    by = form.signature
    if by is None or by.page != hashlib.sha256(page).hexdigest():
        raise VerificationError("nomination-page")
